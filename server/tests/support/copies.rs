//! Databases that have all tables from the beginning: copies of one in which they were made. Making
//! the tables takes longer than most tests do.

use std::fs;
use std::path::{Path, PathBuf};

use sea_orm::{ConnectionTrait, DbBackend, Statement};
use sha2::{Digest, Sha256};
use tokio::sync::OnceCell;

use super::scratch::Scratch;

/// Makes a file that is a SQLite database with all tables. `make_tables` makes those of the first
/// one, and leaves no log beside it.
pub(crate) async fn copy_sqlite(to: &Path, make_tables: impl AsyncFnOnce(&Path)) {
    static FIRST: OnceCell<Vec<u8>> = OnceCell::const_new();

    let first = FIRST.get_or_init(|| first_sqlite(make_tables)).await;
    fs::write(to, first).expect("written");
}

async fn first_sqlite(make_tables: impl AsyncFnOnce(&Path)) -> Vec<u8> {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("first.db");
    make_tables(&file).await;
    fs::read(&file).expect("a database")
}

/// Makes a PostgreSQL database with all tables, whose name begins so. `make_tables` makes those of
/// the first one, and leaves no connection open.
pub(crate) async fn copy_postgres(prefix: &str, make_tables: impl AsyncFnOnce(&str)) -> Scratch {
    static FIRST: OnceCell<String> = OnceCell::const_new();

    let first = FIRST.get_or_init(|| first_postgres(make_tables)).await;
    Scratch::make_as(prefix, &format!("TEMPLATE {first}")).await
}

/// The name of the database that the others are copies of. It stays on the server, for other
/// processes of tests: one for each state of the migrations that was ever tested there.
async fn first_postgres(make_tables: impl AsyncFnOnce(&str)) -> String {
    let name = format!("parallax_tables_{}", state_of_migrations());
    let made = Scratch::make("tables").await;
    if !is_there(&made, &name).await {
        make_tables(&made.url).await;
        // It gets its name only now, so that whoever finds it finds all tables.
        let rename = format!("ALTER DATABASE {} RENAME TO {name}", made.name);
        if let Err(error) = made.server.execute_unprepared(&rename).await {
            assert!(is_there(&made, &name).await, "{error}");
        }
    }
    made.end().await;
    name
}

async fn is_there(beside: &Scratch, name: &str) -> bool {
    let sql = format!("SELECT COUNT(*) FROM pg_database WHERE datname = '{name}'");
    let statement = Statement::from_string(DbBackend::Postgres, sql);
    let row = beside.server.query_one_raw(statement).await;
    let row = row.expect("asked").expect("a row");
    row.try_get_by_index::<i64>(0).expect("a number") > 0
}

/// A different one for each state of the migrations and of the crates that they are written with.
fn state_of_migrations() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let sources = fs::read_dir(root.join("migrations/src")).expect("the migrations");
    let mut files: Vec<PathBuf> = sources
        .map(|entry| entry.expect("an entry").path())
        .collect();
    files.sort();
    files.push(root.join("Cargo.lock"));
    let mut hash = Sha256::new();
    for file in files {
        hash.update(fs::read(file).expect("a file"));
    }
    let digest: [u8; 32] = hash.finalize().into();
    hex::encode(&digest[..8])
}
