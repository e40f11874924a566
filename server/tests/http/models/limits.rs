//! The limit of an answer: what the registry says is what is sent, and a model that thinks has
//! room for its text.

use std::sync::{Arc, Mutex};

use axum::routing::post;
use axum::{Json, Router};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::{one, store_key};
use crate::support::{Caller, TestApp, on_both_databases};

/// Questions of a run.
const QUESTIONS: usize = 40;
/// Tokens of its text.
const TEXT: u64 = 220;

/// A provider whose model thinks for 1,400 to 3,400 tokens before it writes: both count, and
/// where they do not fit the limit nothing is written.
struct ThinkingProvider {
    origin: String,
    limits: Arc<Mutex<Vec<u64>>>,
}

impl ThinkingProvider {
    async fn start() -> Self {
        let limits: Arc<Mutex<Vec<u64>>> = Arc::default();
        let asked = Arc::clone(&limits);
        let answer = move |Json(body): Json<Value>| {
            let limit = body["max_output_tokens"].as_u64().expect("a limit");
            let mut asked = asked.lock().expect("the limits");
            let place = asked.len() as u64;
            asked.push(limit);
            // Any order will do, as long as they are spread: 1,400, 1,951, 2,502, 3,053 …
            let thoughts = 1_400 + place * 551 % 2_000;
            std::future::ready(Json(reply(thoughts, limit)))
        };
        let router = Router::new().route("/v1/responses", post(answer));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let origin = format!("http://{}", listener.local_addr().expect("an address"));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { origin, limits }
    }

    /// The limits of the requests since the last look.
    fn limits(&self) -> Vec<u64> {
        std::mem::take(&mut *self.limits.lock().expect("the limits"))
    }
}

fn reply(thoughts: u64, limit: u64) -> Value {
    let fits = thoughts + TEXT <= limit;
    let written = if fits { thoughts + TEXT } else { limit };
    let mut output = vec![json!({"type": "reasoning", "id": "rs_1", "summary": []})];
    if fits {
        let text = "Bakers are well served by Kipu.";
        let part = json!({"type": "output_text", "text": text, "annotations": []});
        output.push(json!({"type": "message", "role": "assistant", "status": "completed", "content": [part]}));
    }
    json!({
        "id": "resp_1", "object": "response", "model": "gpt-6.1-sol", "output": output,
        "status": if fits { "completed" } else { "incomplete" },
        "incomplete_details": (!fits).then(|| json!({"reason": "max_output_tokens"})),
        "usage": {
            "input_tokens": 30, "output_tokens": written, "total_tokens": 30 + written,
            "output_tokens_details": {"reasoning_tokens": thoughts.min(limit)},
        },
    })
}

/// A project of many questions to OpenAI.
async fn many_questions(ana: &Caller<'_>) -> i64 {
    let queries: Vec<String> = (0..QUESTIONS)
        .map(|number| format!("Which accounting software suits a bakery with {number} ovens?"))
        .collect();
    let mut project = crate::support::rest_project("Watch");
    project["enabled_llms"] = json!(["openai"]);
    project["queries"] = json!(queries);
    let made = ana.post("/projects", &project).await.expect(201);
    made["project"]["id"].as_i64().expect("an id")
}

async fn answered(app: &TestApp, run: i64) -> i64 {
    app.number(&format!(
        "SELECT COUNT(*) FROM llm_monitoring_results \
         WHERE run_id = {run} AND outcome = 'answered'"
    ))
    .await
}

async fn leaves_room_for_thoughts_and_reaches_the_provider_uncut(app: &TestApp) {
    let ana = app.admin().await;
    ana.put("/budget", &json!({"monthly_budget_usd": 1_000}))
        .await
        .expect(200);
    let thinker = ThinkingProvider::start().await;
    store_key(&ana, "openai", &thinker.origin).await;
    let sol = one(&ana, "gpt-6.1-sol").await;
    let limit_of_seed = sol["max_tokens"].as_u64().expect("a limit");
    let project = many_questions(&ana).await;
    let run = ana.run_project(project).await;
    assert_eq!(answered(app, run).await, 40, "each has its text");
    assert_eq!(thinker.limits(), vec![limit_of_seed; QUESTIONS]);

    let worst_case = async || {
        let told = ana.get(&format!("/projects/{project}/forecast")).await;
        told.expect(200)["worst_case_usd"]
            .as_f64()
            .expect("an amount")
    };
    let before = worst_case().await;
    let id = &sol["id"];
    let set = async |limit: u64| {
        let change = json!({"max_tokens": limit});
        let told = ana.put(&format!("/models/{id}"), &change).await.expect(200);
        assert_eq!(told["model"]["max_tokens"], limit);
    };
    set(128_000).await;
    // $10 a million tokens written: the worst case of each ask has so many more.
    let tokens = u32::try_from(128_000 - limit_of_seed).expect("few");
    let more = f64::from(tokens) * 10.0 / 1e6 * 40.0;
    let after = worst_case().await;
    assert!(
        (after - before - more).abs() < 1e-6,
        "{before} {after} {more}"
    );
    ana.run_project(project).await;
    assert_eq!(thinker.limits(), vec![128_000; QUESTIONS]);

    // What was asked for before, of the same model: most of it comes back without a text.
    set(2_048).await;
    let path = format!("/projects/{project}/analyze?wait=true");
    let ended = ana.post(&path, &json!({})).await.expect(200);
    let run = ended["run_id"].as_i64().expect("an id");
    assert!(answered(app, run).await < 20);
    assert!(thinker.limits().iter().all(|limit| *limit == 2_048));
}

on_both_databases!(leaves_room_for_thoughts_and_reaches_the_provider_uncut);
