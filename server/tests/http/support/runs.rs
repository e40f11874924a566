//! Projects with a run behind them.

use serde_json::{Value, json};

use super::{Caller, Simulated, TestApp};

/// A run that cost something: three questions to OpenAI, in whose place somebody answers who
/// bills. What the simulator in this process says costs nobody anything.
pub(crate) struct BilledRun<'a> {
    /// The admin, in the browser.
    pub(crate) ana: Caller<'a>,
    /// The same person as a program.
    pub(crate) api: Caller<'a>,
    pub(crate) project: i64,
    /// What was said when it was over.
    pub(crate) ended: Value,
    _provider: Simulated,
}

impl<'a> BilledRun<'a> {
    pub(crate) async fn of(app: &'a TestApp) -> Self {
        let ana = app.admin().await;
        let api = ana.program().await;
        let provider = Simulated::start("").await;
        provider.key_for(&ana, "openai").await;
        let project = api.make_billed_project("Watch").await;
        let path = format!("/projects/{project}/analyze?wait=true");
        let ended = api.post(&path, &json!({})).await.expect(200);
        Self {
            ana,
            api,
            project,
            ended,
            _provider: provider,
        }
    }

    /// Looks at something of the project.
    pub(crate) async fn get(&self, path: &str) -> Value {
        let path = format!("/projects/{}{path}", self.project);
        self.api.get(&path).await.expect(200)
    }
}

/// A run of five questions to the simulator, of which some have tags: two `food`, one of these
/// `Money` too, and the florist's `plants`.
pub(crate) struct TaggedRun<'a> {
    /// The admin as a program.
    pub(crate) api: Caller<'a>,
    pub(crate) project: i64,
    pub(crate) run: i64,
    /// The question of the florist.
    pub(crate) florist: i64,
}

impl<'a> TaggedRun<'a> {
    pub(crate) async fn of(app: &'a TestApp) -> Self {
        let api = app.admin().await.program().await;
        let project = api.make_project("Watch").await;
        let path = format!("/projects/{project}/queries");
        let put = api.post(&path, &tagged_queries()).await.expect(200);
        let florist = put["queries"][3]["id"].as_i64().expect("an id");
        let plants = json!({"tags": ["plants"]});
        api.put(&format!("{path}/{florist}"), &plants)
            .await
            .expect(200);
        let run = api.run_project(project).await;
        Self {
            api,
            project,
            run,
            florist,
        }
    }

    /// Looks at something of the project.
    pub(crate) async fn get(&self, path: &str) -> Value {
        let path = format!("/projects/{}{path}", self.project);
        self.api.get(&path).await.expect(200)
    }
}

/// Questions beside those of [`super::rest_project`], of which it has the first.
pub(crate) fn tagged_queries() -> Value {
    json!({"queries": [
        {"query_text": "Which accounting software is best for bakers?", "tags": [" food ", "Money", "FOOD"]},
        "Is there a ledger that a florist would love?",
        {"query_text": "Which ledger do farmers use most?", "tags": ["food"]},
    ]})
}
