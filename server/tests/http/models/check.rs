//! What the check of the providers' lists finds.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};

use super::{actions, change_model, check_lists, models, one, store_key};
use crate::raw_server::{RawServer, response};
use crate::support::{Setup, Simulated, TestApp, all_named, on_both_databases, with_sqlite};

async fn finds_what_is_new(app: &TestApp) {
    let ana = app.admin().await;
    assert_eq!(
        check_lists(&ana).await,
        json!({"checked": [], "failed": [], "new_models": []})
    );
    let simulated = Simulated::start("").await;
    for provider in ["openai", "anthropic", "google", "perplexity"] {
        store_key(&ana, provider, &simulated.origin).await;
    }
    store_key(&ana, "mistral", "http://127.0.0.1:9").await;
    let found = check_lists(&ana).await;
    assert_eq!(
        found["checked"],
        json!(["openai", "anthropic", "google", "perplexity"])
    );
    assert_eq!(found["failed"][0][0], "mistral");
    let names: Vec<&str> = found["new_models"]
        .as_array()
        .expect("names")
        .iter()
        .filter_map(Value::as_str)
        .collect();
    assert!(
        names.contains(&"gpt-5.4") && names.contains(&"gemini-3.5-flash"),
        "{names:?}"
    );
    assert!(
        !names.iter().any(|name| name.contains("embedding")),
        "{names:?}"
    );
    for model in models(&ana, "review", &json!("new")).await {
        assert_eq!(
            (
                &model["is_current"],
                &model["is_available"],
                &model["price"]
            ),
            (&json!(false), &json!(false), &Value::Null)
        );
    }
    // Once more, and nothing is new.
    assert_eq!(check_lists(&ana).await["new_models"], json!([]));
    let told = actions(&ana).await;
    let retires = told.iter().filter(|action| *action == "retires").count();
    let found = told.iter().filter(|action| *action == "found").count();
    assert_eq!((retires, found), (1, told.len() - 1));
}

on_both_databases!(finds_what_is_new, asks_nobody_where_no_provider_has_a_key);

async fn asks_nobody_where_no_provider_has_a_key(app: &TestApp) {
    let api = app.admin().await.program().await;
    let checked = api.post("/models/check", &json!({})).await.expect(200);
    assert_eq!(
        (&checked["checked"], &checked["failed"]),
        (&json!([]), &json!([]))
    );
}

#[tokio::test]
async fn follows_pages_and_notes_when_models_retire() {
    with_sqlite(Setup::default(), async |app| {
        let ana = app.admin().await;
        let asked = Arc::new(AtomicUsize::new(0));
        let server = RawServer::start(move |mut caller| {
            let page = asked.fetch_add(1, Ordering::SeqCst);
            async move {
                let soon = chrono::Utc::now() + chrono::TimeDelta::days(7);
                let model = json!({"id": format!("claude-{page}"), "retires_at": soon.to_rfc3339(),
                    "lifecycle": "deprecated"});
                let body = json!({"data": [model], "has_more": page == 0, "last_id": format!("claude-{page}")});
                let json = "content-type: application/json\r\n";
                caller.write(&response(200, json, body.to_string().as_bytes())).await;
            }
        })
        .await;
        store_key(&ana, "anthropic", &server.origin).await;
        assert_eq!(check_lists(&ana).await["new_models"], json!(["claude-0", "claude-1"]));
        assert!(server.heard()[1].contains("after_id=claude-0"));
        // It is nobody's until an admin makes it available.
        // Models of the list that the binary carries retire too.
        let retiring = async || {
            let mut told = ana.call("models/retiring", &json!({})).await.expect(200);
            told.as_array_mut().expect("models").retain(|row| row[2].as_str() == Some("claude-0"));
            told
        };
        assert_eq!(retiring().await, json!([]));
        let model = one(&ana, "claude-0").await;
        let price = json!({"is_available": true, "price": {"input": "1", "output": "5"}});
        change_model(&ana, &model, price).await.expect(200);
        let project = ana.make_project("Watch").await;
        app.execute(&format!(
            "INSERT INTO llm_monitoring_project_models (project_id, model_id, workspace_id) \
             SELECT id, {}, workspace_id FROM llm_monitoring_projects", model["id"]
        ))
        .await;
        let told = all_named(&retiring().await, "model_id provider name retires_at days_left projects");
        assert_eq!((&told[0]["name"], &told[0]["days_left"]), (&json!("claude-0"), &json!(7)));
        assert_eq!(told[0]["projects"], json!([[project, "Watch"]]));
    })
    .await;
}

#[tokio::test]
async fn listens_to_no_server_of_somebody_who_is_no_admin() {
    with_sqlite(Setup::default(), async |app| {
        let ana = app.admin().await;
        let ben = app.sign_up("ben@example.com").await;
        let simulated = Simulated::start("").await;
        // An address on this machine is refused to him; as if he had been an admin before:
        store_key(&ana, "openai", &simulated.origin).await;
        let workspace = ben.workspace().await;
        app.execute(&format!(
            "UPDATE user_llm_api_keys SET workspace_id = {workspace}"
        ))
        .await;
        let told = check_lists(&ana).await;
        assert_eq!(
            (&told["checked"], &told["new_models"]),
            (&json!([]), &json!([]))
        );
        assert_eq!(told["failed"][0][0], "openai");
        ben.call("models/check", &json!({})).await.expect(403);
    })
    .await;
}
