//! Google's generateContent.

use std::collections::HashSet;

use http::HeaderMap;
use serde_json::{Value, json};

use super::citations::{MAX_CITATIONS, citation, locate_passage};
use super::ends::{End, GENERATE_CONTENT, settle};
use super::http_request::{base_url, join};
use super::json::{count_at, index_at, items, present, searches_of, string_at, sum, text_at};
use super::locale::{instruction, retrieval_config};
use super::prose::Prose;
use super::queries::search_queries;
use super::types::GOOGLE_REDIRECT_HOST;
use super::{Access, Answer, Citation, Failure, HttpRequest, Outcome, Question, Usage, errors};

/// Searches of Google's own, for widgets of weather and time: no source.
const SEARCH_PAGES: &[&str] = &[
    "https://www.google.com/search?",
    "https://google.com/search?",
];

/// The request that asks `question`.
pub fn build_request(access: &Access, question: &Question) -> Result<HttpRequest, Failure> {
    let mut body = json!({
        "contents": [{"role": "user", "parts": [{"text": question.text}]}],
        "systemInstruction": {"parts": [{"text": instruction(question)}]},
        "generationConfig": {"maxOutputTokens": question.max_output_tokens.max(1)},
    });
    if question.web_search {
        body["tools"] = json!([{"google_search": {}}]);
        if let Some(config) = retrieval_config(question) {
            body["toolConfig"] = config;
        }
    }
    if let Some(form) = &question.form {
        body["generationConfig"]["responseMimeType"] = json!("application/json");
        body["generationConfig"]["responseJsonSchema"] = (*form.schema).clone();
    }
    let model = question.model_id.trim().trim_start_matches("models/");
    let model: String = url::form_urlencoded::byte_serialize(model.as_bytes()).collect();
    let path = format!("/v1beta/models/{model}:generateContent");
    HttpRequest::post(join(base_url(access)?, &path), &body).with_key(access)
}

/// What the response says.
pub fn parse(status: u16, headers: &HeaderMap, body: &[u8]) -> Result<Answer, Failure> {
    let json = errors::success(status, headers, body)?;
    let blocked = text_at(&json, "/promptFeedback/blockReason");
    let candidate = items(&json, "/candidates").first();
    if candidate.is_none() && blocked.is_none() && !present(&json, "/usageMetadata") {
        let what = "the response has no candidates";
        return Err(errors::unreadable(headers, what));
    }
    let candidate = candidate.unwrap_or(&Value::Null);
    let parts = Parts::of(candidate);
    let finish = text_at(candidate, "/finishReason").or(blocked);
    let end = if blocked.is_some() {
        End::Blocked
    } else {
        GENERATE_CONTENT.read(finish)
    };
    let text = parts.prose.text();
    let answer = Answer {
        outcome: Outcome::Empty,
        citations: citations(candidate, text, &parts.starts),
        text: text.to_owned(),
        finish: finish.map(str::to_owned),
        model_served: string_at(&json, "/modelVersion"),
        usage: usage(&json, candidate),
        request_id: string_at(&json, "/responseId").or_else(|| errors::request_id(headers)),
        cost_reported: None,
        search_queries: search_queries(&json),
        worth_another: false,
    };
    settle(end, None, answer)
}

/// The visible text, and where each part of the content begins in it.
#[derive(Default)]
struct Parts {
    prose: Prose,
    /// One entry a part; `None` for thoughts and calls of tools.
    starts: Vec<Option<usize>>,
}

impl Parts {
    fn of(candidate: &Value) -> Self {
        let mut parts = Self::default();
        for part in items(candidate, "/content/parts") {
            let is_thought = part.get("thought").and_then(Value::as_bool) == Some(true);
            let text = part.get("text").and_then(Value::as_str);
            if let Some(text) = text.filter(|_| !is_thought) {
                let start = parts.prose.push(text);
                parts.starts.push(Some(start));
            } else {
                parts.prose.interrupt();
                parts.starts.push(None);
            }
        }
        parts
    }
}

/// One citation for each passage and source that supports it; sources without a passage follow
/// without a position: they were merely retrieved.
fn citations(candidate: &Value, text: &str, starts: &[Option<usize>]) -> Vec<Citation> {
    let chunks: Vec<Option<Citation>> = items(candidate, "/groundingMetadata/groundingChunks")
        .iter()
        .map(source)
        .collect();
    let mut placed = vec![false; chunks.len()];
    let mut found = Vec::new();
    let supports = items(candidate, "/groundingMetadata/groundingSupports");
    for support in supports.iter().take(MAX_CITATIONS) {
        let range = passage(support, text, starts);
        for index in items(support, "/groundingChunkIndices")
            .iter()
            .filter_map(Value::as_u64)
        {
            let index = usize::try_from(index).unwrap_or(usize::MAX);
            if let Some(Some(cited)) = chunks.get(index)
                && found.len() < MAX_CITATIONS
            {
                placed[index] = true;
                found.push(cited.clone().at(range));
            }
        }
    }
    let rest = chunks
        .into_iter()
        .zip(placed)
        .filter(|(_, placed)| !placed)
        .filter_map(|(chunk, _)| Some(chunk?.retrieved(None)));
    let room = MAX_CITATIONS.saturating_sub(found.len());
    found.extend(rest.take(room));
    found
}

