//! Google's generateContent.

use http::HeaderMap;
use serde_json::{Value, json};

use super::citations::{MAX_CITATIONS, citation, locate_passage};
use super::http_request::{base_url, join};
use super::json::{count_at, index_at, items, length, present, string_at, sum, text_at};
use super::locale::{instruction, retrieval_config};
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
    let Some(candidate) = items(&json, "/candidates").first() else {
        return if blocked.is_some() || present(&json, "/usageMetadata") {
            Ok(answer(&json, headers, &Value::Null, blocked))
        } else {
            Err(errors::unreadable(
                headers,
                "the response has no candidates",
            ))
        };
    };
    Ok(answer(&json, headers, candidate, blocked))
}

fn answer(json: &Value, headers: &HeaderMap, candidate: &Value, blocked: Option<&str>) -> Answer {
    let parts = read_parts(candidate);
    let finish = text_at(candidate, "/finishReason").or(blocked);
    Answer {
        outcome: outcome(finish, blocked.is_some(), &parts.text),
        citations: citations(candidate, &parts),
        text: parts.text,
        finish: finish.map(str::to_owned),
        model_served: string_at(json, "/modelVersion"),
        usage: usage(json, candidate),
        request_id: string_at(json, "/responseId").or_else(|| errors::request_id(headers)),
        cost_reported: None,
    }
}

fn outcome(finish: Option<&str>, prompt_blocked: bool, text: &str) -> Outcome {
    match finish {
        _ if prompt_blocked => Outcome::Blocked,
        Some(
            "SAFETY" | "RECITATION" | "LANGUAGE" | "BLOCKLIST" | "PROHIBITED_CONTENT" | "SPII"
            | "IMAGE_SAFETY" | "MODEL_ARMOR",
        ) => Outcome::Blocked,
        Some("MAX_TOKENS") => Outcome::Truncated,
        _ if text.is_empty() => Outcome::Empty,
        _ => Outcome::Answered,
    }
}

/// The visible text, and where each part of the content begins in it.
struct Parts {
    text: String,
    /// One entry a part; `None` for thoughts and calls of tools.
    starts: Vec<Option<usize>>,
}

fn read_parts(candidate: &Value) -> Parts {
    let mut parts = Parts {
        text: String::new(),
        starts: Vec::new(),
    };
    for part in items(candidate, "/content/parts") {
        let is_thought = part.get("thought").and_then(Value::as_bool) == Some(true);
        let text = part
            .get("text")
            .and_then(Value::as_str)
            .filter(|_| !is_thought);
        parts.starts.push(text.map(|_| parts.text.len()));
        parts.text.push_str(text.unwrap_or_default());
    }
    parts
}

/// One citation for each passage and source that supports it; sources without a passage follow
/// without a position: they were merely retrieved.
fn citations(candidate: &Value, parts: &Parts) -> Vec<Citation> {
    let chunks: Vec<Option<Citation>> = items(candidate, "/groundingMetadata/groundingChunks")
        .iter()
        .map(source)
        .collect();
    let mut placed = vec![false; chunks.len()];
    let mut found = Vec::new();
    let supports = items(candidate, "/groundingMetadata/groundingSupports");
    for support in supports.iter().take(MAX_CITATIONS) {
        let range = passage(support, parts);
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

fn source(chunk: &Value) -> Option<Citation> {
    let url = text_at(chunk, "/web/uri")?;
    if SEARCH_PAGES.iter().any(|page| url.starts_with(page)) {
        return None;
    }
    citation(url, text_at(chunk, "/web/title"))
}

/// Where a supported passage stands. Google counts bytes within a part, and drifts by one or
/// two in some answers, so the passage itself decides.
fn passage(support: &Value, parts: &Parts) -> Option<(usize, usize)> {
    let base = index_at(support, "/segment/partIndex")
        .and_then(|index| *parts.starts.get(index)?)
        .unwrap_or(0);
    let start = index_at(support, "/segment/startIndex").unwrap_or(0);
    let end = index_at(support, "/segment/endIndex").unwrap_or(0);
    let claimed = (base.saturating_add(start), base.saturating_add(end));
    locate_passage(&parts.text, text_at(support, "/segment/text"), claimed)
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
    let queries = items(candidate, "/groundingMetadata/webSearchQueries")
        .iter()
        .filter(|query| query.as_str().is_some_and(|query| !query.trim().is_empty()));
    Usage {
        input_tokens: input,
        output_tokens: written.or(left_over),
        cached_tokens: count("cachedContentTokenCount"),
        reasoning_tokens: thoughts,
        searches: Some(length(queries.count())),
    }
}

#[cfg(test)]
mod tests {
    use app::model::provider::Provider;
    use secrecy::SecretString;

    use super::super::locale::tests::{formed, question};
    use super::*;

    #[test]
    fn the_key_is_in_a_header_and_the_country_in_coordinates() {
        let access = Access {
            provider: Provider::Google,
            api_key: Some(SecretString::from("key-1")),
            base_url: None,
            reach: crate::providers::Reach::Anywhere,
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
}
