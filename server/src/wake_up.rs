//! Wakes the workers after a run was planned or cancelled: those of this process at once, those
//! of others through PostgreSQL.
//!
//! Invariant: a wake-up carries nothing. What is to be done stands in the database, and every
//! worker looks by itself once a second, so a wake-up that is lost costs no more than that.

use std::sync::Arc;
use std::time::Duration;

use app::model::ids::RunId;
use runtime::supervision::JobReporter;
use sea_orm::sqlx::postgres::PgListener;
use sea_orm::sqlx::{self, PgPool};
use tokio::sync::Notify;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use crate::store::Store;

/// Where wake-ups go in PostgreSQL; a channel belongs to one database.
const CHANNEL: &str = "parallax_lanes";
/// A wake-up that takes longer is given up: whoever planned the run waits for it.
const WAKE_WITHIN: Duration = Duration::from_secs(2);
/// How often the listener sends itself a wake-up, to know that it still listens.
const PROOF: Duration = Duration::from_mins(1);
/// How long such a wake-up may take.
const ECHO_WITHIN: Duration = Duration::from_secs(5);
/// Before a listener that was lost, or never heard anything, is tried again.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_mins(5);

/// Wakes workers. Cheap to clone.
#[derive(Clone)]
pub struct WorkerWaker {
    local: Arc<Notify>,
    /// The way to other processes; `None` on SQLite, where looks have to do.
    others: Option<PgPool>,
}

/// Why nothing is heard any more.
#[derive(Debug, thiserror::Error)]
enum ListenError {
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    #[error("its own wake-up did not come back; a pooler in transaction mode lets none through")]
    NoEcho,
    #[error("the connection broke")]
    Broken,
}

impl WorkerWaker {
    /// The waker of a database.
    pub fn open(store: &Store) -> Self {
        Self {
            local: Arc::default(),
            others: store.postgres_pool().cloned(),
        }
    }

    /// What an engine in this process listens to.
    pub fn local(&self) -> Arc<Notify> {
        Arc::clone(&self.local)
    }

    /// Whether other processes can hear it, and be heard.
    pub const fn crosses_processes(&self) -> bool {
        self.others.is_some()
    }

    /// Wakes the workers. It never fails, and keeps nobody waiting for long.
    pub async fn wake_workers(&self, run: RunId) {
        self.local.notify_one();
        let Some(pool) = &self.others else { return };
        match timeout(WAKE_WITHIN, notify(pool)).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => {
                tracing::warn!(run = run.0, %error, "other processes could not be woken");
            }
            Err(_) => tracing::warn!(run = run.0, "other processes could not be woken in time"),
        }
    }

    /// Passes the wake-ups of other processes on to the engine of this one, until `shutdown`. A
    /// listener that cannot be had, or breaks, is tried again after a pause. So is one that hears
    /// nothing, but nothing is wrong with that: the look of each second does, as on SQLite.
    pub async fn listen(self, reporter: JobReporter, shutdown: CancellationToken) {
        let Some(pool) = self.others else { return };
        let mut pause = FIRST_PAUSE;
        let mut has_warned = false;
        while !shutdown.is_cancelled() {
            let mut has_heard = false;
            let listen_error = tokio::select! {
                () = shutdown.cancelled() => return,
                Err(error) = receive_wakes(&pool, &self.local, &reporter, &mut has_heard) => error,
            };
            // For the wake-ups that were missed meanwhile.
            self.local.notify_one();
            let none_comes_through = matches!(listen_error, ListenError::NoEcho);
            if none_comes_through {
                reporter.success();
            } else {
                reporter.failure(&listen_error);
            }
            // What stands between stays where it is: once is enough.
            if !(none_comes_through && has_warned) {
                tracing::warn!(
                    error = %listen_error,
                    "wake-ups of other processes are not heard; workers look once a second"
                );
            }
            has_warned = none_comes_through;
            pause = if has_heard {
                FIRST_PAUSE
            } else {
                (pause * 2).min(LONGEST_PAUSE)
            };
            tokio::select! {
                () = shutdown.cancelled() => {}
                () = sleep(pause) => {}
            }
        }
    }
}

async fn notify(pool: &PgPool) -> Result<(), sqlx::Error> {
    sqlx::query("SELECT pg_notify($1, '')")
        .bind(CHANNEL)
        .persistent(false)
        .execute(pool)
        .await?;
    Ok(())
}

/// Listens until that fails. Wakes itself first, and now and then: a connection through a pooler
/// listens without an error, and without ever hearing anything.
async fn receive_wakes(
    pool: &PgPool,
    engine: &Notify,
    reporter: &JobReporter,
    has_heard: &mut bool,
) -> Result<(), ListenError> {
    let mut listener = PgListener::connect_with(pool).await?;
    listener.listen(CHANNEL).await?;
    loop {
        notify(pool).await?;
        let echo = timeout(ECHO_WITHIN, listener.try_recv()).await;
        match echo.map_err(|_| ListenError::NoEcho)?? {
            Some(_) => engine.notify_one(),
            None => return Err(ListenError::Broken),
        }
        *has_heard = true;
        reporter.success();
        let until_proof = sleep(PROOF);
        tokio::pin!(until_proof);
        loop {
            tokio::select! {
                () = &mut until_proof => break,
                heard = listener.try_recv() => match heard? {
                    Some(_) => engine.notify_one(),
                    None => return Err(ListenError::Broken),
                },
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use sea_orm::sqlx::postgres::{PgConnectOptions, PgPoolOptions};

    use super::*;
    use crate::store::testing::with_postgres;

    const PATIENCE: Duration = Duration::from_mins(1);
    /// Takes the place of the server's own where the schema stands first.
    const SWALLOW: &str = "CREATE FUNCTION public.pg_notify(text, text) RETURNS void \
        LANGUAGE sql AS 'SELECT 1'";

    /// As behind a pooler in transaction mode: `LISTEN` succeeds, and nothing is ever heard.
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn where_no_wake_up_comes_through_the_look_of_each_second_does() {
        with_postgres(async |database| {
            database.execute(SWALLOW).await;
            let pool = database.store.postgres_pool().expect("PostgreSQL");
            let options = PgConnectOptions::clone(&pool.connect_options())
                .options([("search_path", "public,pg_catalog")]);
            let pool = PgPoolOptions::new()
                .max_connections(3)
                .connect_with(options);
            let pool = pool.await.expect("connections");
            let waker = WorkerWaker {
                local: Arc::default(),
                others: Some(pool.clone()),
            };
            let reporter = JobReporter::new("wake_up", PATIENCE, database.store.clock().clone());
            let stop = CancellationToken::new();
            let listening = tokio::spawn(waker.listen(reporter.clone(), stop.clone()));
            timeout(PATIENCE, async {
                while reporter.report().last_success_at.is_none() {
                    sleep(Duration::from_millis(50)).await;
                }
            })
            .await
            .expect("it goes well");
            assert_eq!(reporter.report().last_failure, None);
            stop.cancel();
            listening.await.expect("well");
            pool.close().await;
        })
        .await;
    }
}
