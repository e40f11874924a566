//! The lists of models: asking for them, reading them, and testing a key without cost.

use chrono::{DateTime, Utc};
use contract::money::Money;
use contract::provider::Provider;
use http::HeaderMap;
use serde_json::Value;

use super::adapter::no_protocol;
use super::http_request::{base_url, join};
use super::json::{count_at, items, present, string_at, text_at, usd_at};
use super::{Access, ErrorClass, Failure, HttpRequest, anthropic, errors, perplexity};

/// One model as its provider lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedModel {
    /// The id to ask it by.
    pub id: String,
    /// The name for people, where the provider has one.
    pub label: Option<String>,
    /// When it was made.
    pub created_at: Option<DateTime<Utc>>,
    /// When it stops answering.
    pub retires_at: Option<DateTime<Utc>>,
    /// Largest input, in tokens.
    pub context_tokens: Option<i64>,
    /// Largest output, in tokens.
    pub output_tokens: Option<i64>,
    /// Whether it thinks before it writes, where the list tells.
    pub thinks: Option<bool>,
    /// What the provider itself says of its end, beside the day: that may pass without an end.
    pub lifecycle: Option<Lifecycle>,
    /// Price of a million input tokens, where the list tells prices.
    pub input_price: Option<Money>,
    /// Price of a million output tokens, where the list tells prices.
    pub output_price: Option<Money>,
    /// Whether it answers questions in text.
    pub chat: bool,
}

/// Whether a model still answers, by its provider's own word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lifecycle {
    /// It does; its end may be announced.
    Serving,
    /// It does not any more.
    Retired,
}

impl ListedModel {
    /// A model that answers questions and of which nothing else is known.
    pub fn plain(id: &str) -> Self {
        Self {
            id: id.to_owned(),
            label: None,
            created_at: None,
            retires_at: None,
            context_tokens: None,
            output_tokens: None,
            thinks: None,
            lifecycle: None,
            input_price: None,
            output_price: None,
            chat: true,
        }
    }
}

/// One page of a list of models.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ModelPage {
    /// The models on this page, those for other purposes included.
    pub models: Vec<ListedModel>,
    /// What to ask the next page with; `None` on the last one.
    pub next_page: Option<String>,
}

/// What a key test can prove.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyTest {
    /// The provider accepted the key.
    Accepted,
    /// The provider answered, but it answers without a key too.
    Unproven,
}

/// More models than this on one page are not read.
const MAX_MODELS: usize = 10_000;

/// Ids of models that do not answer questions, by what their names contain.
const OTHER_PURPOSES: &[&str] = &[
    "audio",
    "babbage",
    "computer-use",
    "dall-e",
    "davinci",
    "embed",
    "guard",
    "image",
    "imagine",
    "instruct-0914",
    "lyria",
    "moderation",
    "ocr",
    "orpheus",
    "realtime",
    "rerank",
    "sora",
    "transcribe",
    "tts",
    "turbo-instruct",
    "veo-",
    "video",
    "voxtral",
    "whisper",
];

/// The request for a page of the provider's models; `page` is [`ModelPage::next_page`].
pub fn models_request(access: &Access, page: Option<&str>) -> Result<HttpRequest, Failure> {
    let base = base_url(access)?;
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    let path = match access.provider {
        Provider::Simulator => return Err(no_protocol()),
        Provider::Anthropic => {
            query.append_pair("limit", "1000");
            page.map(|page| query.append_pair("after_id", page));
            "/v1/models"
        }
        Provider::Google => {
            query.append_pair("pageSize", "1000");
            page.map(|page| query.append_pair("pageToken", page));
            "/v1beta/models"
        }
        Provider::Perplexity => "/v1/models",
        _ => "/models",
    };
    let mut url = join(base, path);
    let query = query.finish();
    if !query.is_empty() {
        url.push(if url.contains('?') { '&' } else { '?' });
        url.push_str(&query);
    }
    let request = HttpRequest::get(url);
    let request = if access.provider == Provider::Anthropic {
        request.with_header(anthropic::VERSION.0, anthropic::VERSION.1)
    } else {
        request
    };
    request.with_key(access)
}

