//! Models that their providers take away: nobody is offered them, and who would ask them is told
//! before.

use serde_json::{Value, json};

use super::{check_lists, one, store_key};
use crate::raw_server::{RawServer, response};
use crate::support::{Caller, Setup, TestApp, on_both_databases, rest_project, with_sqlite};

async fn take_away(app: &TestApp, slug: &str) {
    app.execute(&format!(
        "UPDATE llm_model_registry SET retires_at = '2026-01-31 00:00:00+00:00' WHERE model_id = '{slug}'"
    ))
    .await;
}

async fn offers(caller: &Caller<'_>, slug: &str) -> Option<(Value, Value)> {
    let told = caller.get("/models").await.expect(200);
    let models = told["models"].as_array().expect("models");
    let found = models.iter().find(|model| model["model_id"] == slug)?;
    Some((found["is_available"].clone(), found["has_ended"].clone()))
}

/// A project with two models, of which one has ended.
struct Ended<'a> {
    ana: Caller<'a>,
    project: i64,
    /// The id of the model that has ended.
    model: Value,
    /// The project as it was sent.
    wish: Value,
}

impl<'a> Ended<'a> {
    async fn of(app: &'a TestApp) -> Self {
        let ana = app.admin().await;
        let (first, second) = (
            one(&ana, "simulator-1").await["id"].clone(),
            one(&ana, "simulator-2").await["id"].clone(),
        );
        let mut wish = rest_project("Watch");
        wish.as_object_mut().expect("fields").remove("enabled_llms");
        wish["model_ids"] = json!([first, second]);
        let made = ana.post("/projects", &wish).await.expect(201);
        let project = made["project"]["id"].as_i64().expect("an id");
        take_away(app, "simulator-2").await;
        Self {
            ana,
            project,
            model: second,
            wish,
        }
    }
}

/// Admins see that it has ended; the others do not see it.
async fn an_ended_model_is_offered_to_nobody(app: &TestApp) {
    let Ended { ana, model, .. } = Ended::of(app).await;
    assert_eq!(
        offers(&ana, "simulator-2").await,
        Some((json!(false), json!(true)))
    );
    let ben = app.sign_up("ben@example.com").await;
    assert_eq!(offers(&ben, "simulator-2").await, None);
    assert!(offers(&ben, "simulator-1").await.is_some());
    // It cannot become current, and nothing is paid to find that out.
    let refused = ana
        .put(&format!("/models/{model}"), &json!({"is_current": true}))
        .await;
    refused.problem(409);
}

async fn no_new_project_has_an_ended_model_and_an_old_one_may_keep_it(app: &TestApp) {
    let Ended {
        ana,
        project,
        mut wish,
        ..
    } = Ended::of(app).await;
    wish["name"] = json!("Another");
    let refused = ana.post("/projects", &wish).await;
    assert_eq!(refused.wrong_fields(), ["model_ids"]);
    let kept = ana
        .put(&format!("/projects/{project}"), &json!({"name": "Renamed"}))
        .await;
    kept.expect(200);
}

