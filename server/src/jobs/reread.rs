//! Reads stored answers again after a project's entities or the rules have changed, computes the
//! sums again, and deletes readings that are shown no longer.
//!
//! Invariant: the work is kept in the database, and every step may be repeated. No provider is
//! asked, and no answer that panics its reader stops those behind it.

use std::sync::Arc;
use std::time::Duration;

use analysis::Detector;
use app::model::ids::{AnswerId, EntityId, RevisionId};
use engine::{Mentions, Reading, bytes_to_read, mentions};
use futures_util::future::try_join_all;
use providers::Citation;
use runtime::long_texts::{self, ReadingFailed};
use runtime::supervision::JobReporter;
use tokio_util::sync::CancellationToken;

use crate::store::answers::{AnswerToRead, Rereading, Stage};
use crate::store::{Store, StoreError, StoreResult};

/// How often a worker looks whether there is something to do.
const LOOK: Duration = Duration::from_secs(1);
/// Answers that one transaction writes the findings of, at most: a run beside it waits that long.
/// Where their texts are long they are fewer.
const ANSWERS_A_BATCH: usize = 500;
/// Answers that one processor reads at a time.
const ANSWERS_A_TASK: usize = 125;

/// What a look came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct LookResult {
    /// There was a revision to work on.
    has_worked: bool,
    /// Answers that could not be read.
    unread: usize,
}

/// Works on revisions under the name of `worker`, until `shutdown`.
pub async fn work(
    store: Store,
    worker: Arc<str>,
    reporter: JobReporter,
    shutdown: CancellationToken,
) {
    match store.read_outdated_again().await {
        Ok(0) => {}
        Ok(projects) => tracing::info!(projects, "answers are read again by newer rules"),
        Err(error) => tracing::warn!(%error, "whether answers are to be read again is not known"),
    }
    while !shutdown.is_cancelled() {
        let outcome = work_on_one(&store, &worker, &shutdown).await;
        match &outcome {
            Ok(looked) if looked.unread > 0 => {
                reporter.failure(&format!(
                    "answers that could not be read: {}",
                    looked.unread
                ));
            }
            _ => reporter.of(&outcome),
        }
        match outcome {
            Ok(looked) if looked.has_worked => continue,
            Ok(_) => {}
            // Another worker goes on, or this one after a moment.
            Err(error) => tracing::warn!(%error, "a revision was not finished"),
        }
        tokio::select! {
            () = shutdown.cancelled() => {}
            () = tokio::time::sleep(LOOK) => {}
        }
    }
}

/// Does everything there is to do, and returns when nothing is left.
pub async fn work_off(store: &Store, worker: &str) -> StoreResult<()> {
    let never = CancellationToken::new();
    while work_on_one(store, worker, &never).await?.has_worked {}
    Ok(())
}

/// Takes one revision as far as it goes.
async fn work_on_one(
    store: &Store,
    worker: &str,
    shutdown: &CancellationToken,
) -> StoreResult<LookResult> {
    let Some(work) = store.claim_revision(worker).await? else {
        return Ok(LookResult::default());
    };
    let mut looked = LookResult {
        has_worked: true,
        unread: 0,
    };
    let done = match work.stage {
        Stage::Fill => fill(store, &work, &mut looked.unread, shutdown).await,
        Stage::Sum => sum(store, &work, shutdown).await,
        Stage::Clear => clear(store, &work, shutdown).await,
    };
    let left = match done {
        Ok(()) if shutdown.is_cancelled() => store.release_revision(&work).await,
        done => done,
    };
    match left {
        // Another worker has it, or it is done: there is nothing to let go of.
        Ok(()) | Err(StoreError::LaneLost) => Ok(looked),
        Err(error) => Err(error),
    }
}

