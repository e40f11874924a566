//! A provider that begins to answer with another model than the one that is asked.

use std::time::Duration;

use app::model::provider::Provider;
use app::model::registry::ModelView;
use app::model::run::RunStatus;
use chrono::{Days, NaiveDate, Utc};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::client::{Client, questions};
use crate::support::home::Home;
use crate::support::program::PATIENCE;
use crate::support::simulator::Simulator;
use crate::support::{eventually, on_both_databases};

const QUESTIONS: usize = 30;
const OTHER: &str = "gemini-of-somebody-else";

on_both_databases! {
    async fn a_reroute_is_a_seam_a_notice_and_no_verdict(home: &Home) {
        let asked = current_model_of_google(home).await;
        let reroute = format!("{}={OTHER}@{QUESTIONS}", asked.model_id);
        let simulator = Simulator::start(home, &["--reroute", &reroute]).await;
        let host = home.serve(&simulator.environment()).await;
        let project = host.client.project("Soap", questions(QUESTIONS)).await;
        let today = Utc::now().date_naive();

        // A week ago the model answered itself.
        let first = host.client.start(project).await;
        let view = host.client.over(first, PATIENCE).await;
        assert_eq!(view.status, RunStatus::Finished);
        let earlier = today - Days::new(8);
        let database = home.database().await;
        database.execute(&format!("UPDATE llm_monitoring_results SET analysis_day = '{earlier}'")).await;
        let done = home.run(&["rebuild"], &simulator.environment(), "").await;
        assert_eq!(done.printed().trim(), "1 projects rebuilt");
        assert_eq!(changes(&host.client, project.0, today, &asked).await.1, Value::Null);

        // Now another one does.
        let second = host.client.start(project).await;
        assert_eq!(host.client.over(second, PATIENCE).await.status, RunStatus::Finished);
        let (of_model, seam) = changes(&host.client, project.0, today, &asked).await;
        let expected = json!({ "day": today, "asked": asked.model_id, "served": OTHER });
        assert_eq!(seam, expected);
        assert!(of_model.iter().all(|change| change["verdict"] == "no_data"), "{of_model:?}");

        let path = format!("/projects/{project}/results?served=other&limit=100");
        let found = get(&host.client, &path).await;
        let others = found["results"].as_array().expect("results");
        assert_eq!(others.len(), QUESTIONS);
        assert!(others.iter().all(|answer| answer["model_served"] == OTHER
            && answer["model_requested"] == asked.model_id.as_str()));

        let told = || async {
            let notices = get(&host.client, "/notices").await;
            let notices = notices["notices"].as_array().expect("notices").clone();
            let about: Vec<Value> = notices
                .into_iter()
                .filter(|notice| notice.to_string().contains(OTHER))
                .collect();
            (!about.is_empty()).then_some(about)
        };
        let (about, _) = eventually("a notice", Duration::from_secs(90), told).await;
        assert_eq!(about.len(), 1, "{about:?}");
    }
}

async fn get(api: &Client, path: &str) -> Value {
    let (status, body) = api.rest(Method::GET, path, None).await;
    assert_eq!(status, 200, "{path}: {body}");
    body
}

/// The changes of a model over the last week, and the seam that the first of them names.
async fn changes(
    api: &Client,
    project: i64,
    today: NaiveDate,
    model: &ModelView,
) -> (Vec<Value>, Value) {
    let from = today - Days::new(6);
    let path =
        format!("/projects/{project}/metrics?compare=previous&start_date={from}&end_date={today}");
    let body = get(api, &path).await;
    let changes: Vec<Value> = body["changes"]
        .as_array()
        .expect("changes")
        .iter()
        .filter(|change| change["model_id"] == json!(model.id))
        .cloned()
        .collect();
    let seam = changes
        .first()
        .map_or(Value::Null, |change| change["seam"].clone());
    (changes, seam)
}

async fn current_model_of_google(home: &Home) -> ModelView {
    let host = home.serve(&vec![]).await;
    let models: Vec<ModelView> = host.client.call("models/list", &json!({})).await;
    host.program.stop().await;
    let is_asked = |model: &ModelView| model.is_current && model.provider == Provider::Google;
    models
        .into_iter()
        .find(is_asked)
        .expect("a model of Google's")
}
