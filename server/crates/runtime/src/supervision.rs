//! Keeps background jobs alive: each is a task of its own, started again after a panic with a
//! pause, and says when it last did what it is for.
//!
//! Invariant: knows no job. A job that panics stops no other, and no pause outlasts the shutdown.

use std::any::Any;
use std::fmt::Display;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use futures_util::FutureExt;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use tracing::Instrument;

use crate::clock::SharedClock;

/// Longest words of a failure that are kept, in characters.
const LONGEST_WORDS: usize = 300;

/// What a job has done so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobReport {
    /// Its name in the registry.
    pub job: &'static str,
    /// After so many seconds without a success something is wrong with it.
    pub late_after_seconds: i64,
    /// When it was started first.
    pub started_at: DateTime<Utc>,
    /// When it last did what it is for, be it only that there was nothing to do.
    pub last_success_at: Option<DateTime<Utc>>,
    /// When it last failed or panicked.
    pub last_failure_at: Option<DateTime<Utc>>,
    /// In which words.
    pub last_failure: Option<String>,
    /// How often it panicked.
    pub panics: i64,
    /// How often it was started again.
    pub restarts: i64,
    /// It had an end, and came to it.
    pub is_done: bool,
}

/// Reports how a job goes. Cheap to clone.
#[derive(Clone)]
pub struct JobReporter {
    clock: SharedClock,
    report: Arc<Mutex<JobReport>>,
}

impl JobReporter {
    /// The reporter of a job that begins now.
    pub fn new(job: &'static str, late_after: Duration, clock: SharedClock) -> Self {
        let report = JobReport {
            job,
            late_after_seconds: i64::try_from(late_after.as_secs()).unwrap_or(i64::MAX),
            started_at: clock.now(),
            last_success_at: None,
            last_failure_at: None,
            last_failure: None,
            panics: 0,
            restarts: 0,
            is_done: false,
        };
        Self {
            clock,
            report: Arc::new(Mutex::new(report)),
        }
    }

    /// The job did what it is for.
    pub fn success(&self) {
        self.lock().last_success_at = Some(self.clock.now());
    }

    /// The job could not do what it is for, and tries again by itself.
    pub fn failure(&self, reason: &impl Display) {
        self.note_failure(reason.to_string());
    }

    /// Notes a success or a failure.
    pub fn of<T, E: Display>(&self, outcome: &Result<T, E>) {
        match outcome {
            Ok(_) => self.success(),
            Err(error) => self.failure(error),
        }
    }

    /// What the job has done so far.
    pub fn report(&self) -> JobReport {
        self.lock().clone()
    }

    fn panicked(&self, words: &str) {
        self.note_failure(format!("panic: {words}"));
        self.lock().panics += 1;
    }

    fn note_failure(&self, words: String) {
        let mut report = self.lock();
        report.last_failure_at = Some(self.clock.now());
        report.last_failure = Some(words.chars().take(LONGEST_WORDS).collect());
    }

    fn lock(&self) -> MutexGuard<'_, JobReport> {
        self.report.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Pauses that grow with each panic in a row.
#[derive(Clone, Copy, Debug)]
pub struct RestartPauses {
    /// After the first.
    pub first: Duration,
    /// None is longer.
    pub longest: Duration,
}

impl Default for RestartPauses {
    fn default() -> Self {
        Self {
            first: Duration::from_secs(1),
            longest: Duration::from_mins(1),
        }
    }
}

/// The next pause of a job that panics.
pub struct Backoff {
    pauses: RestartPauses,
    next: Duration,
    /// The last success that was seen: one that is newer makes the pauses short again.
    success: Option<DateTime<Utc>>,
}

impl Backoff {
    /// As long as the first of `pauses` until there is a second panic.
    pub const fn new(pauses: RestartPauses) -> Self {
        Self {
            pauses,
            next: pauses.first,
            success: None,
        }
    }

