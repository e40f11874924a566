//! Addresses (base URLs) that owners may not make the host connect to.

use app::model::account::Role;
use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::raw_server::{RawServer, response};
use crate::support::{Caller, Setup, TestApp, with_postgres, with_sqlite};

/// Addresses of this machine and of private networks, and words of their refusals.
const PRIVATE: [&str; 7] = [
    "http://127.0.0.1:11434/v1",
    "http://localhost:11434/v1",
    "http://[::1]:11434/v1",
    "http://10.1.2.3/v1",
    "https://192.168.1.10/v1",
    "http://2130706433/v1",
    "http://[::ffff:172.16.0.1]/v1",
];
const BARRED: [&str; 4] = [
    "http://169.254.169.254/latest/meta-data",
    "http://[fe80::1]/v1",
    "http://[fd00:ec2::254]/v1",
    "http://0xa9fea9fe/v1",
];
const ONLY_ADMINS: [(&str, &str); 2] = [
    ("en", "Only an admin of this instance"),
    ("es", "Solo un administrador de esta instancia"),
];
const NOBODY: [(&str, &str); 2] = [("en", "link-local network"), ("es", "red de enlace local")];

fn draft(address: &str) -> Value {
    json!({"draft": {"provider": "openai", "api_key": "sk-0123456789", "base_url": address}})
}

/// Asserts that both doors refuse the address, in the caller's language.
async fn is_refused(app: &TestApp, caller: &Caller<'_>, address: &str, words: [(&str, &str); 2]) {
    let stored = app.count("user_llm_api_keys").await;
    for (language, word) in words {
        let caller = caller.with("accept-language", language);
        let saved = caller.call("keys/save", &draft(address)).await;
        assert_eq!(saved.status, StatusCode::UNPROCESSABLE_ENTITY, "{address}");
        let field = &saved.json()["fields"][0];
        assert_eq!(field["field"], "base_url", "{address}");
        assert!(
            field["message"]
                .as_str()
                .is_some_and(|text| text.contains(word)),
            "{address}: {field}"
        );

        let keys = json!({"openai_api_key": "sk-0123456789", "openai_base_url": address});
        let saved = caller.post("/api-keys", &keys).await;
        assert_eq!(saved.wrong_fields(), ["openai_base_url"], "{address}");
        let text = String::from_utf8_lossy(&saved.body);
        assert!(text.contains(word), "{address}: {text}");
    }
    assert_eq!(app.count("user_llm_api_keys").await, stored, "{address}");
}

async fn owners_and_admins(app: &TestApp) {
    let admin = app.admin().await;
    let owner = app.sign_up("owner@example.com").await;
    for address in PRIVATE {
        is_refused(app, &owner, address, ONLY_ADMINS).await;
        admin.call("keys/save", &draft(address)).await.expect(200);
    }
    for address in BARRED {
        is_refused(app, &owner, address, NOBODY).await;
        is_refused(app, &admin, address, NOBODY).await;
    }
    // The host needs no name server to store an address on the internet.
    for address in ["https://8.8.8.8/v1", "https://gateway.invalid/v1", ""] {
        owner.call("keys/save", &draft(address)).await.expect(200);
    }
}

#[tokio::test]
async fn private_addresses_are_for_admins_and_metadata_for_nobody_on_sqlite() {
    with_sqlite(Setup::default(), owners_and_admins).await;
}

#[tokio::test]
async fn private_addresses_are_for_admins_and_metadata_for_nobody_on_postgres() {
    with_postgres(Setup::default(), owners_and_admins).await;
}

#[tokio::test]
async fn an_owner_of_an_admins_workspace_stores_no_private_address() {
    with_sqlite(Setup::default(), async |app| {
        let admin = app.admin().await;
        let workspace = admin.workspace().await;
        let owner = app
            .member("owner@example.com", workspace, Role::Owner)
            .await;
        is_refused(app, &owner, PRIVATE[0], ONLY_ADMINS).await;
        // The address that the admin stored may stay when the key changes.
        admin
            .call("keys/save", &draft(PRIVATE[0]))
            .await
            .expect(200);
        owner
            .call("keys/save", &draft(PRIVATE[0]))
            .await
            .expect(200);
        is_refused(app, &owner, PRIVATE[1], ONLY_ADMINS).await;
    })
    .await;
}

#[tokio::test]
async fn what_an_admin_stored_leads_nowhere_once_the_admin_is_none() {
    with_sqlite(Setup::default(), async |app| {
        let list = br#"{"data": [{"id": "model-1"}]}"#;
        let server = RawServer::saying(response(200, "", list)).await;
        let admin = app.admin().await;
        let address = server.origin.replace("127.0.0.1", "localhost");
        admin.call("keys/save", &draft(&address)).await.expect(200);
        let test = json!({"provider": "openai"});
        let tested = admin.call("keys/test", &test).await.expect(200);
        assert_eq!(tested["accepted"], true, "{tested}");
        let heard = server.heard().len();
        assert!(heard > 0);

        app.execute("UPDATE users SET is_admin = FALSE").await;
        let tested = admin.call("keys/test", &test).await.expect(200);
        assert_eq!(
            (&tested["accepted"], &tested["error_class"]),
            (&json!(false), &json!("bad_parameter"))
        );
        assert_eq!(server.heard().len(), heard, "a request went out");
    })
    .await;
}
