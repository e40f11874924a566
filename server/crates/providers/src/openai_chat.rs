//! Chat completions as many servers speak them: Mistral, `DeepSeek`, Groq, `OpenRouter`, Azure's
//! deployments, vLLM, llama.cpp, LM Studio and Ollama.

use std::collections::HashSet;

use contract::money::Money;
use contract::provider::Provider;
use http::HeaderMap;
use serde_json::{Value, json};

use super::citations::{MAX_CITATIONS, Places, citation};
use super::ends::{CHAT, settle};
use super::http_request::{base_url, join};
use super::json::{count_at, items, present, searches_at, searches_of, string_at, text_at, usd_at};
use super::locale::{country, country_name, instruction};
use super::markers::placed;
use super::openai_responses::{ticks, url_citation};
use super::prose::Prose;
use super::queries::search_queries;
use super::{
    Access, Answer, Citation, ErrorClass, Failure, HttpRequest, Outcome, Question,
    SEARCHES_ALLOWED, Usage, errors, sonar,
};

/// How a server is asked to search the web.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SearchStyle {
    /// It cannot.
    None,
    /// `web_search_options`, as `OpenAI`'s search models take it.
    Options,
    /// A tool of `OpenRouter`'s.
    OpenRouterTool,
    /// Groq's compound models search by themselves and take settings.
    GroqSettings,
}

/// What differs between servers that all speak chat completions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dialect {
    /// The field that limits the answer's length.
    pub max_tokens_field: &'static str,
    /// How to ask for a search.
    pub search: SearchStyle,
    /// Whether it holds a model to a schema; else it is asked for JSON of any form.
    pub knows_schemas: bool,
}

impl Dialect {
    /// The dialect of a provider.
    pub const fn of(provider: Provider) -> Self {
        let (max_tokens_field, search) = match provider {
            Provider::OpenAi => ("max_completion_tokens", SearchStyle::Options),
            Provider::Azure => ("max_completion_tokens", SearchStyle::None),
            Provider::Groq => ("max_completion_tokens", SearchStyle::GroqSettings),
            Provider::OpenRouter => ("max_tokens", SearchStyle::OpenRouterTool),
            _ => ("max_tokens", SearchStyle::None),
        };
        Self {
            max_tokens_field,
            search,
            knows_schemas: !matches!(provider, Provider::DeepSeek),
        }
    }
}

/// The request that asks `question`, in the dialect of `access.provider`.
pub fn build_request(access: &Access, question: &Question) -> Result<HttpRequest, Failure> {
    let dialect = Dialect::of(access.provider);
    let mut body = json!({
        "model": question.model_id,
        "messages": [
            {"role": "system", "content": instruction(question)},
            {"role": "user", "content": question.text},
        ],
    });
    body[dialect.max_tokens_field] = json!(question.max_output_tokens.max(1));
    if question.web_search {
        add_search(&mut body, dialect.search, question)?;
    }
    if let Some(form) = &question.form {
        body["response_format"] = if dialect.knows_schemas {
            json!({"type": "json_schema", "json_schema": {
                "name": form.name,
                "strict": true,
                "schema": *form.schema,
            }})
        } else {
            json!({"type": "json_object"})
        };
    }
    HttpRequest::post(join(base_url(access)?, "/chat/completions"), &body).with_key(access)
}

fn add_search(body: &mut Value, style: SearchStyle, question: &Question) -> Result<(), Failure> {
    match style {
        SearchStyle::None => {
            return Err(Failure::before_sending(
                ErrorClass::BadParameter,
                "this provider has no web search",
            ));
        }
        SearchStyle::Options => {
            body["web_search_options"] = match country(question) {
                Some(code) => json!({
                    "user_location": {"type": "approximate", "approximate": {"country": code}}
                }),
                None => json!({}),
            };
        }
        SearchStyle::OpenRouterTool => {
            let mut parameters = json!({"max_uses": SEARCHES_ALLOWED});
            if let Some(code) = country(question) {
                parameters["user_location"] = json!({"type": "approximate", "country": code});
            }
            body["tools"] = json!([{"type": "openrouter:web_search", "parameters": parameters}]);
        }
        SearchStyle::GroqSettings => {
            if let Some(name) = country(question).and_then(country_name) {
                body["search_settings"] = json!({"country": name.to_lowercase()});
            }
        }
    }
    Ok(())
}

