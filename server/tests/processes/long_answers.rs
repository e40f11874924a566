//! Hostile answers of one tenant, while another one works.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use app::model::ids::ProjectId;
use app::model::project::{EntityDraft, ProjectDraft};
use app::model::provider::Provider;
use app::model::registry::ModelView;
use app::model::run::RunStatus;
use serde_json::{Value, json};

use crate::raw_server::{RawServer, response};
use crate::support::client::{Client, questions};
use crate::support::home::{Home, PASSWORD, with_sqlite};
use crate::support::simulator::good_key;

/// What a call of the other tenant may take at most, without optimisation on a busy machine.
/// Where answers are read on the threads that serve, it takes until they are read.
const SLOWEST: Duration = Duration::from_secs(10);
/// The run must be over by then.
const PATIENCE: Duration = Duration::from_mins(4);

/// Sources of an answer that are as long as all of it may be.
fn long_sources() -> Vec<Value> {
    let source = |number: usize| {
        let page = "%61".repeat(1_300);
        let url = format!("https://www.amp.site{number}.example/{page}?utm_source={number}");
        json!({ "type": "url_citation", "url": url })
    };
    (0..500).map(source).collect()
}

/// Answers that name somebody and are as long as answers may be, with what they cite.
fn answers() -> Vec<(String, Vec<Value>)> {
    let mut answers: Vec<(String, Vec<Value>)> =
        texts().into_iter().map(|text| (text, Vec::new())).collect();
    answers.push(("Acme cites much.".to_owned(), long_sources()));
    answers
}

fn texts() -> Vec<String> {
    vec![
        format!("Acme. http://{}", "a.".repeat(300_000)),
        format!("Acme. [see](https://{}example/x).", "www.".repeat(475_000)),
        format!("Acme. {}", ".".repeat(1_000_000)),
        format!("Acme, 카카오 {}", "카카오".repeat(60_000)),
        format!("{}Acme\n{}", "> ".repeat(100_000), "a\n".repeat(100_000)),
    ]
}

/// A provider that gives each question another of the answers.
async fn provider(answers: &[(String, Vec<Value>)]) -> RawServer {
    let bodies: Vec<Vec<u8>> = answers
        .iter()
        .map(|(text, sources)| {
            let content = json!([{ "type": "output_text", "text": text, "annotations": sources }]);
            let body = json!({
                "status": "completed",
                "output": [{ "type": "message", "content": content }],
                "usage": { "input_tokens": 10, "output_tokens": 10 },
            });
            response(200, "", body.to_string().as_bytes())
        })
        .collect();
    let next = Arc::new(AtomicUsize::new(0));
    let bodies = Arc::new(bodies);
    RawServer::start(move |mut caller| {
        let number = next.fetch_add(1, Ordering::SeqCst);
        let bodies = Arc::clone(&bodies);
        async move {
            caller.write(&bodies[number % bodies.len()]).await;
        }
    })
    .await
}

async fn project(client: &Client, questions: Vec<String>) -> ProjectId {
    let models: Vec<ModelView> = client.call("models/list", &json!({})).await;
    let model = models
        .iter()
        .find(|model| model.is_current && model.provider == Provider::OpenAi)
        .expect("a model");
    let entity = |name: &str, domain: &str| EntityDraft {
        name: name.to_owned(),
        domains: vec![domain.to_owned()],
        ..EntityDraft::default()
    };
    let draft = ProjectDraft {
        name: "Hostile".to_owned(),
        brand: entity("Acme", "acme.example"),
        competitors: vec![entity("카카오", "kakao.example")],
        language: "en".to_owned(),
        model_ids: vec![model.id],
        prompts: Some(questions),
        is_active: true,
        ..ProjectDraft::default()
    };
    let arguments = json!({ "draft": draft });
    client.call("projects/create", &arguments).await
}

/// A client of another workspace of the same host.
async fn other_tenant(home: &Home, origin: &str) -> Client {
    let address = "other@parallax.example";
    let add = ["user", "add", address, "--password-stdin"];
    home.run(&add, &Vec::new(), PASSWORD).await.printed();
    let token = home
        .run(&["token", address], &Vec::new(), "")
        .await
        .printed();
    Client::new(origin, &token)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn answers_that_take_long_to_read_hold_up_nobody_else() {
    with_sqlite(async |home| {
        let answers = answers();
        let provider = provider(&answers).await;
        let environment = vec![
            ("OPENAI_API_KEY", good_key(Provider::OpenAi)),
            ("OPENAI_BASE_URL", format!("{}/v1", provider.origin)),
        ];
        let host = home.serve(&environment).await;
        let other = other_tenant(home, &host.program.origin).await;
        let project = project(&host.client, questions(answers.len())).await;
        let run = host.client.start(project).await;

        let begun = Instant::now();
        let (mut calls, mut slowest) = (0, Duration::ZERO);
        let view = loop {
            let asked = Instant::now();
            let _: Value = other.call("projects/list", &json!({})).await;
            slowest = slowest.max(asked.elapsed());
            calls += 1;
            assert!(
                slowest < SLOWEST,
                "call {calls} of another tenant took {slowest:?}"
            );
            let view = host.client.progress(run).await;
            if view.status.is_over() {
                break view;
            }
            assert!(begun.elapsed() < PATIENCE, "the run does not end");
            tokio::time::sleep(Duration::from_millis(50)).await;
        };
        println!(
            "{calls} calls, the slowest {slowest:?}, the run {:?}",
            begun.elapsed()
        );
        assert_eq!(
            (view.status, view.answered()),
            (
                RunStatus::Finished,
                i64::try_from(answers.len()).expect("few")
            )
        );
        let database = home.database().await;
        let found = "SELECT COUNT(*) FROM llm_monitoring_findings WHERE text_count > 0";
        // Acme in each of them, and the other name in one.
        assert_eq!(
            database.number(found).await,
            1 + i64::try_from(answers.len()).expect("few")
        );
        let cited = "SELECT COUNT(*) FROM llm_monitoring_citations";
        assert_eq!(database.number(cited).await, 500);
        host.program.stop().await;
    })
    .await;
}