    /// Waits after a panic, or until `shutdown`.
    pub async fn wait(&mut self, reporter: &JobReporter, shutdown: &CancellationToken) {
        let success = reporter.report().last_success_at;
        if success > self.success {
            self.success = success;
            self.next = self.pauses.first;
        }
        let pause = self.next;
        self.next = (pause * 2).min(self.pauses.longest);
        tokio::select! {
            () = shutdown.cancelled() => {}
            () = sleep(pause) => {}
        }
    }
}

/// The words of a panic.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("panic: {0}")]
pub struct Panicked(String);

/// Runs `work` and returns a panic as an error. For one of many pieces of a job's work, so that the
/// next ones get their turn.
pub async fn catch_panic<T>(work: impl Future<Output = T>) -> Result<T, Panicked> {
    let done = AssertUnwindSafe(work).catch_unwind().await;
    done.map_err(|panic| Panicked(words_of(panic.as_ref())))
}

/// Runs `work`. A panic is noted and returned as `None`.
pub async fn run_noting_panic<T>(
    reporter: &JobReporter,
    work: impl Future<Output = T>,
) -> Option<T> {
    match catch_panic(work).await {
        Ok(done) => Some(done),
        Err(Panicked(words)) => {
            tracing::error!(job = reporter.report().job, panic = words, "a job panicked");
            reporter.panicked(&words);
            None
        }
    }
}

/// Runs a job until it ends or `shutdown`, and starts it again whenever it panics.
pub async fn supervise<F>(
    reporter: JobReporter,
    pauses: RestartPauses,
    shutdown: CancellationToken,
    start: impl Fn() -> F + Send,
) where
    F: Future<Output = ()> + Send + 'static,
{
    let mut backoff = Backoff::new(pauses);
    loop {
        // A task of its own, so that neither a panic nor a busy moment reaches whoever watches.
        let span = tracing::info_span!("job", name = reporter.report().job);
        let task = {
            let (reporter, work) = (reporter.clone(), start());
            tokio::spawn(async move { run_noting_panic(&reporter, work).await }.instrument(span))
        };
        if let Ok(Some(())) = task.await {
            reporter.lock().is_done = !shutdown.is_cancelled();
            return;
        }
        backoff.wait(&reporter, &shutdown).await;
        if shutdown.is_cancelled() {
            return;
        }
        reporter.lock().restarts += 1;
    }
}

fn words_of(panic: &(dyn Any + Send)) -> String {
    panic
        .downcast_ref::<&str>()
        .map(|words| (*words).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "without words".to_owned())
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use tokio::time::{Instant, timeout};

    use super::*;
    use crate::clock::SystemClock;

    const QUICK: RestartPauses = RestartPauses {
        first: Duration::from_millis(1),
        longest: Duration::from_millis(8),
    };

    fn reporter(job: &'static str) -> JobReporter {
        JobReporter::new(job, Duration::from_mins(1), Arc::new(SystemClock))
    }

    async fn until(is_so: impl Fn() -> bool) {
        let waiting = async {
            while !is_so() {
                sleep(Duration::from_millis(2)).await;
            }
        };
        timeout(Duration::from_secs(20), waiting)
            .await
            .expect("it came");
    }

    #[tokio::test]
    async fn a_job_that_panics_is_started_again_and_the_others_go_on() {
        let shutdown = CancellationToken::new();
        let (bad, good) = (reporter("bad"), reporter("good"));
        let starts = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&starts);
        let (beat, stop) = (bad.clone(), shutdown.clone());
        let first = tokio::spawn(supervise(bad.clone(), QUICK, shutdown.clone(), move || {
            let (number, beat, stop) = (
                counted.fetch_add(1, Ordering::SeqCst),
                beat.clone(),
                stop.clone(),
            );
            async move {
                assert!(number >= 3, "as the script says");
                beat.success();
                stop.cancelled().await;
            }
        }));
        let (beat, stop) = (good.clone(), shutdown.clone());
        let second = tokio::spawn(supervise(
            good.clone(),
            QUICK,
            shutdown.clone(),
            move || {
                let (beat, stop) = (beat.clone(), stop.clone());
                async move {
                    beat.success();
                    stop.cancelled().await;
                }
            },
        ));
        until(|| bad.report().last_success_at.is_some()).await;
        let report = bad.report();
        assert_eq!(
            (report.panics, report.restarts, report.is_done),
            (3, 3, false)
        );
        assert_eq!(
            report.last_failure.as_deref(),
            Some("panic: as the script says")
        );
        let report = good.report();
        assert_eq!((report.panics, report.restarts), (0, 0));
        assert!(report.last_success_at.is_some());
        shutdown.cancel();
        for job in [first, second] {
            timeout(Duration::from_secs(20), job)
                .await
                .expect("it ends")
                .expect("well");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn pauses_grow_to_a_bound_and_are_short_again_after_a_success() {
        let shutdown = CancellationToken::new();
        let reporter = reporter("any");
        let mut backoff = Backoff::new(RestartPauses::default());
        let mut waited = Vec::new();
        for _ in 0..9 {
            let begun = Instant::now();
            backoff.wait(&reporter, &shutdown).await;
            waited.push(begun.elapsed().as_secs());
        }
        assert_eq!(waited, [1, 2, 4, 8, 16, 32, 60, 60, 60]);
        reporter.success();
        let begun = Instant::now();
        backoff.wait(&reporter, &shutdown).await;
        assert_eq!(begun.elapsed().as_secs(), 1);
        shutdown.cancel();
        let begun = Instant::now();
        backoff.wait(&reporter, &shutdown).await;
        assert_eq!(
            begun.elapsed().as_secs(),
            0,
            "no pause outlasts the shutdown"
        );
    }

    #[tokio::test]
    async fn a_job_with_an_end_is_done() {
        let reporter = reporter("once");
        supervise(
            reporter.clone(),
            QUICK,
            CancellationToken::new(),
            || async {},
        )
        .await;
        assert!(reporter.report().is_done);
    }
}
