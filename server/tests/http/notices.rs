//! What people are told without having asked.

use std::time::Duration;

use app::model::account::Role;
use axum::body::BodyDataStream;
use axum::http::Method;
use futures_util::StreamExt;
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::support::{Caller, TestApp, on_both_databases};

on_both_databases!(
    a_notice_is_told_in_the_callers_language_and_to_its_workspace,
    what_needs_somebody_is_told_by_the_stream_until_it_is_solved,
    what_is_counted_is_shown,
    what_is_muted_needs_nobody_who_muted_it,
    a_mute_is_of_a_kind_and_a_project_that_are_there
);

async fn a_notice_is_told_in_the_callers_language_and_to_its_workspace(app: &TestApp) {
    let ana = app.admin().await;
    let api = ana.program().await;
    assert_eq!(api.get("/notices").await.expect(200)["notices"], json!([]));
    let workspace = ana.workspace().await;
    app.execute(&format!(
        "INSERT INTO llm_notices (workspace_id, kind, subject, project_id, facts, raised_at) \
         VALUES ({workspace}, 'key_rejected', 'openai', 0, \
         '{{\"key_rejected\":{{\"provider\":\"openai\",\"no_credit\":false}}}}', \
         '2026-11-01T10:00:00Z')"
    ))
    .await;
    let spanish = api.with("accept-language", "es");
    for (by, word) in [(&api, "key"), (&spanish, "clave")] {
        let told = by.get("/notices").await.expect(200);
        let told = &told["notices"][0];
        assert_eq!(
            (&told["kind"], &told["link"]),
            (&json!("key_rejected"), &json!("/keys"))
        );
        let words = format!("{} {}", told["title"], told["message"]).to_lowercase();
        assert!(words.contains(word) && words.contains("chatgpt"), "{words}");
    }
    let ben = app.sign_up("ben@example.com").await;
    assert_eq!(ben.get("/notices").await.expect(200)["total"], 0);
}

/// The lists of notices that the stream of a workspace tells.
struct Needs {
    stream: BodyDataStream,
    text: String,
}

impl Needs {
    async fn told_to(app: &TestApp, caller: &Caller<'_>) -> Self {
        let request = caller.request(Method::GET, "/api/runs/events");
        let response = app.router.clone().oneshot(request).await;
        let response = response.expect("a response");
        assert_eq!(response.status(), 200);
        Self {
            stream: response.into_body().into_data_stream(),
            text: String::new(),
        }
    }

    /// The next list; what else is told is passed over.
    async fn next(&mut self) -> Value {
        let read = async {
            loop {
                if let Some(end) = self.text.find('\n') {
                    let line: String = self.text.drain(..=end).collect();
                    match line.strip_prefix("data: ") {
                        Some(list) if list.starts_with('[') => {
                            return serde_json::from_str(list).expect("a list");
                        }
                        _ => continue,
                    }
                }
                let part = self.stream.next().await;
                let part = part.expect("it goes on").expect("a part");
                self.text.push_str(&String::from_utf8_lossy(&part));
            }
        };
        let told = tokio::time::timeout(Duration::from_secs(20), read).await;
        told.expect("it is told")
    }
}

/// Tells a workspace something now, as the host does that has looked; gives the notice's id.
async fn raise(app: &TestApp, workspace: i64, kind: &str, subject: &str, facts: &Value) -> i64 {
    raise_of(app, (workspace, 0), kind, subject, facts).await
}

/// The same of a project; 0: of none.
async fn raise_of(
    app: &TestApp,
    (workspace, project): (i64, i64),
    kind: &str,
    subject: &str,
    facts: &Value,
) -> i64 {
    let (at, facts) = (app.now().to_rfc3339(), json!({kind: facts}));
    app.execute(&format!(
        "INSERT INTO llm_notices (workspace_id, kind, subject, project_id, facts, raised_at) \
         VALUES ({workspace}, '{kind}', '{subject}', {project}, '{facts}', '{at}')"
    ))
    .await;
    app.number("SELECT MAX(id) FROM llm_notices").await
}

