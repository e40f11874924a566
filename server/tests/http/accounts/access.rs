//! What people may still do with what they have: old sessions, tokens after a new password, weak
//! passwords, disabled accounts.

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::support::{Caller, PASSWORD, Reply, Setup, TestApp, on_both_databases, with_sqlite};

const ANA: &str = "ana@example.com";
const ADMIN: &str = "admin@example.com";
const ANOTHER: &str = "another long password";

async fn sign_in(app: &TestApp, email: &str, password: &str) -> Reply {
    let draft = json!({"draft": {"email": email, "password": password}});
    app.nobody().call("accounts/sign-in", &draft).await
}

async fn works_each_week(app: &TestApp, caller: &Caller<'_>, weeks: usize) {
    for week in 0..weeks {
        assert_eq!(caller.get("/projects").await.status, 200, "week {week}");
        app.pass(chrono::Duration::days(7));
    }
}

#[tokio::test]
async fn a_session_ends_however_much_it_is_used() {
    with_sqlite(Setup::default(), async |app| {
        let admin = app.admin().await;
        works_each_week(app, &admin, 4).await;
        admin.get("/projects").await.expect(200);
        app.pass(chrono::Duration::days(3));
        admin.get("/projects").await.problem(401);

        let ana = app.sign_up(ANA).await;
        works_each_week(app, &ana, 12).await;
        ana.get("/projects").await.expect(200);
        app.pass(chrono::Duration::days(7));
        ana.get("/projects").await.problem(401);
    })
    .await;
}

on_both_databases!(a_new_password);

/// It ends other sessions and, unless they are to go on, the tokens of all workspaces.
async fn a_new_password(app: &TestApp) {
    let ana = app.admin().await;
    let kept = ana.program().await;
    let change = |current: &str, new: &str, keep: bool| json!({"draft": {"current": current, "new": new, "keep_tokens": keep}});
    ana.call("accounts/change-password", &change(PASSWORD, ANOTHER, true))
        .await
        .expect(200);
    kept.get("/projects").await.expect(200);
    let refused = ana
        .call("accounts/change-password", &change(ANOTHER, ANOTHER, true))
        .await;
    assert_eq!(refused.expect(422)["fields"][0]["field"], "new");
    let elsewhere = sign_in(app, ADMIN, ANOTHER).await.session_cookie();
    let elsewhere = app.nobody().with("cookie", &elsewhere);
    // What a thief made with the old password.
    let usual = json!({"draft": {"current": ANOTHER, "new": PASSWORD}});
    ana.call("accounts/change-password", &usual)
        .await
        .expect(200);
    let refused = kept.get("/projects").await.problem(401);
    assert!(
        refused["title"]
            .as_str()
            .is_some_and(|title| title.contains("revoked"))
    );
    elsewhere.get("/projects").await.problem(401);
    ana.get("/projects").await.expect(200);
    assert_eq!(ana.get("/tokens").await.expect(200)["total"], 0);
}

#[tokio::test]
async fn a_wrong_proof_counts_as_a_failed_sign_in() {
    with_sqlite(Setup::default(), async |app| {
        let admin = app.admin().await;
        let thief = admin.program().await;
        for _ in 0..10 {
            let guess = json!({"name": "mine", "password": "not this one"});
            assert_eq!(
                thief.post("/tokens", &guess).await.wrong_fields(),
                ["password"]
            );
        }
        let right = json!({"name": "mine", "password": PASSWORD});
        thief.post("/tokens", &right).await.problem(429);
        sign_in(app, ADMIN, PASSWORD).await.expect(429);
        assert_eq!(app.count("api_tokens").await, 1);
    })
    .await;
}

#[tokio::test]
async fn the_password_is_asked_again_after_ten_minutes() {
    with_sqlite(Setup::default(), async |app| {
        let ana = app.sign_up(ANA).await;
        let make = async |wish: Value| ana.call("accounts/create-token", &wish).await.status;
        assert_eq!(make(json!({"name": "at once"})).await, 200);
        app.pass(chrono::Duration::minutes(11));
        assert_eq!(make(json!({"name": "later"})).await, 422);
        assert_eq!(make(json!({"name": "later", "password": ""})).await, 422);
        assert_eq!(
            make(json!({"name": "proved", "password": PASSWORD})).await,
            200
        );
        assert_eq!(make(json!({"name": "proved a moment ago"})).await, 200);
    })
    .await;
}

#[tokio::test]
async fn easy_passwords_are_refused_wherever_one_is_chosen() {
    with_sqlite(Setup::default(), async |app| {
        let admin = app.admin().await;
        for password in [
            "1234567890",
            "aaaaaaaaaa",
            "password123",
            "ben@example.com",
            "Example.ben1",
        ] {
            let draft = json!({"draft": {
                "email": "ben@example.com", "password": password, "invitation": null
            }});
            let refused = app
                .nobody()
                .call("accounts/sign-up", &draft)
                .await
                .expect(422);
            assert_eq!(refused["fields"][0]["field"], "password", "{password}");
        }
        assert_eq!(app.count("users").await, 1);
        for password in [
            "1234567890ab",
            "aaaaaaaaaaaa",
            "admin@example.com",
            "zV8;q-w0Lp",
        ] {
            let draft = json!({"draft": {"current": PASSWORD, "new": password}});
            let refused = admin
                .call("accounts/change-password", &draft)
                .await
                .expect(422);
            assert_eq!(refused["fields"][0]["field"], "new", "{password}");
        }
        // Ten characters are enough for others.
        let draft = json!({"draft": {
            "email": "ben@example.com", "password": "zV8;q-w0Lp", "invitation": null
        }});
        app.nobody()
            .call("accounts/sign-up", &draft)
            .await
            .expect(200);
    })
    .await;
}

