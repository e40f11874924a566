//! Recorded exchanges with real providers, and fixtures of our own, against the adapters.
//!
//! What is expected is looked up in the recording itself, path by path, or written down by hand
//! for errors; never taken from an adapter.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use app::model::money::Money;
use app::model::provider::Provider;
use http::HeaderMap;
use parallax::cli::inspect::{Inspection, Recording};
use parallax::providers::models::parse_models;
use parallax::providers::{Answer, Citation};
use serde_json::Value;

/// File, class, whether to retry, wait in milliseconds: read by a person from each recording.
#[rustfmt::skip]
const ERRORS: &[(&str, &str, bool, Option<u64>)] = &[
    ("anthropic/messages--error-400--pydantic-ai--test-anthropic-explicit-effort", "bad_parameter", false, None),
    ("anthropic/messages--error-400--rig--validation-error", "bad_parameter", false, None),
    ("anthropic/messages--error-400--ruby_llm--chat-real-error-scenarios", "context_overflow", false, None),
    ("anthropic/messages--error-401--", "bad_key", false, None),
    ("anthropic/messages--error-404--rig--nonexistent-model", "model_not_found", false, None),
    ("azure/chat--content-filter--openllmetry--test-prompt-content", "content_blocked", false, None),
    ("azure/chat--error-401--ruby_llm", "bad_key", false, None),
    ("azure/chat--error-408--ruby_llm", "provider_fault", true, None),
    ("azure/chat--error-413--ruby_llm", "context_overflow", false, None),
    ("deepseek/chat--error-400--rig--blocking-video-part", "bad_parameter", false, None),
    ("deepseek/chat--error-400--rig--forced-tool-choice", "bad_parameter", false, None),
    ("deepseek/chat--error-401--rig", "bad_key", false, None),
    ("deepseek/chat--error-422--ruby_llm", "bad_parameter", false, None),
    ("deepseek/models--error-401--rig", "bad_key", false, None),
    ("gemini/generateContent--error-400--rig--auth-rejection", "bad_key", false, None),
    ("gemini/generateContent--error-400--ruby_llm--chat-real-error", "context_overflow", false, None),
    ("gemini/generateContent--error-429--ruby_llm", "rate_limited", true, Some(48_000)),
    ("groq/chat--error-400--pydantic-ai--test-tool-use-failed", "bad_parameter", false, None),
    ("mistral/chat--error-400--rig--blocking-error", "model_not_found", false, None),
    ("mistral/chat--error-401--", "bad_key", false, None),
    ("mistral/chat--error-500--ruby_llm", "provider_fault", true, None),
    ("ollama/chat--error-400--ruby_llm", "context_overflow", false, None),
    ("ollama/chat--error-401--ruby_llm", "bad_key", false, None),
    ("openai-compatible/chat--error-400--rig--malformed-request", "bad_parameter", false, None),
    ("openai-compatible/chat--error-400--rig--video-part", "bad_parameter", false, None),
    ("openai-compatible/chat--error-500--rig", "provider_fault", true, None),
    ("openai/chat--error-401--ruby_llm", "bad_key", false, None),
    ("openai/chat--error-404--", "model_not_found", false, None),
    ("openai/chat--error-429--ruby_llm", "too_large", false, None),
    ("openai/models--error-401--rig", "bad_key", false, None),
    ("openai/responses--error-400--pydantic-ai", "bad_parameter", false, None),
    ("openai/responses--error-400--rig--nonexistent-model", "model_not_found", false, None),
    ("openai/responses--error-401--rig", "bad_key", false, None),
    ("openai/responses--error-429-quota--ai", "no_money", false, None),
    ("openrouter/chat--error-400--ruby_llm", "context_overflow", false, None),
    ("openrouter/chat--error-401--ruby_llm", "bad_key", false, None),
    ("perplexity/chat--error-400--ruby_llm", "bad_parameter", false, None),
    ("perplexity/chat--error-401--ruby_llm", "bad_key", false, None),
    ("perplexity/models--error-404--ruby_llm", "bad_response", false, None),
    ("xai/chat--error-400--ruby_llm--chat-error-handling", "bad_key", false, None),
    ("xai/chat--error-400--ruby_llm--chat-real-error", "context_overflow", false, None),
    ("xai/chat--error-503--ruby_llm", "overloaded", true, None),
];

