//! What SQLite keeps of sealed keys that were changed or deleted, and of erased projects: nothing.

use std::path::{Path, PathBuf};
use std::time::Duration;

use app::model::ids::WorkspaceId;
use app::model::provider::Provider;
use runtime::supervision::JobReporter;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::jobs::{clear_old_pages, erase_deleted};
use crate::store::Store;
use crate::store::accounts::NewCredential;
use crate::store::sql::rows;
use crate::store::testing::{ProjectPlan, make_project, with_sqlite};
use crate::vault::{KeyPlace, Vault};

const PATIENCE: Duration = Duration::from_secs(30);

/// The files in which this stands.
fn left_in(folder: &Path, ciphertext: &[u8]) -> Vec<PathBuf> {
    let files = std::fs::read_dir(folder).expect("a folder");
    let holds = |path: &PathBuf| {
        let bytes = std::fs::read(path).unwrap_or_default();
        memchr::memmem::find(&bytes, ciphertext).is_some()
    };
    files
        .map(|file| file.expect("a file").path())
        .filter(holds)
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_rotation_or_deletion_nothing_of_the_old_key_is_in_the_file() {
    with_sqlite(async |database| {
        let store = &database.store;
        let file = file_of(store).await;
        let folder = Path::new(&file).parent().expect("a folder");
        let workspace = make_project(database, &ProjectPlan::default())
            .await
            .workspace;
        let (old, new) = (Vault::new(&[7; 32], 1), Vault::new(&[9; 32], 2));
        store
            .save_vault_check(&old.seal_check().expect("sealed"))
            .await
            .expect("saved");
        let mut ciphertexts = Vec::new();
        for provider in Provider::BIG_FOUR {
            let place = KeyPlace {
                workspace,
                provider,
                base_url: None,
            };
            // Long enough that pages are split.
            let sealed = old
                .seal(&place, &"sk-0123456789".repeat(60))
                .expect("sealed");
            ciphertexts.push(sealed.ciphertext.clone());
            let key = NewCredential {
                key: Some((sealed, "6789".to_owned())),
                base_url: None,
                max_in_flight: None,
            };
            store
                .save_credential(workspace, provider, key)
                .await
                .expect("saved");
        }
        assert!(
            !left_in(folder, &ciphertexts[0]).is_empty(),
            "the search finds what is there"
        );
        assert_eq!(
            store.rotate_credentials(&old, &new).await.expect("rotated"),
            4
        );
        for ciphertext in &ciphertexts {
            for piece in ciphertext.chunks(40).take(10) {
                assert_eq!(left_in(folder, piece), Vec::<PathBuf>::new());
            }
        }
        // Requests replace and delete keys; a job forgets, so that nobody waits for it.
        let reporter = JobReporter::new("old pages", PATIENCE, store.clock().clone());
        let shutdown = CancellationToken::new();
        let job = tokio::spawn(clear_old_pages(store.clone(), reporter, shutdown.clone()));
        let replaced = ciphertext(store, workspace, Provider::OpenAi).await;
        let place = KeyPlace {
            workspace,
            provider: Provider::OpenAi,
            base_url: None,
        };
        let sealed = new.seal(&place, "sk-another").expect("sealed");
        let key = NewCredential {
            key: Some((sealed, "ther".to_owned())),
            base_url: None,
            max_in_flight: None,
        };
        store
            .save_credential(workspace, Provider::OpenAi, key)
            .await
            .expect("saved");
        until_gone(folder, &replaced).await;
        let deleted = ciphertext(store, workspace, Provider::Google).await;
        assert!(!left_in(folder, &deleted[40..80]).is_empty());
        store
            .delete_credential(workspace, Provider::Google)
            .await
            .expect("deleted");
        until_gone(folder, &deleted).await;
        shutdown.cancel();
        job.await.expect("it stops");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_an_erasure_nothing_of_the_project_is_in_the_file() {
    with_sqlite(async |database| {
        let store = &database.store;
        let file = file_of(store).await;
        let folder = Path::new(&file).parent().expect("a folder");
        make_project(database, &ProjectPlan::default()).await;
        let question = b"Which soap is number 1?";
        assert!(!left_in(folder, question).is_empty());
        database
            .execute(
                "UPDATE llm_monitoring_projects SET deleted_at = '2026-01-01 00:00:00+00:00', \
                 erase_begun_at = '2026-02-01 00:00:00+00:00'",
            )
            .await;
        let reporter = JobReporter::new("erasure", PATIENCE, store.clock().clone());
        let shutdown = CancellationToken::new();
        let job = tokio::spawn(erase_deleted(store.clone(), reporter, shutdown.clone()));
        until_gone(folder, question).await;
        shutdown.cancel();
        job.await.expect("it stops");
    })
    .await;
}

async fn file_of(store: &Store) -> String {
    let row = rows::one(store.reader(), "PRAGMA database_list", []).await;
    let row = row.expect("read").expect("a row");
    row.try_get_by_index(2).expect("a file")
}

async fn ciphertext(store: &Store, workspace: WorkspaceId, provider: Provider) -> Vec<u8> {
    let key = store.credential(workspace, provider).await.expect("read");
    key.expect("a row").sealed.expect("a key").ciphertext
}

/// Waits until no piece of it is in any file.
async fn until_gone(folder: &Path, bytes: &[u8]) {
    let is_left = || {
        let mut pieces = bytes.chunks(40).take(10);
        pieces.any(|piece| piece.len() > 20 && !left_in(folder, piece).is_empty())
    };
    let gone = async {
        while is_left() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(PATIENCE, gone).await.expect("it goes");
}
