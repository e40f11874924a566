//! Tokens: what their scopes let them do, and how they end.

mod list;
mod make;
mod revoke;
mod scopes;

use serde_json::{Value, json};

use crate::support::{Caller, TestApp};

/// A token of a scope, as the program that has it.
async fn program<'a>(app: &'a TestApp, who: &Caller<'_>, wish: &Value) -> (Caller<'a>, i64) {
    let made = who.post("/tokens", wish).await.expect(201);
    let secret = made["secret"].as_str().expect("a text");
    assert!(secret.starts_with("plx_"), "{secret}");
    let id = made["token"]["id"].as_i64().expect("an id");
    let bearer = format!("Bearer {secret}");
    (app.nobody().with("authorization", &bearer), id)
}

/// A token of a scope that ends in a week.
fn of_scope(scope: &str) -> Value {
    json!({"name": scope, "scope": scope, "expires_in_days": 7})
}

/// A token that may whatever its user may, for ever.
fn of_everything() -> Value {
    json!({"name": "all", "never_expires": true})
}