fn recordings_folder() -> PathBuf {
    match std::env::var_os("PARALLAX_CASSETTES") {
        Some(folder) => PathBuf::from(folder),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/cassettes"),
    }
}

/// Why a recording is not for these adapters; `None` if it is.
fn out_of_scope(entry: &Value) -> Option<&'static str> {
    let word = |name: &str| entry[name].as_str().unwrap_or_default();
    match (word("provider"), word("api")) {
        _ if word("evidence") == "fixture-handwritten" => Some("written by hand"),
        _ if entry["streamed"] == true => Some("streamed"),
        ("bedrock", _) => Some("Bedrock"),
        ("cohere", _) => Some("Cohere"),
        ("vertex", _) => Some("Vertex"),
        ("ollama", "chat-native") => Some("Ollama's own protocol"),
        _ => None,
    }
}

#[test]
fn every_recording_is_read_as_it_stands() {
    let folder = recordings_folder();
    let Ok(index) = fs::read(folder.join("INDEX.json")) else {
        println!("SKIPPED: recordings not found in {}", folder.display());
        return;
    };
    let index: Vec<Value> = serde_json::from_slice(&index).expect("index");
    let mut skipped: BTreeMap<&str, usize> = BTreeMap::new();
    let mut checked: BTreeMap<&str, usize> = BTreeMap::new();
    let mut problems = Vec::new();
    for entry in &index {
        if let Some(reason) = out_of_scope(entry) {
            *skipped.entry(reason).or_default() += 1;
            continue;
        }
        let file = entry["file"].as_str().expect("file");
        let bytes = fs::read(folder.join(file)).expect("recording");
        let json: Value = serde_json::from_slice(&bytes).expect("json");
        let expected_error = ERRORS.iter().find(|(start, ..)| file.starts_with(start));
        let (what, found) = if let Some((_, class, retry, wait)) = expected_error {
            ("errors", check_error(&bytes, class, *retry, *wait))
        } else if entry["api"] == "models" {
            ("model lists", check_models(entry, &json))
        } else if entry["status"].as_u64() >= Some(400) {
            (
                "errors",
                vec!["an error that nobody has read yet".to_owned()],
            )
        } else {
            ("answers", check_answer(entry, &json, &bytes))
        };
        *checked.entry(what).or_default() += 1;
        problems.extend(
            found
                .into_iter()
                .map(|problem| format!("{file}: {problem}")),
        );
    }
    println!("checked: {checked:?}");
    println!("out of scope: {skipped:?}");
    assert!(
        problems.is_empty(),
        "{} problems:\n{}",
        problems.len(),
        problems.join("\n")
    );
    assert!(
        checked.values().sum::<usize>() > 150,
        "too few recordings: {checked:?}"
    );
}

fn inspect(bytes: &[u8]) -> Inspection {
    let recording = Recording::read(bytes).expect("recording");
    Inspection::from(
        recording
            .adapter
            .parse(recording.status, &recording.headers, &recording.body),
    )
}

fn check_error(bytes: &[u8], class: &str, retry: bool, wait: Option<u64>) -> Vec<String> {
    let found = inspect(bytes);
    let mut problems = Vec::new();
    let outcome = if class == "content_blocked" {
        "blocked"
    } else {
        "failed"
    };
    let expected = (outcome, Some(class), retry, wait);
    let seen = (
        found.outcome,
        found.error_class,
        found.retry,
        found.retry_after_ms,
    );
    if seen != expected {
        problems.push(format!("{seen:?} instead of {expected:?}"));
    }
    problems
}

// ---------------------------------------------------------------------------------------------
// Answers

/// What a recording says, in the words of its own protocol.
#[derive(Default)]
struct Told {
    text: String,
    finish: Option<String>,
    model: Option<String>,
    input: Option<i64>,
    output: Option<i64>,
    cached: Option<i64>,
    reasoning: Option<i64>,
    searches: Option<i64>,
    cost: Option<Money>,
    urls: Vec<String>,
}