/// Reads the answers of a revision, and counts those that could not be read.
async fn fill(
    store: &Store,
    work: &Rereading,
    unread: &mut usize,
    shutdown: &CancellationToken,
) -> StoreResult<()> {
    let Some(reading) = reading_of(store, work).await? else {
        return Ok(());
    };
    let detector = Arc::new(reading.detector());
    let mut read_up_to = work.read_up_to;
    let mut next = store
        .answers_to_read(work, read_up_to, ANSWERS_A_BATCH)
        .await?;
    while let Some(last) = next.last().map(|answer| answer.id) {
        if shutdown.is_cancelled() {
            return Ok(());
        }
        let count = next.len();
        // The next answers are fetched while these are read and written.
        let reads = read_all(&detector, next);
        let (found, fetched) =
            tokio::join!(reads, store.answers_to_read(work, last, ANSWERS_A_BATCH));
        let found = found?;
        store
            .store_readings(work, &reading, last, count, &found)
            .await?;
        *unread += log_unread_answers(work.revision, &found);
        read_up_to = last;
        next = fetched?;
    }
    tracing::info!(
        project = work.project.0,
        revision = work.revision.0,
        last_answer = read_up_to.0,
        "answers were read again"
    );
    sum(store, work, shutdown).await
}

/// Makes all sums of the revision, and shows it.
async fn sum(store: &Store, work: &Rereading, shutdown: &CancellationToken) -> StoreResult<()> {
    let Some(reading) = reading_of(store, work).await? else {
        return Ok(());
    };
    for (model, day) in store.days_to_sum(work).await? {
        if shutdown.is_cancelled() {
            return Ok(());
        }
        store.sum_day(work, &reading, model, day).await?;
    }
    store.activate(work).await
}

async fn clear(store: &Store, work: &Rereading, shutdown: &CancellationToken) -> StoreResult<()> {
    let mut after = work.read_up_to;
    while !shutdown.is_cancelled() {
        match store.clear_some(work, after, ANSWERS_A_BATCH).await? {
            Some(up_to) => after = up_to,
            None => return Ok(()),
        }
    }
    Ok(())
}

async fn reading_of(store: &Store, work: &Rereading) -> StoreResult<Option<Reading>> {
    let readings = store.readings(work.workspace, work.project).await?;
    Ok(readings
        .into_iter()
        .find(|reading| reading.revision == work.revision))
}

type Found = Vec<(AnswerId, Mentions)>;

/// Says which answers could not be read; how many they are.
fn log_unread_answers(revision: RevisionId, found: &[(AnswerId, Mentions)]) -> usize {
    let unread = found.iter().filter(|(_, mentions)| mentions.is_err());
    unread
        .inspect(|(answer, _)| {
            let (answer, revision) = (answer.0, revision.0);
            tracing::error!(answer, revision, "an answer could not be read again");
        })
        .count()
}

/// Reads answers on the processors that long texts may have. Findings of entities that an answer
/// does not mention are left out.
async fn read_all(
    detector: &Arc<Detector<EntityId>>,
    answers: Vec<AnswerToRead>,
) -> Result<Found, ReadingFailed> {
    let mut tasks = Vec::new();
    let mut answers = answers.into_iter();
    loop {
        let part: Vec<AnswerToRead> = answers.by_ref().take(ANSWERS_A_TASK).collect();
        if part.is_empty() {
            break;
        }
        let bytes = part.iter().map(bytes_of).sum();
        let detector = Arc::clone(detector);
        let read = move || -> Found { part.iter().map(|answer| read(&detector, answer)).collect() };
        tasks.push(long_texts::read(bytes, read));
    }
    Ok(try_join_all(tasks).await?.concat())
}

fn bytes_of(answer: &AnswerToRead) -> usize {
    let cited = answer.citations.iter();
    bytes_to_read(&answer.text, cited.map(|citation| citation.url.as_str()))
}

fn read(detector: &Detector<EntityId>, answer: &AnswerToRead) -> (AnswerId, Mentions) {
    if !answer.counts {
        return (answer.id, Ok(Vec::new()));
    }
    let citations: Vec<Citation> = answer
        .citations
        .iter()
        .cloned()
        .map(Citation::from)
        .collect();
    (
        answer.id,
        mentions(detector, &answer.text, &citations, &answer.language),
    )
}
