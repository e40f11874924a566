//! `OpenAI`'s Responses, which xAI and Azure speak too.

use contract::money::Money;
use contract::provider::Provider;
use http::HeaderMap;
use serde_json::{Value, json};

use super::citations::{MAX_CITATIONS, Places, citation, merely_retrieved};
use super::ends::{End, INCOMPLETE, STATUS, settle};
use super::http_request::{base_url, join};
use super::json::{
    count_at, index_at, items, object, present, searches_at, searches_of, string_at, text_at,
};
use super::locale::{approximate_location, country, instruction};
use super::prose::Prose;
use super::queries::search_queries;
use super::{
    Access, Answer, Citation, Failure, HttpRequest, Outcome, Question, SEARCHES_ALLOWED, Usage,
    errors,
};

/// The interface takes no smaller limit.
pub(crate) const SMALLEST_OUTPUT: u32 = 16;

/// The phase of the messages that are the answer.
const FINAL: &str = "final_answer";

/// The request that asks `question`.
pub fn build_request(access: &Access, question: &Question) -> Result<HttpRequest, Failure> {
    let mut body = json!({
        "model": question.model_id,
        "input": question.text,
        "instructions": instruction(question),
        "max_output_tokens": question.max_output_tokens.max(SMALLEST_OUTPUT),
        "store": false,
    });
    if question.web_search {
        body["tools"] = json!([search_tool(access.provider, question)]);
        if access.provider == Provider::OpenAi {
            body["max_tool_calls"] = json!(SEARCHES_ALLOWED);
            // Else only what the answer cites comes back, not what was read for it.
            body["include"] = json!(["web_search_call.action.sources"]);
        }
    }
    if let Some(form) = &question.form {
        body["text"] = json!({"format": {
            "type": "json_schema",
            "name": form.name,
            "strict": true,
            "schema": *form.schema,
        }});
    }
    HttpRequest::post(join(base_url(access)?, "/responses"), &body).with_key(access)
}

fn search_tool(provider: Provider, question: &Question) -> Value {
    let name = if provider == Provider::Azure {
        "web_search_preview"
    } else {
        "web_search"
    };
    let mut tool = json!({"type": name});
    if provider != Provider::Xai || country(question).is_some() {
        tool["user_location"] = approximate_location(question);
    }
    tool
}

/// What the response says.
pub fn parse(status: u16, headers: &HeaderMap, body: &[u8]) -> Result<Answer, Failure> {
    let json = read(status, headers, body)?;
    let written = Written::of(&json);
    let shown = items(&json, "/output")
        .iter()
        .filter(|item| text_at(item, "/type") == Some("web_search_call"))
        .flat_map(|call| items(call, "/action/sources"))
        .filter_map(|source| citation(text_at(source, "/url")?, text_at(source, "/title")));
    let shown = written.aside.iter().cloned().chain(shown);
    let shown = merely_retrieved(&written.citations, shown);
    let answer = Answer {
        usage: usage(&json, searches(&json)),
        cost_reported: ticks(&json),
        ..answer(&json, headers)
    };
    written.settle(&json, answer, shown)
}

/// The response as JSON, if it is one that may hold an answer.
pub(crate) fn read(status: u16, headers: &HeaderMap, body: &[u8]) -> Result<Value, Failure> {
    if (200..300).contains(&status)
        && let Some(json) = object(body)
        && STATUS.read(text_at(&json, "/status")) == End::Broken
    {
        return Err(errors::given_up(status, headers, body));
    }
    let json = errors::success(status, headers, body)?;
    if !json.get("output").is_some_and(Value::is_array) {
        return Err(errors::unreadable(headers, "the response has no output"));
    }
    Ok(json)
}

/// What all dialects of Responses say in the same words; the rest is left out.
pub(crate) fn answer(json: &Value, headers: &HeaderMap) -> Answer {
    let reason = text_at(json, "/incomplete_details/reason");
    Answer {
        outcome: Outcome::Empty,
        text: String::new(),
        finish: reason
            .or_else(|| text_at(json, "/status"))
            .map(str::to_owned),
        model_served: string_at(json, "/model"),
        usage: Usage::default(),
        citations: Vec::new(),
        request_id: errors::request_id(headers).or_else(|| string_at(json, "/id")),
        cost_reported: None,
        search_queries: search_queries(json),
        worth_another: false,
    }
}

