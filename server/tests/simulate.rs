//! The real client and adapters against the simulated providers, over a socket.

use std::time::Duration;

use app::model::provider::Provider as ProviderName;
use providers::models::KeyTest;
use providers::simulator::server::{SimulateOptions, serve};
use providers::{
    Access, ClientOptions, ErrorClass, Exchange, HttpProvider, Outcome, Provider, Question,
    RAW_BODY_LIMIT, Reach, search_queries_of,
};
use secrecy::SecretString;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

/// A server that ends with the test.
struct Simulated {
    origin: String,
    _stop: oneshot::Sender<()>,
}

impl Simulated {
    async fn start(faults: &str, options: SimulateOptions) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("port");
        let origin = format!("http://{}", listener.local_addr().expect("address"));
        let (stop, stopped) = oneshot::channel::<()>();
        let options = SimulateOptions {
            faults: faults.parse().expect("plan"),
            ..options
        };
        tokio::spawn(serve(listener, options, async move {
            let _ = stopped.await;
        }));
        Self {
            origin,
            _stop: stop,
        }
    }

    fn access(&self, provider: ProviderName, key: &str) -> Access {
        let base = match provider {
            ProviderName::OpenAi | ProviderName::Compatible => format!("{}/v1", self.origin),
            _ => self.origin.clone(),
        };
        Access {
            provider,
            api_key: Some(SecretString::from(key)),
            base_url: Some(base),
            reach: Reach::Anywhere,
        }
    }

    async fn ask(&self, provider: ProviderName, key: &str, deadline: Duration) -> Exchange {
        client(deadline)
            .ask(&self.access(provider, key), &question(provider))
            .await
    }
}

fn client(deadline: Duration) -> HttpProvider {
    HttpProvider::new(ClientOptions {
        deadline,
        ..ClientOptions::default()
    })
    .expect("client")
}

fn question(provider: ProviderName) -> Question {
    Question {
        model_id: format!("model-{provider}"),
        text: "Which running shoes last longest?".to_owned(),
        web_search: provider != ProviderName::Compatible,
        language: "es".to_owned(),
        country: Some("ES".to_owned()),
        max_output_tokens: 2048,
        hints: Vec::new(),
        instructions: None,
        form: None,
    }
}

/// By the beginning of a key the server tells vendors apart that list models at the same path.
const fn good_key(provider: ProviderName) -> &'static str {
    match provider {
        ProviderName::Perplexity => "pplx-good",
        _ => "good",
    }
}

/// A question of a judge about one answer.
fn judging(provider: ProviderName) -> Question {
    let task =
        r#"{"entities":[{"entity":1,"name":"Kipu"}],"answers":[{"answer":1,"entities":[1]}]}"#;
    let schema = serde_json::json!({"type": "object", "properties": {}});
    Question {
        text: format!("TASK: {task}\n\nabc BEGIN 1\nKipu is there.\nabc END 1\n"),
        web_search: false,
        country: None,
        instructions: Some("Judge.".into()),
        form: Some(providers::Form {
            name: "verdicts",
            schema: std::sync::Arc::new(schema),
        }),
        ..question(provider)
    }
}

const LONG: Duration = Duration::from_secs(10);

/// Everything that the server speaks, chat completions included.
fn spoken() -> impl Iterator<Item = ProviderName> {
    ProviderName::BIG_FOUR
        .into_iter()
        .chain([ProviderName::Compatible])
}

#[tokio::test]
async fn each_protocol_judges_in_the_form_that_is_asked_for() {
    let server = Simulated::start("", SimulateOptions::default()).await;
    for provider in spoken() {
        let access = server.access(provider, "good");
        let exchange = client(LONG).ask(&access, &judging(provider)).await;
        let answer = exchange.result.expect("answer");
        assert_eq!(answer.outcome, Outcome::Answered, "{provider}");
        let json: serde_json::Value = serde_json::from_str(&answer.text).expect("json");
        let verdict = &json["verdicts"][0];
        assert_eq!(
            (&verdict["answer"], &verdict["entity"]),
            (&1.into(), &1.into())
        );
        assert_eq!(answer.usage.searches.unwrap_or(0), 0, "{provider}");
    }
}

