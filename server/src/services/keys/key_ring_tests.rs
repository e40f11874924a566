//! Keys that move: to another address, another workspace, from an older version.

use app::model::ids::WorkspaceId;
use app::model::provider::Provider;
use secrecy::ExposeSecret;

use super::*;
use crate::config::{Config, Source};
use crate::store::accounts::NewCredential;
use crate::store::testing::{
    ProjectPlan, TestDatabase, make_project, on_both_databases, with_sqlite,
};

const MASTER: [u8; 32] = [7; 32];
const GATEWAY: &str = "https://gateway.example/v1";
const SECRET: &str = "sk-secret-0123456789";

async fn ring(database: &TestDatabase, key: [u8; 32]) -> Result<HostKeyRing, KeyRingError> {
    let config = Config::read(&Source::of(&[])).expect("defaults");
    let source = MasterKeySource::Environment(key);
    let folder = std::env::temp_dir();
    HostKeyRing::open(database.store.clone(), source, folder, config.providers).await
}

fn place(workspace: WorkspaceId) -> KeyPlace<'static> {
    KeyPlace {
        workspace,
        provider: Provider::OpenAi,
        base_url: Some(GATEWAY),
    }
}

async fn store_key(database: &TestDatabase, place: &KeyPlace<'_>, sealed: Sealed) {
    let new = NewCredential {
        key: Some((sealed, "6789".to_owned())),
        base_url: place.base_url.map(str::to_owned),
        max_in_flight: None,
    };
    let saved = database
        .store
        .save_credential(place.workspace, place.provider, new);
    saved.await.expect("saved");
}

async fn found(keys: &HostKeyRing, workspace: WorkspaceId) -> Result<String, AccessError> {
    let access = keys
        .find(workspace, Provider::OpenAi)
        .await?
        .expect("a way");
    Ok(access
        .access
        .api_key
        .expect("a key")
        .expose_secret()
        .to_owned())
}

fn is_damaged(found: &Result<String, AccessError>) -> bool {
    matches!(
        found,
        Err(AccessError::Unreadable(UnreadableKey::Damaged(
            Provider::OpenAi
        )))
    )
}

