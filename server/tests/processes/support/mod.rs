//! What the tests stand on: homes with a database, programs that end with their test, a
//! client, and the records that every run has to balance.

pub(crate) mod client;
pub(crate) mod cluster;
#[path = "../../support/copies.rs"]
mod copies;
pub(crate) mod database;
pub(crate) mod home;
pub(crate) mod nginx;
pub(crate) mod program;
pub(crate) mod repository;
pub(crate) mod run_records;
#[path = "../../support/scratch.rs"]
mod scratch;
pub(crate) mod simulator;

use std::future::Future;
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use home::caught;

/// Makes a test that runs its body on both databases, each in a [`Home`](home::Home) of its
/// own. At the same time: most of what such a test does is wait. Behind `empty;` there are no
/// tables yet.
macro_rules! on_both_databases {
    (@in $sqlite:ident $postgres:ident;
        $(async fn $name:ident($home:ident: $type:ty) $body:block)+
    ) => {$(
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $name() {
            async fn body($home: $type) $body

            let sqlite = $crate::support::home::$sqlite(async |home| body(home).await);
            let postgres = $crate::support::home::$postgres(async |home| body(home).await);
            $crate::support::both(sqlite, postgres).await;
        }
    )+};
    (empty; $($tests:tt)+) => {
        $crate::support::on_both_databases! {
            @in with_empty_sqlite with_empty_postgres; $($tests)+
        }
    };
    ($($tests:tt)+) => {
        $crate::support::on_both_databases! { @in with_sqlite with_postgres; $($tests)+ }
    };
}
pub(crate) use on_both_databases;

/// Runs a body on SQLite and on PostgreSQL to the end, and tells on which of them it failed.
pub(crate) async fn both(sqlite: impl Future<Output = ()>, postgres: impl Future<Output = ()>) {
    let results = tokio::join!(caught(sqlite), caught(postgres));
    for (database, result) in [("SQLite", results.0), ("PostgreSQL", results.1)] {
        if let Err(panic) = result {
            eprintln!("failed on {database}");
            resume_unwind(panic);
        }
    }
}

/// A program that `scripts/setup.sh` installs.
pub(crate) fn tool(name: &str) -> PathBuf {
    let program = tools().join(name);
    assert!(
        program.exists(),
        "{} is missing. Type this, then try again:\n    scripts/setup.sh test",
        program.display()
    );
    program
}

/// Where `scripts/setup.sh` keeps tools.
fn tools() -> PathBuf {
    let cache = match std::env::var_os("PARALLAX_CACHE") {
        Some(folder) => PathBuf::from(folder),
        None => match std::env::var_os("XDG_CACHE_HOME") {
            Some(folder) => Path::new(&folder).join("parallax"),
            None => Path::new(&std::env::var_os("HOME").expect("a home")).join(".cache/parallax"),
        },
    };
    cache.join("tools")
}

const LOOK_AGAIN: Duration = Duration::from_millis(10);

/// Looks again and again until `look` gives something; how long that took.
pub(crate) async fn eventually<T, F: Future<Output = Option<T>>>(
    what: &str,
    within: Duration,
    mut look: impl FnMut() -> F,
) -> (T, Duration) {
    let begun = Instant::now();
    loop {
        if let Some(found) = look().await {
            return (found, begun.elapsed());
        }
        assert!(begun.elapsed() < within, "{what}: not within {within:?}");
        tokio::time::sleep(LOOK_AGAIN).await;
    }
}
