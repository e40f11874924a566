//! What belongs to another workspace is as if it were not there.

use axum::http::Method;
use serde_json::{Value, json};

use crate::server_fns::ENDPOINTS;
use crate::support::{Caller, Setup, TestApp, with_postgres, with_sqlite};

/// The ids of something.
struct Ids {
    project: Value,
    run: Value,
    answer: Value,
    workspace: Value,
    token: Value,
}

impl Ids {
    /// Ids that nothing has.
    fn unknown() -> Self {
        let id = json!(999_999_999);
        Self {
            project: id.clone(),
            run: id.clone(),
            answer: id.clone(),
            workspace: id.clone(),
            token: id,
        }
    }
}

/// Every REST route that takes an id of a workspace: `{p}` a project, `{r}` a run.
fn routes() -> Vec<(Method, &'static str, Option<Value>)> {
    let queries = json!({"queries": ["What is a good ledger for bakers?"], "replace": true});
    vec![
        (Method::GET, "/projects/{p}", None),
        (
            Method::PUT,
            "/projects/{p}",
            Some(json!({"name": "Taken over"})),
        ),
        (Method::DELETE, "/projects/{p}", None),
        (Method::GET, "/projects/{p}/queries", None),
        (Method::POST, "/projects/{p}/queries", Some(queries)),
        (Method::POST, "/projects/{p}/analyze", None),
        (Method::POST, "/projects/{p}/analyze?wait=true", None),
        (Method::GET, "/projects/{p}/runs", None),
        (Method::GET, "/projects/{p}/runs/{r}", None),
        (Method::GET, "/projects/{p}/results", None),
        (Method::GET, "/projects/{p}/metrics", None),
        (Method::GET, "/projects/{p}/snapshots", None),
        (Method::GET, "/projects/{p}/urls-ranking", None),
        (
            Method::GET,
            "/projects/{p}/urls-ranking?group_by=domain",
            None,
        ),
    ]
}

/// Every server function that takes an id of a workspace, with its arguments.
fn calls(ids: &Ids) -> Vec<(&'static str, Value)> {
    let project = &ids.project;
    let draft = json!({
        "name": "Taken over", "brand": {"name": "Kipu"}, "competitors": [], "industry": "", "language": "en",
        "country": "", "model_ids": [1], "prompts": null, "is_active": true,
    });
    let period =
        json!({"project_id": project, "from": "2026-01-01", "to": "2026-01-31", "model_ids": []});
    let wish = json!({"project_id": project, "brand": "Kipu", "language": "en", "count": 5});
    let mut of_domain = period.clone();
    of_domain["domain"] = json!("kipu.example");
    vec![
        (
            "accounts/choose-workspace",
            json!({"workspace_id": ids.workspace}),
        ),
        ("accounts/revoke-token", json!({"token_id": ids.token})),
        ("answers/get", json!({"answer_id": ids.answer})),
        ("answers/list", json!({"filter": {"project_id": project}})),
        ("budget/ask-costs", json!({"project_id": project})),
        ("dashboard/get", json!({"query": period})),
        ("dashboard/prompt-map", json!({"query": period})),
        (
            "discovery/adopt",
            json!({"project_id": project, "name": "Datev"}),
        ),
        (
            "discovery/dismiss",
            json!({"project_id": project, "name": "Datev", "is_dismissed": true}),
        ),
        ("discovery/get", json!({"project_id": project})),
        ("projects/delete", json!({"project_id": project})),
        ("projects/get", json!({"project_id": project})),
        (
            "projects/update",
            json!({"project_id": project, "draft": draft}),
        ),
        ("prompts/suggest", json!({"wish": wish})),
        ("runs/cancel", json!({"run_id": ids.run})),
        ("runs/forecast", json!({"project_id": project})),
        ("runs/get", json!({"run_id": ids.run})),
        ("runs/judge", json!({"run_id": ids.run})),
        ("runs/list", json!({"project_id": project})),
        ("runs/start", json!({"project_id": project})),
        ("sources/list", json!({"query": period})),
        ("sources/uses", json!({"query": of_domain})),
    ]
}

/// Those that take no id, act on the caller's own workspace, or on the whole instance and are
/// for admins.
const WITHOUT_FOREIGN_IDS: [&str; 25] = [
    "accounts/change-password",
    "accounts/create-token",
    "accounts/invite",
    "accounts/save-settings",
    "accounts/session",
    "accounts/settings",
    "accounts/sign-in",
    "accounts/sign-out",
    "accounts/sign-up",
    "accounts/tokens",
    "budget/get",
    "budget/save",
    "budget/spend",
    "judge/get",
    "judge/save",
    "keys/delete",
    "keys/list",
    "keys/save",
    "keys/test",
    "models/add",
    "models/change",
    "models/list",
    "models/prices",
    "projects/create",
    "projects/list",
];

