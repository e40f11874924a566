//! How much a workspace may keep. Its demonstration does not count while it is there: there is
//! one, of a size that the program decides.
//!
//! Invariant: who counts and then writes holds the workspace's quota until the transaction ends,
//! so that two at once never pass it together.

use app::model::ids::WorkspaceId;
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend};

use crate::store::sql::retention::{Quotas, Retention};
use crate::store::sql::rows;
use crate::store::sql::tenant::has_admin_owner;
use crate::store::{Store, StoreError, StoreResult};

/// A quota that would be passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuotaPassed {
    /// So many projects are allowed.
    Projects(i64),
    /// So many questions are allowed.
    Prompts(i64),
    /// So many projects are kept, deleted ones among them.
    KeptProjects(i64),
    /// So many questions are kept, removed ones and those of deleted projects among them.
    KeptPrompts(i64),
    /// So many bytes are allowed.
    StoredBytes(i64),
}

impl QuotaPassed {
    /// How many are allowed.
    pub const fn most(self) -> i64 {
        match self {
            Self::Projects(most)
            | Self::Prompts(most)
            | Self::KeptProjects(most)
            | Self::KeptPrompts(most)
            | Self::StoredBytes(most) => most,
        }
    }
}

/// Distinguishes this lock from others that are taken by a workspace's id.
const QUOTA_LOCK: i32 = 7_152_640;

const PROJECTS: &str = "SELECT COUNT(*) FROM llm_monitoring_projects \
    WHERE workspace_id = $1 AND deleted_at IS NULL AND NOT is_demo";
const PROMPTS: &str = "SELECT COUNT(*) FROM llm_monitoring_queries q \
    JOIN llm_monitoring_projects p ON p.id = q.project_id AND p.deleted_at IS NULL AND NOT p.is_demo \
    WHERE q.workspace_id = $1 AND q.removed_at IS NULL";
const KEPT_PROJECTS: &str = "SELECT COUNT(*) FROM llm_monitoring_projects \
    WHERE workspace_id = $1 AND erased_at IS NULL";
const KEPT_PROMPTS: &str = "SELECT COUNT(*) FROM llm_monitoring_queries \
    WHERE workspace_id = $1 AND query_text <> ''";

/// What is counted, and how much of it there may be; `None`: as much as one likes.
type Counted = (&'static str, fn(Quotas) -> Option<QuotaPassed>);

const COUNTED: [Counted; 4] = [
    (PROJECTS, |quotas| {
        quotas.projects.map(QuotaPassed::Projects)
    }),
    (PROMPTS, |quotas| quotas.prompts.map(QuotaPassed::Prompts)),
    (KEPT_PROJECTS, |quotas| {
        quotas.projects.map(kept).map(QuotaPassed::KeptProjects)
    }),
    (KEPT_PROMPTS, |quotas| {
        quotas.prompts.map(kept).map(QuotaPassed::KeptPrompts)
    }),
];

/// How much may be kept where so much may be there at once. What was removed or deleted has to
/// stay for a while, but whoever adds and removes all day does not fill the disk.
const fn kept(at_once: i64) -> i64 {
    const TIMES: i64 = 4;
    const SPARE: i64 = 100;

    at_once.saturating_mul(TIMES).saturating_add(SPARE)
}

const STORED: &str = "SELECT CAST(COALESCE(SUM(stored_bytes), 0) AS BIGINT) \
    FROM llm_monitoring_projects WHERE workspace_id = $1";

impl Store {
    /// The same store with the operator's decisions about retention.
    #[must_use]
    pub const fn with_retention(mut self, retention: Retention) -> Self {
        self.retention = retention;
        self
    }

    /// What the operator decided about retention.
    pub const fn retention(&self) -> Retention {
        self.retention
    }

    /// Whether a workspace may store no further answers; the limit in bytes.
    pub async fn storage_is_full(&self, workspace_id: WorkspaceId) -> StoreResult<Option<i64>> {
        passes_stored(self.reader(), workspace_id, self.retention.quotas, 0).await
    }
}

/// What a workspace had when a transaction began to change it, as [`COUNTED`] has it.
pub(super) struct CountsBefore([i64; COUNTED.len()]);

/// Keeps other transactions from changing what the quotas count, and counts. Before any row is
/// locked.
pub(super) async fn hold(
    tx: &DatabaseTransaction,
    workspace_id: WorkspaceId,
    quotas: Quotas,
) -> StoreResult<CountsBefore> {
    if tx.get_database_backend() == DbBackend::Postgres {
        let key = i32::try_from(workspace_id.0 % i64::from(i32::MAX)).unwrap_or_default();
        let sql = format!("SELECT pg_advisory_xact_lock({QUOTA_LOCK}, {key})");
        tx.execute_unprepared(&sql).await?;
    }
    let mut before = [0; COUNTED.len()];
    for (count, (sql, quota_of)) in before.iter_mut().zip(COUNTED) {
        if quota_of(quotas).is_some() {
            *count = number(tx, sql, workspace_id).await?;
        }
    }
    Ok(CountsBefore(before))
}

/// The quota that the transaction would pass. Who has more than they may since before, because
/// the limits were other ones, may not have still more, but change and remove what they have.
pub(super) async fn check(
    tx: &DatabaseTransaction,
    workspace_id: WorkspaceId,
    quotas: Quotas,
    before: &CountsBefore,
) -> StoreResult<Option<QuotaPassed>> {
    for (had, (sql, quota_of)) in before.0.into_iter().zip(COUNTED) {
        let Some(quota) = quota_of(quotas) else {
            continue;
        };
        let now = number(tx, sql, workspace_id).await?;
        if now > quota.most() && now > had && !has_admin_owner(tx, workspace_id).await? {
            return Ok(Some(quota));
        }
    }
    Ok(None)
}

/// The limit in bytes, where it is reached with `more` that are not counted yet. Who runs the
/// instance sees its disk; strangers do not.
pub(in crate::store) async fn passes_stored(
    connection: &impl ConnectionTrait,
    workspace_id: WorkspaceId,
    quotas: Quotas,
    more: i64,
) -> StoreResult<Option<i64>> {
    let Some(most) = quotas.stored_bytes else {
        return Ok(None);
    };
    let is_full = number(connection, STORED, workspace_id).await? + more >= most
        && !has_admin_owner(connection, workspace_id).await?;
    Ok(is_full.then_some(most))
}

async fn number(
    connection: &impl ConnectionTrait,
    sql: &str,
    workspace_id: WorkspaceId,
) -> StoreResult<i64> {
    rows::value(connection, sql, [workspace_id.0.into()])
        .await?
        .ok_or(StoreError::NotFound)
}