#[tokio::test]
async fn each_protocol_answers_with_citations_that_fit() {
    let names = vec!["Acme".to_owned(), "Ñandú Sport".to_owned()];
    let options = SimulateOptions {
        names,
        ..SimulateOptions::default()
    };
    let server = Simulated::start("", options).await;
    for provider in spoken() {
        let client = client(LONG);
        let mut cited = 0;
        let mut answers_with_name = 0;
        for _ in 0..20 {
            let exchange = client
                .ask(&server.access(provider, "good"), &question(provider))
                .await;
            let answer = exchange.result.expect("answer");
            assert_eq!(answer.outcome, Outcome::Answered, "{provider}");
            assert_eq!(exchange.status, Some(200));
            assert_eq!(
                answer.model_served.as_deref(),
                Some(format!("model-{provider}").as_str())
            );
            assert!(exchange.request_id.is_some(), "{provider}");
            assert!(answer.usage.input_tokens > Some(10) && answer.usage.output_tokens > Some(20));
            assert_eq!(
                answer.cost_reported.is_some(),
                provider == ProviderName::Perplexity
            );
            let kept = search_queries_of(&exchange.raw_body);
            assert_eq!(kept.as_ref(), Some(&answer.search_queries), "{provider}");
            assert_eq!(
                !answer.search_queries.is_empty(),
                answer.usage.searches.unwrap_or(0) > 0,
                "{provider}"
            );
            answers_with_name += usize::from(answer.text.contains("Acme"));
            for citation in &answer.citations {
                assert!(!citation.url.contains("utm_source"), "{}", citation.url);
                assert!(
                    citation.host().is_some_and(|host| host.contains('.')),
                    "{citation:?}"
                );
                let range = citation.start.zip(citation.end).expect("place");
                let passage = answer.text.get(range.0..range.1).expect("slice");
                let fits = match provider {
                    ProviderName::OpenAi => passage.contains(&citation.url),
                    ProviderName::Perplexity => passage.starts_with('[') && passage.ends_with(']'),
                    _ => passage.len() > 10,
                };
                assert!(fits, "{provider}: {passage:?} for {}", citation.url);
                cited += 1;
            }
        }
        assert!(
            answers_with_name >= 5,
            "{provider}: named in {answers_with_name} of 20 answers"
        );
        assert_eq!(
            cited > 10,
            provider != ProviderName::Compatible,
            "{provider}: {cited} citations"
        );
    }
}

#[tokio::test]
async fn keys_are_tested_and_models_listed_without_an_ask() {
    let server = Simulated::start("", SimulateOptions::default()).await;
    let client = client(LONG);
    for provider in ProviderName::BIG_FOUR {
        let good = client.test_key(&server.access(provider, "good")).await;
        assert_eq!(good, Ok(KeyTest::Accepted), "{provider}");
        let refused = client
            .test_key(&server.access(provider, "bad-key-12345"))
            .await
            .expect_err("refused");
        assert_eq!(refused.class, ErrorClass::BadKey, "{provider}");
        let models = client
            .list_models(&server.access(provider, good_key(provider)))
            .await
            .expect("models");
        assert!(models.iter().any(|model| model.chat), "{provider}");
    }
    assert_eq!(stats(&server).await["requests_total"], 0);
}

#[tokio::test]
async fn a_bad_key_is_a_bad_key_everywhere_and_is_not_repeated() {
    let server = Simulated::start("", SimulateOptions::default()).await;
    for provider in spoken() {
        let exchange = server.ask(provider, "bad-key-12345", LONG).await;
        let failure = exchange.result.expect_err("refused");
        assert_eq!(
            (failure.class, failure.retry),
            (ErrorClass::BadKey, false),
            "{provider}"
        );
        assert!(
            !failure.message.contains("bad-key-12345"),
            "{}",
            failure.message
        );
        assert!(!String::from_utf8_lossy(&exchange.raw_body).contains("bad-key-12345"));
    }
}

