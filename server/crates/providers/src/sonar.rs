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

/// Every source by its number. Two lists tell them, results with titles and bare addresses, and
/// either may be shorter or lack something: a number is the result's, or else the address's. An
/// address whose number is another one's stays a source, without a number. Search models behind a
/// gateway tell theirs so too, beside the choices.
pub(crate) fn sources(json: &Value) -> impl Iterator<Item = (Option<u64>, Citation)> {
    let results = items(json, "/search_results");
    let bare = items(json, "/citations");
    let title = move |place: usize| text_at(results.get(place)?, "/title");
    let told = move |place: usize| citation(text_at(results.get(place)?, "/url")?, title(place));
    let plain = move |place: usize, title: Option<&str>| {
        let found = bare.get(place)?;
        match found.as_str() {
            Some(url) => citation(url, title),
            None => citation(text_at(found, "/url")?, text_at(found, "/title").or(title)),
        }
    };
    let places = 0..results.len().max(bare.len());
    let numbered = (1..).zip(places.clone());
    let numbered = numbered.filter_map(move |(number, place)| {
        let source = told(place).or_else(|| plain(place, title(place)))?;
        Some((Some(number), source))
    });
    let displaced = places.filter_map(move |place| {
        let result = told(place)?;
        let other = plain(place, None).filter(|other| other.url != result.url)?;
        Some((None, other))
    });
    numbered.chain(displaced)
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
    use serde_json::json;

    use super::*;

    /// Address, title, and whether the text cites it.
    type Found = (String, Option<String>, bool);

    fn found(text: &str, mut lists: Value) -> Vec<Found> {
        lists["choices"] = json!([{"message": {"content": text}, "finish_reason": "stop"}]);
        let answer = parse(200, &HeaderMap::new(), lists.to_string().as_bytes());
        let told = |cited: Citation| (cited.url, cited.title, cited.cited);
        answer
            .expect("an answer")
            .citations
            .into_iter()
            .map(told)
            .collect()
    }

    fn source(url: &str, title: Option<&str>, cited: bool) -> Found {
        (url.to_owned(), title.map(str::to_owned), cited)
    }

    #[test]
    fn a_number_is_the_results_or_else_the_bare_addresss() {
        let (a, b, c) = (
            "https://a.example",
            "https://b.example",
            "https://c.example",
        );
        assert_eq!(
            found(
                "A [1]",
                json!({"citations": [a], "search_results": [{"title": "A"}]})
            ),
            [source(a, Some("A"), true)],
            "a result without an address"
        );
        assert_eq!(
            found(
                "A [1]",
                json!({"citations": [a], "search_results": [{"title": "A", "url": ""}]})
            ),
            [source(a, Some("A"), true)]
        );
        assert_eq!(
            found(
                "B [3]",
                json!({"citations": [a, b, c], "search_results": [{"title": "A", "url": a}]})
            ),
            [
                source(a, Some("A"), false),
                source(b, None, false),
                source(c, None, true)
            ],
            "fewer results than addresses"
        );
        assert_eq!(
            found(
                "B [2]",
                json!({"citations": [a], "search_results": [{"url": a}, {"title": "B", "url": b}]})
            ),
            [source(a, None, false), source(b, Some("B"), true)],
            "fewer addresses than results"
        );
        assert_eq!(found("B [2]", json!({"citations": [a, b]})).len(), 2);
    }

    #[test]
    fn an_address_whose_number_is_anothers_stays_a_source() {
        let (a, b) = ("https://a.example", "https://b.example");
        assert_eq!(
            found(
                "A [1]",
                json!({"citations": [b], "search_results": [{"title": "A", "url": a}]})
            ),
            [source(a, Some("A"), true), source(b, None, false)]
        );
        assert_eq!(
            found(
                "A [1]",
                json!({"citations": [b, a], "search_results": [{"url": a}, {"url": b}]})
            ),
            [source(a, None, true), source(b, None, false)],
            "each once"
        );
    }
}
