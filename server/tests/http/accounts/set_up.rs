//! The first account of an instance that others reach takes the code from its log.

use parallax::auth::set_up::SetUp;
use serde_json::{Value, json};

use crate::support::{PASSWORD, Reply, Setup, TestApp, on_both_databases, with_sqlite};

fn with_code() -> Setup {
    Setup {
        asks_set_up_code: true,
        ..Setup::default()
    }
}

async fn sign_up(app: &TestApp, email: &str, code: &Value) -> Reply {
    let draft = json!({"draft": {"email": email, "password": PASSWORD, "set_up_code": code}});
    app.nobody().call("accounts/sign-up", &draft).await
}

/// What the log of any process with the same secret key says.
fn code(app: &TestApp) -> String {
    let set_up = SetUp::with_code(app.tokens.clone());
    set_up.code().expect("a code").to_owned()
}

#[tokio::test]
async fn the_first_account_takes_the_code() {
    with_sqlite(with_code(), async |app| {
        let session = app
            .nobody()
            .call("accounts/session", &json!({}))
            .await
            .expect(200);
        assert_eq!(session["sign_up"], "first_user_by_code");
        for wrong in [Value::Null, json!(""), json!("0000-0000-0000")] {
            let refused = sign_up(app, "eve@example.com", &wrong).await.expect(422);
            assert_eq!(refused["fields"][0]["field"], "set_up_code");
        }
        // Other ways in are no way around.
        let draft =
            json!({"draft": {"email": "eve@example.com", "password": PASSWORD, "invitation": "x"}});
        app.nobody()
            .call("accounts/sign-up", &draft)
            .await
            .expect(409);
        assert_eq!(app.count("users").await, 0);

        let first = sign_up(app, "ana@example.com", &json!(code(app)))
            .await
            .expect(200);
        assert_eq!(first["user"]["is_admin"], true);
        // It opens nothing any more.
        sign_up(app, "eve@example.com", &json!(code(app)))
            .await
            .expect(409);
    })
    .await;
}

#[tokio::test]
async fn guesses_are_counted_before_they_are_compared() {
    with_sqlite(with_code(), async |app| {
        for _ in 0..10 {
            sign_up(app, "eve@example.com", &json!("guess"))
                .await
                .expect(422);
        }
        let late = sign_up(app, "eve@example.com", &json!(code(app))).await;
        assert_eq!(late.expect(429)["code"], "too_many_requests");
        assert_eq!(app.count("users").await, 0);
    })
    .await;
}

/// Where nobody else comes, the first account takes nothing.
async fn at_home_there_is_no_code(app: &TestApp) {
    let session = app
        .nobody()
        .call("accounts/session", &json!({}))
        .await
        .expect(200);
    assert_eq!(session["sign_up"], "first_user");
    sign_up(app, "ana@example.com", &Value::Null)
        .await
        .expect(200);
}

on_both_databases!(at_home_there_is_no_code);