async fn what_needs_somebody_is_told_by_the_stream_until_it_is_solved(app: &TestApp) {
    let ana = app.admin().await;
    let ben = app.sign_up("ben@example.com").await;
    let (hers, his) = (ana.workspace().await, ben.workspace().await);
    let mut told = Needs::told_to(app, &ana).await;
    assert_eq!(told.next().await, json!([]));

    let rejected = json!({"provider": "openai", "no_credit": false});
    let (kind, subject) = ("key_rejected", "openai/bad_key/0");
    // Somebody else's is none of hers, and what is only to be known needs nobody.
    let foreign = raise(app, his, kind, subject, &rejected).await;
    let new = json!({"names": ["Model N"], "count": 1});
    raise(app, hers, "models_new", "7", &new).await;
    let key = raise(app, hers, kind, subject, &rejected).await;
    assert_eq!(told.next().await, json!([key]));
    let spent = "SELECT monthly_budget_nano_usd FROM workspaces WHERE id =";
    let monthly = app.number(&format!("{spent} {hers}")).await;
    let ended = json!({"spent": monthly, "monthly": monthly});
    let subject = format!("2026-11-01/0/{monthly}");
    let budget = raise(app, hers, "budget_end", &subject, &ended).await;
    let both = json!([budget, key]);
    assert_eq!(told.next().await, both);
    // Who cannot listen asks, and who comes is told at once.
    let lately = async |caller: &Caller<'_>| {
        let found = caller.call("runs/late", &json!({})).await;
        found.expect(200)[1].clone()
    };
    assert_eq!(lately(&ana).await, both);
    assert_eq!(lately(&ben).await, json!([foreign]));
    let session = ana.call("accounts/session", &json!({})).await.expect(200);
    assert_eq!(session["needs"], both);

    // Another key, another budget: nothing is left to be done.
    let keys = json!({"openai_api_key": "sk-another-0001"});
    ana.post("/api-keys", &keys).await.expect(200);
    assert_eq!(told.next().await, json!([budget]));
    ana.put("/budget", &json!({"monthly_budget_usd": "77"}))
        .await
        .expect(200);
    assert_eq!(told.next().await, json!([]));
    assert_eq!(lately(&ana).await, json!([]));
    assert_eq!(lately(&ben).await, json!([foreign]));
    let listed = ana.call("notices/list", &json!({})).await.expect(200);
    assert_eq!(listed.as_array().map(Vec::len), Some(3), "told is told");
}

async fn what_is_counted_is_shown(app: &TestApp) {
    let ana = app.admin().await;
    let workspace = ana.workspace().await;
    let rejected = json!({"provider": "openai", "no_credit": false});
    let key = raise(
        app,
        workspace,
        "key_rejected",
        "openai/bad_key/0",
        &rejected,
    )
    .await;
    for number in 0..120 {
        let new = json!({"names": ["Model N"], "count": number});
        raise(app, workspace, "models_new", &number.to_string(), &new).await;
    }
    let session = ana.call("accounts/session", &json!({})).await.expect(200);
    assert_eq!(session["needs"], json!([key]));
    let listed = ana.call("notices/list", &json!({})).await.expect(200);
    let listed = listed.as_array().expect("a list");
    assert_eq!(listed.len(), 101);
    assert_eq!(listed[100][0], key, "the newest first");
    let home = ana.call("home/get", &json!({})).await.expect(200);
    let said = home[1][0].as_str().expect("words").to_lowercase();
    assert!(said.contains("chatgpt"), "{said}");
}

/// What needs somebody, by their session.
async fn needs(caller: &Caller<'_>) -> Value {
    let session = caller.call("accounts/session", &json!({})).await;
    session.expect(200)["needs"].clone()
}

/// Mutes a kind, or unmutes it; gives what is muted then.
async fn mute(caller: &Caller<'_>, kind: &str, project: Option<i64>, is_muted: bool) -> Value {
    let call = json!({"kind": kind, "project_id": project, "is_muted": is_muted});
    caller.call("notices/mute", &call).await.expect(200)
}

