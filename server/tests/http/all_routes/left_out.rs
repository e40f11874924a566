//! What the simulator made up beside real answers: left out of tables of several models, said so,
//! and shown alone where that is asked for.

use app::model::comparison::Comparison;
use app::model::dashboard::Dashboard;
use app::model::ids::ModelId;
use app::model::provider::Provider;
use app::model::sources::{SourceTable, SourceUse};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::support::{Caller, Simulated, TestApp, on_both_databases, rest_project};

on_both_databases!(made_up_answers_are_left_out_and_shown_alone);

async fn made_up_answers_are_left_out_and_shown_alone(app: &TestApp) {
    let ana = app.admin().await;
    // A provider that bills: its answers are real.
    let provider = Simulated::start("").await;
    provider.key_for(&ana, "openai").await;
    let mut project = rest_project("Both");
    project["enabled_llms"] = json!(["openai", "simulator"]);
    let made = ana.post("/projects", &project).await.expect(201);
    let project = made["project"]["id"].as_i64().expect("an id");
    ana.run_project(project).await;
    let query = |simulated: bool| {
        json!({
            "project_id": project, "from": "2025-01-01", "to": "2028-12-31", "model_ids": [],
            "simulated": simulated,
        })
    };
    let asked = json!({"query": query(false)});
    let page: Dashboard = read(ana.call("dashboard/get", &asked).await.expect(200));
    let left_out = page.left_out;
    assert_eq!(left_out.len(), 1);

    compared(&ana, &query, &left_out).await;
    sources(&ana, &query, &left_out).await;
    let ranked = async |filter: &str| {
        let path = format!("/projects/{project}/urls-ranking?{filter}");
        ana.get(&path).await.expect(200)["total_answers"].clone()
    };
    let simulator = format!("model_id={}", left_out[0]);
    for (filter, answers) in [("", 3), ("simulated=true", 3), (simulator.as_str(), 3)] {
        assert_eq!(ranked(filter).await, answers, "{filter}");
    }
    let nobody = format!(
        "simulated=true&model_id={}",
        i64::from(left_out[0]) + 100_000
    );
    assert_eq!(ranked(&nobody).await, 0);
}

fn read<T: DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).expect("as the screen reads it")
}

async fn compared(by: &Caller<'_>, query: &impl Fn(bool) -> Value, left_out: &[ModelId]) {
    for (simulated, provider, left_out) in [
        (false, Provider::OpenAi, left_out),
        (true, Provider::Simulator, &[][..]),
    ] {
        let asked = json!({"query": query(simulated)});
        let found = by.call("dashboard/compare", &asked).await.expect(200);
        let found: Comparison = read(found);
        assert!(!found.days.is_empty());
        assert!(found.days.iter().all(|day| day.provider == provider));
        assert_eq!(found.left_out, left_out);
    }
}

async fn sources(by: &Caller<'_>, query: &impl Fn(bool) -> Value, left_out: &[ModelId]) {
    for (simulated, provider, left_out) in [
        (false, Provider::OpenAi, left_out),
        (true, Provider::Simulator, &[][..]),
    ] {
        let mut asked = query(simulated);
        let found = by.call("sources/list", &json!({"query": asked})).await;
        let found: SourceTable = read(found.expect(200));
        assert_eq!(found.answers, 3);
        assert_eq!(found.left_out, left_out);
        asked["domain"] = found.rows[0].domain.clone().into();
        let uses = by.call("sources/uses", &json!({"query": asked})).await;
        let uses: Vec<SourceUse> = read(uses.expect(200));
        assert!(!uses.is_empty());
        assert!(uses.iter().all(|found| found.provider == provider));
    }
}