fn check_answer(entry: &Value, json: &Value, bytes: &[u8]) -> Vec<String> {
    let recording = Recording::read(bytes).expect("recording");
    let body = &json["response"]["body"];
    let answer =
        match recording
            .adapter
            .parse(recording.status, &recording.headers, &recording.body)
        {
            Ok(answer) => answer,
            Err(failure) => return vec![format!("{failure:?}")],
        };
    let told = match entry["api"].as_str() {
        Some("responses") => told_by_responses(body),
        Some("messages") => told_by_messages(body),
        Some("generateContent") => told_by_gemini(body),
        _ if entry["provider"] == "perplexity" => told_by_sonar(body),
        _ => told_by_chat(body),
    };
    let mut problems = compare(&answer, &told);
    let outcome = expected_outcome(entry["kind"].as_str().unwrap_or_default(), &told);
    if answer.outcome.word() != outcome {
        problems.push(format!(
            "outcome {} instead of {outcome}",
            answer.outcome.word()
        ));
    }
    problems.extend(
        answer
            .citations
            .iter()
            .filter_map(|cited| check_place(&answer.text, cited)),
    );
    problems.extend(check_supports(body, &answer));
    problems
}

fn expected_outcome(kind: &str, told: &Told) -> &'static str {
    match kind {
        "refusal" => "refused",
        "blocked" => "blocked",
        "truncated" => "truncated",
        // Some recordings of other kinds ran into the limit on purpose.
        _ if matches!(
            told.finish.as_deref(),
            Some("length" | "max_tokens" | "max_output_tokens" | "MAX_TOKENS")
        ) =>
        {
            "truncated"
        }
        _ if told.text.is_empty() => "empty",
        _ => "answered",
    }
}

fn compare(answer: &Answer, told: &Told) -> Vec<String> {
    let mut problems = Vec::new();
    let mut differ = |what: &str, seen: String, expected: String| {
        if seen != expected {
            problems.push(format!("{what}: {seen} instead of {expected}"));
        }
    };
    differ("text", answer.text.clone(), told.text.clone());
    differ(
        "finish",
        format!("{:?}", answer.finish),
        format!("{:?}", told.finish),
    );
    differ(
        "model",
        format!("{:?}", answer.model_served),
        format!("{:?}", told.model),
    );
    differ(
        "input",
        format!("{:?}", answer.usage.input_tokens),
        format!("{:?}", told.input),
    );
    differ(
        "output",
        format!("{:?}", answer.usage.output_tokens),
        format!("{:?}", told.output),
    );
    differ(
        "cached",
        format!("{:?}", answer.usage.cached_tokens),
        format!("{:?}", told.cached),
    );
    differ(
        "reasoning",
        format!("{:?}", answer.usage.reasoning_tokens),
        format!("{:?}", told.reasoning),
    );
    differ(
        "searches",
        format!("{:?}", answer.usage.searches),
        format!("{:?}", told.searches),
    );
    differ(
        "cost",
        format!("{:?}", answer.cost_reported),
        format!("{:?}", told.cost),
    );
    let mut urls: Vec<&str> = answer
        .citations
        .iter()
        .map(|cited| cited.url.as_str())
        .collect();
    let mut expected: Vec<&str> = told.urls.iter().map(String::as_str).collect();
    urls.sort_unstable();
    expected.sort_unstable();
    differ("citations", format!("{urls:?}"), format!("{expected:?}"));
    problems
}

/// A place must be a slice of the text; a place that holds a link must hold this one.
fn check_place(text: &str, cited: &Citation) -> Option<String> {
    let (start, end) = match (cited.start, cited.end) {
        (None, None) => return None,
        (Some(start), Some(end)) => (start, end),
        half => return Some(format!("half a place: {half:?}")),
    };
    let Some(slice) = text.get(start..end).filter(|slice| !slice.is_empty()) else {
        return Some(format!("{start}..{end} is no slice of the text"));
    };
    let is_other_link = slice.contains("](http") && !slice.contains(&cited.url);
    is_other_link.then(|| format!("{slice:?} does not cite {}", cited.url))
}

/// Google repeats each supported passage: the places must hold exactly these passages.
fn check_supports(body: &Value, answer: &Answer) -> Option<String> {
    let supports = body["candidates"][0]["groundingMetadata"]["groundingSupports"].as_array()?;
    let mut passages: Vec<&str> = supports
        .iter()
        .filter_map(|support| support["segment"]["text"].as_str())
        .collect();
    let mut slices: Vec<&str> = answer
        .citations
        .iter()
        .filter_map(|cited| answer.text.get(cited.start?..cited.end?))
        .collect();
    let sources = body["candidates"][0]["groundingMetadata"]["groundingChunks"].as_array()?;
    let only_search_pages = sources.iter().all(|source| {
        source["web"]["uri"]
            .as_str()
            .is_some_and(|url| url.starts_with("https://www.google.com/search"))
    });
    if only_search_pages {
        passages.clear();
    }
    passages.sort_unstable();
    passages.dedup();
    slices.sort_unstable();
    slices.dedup();
    (passages != slices).then(|| format!("supported {slices:?} instead of {passages:?}"))
}

