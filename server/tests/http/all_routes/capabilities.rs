//! What viewers, editors, owners and admins may.

use app::model::account::Role;
use axum::http::Method;
use serde_json::{Value, json};

use crate::runs::forecast_on_screen;
use crate::support::{Caller, Setup, TestApp, on_both_databases, rest_project, with_sqlite};

/// What a request needs, with its method, path and body; `{p}` is a project.
fn requests() -> Vec<(Role, Method, &'static str, Option<Value>)> {
    let name = |name: &str| Some(json!({"name": name}));
    vec![
        (Role::Viewer, Method::GET, "/projects", None),
        (Role::Viewer, Method::GET, "/projects/{p}", None),
        (Role::Viewer, Method::GET, "/projects/{p}/queries", None),
        (Role::Viewer, Method::GET, "/projects/{p}/runs", None),
        (Role::Viewer, Method::GET, "/projects/{p}/results", None),
        (Role::Viewer, Method::GET, "/projects/{p}/metrics", None),
        (Role::Viewer, Method::GET, "/projects/{p}/snapshots", None),
        (Role::Viewer, Method::GET, "/api-keys", None),
        (Role::Viewer, Method::GET, "/budget", None),
        (Role::Viewer, Method::GET, "/judge", None),
        (Role::Viewer, Method::GET, "/models", None),
        (
            Role::Editor,
            Method::PUT,
            "/projects/{p}",
            name("Another name"),
        ),
        (
            Role::Editor,
            Method::POST,
            "/projects/{p}/queries",
            Some(json!({"queries": ["What is a good ledger for bakers?"]})),
        ),
        (
            Role::Editor,
            Method::POST,
            "/suggest",
            Some(json!({"brand_name": "Kipu"})),
        ),
        (
            Role::Editor,
            Method::POST,
            "/projects/{p}/analyze?wait=true",
            None,
        ),
        (
            Role::Owner,
            Method::PUT,
            "/api-keys",
            Some(json!({"openai_api_key": "sk-0123456789"})),
        ),
        (
            Role::Owner,
            Method::POST,
            "/api-keys",
            Some(json!({"spending_alert_threshold": 70})),
        ),
        (
            Role::Owner,
            Method::PUT,
            "/judge",
            Some(json!({"model_id": null})),
        ),
        (
            Role::Owner,
            Method::PUT,
            "/budget",
            Some(json!({"monthly_budget_usd": 20})),
        ),
    ]
}

async fn try_all(caller: &Caller<'_>, role: Role, project: i64) {
    for (needed, method, path, body) in requests() {
        let path = path.replace("{p}", &project.to_string());
        let reply = caller.rest(method.clone(), &path, body.as_ref()).await;
        let expected = if role >= needed { 200 } else { 403 };
        assert_eq!(
            reply.status,
            expected,
            "{method} {path} as {role:?}: {}",
            reply.json()
        );
    }
}

#[tokio::test]
async fn each_role_may_what_it_says_and_no_more() {
    with_sqlite(Setup::default(), async |app| {
        let owner = app.admin().await;
        let project = owner.make_project("Watch").await;
        let workspace = owner.workspace().await;
        for (email, role) in [("v@example.com", Role::Viewer), ("e@example.com", Role::Editor), ("o@example.com", Role::Owner)] {
            let member = app.member(email, workspace, role).await;
            try_all(&member, role, project).await;
            let made = member.post("/projects", &rest_project(email)).await;
            assert_eq!(made.status, if role >= Role::Editor { 201 } else { 403 });
            // A wrong body is not looked at before the caller is.
            let wrong = member.post("/projects", &json!({"enabled_llms": ["bard"]})).await;
            assert_eq!(wrong.status, if role >= Role::Editor { 422 } else { 403 });
            let started = member.call("runs/start", &json!({"project_id": 0})).await;
            assert_eq!(started.status, if role >= Role::Editor { 404 } else { 403 });
            let key = json!({"draft": {"provider": "openai", "api_key": "sk-0123456789", "base_url": ""}});
            assert_eq!(member.call("keys/save", &key).await.status, if role == Role::Owner { 200 } else { 403 });
            // Owning a workspace does not make an admin.
            member.put("/models/1", &json!({"max_tokens": 100})).await.problem(403);
            member.call("models/prices", &json!({"model_id": 1})).await.expect(403);
        }
        owner.put("/models/1", &json!({"max_tokens": 100})).await.expect(200);
    })
    .await;
}

