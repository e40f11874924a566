//! Perplexity's Sonar, which ended on 27 September 2026: only recordings of it are still read.
//!
//! Invariant: builds no request.

use http::HeaderMap;
use serde_json::Value;

use super::citations::citation;
use super::ends::{CHAT, settle};
use super::json::{count_at, items, searches_at, string_at, sum, text_at, usd_at};
use super::markers::placed;
use super::openai_chat::content;
use super::queries::search_queries;
use super::{Answer, Citation, Failure, Outcome, Usage, errors};

/// What the response says.
pub fn parse(status: u16, headers: &HeaderMap, body: &[u8]) -> Result<Answer, Failure> {
    let json = errors::success(status, headers, body)?;
    let Some(choice) = items(&json, "/choices").first() else {
        return Err(errors::unreadable(headers, "the response has no choices"));
    };
    let text = content(choice).prose.into_text();
    let finish = text_at(choice, "/finish_reason");
    let answer = Answer {
        outcome: Outcome::Empty,
        citations: placed(&text, sources(&json)),
        text,
        finish: finish.map(str::to_owned),
        model_served: string_at(&json, "/model"),
        usage: usage(&json),
        request_id: errors::request_id(headers).or_else(|| string_at(&json, "/id")),
        cost_reported: usd_at(&json, "/usage/cost/total_cost"),
        search_queries: search_queries(&json),
        worth_another: false,
    };
    settle(CHAT.read(finish), None, answer)
}

/// Every source by its number: with a title where results are told, else as an address alone.
/// Search models behind a gateway tell them so too, beside the choices.
pub(crate) fn sources(json: &Value) -> impl Iterator<Item = (u64, Citation)> {
    let results = items(json, "/search_results").iter();
    let titled =
        results.map(|result| citation(text_at(result, "/url")?, text_at(result, "/title")));
    let plain = if items(json, "/search_results").is_empty() {
        items(json, "/citations")
    } else {
        &[]
    };
    let bare = plain.iter().map(|found| match found.as_str() {
        Some(url) => citation(url, None),
        None => citation(text_at(found, "/url")?, text_at(found, "/title")),
    });
    let numbered = (1..).zip(titled.chain(bare));
    numbered.filter_map(|(number, source)| Some((number, source?)))
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
