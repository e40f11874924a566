//! What tokens open, by their scopes.

use axum::body::Body;
use axum::http::Method;
use serde_json::json;

use super::{of_everything, of_scope, program};
use crate::support::{PASSWORD, TestApp, on_both_databases};

on_both_databases!(each_may_what_its_scope_says, what_is_no_token_opens_nothing);

/// By REST, and by the calls of the browser.
async fn each_may_what_its_scope_says(app: &TestApp) {
    let ana = app.admin().await;
    let project = ana.make_project("Watch").await;
    let (reader, _) = program(app, &ana, &of_scope("read")).await;
    let (writer, _) = program(app, &ana, &of_scope("write")).await;
    let (admin, _) = program(app, &ana, &of_everything()).await;
    let told = "This token cannot do this: use one with the scope “write”.";
    let question = json!({"queries": ["What is a good ledger for bakers?"]});
    let path = format!("/projects/{project}/queries");
    reader.get(&path).await.expect(200);
    let refused = reader.post(&path, &question).await.problem(403);
    assert_eq!(refused["title"], told);
    writer.post(&path, &question).await.expect(200);
    for (caller, expected) in [(&reader, 403), (&writer, 403), (&admin, 200)] {
        let budget = json!({"monthly_budget_usd": 20});
        assert_eq!(caller.put("/budget", &budget).await.status, expected);
        let models = json!({"max_tokens": 100});
        assert_eq!(caller.put("/models/1", &models).await.status, expected);
        // No token makes one that may more than itself, and none at all without the password.
        assert_eq!(caller.get("/tokens").await.status, expected);
        let stolen = caller
            .call("accounts/create-token", &json!({"name": "more"}))
            .await;
        assert_eq!(stolen.status, if expected == 200 { 422 } else { expected });
        let stolen = caller.post("/tokens", &json!({"name": "more"})).await;
        assert_eq!(stolen.status, if expected == 200 { 422 } else { expected });
        let more = json!({"name": "more", "password": PASSWORD});
        let made = caller.call("accounts/create-token", &more).await;
        assert_eq!(made.status, expected);
        let ended = made.json()["token"].as_str().map(str::to_owned);
        if let Some(token) = ended {
            let more = caller.get("/tokens").await.expect(200);
            let id = &more["tokens"][0]["id"];
            assert!(!more.to_string().contains(&token));
            caller.delete(&format!("/tokens/{id}")).await.expect(200);
        }
    }
    let password = json!({"draft": {"current": "x", "new": "correct horse battery"}});
    for caller in [&reader, &writer] {
        caller
            .call("accounts/change-password", &password)
            .await
            .expect(403);
    }
    let started = reader
        .call("runs/start", &json!({"project_id": project}))
        .await;
    started.expect(403);
    // What is somebody's own is written as well.
    let draft = json!({
        "place": "home", "project_id": null, "name": "By change",
        "setting": {"address": "sort=-change"},
    });
    let saved = json!({"draft": draft});
    reader.call("views/save", &saved).await.expect(403);
    let view = writer.call("views/save", &saved).await.expect(200);
    let of_view = json!({"view_id": view[0]});
    let change = json!({"view_id": view[0], "change": {"name": "By place"}});
    reader.call("views/update", &change).await.expect(403);
    writer.call("views/update", &change).await.expect(200);
    reader.call("views/remove", &of_view).await.expect(403);
    writer.call("views/remove", &of_view).await.expect(200);
    let pin = json!({"project_id": project, "is_pinned": true});
    reader.call("home/pin", &pin).await.expect(403);
    writer.call("home/pin", &pin).await.expect(200);
    let mute = json!({"kind": "cost_spike", "project_id": null, "is_muted": true});
    reader.call("notices/mute", &mute).await.expect(403);
    writer.call("notices/mute", &mute).await.expect(200);
    let events = reader.send(Method::GET, "/api/runs/999/events", Body::empty());
    events.await.problem(404);
}

async fn what_is_no_token_opens_nothing(app: &TestApp) {
    for header in ["Bearer plx_0", "Bearer ", "Basic YTpi"] {
        let nobody = app.nobody().with("authorization", header);
        nobody.get("/projects").await.problem(401);
        nobody.call("projects/list", &json!({})).await.expect(401);
    }
}
