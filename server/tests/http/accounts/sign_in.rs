//! Signing up, in and out; sessions and tokens that end.

use serde_json::{Value, json};

use crate::support::{Caller, PASSWORD, Reply, Setup, TestApp, with_postgres, with_sqlite};

async fn sign_up(caller: &Caller<'_>, email: &str, invitation: Option<&str>) -> Reply {
    let draft = json!({"draft": {"email": email, "password": PASSWORD, "invitation": invitation}});
    caller.call("accounts/sign-up", &draft).await
}

async fn sign_in(caller: &Caller<'_>, email: &str, password: &str) -> Reply {
    caller
        .call(
            "accounts/sign-in",
            &json!({"draft": {"email": email, "password": password}}),
        )
        .await
}

#[tokio::test]
async fn the_first_user_is_admin_and_the_door_closes_behind() {
    with_sqlite(Setup::default(), async |app| {
        let session = app
            .nobody()
            .call("accounts/session", &json!({}))
            .await
            .expect(200);
        assert_eq!(
            (&session["sign_up"], &session["user"]),
            (&json!("first_user"), &Value::Null)
        );
        let first = sign_up(&app.nobody(), "Ana@Example.com", None)
            .await
            .expect(200);
        assert_eq!(
            (&first["user"]["is_admin"], &first["user"]["email"]),
            (&json!(true), &json!("ana@example.com"))
        );
        assert_eq!(first["workspace"]["role"], "owner");

        let refused = sign_up(&app.nobody(), "ben@example.com", None)
            .await
            .expect(409);
        assert_eq!(refused["code"], "conflict");
        assert_eq!(
            (app.count("users").await, app.count("workspaces").await),
            (1, 1)
        );
    })
    .await;
}

#[tokio::test]
async fn open_sign_up_makes_workspaces_that_are_apart() {
    with_sqlite(Setup::default(), async |app| {
        let admin = app.admin().await;
        let ben = app.sign_up("ben@example.com").await;
        let session = ben.call("accounts/session", &json!({})).await.expect(200);
        assert_eq!(
            (&session["user"]["is_admin"], &session["sign_up"]),
            (&json!(false), &json!("open"))
        );
        assert_ne!(admin.workspace().await, ben.workspace().await);

        let taken = sign_up(&app.nobody(), "BEN@example.com", None)
            .await
            .expect(422);
        assert_eq!(taken["fields"][0]["field"], "email");
        ben.call("invitations/list", &json!({})).await.expect(403);
        ben.call(
            "accounts/save-settings",
            &json!({"settings": {"open_sign_up": false}}),
        )
        .await
        .expect(403);
    })
    .await;
}

#[tokio::test]
async fn nobody_learns_which_accounts_there_are() {
    with_sqlite(Setup::default(), async |app| {
        app.sign_up("ana@example.com").await;
        let wrong = sign_in(&app.nobody(), "ana@example.com", "not this one").await;
        let unknown = sign_in(&app.nobody(), "nobody@example.com", "not this one").await;
        assert_eq!((wrong.status, &wrong.body), (unknown.status, &unknown.body));
        assert_eq!(wrong.expect(401)["code"], "unauthorized");
        sign_in(&app.nobody(), " ANA@example.com ", PASSWORD)
            .await
            .expect(200);
    })
    .await;
}

#[tokio::test]
async fn ten_failures_lock_an_account_for_an_address() {
    with_sqlite(Setup::default(), async |app| {
        app.sign_up("ana@example.com").await;
        for _ in 0..10 {
            sign_in(&app.nobody(), "ana@example.com", "not this one")
                .await
                .expect(401);
        }
        let locked = sign_in(&app.nobody(), "ana@example.com", PASSWORD).await;
        assert_eq!(locked.expect(429)["code"], "too_many_requests");
        let wait: i64 = locked.header("retry-after").parse().expect("seconds");
        assert!((1..=900).contains(&wait), "{wait}");
        sign_in(&app.nobody(), "other@example.com", PASSWORD)
            .await
            .expect(401);

        app.pass(chrono::Duration::seconds(wait + 1));
        sign_in(&app.nobody(), "ana@example.com", PASSWORD)
            .await
            .expect(200);
    })
    .await;
}