/// What the response says. The dialects differ in requests; in responses every field that any of
/// them has is read where it stands.
pub fn parse(status: u16, headers: &HeaderMap, body: &[u8]) -> Result<Answer, Failure> {
    let json = errors::success(status, headers, body)?;
    let Some(choice) = items(&json, "/choices").first() else {
        return Err(errors::unreadable(headers, "the response has no choices"));
    };
    if let Some(error) = choice.get("error").filter(|error| error.is_object()) {
        let told = json!({"error": error, "usage": json.get("usage")});
        return Err(errors::failure(
            status,
            headers,
            told.to_string().as_bytes(),
        ));
    }
    let written = content(choice);
    let text = written.prose.into_text();
    let citations = citations(&json, choice, written.references, &text);
    let finish = text_at(choice, "/finish_reason");
    let answer = Answer {
        outcome: Outcome::Empty,
        text,
        finish: finish.map(str::to_owned),
        model_served: string_at(&json, "/model"),
        usage: usage(&json, choice),
        citations,
        request_id: errors::request_id(headers)
            .or_else(|| string_at(&json, "/x_groq/id"))
            .or_else(|| string_at(&json, "/id")),
        cost_reported: ticks(&json).or_else(|| cost(&json)),
        search_queries: search_queries(&json),
        worth_another: false,
    };
    settle(
        CHAT.read(finish),
        text_at(choice, "/message/refusal"),
        answer,
    )
}

/// The text of a choice, and the references that stand between its chunks.
#[derive(Default)]
pub(crate) struct Written {
    pub(crate) prose: Prose,
    references: Vec<Citation>,
}

/// Content is a text, or a list of chunks of which some are reasoning or references.
pub(crate) fn content(choice: &Value) -> Written {
    let mut written = Written::default();
    match choice.pointer("/message/content") {
        Some(Value::String(text)) => {
            written.prose.push(text);
        }
        Some(Value::Array(chunks)) => {
            for chunk in chunks {
                written.push(chunk);
            }
        }
        _ => {}
    }
    written
}

impl Written {
    fn push(&mut self, chunk: &Value) {
        match text_at(chunk, "/type") {
            Some("text" | "output_text") => {
                self.prose.push(text_at(chunk, "/text").unwrap_or_default());
            }
            // It belongs to the sentence that it stands in.
            Some("tool_reference" | "reference") => {
                let found = text_at(chunk, "/url");
                let cited = found.and_then(|url| citation(url, text_at(chunk, "/title")));
                let here = self.prose.text().len();
                let here = cited.map(|cited| cited.at(Some((here, here))));
                self.references.extend(here);
            }
            _ => self.prose.interrupt(),
        }
    }
}

/// What the answer refers to, then what a search showed: as the server's own tools tell it, or as
/// a gateway passes it on from a search model.
fn citations(json: &Value, choice: &Value, references: Vec<Citation>, text: &str) -> Vec<Citation> {
    let places = Places::of(text);
    let noted = items(choice, "/message/annotations")
        .iter()
        .filter_map(|note| url_citation(note.get("url_citation").unwrap_or(note), &places, 0));
    let found = items(choice, "/message/executed_tools")
        .iter()
        .flat_map(|tool| items(tool, "/search_results/results"))
        .filter_map(|result| {
            let url = text_at(result, "/url")?;
            // Only what is kept is looked for: a body may list a hundred thousand of no use.
            let found = citation(url, text_at(result, "/title"))?;
            Some(found.retrieved(places.of_link(url, None)))
        });
    let own = references.into_iter().chain(noted).chain(found);
    let mut citations: Vec<Citation> = own.take(MAX_CITATIONS).collect();
    let known: HashSet<String> = citations.iter().map(|cited| cited.url.clone()).collect();
    let beside = [Some(json), choice.get("message")].into_iter().flatten();
    let passed_on = placed(text, beside.flat_map(sonar::sources)).into_iter();
    let room = MAX_CITATIONS.saturating_sub(citations.len());
    citations.extend(
        passed_on
            .filter(|source| !known.contains(&source.url))
            .take(room),
    );
    citations
}

