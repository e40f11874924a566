//! What the tests stand on: homes with a database, programs that end with their test, a
//! client, and the books that every run has to balance.

pub(crate) mod books;
pub(crate) mod client;
pub(crate) mod database;
pub(crate) mod home;
pub(crate) mod program;
pub(crate) mod simulator;

use std::future::Future;
use std::time::{Duration, Instant};

/// Makes two tests of one body: `name::on_sqlite` and `name::on_postgres`. The body gets a
/// [`Home`](home::Home) of its own, which is gone afterwards.
macro_rules! on_both_databases {
    ($($(#[$attribute:meta])* async fn $name:ident($home:ident: $type:ty) $body:block)+) => {$(
        mod $name {
            use super::*;

            async fn body($home: $type) $body

            $(#[$attribute])*
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_sqlite() {
                $crate::support::home::with_sqlite(async |home| body(home).await).await;
            }

            $(#[$attribute])*
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_postgres() {
                $crate::support::home::with_postgres(async |home| body(home).await).await;
            }
        }
    )+};
}
pub(crate) use on_both_databases;

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
