//! Every job of a host and its worker, in one table.
//!
//! Invariant: a job's name is what health calls it, and each has a task of its own
//! ([`supervise`]).

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use runtime::supervision::{JobReporter, RestartPauses, supervise};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::judge_worker::{self, Judging};
use super::{
    clear_old_pages, due_work, erase_deleted, health, notices, read_old_answers, reread,
    send_letters, write_lost_calls_to_ledger,
};
use crate::services::schedule::DueWork;
use crate::store::Store;
use crate::wake_up::WorkerWaker;

/// A job whose looks are seconds apart is late after this; a look may take a while.
const SOON: Duration = Duration::from_mins(5);
/// One that may be at a single piece of work for long.
const LATER: Duration = Duration::from_mins(30);

type Work = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A job, ready to be started, and started again.
pub struct Job {
    name: &'static str,
    late_after: Duration,
    start: Box<dyn Fn(JobReporter, CancellationToken) -> Work + Send + Sync>,
}

impl Job {
    pub(super) fn new<F>(
        name: &'static str,
        late_after: Duration,
        start: impl Fn(JobReporter, CancellationToken) -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        Self {
            name,
            late_after,
            start: Box::new(move |reporter, shutdown| -> Work {
                Box::pin(start(reporter, shutdown))
            }),
        }
    }
}

/// What the jobs of a worker need of the host. Lanes are the engine's, which watches over itself.
pub struct WorkerJobs {
    /// The database.
    pub store: Store,
    /// The worker's name.
    pub worker: Arc<str>,
    /// Wakes the engine.
    pub waker: WorkerWaker,
    /// What starts whatever falls due.
    pub due_work: DueWork,
    /// How mails leave; `None`: they do not.
    pub mail_sender: Option<notices::MailSender>,
    /// What judging needs.
    pub judging: Judging,
}

/// The jobs of a worker.
pub fn of_worker(parts: WorkerJobs) -> Vec<Job> {
    let WorkerJobs {
        store,
        worker,
        waker,
        due_work,
        mail_sender,
        judging,
    } = parts;
    let (rereading, lost_calls, deleted) = (store.clone(), store.clone(), store.clone());
    let (news, mails, sends_mail) = (store.clone(), store, mail_sender.is_some());
    let models = due_work.model_check();
    let reader = Arc::clone(&worker);
    let mut jobs = vec![
        Job::new("revisions", LATER, move |reporter, shutdown| {
            reread::work(rereading.clone(), Arc::clone(&reader), reporter, shutdown)
        }),
        Job::new("judge", SOON, move |reporter, shutdown| {
            judge_worker::work(judging.clone(), Arc::clone(&worker), reporter, shutdown)
        }),
        Job::new("lost calls", SOON, move |reporter, shutdown| {
            write_lost_calls_to_ledger(lost_calls.clone(), reporter, shutdown)
        }),
        Job::new("erasure", LATER, move |reporter, shutdown| {
            erase_deleted(deleted.clone(), reporter, shutdown)
        }),
        Job::new("schedule", LATER, move |reporter, shutdown| {
            due_work::start_runs(due_work.clone(), reporter, shutdown)
        }),
        Job::new("models", LATER, move |reporter, shutdown| {
            due_work::look_for_models(models.clone(), reporter, shutdown)
        }),
        Job::new("notices", LATER, move |reporter, shutdown| {
            notices::watch_for_notices(news.clone(), sends_mail, reporter, shutdown)
        }),
    ];
    if let Some(mail_sender) = mail_sender {
        let of_letters = (mails.clone(), mail_sender.clone());
        jobs.push(Job::new("letters", LATER, move |reporter, shutdown| {
            let (store, mail_sender) = of_letters.clone();
            send_letters(store, mail_sender, reporter, shutdown)
        }));
        jobs.push(Job::new("mail", LATER, move |reporter, shutdown| {
            notices::send_mails(mails.clone(), mail_sender.clone(), reporter, shutdown)
        }));
    }
    if waker.crosses_processes() {
        jobs.push(Job::new("wake_up", LATER, move |reporter, shutdown| {
            waker.clone().listen(reporter, shutdown)
        }));
    }
    jobs
}

/// The jobs of a host that serves.
pub fn of_host(store: Store) -> Vec<Job> {
    let keys = store.clone();
    vec![
        Job::new("old answers", LATER, move |reporter, shutdown| {
            read_old_answers(store.clone(), reporter, shutdown)
        }),
        Job::new("old pages", LATER, move |reporter, shutdown| {
            clear_old_pages(keys.clone(), reporter, shutdown)
        }),
    ]
}

/// Jobs at work.
pub struct Running {
    tasks: JoinSet<()>,
    reporters: Vec<JobReporter>,
}

impl Running {
    /// Starts the jobs, until `shutdown`, and tells the database how they go. `watched` are those
    /// that somebody else runs.
    pub fn start(
        jobs: Vec<Job>,
        watched: Vec<JobReporter>,
        store: &Store,
        process: Arc<str>,
        shutdown: &CancellationToken,
    ) -> Self {
        let mut tasks = JoinSet::new();
        let mut reporters = watched;
        for Job {
            name,
            late_after,
            start,
        } in jobs
        {
            let reporter = JobReporter::new(name, late_after, store.clock().clone());
            reporters.push(reporter.clone());
            let (beat, stop) = (reporter.clone(), shutdown.clone());
            let again = move || start(beat.clone(), stop.clone());
            tasks.spawn(supervise(
                reporter,
                RestartPauses::default(),
                shutdown.clone(),
                again,
            ));
        }
        let reporter = JobReporter::new("health", SOON, store.clock().clone());
        reporters.push(reporter.clone());
        let (told, store, stop) = (reporters.clone(), store.clone(), shutdown.clone());
        let beat = reporter.clone();
        let again = move || {
            health::report_health(
                store.clone(),
                Arc::clone(&process),
                told.clone(),
                beat.clone(),
                stop.clone(),
            )
        };
        tasks.spawn(supervise(
            reporter,
            RestartPauses::default(),
            shutdown.clone(),
            again,
        ));
        Self { tasks, reporters }
    }

    /// How each of them goes.
    pub fn reporters(&self) -> &[JobReporter] {
        &self.reporters
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
