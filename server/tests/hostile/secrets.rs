//! Servers that give the key back: it is kept nowhere.

use app::model::provider::Provider as ProviderName;
use serde_json::{Value, json};

use crate::raw_server::{RawServer, response};
use crate::support::{KEY, OPTIONS, VENDORS, access, answer_to, ask, body_of, client, each_fails};

use providers::RAW_BODY_LIMIT;

#[tokio::test]
async fn errors_that_quote_the_key_are_kept_without_it() {
    let quoting = json!({"error": {"message": format!("no such key: {KEY}!"), "code": 400}});
    let mut latin = b"\xe9\xff ".to_vec();
    latin.extend_from_slice(KEY.as_bytes());
    let mut long = vec![b'x'; RAW_BODY_LIMIT - 9];
    long.extend_from_slice(KEY.as_bytes());
    for body in [quoting.to_string().into_bytes(), latin, long] {
        let header = format!("x-request-id: {KEY}\r\n");
        let server = RawServer::saying(response(400, &header, &body)).await;
        each_fails(OPTIONS, &server.origin, |vendor, exchange, failure| {
            let start = &KEY[..8];
            let kept = String::from_utf8_lossy(&exchange.raw_body);
            assert!(!kept.contains(start), "{vendor}");
            assert!(
                !failure.message.contains(start),
                "{vendor}: {}",
                failure.message
            );
            for id in [&failure.request_id, &exchange.request_id] {
                assert!(
                    id.as_ref().is_some_and(|id| !id.contains(start)),
                    "{vendor}: {id:?}"
                );
            }
        })
        .await;
    }
}

#[tokio::test]
async fn answers_that_quote_the_key_are_kept_without_it() {
    for vendor in VENDORS {
        let body = body_of(vendor, &json!(1), &Value::Null).to_string();
        let body: Value = serde_json::from_str(&body.replace("Both", KEY)).expect("json");
        let answer = answer_to(vendor, &body).await;
        assert!(
            answer.text.ends_with("* are fine."),
            "{vendor}: {}",
            answer.text
        );
        assert!(!answer.text.contains(&KEY[..8]), "{vendor}");
    }
}

/// Fields whose words decide how a body is read at all.
const WORDS: [&str; 6] = [
    "type",
    "object",
    "status",
    "role",
    "currency",
    "server_label",
];

/// The body with the key behind every text, but for words that decide how it is read; and behind
/// the reasons of its end where `reasons` says so.
fn full_of_keys(json: &Value, reasons: bool) -> Value {
    match json {
        Value::String(text) => format!("{text}{KEY}").into(),
        Value::Array(items) => items
            .iter()
            .map(|item| full_of_keys(item, reasons))
            .collect(),
        Value::Object(fields) => {
            let is_word = |name: &str| {
                let is_reason = name.to_lowercase().contains("reason") && !name.contains("ing");
                WORDS.contains(&name) || is_reason && !reasons
            };
            let filled = fields.iter().map(|(name, value)| {
                if value.is_string() && is_word(name) {
                    (name.clone(), value.clone())
                } else {
                    (name.clone(), full_of_keys(value, reasons))
                }
            });
            Value::Object(filled.collect())
        }
        other => other.clone(),
    }
}

/// The key in each of its spellings takes the place of the plain one.
fn spelled(body: &Value, spelling: usize) -> String {
    let letters: Vec<String> = KEY.bytes().map(|byte| format!("\\u{byte:04x}")).collect();
    let escaped = letters.concat();
    let mixed = KEY.replacen('s', "\\u0073", 1).replacen('k', "\\u006B", 1);
    let spelling = [KEY, &escaped, &mixed][spelling];
    body.to_string().replace(KEY, spelling)
}

#[tokio::test]
async fn no_field_of_any_answer_keeps_the_key() {
    let files = [
        (
            ProviderName::OpenAi,
            include_str!("../fixtures/providers/openai_responses.json"),
        ),
        (
            ProviderName::Anthropic,
            include_str!("../fixtures/providers/anthropic.json"),
        ),
        (
            ProviderName::Google,
            include_str!("../fixtures/providers/gemini.json"),
        ),
        (
            ProviderName::Perplexity,
            include_str!("../fixtures/providers/perplexity_agent.json"),
        ),
        (
            ProviderName::Compatible,
            include_str!("../fixtures/providers/openai_chat.json"),
        ),
    ];
    let (start, header) = (&KEY[..8], format!("x-request-id: id-{KEY}\r\n"));
    for (vendor, file) in files {
        let fixtures: Vec<Value> = serde_json::from_str(file).expect("fixtures");
        let (mut texts, mut sources, mut models) = (0, 0, 0);
        for (number, fixture) in fixtures.iter().enumerate() {
            let body = full_of_keys(&fixture["response"]["body"], number % 2 == 1);
            let status = fixture["response"]["status"].as_u64().unwrap_or(200);
            let status = u16::try_from(status).expect("a status");
            let body = spelled(&body, number % 3);
            let server = RawServer::saying(response(status, &header, body.as_bytes())).await;
            let exchange = ask(OPTIONS, vendor, &server.origin).await;
            let name = &fixture["name"];
            let said = format!("{exchange:?}");
            assert!(!said.contains(start), "{vendor}: {name}: {said}");
            if let Ok(kept) = serde_json::from_slice::<Value>(&exchange.raw_body) {
                assert!(
                    !kept.to_string().contains(start),
                    "{vendor}: {name}: {kept}"
                );
            }
            if let Ok(answer) = &exchange.result {
                texts += usize::from(answer.text.contains("***"));
                sources += answer
                    .citations
                    .iter()
                    .filter(|one| one.url.contains("***"))
                    .count();
                models += usize::from(
                    answer
                        .model_served
                        .as_ref()
                        .is_some_and(|one| one.contains("***")),
                );
            }
        }
        // It was looked at where it counts.
        assert!(texts > 3 && models > 3, "{vendor}: {texts} {models}");
        assert!(sources > 3, "{vendor}: {sources}");
    }
}

#[tokio::test]
async fn no_list_of_models_keeps_the_key() {
    for provider in VENDORS {
        let name = match provider {
            ProviderName::Perplexity => format!("perplexity/{KEY}"),
            _ => format!("m-{KEY}"),
        };
        let entry = json!({
            "id": name, "name": format!("models/{name}"), "display_name": KEY,
            "displayName": KEY, "supportedGenerationMethods": ["generateContent"],
        });
        let body = json!({"data": [entry], "models": [entry]}).to_string();
        let server = RawServer::saying(response(200, "", body.as_bytes())).await;
        let models = client(OPTIONS)
            .list_models(&access(provider, &server.origin))
            .await
            .expect("a list");
        assert_eq!(models.len(), 1, "{provider}");
        let said = format!("{models:?}");
        assert!(!said.contains(&KEY[..8]), "{provider}: {said}");
    }
}

#[tokio::test]
async fn the_key_travels_in_one_header_and_nowhere_else() {
    for vendor in VENDORS {
        let server = RawServer::saying(response(200, "", b"{}")).await;
        let _ = ask(OPTIONS, vendor, &server.origin).await;
        let requests = server.heard();
        let [request] = requests.as_slice() else {
            panic!("{vendor}: {} requests", requests.len());
        };
        let (head, body) = request.split_once("\r\n\r\n").expect("a head");
        assert_eq!(head.matches(KEY).count(), 1, "{vendor}: {head}");
        let first = head.lines().next().expect("a request line");
        assert!(!first.contains(KEY) && !body.contains(KEY), "{vendor}");
    }
}
