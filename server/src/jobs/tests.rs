//! Wake-ups reach a worker, in one process and through PostgreSQL; jobs are started again.

use std::sync::Arc;
use std::time::Duration;

use app::model::ids::RunId;
use app::model::schedule::JobState;
use runtime::supervision::JobReporter;
use tokio::sync::Notify;
use tokio::time::{Instant, timeout};
use tokio_util::sync::CancellationToken;

use super::erase_deleted;
use super::registry::{Job, Running};
use crate::store::Store;
use crate::store::testing::{ProjectPlan, TestDatabase, make_projects, on_both_databases};
use crate::wake_up::WorkerWaker;

const PATIENCE: Duration = Duration::from_mins(1);
/// How long a worker may take that hears no wake-up.
const LOOK: Duration = Duration::from_secs(1);

/// Another process that listens: nothing but a wake-up through the database reaches it.
struct Listener {
    engine: Arc<Notify>,
    reporter: JobReporter,
    stop: CancellationToken,
    task: tokio::task::JoinHandle<()>,
}

impl Listener {
    async fn start(store: &Store) -> Self {
        let waker = WorkerWaker::open(store);
        let reporter = JobReporter::new("wake_up", PATIENCE, store.clock().clone());
        let (engine, stop) = (waker.local(), CancellationToken::new());
        let task = tokio::spawn(waker.listen(reporter.clone(), stop.clone()));
        let listener = Self {
            engine,
            reporter,
            stop,
            task,
        };
        listener.hears().await;
        listener
    }

    /// Waits until it has heard its own wake-up, and forgets that.
    async fn hears(&self) {
        timeout(PATIENCE, async {
            while self.reporter.report().last_success_at.is_none() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        })
        .await
        .expect("it listens");
        while timeout(Duration::from_millis(50), self.engine.notified())
            .await
            .is_ok()
        {}
    }

    async fn is_woken(&self) {
        timeout(PATIENCE, self.engine.notified())
            .await
            .expect("woken");
    }

    async fn end(self) {
        self.stop.cancel();
        timeout(PATIENCE, self.task)
            .await
            .expect("it ends")
            .expect("well");
    }
}

on_both_databases! {
    async fn a_wake_up_reaches_the_engine_of_its_process(database: &TestDatabase) {
        let waker = WorkerWaker::open(&database.store);
        let engine = waker.local();
        for run in 0..3 {
            waker.wake_workers(RunId(run)).await;
            timeout(PATIENCE, engine.notified()).await.expect("woken");
        }
        let wake_ups = (0..50).map(|run| {
            let waker = waker.clone();
            tokio::spawn(async move { waker.wake_workers(RunId(run)).await })
        });
        for wake_up in wake_ups.collect::<Vec<_>>() {
            wake_up.await.expect("no wake-up panics");
        }
        timeout(PATIENCE, engine.notified()).await.expect("woken");
    }

    async fn a_job_that_panics_is_started_again_and_health_reports_it(database: &TestDatabase) {
        let shutdown = CancellationToken::new();
        let starts = Arc::new(std::sync::atomic::AtomicUsize::new(0));
        let bad = Job::new("bad", PATIENCE, move |reporter: JobReporter, stop: CancellationToken| {
            let number = starts.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            async move {
                assert!(number > 0, "as the script says");
                reporter.success();
                stop.cancelled().await;
            }
        });
        let good = Job::new("good", PATIENCE, |reporter: JobReporter, stop: CancellationToken| async move {
            reporter.success();
            stop.cancelled().await;
        });
        let running = Running::start(vec![bad, good], Vec::new(), &database.store, "here".into(), &shutdown);
        let health = timeout(PATIENCE, async {
            loop {
                let jobs = database.store.job_health().await.expect("health");
                match jobs.get("bad") {
                    Some(bad) if bad.last_success_at.is_some() => return jobs,
                    _ => tokio::time::sleep(Duration::from_millis(20)).await,
                }
            }
        }).await.expect("it was reported");
        let bad = &health["bad"];
        assert_eq!((bad.state, bad.panics, bad.restarts), (JobState::Well, 1, 1));
        assert_eq!(bad.last_failure.as_deref(), Some("panic: as the script says"));
        let good = &health["good"];
        assert_eq!((good.state, good.panics, good.restarts), (JobState::Well, 0, 0));
        assert!(good.last_success_at.is_some());
        shutdown.cancel();
        timeout(PATIENCE, running.join()).await.expect("all obey the shutdown");
    }

    async fn a_look_in_which_a_project_was_not_erased_is_a_failure(database: &TestDatabase) {
        let projects = make_projects(database, &ProjectPlan::default(), 2).await;
        let deleted = "UPDATE llm_monitoring_projects SET deleted_at = '2026-01-01 00:00:00+00:00', \
            erase_begun_at = '2026-02-01 00:00:00+00:00'";
        database.execute(deleted).await;
        // Something points to what is to go of the first.
        let pins = "CREATE TABLE pins \
            (revision_id BIGINT NOT NULL REFERENCES llm_monitoring_revisions (id))";
        database.execute(pins).await;
        let pinned = projects[0].project;
        database.execute(&format!("INSERT INTO pins SELECT id FROM llm_monitoring_revisions \
            WHERE project_id = {pinned}")).await;
        let (shutdown, clock) = (CancellationToken::new(), database.store.clock().clone());
        let reporter = JobReporter::new("erasure", PATIENCE, clock);
        let erasing = erase_deleted(database.store.clone(), reporter.clone(), shutdown.clone());
        let erasing = tokio::spawn(erasing);
        timeout(PATIENCE, async {
            while reporter.report().last_failure.is_none() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        }).await.expect("it is reported");
        shutdown.cancel();
        timeout(PATIENCE, erasing).await.expect("it ends").expect("well");
        assert_eq!(reporter.report().last_success_at, None);
        let erased = "SELECT id FROM llm_monitoring_projects WHERE erased_at IS NOT NULL";
        assert_eq!(database.number(erased).await, projects[1].project.0, "the other is gone");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wake_up_from_another_process_is_quicker_than_a_look() {
    crate::store::testing::with_postgres(async |database| {
        let waker = WorkerWaker::open(&database.store);
        let listener = Listener::start(&database.store).await;
        let mut took = Vec::new();
        for run in 0..9 {
            let begun = Instant::now();
            waker.wake_workers(RunId(run)).await;
            listener.is_woken().await;
            took.push(begun.elapsed());
        }
        took.sort_unstable();
        assert!(took[4] < LOOK / 2, "{took:?}");
        listener.end().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_listener_survives_cut_connections() {
    crate::store::testing::with_postgres(async |database| {
        let waker = WorkerWaker::open(&database.store);
        let listener = Listener::start(&database.store).await;
        database
            .number(
                "SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity \
                 WHERE datname = current_database() AND pid <> pg_backend_pid()",
            )
            .await;
        // A wake-up into a connection that is gone is lost; the next one is not. What the listener
        // sends itself when it begins anew is no wake-up of another process.
        let heard_before = listener.reporter.report().last_failure_at;
        let woken_again = async {
            while listener.reporter.report().last_failure_at == heard_before {
                waker.wake_workers(RunId(2)).await;
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            listener.hears().await;
            loop {
                waker.wake_workers(RunId(3)).await;
                let woken = timeout(Duration::from_millis(500), listener.engine.notified());
                if woken.await.is_ok() {
                    return;
                }
            }
        };
        timeout(PATIENCE, woken_again).await.expect("woken again");
        listener.end().await;
    })
    .await;
}