/// A page that was found. Its address is a redirect of Google's, and the site stands in the title,
/// or in a field of its own where the title is the page's: then the site is kept in its place, as
/// [`Citation::host`] reads it.
fn source(chunk: &Value) -> Option<Citation> {
    let url = text_at(chunk, "/web/uri")?;
    if SEARCH_PAGES.iter().any(|page| url.starts_with(page)) {
        return None;
    }
    let site = text_at(chunk, "/web/domain").filter(|_| url.contains(GOOGLE_REDIRECT_HOST));
    citation(url, site.or_else(|| text_at(chunk, "/web/title")))
}

/// Where a supported passage stands. Google counts bytes within a part, and drifts by one or
/// two in some answers, so the passage itself decides.
fn passage(support: &Value, text: &str, starts: &[Option<usize>]) -> Option<(usize, usize)> {
    let base = index_at(support, "/segment/partIndex")
        .and_then(|index| *starts.get(index)?)
        .unwrap_or(0);
    let start = index_at(support, "/segment/startIndex").unwrap_or(0);
    let end = index_at(support, "/segment/endIndex").unwrap_or(0);
    let claimed = (base.saturating_add(start), base.saturating_add(end));
    locate_passage(text, text_at(support, "/segment/text"), claimed)
}

/// Thoughts are not in the candidates' count and search results not in the prompt's: both are
/// added. A count that is left out is what the total leaves over.
fn usage(json: &Value, candidate: &Value) -> Usage {
    let count = |name: &str| count_at(json, &format!("/usageMetadata/{name}"));
    let input = sum(&[count("promptTokenCount"), count("toolUsePromptTokenCount")]);
    let thoughts = count("thoughtsTokenCount");
    let written = sum(&[count("candidatesTokenCount"), thoughts]);
    let left_over = count("totalTokenCount")
        .zip(input)
        .map(|(total, input)| (total - input).max(0));
    Usage {
        input_tokens: input,
        output_tokens: written.or(left_over),
        cached_tokens: count("cachedContentTokenCount"),
        reasoning_tokens: thoughts,
        searches: searches(json, candidate),
    }
}

/// Searches as Google bills them: from Gemini 3 on each different query, before that the prompt
/// as a whole. A trace of a search without a query: it searched, and nobody says how often.
fn searches(json: &Value, candidate: &Value) -> Option<i64> {
    let queries: HashSet<&str> = items(candidate, "/groundingMetadata/webSearchQueries")
        .iter()
        .filter_map(|query| Some(query.as_str()?.trim()))
        .filter(|query| !query.is_empty())
        .collect();
    let is_grounded = !queries.is_empty() || shows_search(candidate);
    if text_at(json, "/modelVersion").is_some_and(bills_the_prompt) {
        return Some(i64::from(is_grounded));
    }
    if is_grounded && queries.is_empty() {
        return None;
    }
    searches_of(queries.len())
}

/// Whether something other than a query shows that it searched: pages that were found, passages
/// that they support, or the suggested searches beside a grounded answer.
fn shows_search(candidate: &Value) -> bool {
    let is_filled = |name: &&str| match candidate.pointer(&format!("/groundingMetadata/{name}")) {
        Some(Value::Array(entries)) => !entries.is_empty(),
        Some(Value::Object(fields)) => !fields.is_empty(),
        _ => false,
    };
    ["groundingChunks", "groundingSupports", "searchEntryPoint"]
        .iter()
        .any(is_filled)
}

/// Whether a model is of a generation before the third.
fn bills_the_prompt(model: &str) -> bool {
    let generation = model.split_once("gemini-").map(|(_, rest)| rest);
    let number = generation.and_then(|rest| rest.split(['.', '-']).next()?.parse::<u32>().ok());
    number.is_some_and(|number| number < 3)
}

#[cfg(test)]
mod tests {
    use contract::provider::Provider;
    use secrecy::SecretString;

    use super::super::locale::tests::{formed, question};
    use super::*;