#[tokio::test]
async fn failures_on_order_arrive_as_what_they_are() {
    for (faults, class, retry) in [
        ("429=1", ErrorClass::RateLimited, true),
        ("500=1", ErrorClass::ProviderFault, true),
        ("503=1", ErrorClass::Overloaded, true),
        ("drop=1", ErrorClass::Network, true),
        ("malformed=1", ErrorClass::BadResponse, false),
    ] {
        // What was sent and did not come back in one piece may have been paid for.
        let may_be_billed = matches!(class, ErrorClass::Network | ErrorClass::BadResponse);
        let wait = Duration::from_millis(1_500);
        let options = SimulateOptions {
            retry_after: wait,
            ..SimulateOptions::default()
        };
        let server = Simulated::start(faults, options).await;
        for provider in spoken() {
            let failure = server
                .ask(provider, "good", LONG)
                .await
                .result
                .expect_err(faults);
            assert_eq!(
                (failure.class, failure.retry),
                (class, retry),
                "{provider} {faults}"
            );
            assert_eq!(failure.may_be_billed, may_be_billed, "{provider} {faults}");
            let expected = (class == ErrorClass::RateLimited).then_some(wait);
            assert_eq!(failure.retry_after, expected, "{provider} {faults}");
        }
    }
}

#[tokio::test]
async fn another_model_answers_from_the_moment_that_is_ordered() {
    let reroutes = ProviderName::BIG_FOUR
        .map(|provider| {
            format!("model-{provider}=other-1@2")
                .parse()
                .expect("a reroute")
        })
        .to_vec();
    let options = SimulateOptions {
        reroutes,
        ..SimulateOptions::default()
    };
    let server = Simulated::start("", options).await;
    for provider in ProviderName::BIG_FOUR {
        let mut names = Vec::new();
        for _ in 0..4 {
            let exchange = server.ask(provider, "good", LONG).await;
            names.extend(exchange.result.expect("answer").model_served);
        }
        let own = format!("model-{provider}");
        assert_eq!(names, [own.as_str(), own.as_str(), "other-1", "other-1"]);
    }
    let stats = stats(&server).await;
    assert_eq!(stats["by_model"]["other-1"], serde_json::Value::Null);
    assert_eq!(stats["by_model"]["model-openai"], 4);
}

#[tokio::test]
async fn perplexitys_interface_is_as_strict_as_the_real_one() {
    let server = Simulated::start("", SimulateOptions::default()).await;
    let client = reqwest::Client::new();
    let post = async |path: &str, body: serde_json::Value| {
        let request = client.post(format!("{}{path}", server.origin));
        let sent = request.bearer_auth("good").body(body.to_string()).send();
        let response = sent.await.expect("response");
        let status = response.status().as_u16();
        let bytes = response.bytes().await.expect("body");
        let body: serde_json::Value = serde_json::from_slice(&bytes).expect("json");
        (status, body)
    };
    let ask = serde_json::json!({"model": "perplexity/sonar", "input": "Which shoes last?"});
    for path in ["/v1/agent", "/v1/responses"] {
        let (status, body) = post(path, ask.clone()).await;
        assert_eq!(
            (status, &body["usage"]["cost"]["currency"]),
            (200, &"USD".into())
        );
        let mut with_more = ask.clone();
        with_more["max_tokens"] = 5.into();
        let (status, body) = post(path, with_more).await;
        assert_eq!(
            (status, &body["error"]["param"]),
            (400, &"max_tokens".into())
        );
    }
    for path in ["/chat/completions", "/v1/sonar"] {
        let (status, body) = post(path, ask.clone()).await;
        let kind = &body["error"]["type"];
        assert_eq!(
            (status, kind),
            (403, &"chat_completions_not_available".into())
        );
    }
}

#[tokio::test]
async fn an_unknown_model_is_not_found() {
    let server = Simulated::start("", SimulateOptions::default()).await;
    for provider in spoken() {
        let missing = Question {
            model_id: "missing-1".to_owned(),
            ..question(provider)
        };
        let exchange = client(LONG)
            .ask(&server.access(provider, "good"), &missing)
            .await;
        assert_eq!(
            exchange.result.expect_err("failure").class,
            ErrorClass::ModelNotFound,
            "{provider}"
        );
    }
}

#[tokio::test]
async fn a_slow_answer_times_out() {
    let server = Simulated::start("slow=1", SimulateOptions::default()).await;
    let exchange = server
        .ask(ProviderName::Anthropic, "good", Duration::from_millis(200))
        .await;
    let failure = exchange.result.expect_err("late");
    assert_eq!((failure.class, failure.retry), (ErrorClass::Timeout, true));
    assert!(
        exchange.latency >= Duration::from_millis(200) && exchange.latency < Duration::from_secs(5)
    );
    assert_eq!(exchange.status, None);
}

