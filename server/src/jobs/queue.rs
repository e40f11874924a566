//! Where jobs wait, and the worker that takes them up.

use std::sync::Arc;
use std::time::Duration;

use apalis::prelude::{
    BoxDynError, Data, MemorySink, MemoryStorage, MemoryStorageError, PollWith, Strategy, Task,
    TaskSink, WorkerBuilder, WorkerError,
};
use apalis_postgres::{PgPool, PostgresStorage, Pubsub};
use futures_util::{SinkExt, StreamExt};
use serde::{Deserialize, Serialize};
use tokio::sync::Notify;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio_util::sync::CancellationToken;

use super::Bell;
use crate::store::Store;

/// How often the queue is looked at though nobody told of a job.
const LOOK_ANYWAY: Duration = Duration::from_secs(2);
/// Before a worker whose database connection broke listens again.
const LISTEN_AGAIN: Duration = Duration::from_secs(1);

/// A job: a run was planned or cancelled, look after its lanes at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LanesWait {
    /// The run.
    pub run: i64,
}

/// A queue, and the way into it.
pub struct Queue {
    entrance: Entrance,
    exit: Exit,
}

#[derive(Clone)]
pub(super) enum Entrance {
    Memory(UnboundedSender<LanesWait>),
    Postgres(PostgresStorage<LanesWait>),
}

enum Exit {
    Memory(UnboundedReceiver<LanesWait>),
    Postgres(PostgresStorage<LanesWait>),
}

impl Queue {
    /// The queue that fits the database: PostgreSQL's where several processes may share it. A
    /// server that refuses the queue's tables (they want the extension `hstore`) leaves each
    /// process with a queue of its own: rings do not cross processes then, looks do.
    pub async fn open(store: &Store) -> Self {
        let Some(pool) = store.postgres_pool() else {
            return Self::in_memory();
        };
        match Self::in_postgres(pool).await {
            Ok(queue) => queue,
            Err(error) => {
                tracing::warn!(%error, "no queue in PostgreSQL; workers look once a second");
                Self::in_memory()
            }
        }
    }

    /// A queue of this process alone.
    pub fn in_memory() -> Self {
        let (entrance, exit) = unbounded_channel();
        Self {
            entrance: Entrance::Memory(entrance),
            exit: Exit::Memory(exit),
        }
    }

    async fn in_postgres(pool: &PgPool) -> Result<Self, apalis_postgres::Error> {
        PostgresStorage::setup(pool).await?;
        let storage = PostgresStorage::new(pool);
        Ok(Self {
            entrance: Entrance::Postgres(storage.clone()),
            exit: Exit::Postgres(storage),
        })
    }

    /// Rings whoever works on this queue.
    pub fn bell(&self) -> Bell {
        Bell::new(self.entrance.clone())
    }

    /// Passes every job on to the engine that listens to `engine`, until `shutdown`.
    pub async fn work(self, name: &str, engine: Arc<Notify>, shutdown: CancellationToken) {
        match self.exit {
            Exit::Memory(jobs) => {
                let worker = WorkerBuilder::new(name)
                    .backend(in_memory(jobs))
                    .data(engine)
                    .build(ring);
                let stop = stopped(shutdown);
                if let Err(error) = worker.run_until(stop).await {
                    tracing::error!(%error, "the queue's worker ended");
                }
            }
            Exit::Postgres(storage) => work_in_postgres(storage, name, engine, shutdown).await,
        }
    }
}

/// A connection that breaks ends the worker; another takes its place.
async fn work_in_postgres(
    storage: PostgresStorage<LanesWait>,
    name: &str,
    engine: Arc<Notify>,
    shutdown: CancellationToken,
) {
    let mut number = 0;
    while !shutdown.is_cancelled() {
        number += 1;
        // apalis keeps a row for each worker: one that comes back is another worker.
        let worker = WorkerBuilder::new(format!("{name}-{number}"))
            .backend(listening(storage.clone()))
            .data(Arc::clone(&engine))
            .build(ring);
        match worker.run_until(stopped(shutdown.clone())).await {
            Ok(()) => {}
            Err(error) => tracing::warn!(%error, "the queue's worker begins anew"),
        }
        tokio::select! {
            () = shutdown.cancelled() => {}
            () = tokio::time::sleep(LISTEN_AGAIN) => {}
        }
    }
}

/// Takes a job up when PostgreSQL tells of it. The listener may lose its connection without a
/// word, so the queue is looked at now and then as well.
fn listening(
    storage: PostgresStorage<LanesWait>,
) -> PollWith<PostgresStorage<LanesWait>, Strategy> {
    let told = Pubsub::new(storage.pool().clone(), storage.config().queue.to_string());
    let strategy = Strategy::new().interval(LOOK_ANYWAY).stream(told);
    PollWith::new(storage, strategy)
}

async fn ring(_: LanesWait, engine: Data<Arc<Notify>>) -> Result<(), BoxDynError> {
    engine.notify_one();
    Ok(())
}

async fn stopped(shutdown: CancellationToken) -> Result<(), WorkerError> {
    shutdown.cancelled().await;
    Ok(())
}

/// apalis' memory, fed by a channel of ours: its own sink takes a lock that its worker may hold
/// at that moment, and panics then.
fn in_memory(mut jobs: UnboundedReceiver<LanesWait>) -> MemoryStorage<LanesWait> {
    let nobody = futures_util::sink::drain()
        .sink_map_err(|never| MemoryStorageError::Other(Box::new(never)));
    let sink = MemorySink::new(Arc::new(futures_util::lock::Mutex::new(Box::new(nobody))));
    let jobs = futures_util::stream::poll_fn(move |context| jobs.poll_recv(context));
    MemoryStorage::new_with(sink, jobs.map(Task::new).boxed())
}

impl Entrance {
    pub(super) async fn push(&self, job: LanesWait) -> Result<(), BoxDynError> {
        match self {
            // Nobody listens in a process that works on no lanes.
            Self::Memory(entrance) => {
                let _ = entrance.send(job);
                Ok(())
            }
            Self::Postgres(storage) => Ok(storage.clone().push(job).await?),
        }
    }
}
