//! `OpenAI`'s Responses, which xAI and Azure speak too.

use app::model::money::Money;
use app::model::provider::Provider;
use http::HeaderMap;
use serde_json::{Value, json};

use super::citations::{MAX_CITATIONS, citation, locate_link, merely_retrieved};
use super::http_request::{base_url, join};
use super::json::{count_at, index_at, items, length, present, searches_at, string_at, text_at};
use super::locale::{approximate_location, country, instruction};
use super::{
    Access, Answer, Citation, ErrorClass, Failure, HttpRequest, Outcome, Question, Usage, errors,
};

/// The interface takes no smaller limit.
const SMALLEST_OUTPUT: u32 = 16;

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
    let json = errors::success(status, headers, body)?;
    let state = text_at(&json, "/status").unwrap_or_default();
    if matches!(state, "failed" | "cancelled") {
        let mut failure = errors::unreadable(headers, "the provider gave up without a reason");
        failure.class = ErrorClass::ProviderFault;
        failure.retry = true;
        return Err(failure);
    }
    if !json.get("output").is_some_and(Value::is_array) {
        return Err(errors::unreadable(headers, "the response has no output"));
    }
    let written = read_output(&json);
    let reason = text_at(&json, "/incomplete_details/reason");
    let outcome = match (state, reason) {
        (_, Some("content_filter")) => Outcome::Blocked,
        ("incomplete", _) | (_, Some(_)) => Outcome::Truncated,
        _ if written.refused => Outcome::Refused,
        _ if written.text.is_empty() => Outcome::Empty,
        _ => Outcome::Answered,
    };
    Ok(Answer {
        outcome,
        finish: reason
            .or_else(|| text_at(&json, "/status"))
            .map(str::to_owned),
        model_served: string_at(&json, "/model"),
        usage: usage(&json),
        request_id: errors::request_id(headers).or_else(|| string_at(&json, "/id")),
        cost_reported: ticks(&json),
        text: written.text,
        citations: written.citations,
    })
}

struct Written {
    text: String,
    citations: Vec<Citation>,
    refused: bool,
}

fn read_output(json: &Value) -> Written {
    let mut written = Written {
        text: String::new(),
        citations: Vec::new(),
        refused: false,
    };
    let mut refusal = String::new();
    let messages = items(json, "/output")
        .iter()
        .filter(|item| text_at(item, "/type") == Some("message"));
    for part in messages.flat_map(|message| items(message, "/content")) {
        match text_at(part, "/type") {
            Some("output_text") => written.push(part),
            Some("refusal") => {
                written.refused = true;
                refusal.push_str(text_at(part, "/refusal").unwrap_or_default());
            }
            _ => {}
        }
    }
    if written.text.is_empty() {
        written.text = refusal;
    }
    let shown = items(json, "/output")
        .iter()
        .filter(|item| text_at(item, "/type") == Some("web_search_call"))
        .flat_map(|call| items(call, "/action/sources"))
        .filter_map(|source| citation(text_at(source, "/url")?, text_at(source, "/title")));
    let shown = merely_retrieved(&written.citations, shown);
    written.citations.extend(shown);
    written
}

impl Written {
    fn push(&mut self, part: &Value) {
        let text = text_at(part, "/text").unwrap_or_default();
        let base = self.text.len();
        let room = MAX_CITATIONS.saturating_sub(self.citations.len());
        let found = items(part, "/annotations")
            .iter()
            .filter_map(|note| url_citation(note, text, base));
        self.citations.extend(found.take(room));
        self.text.push_str(text);
    }
}

/// A citation as `OpenAI` writes it; `base` is where `text` begins in the answer.
pub(crate) fn url_citation(note: &Value, text: &str, base: usize) -> Option<Citation> {
    let url = text_at(note, "/url")?;
    let cited = citation(url, text_at(note, "/title"))?;
    let claimed = index_at(note, "/start_index").zip(index_at(note, "/end_index"));
    let range = locate_link(text, url, claimed);
    Some(cited.at(range.map(|(start, end)| (base + start, base + end))))
}

fn usage(json: &Value) -> Usage {
    Usage {
        input_tokens: count_at(json, "/usage/input_tokens"),
        output_tokens: count_at(json, "/usage/output_tokens"),
        cached_tokens: count_at(json, "/usage/input_tokens_details/cached_tokens"),
        reasoning_tokens: count_at(json, "/usage/output_tokens_details/reasoning_tokens"),
        searches: Some(searches(json)),
    }
}

/// What the provider bills, or else the calls in the output that searched (opening a page that
/// a search found is free).
fn searches(json: &Value) -> i64 {
    searches_at(json, "/tool_usage/web_search/num_requests")
        .or_else(|| {
            searches_at(
                json,
                "/usage/server_side_tool_usage_details/web_search_calls",
            )
        })
        .or_else(|| searches_at(json, "/usage/num_server_side_tools_used"))
        .unwrap_or_else(|| {
            let calls = items(json, "/output").iter().filter(|item| {
                let searched =
                    text_at(item, "/action/type") == Some("search") || !present(item, "/action");
                text_at(item, "/type") == Some("web_search_call") && searched
            });
            length(calls.count())
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
            reach: crate::providers::Reach::Anywhere,
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
        assert_eq!(placed.get("include"), None);
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
