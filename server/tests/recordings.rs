//! Recorded exchanges with real providers, and fixtures of our own, against the adapters.
//!
//! What is expected is looked up in the recording itself, path by path, or written down by hand
//! for errors; never taken from an adapter.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use app::model::provider::Provider;
use http::HeaderMap;
use parallax::cli::inspect::{Inspection, Recording};
use providers::models::parse_models;
use providers::{Answer, Citation, ErrorClass};
use serde_json::Value;

use recorded::{
    Recorded, list, recorded_by_agent, recorded_by_chat, recorded_by_gemini, recorded_by_messages,
    recorded_by_responses, recorded_by_sonar, text_of,
};

#[path = "recordings/rates.rs"]
mod rates;
#[path = "recordings/recorded.rs"]
mod recorded;

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
    ("perplexity/agent--cancelled--", "provider_fault", true, None),
    ("perplexity/agent--error-400--", "bad_parameter", false, None),
    ("perplexity/agent--error-401--", "bad_key", false, None),
    ("perplexity/agent--error-404--", "model_not_found", false, None),
    ("perplexity/agent--in-progress--", "bad_response", false, None),
    ("perplexity/agent--queued--", "bad_response", false, None),
    ("perplexity/chat--error-400--ruby_llm", "bad_parameter", false, None),
    ("perplexity/chat--error-401--ruby_llm", "bad_key", false, None),
    ("perplexity/chat--error-403--", "protocol_ended", false, None),
    ("perplexity/models--error-401--", "bad_key", false, None),
    ("perplexity/models--error-404--ruby_llm", "bad_response", false, None),
    ("xai/chat--error-400--ruby_llm--chat-error-handling", "bad_key", false, None),
    ("xai/chat--error-400--ruby_llm--chat-real-error", "context_overflow", false, None),
    ("xai/chat--error-503--ruby_llm", "overloaded", true, None),
];

/// As many recordings are for these adapters, or more.
const RECORDINGS: usize = 233;

fn recordings_folder() -> PathBuf {
    match std::env::var_os("PARALLAX_CASSETTES") {
        Some(folder) => PathBuf::from(folder),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/cassettes"),
    }
}

/// Says something even where the test harness keeps quiet about passed tests.
fn say(line: &str) {
    let _ = writeln!(io::stderr(), "recordings: {line}");
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
        // scripts/test.sh puts the number beside the sum of all tests.
        say(&format!(
            "passed over: {RECORDINGS}, not found in {}",
            folder.display()
        ));
        return;
    };
    let index: Vec<Value> = serde_json::from_slice(&index).expect("index");
    let mut skipped: BTreeMap<&str, usize> = BTreeMap::new();
    let mut checked: BTreeMap<&str, usize> = BTreeMap::new();
    let mut problems = Vec::new();
    let mut with_rates = 0;
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
        let (has_rates, misread) = rates::check_rates(&json);
        with_rates += usize::from(has_rates);
        problems.extend(
            found
                .into_iter()
                .chain(misread)
                .map(|problem| format!("{file}: {problem}")),
        );
    }
    say(&format!("checked: {checked:?}"));
    say(&format!("with rate headers: {with_rates}"));
    say(&format!("out of scope: {skipped:?}"));
    assert!(
        problems.is_empty(),
        "{} problems:\n{}",
        problems.len(),
        problems.join("\n")
    );
    assert!(
        checked.values().sum::<usize>() >= RECORDINGS,
        "too few recordings: {checked:?}"
    );
    assert!(with_rates > 20, "too few rate headers: {with_rates}");
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
        found.outcome.word(),
        found.error_class.map(ErrorClass::word),
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
    let recorded = match entry["api"].as_str() {
        Some("responses") => recorded_by_responses(body),
        Some("messages") => recorded_by_messages(body),
        Some("generateContent") => recorded_by_gemini(body),
        Some("agent") => recorded_by_agent(body),
        _ if entry["provider"] == "perplexity" => recorded_by_sonar(body),
        _ => recorded_by_chat(body),
    };
    let mut problems = compare(&answer, &recorded);
    let outcome = expected_outcome(entry["kind"].as_str().unwrap_or_default(), &recorded);
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