#[tokio::test]
async fn nobody_listening_is_a_network_failure_without_an_address_in_it() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("port");
    let address = listener.local_addr().expect("address");
    drop(listener);
    let access = Access {
        provider: ProviderName::OpenAi,
        api_key: Some(SecretString::from("sk-secret-key")),
        base_url: Some(format!("http://someone:password@{address}/v1")),
        reach: Reach::Anywhere,
    };
    let exchange = client(LONG)
        .ask(&access, &question(ProviderName::OpenAi))
        .await;
    let failure = exchange.result.expect_err("nobody");
    assert_eq!((failure.class, failure.retry), (ErrorClass::Network, true));
    assert!(!failure.message.contains("password") && !failure.message.contains("sk-secret"));
    let invalid = Access {
        base_url: Some("not an address".to_owned()),
        ..access
    };
    let exchange = client(LONG)
        .ask(&invalid, &question(ProviderName::OpenAi))
        .await;
    assert_eq!(
        exchange.result.expect_err("invalid").class,
        ErrorClass::BadParameter
    );
}

/// A server with one response for everything.
async fn server_of(response: fn() -> axum::response::Response) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("port");
    let origin = format!("http://{}", listener.local_addr().expect("address"));
    let routes = axum::Router::new().fallback(move || async move { response() });
    tokio::spawn(async move { axum::serve(listener, routes).await });
    origin
}

fn access_to(origin: String) -> Access {
    Access {
        provider: ProviderName::Compatible,
        api_key: Some(SecretString::from("sk-secret-key")),
        base_url: Some(origin),
        reach: Reach::Anywhere,
    }
}

#[tokio::test]
async fn a_body_without_end_is_not_read_to_its_end() {
    let origin = server_of(|| axum::response::Response::new("x".repeat(5_000_000).into())).await;
    let exchange = client(LONG)
        .ask(&access_to(origin), &question(ProviderName::Compatible))
        .await;
    let failure = exchange.result.expect_err("too long");
    assert_eq!(
        (failure.class, failure.retry),
        (ErrorClass::BadResponse, false)
    );
    assert!(failure.may_be_billed, "it may have been an answer");
    assert_eq!(exchange.raw_body.len(), RAW_BODY_LIMIT);
}

#[tokio::test]
async fn a_redirect_is_not_followed_with_the_key() {
    let origin = server_of(|| {
        let mut response = axum::response::Response::new("".into());
        *response.status_mut() = http::StatusCode::TEMPORARY_REDIRECT;
        response
            .headers_mut()
            .insert("location", http::HeaderValue::from_static("/elsewhere"));
        response
    })
    .await;
    let exchange = client(LONG)
        .ask(&access_to(origin), &question(ProviderName::Compatible))
        .await;
    assert_eq!(exchange.status, Some(307));
    assert_eq!(
        exchange.result.expect_err("redirect").class,
        ErrorClass::BadResponse
    );
}

#[tokio::test]
async fn a_key_that_an_error_quotes_is_hidden() {
    let origin = server_of(|| {
        let quoting = r#"{"error": {"message": "sk-secret-key is not welcome", "code": 400}}"#;
        let mut response = axum::response::Response::new(quoting.into());
        *response.status_mut() = http::StatusCode::BAD_REQUEST;
        response
    })
    .await;
    let exchange = client(LONG)
        .ask(&access_to(origin), &question(ProviderName::Compatible))
        .await;
    assert_eq!(
        exchange.result.expect_err("refused").message,
        format!("{} is not welcome", "*".repeat("sk-secret-key".len()))
    );
    assert!(!String::from_utf8_lossy(&exchange.raw_body).contains("secret"));
}

#[tokio::test]
async fn the_server_counts_what_it_was_asked() {
    let server = Simulated::start("500:first=1", SimulateOptions::default()).await;
    for _ in 0..3 {
        let _ = server.ask(ProviderName::Google, "good", LONG).await;
    }
    let stats = stats(&server).await;
    let prompt = "Which running shoes last longest?";
    assert_eq!(stats["requests_total"], 3);
    assert_eq!(stats["answers_total"], 2);
    assert_eq!(stats["by_model"]["model-google"], 3);
    assert_eq!(stats["by_prompt"][prompt], 3);
    assert_eq!(stats["answers"]["model-google"][prompt], 2);
}

async fn stats(server: &Simulated) -> serde_json::Value {
    let response = reqwest::get(format!("{}/_simulate/stats", server.origin))
        .await
        .expect("stats");
    serde_json::from_slice(&response.bytes().await.expect("body")).expect("json")
}
