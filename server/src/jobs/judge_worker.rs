//! Lets a judge read the answers of runs that are over.
//!
//! Invariant: what is to be done stands in the database; a pass that nobody ends well is
//! claimed again after its lease.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use app::model::run::JudgeStatus;
use engine::{Calls, FoundKey, KeyError, KeyRing, LaneError, cost};
use providers::ErrorClass;
use runtime::supervision::{Backoff, JobReporter, RestartPauses, run_noting_panic};
use tokio::task::{Id, JoinError, JoinSet};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use tracing::Instrument;

use super::judge_pass::PassTask;
use crate::store::judging::JudgePass;
use crate::store::{Store, StoreResult};

/// How often a worker looks whether there is something to do.
const LOOK: Duration = Duration::from_secs(1);
/// Passes that one worker works on at the same time.
const PASSES: usize = 4;

/// What judging needs of the host.
#[derive(Clone)]
pub struct Judging {
    /// The passes.
    pub store: Store,
    /// The keys of all workspaces.
    pub keys: Arc<dyn KeyRing>,
    /// The way to providers.
    pub calls: Calls,
}

/// How a task with a pass ended, and which it was.
type EndedTask = Result<(Id, Result<(), LaneError>), JoinError>;

/// Passes at work, each in a task of its own.
#[derive(Default)]
struct Passes {
    tasks: JoinSet<Result<(), LaneError>>,
    /// Which pass each task holds.
    held: HashMap<Id, i64>,
}

impl Passes {
    fn held(&self) -> Vec<i64> {
        self.held.values().copied().collect()
    }

    fn start(
        &mut self,
        pass: i64,
        working: impl Future<Output = Result<(), LaneError>> + Send + 'static,
    ) {
        let task = self.tasks.spawn(working);
        self.held.insert(task.id(), pass);
    }

    /// Notes how a pass ended: one that was given up, or panicked, is no success.
    fn note(&mut self, reporter: &JobReporter, ended: EndedTask) {
        let id = match ended {
            Ok((id, worked)) => {
                reporter.of(&worked);
                id
            }
            Err(error) => {
                tracing::error!(%error, "a judge pass panicked, another claim follows its lease");
                reporter.failure(&error);
                error.id()
            }
        };
        self.held.remove(&id);
    }
}

/// Works on passes under the name of `worker`, until `shutdown`.
pub async fn work(
    judging: Judging,
    worker: Arc<str>,
    reporter: JobReporter,
    shutdown: CancellationToken,
) {
    let store = judging.store.clone();
    let claim = move |held: Vec<i64>| {
        let (store, worker) = (store.clone(), Arc::clone(&worker));
        async move { store.claim_judge_pass(&worker, &held).await }
    };
    work_on_claims(judging, claim, reporter, shutdown).await;
}

/// Works on the passes that `claim` gives; `claim` gets those that are held already. A look that
/// panics costs no pass: the tasks are kept, and another look follows after a pause.
async fn work_on_claims<F>(
    judging: Judging,
    claim: impl Fn(Vec<i64>) -> F,
    reporter: JobReporter,
    shutdown: CancellationToken,
) where
    F: Future<Output = StoreResult<Option<JudgePass>>>,
{
    let mut passes = Passes::default();
    let mut backoff = Backoff::new(RestartPauses::default());
    while !shutdown.is_cancelled() {
        let looking = start_passes(&judging, &claim, &mut passes, &shutdown);
        match run_noting_panic(&reporter, looking).await {
            Some(looked) => reporter.of(&looked),
            None => backoff.wait(&reporter, &shutdown).await,
        }
        tokio::select! {
            () = shutdown.cancelled() => {}
            () = sleep(LOOK) => {}
            Some(ended) = passes.tasks.join_next_with_id() => passes.note(&reporter, ended),
        }
    }
    while let Some(ended) = passes.tasks.join_next_with_id().await {
        passes.note(&reporter, ended);
    }
}

/// Claims passes and starts them, as many as one worker works on.
async fn start_passes<F>(
    judging: &Judging,
    claim: &impl Fn(Vec<i64>) -> F,
    passes: &mut Passes,
    shutdown: &CancellationToken,
) -> StoreResult<()>
where
    F: Future<Output = StoreResult<Option<JudgePass>>>,
{
    while passes.held.len() < PASSES {
        let claimed = claim(passes.held()).await.inspect_err(|error| {
            tracing::warn!(%error, "no judge pass could be claimed");
        });
        let Some(pass) = claimed? else {
            break;
        };
        let span = tracing::info_span!("judge", run = pass.run.0, pass = pass.id);
        let id = pass.id;
        let working = work_on(judging.clone(), pass, shutdown.clone());
        passes.start(id, working.instrument(span));
    }
    Ok(())
}

/// Does everything there is to do, and returns when nothing is left.
#[cfg(test)]
pub(crate) async fn work_off(judging: &Judging, worker: &str) {
    while let Some(pass) = judging
        .store
        .claim_judge_pass(worker, &[])
        .await
        .expect("claimed")
    {
        // As in the loop: what is given up is claimed again after its lease.
        let _ = work_on(judging.clone(), pass, CancellationToken::new()).await;
    }
}

async fn work_on(
    judging: Judging,
    pass: JudgePass,
    shutdown: CancellationToken,
) -> Result<(), LaneError> {
    let worked = take_up(judging, pass, shutdown).await;
    match &worked {
        Ok(()) => {}
        Err(LaneError::Lost) => {
            tracing::warn!("the pass was lost to another worker");
            return Ok(());
        }
        Err(error) => {
            tracing::error!(%error, "the pass is given up, another claim follows its lease");
        }
    }
    worked
}

/// Finds the judge's model and key, and works on the pass as far as it goes.
async fn take_up(
    judging: Judging,
    mut pass: JudgePass,
    shutdown: CancellationToken,
) -> Result<(), LaneError> {
    let fail = async |pass: &JudgePass, class: ErrorClass| {
        tracing::warn!(class = class.word(), "the judge cannot be asked");
        let (status, reason) = (JudgeStatus::Failed, Some(class));
        let finished = judging.store.finish_judge_pass(pass, status, reason).await;
        finished.map_err(LaneError::from)
    };
    let price = cost::price_at(&pass.model.prices, judging.calls.clock().now());
    if price.is_none() && !pass.allow_unpriced {
        return fail(&pass, ErrorClass::Unpriced).await;
    }
    if !pass.is_available {
        return fail(&pass, ErrorClass::ModelNotFound).await;
    }
    let access = judging
        .keys
        .access(pass.workspace, pass.model.provider)
        .await;
    let FoundKey {
        access,
        on_shared_key,
    } = match access {
        Ok(found) => found,
        Err(KeyError::Missing) => return fail(&pass, ErrorClass::BadKey).await,
        Err(KeyError::Unreadable(reason)) => {
            tracing::warn!(reason, "the judge's key cannot be opened");
            return fail(&pass, ErrorClass::BadKey).await;
        }
        Err(KeyError::Unreachable(reason)) => {
            tracing::warn!(reason, "the judge waits for its key");
            // The lease keeps it from being claimed again and again meanwhile.
            return Ok(());
        }
    };
    if price.is_none() && on_shared_key {
        return fail(&pass, ErrorClass::Unpriced).await;
    }
    pass.pay_on_shared_key(on_shared_key);
    let route = judging
        .calls
        .route(pass.workspace, &pass.model, access, pass.limits);
    PassTask::new(judging, pass, route, shutdown).run().await
}

#[cfg(test)]
#[path = "judge_worker_tests.rs"]
mod tests;