    #[test]
    fn the_key_is_in_a_header_and_the_country_in_coordinates() {
        let access = Access {
            provider: Provider::Google,
            api_key: Some(SecretString::from("key-1")),
            base_url: None,
            reach: crate::Reach::Anywhere,
        };
        let request = build_request(&access, &question(true, Some("ES"))).expect("request");
        assert_eq!(
            request.url,
            "https://generativelanguage.googleapis.com/v1beta/models/model-1:generateContent"
        );
        assert_eq!(request.headers["x-goog-api-key"], "key-1");
        let body: Value = serde_json::from_slice(&request.body.expect("body")).expect("json");
        assert_eq!(body["tools"], json!([{"google_search": {}}]));
        assert_eq!(body["toolConfig"]["retrievalConfig"]["languageCode"], "es");
        assert_eq!(body["generationConfig"], json!({"maxOutputTokens": 2048}));
        let asked = formed();
        let request = build_request(&access, &asked).expect("request");
        let body: Value = serde_json::from_slice(&request.body.expect("body")).expect("json");
        let config = &body["generationConfig"];
        assert_eq!(config["responseMimeType"], "application/json");
        assert_eq!(
            config["responseJsonSchema"],
            *asked.form.expect("a form").schema
        );
        assert_eq!(body["systemInstruction"]["parts"][0]["text"], "Judge.");
        assert_eq!(body.get("tools"), None);
    }

    fn searches_of(model: &str, queries: &[&str], pages: usize) -> Option<i64> {
        let pages = vec![json!({"web": {"uri": "https://a.example/"}}); pages];
        let json = json!({"modelVersion": model, "candidates": [{
            "groundingMetadata": {"webSearchQueries": queries, "groundingChunks": pages},
        }]});
        searches(&json, &json["candidates"][0])
    }

    #[test]
    fn a_search_is_a_query_or_a_prompt_by_the_generation() {
        let twice = ["a", "b", " a ", ""];
        for (model, billed) in [
            ("gemini-3.8-flash", 2),
            ("gemini-4-argon", 2),
            ("gemini-10-x", 2),
            ("gemini-flash-latest", 2),
            ("gemini-2.5-flash", 1),
            ("models/gemini-2.0-flash-001", 1),
            ("gemini-1.5-pro", 1),
        ] {
            assert_eq!(searches_of(model, &twice, 3), Some(billed), "{model}");
            assert_eq!(searches_of(model, &[], 0), Some(0), "{model}");
        }
        assert_eq!(searches_of("gemini-2.5-pro", &[], 2), Some(1));
        assert_eq!(
            searches_of("gemini-3-flash", &[], 2),
            None,
            "it searched, and does not say how often"
        );
    }

    #[test]
    fn any_trace_of_a_search_shows_one() {
        let billed = |model: &str, grounding: &Value| {
            let candidate = json!({"groundingMetadata": grounding});
            searches(&json!({"modelVersion": model}), &candidate)
        };
        for trace in [
            json!({"searchEntryPoint": {"renderedContent": "<div></div>"}}),
            json!({"groundingSupports": [{"segment": {"text": "Kipu"}}]}),
            json!({"groundingChunks": [{"web": {"uri": "https://a.example/"}}], "webSearchQueries": [""]}),
        ] {
            assert_eq!(billed("gemini-2.5-flash", &trace), Some(1), "{trace}");
            assert_eq!(billed("gemini-3.8-flash", &trace), None, "{trace}");
        }
        for nothing in [
            Value::Null,
            json!({}),
            json!({"searchEntryPoint": {}, "groundingSupports": [], "groundingChunks": null}),
            json!({"retrievalMetadata": {"googleSearchDynamicRetrievalScore": 0.1}}),
        ] {
            assert_eq!(billed("gemini-2.5-flash", &nothing), Some(0), "{nothing}");
            assert_eq!(billed("gemini-3.8-flash", &nothing), Some(0), "{nothing}");
        }
    }

    #[test]
    fn the_site_counts_that_stands_in_a_field_of_its_own() {
        let host = |web: Value| source(&json!({"web": web})).and_then(|found| found.host());
        let redirect = "https://vertexaisearch.cloud.google.com/grounding-api-redirect/A";
        let titled =
            json!({"uri": redirect, "title": "Ledgers | Verrin", "domain": "www.verrin.example"});
        assert_eq!(host(titled).as_deref(), Some("verrin.example"));
        let site_as_title = json!({"uri": redirect, "title": "verrin.example"});
        assert_eq!(host(site_as_title).as_deref(), Some("verrin.example"));
        let plain =
            json!({"uri": "https://other.example/a", "title": "T", "domain": "verrin.example"});
        assert_eq!(host(plain).as_deref(), Some("other.example"));
        assert_eq!(source(&json!({"image": {"uri": redirect}})), None);
    }
}