/// Why it ended: the reason for being incomplete, where there is one. A response that says
/// nothing of the kind is not incomplete.
fn end(json: &Value) -> End {
    let status = STATUS.read(text_at(json, "/status"));
    match (status, text_at(json, "/incomplete_details/reason")) {
        (End::Whole | End::Cut | End::Missing, Some(reason)) => INCOMPLETE.read(Some(reason)),
        (End::Missing, None) => End::Whole,
        (status, _) => status,
    }
}

/// What the messages of a response say.
#[derive(Default)]
pub(crate) struct Written {
    prose: Prose,
    /// Sources that the answer cites.
    pub(crate) citations: Vec<Citation>,
    /// Sources that only words beside the answer cite.
    pub(crate) aside: Vec<Citation>,
    refusal: Option<String>,
}

impl Written {
    /// Each message is a paragraph of its own. Where messages have phases, only the final answer
    /// is one; what is said on the way to it is not.
    pub(crate) fn of(json: &Value) -> Self {
        let messages = || {
            let items = items(json, "/output").iter();
            items.filter(|item| text_at(item, "/type") == Some("message"))
        };
        let phase = |message| text_at(message, "/phase");
        let has_final = messages().any(|message| phase(message) == Some(FINAL));
        let mut written = Self::default();
        for message in messages() {
            let counts = match phase(message) {
                Some(phase) => phase == FINAL,
                None => !has_final,
            };
            if counts {
                written.prose.interrupt();
                written.push_all(items(message, "/content"));
            } else {
                written.aside.extend(noted(message));
            }
        }
        written
    }

    fn push_all(&mut self, parts: &[Value]) {
        for part in parts {
            match text_at(part, "/type") {
                Some("output_text") => self.push(part),
                Some("refusal") => {
                    let words = text_at(part, "/refusal").unwrap_or_default();
                    self.refusal.get_or_insert_default().push_str(words);
                }
                _ => self.prose.interrupt(),
            }
        }
    }

    fn push(&mut self, part: &Value) {
        let text = text_at(part, "/text").unwrap_or_default();
        let base = self.prose.push(text);
        let room = MAX_CITATIONS.saturating_sub(self.citations.len());
        let places = Places::of(text);
        let found = items(part, "/annotations")
            .iter()
            .filter_map(|note| url_citation(note, &places, base));
        self.citations.extend(found.take(room));
    }

    /// The text so far.
    pub(crate) fn text(&self) -> &str {
        self.prose.text()
    }

    /// The answer with this text, and with `shown` as sources behind those that it cites.
    pub(crate) fn settle(
        self,
        json: &Value,
        answer: Answer,
        shown: Vec<Citation>,
    ) -> Result<Answer, Failure> {
        let mut citations = self.citations;
        citations.extend(shown);
        let answer = Answer {
            text: self.prose.into_text(),
            citations,
            ..answer
        };
        settle(end(json), self.refusal.as_deref(), answer)
    }
}

/// The citations of a message whose text is not kept. They have no place in a text.
fn noted(message: &Value) -> impl Iterator<Item = Citation> {
    items(message, "/content")
        .iter()
        .filter(|part| text_at(part, "/type") == Some("output_text"))
        .flat_map(|part| items(part, "/annotations"))
        .filter_map(|note| citation(text_at(note, "/url")?, text_at(note, "/title")))
}

/// A citation as `OpenAI` writes it; `base` is where the text of `places` begins in the answer.
pub(crate) fn url_citation(note: &Value, places: &Places<'_>, base: usize) -> Option<Citation> {
    let url = text_at(note, "/url")?;
    let cited = citation(url, text_at(note, "/title"))?;
    let claimed = index_at(note, "/start_index").zip(index_at(note, "/end_index"));
    let range = places.of_link(url, claimed);
    Some(cited.at(range.map(|(start, end)| (base + start, base + end))))
}

/// The counters of a response; `searches` as its dialect bills them.
pub(crate) fn usage(json: &Value, searches: Option<i64>) -> Usage {
    Usage {
        input_tokens: count_at(json, "/usage/input_tokens"),
        output_tokens: count_at(json, "/usage/output_tokens"),
        cached_tokens: count_at(json, "/usage/input_tokens_details/cached_tokens"),
        reasoning_tokens: count_at(json, "/usage/output_tokens_details/reasoning_tokens"),
        searches,
    }
}