async fn what_is_muted_needs_nobody_who_muted_it(app: &TestApp) {
    let ana = app.admin().await;
    let workspace = ana.workspace().await;
    let vera = app
        .member("vera@example.com", workspace, Role::Viewer)
        .await;
    let (one, other) = (
        ana.make_project("Watch").await,
        ana.make_project("Other").await,
    );
    app.execute("UPDATE llm_monitoring_projects SET monthly_budget_nano_usd = 5000000000")
        .await;
    let rejected = json!({"provider": "openai", "no_credit": false});
    let subject = "openai/bad_key/0";
    let key = raise(app, workspace, "key_rejected", subject, &rejected).await;
    let spent = json!({"spent": 5_000_000_000_i64, "monthly": 5_000_000_000_i64});
    let mut ends = Vec::new();
    for project in [one, other] {
        let subject = format!("2026-11-01/{project}/5000000000");
        let of = (workspace, project);
        ends.push(raise_of(app, of, "budget_end", &subject, &spent).await);
    }
    let all = json!([ends[1], ends[0], key]);
    assert_eq!(needs(&vera).await, all);
    let none = vera.call("notices/mutes", &json!({})).await.expect(200);
    assert_eq!(none, json!([]));

    // Who only looks mutes too, for themselves.
    let muted = mute(&vera, "budget_end", Some(one), true).await;
    assert_eq!(muted, json!([["budget_end", [one, "Watch"]]]));
    assert_eq!(mute(&vera, "budget_end", Some(one), true).await, muted);
    assert_eq!(needs(&vera).await, json!([ends[1], key]));
    mute(&vera, "key_rejected", None, true).await;
    assert_eq!(needs(&vera).await, json!([ends[1]]));
    let listed = vera.call("notices/list", &json!({})).await.expect(200);
    let states = listed.as_array().expect("a list").iter();
    let states: Vec<Value> = states
        .map(|row| json!([row[0].clone(), row[4].clone()]))
        .collect();
    let expected = json!([[ends[1], false], [ends[0], true], [key, true]]);
    assert_eq!(json!(states), expected);
    // Others are told as before, and so is what comes by the stream.
    assert_eq!(needs(&ana).await, all);
    let mut told = Needs::told_to(app, &vera).await;
    assert_eq!(told.next().await, json!([ends[1]]));
    let muted = mute(&vera, "budget_end", None, true).await;
    assert_eq!(
        muted,
        json!([
            ["budget_end", null],
            ["budget_end", [one, "Watch"]],
            ["key_rejected", null]
        ])
    );
    assert_eq!(told.next().await, json!([]));
    let home = vera.call("home/get", &json!({})).await.expect(200);
    assert_eq!((&home[1], &home[2]), (&Value::Null, &json!(0)));

    mute(&vera, "budget_end", None, false).await;
    assert_eq!(told.next().await, json!([ends[1]]));
    mute(&vera, "budget_end", Some(one), false).await;
    mute(&vera, "key_rejected", None, false).await;
    assert_eq!(needs(&vera).await, all);
    assert_eq!(app.count("llm_notice_mutes").await, 0);
}

async fn a_mute_is_of_a_kind_and_a_project_that_are_there(app: &TestApp) {
    let ana = app.admin().await;
    let project = ana.make_project("Watch").await;
    let ben = app.sign_up("ben@example.com").await;
    let call = json!({"kind": "budget_end", "project_id": project, "is_muted": true});
    ben.call("notices/mute", &call).await.expect(404);
    app.nobody().call("notices/mute", &call).await.expect(401);
    let unknown = json!({"kind": "weather", "project_id": null, "is_muted": true});
    assert_eq!(ana.call("notices/mute", &unknown).await.status, 400);
    ana.call("notices/mute", &call).await.expect(200);
    ana.delete(&format!("/projects/{project}"))
        .await
        .expect(200);
    ana.call("notices/mute", &call).await.expect(404);
    let mutes = ana.call("notices/mutes", &json!({})).await.expect(200);
    assert_eq!(mutes, json!([]));
}
