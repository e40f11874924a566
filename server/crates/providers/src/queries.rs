//! What a model looked up: the search queries that a response tells of, in any protocol.

use serde_json::Value;

use super::json::{self, items, text_at};
use super::json_repair::closed;

/// More queries than this of one answer are not kept.
const MOST: usize = 50;
/// A longer one is cut, in characters.
const LONGEST: usize = 500;

/// The queries that the model searched for, in its own words and order, each once, read from the
/// body of a response as it was kept: one that was cut off is read as far as it goes. `None`
/// where the body cannot be read, or was cut before it told of any.
pub fn search_queries_of(raw_body: &[u8]) -> Option<Vec<String>> {
    if let Some(json) = json::object(raw_body) {
        return Some(search_queries(&json));
    }
    let begun = json::object(&closed(raw_body))?;
    Some(search_queries(&begun)).filter(|queries| !queries.is_empty())
}

/// The same from a body that is read already. The protocols name what they tell differently, so
/// that one reader serves them all.
pub(super) fn search_queries(json: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let outputs = items(json, "/output").iter().flat_map(of_output);
    let blocks = items(json, "/content").iter().filter_map(of_block);
    let grounded = items(json, "/candidates/0/groundingMetadata/webSearchQueries");
    let tools = items(json, "/choices/0/message/executed_tools");
    // What the simulator writes.
    let simulated = items(json, "/search_queries");
    let plain = grounded.iter().chain(simulated).filter_map(Value::as_str);
    let executed = tools.iter().filter_map(of_executed);
    for query in outputs.chain(blocks).chain(plain) {
        add(&mut found, query);
    }
    for query in executed {
        add(&mut found, &query);
    }
    found
}

fn add(found: &mut Vec<String>, query: &str) {
    let query: String = query.trim().chars().take(LONGEST).collect();
    if !query.is_empty() && found.len() < MOST && !found.contains(&query) {
        found.push(query);
    }
}

/// Of an item of Responses' output, or of Perplexity's; one that was cut may lack its type. A
/// call that only opens a page looks nothing up.
fn of_output(item: &Value) -> impl Iterator<Item = &str> {
    let kind = text_at(item, "/type");
    let calls = matches!(kind, None | Some("web_search_call"));
    let results = matches!(kind, None | Some("search_results"));
    let first = text_at(item, "/action/query").filter(|_| calls);
    let several = if calls {
        items(item, "/action/queries")
    } else {
        &[]
    };
    let searched = if results {
        items(item, "/queries")
    } else {
        &[]
    };
    let lists = several.iter().chain(searched).filter_map(Value::as_str);
    first.into_iter().chain(lists)
}

/// Of a block of Anthropic's content.
fn of_block(block: &Value) -> Option<&str> {
    let searches = text_at(block, "/type") == Some("server_tool_use")
        && text_at(block, "/name") == Some("web_search");
    searches.then(|| text_at(block, "/input/query")).flatten()
}

/// Of a tool that Groq's compound models called: its arguments are JSON in a text.
fn of_executed(tool: &Value) -> Option<String> {
    let arguments: Value = serde_json::from_str(text_at(tool, "/arguments")?).ok()?;
    text_at(&arguments, "/query").map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn of(body: &Value) -> Option<Vec<String>> {
        search_queries_of(body.to_string().as_bytes())
    }

    #[expect(
        clippy::unnecessary_wraps,
        reason = "compared with what may be nothing"
    )]
    fn some(queries: &[&str]) -> Option<Vec<String>> {
        Some(queries.iter().map(|query| (*query).to_owned()).collect())
    }

    #[test]
    fn each_protocol_tells_its_queries_in_order_and_once() {
        let responses = json!({"output": [
            {"type": "web_search_call", "action": {"type": "search", "query": "a", "queries": ["a", " b "]}},
            {"type": "web_search_call", "action": {"type": "open_page", "url": "https://x.example/"}},
            {"type": "web_search_call", "action": null},
            {"type": "web_search_call", "action": {"type": "search", "query": "c"}},
        ]});
        assert_eq!(of(&responses), some(&["a", "b", "c"]));
        let agent = json!({"output": [
            {"type": "search_results", "queries": ["a", "b"], "results": []},
            {"type": "search_results", "queries": null, "results": []},
            {"type": "search_results", "queries": ["b", "c"], "results": []},
        ]});
        assert_eq!(of(&agent), some(&["a", "b", "c"]));
        let messages = json!({"content": [
            {"type": "server_tool_use", "name": "web_search", "input": {"query": "a"}},
            {"type": "server_tool_use", "name": "code_execution", "input": {"query": "no"}},
            {"type": "text", "text": "b"},
        ]});
        assert_eq!(of(&messages), some(&["a"]));
        let google = json!({"candidates": [{"groundingMetadata": {"webSearchQueries": ["a", "", "b", "a", 7]}}]});
        assert_eq!(of(&google), some(&["a", "b"]));
        let groq = json!({"choices": [{"message": {"executed_tools": [
            {"type": "search", "arguments": "{\"query\": \"a\"}"}, {"type": "visit", "arguments": "{\"url\": \"b\"}"},
        ]}}]});
        assert_eq!(of(&groq), some(&["a"]));
        assert_eq!(
            of(&json!({"choices": [{"message": {"content": "x"}}]})),
            some(&[])
        );
    }

    #[test]
    fn a_body_that_was_cut_tells_what_it_can() {
        let pages = vec![json!({"url": "https://x.example/", "title": "x".repeat(50)}); 2_000];
        let body = json!({"output": [
            {"type": "web_search_call", "action": {"type": "search", "query": "a \u{1f956}"}},
            {"type": "web_search_call", "action": {"type": "search", "query": "b", "sources": pages}},
            {"type": "web_search_call", "action": {"type": "search", "query": "c"}},
        ]})
        .to_string();
        let kept = &body.as_bytes()[..crate::RAW_BODY_LIMIT];
        assert_eq!(search_queries_of(kept), some(&["a \u{1f956}", "b"]));
        assert_eq!(search_queries_of(&body.as_bytes()[..30]), None);
        assert_eq!(search_queries_of(b"<html>"), None);
        assert_eq!(search_queries_of(b""), None);
    }

    #[test]
    fn their_number_and_length_are_bounded() {
        let many: Vec<String> = (0..5_000)
            .map(|number| format!("{number} {}", "ñ".repeat(2_000)))
            .collect();
        let body = json!({"candidates": [{"groundingMetadata": {"webSearchQueries": many}}]});
        let found = of(&body).expect("queries");
        assert_eq!(found.len(), MOST);
        assert!(found.iter().all(|query| query.chars().count() == LONGEST));
    }
}
