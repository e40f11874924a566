//! Tokens that are made: with what proof, and for how long.

use serde_json::json;

use crate::support::{PASSWORD, TestApp, on_both_databases};

on_both_databases!(
    a_session_of_a_week_ago_is_asked_for_the_password,
    what_is_wrong_about_a_token_is_named
);

async fn a_session_of_a_week_ago_is_asked_for_the_password(app: &TestApp) {
    let ana = app.admin().await;
    app.pass(chrono::Duration::days(7));
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
}

async fn what_is_wrong_about_a_token_is_named(app: &TestApp) {
    let ana = app.admin().await;
    // Wrong fields are told before the password is asked for.
    app.pass(chrono::Duration::days(7));
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
}