/// What the provider bills, or else the calls in the output that searched (opening a page that
/// a search found is free).
fn searches(json: &Value) -> Option<i64> {
    searches_at(json, "/tool_usage/web_search/num_requests")
        .or_else(|| {
            searches_at(
                json,
                "/usage/server_side_tool_usage_details/web_search_calls",
            )
        })
        .or_else(|| searches_at(json, "/usage/num_server_side_tools_used"))
        .or_else(|| {
            let calls = items(json, "/output").iter().filter(|item| {
                let searched =
                    text_at(item, "/action/type") == Some("search") || !present(item, "/action");
                text_at(item, "/type") == Some("web_search_call") && searched
            });
            searches_of(calls.count())
        })
}

/// xAI's price of the exchange, in units of 1e-10 dollars, rounded up.
pub(crate) fn ticks(json: &Value) -> Option<Money> {
    // A thousand dollars.
    const LARGEST: i64 = 10_000_000_000_000;
    let ticks = json.pointer("/usage/cost_in_usd_ticks")?.as_i64()?;
    (0..=LARGEST)
        .contains(&ticks)
        .then(|| Money::from_nanos((ticks + 9) / 10))
}

#[cfg(test)]
mod tests {
    use secrecy::SecretString;

    use super::super::locale::tests::{formed, question};
    use super::*;

    fn body(provider: Provider, question: &Question) -> Value {
        let access = Access {
            provider,
            api_key: Some(SecretString::from("sk-1")),
            base_url: Some("https://host/openai/v1/".to_owned()),
            reach: crate::Reach::Anywhere,
        };
        let request = build_request(&access, question).expect("request");
        assert_eq!(request.url, "https://host/openai/v1/responses");
        serde_json::from_slice(&request.body.expect("body")).expect("json")
    }

    #[test]
    fn search_always_says_where_the_customer_is_not_assumed_to_be() {
        let plain = body(Provider::OpenAi, &question(false, Some("MX")));
        assert_eq!(plain.get("tools"), None);
        assert_eq!(plain["max_output_tokens"], 2048);
        for field in ["temperature", "top_p"] {
            assert_eq!(plain.get(field), None);
        }
        let search = body(Provider::OpenAi, &question(true, None));
        assert_eq!(
            search["tools"][0]["user_location"],
            json!({"type": "approximate"})
        );
        let placed = body(Provider::Azure, &question(true, Some("MX")));
        assert_eq!(placed["tools"][0]["type"], "web_search_preview");
        assert_eq!(placed["tools"][0]["user_location"]["country"], "MX");
        assert_eq!(
            (placed.get("include"), placed.get("max_tool_calls")),
            (None, None)
        );
        let by_xai = body(Provider::Xai, &question(true, None));
        assert_eq!(by_xai.get("max_tool_calls"), None);
        assert_eq!(search["max_tool_calls"], SEARCHES_ALLOWED);
        assert_eq!(plain.get("max_tool_calls"), None);
        assert_eq!(search["include"], json!(["web_search_call.action.sources"]));
        assert!(!search.to_string().contains("Brand"), "hints stay at home");
    }

    #[test]
    fn a_form_is_asked_for_strictly() {
        let asked = formed();
        let sent = body(Provider::OpenAi, &asked);
        let format = &sent["text"]["format"];
        assert_eq!(format["type"], "json_schema");
        assert_eq!(
            (&format["name"], &format["strict"]),
            (&json!("verdicts"), &json!(true))
        );
        assert_eq!(format["schema"], *asked.form.expect("a form").schema);
        assert_eq!(sent["instructions"], "Judge.");
        assert_eq!(sent.get("tools"), None);
        let plain = body(Provider::OpenAi, &question(false, None));
        assert_eq!(plain.get("text"), None);
    }

    #[test]
    fn ticks_are_tenths_of_nano_dollars() {
        let json = json!({"usage": {"cost_in_usd_ticks": 9_256_001}});
        assert_eq!(ticks(&json), Some(Money::from_nanos(925_601)));
        assert_eq!(ticks(&json!({"usage": {"cost_in_usd_ticks": -1}})), None);
    }
}
