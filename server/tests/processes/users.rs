//! `parallax user …` beside a host that serves: access is taken away at the next request.

use serde_json::{Value, json};

use crate::support::client::Client;
use crate::support::home::{ADMIN, Environment, Home, Host, PASSWORD};
use crate::support::on_both_databases;

const ANA: &str = "ana@parallax.example";
const ANOTHER: &str = "four quiet green llamas";

fn nothing() -> Environment {
    Vec::new()
}

async fn printed(home: &Home, arguments: &[&str], typed: &str) -> String {
    home.run(arguments, &nothing(), typed).await.printed()
}

async fn said(home: &Home, arguments: &[&str], typed: &str) -> String {
    home.run(arguments, &nothing(), typed).await.said()
}

/// Signs in as a browser does that has neither cookie nor token.
async fn sign_in(host: &Host, email: &str, password: &str) -> (u16, Value) {
    let draft = json!({ "draft": { "email": email, "password": password } });
    let http = reqwest::Client::builder()
        .no_proxy()
        .build()
        .expect("a client");
    let request = http.post(format!("{}/api/fn/accounts/sign-in", host.program.origin));
    let request = request
        .header("content-type", "application/json")
        .body(draft.to_string());
    let answer = request.send().await.expect("the host answers");
    let status = answer.status().as_u16();
    let body = answer.bytes().await.expect("a body");
    (status, serde_json::from_slice(&body).unwrap_or(Value::Null))
}

async fn status(host: &Host, token: &str) -> u16 {
    let client = Client::new(&host.program.origin, token);
    client.try_call("projects/list", &json!({})).await.0
}

/// How a user is listed.
async fn listed(home: &Home, email: &str) -> Value {
    let list = printed(home, &["user", "list", "--json"], "").await;
    let list: Value = serde_json::from_str(&list).expect("JSON");
    let users = list["users"].as_array().expect("users");
    let found = users.iter().find(|user| user["email"] == email);
    found.expect("the user").clone()
}

