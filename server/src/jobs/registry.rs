//! Every job of a host and its worker, in one table.
//!
//! Invariant: a job's name is what health calls it, and each has a task of its own
//! ([`supervise`]).

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use runtime::supervision::{Pauses, Pulse, supervise};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::judge_worker::{self, Judging};
use super::{
    book_lost_calls, due_work, erase_deleted, forget_old_pages, health, notices, read_old_answers,
    reread, send_letters,
};
use crate::bell::Bell;
use crate::services::schedule::DueWork;
use crate::store::Store;

/// A job whose looks are seconds apart is late after this; a look may take a while.
const SOON: Duration = Duration::from_mins(5);
/// One that may be at a single piece of work for long.
const LATER: Duration = Duration::from_mins(30);

type Work = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A job, ready to be started, and started again.
pub struct Job {
    name: &'static str,
    late_after: Duration,
    start: Box<dyn Fn(Pulse, CancellationToken) -> Work + Send + Sync>,
}

impl Job {
    pub(super) fn new<F>(
        name: &'static str,
        late_after: Duration,
        start: impl Fn(Pulse, CancellationToken) -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        Self {
            name,
            late_after,
            start: Box::new(move |pulse, shutdown| -> Work { Box::pin(start(pulse, shutdown)) }),
        }
    }
}

/// What the jobs of a worker need of the host. Lanes are the engine's, which watches over itself.
pub struct WorkerJobs {
    /// The database.
    pub store: Store,
    /// The worker's name.
    pub worker: Arc<str>,
    /// Rings the engine.
    pub bell: Bell,
    /// What starts whatever falls due.
    pub due_work: DueWork,
    /// How mails leave; `None`: they do not.
    pub post: Option<notices::Post>,
    /// What judging needs.
    pub judging: Judging,
}

/// The jobs of a worker.
pub fn of_worker(parts: WorkerJobs) -> Vec<Job> {
    let WorkerJobs {
        store,
        worker,
        bell,
        due_work,
        post,
        judging,
    } = parts;
    let (rereading, lost_calls, deleted) = (store.clone(), store.clone(), store.clone());
    let (news, mails, has_post) = (store.clone(), store, post.is_some());
    let models = due_work.model_check();
    let reader = Arc::clone(&worker);
    let mut jobs = vec![
        Job::new("revisions", LATER, move |pulse, shutdown| {
            reread::work(rereading.clone(), Arc::clone(&reader), pulse, shutdown)
        }),
        Job::new("judge", SOON, move |pulse, shutdown| {
            judge_worker::work(judging.clone(), Arc::clone(&worker), pulse, shutdown)
        }),
        Job::new("lost calls", SOON, move |pulse, shutdown| {
            book_lost_calls(lost_calls.clone(), pulse, shutdown)
        }),
        Job::new("erasure", LATER, move |pulse, shutdown| {
            erase_deleted(deleted.clone(), pulse, shutdown)
        }),
        Job::new("schedule", LATER, move |pulse, shutdown| {
            due_work::start_runs(due_work.clone(), pulse, shutdown)
        }),
        Job::new("models", LATER, move |pulse, shutdown| {
            due_work::look_for_models(models.clone(), pulse, shutdown)
        }),
        Job::new("notices", LATER, move |pulse, shutdown| {
            notices::tell_news(news.clone(), has_post, pulse, shutdown)
        }),
    ];
    if let Some(post) = post {
        let of_letters = (mails.clone(), post.clone());
        jobs.push(Job::new("letters", LATER, move |pulse, shutdown| {
            let (store, post) = of_letters.clone();
            send_letters(store, post, pulse, shutdown)
        }));
        jobs.push(Job::new("mail", LATER, move |pulse, shutdown| {
            notices::send_mails(mails.clone(), post.clone(), pulse, shutdown)
        }));
    }
    if bell.crosses_processes() {
        jobs.push(Job::new("bell", LATER, move |pulse, shutdown| {
            bell.clone().listen(pulse, shutdown)
        }));
    }
    jobs
}

/// The jobs of a host that serves.
pub fn of_host(store: Store) -> Vec<Job> {
    let keys = store.clone();
    vec![
        Job::new("old answers", LATER, move |pulse, shutdown| {
            read_old_answers(store.clone(), pulse, shutdown)
        }),
        Job::new("old pages", LATER, move |pulse, shutdown| {
            forget_old_pages(keys.clone(), pulse, shutdown)
        }),
    ]
}

/// Jobs at work.
pub struct Running {
    tasks: JoinSet<()>,
    pulses: Vec<Pulse>,
}

impl Running {
    /// Starts the jobs, until `shutdown`, and tells the database how they go. `watched` are those
    /// that somebody else runs.
    pub fn start(
        jobs: Vec<Job>,
        watched: Vec<Pulse>,
        store: &Store,
        process: Arc<str>,
        shutdown: &CancellationToken,
    ) -> Self {
        let mut tasks = JoinSet::new();
        let mut pulses = watched;
        for Job {
            name,
            late_after,
            start,
        } in jobs
        {
            let pulse = Pulse::new(name, late_after, store.clock().clone());
            pulses.push(pulse.clone());
            let (beat, stop) = (pulse.clone(), shutdown.clone());
            let again = move || start(beat.clone(), stop.clone());
            tasks.spawn(supervise(pulse, Pauses::default(), shutdown.clone(), again));
        }
        let pulse = Pulse::new("health", SOON, store.clock().clone());
        pulses.push(pulse.clone());
        let (told, store, stop) = (pulses.clone(), store.clone(), shutdown.clone());
        let beat = pulse.clone();
        let again = move || {
            health::tell(
                store.clone(),
                Arc::clone(&process),
                told.clone(),
                beat.clone(),
                stop.clone(),
            )
        };
        tasks.spawn(supervise(pulse, Pauses::default(), shutdown.clone(), again));
        Self { tasks, pulses }
    }

    /// How each of them goes.
    pub fn pulses(&self) -> &[Pulse] {
        &self.pulses
    }

    /// Waits until all have obeyed their shutdown.
    pub async fn join(mut self) {
        while let Some(ended) = self.tasks.join_next().await {
            if let Err(error) = ended {
                tracing::error!(%error, "a job did not end well");
            }
        }
    }
}
