//! Invitations: for one address and one role, as long as their maker may make them; listed and
//! taken back.

mod ends;
mod list;
mod make;
mod revoke;

use serde_json::{Value, json};

use crate::support::{Caller, PASSWORD, Reply, TestApp};

async fn accept(app: &TestApp, email: &str, token: &str) -> Reply {
    let draft = json!({"draft": {"email": email, "password": PASSWORD, "invitation": token}});
    app.nobody().call("accounts/sign-up", &draft).await
}

/// The id and the token of a new invitation.
async fn invite(admin: &Caller<'_>, email: &str, role: &str) -> (i64, String) {
    let call = json!({"draft": {"email": email, "role": role}});
    let made = admin.call("invitations/make", &call).await.expect(200);
    let (_, token) = made["path"]
        .as_str()
        .and_then(|path| path.split_once("?invitation="))
        .expect("a token");
    (made["id"].as_i64().expect("an id"), token.to_owned())
}

async fn listed(admin: &Caller<'_>) -> Vec<Value> {
    let list = admin.call("invitations/list", &json!({})).await.expect(200);
    list.as_array().expect("a list").clone()
}

/// The token of a link that a program was given.
fn token_of(made: &Value) -> &str {
    let path = made["path"].as_str().expect("a path");
    let (_, token) = path.split_once('=').expect("a token");
    token
}
