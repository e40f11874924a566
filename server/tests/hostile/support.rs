//! The vendors, and how they are asked.

use std::time::{Duration, Instant};

use app::model::provider::Provider as ProviderName;
use providers::{
    Access, Answer, ClientOptions, ErrorClass, Exchange, Failure, HttpProvider, Provider, Question,
    RAW_BODY_LIMIT, Reach,
};
use secrecy::SecretString;
use serde_json::{Value, json};

use crate::raw_server::{RawServer, response};

/// One a protocol.
pub(crate) const VENDORS: [ProviderName; 5] = [
    ProviderName::OpenAi,
    ProviderName::Anthropic,
    ProviderName::Google,
    ProviderName::Perplexity,
    ProviderName::Compatible,
];

/// What every ask is asked with.
pub(crate) const KEY: &str = "sk-very-secret-0123456789";

/// What every fine answer says.
pub(crate) const TEXT: &str = "Both are fine.";

/// Deadlines that keep no test waiting, long enough for everything that is no hang.
pub(crate) const OPTIONS: ClientOptions = ClientOptions {
    connect_timeout: Duration::from_secs(2),
    deadline: Duration::from_secs(20),
    stall: Duration::from_secs(10),
};

/// As [`OPTIONS`], for servers that never come to an end.
pub(crate) const IMPATIENT: ClientOptions = ClientOptions {
    deadline: Duration::from_millis(500),
    ..OPTIONS
};

/// Longer than any impatient ask may take, whatever else this machine does.
const TOO_LONG: Duration = Duration::from_secs(5);

pub(crate) fn access(vendor: ProviderName, origin: &str) -> Access {
    Access {
        provider: vendor,
        api_key: Some(SecretString::from(KEY)),
        base_url: Some(origin.to_owned()),
        reach: Reach::Anywhere,
    }
}

pub(crate) fn question() -> Question {
    Question {
        model_id: "model".to_owned(),
        text: "Which shoes last longest?".to_owned(),
        web_search: false,
        language: "en".to_owned(),
        country: None,
        max_output_tokens: 200,
        hints: Vec::new(),
        instructions: None,
        form: None,
    }
}

pub(crate) fn client(options: ClientOptions) -> HttpProvider {
    HttpProvider::new(options).expect("a client")
}

/// Asks once.
pub(crate) async fn ask(options: ClientOptions, vendor: ProviderName, origin: &str) -> Exchange {
    ask_by(&client(options), options, vendor, origin).await
}

/// Asks once; holds what is kept to its limits, whatever came.
async fn ask_by(
    client: &HttpProvider,
    options: ClientOptions,
    vendor: ProviderName,
    origin: &str,
) -> Exchange {
    let begun = Instant::now();
    let exchange = client.ask(&access(vendor, origin), &question()).await;
    if options.deadline < TOO_LONG {
        assert!(
            begun.elapsed() < TOO_LONG,
            "{vendor}: {:?}",
            begun.elapsed()
        );
    }
    assert!(exchange.raw_body.len() <= RAW_BODY_LIMIT, "{vendor}");
    let kept = String::from_utf8_lossy(&exchange.raw_body);
    assert!(!kept.contains(KEY), "{vendor}: {kept}");
    if let Err(failure) = &exchange.result {
        assert!(failure.message.chars().count() <= 301, "{vendor}");
        assert!(!failure.message.is_empty(), "{vendor}");
        assert!(!failure.message.contains(KEY), "{vendor}");
    }
    exchange
}

/// Asks every vendor at `origin`, and hands what failed to `check`.
pub(crate) async fn each_fails(
    options: ClientOptions,
    origin: &str,
    check: impl Fn(ProviderName, &Exchange, &Failure),
) {
    let client = client(options);
    for vendor in VENDORS {
        let exchange = ask_by(&client, options, vendor, origin).await;
        match &exchange.result {
            Ok(answer) => panic!("{vendor} made an answer of it: {answer:?}"),
            Err(failure) => check(vendor, &exchange, failure),
        }
    }
}

/// Asserts that every vendor's ask fails with this class, worth another attempt or not.
pub(crate) async fn each_fails_as(
    options: ClientOptions,
    origin: &str,
    class: ErrorClass,
    retry: bool,
) {
    each_fails(options, origin, |vendor, _, failure| {
        let seen = (failure.class, failure.retry);
        assert_eq!(seen, (class, retry), "{vendor}: {}", failure.message);
    })
    .await;
}

/// The answer of a vendor whose server says `body`.
pub(crate) async fn answer_to(vendor: ProviderName, body: &Value) -> Answer {
    let server = RawServer::saying(response(200, "", body.to_string().as_bytes())).await;
    let exchange = ask(OPTIONS, vendor, &server.origin).await;
    match exchange.result {
        Ok(answer) => answer,
        Err(failure) => panic!("{vendor}: {failure:?}"),
    }
}

/// A fine answer in the words of a vendor, every counter being `count`, every cost `cost`.
pub(crate) fn body_of(vendor: ProviderName, count: &Value, cost: &Value) -> Value {
    let chat =
        json!([{"message": {"role": "assistant", "content": TEXT}, "finish_reason": "stop"}]);
    match vendor {
        ProviderName::OpenAi => json!({
            "status": "completed", "model": "model",
            "output": [{"type": "message", "content": [{"type": "output_text", "text": TEXT}]}],
            "usage": {"input_tokens": count, "output_tokens": count,
                "input_tokens_details": {"cached_tokens": count},
                "output_tokens_details": {"reasoning_tokens": count},
                "cost_in_usd_ticks": cost},
            "tool_usage": {"web_search": {"num_requests": count}},
        }),
        ProviderName::Anthropic => json!({
            "type": "message", "model": "model", "stop_reason": "end_turn",
            "content": [{"type": "text", "text": TEXT}],
            "usage": {"input_tokens": count, "output_tokens": count,
                "cache_read_input_tokens": count, "cache_creation_input_tokens": count,
                "server_tool_use": {"web_search_requests": count}},
        }),
        ProviderName::Google => json!({
            "candidates": [{"content": {"parts": [{"text": TEXT}]}, "finishReason": "STOP"}],
            "usageMetadata": {"promptTokenCount": count, "candidatesTokenCount": count,
                "thoughtsTokenCount": count, "cachedContentTokenCount": count,
                "toolUsePromptTokenCount": count},
        }),
        ProviderName::Perplexity => json!({
            "status": "completed", "model": "model",
            "output": [{"type": "message", "content": [{"type": "output_text", "text": TEXT}]}],
            "usage": {"input_tokens": count, "output_tokens": count,
                "input_tokens_details": {"cached_tokens": count},
                "output_tokens_details": {"reasoning_tokens": count},
                "tool_calls_details": {"search_web": {"invocation": count}},
                "cost": {"currency": "USD", "total_cost": cost}},
        }),
        _ => json!({
            "choices": chat,
            "usage": {"prompt_tokens": count, "completion_tokens": count,
                "prompt_tokens_details": {"cached_tokens": count}, "cost": cost},
        }),
    }
}