#[tokio::test]
async fn without_a_caller_everything_but_health_is_closed() {
    with_sqlite(Setup::default(), async |app| {
        // Strangers, and users who are no admins, see that it is well and nothing else.
        let admin = app.admin().await;
        admin.make_project("Watch").await;
        let ben = app.sign_up("ben@example.com").await;
        let well = json!({"success": true, "status": "healthy", "database": "connected"});
        for caller in [&app.nobody(), &ben, &ben.program().await] {
            assert_eq!(caller.get("/health").await.expect(200), well);
        }
        let health = admin.get("/health").await.expect(200);
        assert_eq!(health["status"], "healthy");
        assert_eq!(health["active_projects"], 1);
        assert_eq!(health["api_keys_configured"], false);
        assert_eq!(health["api_keys"]["openai"], false);
        for (_, method, path, body) in requests() {
            let path = path.replace("{p}", "1");
            app.nobody()
                .rest(method, &path, body.as_ref())
                .await
                .problem(401);
        }
        for endpoint in [
            "projects/list",
            "keys/list",
            "budget/get",
            "models/list",
            "accounts/tokens",
            "invitations/list",
        ] {
            app.nobody().call(endpoint, &json!({})).await.expect(401);
        }
    })
    .await;
}

on_both_databases!(
    the_registry_and_its_prices_are_for_admins,
    viewers_see_forecasts_and_spend_and_change_nothing
);

async fn the_registry_and_its_prices_are_for_admins(app: &TestApp) {
    app.admin().await;
    let cleo = app.sign_up("cleo@example.com").await;
    for path in ["/models/changes", "/schedule/models", "/models/1/recompute"] {
        cleo.get(path).await.problem(403);
    }
    let fresh = json!({"llm_provider": "openai", "model_id": "gpt-9-cleo"});
    for (path, body) in [
        ("/models", fresh),
        ("/models/check", json!({})),
        ("/models/1/approve", json!({})),
        ("/models/1/reject", json!({})),
        ("/prices", json!({"prices": []})),
        ("/prices/import", json!({"models": []})),
        ("/models/1/recompute", json!({"difference_usd": 0})),
    ] {
        cleo.post(path, &body).await.problem(403);
    }
}

async fn viewers_see_forecasts_and_spend_and_change_nothing(app: &TestApp) {
    let owner = app.admin().await;
    let project = owner.make_project("Watch").await;
    let workspace = owner.workspace().await;
    let viewer = app.member("v@example.com", workspace, Role::Viewer).await;
    forecast_on_screen(&viewer, project).await;
    let query = json!({"query": {"month": null}});
    viewer.call("budget/spend", &query).await.expect(200);
    let editor = app.member("e@example.com", workspace, Role::Editor).await;
    let change =
        json!({"draft": {"monthly": null, "threshold_percent": null, "allow_unpriced": true}});
    for member in [&viewer, &editor] {
        member.call("budget/save", &change).await.expect(403);
        member
            .put("/budget", &json!({"allow_unpriced": true}))
            .await
            .problem(403);
    }
    let nobody = app.nobody();
    nobody.call("budget/spend", &query).await.expect(401);
    nobody
        .call("runs/forecast", &json!({"project_id": project}))
        .await
        .expect(401);
    assert_eq!(
        owner.get("/budget").await.expect(200)["budget"]["allow_unpriced"],
        false
    );
}