#[test]
fn every_server_function_is_judged() {
    let mut judged: Vec<&str> = calls(&Ids::unknown())
        .into_iter()
        .map(|(endpoint, _)| endpoint)
        .collect();
    judged.extend(WITHOUT_FOREIGN_IDS);
    judged.sort_unstable();
    assert_eq!(judged, ENDPOINTS);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn foreign_ids_are_unknown_ids_on_sqlite() {
    with_sqlite(Setup::default(), async |app| foreign_ids(app).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn foreign_ids_are_unknown_ids_on_postgres() {
    with_postgres(Setup::default(), async |app| foreign_ids(app).await).await;
}

async fn foreign_ids(app: &TestApp) {
    let ana = app.admin().await;
    let project = ana.make_project("Watch").await;
    let run = ana.run_project(project).await;
    ana.program().await;
    let answers = ana
        .get(&format!("/projects/{project}/results"))
        .await
        .expect(200);
    let tokens = ana.call("accounts/tokens", &json!({})).await.expect(200);
    let foreign = Ids {
        project: project.into(),
        run: run.into(),
        answer: answers["results"][0]["id"].clone(),
        workspace: ana.workspace().await.into(),
        token: tokens[0]["id"].clone(),
    };
    let before = state(app).await;

    let ben = app.sign_up("ben@example.com").await;
    let own = ben.make_project("Own").await;
    for (method, path, body) in routes() {
        let ask = async |ids: &Ids| {
            let path = path
                .replace("{p}", &ids.project.to_string())
                .replace("{r}", &ids.run.to_string());
            let reply = ben.rest(method.clone(), &path, body.as_ref()).await;
            assert_eq!(reply.status, 404, "{method} {path}");
            reply.problem(404)
        };
        assert_eq!(
            ask(&foreign).await,
            ask(&Ids::unknown()).await,
            "{method} {path}"
        );
        for id in ["abc", "-1", "1.5", "99999999999999999999", "%00"] {
            let path = path.replace("{p}", id).replace("{r}", id);
            ben.rest(method.clone(), &path, body.as_ref())
                .await
                .problem(404);
        }
    }
    // A run of another project, also where the project is one's own.
    ben.get(&format!("/projects/{own}/runs/{run}"))
        .await
        .problem(404);
    let filtered = ben
        .get(&format!("/projects/{own}/results?run_id={run}"))
        .await
        .expect(200);
    assert_eq!(filtered["results"], json!([]));

    for ((endpoint, arguments), (_, unknown)) in
        calls(&foreign).into_iter().zip(calls(&Ids::unknown()))
    {
        let reply = ben.call(endpoint, &arguments).await;
        assert_eq!(reply.status, 404, "{endpoint}: {}", reply.json());
        assert_eq!(
            reply.json(),
            ben.call(endpoint, &unknown).await.json(),
            "{endpoint}"
        );
    }
    check_events(&ben, run).await;
    ana.put("/models/999999", &json!({"max_tokens": 100}))
        .await
        .problem(404);
    ana.put("/models/abc", &json!({"max_tokens": 100}))
        .await
        .problem(404);
    ana.call("models/change", &json!({"model_id": 999_999, "change": {}}))
        .await
        .expect(404);
    ana.call("models/prices", &json!({"model_id": 999_999}))
        .await
        .expect(404);
    ben.call("keys/delete", &json!({"provider": "openai"}))
        .await
        .expect(404);

    ben.delete(&format!("/projects/{own}")).await.expect(200);
    let after = state(app).await;
    assert_eq!(
        (after.0, after.1),
        (before.0 + 1, before.1),
        "nothing of the other workspace has changed"
    );
    ana.get(&format!("/projects/{project}/runs/{run}"))
        .await
        .expect(200);
}

async fn check_events(ben: &Caller<'_>, run: i64) {
    for id in [run.to_string(), "999999999".to_owned(), "abc".to_owned()] {
        let events = ben
            .send(
                Method::GET,
                &format!("/api/runs/{id}/events"),
                axum::body::Body::empty(),
            )
            .await;
        events.problem(404);
    }
}

/// Projects in all, and those of the first workspace that are alive under their first name.
async fn state(app: &TestApp) -> (i64, i64) {
    let alive =
        "SELECT COUNT(*) FROM llm_monitoring_projects WHERE name = 'Watch' AND deleted_at IS NULL";
    (
        app.count("llm_monitoring_projects").await,
        app.number(alive).await,
    )
}

/// An entity's id from elsewhere is no way to change it.
#[tokio::test]
async fn a_foreign_entity_stays_as_it_is() {
    with_sqlite(Setup::default(), async |app| {
        let ana = app.admin().await;
        let hers = ana.make_project("Watch").await;
        let shown = ana.get(&format!("/projects/{hers}")).await.expect(200);
        let entity = &shown["project"]["competitors"][0]["id"];
        let ben = app.sign_up("ben@example.com").await;
        let his = ben.make_project("Own").await;
        let change = json!({"competitors": [{"id": entity, "name": "Renamed"}]});
        let changed = ben
            .put(&format!("/projects/{his}"), &change)
            .await
            .expect(200);
        assert_ne!(changed["project"]["competitors"][0]["id"], *entity);
        let again = ana.get(&format!("/projects/{hers}")).await.expect(200);
        assert_eq!(
            again["project"]["competitors"],
            shown["project"]["competitors"]
        );
    })
    .await;
}
