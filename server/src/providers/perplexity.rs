//! Perplexity's Sonar.

use http::HeaderMap;
use serde_json::{Value, json};

use super::citations::{MAX_CITATIONS, MAX_SEARCHED, citation, without_thinking};
use super::http_request::{base_url, join};
use super::json::{count_at, items, searches_at, string_at, sum, text_at, usd_at};
use super::locale::{country, instruction};
use super::openai_chat::content;
use super::{Access, Answer, Citation, Failure, HttpRequest, Outcome, Question, Usage, errors};

/// The request that asks `question`. Sonar searches unless it is told not to.
pub fn build_request(access: &Access, question: &Question) -> Result<HttpRequest, Failure> {
    let mut body = json!({
        "model": question.model_id,
        "max_tokens": question.max_output_tokens.max(1),
        "messages": [
            {"role": "system", "content": instruction(question)},
            {"role": "user", "content": question.text},
        ],
        "language_preference": question.language,
    });
    if question.web_search {
        let mut options = json!({"search_context_size": "low"});
        if let Some(code) = country(question) {
            options["user_location"] = json!({"country": code});
        }
        body["web_search_options"] = options;
    } else {
        body["disable_search"] = json!(true);
    }
    if let Some(form) = &question.form {
        body["response_format"] =
            json!({"type": "json_schema", "json_schema": {"schema": *form.schema}});
    }
    HttpRequest::post(join(base_url(access)?, "/chat/completions"), &body).with_key(access)
}

/// A request that costs nothing and that only a good key gets as far as to be refused for its
/// empty conversation: whether the list of models asks for a key is not known.
pub(crate) fn key_test(access: &Access) -> Result<HttpRequest, Failure> {
    let body = json!({"model": "sonar", "max_tokens": 1, "messages": []});
    HttpRequest::post(join(base_url(access)?, "/chat/completions"), &body).with_key(access)
}

/// What the response says.
pub fn parse(status: u16, headers: &HeaderMap, body: &[u8]) -> Result<Answer, Failure> {
    let json = errors::success(status, headers, body)?;
    let Some(choice) = items(&json, "/choices").first() else {
        return Err(errors::unreadable(headers, "the response has no choices"));
    };
    let written = content(choice);
    let text = without_thinking(&written.text, true).to_owned();
    let finish = text_at(choice, "/finish_reason");
    let outcome = match finish {
        Some("length") => Outcome::Truncated,
        Some("content_filter") => Outcome::Blocked,
        _ if text.is_empty() => Outcome::Empty,
        _ => Outcome::Answered,
    };
    Ok(Answer {
        outcome,
        citations: citations(&json, &text),
        text,
        finish: finish.map(str::to_owned),
        model_served: string_at(&json, "/model"),
        usage: usage(&json),
        request_id: errors::request_id(headers).or_else(|| string_at(&json, "/id")),
        cost_reported: usd_at(&json, "/usage/cost/total_cost"),
    })
}

/// Every source in its order; the first marker `[n]` in the text places the n-th. A source
/// without a marker was searched up and not used.
fn citations(json: &Value, text: &str) -> Vec<Citation> {
    let results = items(json, "/search_results");
    let plain = items(json, "/citations");
    let count = if results.is_empty() {
        plain.len()
    } else {
        results.len()
    };
    let source = |index: usize| match results.get(index) {
        Some(result) => citation(text_at(result, "/url")?, text_at(result, "/title")),
        None => citation(plain.get(index)?.as_str()?, None),
    };
    let searched = if text.len() > MAX_SEARCHED { "" } else { text };
    let placed = |index: usize| {
        let marker = format!("[{}]", index + 1);
        let place = searched.find(&marker).map(|at| (at, at + marker.len()));
        Some(source(index)?.retrieved(place))
    };
    (0..count.min(MAX_CITATIONS)).filter_map(placed).collect()
}

/// Deep research counts what it read and thought apart from prompt and answer.
fn usage(json: &Value) -> Usage {
    let count = |name: &str| count_at(json, &format!("/usage/{name}"));
    let reasoning = count("reasoning_tokens");
    Usage {
        input_tokens: sum(&[count("prompt_tokens"), count("citation_tokens")]),
        output_tokens: sum(&[count("completion_tokens"), reasoning]),
        cached_tokens: None,
        reasoning_tokens: reasoning,
        searches: searches_at(json, "/usage/num_search_queries"),
    }
}

#[cfg(test)]
mod tests {
    use app::model::provider::Provider;
    use secrecy::SecretString;

    use super::super::locale::tests::{formed, question};
    use super::*;

    fn body(question: &Question) -> Value {
        let access = Access {
            provider: Provider::Perplexity,
            api_key: Some(SecretString::from("key-1")),
            base_url: None,
            reach: crate::providers::Reach::Anywhere,
        };
        let request = build_request(&access, question).expect("request");
        assert_eq!(request.url, "https://api.perplexity.ai/chat/completions");
        serde_json::from_slice(&request.body.expect("body")).expect("json")
    }

    #[test]
    fn search_is_an_option_in_both_directions() {
        let search = body(&question(true, Some("ES")));
        assert_eq!(
            search["web_search_options"]["user_location"]["country"],
            "ES"
        );
        assert_eq!(search.get("disable_search"), None);
        let plain = body(&question(false, None));
        assert_eq!(plain["disable_search"], true);
        assert_eq!(plain.get("web_search_options"), None);
        assert_eq!(plain.get("response_format"), None);
        let asked = formed();
        let judged = body(&asked);
        let format = &judged["response_format"];
        assert_eq!(format["type"], "json_schema");
        assert_eq!(
            format["json_schema"]["schema"],
            *asked.form.expect("a form").schema
        );
        assert_eq!(judged["disable_search"], true);
    }
}