fn text_of(value: &Value) -> Option<String> {
    value
        .as_str()
        .filter(|text| !text.is_empty())
        .map(str::to_owned)
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn untracked(url: &str) -> String {
    url.replace("?utm_source=openai", "")
        .replace("&utm_source=openai", "")
}

fn total(counts: &[&Value]) -> Option<i64> {
    let known: Vec<i64> = counts.iter().filter_map(|count| count.as_i64()).collect();
    (!known.is_empty()).then(|| known.iter().sum())
}

fn dollars(value: &Value) -> Option<Money> {
    value.as_number()?.to_string().parse().ok()
}

fn told_by_responses(body: &Value) -> Told {
    let usage = &body["usage"];
    let parts: Vec<&Value> = list(&body["output"])
        .iter()
        .flat_map(|item| list(&item["content"]))
        .collect();
    let parts = parts
        .into_iter()
        .filter(|part| part["type"] == "output_text");
    let mut told = Told {
        finish: text_of(&body["incomplete_details"]["reason"]).or_else(|| text_of(&body["status"])),
        model: text_of(&body["model"]),
        input: usage["input_tokens"].as_i64(),
        output: usage["output_tokens"].as_i64(),
        cached: usage["input_tokens_details"]["cached_tokens"].as_i64(),
        reasoning: usage["output_tokens_details"]["reasoning_tokens"].as_i64(),
        cost: usage["cost_in_usd_ticks"]
            .as_i64()
            .map(|ticks| Money::from_nanos((ticks + 9) / 10)),
        ..Told::default()
    };
    for part in parts {
        told.text
            .push_str(part["text"].as_str().unwrap_or_default());
        told.urls.extend(
            list(&part["annotations"])
                .iter()
                .filter_map(|note| note["url"].as_str())
                .map(untracked),
        );
    }
    let calls = list(&body["output"]).iter().filter(|item| {
        item["type"] == "web_search_call"
            && (item["action"].is_null() || item["action"]["type"] == "search")
    });
    told.searches = body["tool_usage"]["web_search"]["num_requests"]
        .as_i64()
        .or_else(|| usage["server_side_tool_usage_details"]["web_search_calls"].as_i64())
        .or_else(|| usage["num_server_side_tools_used"].as_i64())
        .or_else(|| i64::try_from(calls.count()).ok());
    told
}

fn told_by_messages(body: &Value) -> Told {
    let usage = &body["usage"];
    let blocks: Vec<&Value> = list(&body["content"])
        .iter()
        .filter(|block| block["type"] == "text")
        .collect();
    let shown = list(&body["content"])
        .iter()
        .filter(|block| block["type"] == "server_tool_use")
        .count();
    Told {
        text: blocks
            .iter()
            .filter_map(|block| block["text"].as_str())
            .collect(),
        finish: text_of(&body["stop_reason"]),
        model: text_of(&body["model"]),
        input: total(&[
            &usage["input_tokens"],
            &usage["cache_read_input_tokens"],
            &usage["cache_creation_input_tokens"],
        ]),
        output: usage["output_tokens"].as_i64(),
        cached: usage["cache_read_input_tokens"].as_i64(),
        reasoning: usage["output_tokens_details"]["thinking_tokens"].as_i64(),
        searches: usage["server_tool_use"]["web_search_requests"]
            .as_i64()
            .or(i64::try_from(shown).ok()),
        cost: None,
        urls: blocks
            .iter()
            .flat_map(|block| list(&block["citations"]))
            .filter_map(|cited| text_of(&cited["url"]))
            .collect(),
    }
}

fn told_by_gemini(body: &Value) -> Told {
    let usage = &body["usageMetadata"];
    let candidate = &body["candidates"][0];
    let grounding = &candidate["groundingMetadata"];
    let parts = list(&candidate["content"]["parts"])
        .iter()
        .filter(|part| part["thought"] != true);
    let input = total(&[
        &usage["promptTokenCount"],
        &usage["toolUsePromptTokenCount"],
    ]);
    let rest = usage["totalTokenCount"]
        .as_i64()
        .zip(input)
        .map(|(total, input)| total - input);
    let queries = list(&grounding["webSearchQueries"])
        .iter()
        .filter(|query| *query != "")
        .count();
    let url = |index: usize| text_of(&grounding["groundingChunks"][index]["web"]["uri"]);
    let cited: Vec<usize> = list(&grounding["groundingSupports"])
        .iter()
        .flat_map(|support| list(&support["groundingChunkIndices"]))
        .filter_map(|index| usize::try_from(index.as_u64()?).ok())
        .collect();
    let uncited =
        (0..list(&grounding["groundingChunks"]).len()).filter(|index| !cited.contains(index));
    Told {
        text: parts.filter_map(|part| part["text"].as_str()).collect(),
        finish: text_of(&candidate["finishReason"]),
        model: text_of(&body["modelVersion"]),
        input,
        output: total(&[&usage["candidatesTokenCount"], &usage["thoughtsTokenCount"]]).or(rest),
        cached: usage["cachedContentTokenCount"].as_i64(),
        reasoning: usage["thoughtsTokenCount"].as_i64(),
        searches: i64::try_from(queries).ok(),
        cost: None,
        urls: cited
            .iter()
            .copied()
            .chain(uncited)
            .filter_map(url)
            .filter(|url| !url.starts_with("https://www.google.com/search"))
            .collect(),
    }
}

fn told_by_sonar(body: &Value) -> Told {
    let usage = &body["usage"];
    let sources = list(&body["search_results"]);
    let urls: Vec<String> = if sources.is_empty() {
        list(&body["citations"])
            .iter()
            .filter_map(text_of)
            .collect()
    } else {
        sources
            .iter()
            .filter_map(|source| text_of(&source["url"]))
            .collect()
    };
    Told {
        text: body["choices"][0]["message"]["content"]
            .as_str()
            .unwrap_or_default()
            .to_owned(),
        finish: text_of(&body["choices"][0]["finish_reason"]),
        model: text_of(&body["model"]),
        input: total(&[&usage["prompt_tokens"], &usage["citation_tokens"]]),
        output: total(&[&usage["completion_tokens"], &usage["reasoning_tokens"]]),
        cached: None,
        reasoning: usage["reasoning_tokens"].as_i64(),
        searches: usage["num_search_queries"].as_i64(),
        cost: dollars(&usage["cost"]["total_cost"]),
        urls,
    }
}

fn told_by_chat(body: &Value) -> Told {
    let usage = &body["usage"];
    let message = &body["choices"][0]["message"];
    let chunks: String = list(&message["content"])
        .iter()
        .filter(|chunk| chunk["type"] == "text")
        .filter_map(|chunk| chunk["text"].as_str())
        .collect();
    let text = message["content"].as_str().map_or(chunks, str::to_owned);
    let reasoning = usage["completion_tokens_details"]["reasoning_tokens"].as_i64();
    let left_out = usage["total_tokens"].as_i64()
        != total(&[&usage["prompt_tokens"], &usage["completion_tokens"]]);
    let tools = list(&message["executed_tools"]);
    let noted = list(&message["annotations"])
        .iter()
        .filter_map(|note| note["url_citation"]["url"].as_str());
    let found = tools
        .iter()
        .flat_map(|tool| list(&tool["search_results"]["results"]))
        .filter_map(|result| result["url"].as_str());
    let ticks = usage["cost_in_usd_ticks"]
        .as_i64()
        .map(|ticks| Money::from_nanos((ticks + 9) / 10));
    Told {
        text: if text.is_empty() {
            text_of(&message["refusal"]).unwrap_or_default()
        } else {
            text
        },
        finish: text_of(&body["choices"][0]["finish_reason"]),
        model: text_of(&body["model"]),
        input: usage["prompt_tokens"].as_i64(),
        output: usage["completion_tokens"]
            .as_i64()
            .map(|count| count + reasoning.filter(|_| left_out).unwrap_or(0)),
        cached: usage["prompt_tokens_details"]["cached_tokens"]
            .as_i64()
            .or_else(|| usage["prompt_cache_hit_tokens"].as_i64()),
        reasoning,
        searches: usage["server_tool_use_details"]["web_search_requests"]
            .as_i64()
            .or_else(|| {
                let searches = tools
                    .iter()
                    .filter(|tool| !tool["search_results"].is_null())
                    .count();
                i64::try_from(searches).ok().filter(|_| !tools.is_empty())
            }),
        cost: ticks.or_else(|| dollars(&usage["cost"])),
        urls: noted.chain(found).map(untracked).collect(),
    }
}

// ---------------------------------------------------------------------------------------------
// Lists of models

fn check_models(entry: &Value, json: &Value) -> Vec<String> {
    let provider = match entry["provider"].as_str().expect("provider") {
        "gemini" => Provider::Google,
        "openai-compatible" | "ollama" => Provider::Compatible,
        slug => slug.parse().expect("provider"),
    };
    let body = &json["response"]["body"];
    let page = match parse_models(
        provider,
        200,
        &HeaderMap::new(),
        body.to_string().as_bytes(),
    ) {
        Ok(page) => page,
        Err(failure) => return vec![format!("{failure:?}")],
    };
    let entries = ["data", "models", "items"]
        .into_iter()
        .map(|name| list(&body[name]));
    let entries = entries
        .max_by_key(|entries| entries.len())
        .unwrap_or_default();
    let mut expected: Vec<String> = entries
        .iter()
        .filter_map(|entry| text_of(&entry["id"]).or_else(|| text_of(&entry["name"])))
        .map(|id| id.trim_start_matches("models/").to_owned())
        .collect();
    let seen: Vec<&str> = page.models.iter().map(|model| model.id.as_str()).collect();
    if provider == Provider::Perplexity {
        let own = [
            "sonar",
            "sonar-pro",
            "sonar-reasoning-pro",
            "sonar-deep-research",
        ]
        .map(str::to_owned);
        expected.extend(
            own.into_iter()
                .filter(|id| !entries.iter().any(|entry| entry["id"] == **id)),
        );
    }
    let mut problems = Vec::new();
    if seen != expected {
        problems.push(format!("{seen:?} instead of {expected:?}"));
    }
    let next = text_of(&body["nextPageToken"])
        .or_else(|| text_of(&body["last_id"]).filter(|_| body["has_more"] == true));
    if page.next_page != next {
        problems.push(format!(
            "next page {:?} instead of {next:?}",
            page.next_page
        ));
    }
    for model in &page.models {
        let name = model.id.to_lowercase();
        let other = ["embed", "whisper", "dall-e", "tts-", "moderation"]
            .iter()
            .any(|part| name.contains(part));
        if model.chat && other && provider != Provider::Google {
            problems.push(format!("{} answers no questions", model.id));
        }
    }
    if provider == Provider::Google {
        let able = entries.iter().filter(|entry| {
            list(&entry["supportedGenerationMethods"])
                .iter()
                .any(|method| method == "generateContent")
        });
        let (able, chat) = (
            able.count(),
            page.models.iter().filter(|model| model.chat).count(),
        );
        if able != chat {
            problems.push(format!("{chat} models answer questions instead of {able}"));
        }
    }
    if !page.models.iter().any(|model| model.chat) {
        problems.push("no model answers questions".to_owned());
    }
    problems
}

// ---------------------------------------------------------------------------------------------
// Fixtures of our own

#[test]
fn every_fixture_is_read_as_it_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/providers");
    let mut problems = Vec::new();
    let mut count = 0;
    for file in fs::read_dir(folder).expect("folder") {
        let path = file.expect("file").path();
        let cases: Vec<Value> =
            serde_json::from_slice(&fs::read(&path).expect("fixture")).expect("json");
        for case in cases {
            count += 1;
            let seen = serde_json::to_value(inspect(case.to_string().as_bytes())).expect("json");
            for (field, expected) in case["expected"].as_object().expect("expected") {
                if seen[field] != *expected {
                    problems.push(format!(
                        "{} {}: {field}: {} instead of {expected}",
                        path.file_name().unwrap_or_default().display(),
                        case["name"],
                        seen[field]
                    ));
                }
            }
        }
    }
    println!("checked: {count} fixtures");
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    assert!(count >= 40, "{count} fixtures");
}

#[test]
fn what_no_adapter_speaks_is_named() {
    let refused = |json: &str| {
        Recording::read(json.as_bytes())
            .expect_err("refused")
            .to_string()
    };
    let other = r#"{"provider": "cohere", "api": "chat", "response": {"status": 200, "headers": {}, "body": {}}}"#;
    assert!(refused(other).contains("cohere/chat"));
    let stream = r#"{"provider": "openai", "api": "chat", "response": {"status": 200,
        "headers": {"content-type": "text/event-stream"}, "body": "data: {}"}}"#;
    assert!(refused(stream).contains("streamed"));
    assert!(refused("[]").contains("not a recording"));
}