on_both_databases! {
    async fn a_key_goes_to_the_address_that_it_was_sealed_for(database: &TestDatabase) {
        let workspace = make_project(database, &ProjectPlan::default()).await.workspace;
        let keys = ring(database, MASTER).await.expect("a ring");
        let place = place(workspace);
        store_key(database, &place, keys.vault().seal(&place, SECRET).expect("sealed")).await;
        assert_eq!(found(&keys, workspace).await.expect("found"), SECRET);
        for address in ["'https://evil.example/v1'", "NULL"] {
            database.execute(&format!("UPDATE user_llm_api_keys SET base_url = {address}")).await;
            let found = found(&keys, workspace).await;
            assert!(is_damaged(&found), "{address}: {found:?}");
        }
        database.execute(&format!("UPDATE user_llm_api_keys SET base_url = '{GATEWAY}'")).await;
        assert_eq!(found(&keys, workspace).await.expect("found"), SECRET);
        database.execute("UPDATE user_llm_api_keys SET ciphertext = nonce").await;
        assert!(is_damaged(&found(&keys, workspace).await));
    }

    async fn keys_of_a_version_before_are_sealed_again_once(database: &TestDatabase) {
        let workspace = make_project(database, &ProjectPlan::default()).await.workspace;
        let (old, place) = (Vault::new(&MASTER, 3), place(workspace));
        let before = old.seal_as_before(&place, SECRET).expect("sealed");
        let check = old.seal_check_as_before().expect("sealed");
        database.store.save_vault_check(&check).await.expect("saved");
        store_key(database, &place, before.clone()).await;

        // Another master key seals nothing, and starts nothing.
        assert!(ring(database, [8; 32]).await.is_err());
        // Two hosts at once: each opens the key afterwards.
        let (one, two) = tokio::join!(ring(database, MASTER), ring(database, MASTER));
        let (one, two) = (one.expect("a ring"), two.expect("a ring"));
        for keys in [&one, &two] {
            assert_eq!(found(keys, workspace).await.expect("found"), SECRET);
        }
        let sealed = database.store.sealed_keys().await.expect("keys").remove(0).sealed;
        assert!(sealed != before && one.vault().open(&place, &sealed).is_ok());

        // The old form is refused from now on, also at another start.
        store_key(database, &place, before.clone()).await;
        assert!(is_damaged(&found(&one, workspace).await));
        let again = ring(database, MASTER).await.expect("a ring");
        assert!(is_damaged(&found(&again, workspace).await));
        // Nor does an old check beside a running host bring it back.
        database.store.save_vault_check(&check).await.expect("saved");
        let found = found(&one, workspace).await;
        assert!(matches!(found, Err(AccessError::Unreadable(UnreadableKey::MasterKey))), "{found:?}");
    }

    async fn one_dead_key_stops_neither_the_sealing_nor_a_rotation(database: &TestDatabase) {
        let workspace = make_project(database, &ProjectPlan::default()).await.workspace;
        let (old, place) = (Vault::new(&MASTER, 1), place(workspace));
        database.store.save_vault_check(&old.seal_check_as_before().expect("sealed")).await.expect("saved");
        store_key(database, &place, old.seal_as_before(&place, SECRET).expect("sealed")).await;
        let other = KeyPlace { provider: Provider::Google, ..place };
        let mut dead = old.seal_as_before(&other, SECRET).expect("sealed");
        dead.ciphertext[0] ^= 1;
        store_key(database, &other, dead).await;
        let keys = ring(database, MASTER).await.expect("a ring");
        assert_eq!(found(&keys, workspace).await.expect("found"), SECRET);
        let next = Vault::new(&[9; 32], 2);
        let rotated = database.store.rotate_credentials(&keys.vault(), &next).await;
        assert_eq!(rotated.expect("rotated"), 1);
        // A second rotation that began beside it changes nothing.
        let late = Vault::new(&[3; 32], 2);
        let refused = database.store.rotate_credentials(&keys.vault(), &late).await;
        assert!(refused.is_err(), "{refused:?}");
        let keys = ring(database, [9; 32]).await.expect("a ring");
        assert_eq!(found(&keys, workspace).await.expect("found"), SECRET);
    }

    async fn a_key_that_an_old_master_key_sealed_is_not_stored(database: &TestDatabase) {
        let workspace = make_project(database, &ProjectPlan::default()).await.workspace;
        let (keys, place) = (ring(database, MASTER).await.expect("a ring"), place(workspace));
        let sealed = keys.vault().seal(&place, SECRET).expect("sealed");
        // The rotation comes between the sealing and the storing.
        let next = Vault::new(&[9; 32], 2);
        database.store.rotate_credentials(&keys.vault(), &next).await.expect("rotated");
        let new = NewCredential { key: Some((sealed, "6789".to_owned())), base_url: None, max_in_flight: None };
        let saved = database.store.save_credential(workspace, Provider::OpenAi, new).await;
        assert!(matches!(saved, Err(crate::store::StoreError::Outdated)), "{saved:?}");
        // This process has the old master key only: it says so, and what to do.
        let found = keys.vault_to_seal().await.map(|_| ());
        assert!(matches!(found, Err(AccessError::Unreadable(UnreadableKey::MasterKey))), "{found:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_ceiling_is_read_only_for_who_is_on_the_operators_key() {
    with_sqlite(async |database| {
        let workspace = make_project(database, &ProjectPlan::default())
            .await
            .workspace;
        let variables = [
            ("OPENAI_API_KEY", "sk-operators"),
            ("PARALLAX_SHARED_KEYS", "true"),
        ];
        let config = Config::read(&Source::of(&variables)).expect("a configuration");
        let source = MasterKeySource::Environment(MASTER);
        let folder = std::env::temp_dir();
        let keys = HostKeyRing::open(database.store.clone(), source, folder, config.providers)
            .await
            .expect("a ring");
        // Nothing may be spent on the operator's key yet.
        let none = keys.find(workspace, Provider::OpenAi).await;
        assert!(none.expect("looked for").is_none());
        database
            .execute("UPDATE workspaces SET shared_key_ceiling_nano_usd = 1000000000")
            .await;
        let shared = keys.find(workspace, Provider::OpenAi).await;
        assert!(shared.expect("looked for").expect("a key").on_shared_key);
        // A ceiling that nobody can read is no matter of a key of one's own.
        database
            .execute("UPDATE workspaces SET shared_key_ceiling_nano_usd = 'unreadable'")
            .await;
        assert!(keys.find(workspace, Provider::OpenAi).await.is_err());
        let place = place(workspace);
        let sealed = keys.vault().seal(&place, SECRET).expect("sealed");
        store_key(database, &place, sealed).await;
        assert_eq!(found(&keys, workspace).await.expect("found"), SECRET);
    })
    .await;
}