on_both_databases! {
    async fn a_leaver_is_out_at_once(home: &Home) {
        let host = home.serve(&nothing()).await;
        printed(home, &["user", "add", ANA, "--password-stdin"], PASSWORD).await;
        let token = printed(home, &["token", ANA, "--scope", "read", "--name", "report"], "").await;
        assert_eq!(sign_in(&host, ANA, PASSWORD).await.0, 200);
        assert_eq!(status(&host, &token).await, 200);
        let before = listed(home, ANA).await;
        assert_eq!((&before["sessions"], &before["tokens"]), (&json!(1), &json!(1)));
        assert_eq!(before["workspaces"][0]["role"], "owner");
        assert!(before["last_used_at"].is_string());

        let done = printed(home, &["user", "disable", ANA], "").await;
        assert!(done.contains(ANA), "{done}");
        assert_eq!(status(&host, &token).await, 401);
        let (refused, told) = sign_in(&host, ANA, PASSWORD).await;
        assert_eq!(refused, 403, "{told}");
        said(home, &["token", ANA], "").await;
        let table = printed(home, &["user", "list"], "").await;
        let line = table.lines().find(|line| line.contains(ANA)).expect("a line");
        assert!(line.contains("disabled"), "{table}");
        assert!(table.lines().any(|line| line.contains(ADMIN) && line.contains("enabled")), "{table}");

        printed(home, &["user", "enable", ANA], "").await;
        assert_eq!(status(&host, &token).await, 401, "tokens are made anew");
        assert_eq!(sign_in(&host, ANA, PASSWORD).await.0, 200);

        let sessions = printed(home, &["user", "sessions", ANA], "").await;
        assert_eq!(sessions.lines().count(), 2, "{sessions}");
        let ended = printed(home, &["user", "sessions", ANA, "--end"], "").await;
        assert!(ended.contains("ended 1 session"), "{ended}");
        assert_eq!(listed(home, ANA).await["sessions"], 0);
        host.program.stop().await;
    }

    async fn a_password_is_given_anew(home: &Home) {
        let host = home.serve(&nothing()).await;
        printed(home, &["user", "add", ANA, "--password-stdin"], PASSWORD).await;
        let token = printed(home, &["token", ANA, "--days", "3"], "").await;
        for _ in 0..11 {
            sign_in(&host, ANA, "not this one").await;
        }
        assert_eq!(sign_in(&host, ANA, PASSWORD).await.0, 429);
        let weak = said(home, &["user", "reset-password", ANA, "--password-stdin"], "1234567890").await;
        assert!(weak.contains("easy to guess"), "{weak}");
        printed(home, &["user", "reset-password", ANA, "--password-stdin"], ANOTHER).await;
        assert_eq!(status(&host, &token).await, 401);
        assert_eq!(sign_in(&host, ANA, PASSWORD).await.0, 401);
        assert_eq!(sign_in(&host, ANA, ANOTHER).await.0, 200);

        let given = printed(home, &["user", "reset-password", ANA], "").await;
        let once = given.lines().next().expect("a password");
        assert_eq!(sign_in(&host, ANA, ANOTHER).await.0, 401);
        assert_eq!(sign_in(&host, ANA, once).await.0, 200);
        assert_eq!(listed(home, ANA).await["sessions"], 1);
        // A day later it opens nothing, nor does what it opened.
        let database = home.database().await;
        let past = "UPDATE users SET password_ends_at = '2026-01-01 00:00:00+00:00' \
                    WHERE password_ends_at IS NOT NULL";
        database.execute(past).await;
        let (refused, told) = sign_in(&host, ANA, once).await;
        assert_eq!(refused, 403, "{told}");
        host.program.stop().await;
    }

    async fn roles_change_and_the_last_of_a_kind_stay(home: &Home) {
        let host = home.serve(&nothing()).await;
        let lone = said(home, &["user", "disable", ADMIN], "").await;
        assert!(lone.contains("last admin") && lone.contains("--force"), "{lone}");
        let lone = said(home, &["user", "role", ADMIN, "--admin", "off"], "").await;
        assert!(lone.contains("last admin"), "{lone}");
        assert_eq!(listed(home, ADMIN).await["is_admin"], true);

        printed(home, &["user", "add", ANA, "--password-stdin"], PASSWORD).await;
        let promoted = printed(home, &["user", "role", ANA, "--admin", "on"], "").await;
        assert!(promoted.contains("12 characters of admins"), "{promoted}");
        assert_eq!(listed(home, ANA).await["is_admin"], true);
        let workspace = listed(home, ADMIN).await["workspaces"][0]["id"].to_string();
        let role = ["user", "role", ANA, "--workspace", &workspace, "--role", "editor"];
        printed(home, &role, "").await;
        // Ana would be left in a workspace without an owner.
        let owner = said(home, &["user", "disable", ADMIN], "").await;
        assert!(owner.contains("last owner"), "{owner}");
        let leave = ["user", "role", ADMIN, "--workspace", &workspace, "--role", "viewer"];
        let owner = said(home, &leave, "").await;
        assert!(owner.contains("last owner"), "{owner}");
        let role = ["user", "role", ANA, "--workspace", &workspace, "--role", "owner"];
        printed(home, &role, "").await;
        printed(home, &leave, "").await;
        assert_eq!(listed(home, ADMIN).await["workspaces"][0]["role"], "viewer");
        let out = ["user", "role", ADMIN, "--workspace", &workspace, "--role", "none"];
        printed(home, &out, "").await;
        assert_eq!(listed(home, ADMIN).await["workspaces"], json!([]));
        let (refused, told) = sign_in(&host, ADMIN, PASSWORD).await;
        assert_eq!(refused, 403, "{told}");
        printed(home, &["user", "disable", ADMIN], "").await;
        let forced = printed(home, &["user", "disable", ANA, "--force"], "").await;
        assert!(forced.contains(ANA), "{forced}");

        for unknown in ["disable", "enable", "reset-password", "sessions"] {
            let told = said(home, &["user", unknown, "nobody@parallax.example"], "").await;
            assert!(told.contains("no user nobody@parallax.example"), "{told}");
        }
        let nowhere = ["user", "role", ANA, "--workspace", "999", "--role", "owner"];
        let told = said(home, &nowhere, "").await;
        assert!(told.contains("no workspace 999"), "{told}");
        for wrong in [
            &["user", "role", ANA][..],
            &["user", "role", ANA, "--workspace", "1"],
            &["user", "role", ANA, "--role", "owner"],
            &["user", "role", ANA, "--admin", "perhaps"],
            &["token", ANA, "--days", "0"],
            &["token", ANA, "--days", "5", "--never"],
            &["user", "disable"],
        ] {
            let done = home.run(wrong, &nothing(), "").await;
            assert_eq!(done.code, Some(2), "{wrong:?} {done:?}");
        }
        host.program.stop().await;
    }
}
