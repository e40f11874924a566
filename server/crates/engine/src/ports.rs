//! What the engine needs of the rest of the host.

use std::sync::Arc;

use async_trait::async_trait;
use contract::ids::WorkspaceId;
use contract::money::Money;
use contract::provider::Provider;
use providers::Access;

use super::allowance::Terms;
use super::reading::Reading;
use super::work::{Batch, Claimed, Committed, LaneHold, LaneScope, LaneState};

/// Why a lane, or other work that is held, could not be claimed, looked at or written to.
#[derive(Debug, thiserror::Error)]
pub enum LaneError {
    /// Another worker holds it now, or it is gone. Nothing was written.
    #[error("it was lost to another worker")]
    Lost,
    /// The revisions that answers are read under have changed since they were read. Nothing was
    /// written; ask for them ([`LaneStore::readings`]) and read the answers again.
    #[error("the answers were read under another revision")]
    RevisionsChanged,
    /// A price is new, or another lane saw a larger answer, since the costs and worst cases were
    /// computed. Nothing was written; ask for the terms ([`LaneStore::terms`]) and compute again.
    #[error("the costs were computed on other terms")]
    TermsChanged,
    /// The database does not answer; the same call may succeed later.
    #[error("the database does not answer: {0}")]
    Unreachable(String),
    /// The database refused; the same call will fail again.
    #[error("it cannot be stored: {0}")]
    Refused(String),
}

/// Who wants a lane.
#[derive(Clone, Copy, Debug)]
pub struct ClaimRequest<'a> {
    /// The worker.
    pub worker: &'a str,
    /// The lanes that tasks of this worker still work on: their lease may have run out, but
    /// their answers are not lost yet, so they are not taken anew.
    pub held: &'a [LaneHold],
    /// No workspace gets more lanes of one worker than this.
    pub lanes_a_workspace: usize,
}

/// The lanes, their asks and outcomes, wherever they are kept.
#[async_trait]
pub trait LaneStore: Send + Sync {
    /// Takes a free lane with all its waiting asks for [`LEASE`](super::LEASE). The workspace with
    /// the fewest held lanes comes first.
    async fn claim(&self, claiming: &ClaimRequest<'_>) -> Result<Option<Claimed>, LaneError>;

    /// Frees the lanes of a worker that is known to be dead, without waiting for its leases.
    /// Returns how many there were.
    async fn release_dead_worker(&self, worker: &str) -> Result<u64, LaneError>;

    /// Whether the lane is still held, and what somebody asked of its run meanwhile.
    async fn lane_state(&self, hold: &LaneHold) -> Result<LaneState, LaneError>;

    /// With what answers of the lane's project are to be read now.
    async fn readings(&self, scope: &LaneScope) -> Result<Vec<Reading>, LaneError>;

    /// On what terms the lane's model is asked now.
    async fn terms(&self, scope: &LaneScope) -> Result<Terms, LaneError>;

    /// Holds the lane for another [`LEASE`](super::LEASE).
    async fn renew(&self, hold: &LaneHold) -> Result<(), LaneError>;

    /// Gives the lane back, so that another worker may take it at once.
    async fn release(&self, hold: &LaneHold) -> Result<(), LaneError>;

    /// Sets more money of the workspace aside for the lane. Whether the budgets had it.
    async fn reserve(&self, scope: &LaneScope, amount: Money) -> Result<bool, LaneError>;

    /// Keeps how many asks the key and model of the lane take at the same time.
    async fn learn(&self, scope: &LaneScope, window: usize) -> Result<(), LaneError>;

    /// Writes everything of `batch` in one transaction, or nothing.
    async fn commit(&self, scope: &LaneScope, batch: &Batch<'_>) -> Result<Committed, LaneError>;
}

/// This worker and those beside it.
pub trait LocalWorkers: Send + Sync {
    /// The name of this worker, unique for each start of a process: a worker that comes back is
    /// another worker.
    fn name(&self) -> Arc<str>;

    /// Workers of which it is certain that they do nothing any more.
    fn dead_workers(&self) -> Vec<String>;

    /// The lanes of a dead worker are free; it need not be told of again.
    fn forget(&self, worker: &str);
}

/// Why there is no way to a provider.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The workspace has no key for this provider.
    #[error("no API key")]
    Missing,
    /// There is a key, and nobody here can open it; the next attempt ends the same way. Says what
    /// is wrong, and what to do.
    #[error("{0}")]
    Unreadable(String),
    /// The keys cannot be read just now.
    #[error("the keys cannot be read: {0}")]
    Unreachable(String),
}

/// A way to a provider, and who pays.
#[derive(Clone, Debug)]
pub struct FoundKey {
    /// Where and with which key.
    pub access: Access,
    /// It is the operator's key, of which the workspace may spend only so much.
    pub on_shared_key: bool,
}

/// The API keys of all workspaces.
#[async_trait]
pub trait KeyRing: Send + Sync {
    /// Where and with which key `workspace` reaches `provider`.
    async fn access(
        &self,
        workspace: WorkspaceId,
        provider: Provider,
    ) -> Result<FoundKey, KeyError>;
}