async fn a_forecast_says_which_model_has_ended(app: &TestApp) {
    let Ended { ana, project, .. } = Ended::of(app).await;
    let forecast = ana
        .get(&format!("/projects/{project}/forecast"))
        .await
        .expect(200);
    let told: Vec<(&Value, &Value, bool)> = forecast["models"]
        .as_array()
        .expect("models")
        .iter()
        .map(|model| {
            (
                &model["readiness"],
                &model["asks"],
                model["ended_at"].is_string(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            (&json!("ready"), &json!(3), false),
            (&json!("ended"), &json!(0), true),
        ]
    );
}

async fn a_run_says_which_model_it_leaves_out(app: &TestApp) {
    let Ended {
        ana,
        project,
        model,
        ..
    } = Ended::of(app).await;
    for wait in ["", "?wait=true"] {
        let begun = ana
            .post(&format!("/projects/{project}/analyze{wait}"), &json!({}))
            .await;
        let begun = begun.expect(if wait.is_empty() { 202 } else { 200 });
        let ended = &begun["ended_models"][0];
        assert_eq!(
            (&ended["model_id"], &ended["ended_at"]),
            (&model, &json!("2026-01-31T00:00:00Z"))
        );
        let run = begun["run_id"].as_i64().expect("an id");
        while app
            .number("SELECT COUNT(*) FROM llm_monitoring_lanes WHERE status <> 'done'")
            .await
            > 0
        {
            tokio::task::yield_now().await;
        }
        let asked = format!("SELECT COUNT(*) FROM llm_monitoring_lanes WHERE run_id = {run}");
        assert_eq!(app.number(&asked).await, 1);
    }
}

async fn where_nothing_is_left_to_ask_the_refusal_names_what_has_ended(app: &TestApp) {
    let Ended { ana, project, .. } = Ended::of(app).await;
    take_away(app, "simulator-1").await;
    let refused = ana
        .post(&format!("/projects/{project}/analyze"), &json!({}))
        .await;
    let refused = refused.problem(409).to_string();
    assert!(refused.contains("Simulator 1, Simulator 2"), "{refused}");
}

/// Where it was its provider's current one.
async fn the_name_of_a_provider_stands_for_no_ended_model(app: &TestApp) {
    let ana = app.admin().await;
    take_away(app, "simulator-1").await;
    let by_name = ana.post("/projects", &rest_project("By name")).await;
    assert_eq!(by_name.wrong_fields(), ["enabled_llms"]);
}

on_both_databases!(
    an_ended_model_is_offered_to_nobody,
    no_new_project_has_an_ended_model_and_an_old_one_may_keep_it,
    a_forecast_says_which_model_has_ended,
    a_run_says_which_model_it_leaves_out,
    where_nothing_is_left_to_ask_the_refusal_names_what_has_ended,
    the_name_of_a_provider_stands_for_no_ended_model
);

fn list(models: &Value) -> Vec<u8> {
    let body = json!({"data": models, "has_more": false}).to_string();
    response(200, "content-type: application/json\r\n", body.as_bytes())
}

#[tokio::test]
async fn the_provider_s_word_counts_more_than_the_day() {
    with_sqlite(Setup::default(), async |app| {
        let ana = app.admin().await;
        // Its day has come, and the list says that it still answers; another has ended early.
        let said = list(&json!([
            {"id": "claude-sonnet-4-5", "lifecycle": "deprecated", "retires_at": "2026-11-30T00:00:00Z"},
            {"id": "claude-opus-5-5", "lifecycle": "retired", "retires_at": "2036-01-01T00:00:00Z"},
            {"id": "claude-haiku-5-5", "lifecycle": "deprecated", "retires_at": "2036-01-01T00:00:00Z"},
            {"id": "claude-gone", "lifecycle": "retired", "retires_at": null},
        ]));
        let (yes, no) = (json!(true), json!(false));
        assert_eq!(offers(&ana, "claude-sonnet-4-5").await, Some((no.clone(), yes.clone())));
        let server = RawServer::saying(said).await;
        store_key(&ana, "anthropic", &server.origin).await;
        // Nobody has to look at what has ended already.
        assert_eq!(check_lists(&ana).await["new_models"], json!([]));
        assert_eq!(offers(&ana, "claude-sonnet-4-5").await, Some((yes.clone(), no.clone())));
        assert_eq!(offers(&ana, "claude-opus-5-5").await, Some((no.clone(), yes.clone())));
        assert_eq!(offers(&ana, "claude-haiku-5-5").await, Some((yes.clone(), no.clone())));
        // The same again changes nothing.
        let told = super::actions(&ana).await.len();
        check_lists(&ana).await;
        assert_eq!(super::actions(&ana).await.len(), told);
        // Once it is in no list any more, the day counts again.
        let silent = RawServer::saying(list(&json!([{"id": "claude-sonnet-5-5"}]))).await;
        store_key(&ana, "anthropic", &silent.origin).await;
        check_lists(&ana).await;
        assert_eq!(offers(&ana, "claude-sonnet-4-5").await, Some((no, yes)));
    })
    .await;
}

/// Google's list has no ends; its answers tell them. One body serves for both here.
#[tokio::test]
async fn an_end_that_only_an_answer_tells_is_noted() {
    with_sqlite(Setup::default(), async |app| {
        let ana = app.admin().await;
        let body = json!({
            "models": [{"name": "models/gemini-3.8-flash", "supportedGenerationMethods": ["generateContent"]}],
            "candidates": [{"content": {"role": "model", "parts": [{"text": "Kipu."}]}, "finishReason": "STOP"}],
            "usageMetadata": {"promptTokenCount": 9, "candidatesTokenCount": 2, "totalTokenCount": 11},
            "modelVersion": "gemini-3.8-flash",
            "modelStatus": {"modelStage": "DEPRECATED", "retirementTime": "2036-03-05T00:00:00Z"},
        });
        let said = response(200, "content-type: application/json\r\n", body.to_string().as_bytes());
        let server = RawServer::saying(said).await;
        store_key(&ana, "google", &server.origin).await;
        let end = async || one(&ana, "gemini-3.8-flash").await["retires_at"].clone();
        check_lists(&ana).await;
        assert_eq!(end().await, json!(null));
        let mut project = rest_project("Watch");
        project.as_object_mut().expect("fields").remove("enabled_llms");
        project["model_ids"] = json!([one(&ana, "gemini-3.8-flash").await["id"]]);
        let made = ana.post("/projects", &project).await.expect(201);
        ana.run_project(made["project"]["id"].as_i64().expect("an id")).await;
        check_lists(&ana).await;
        assert_eq!(end().await, json!("2036-03-05T00:00:00Z"));
    })
    .await;
}