fn usage(json: &Value, choice: &Value) -> Usage {
    let count = |name: &str| count_at(json, &format!("/usage/{name}"));
    Usage {
        input_tokens: count("prompt_tokens"),
        output_tokens: json.get("usage").and_then(output),
        cached_tokens: count("prompt_tokens_details/cached_tokens")
            .or_else(|| count("prompt_cache_hit_tokens")),
        reasoning_tokens: count("completion_tokens_details/reasoning_tokens")
            .or_else(|| count("reasoning_tokens")),
        searches: searches_at(json, "/usage/server_tool_use_details/web_search_requests")
            .or_else(|| searches_shown(choice))
            .or_else(|| search_of_a_request(json)),
    }
}

/// `OpenAI`'s search models search once a request, and do not say so.
fn search_of_a_request(json: &Value) -> Option<i64> {
    let model = text_at(json, "/model")?;
    let searches = ["-search-api", "-search-preview"];
    searches
        .iter()
        .any(|part| model.contains(part))
        .then_some(1)
}

/// Reasoning is part of the completion, except at xAI. The total shows which it is; without one,
/// xAI is known by its price, and any other by more reasoning than completion.
fn output(usage: &Value) -> Option<i64> {
    let count = |name: &str| count_at(usage, name);
    let completion = count("/completion_tokens")?;
    let reasoning = count("/completion_tokens_details/reasoning_tokens")
        .or_else(|| count("/reasoning_tokens"))
        .unwrap_or(0);
    let sum = completion + reasoning;
    let is_apart = match count("/total_tokens").zip(count("/prompt_tokens")) {
        Some((total, prompt)) => total == prompt + sum,
        None => reasoning > completion || present(usage, "/cost_in_usd_ticks"),
    };
    Some(if is_apart { sum } else { completion })
}

fn searches_shown(choice: &Value) -> Option<i64> {
    let tools = items(choice, "/message/executed_tools");
    let searches = tools
        .iter()
        .filter(|tool| tool.get("search_results").is_some());
    let count = (!tools.is_empty()).then(|| searches.count());
    count.and_then(searches_of)
}

/// `OpenRouter`'s price. With a key of the user's own at the model's maker it is the fee alone,
/// and the maker's price stands beside it.
fn cost(json: &Value) -> Option<Money> {
    let charged = usd_at(json, "/usage/cost")?;
    let own_key = json.pointer("/usage/is_byok").and_then(Value::as_bool) == Some(true);
    let upstream = usd_at(json, "/usage/cost_details/upstream_inference_cost");
    Some(charged + upstream.filter(|_| own_key).unwrap_or(Money::ZERO))
}

#[cfg(test)]
mod tests {
    use secrecy::SecretString;

    use super::super::locale::tests::{formed, question};
    use super::*;

    fn build(provider: Provider, question: &Question) -> Result<(String, Value), Failure> {
        let access = Access {
            provider,
            api_key: Some(SecretString::from("key-1")),
            base_url: Some("http://127.0.0.1:8080/v1".to_owned()),
            reach: crate::Reach::Anywhere,
        };
        let request = build_request(&access, question)?;
        let body = serde_json::from_slice(&request.body.expect("body")).expect("json");
        Ok((request.url, body))
    }