/// The models that a response lists.
pub fn parse_models(
    provider: Provider,
    status: u16,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<ModelPage, Failure> {
    let json = errors::success(status, headers, body)?;
    let list = ["/data", "/models", "/items"]
        .into_iter()
        .find(|pointer| json.pointer(pointer).is_some_and(Value::is_array))
        .ok_or_else(|| errors::unreadable(headers, "the response has no list of models"))?;
    let models = items(&json, list)
        .iter()
        .take(MAX_MODELS)
        .filter_map(|entry| listed(provider, entry))
        .collect();
    Ok(ModelPage {
        models,
        next_page: next_page(provider, &json),
    })
}

fn next_page(provider: Provider, json: &Value) -> Option<String> {
    match provider {
        Provider::Anthropic => {
            let more = json.get("has_more").and_then(Value::as_bool) == Some(true);
            string_at(json, "/last_id").filter(|_| more)
        }
        Provider::Google => string_at(json, "/nextPageToken"),
        _ => None,
    }
}

fn listed(provider: Provider, entry: &Value) -> Option<ListedModel> {
    let id = text_at(entry, "/id").or_else(|| text_at(entry, "/name"))?;
    let id = if provider == Provider::Google {
        id.trim_start_matches("models/")
    } else {
        id
    };
    let first_count =
        |pointers: &[&str]| pointers.iter().find_map(|pointer| count_at(entry, pointer));
    let first_time =
        |pointers: &[&str]| pointers.iter().find_map(|pointer| time_at(entry, pointer));
    let (input_price, output_price) = prices(entry);
    Some(ListedModel {
        id: id.to_owned(),
        label: string_at(entry, "/display_name")
            .or_else(|| string_at(entry, "/displayName"))
            .or_else(|| string_at(entry, "/name").filter(|name| name != id)),
        created_at: first_time(&["/created_at", "/created"]),
        retires_at: first_time(&[
            "/retires_at",
            "/shutdown_date",
            "/deprecation/inference",
            "/deprecation",
            "/expiration_date",
        ]),
        context_tokens: first_count(&[
            "/max_input_tokens",
            "/inputTokenLimit",
            "/context_length",
            "/context_window",
            "/max_context_length",
            "/max_model_len",
        ]),
        output_tokens: first_count(&[
            "/max_tokens",
            "/outputTokenLimit",
            "/top_provider/max_completion_tokens",
            "/max_completion_tokens",
        ]),
        thinks: thinks(provider, entry),
        lifecycle: lifecycle(entry),
        input_price,
        output_price,
        chat: answers_questions(provider, id, entry),
    })
}

/// Google leaves the flag out where a model does not think.
fn thinks(provider: Provider, entry: &Value) -> Option<bool> {
    let told = entry.get("thinking").and_then(Value::as_bool);
    told.or((provider == Provider::Google).then_some(false))
}

/// Anthropic's word; other lists have none.
fn lifecycle(entry: &Value) -> Option<Lifecycle> {
    match text_at(entry, "/lifecycle")? {
        "active" | "deprecated" => Some(Lifecycle::Serving),
        "retired" => Some(Lifecycle::Retired),
        _ => None,
    }
}

/// What an answer of Google's says of the end of the model that gave it, which its list leaves
/// out: the moment, and whether it has come. `None` where it says nothing.
pub fn end_announced_in_answer(body: &[u8]) -> Option<(Option<DateTime<Utc>>, Option<Lifecycle>)> {
    let answer = super::json::object(body)?;
    let status = answer.get("modelStatus")?;
    let is_retired = text_at(status, "/modelStage") == Some("RETIRED");
    let told = (
        time_at(status, "/retirementTime"),
        is_retired.then_some(Lifecycle::Retired),
    );
    (told != (None, None)).then_some(told)
}

/// What the list says about a model's abilities; where it says nothing, the name has to do.
fn answers_questions(provider: Provider, id: &str, entry: &Value) -> bool {
    let lower = id.to_lowercase();
    let named_otherwise = OTHER_PURPOSES.iter().any(|part| lower.contains(part));
    // Models that draw or speak take the same method there: the name has to say it.
    if provider == Provider::Google {
        let methods = items(entry, "/supportedGenerationMethods");
        return methods.iter().any(|method| method == "generateContent") && !named_otherwise;
    }
    // The catalogue resells the models of other makers, who are asked themselves.
    if provider == Provider::Perplexity {
        return id.starts_with("perplexity/");
    }
    let declared = [
        "/capabilities/chat_completion",
        "/capabilities/completion_chat",
    ]
    .into_iter()
    .find_map(|pointer| entry.pointer(pointer)?.as_bool());
    let outputs = ["/architecture/output_modalities", "/output_modalities"]
        .into_iter()
        .find(|pointer| present(entry, pointer))
        .map(|pointer| items(entry, pointer).iter().any(|kind| kind == "text"));
    declared.unwrap_or(!named_otherwise) && outputs.unwrap_or(true) && !lower.contains("guard")
}

/// Perplexity lists dollars a million tokens, `OpenRouter` dollars a token.
fn prices(entry: &Value) -> (Option<Money>, Option<Money>) {
    if text_at(entry, "/pricing/unit") == Some("usd_per_1m_tokens") {
        return (
            usd_at(entry, "/pricing/input"),
            usd_at(entry, "/pricing/output"),
        );
    }
    let a_token = |pointer: &str| {
        let text = text_at(entry, pointer)?;
        format!("{text}e6")
            .parse::<Money>()
            .ok()
            .filter(|price| *price >= Money::ZERO)
    };
    (a_token("/pricing/prompt"), a_token("/pricing/completion"))
}

/// A time as RFC 3339, as a date, or as seconds since 1970; 0 means that it is not known.
fn time_at(entry: &Value, pointer: &str) -> Option<DateTime<Utc>> {
    match entry.pointer(pointer)? {
        Value::Number(number) => {
            let seconds = number.as_i64().filter(|seconds| *seconds > 0)?;
            DateTime::from_timestamp(seconds, 0)
        }
        Value::String(text) => DateTime::parse_from_rfc3339(text)
            .or_else(|_| DateTime::parse_from_rfc3339(&format!("{text}T00:00:00Z")))
            .ok()
            .map(|time| time.to_utc())
            .filter(|time| time.timestamp() > 0),
        _ => None,
    }
}

/// A request that costs nothing and shows whether a key is good.
///
/// Most providers refuse to list their models to a bad key. `OpenRouter` lists them to anyone
/// but describes a key to its holder; Perplexity tells only its customers that a run is missing.
pub fn key_test_request(access: &Access) -> Result<HttpRequest, Failure> {
    match access.provider {
        Provider::OpenRouter => HttpRequest::get(join(base_url(access)?, "/key")).with_key(access),
        Provider::Perplexity => perplexity::key_test(access),
        _ => models_request(access, None),
    }
}

/// What the response to [`key_test_request`] proves.
pub fn parse_key_test(
    provider: Provider,
    status: u16,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<KeyTest, Failure> {
    let is_told = match provider {
        Provider::Perplexity => perplexity::accepts_key(status, body),
        Provider::OpenRouter => errors::success(status, headers, body)
            .is_ok_and(|json| json.get("data").is_some_and(Value::is_object)),
        _ => parse_models(provider, status, headers, body).is_ok(),
    };
    if !is_told {
        return Err(proves_nothing(status, headers, body));
    }
    Ok(if provider.needs_key() {
        KeyTest::Accepted
    } else {
        KeyTest::Unproven
    })
}

/// The failure of a key test without what only the provider's interface says: by the words of the
/// error that came, or else it comes from an address where something else is, as any success does
/// and any 404.
fn proves_nothing(status: u16, headers: &HeaderMap, body: &[u8]) -> Failure {
    let told = errors::failure(status, headers, body);
    let may_be_elsewhere = matches!(
        told.class,
        ErrorClass::BadResponse | ErrorClass::ModelNotFound
    );
    if !may_be_elsewhere || !matches!(status, 200..=299 | 404) {
        return told;
    }
    let message = format!(
        "what answers at the address (base URL) is not this provider's interface: {}",
        told.message
    );
    Failure {
        class: ErrorClass::BadResponse,
        message: errors::shorten(&message),
        retry: false,
        retry_after: None,
        may_be_billed: false,
        request_id: told.request_id,
    }
}

#[cfg(test)]
mod tests {
    use secrecy::SecretString;
    use serde_json::json;

    use super::*;

    fn parse(provider: Provider, body: &Value) -> ModelPage {
        parse_models(
            provider,
            200,
            &HeaderMap::new(),
            body.to_string().as_bytes(),
        )
        .expect("models")
    }

    #[test]
    fn an_answer_may_tell_the_end_of_its_model() {
        let told = |status: Value| {
            let answer = json!({"candidates": [], "modelStatus": status}).to_string();
            end_announced_in_answer(answer.as_bytes())
        };
        let end = "2027-03-05T00:00:00Z".parse().ok();
        assert_eq!(
            told(json!({"modelStage": "DEPRECATED", "retirementTime": "2027-03-05T00:00:00Z"})),
            Some((end, None))
        );
        assert_eq!(
            told(json!({"modelStage": "RETIRED", "message": "gone"})),
            Some((None, Some(Lifecycle::Retired)))
        );
        assert_eq!(told(json!({"modelStage": "STABLE"})), None);
        assert_eq!(told(json!({"retirementTime": "soon"})), None);
        assert_eq!(end_announced_in_answer(b"{\"candidates\": []}"), None);
        assert_eq!(end_announced_in_answer(b"no JSON"), None);
    }

    #[test]
    fn pages_are_followed_where_there_are_any() {
        let access = Access {
            provider: Provider::Google,
            api_key: Some(SecretString::from("key-1")),
            base_url: None,
            reach: crate::Reach::Anywhere,
        };
        let request = models_request(&access, Some("a b")).expect("request");
        assert!(
            request
                .url
                .ends_with("/v1beta/models?pageSize=1000&pageToken=a+b"),
            "{}",
            request.url
        );
        let google = json!({"models": [], "nextPageToken": "t"});
        assert_eq!(
            parse(Provider::Google, &google).next_page.as_deref(),
            Some("t")
        );
        let anthropic = json!({"data": [], "has_more": false, "last_id": "m"});
        assert_eq!(parse(Provider::Anthropic, &anthropic).next_page, None);
    }

    #[test]
    fn retirement_prices_and_purpose_are_read() {
        let body = json!({"data": [
            {"id": "a", "shutdown_date": "2027-01-31", "created": 0},
            {"id": "text-embedding-1", "created": 1_700_000_000},
            {"id": "b", "pricing": {"prompt": "0.0000012", "completion": "0.000006"}},
            {"object": "no id"},
        ]});
        let page = parse(Provider::OpenAi, &body);
        assert_eq!(page.models.len(), 3);
        assert_eq!(
            page.models[0].retires_at.map(|time| time.timestamp()),
            Some(1_801_353_600)
        );
        assert_eq!(page.models[0].created_at, None);
        assert!(page.models[0].chat && !page.models[1].chat);
        assert_eq!(
            page.models[2].input_price,
            Some(Money::from_nanos(1_200_000_000))
        );
        assert_eq!(page.models[2].output_price, Some(Money::from_usd(6)));
    }

    #[test]
    fn what_a_provider_says_of_the_end_and_of_thoughts_is_read() {
        let anthropic = json!({"data": [
            {"id": "a", "max_tokens": 64_000, "lifecycle": "active", "retires_at": null},
            {"id": "b", "lifecycle": "deprecated", "retires_at": "2026-11-30T00:00:00Z"},
            {"id": "c", "lifecycle": "retired", "retires_at": null},
            {"id": "d", "lifecycle": "a word of next year"},
        ]});
        let read = parse(Provider::Anthropic, &anthropic).models;
        let words: Vec<_> = read.iter().map(|model| model.lifecycle).collect();
        let serving = Some(Lifecycle::Serving);
        assert_eq!(words, [serving, serving, Some(Lifecycle::Retired), None]);
        assert_eq!(
            (read[0].output_tokens, read[0].thinks),
            (Some(64_000), None)
        );
        assert!(read[1].retires_at.is_some());
        let methods = json!(["generateContent"]);
        let google = json!({"models": [
            {"name": "models/g", "outputTokenLimit": 65_536, "thinking": true, "supportedGenerationMethods": methods},
            {"name": "models/h", "outputTokenLimit": 8_192, "supportedGenerationMethods": methods},
        ]});
        let read = parse(Provider::Google, &google).models;
        let thinks: Vec<_> = read.iter().map(|model| model.thinks).collect();
        assert_eq!(thinks, [Some(true), Some(false)]);
    }

    #[test]
    fn what_draws_or_speaks_is_told_by_its_name() {
        let methods = json!(["generateContent"]);
        let names = [
            "gemini-4-argon",
            "gemini-3-flash-image",
            "gemini-3-flash-tts",
        ];
        let models: Vec<Value> = names
            .iter()
            .map(|name| json!({"name": name, "supportedGenerationMethods": methods}))
            .collect();
        let page = parse(Provider::Google, &json!({"models": models}));
        let chat: Vec<bool> = page.models.iter().map(|model| model.chat).collect();
        assert_eq!(chat, [true, false, false]);
    }

    #[test]
    fn of_perplexitys_catalogue_its_own_models_answer() {
        let body = json!({"data": [
            {"id": "maker/model", "created": 0, "pricing": {"input": 1, "output": 5, "unit": "usd_per_1m_tokens"}},
            {"id": "perplexity/model", "created": 0,
             "pricing": {"input": 0.25, "output": 2.5, "cache_read": 0.0625, "unit": "usd_per_1m_tokens"}},
        ]});
        let page = parse(Provider::Perplexity, &body);
        let told = |model: &ListedModel| (model.id.clone(), model.chat, model.created_at.is_some());
        let told: Vec<_> = page.models.iter().map(told).collect();
        assert_eq!(
            told,
            [
                ("maker/model".to_owned(), false, false),
                ("perplexity/model".to_owned(), true, false)
            ]
        );
        assert_eq!(
            page.models[1].input_price,
            Some(Money::from_nanos(250_000_000))
        );
        assert_eq!(
            page.models[1].output_price,
            Some(Money::from_nanos(2_500_000_000))
        );
    }

    #[test]
    fn a_missing_run_proves_a_key_of_perplexity() {
        let missing =
            br#"{"error": {"message": "resource not found", "type": "not_found", "code": 404}}"#;
        let headers = HeaderMap::new();
        assert_eq!(
            parse_key_test(Provider::Perplexity, 404, &headers, missing),
            Ok(KeyTest::Accepted)
        );
        let refused = br#"{"error": {"message": "Invalid API key provided.", "type": "invalid_api_key", "code": 401}}"#;
        let failure = |status, body: &[u8]| {
            parse_key_test(Provider::Perplexity, status, &headers, body)
                .expect_err("refused")
                .class
        };
        assert_eq!(failure(401, refused), ErrorClass::BadKey);
        assert_eq!(failure(404, b"<html></html>"), ErrorClass::BadResponse);
        assert_eq!(
            failure(
                403,
                br#"{"error": {"type": "chat_completions_not_available"}}"#
            ),
            ErrorClass::ProtocolEnded
        );
        assert!(parse_key_test(Provider::OpenAi, 404, &headers, missing).is_err());
        assert_eq!(
            parse_key_test(Provider::Compatible, 200, &headers, br#"{"data": []}"#),
            Ok(KeyTest::Unproven)
        );
    }

    #[test]
    fn only_what_the_provider_itself_says_proves_a_key() {
        let headers = HeaderMap::new();
        let strangers: [(u16, &[u8]); 5] = [
            (200, b"<!doctype html><title>Welcome</title>"),
            (200, b"{}"),
            (200, br#"{"status": "ok"}"#),
            (204, b""),
            (404, b"<html><title>404 Not Found</title></html>"),
        ];
        for provider in Provider::ALL {
            let tested = |status, body| parse_key_test(*provider, status, &headers, body);
            for (status, body) in strangers {
                let failure = tested(status, body).expect_err("it proves nothing");
                assert_eq!(
                    failure.class,
                    ErrorClass::BadResponse,
                    "{provider} {status}"
                );
                assert!(failure.message.contains("base URL"), "{}", failure.message);
                assert!(!failure.retry && !failure.may_be_billed, "{provider}");
            }
            let refused = br#"{"error": {"type": "invalid_api_key", "message": "no"}}"#;
            let failure = tested(200, refused).expect_err("refused");
            assert_eq!(failure.class, ErrorClass::BadKey, "{provider}");
        }
        let listed = br#"{"data": [{"id": "model"}]}"#;
        let tested = |provider, body| parse_key_test(provider, 200, &headers, body);
        assert_eq!(tested(Provider::OpenAi, listed), Ok(KeyTest::Accepted));
        let key = br#"{"data": {"label": "sk-or-v1-0...0", "usage": 0}}"#;
        assert_eq!(tested(Provider::OpenRouter, key), Ok(KeyTest::Accepted));
        assert!(
            tested(Provider::OpenRouter, listed).is_err(),
            "anyone is told the models"
        );
        assert!(tested(Provider::Perplexity, listed).is_err());
    }
}