async fn strange_addresses(app: &TestApp) {
    app.sign_up("ana@example.com").await;
    // As long as it may be of somebody who is not signed in.
    let long = "x".repeat(60_000);
    for email in ["ana@example.com\u{0}", "\u{0}", "", long.as_str()] {
        let status = sign_in(&app.nobody(), email, "not this one").await.status;
        assert_eq!(status, 401, "{} characters", email.len());
    }
    let longer = "x".repeat(900_000);
    let refused = sign_in(&app.nobody(), &longer, "not this one").await;
    assert_eq!(refused.expect(413)["code"], "too_large");
    let draft =
        json!({"draft": {"email": "a\u{0}@b.example", "password": PASSWORD, "invitation": null}});
    app.nobody()
        .call("accounts/sign-up", &draft)
        .await
        .expect(422);
}

#[tokio::test]
async fn strange_addresses_are_only_wrong_on_sqlite() {
    with_sqlite(Setup::default(), async |app| strange_addresses(app).await).await;
}

#[tokio::test]
async fn strange_addresses_are_only_wrong_on_postgres() {
    with_postgres(Setup::default(), async |app| strange_addresses(app).await).await;
}

#[tokio::test]
async fn sessions_end_by_age_by_signing_out_and_by_a_new_password() {
    with_sqlite(Setup::default(), async |app| {
        app.admin().await;
        let ana = app.sign_up("ana@example.com").await;
        ana.get("/projects").await.expect(200);
        app.pass(chrono::Duration::days(29));
        ana.get("/projects").await.expect(200);
        // Using it made it last.
        app.pass(chrono::Duration::days(29));
        ana.get("/projects").await.expect(200);
        app.pass(chrono::Duration::days(31));
        ana.get("/projects").await.problem(401);
        ana.call("projects/list", &json!({})).await.expect(401);

        let cookie = sign_in(&app.nobody(), "ana@example.com", PASSWORD)
            .await
            .session_cookie();
        let here = app.nobody().with("cookie", &cookie);
        let cookie = sign_in(&app.nobody(), "ana@example.com", PASSWORD)
            .await
            .session_cookie();
        let there = app.nobody().with("cookie", &cookie);
        let wrong = json!({"draft": {"current": "not this one", "new": "another long password"}});
        assert_eq!(
            here.call("accounts/change-password", &wrong)
                .await
                .expect(422)["fields"][0]["field"],
            "current"
        );
        let change = json!({"draft": {"current": PASSWORD, "new": "another long password"}});
        here.call("accounts/change-password", &change)
            .await
            .expect(200);
        here.get("/projects").await.expect(200);
        there.get("/projects").await.problem(401);
        sign_in(&app.nobody(), "ana@example.com", PASSWORD)
            .await
            .expect(401);

        let out = here.call("accounts/sign-out", &json!({})).await;
        assert!(
            out.header("set-cookie").contains("Max-Age=0"),
            "{}",
            out.header("set-cookie")
        );
        here.get("/projects").await.problem(401);
    })
    .await;
}

#[tokio::test]
async fn a_revoked_token_opens_nothing_not_even_with_a_cookie() {
    with_sqlite(Setup::default(), async |app| {
        let ana = app.sign_up("ana@example.com").await;
        let api = ana.program().await;
        api.get("/projects").await.expect(200);
        let tokens = ana.call("accounts/tokens", &json!({})).await.expect(200);
        assert_eq!(tokens[0]["name"], "test");
        ana.call(
            "accounts/revoke-token",
            &json!({"token_id": tokens[0]["id"]}),
        )
        .await
        .expect(200);
        api.get("/projects").await.problem(401);

        for header in ["Bearer plx_none", "Bearer", ""] {
            ana.with("authorization", header)
                .get("/projects")
                .await
                .problem(401);
        }
        app.nobody().get("/projects").await.problem(401);
        app.nobody().get("/projects/abc").await.problem(401);
        let stored = app
            .number("SELECT COUNT(*) FROM api_tokens WHERE token_hash LIKE 'plx_%'")
            .await;
        assert_eq!(stored, 0, "only hashes are stored");
    })
    .await;
}