#[tokio::test]
async fn the_first_account_of_all_is_an_admins() {
    with_sqlite(Setup::default(), async |app| {
        let draft = json!({"draft": {
            "email": "ben@example.com", "password": "zV8;q-w0Lp", "invitation": null
        }});
        let refused = app
            .nobody()
            .call("accounts/sign-up", &draft)
            .await
            .expect(422);
        let message = refused["fields"][0]["message"].as_str().expect("a message");
        assert!(message.contains("12"), "{message}");
    })
    .await;
}

on_both_databases!(disabled);

/// Nothing that somebody had opens anything, and only the right password is told why.
async fn disabled(app: &TestApp) {
    app.admin().await;
    let ana = app.sign_up(ANA).await;
    let program = ana.program().await;
    let user = app
        .store
        .user_by_email(ANA)
        .await
        .expect("asked")
        .expect("there")
        .view
        .id;
    app.store.disable_user(user, false).await.expect("disabled");
    ana.get("/projects").await.problem(401);
    ana.call("projects/list", &json!({})).await.expect(401);
    program.get("/projects").await.problem(401);
    let refused = sign_in(app, ANA, PASSWORD).await.expect(403);
    assert!(
        refused["message"]
            .as_str()
            .is_some_and(|told| told.contains("disabled"))
    );
    let wrong = sign_in(app, ANA, "not this one").await;
    let unknown = sign_in(app, "nobody@example.com", "not this one").await;
    assert_eq!((wrong.status, &wrong.body), (unknown.status, &unknown.body));

    app.store.enable_user(user).await.expect("enabled");
    program.get("/projects").await.problem(401);
    ana.get("/projects").await.problem(401);
    sign_in(app, ANA, PASSWORD).await.expect(200);
}

on_both_databases!(without_a_workspace);

/// Whoever was taken out of their last workspace is told so.
async fn without_a_workspace(app: &TestApp) {
    app.admin().await;
    let ana = app.sign_up(ANA).await;
    let workspace = ana.workspace().await;
    let user = app
        .store
        .user_by_email(ANA)
        .await
        .expect("asked")
        .expect("there")
        .view
        .id;
    let refused = app
        .store
        .set_role(user, workspace.into(), None, false)
        .await;
    assert!(refused.is_err(), "the last owner");
    let removed = app.store.set_role(user, workspace.into(), None, true).await;
    removed.expect("removed");
    ana.get("/projects").await.problem(401);
    let refused = sign_in(app, ANA, PASSWORD).await.expect(403);
    let told = refused["message"].as_str().expect("a message");
    assert!(told.contains("any workspace"), "{told}");
}

on_both_databases!(no_old_password_gets_past_a_new_one);

/// Sign-ins whose passwords are being hashed while another one is chosen begin nothing that lasts.
async fn no_old_password_gets_past_a_new_one(app: &TestApp) {
    let ana = app.sign_up(ANA).await;
    let draft = json!({"draft": {"email": ANA, "password": PASSWORD}});
    let thieves: Vec<Caller<'_>> = (1..=15)
        .map(|number| app.nobody().at_address(&format!("198.51.100.{number}")))
        .collect();
    let signing_in = thieves
        .iter()
        .map(|thief| thief.call("accounts/sign-in", &draft));
    let change = json!({"draft": {"current": PASSWORD, "new": ANOTHER}});
    let changing = ana.call("accounts/change-password", &change);
    let (replies, changed) = tokio::join!(join_all(signing_in), changing);
    changed.expect(200);
    for reply in replies {
        if reply.status == 200 {
            let session = app.nobody().with("cookie", &reply.session_cookie());
            session.get("/projects").await.problem(401);
        } else {
            reply.expect(401);
        }
    }
    sign_in(app, ANA, ANOTHER).await.expect(200);
}

#[tokio::test]
async fn a_user_has_so_many_tokens_and_no_more() {
    with_sqlite(Setup::default(), async |app| {
        let ana = app.sign_up(ANA).await;
        let make = async || ana.post("/tokens", &json!({"name": "one more"})).await;
        make().await.expect(201);
        let many = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 199) \
            INSERT INTO api_tokens (user_id, workspace_id, name, token_hash, created_at, scope) \
            SELECT t.user_id, t.workspace_id, t.name, 'copy ' || n.i, t.created_at, t.scope \
            FROM api_tokens t, n";
        app.execute(many).await;
        make().await.problem(409);
        let listed = ana.get("/tokens").await.expect(200);
        assert_eq!(listed["total"], 200);
        ana.delete(&format!("/tokens/{}", listed["tokens"][0]["id"]))
            .await
            .expect(200);
        make().await.expect(201);
    })
    .await;
}
