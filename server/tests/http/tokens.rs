//! Tokens: what their scopes let them do, and how they end.

use axum::body::Body;
use axum::http::Method;
use serde_json::{Value, json};

use crate::support::{Caller, PASSWORD, TestApp, on_both_databases};

on_both_databases!(flow);

/// A token of a scope, as the program that has it.
async fn program<'a>(app: &'a TestApp, who: &Caller<'_>, wish: &Value) -> (Caller<'a>, i64) {
    let made = who.post("/tokens", wish).await.expect(201);
    let secret = made["secret"].as_str().expect("a text");
    assert!(secret.starts_with("plx_"), "{secret}");
    let id = made["token"]["id"].as_i64().expect("an id");
    let bearer = format!("Bearer {secret}");
    (app.nobody().with("authorization", &bearer), id)
}

async fn flow(app: &TestApp) {
    let ana = app.admin().await;
    let project = ana.make_project("Watch").await;
    let wish = |scope: &str| json!({"name": scope, "scope": scope, "expires_in_days": 7});
    let (reader, reader_id) = program(app, &ana, &wish("read")).await;
    let (writer, _) = program(app, &ana, &wish("write")).await;
    let (admin, admin_id) =
        program(app, &ana, &json!({"name": "all", "never_expires": true})).await;

    scopes(&reader, &writer, &admin, project).await;

    let listed = ana.get("/tokens?limit=2").await.expect(200);
    assert_eq!(
        (&listed["total"], &listed["next_cursor"]),
        (&json!(3), &json!("2"))
    );
    assert_eq!(listed["tokens"][0]["scope"], "admin");
    assert_eq!(listed["tokens"][0]["expires_at"], Value::Null);
    assert!(listed["tokens"][1]["expires_at"].is_string());
    assert!(listed["tokens"][1]["last_used_at"].is_string());
    assert!(!listed.to_string().contains("plx_"), "no list has a secret");

    ana.delete(&format!("/tokens/{reader_id}"))
        .await
        .expect(200);
    ana.delete(&format!("/tokens/{reader_id}"))
        .await
        .problem(404);
    let refused = reader.get("/projects").await.problem(401);
    assert_eq!(
        refused["title"],
        "This token was revoked. Make a new one in your account."
    );

    app.pass(chrono::Duration::days(7));
    let refused = writer.with("accept-language", "es").get("/projects").await;
    assert_eq!(
        refused.problem(401)["title"],
        "Este token ha caducado. Crea uno nuevo en tu cuenta."
    );
    admin.get("/projects").await.expect(200);
    for header in ["Bearer plx_0", "Bearer ", "Basic YTpi"] {
        let nobody = app.nobody().with("authorization", header);
        nobody.get("/projects").await.problem(401);
        nobody.call("projects/list", &json!({})).await.expect(401);
    }
    // A session of a week ago is asked for the password.
    let asked = ana.post("/tokens", &json!({"name": "a"})).await;
    assert_eq!(asked.wrong_fields(), ["password"]);
    let wrong = json!({"name": "a", "password": "not this one"});
    assert_eq!(
        ana.post("/tokens", &wrong).await.wrong_fields(),
        ["password"]
    );
    let right = json!({"name": "usual", "password": PASSWORD});
    let made = ana.post("/tokens", &right).await.expect(201);
    let ends = made["token"]["expires_at"].as_str().expect("an end");
    let ends: chrono::DateTime<chrono::Utc> = ends.parse().expect("a time");
    let days = (ends - app.now()).num_days();
    assert!((89..=90).contains(&days), "{days}");
    for (wish, field) in [
        (
            json!({"name": "a", "expires_in_days": 7, "never_expires": true}),
            "never_expires",
        ),
        (json!({"name": ""}), "name"),
        (
            json!({"name": "a", "expires_in_days": 0}),
            "expires_in_days",
        ),
        (
            json!({"name": "a", "expires_in_days": 3_651}),
            "expires_in_days",
        ),
        (json!({"name": "a", "scope": "root"}), "scope"),
    ] {
        assert_eq!(ana.post("/tokens", &wish).await.wrong_fields(), [field]);
    }
    // Another user of the same workspace sees and ends only tokens of their own.
    let workspace = ana.workspace().await;
    let role = app::model::account::Role::Owner;
    let ben = app.member("ben@example.com", workspace, role).await;
    assert_eq!(ben.get("/tokens").await.expect(200)["total"], 0);
    ben.delete(&format!("/tokens/{admin_id}"))
        .await
        .problem(404);
}

/// Each may what its scope says: by REST, and by the calls of the browser.
async fn scopes(reader: &Caller<'_>, writer: &Caller<'_>, admin: &Caller<'_>, project: i64) {
    let told = "This token may not do this: it takes one with the scope \"write\".";
    let question = json!({"queries": ["What is a good ledger for bakers?"]});
    let path = format!("/projects/{project}/queries");
    reader.get(&path).await.expect(200);
    let refused = reader.post(&path, &question).await.problem(403);
    assert_eq!(refused["title"], told);
    writer.post(&path, &question).await.expect(200);
    for (caller, expected) in [(reader, 403), (writer, 403), (admin, 200)] {
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
    for caller in [reader, writer] {
        caller
            .call("accounts/change-password", &password)
            .await
            .expect(403);
    }
    let started = reader
        .call("runs/start", &json!({"project_id": project}))
        .await;
    started.expect(403);
    let events = reader.send(Method::GET, "/api/runs/999/events", Body::empty());
    events.await.problem(404);
}
