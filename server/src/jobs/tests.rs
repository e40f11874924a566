//! Rings reach a worker, in memory and through PostgreSQL.

use std::sync::Arc;
use std::time::Duration;

use app::model::ids::RunId;
use tokio::sync::Notify;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::{Bell, Queue};
use crate::store::testing::{TestDatabase, on_both_databases};

const PATIENCE: Duration = Duration::from_secs(10);

struct Worker {
    engine: Arc<Notify>,
    stop: CancellationToken,
    task: tokio::task::JoinHandle<()>,
}

impl Worker {
    fn start(queue: Queue, name: &'static str) -> Self {
        let engine = Arc::new(Notify::new());
        let stop = CancellationToken::new();
        let (bell, stopped) = (Arc::clone(&engine), stop.clone());
        let task = tokio::spawn(async move { queue.work(name, bell, stopped).await });
        Self { engine, stop, task }
    }

    async fn is_rung(&self) {
        timeout(PATIENCE, self.engine.notified())
            .await
            .expect("rung");
    }

    async fn end(self) {
        self.stop.cancel();
        timeout(PATIENCE, self.task)
            .await
            .expect("it ends")
            .expect("well");
    }
}

async fn ring_many(bell: &Bell) {
    let rings = (0..50).map(|run| {
        let bell = bell.clone();
        tokio::spawn(async move { bell.ring(RunId(run)).await })
    });
    for ring in rings.collect::<Vec<_>>() {
        ring.await.expect("no ring panics");
    }
}

on_both_databases! {
    async fn a_ring_wakes_the_engine(database: &TestDatabase) {
        let queue = Queue::open(&database.store).await;
        let bell = queue.bell();
        let worker = Worker::start(queue, "one");
        for run in 0..3 {
            bell.ring(RunId(run)).await;
            worker.is_rung().await;
        }
        ring_many(&bell).await;
        worker.is_rung().await;
        worker.end().await;
    }

    async fn a_ring_without_a_worker_is_no_error(database: &TestDatabase) {
        let queue = Queue::open(&database.store).await;
        let bell = queue.bell();
        drop(queue);
        bell.ring(RunId(1)).await;
    }
}

/// A server whose owner does not let us make the queue's tables.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_tables_each_process_has_a_queue_of_its_own() {
    crate::store::testing::with_postgres(async |database| {
        database.execute("CREATE SCHEMA apalis").await;
        database
            .execute("CREATE TABLE apalis._sqlx_migrations (unlike INTEGER)")
            .await;
        let queue = Queue::open(&database.store).await;
        let bell = queue.bell();
        let worker = Worker::start(queue, "one");
        bell.ring(RunId(1)).await;
        worker.is_rung().await;
        worker.end().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_ring_crosses_processes_and_survives_cut_connections() {
    crate::store::testing::with_postgres(async |database| {
        let first = Queue::open(&database.store).await;
        let bell = first.bell();
        let second = Queue::open(&database.store).await;
        let worker = Worker::start(second, "other");
        bell.ring(RunId(1)).await;
        worker.is_rung().await;
        database
            .number(
                "SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity \
                 WHERE datname = current_database() AND pid <> pg_backend_pid()",
            )
            .await;
        // A ring into a connection that is gone is lost; the next one is not.
        let rung = async {
            loop {
                bell.ring(RunId(2)).await;
                if timeout(Duration::from_millis(500), worker.engine.notified())
                    .await
                    .is_ok()
                {
                    return;
                }
            }
        };
        timeout(PATIENCE, rung).await.expect("rung again");
        worker.end().await;
    })
    .await;
}