    #[test]
    fn each_dialect_has_its_field_and_its_search() {
        let (url, body) = build(Provider::Compatible, &question(false, None)).expect("request");
        assert_eq!(url, "http://127.0.0.1:8080/v1/chat/completions");
        assert_eq!(body["max_tokens"], 2048);
        let (_, body) = build(Provider::OpenAi, &question(true, Some("ES"))).expect("request");
        assert_eq!(body["max_completion_tokens"], 2048);
        assert_eq!(
            body["web_search_options"]["user_location"]["approximate"]["country"],
            "ES"
        );
        let (_, body) = build(Provider::OpenRouter, &question(true, None)).expect("request");
        assert_eq!(
            body["tools"][0],
            json!({"type": "openrouter:web_search", "parameters": {"max_uses": SEARCHES_ALLOWED}})
        );
        let (_, body) = build(Provider::Groq, &question(true, Some("ES"))).expect("request");
        assert_eq!(body["search_settings"]["country"], "spain");
        let failure = build(Provider::Mistral, &question(true, None)).expect_err("no search");
        assert_eq!(
            (failure.class, failure.retry),
            (ErrorClass::BadParameter, false)
        );
    }

    #[test]
    fn a_form_is_a_schema_where_the_server_knows_schemas() {
        let asked = formed();
        for provider in [
            Provider::Compatible,
            Provider::Mistral,
            Provider::OpenRouter,
        ] {
            let (_, body) = build(provider, &asked).expect("request");
            let format = &body["response_format"];
            assert_eq!(format["type"], "json_schema", "{provider}");
            assert_eq!(format["json_schema"]["name"], "verdicts");
            assert_eq!(format["json_schema"]["strict"], true);
            assert_eq!(
                format["json_schema"]["schema"],
                *asked.form.clone().expect("a form").schema
            );
            assert_eq!(body["messages"][0]["content"], "Judge.");
        }
        let (_, body) = build(Provider::DeepSeek, &asked).expect("request");
        assert_eq!(body["response_format"], json!({"type": "json_object"}));
        let (_, body) = build(Provider::Compatible, &question(false, None)).expect("request");
        assert_eq!(body.get("response_format"), None);
    }

    #[test]
    fn reasoning_outside_the_completion_is_added() {
        let written = |usage: Value| output(&usage);
        let of = |completion: i64, reasoning: i64| {
            json!({
                "completion_tokens": completion, "completion_tokens_details": {"reasoning_tokens": reasoning},
            })
        };
        let with = |mut usage: Value, more: &Value| {
            for (name, value) in more.as_object().expect("fields") {
                usage[name.as_str()] = value.clone();
            }
            usage
        };
        let total =
            |prompt: i64, total: i64| json!({"prompt_tokens": prompt, "total_tokens": total});
        assert_eq!(written(with(of(1, 228), &total(12, 241))), Some(229));
        assert_eq!(written(with(of(300, 200), &total(10, 310))), Some(300));
        assert_eq!(written(of(300, 200)), Some(300));
        assert_eq!(written(of(1, 228)), Some(229), "it cannot be inside");
        assert_eq!(
            written(with(of(300, 200), &json!({"cost_in_usd_ticks": 9}))),
            Some(500)
        );
        assert_eq!(
            written(with(
                of(300, 200),
                &with(total(10, 310), &json!({"cost_in_usd_ticks": 9}))
            )),
            Some(300)
        );
        assert_eq!(written(json!({"total_tokens": 5})), None);
    }

    fn searches(json: &Value) -> Option<i64> {
        usage(json, &json["choices"][0]).searches
    }

    #[test]
    fn searches_that_nobody_counts_are_unknown_except_at_search_models() {
        let of = |model: &str| json!({"model": model, "choices": [{"message": {"content": "x"}}]});
        assert_eq!(searches(&of("gpt-5-search-api-2025-10-14")), Some(1));
        assert_eq!(searches(&of("gpt-4o-mini-search-preview")), Some(1));
        assert_eq!(searches(&of("sonar-by-gateway")), None);
        let mut told = of("gpt-5-search-api");
        told["usage"] = json!({"server_tool_use_details": {"web_search_requests": 4}});
        assert_eq!(searches(&told), Some(4));
    }

    #[test]
    fn an_absurd_number_of_searches_is_unknown() {
        let told = json!({"model": "a", "choices": [{"message": {"content": "x"}}],
            "usage": {"server_tool_use_details": {"web_search_requests": 19_000_000}}});
        assert_eq!(searches(&told), None);
    }
}
