//! Speaks with a host as the browser does, but with a token.

use std::time::Duration;

use app::model::ids::{ModelId, ProjectId, RunId};
use app::model::project::{EntityDraft, ProjectDraft};
use app::model::provider::Provider;
use app::model::registry::ModelView;
use app::model::run::RunView;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::eventually;

/// A client of one host and user.
#[derive(Clone)]
pub(crate) struct Client {
    http: reqwest::Client,
    origin: String,
    token: String,
}

impl Client {
    pub(crate) fn new(origin: &str, token: &str) -> Self {
        let http = reqwest::Client::builder()
            .no_proxy()
            .build()
            .expect("a client");
        Self {
            http,
            origin: origin.to_owned(),
            token: token.to_owned(),
        }
    }

    /// What it shows to the host.
    pub(crate) fn token(&self) -> &str {
        &self.token
    }

    /// The same user at another host.
    pub(crate) fn at(&self, origin: &str) -> Self {
        Self::new(origin, &self.token)
    }

    /// Calls a server function; status and body.
    pub(crate) async fn try_call(&self, endpoint: &str, arguments: &Value) -> (u16, Value) {
        let response = self
            .http
            .post(format!("{}/api/fn/{endpoint}", self.origin))
            .bearer_auth(&self.token)
            .header("content-type", "application/json")
            .body(arguments.to_string())
            .send()
            .await
            .expect("the host answers");
        let status = response.status().as_u16();
        let body = response.bytes().await.expect("a body");
        (status, serde_json::from_slice(&body).unwrap_or(Value::Null))
    }

    /// Calls a server function that must succeed.
    pub(crate) async fn call<T: DeserializeOwned>(&self, endpoint: &str, arguments: &Value) -> T {
        let (status, body) = self.try_call(endpoint, arguments).await;
        assert_eq!(status, 200, "{endpoint}: {body}");
        serde_json::from_value(body).expect(endpoint)
    }

    /// Calls a REST endpoint; status and body.
    pub(crate) async fn rest(
        &self,
        method: reqwest::Method,
        path: &str,
        body: Option<&Value>,
    ) -> (u16, Value) {
        let address = format!("{}/api/llm-monitoring{path}", self.origin);
        let mut request = self.http.request(method, address).bearer_auth(&self.token);
        if let Some(body) = body {
            request = request
                .header("content-type", "application/json")
                .body(body.to_string());
        }
        let response = request.send().await.expect("the host answers");
        let status = response.status().as_u16();
        let body = response.bytes().await.expect("a body");
        (status, serde_json::from_slice(&body).unwrap_or(Value::Null))
    }

    /// Opens a stream of a run's progress.
    pub(crate) async fn events(&self, run: RunId) -> reqwest::Response {
        let address = format!("{}/api/runs/{run}/events", self.origin);
        let response = self.http.get(address).bearer_auth(&self.token).send().await;
        let response = response.expect("the host answers");
        assert_eq!(response.status(), 200);
        response
    }

    /// The models that the names of these providers stand for.
    async fn models(&self, providers: [Provider; 4]) -> Vec<ModelView> {
        let mut models: Vec<ModelView> = self.call("models/list", &json!({})).await;
        models.retain(|model| model.is_current && providers.contains(&model.provider));
        assert_eq!(models.len(), 4);
        models
    }

    /// Makes a project that asks all four providers these questions.
    pub(crate) async fn project(&self, name: &str, questions: Vec<String>) -> ProjectId {
        self.project_asking(Provider::BIG_FOUR, name, questions)
            .await
    }

    /// Makes a project that asks these providers these questions.
    pub(crate) async fn project_asking(
        &self,
        providers: [Provider; 4],
        name: &str,
        questions: Vec<String>,
    ) -> ProjectId {
        let model_ids: Vec<ModelId> = self
            .models(providers)
            .await
            .into_iter()
            .map(|model| model.id)
            .collect();
        let entity = |name: &str, domain: &str| EntityDraft {
            name: name.to_owned(),
            domains: vec![domain.to_owned()],
            ..EntityDraft::default()
        };
        let draft = ProjectDraft {
            name: name.to_owned(),
            brand: entity("Kipu", "kipu.example"),
            competitors: vec![
                entity("Acme", "acme.example"),
                entity("Globex", "globex.example"),
            ],
            language: "en".to_owned(),
            model_ids,
            prompts: Some(questions),
            is_active: true,
            ..ProjectDraft::default()
        };
        self.call("projects/create", &json!({ "draft": draft }))
            .await
    }

    /// Starts a run.
    pub(crate) async fn start(&self, project: ProjectId) -> RunId {
        let view: RunView = self
            .call("runs/start", &json!({ "project_id": project }))
            .await;
        view.id
    }

    /// How far a run is.
    pub(crate) async fn progress(&self, run: RunId) -> RunView {
        self.call("runs/get", &json!({ "run_id": run })).await
    }

    /// Waits for the end of a run.
    pub(crate) async fn over(&self, run: RunId, within: Duration) -> RunView {
        let look = || async {
            let view = self.progress(run).await;
            view.status.is_over().then_some(view)
        };
        eventually("the run's end", within, look).await.0
    }
}

/// So many questions that differ.
pub(crate) fn questions(count: usize) -> Vec<String> {
    (1..=count)
        .map(|number| format!("Which soap is best for case {number}, and why?"))
        .collect()
}
