//! What SQLite keeps of sealed keys that were changed or deleted: nothing.

use std::path::{Path, PathBuf};

use app::model::provider::Provider;

use crate::store::credentials::NewCredential;
use crate::store::rows;
use crate::store::testing::{ProjectPlan, make_project, with_sqlite};
use crate::vault::{KeyPlace, Vault};

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
        let row = rows::one(store.reader(), "PRAGMA database_list", []).await;
        let file: String = row
            .expect("read")
            .expect("a row")
            .try_get_by_index(2)
            .expect("a file");
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
        let key = store
            .credential(workspace, Provider::Google)
            .await
            .expect("read");
        let sealed = key.expect("a row").sealed.expect("a key").ciphertext;
        assert!(!left_in(folder, &sealed[40..80]).is_empty());
        store
            .delete_credential(workspace, Provider::Google)
            .await
            .expect("deleted");
        for piece in sealed.chunks(40).take(10) {
            assert_eq!(left_in(folder, piece), Vec::<PathBuf>::new());
        }
    })
    .await;
}