fn expected_outcome(kind: &str, recorded: &Recorded) -> &'static str {
    match kind {
        "refusal" => "refused",
        "blocked" => "blocked",
        _ if recorded.text.is_empty() => "empty",
        "truncated" => "truncated",
        // Some recordings of other kinds ran into the limit on purpose.
        _ if matches!(
            recorded.finish.as_deref(),
            Some("length" | "max_tokens" | "max_output_tokens" | "MAX_TOKENS")
        ) =>
        {
            "truncated"
        }
        _ => "answered",
    }
}

fn compare(answer: &Answer, recorded: &Recorded) -> Vec<String> {
    let mut problems = Vec::new();
    let mut differ = |what: &str, seen: String, expected: String| {
        if seen != expected {
            problems.push(format!("{what}: {seen} instead of {expected}"));
        }
    };
    differ("text", answer.text.clone(), recorded.text.clone());
    differ(
        "finish",
        format!("{:?}", answer.finish),
        format!("{:?}", recorded.finish),
    );
    differ(
        "model",
        format!("{:?}", answer.model_served),
        format!("{:?}", recorded.model),
    );
    differ(
        "input",
        format!("{:?}", answer.usage.input_tokens),
        format!("{:?}", recorded.input),
    );
    differ(
        "output",
        format!("{:?}", answer.usage.output_tokens),
        format!("{:?}", recorded.output),
    );
    differ(
        "cached",
        format!("{:?}", answer.usage.cached_tokens),
        format!("{:?}", recorded.cached),
    );
    differ(
        "reasoning",
        format!("{:?}", answer.usage.reasoning_tokens),
        format!("{:?}", recorded.reasoning),
    );
    differ(
        "searches",
        format!("{:?}", answer.usage.searches),
        format!("{:?}", recorded.searches),
    );
    differ(
        "queries",
        format!("{:?}", answer.search_queries),
        format!("{:?}", recorded.queries),
    );
    differ(
        "cost",
        format!("{:?}", answer.cost_reported),
        format!("{:?}", recorded.cost),
    );
    let urls = |cited: bool| {
        let citations = answer.citations.iter();
        let mut urls: Vec<&str> = citations
            .filter(|source| source.cited == cited)
            .map(|source| source.url.as_str())
            .collect();
        urls.sort_unstable();
        urls
    };
    let mut expected: Vec<&str> = recorded.urls.iter().map(String::as_str).collect();
    expected.sort_unstable();
    differ(
        "citations",
        format!("{:?}", urls(true)),
        format!("{expected:?}"),
    );
    let mut beside: Vec<&str> = recorded.retrieved.iter().map(String::as_str).collect();
    beside.retain(|url| !expected.contains(url));
    beside.sort_unstable();
    beside.dedup();
    differ(
        "retrieved",
        format!("{:?}", urls(false)),
        format!("{beside:?}"),
    );
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
    let expected: Vec<String> = entries
        .iter()
        .filter_map(|entry| text_of(&entry["id"]).or_else(|| text_of(&entry["name"])))
        .map(|id| id.trim_start_matches("models/").to_owned())
        .collect();
    let seen: Vec<&str> = page.models.iter().map(|model| model.id.as_str()).collect();
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
        // Models that draw or speak have that method too.
        let other = ["image", "tts", "audio", "computer-use", "lyria"];
        let able = entries.iter().filter(|entry| {
            let name = entry["name"].as_str().unwrap_or_default();
            list(&entry["supportedGenerationMethods"])
                .iter()
                .any(|method| method == "generateContent")
                && !other.iter().any(|part| name.contains(part))
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
    say(&format!("checked: {count} fixtures"));
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    assert!(count >= 200, "{count} fixtures");
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
