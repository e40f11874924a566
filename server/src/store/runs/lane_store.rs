//! The store as the engine sees it, and which of its errors pass.

use app::model::money::Money;
use async_trait::async_trait;
use engine::allowance::Terms;
use engine::{
    Batch, ClaimRequest, Claimed, Committed, LaneError, LaneHold, LaneScope, LaneState, LaneStore,
    Reading,
};
use sea_orm::{DbErr, RuntimeErr, sqlx};

use crate::store::{Store, StoreError};

impl From<StoreError> for LaneError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::LaneLost | StoreError::NotFound => Self::Lost,
            StoreError::RevisionsChanged => Self::RevisionsChanged,
            StoreError::TermsChanged => Self::TermsChanged,
            StoreError::Database(error) if may_pass(&error) => Self::Unreachable(error.to_string()),
            error => Self::Refused(error.to_string()),
        }
    }
}

/// Whether the same call may succeed later: the connection broke, the pool is empty, the
/// server goes down or comes up, or another transaction was in the way.
fn may_pass(error: &DbErr) -> bool {
    let (DbErr::Conn(cause) | DbErr::Exec(cause) | DbErr::Query(cause)) = error else {
        return matches!(error, DbErr::ConnectionAcquire(_));
    };
    let RuntimeErr::SqlxError(cause) = cause else {
        return false;
    };
    match cause.as_ref() {
        sqlx::Error::Database(database) => {
            database.code().is_some_and(|code| is_passing_code(&code))
        }
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::Protocol(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed => true,
        _ => false,
    }
}

/// SQLSTATE classes 08 (connection), 53 (resources), 57 (operator) and serialisation or
/// deadlock; SQLite's BUSY and LOCKED, whose lowest byte is 5 and 6.
fn is_passing_code(code: &str) -> bool {
    const SQLSTATE_LENGTH: usize = 5;
    if code.len() == SQLSTATE_LENGTH {
        return ["08", "53", "57"]
            .iter()
            .any(|class| code.starts_with(class))
            || code == "40001"
            || code == "40P01";
    }
    code.parse::<i64>()
        .is_ok_and(|number| matches!(number & 0xFF, 5 | 6))
}

#[async_trait]
impl LaneStore for Store {
    async fn claim(&self, claiming: &ClaimRequest<'_>) -> Result<Option<Claimed>, LaneError> {
        Ok(self.claim_lane(claiming).await?)
    }

    async fn release_dead_worker(&self, worker: &str) -> Result<u64, LaneError> {
        Ok(self.free_lanes_of(worker).await?)
    }

    async fn lane_state(&self, hold: &LaneHold) -> Result<LaneState, LaneError> {
        Ok(self.read_lane_state(hold).await?)
    }

    async fn readings(&self, scope: &LaneScope) -> Result<Vec<Reading>, LaneError> {
        Ok(Self::readings(self, scope.workspace, scope.project).await?)
    }

    async fn terms(&self, scope: &LaneScope) -> Result<Terms, LaneError> {
        Ok(self.terms_of_lane(scope).await?)
    }

    async fn renew(&self, hold: &LaneHold) -> Result<(), LaneError> {
        Ok(self.renew_lane(hold).await?)
    }

    async fn release(&self, hold: &LaneHold) -> Result<(), LaneError> {
        Ok(self.release_lane(hold).await?)
    }

    async fn reserve(&self, scope: &LaneScope, amount: Money) -> Result<bool, LaneError> {
        Ok(self.reserve_for_lane(scope, amount).await?)
    }

    async fn learn(&self, scope: &LaneScope, window: usize) -> Result<(), LaneError> {
        Ok(self.keep_window(scope, window).await?)
    }

    async fn commit(&self, scope: &LaneScope, batch: &Batch<'_>) -> Result<Committed, LaneError> {
        Ok(self.commit_outcomes(scope, batch).await?)
    }
}
