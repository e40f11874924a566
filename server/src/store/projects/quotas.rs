//! How much a workspace may keep.
//!
//! Invariant: who counts and then writes holds the workspace's quota until the transaction ends,
//! so that two at once never pass it together.

use app::model::ids::WorkspaceId;
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend};

use crate::store::sql::keeping::{Keeping, Quotas};
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
    /// So many bytes are allowed.
    StoredBytes(i64),
}

impl QuotaPassed {
    /// How many are allowed.
    pub const fn most(self) -> i64 {
        match self {
            Self::Projects(most) | Self::Prompts(most) | Self::StoredBytes(most) => most,
        }
    }
}

/// Distinguishes this lock from others that are taken by a workspace's id.
const QUOTA_LOCK: i32 = 7_152_640;

const PROJECTS: &str = "SELECT COUNT(*) FROM llm_monitoring_projects \
    WHERE workspace_id = $1 AND deleted_at IS NULL";
const PROMPTS: &str = "SELECT COUNT(*) FROM llm_monitoring_queries q \
    JOIN llm_monitoring_projects p ON p.id = q.project_id AND p.deleted_at IS NULL \
    WHERE q.workspace_id = $1 AND q.removed_at IS NULL";
const STORED: &str = "SELECT CAST(COALESCE(SUM(stored_bytes), 0) AS BIGINT) \
    FROM llm_monitoring_projects WHERE workspace_id = $1";

impl Store {
    /// The same store with the operator's decisions about keeping.
    #[must_use]
    pub const fn with_keeping(mut self, keeping: Keeping) -> Self {
        self.keeping = keeping;
        self
    }

    /// What the operator decided about keeping.
    pub const fn keeping(&self) -> Keeping {
        self.keeping
    }

    /// Whether a workspace may store no further answers; the limit in bytes.
    pub async fn storage_is_full(&self, workspace: WorkspaceId) -> StoreResult<Option<i64>> {
        passes_stored(self.reader(), workspace, self.keeping.quotas, 0).await
    }
}

/// What a workspace had when a transaction began to change it.
pub(super) struct Before {
    projects: i64,
    prompts: i64,
}

/// Keeps other transactions from changing what the quotas count, and counts. Before any row is
/// locked.
pub(super) async fn hold(
    txn: &DatabaseTransaction,
    workspace: WorkspaceId,
    quotas: Quotas,
) -> StoreResult<Before> {
    if txn.get_database_backend() == DbBackend::Postgres {
        let key = i32::try_from(workspace.0 % i64::from(i32::MAX)).unwrap_or_default();
        let sql = format!("SELECT pg_advisory_xact_lock({QUOTA_LOCK}, {key})");
        txn.execute_unprepared(&sql).await?;
    }
    let mut before = Before {
        projects: 0,
        prompts: 0,
    };
    if quotas.projects.is_some() {
        before.projects = number(txn, PROJECTS, workspace).await?;
    }
    if quotas.prompts.is_some() {
        before.prompts = number(txn, PROMPTS, workspace).await?;
    }
    Ok(before)
}

/// The quota that the transaction would pass. Who has more than they may since before, because
/// the limits were other ones, may not have still more, but change and remove what they have.
pub(super) async fn check(
    txn: &DatabaseTransaction,
    workspace: WorkspaceId,
    quotas: Quotas,
    before: &Before,
) -> StoreResult<Option<QuotaPassed>> {
    let counted = [
        (
            PROJECTS,
            before.projects,
            quotas.projects.map(QuotaPassed::Projects),
        ),
        (
            PROMPTS,
            before.prompts,
            quotas.prompts.map(QuotaPassed::Prompts),
        ),
    ];
    for (sql, before, quota) in counted {
        let Some(quota) = quota else { continue };
        let now = number(txn, sql, workspace).await?;
        if now > quota.most() && now > before && !has_admin_owner(txn, workspace).await? {
            return Ok(Some(quota));
        }
    }
    Ok(None)
}

/// The limit in bytes, where it is reached with `more` that are not counted yet. Who runs the
/// instance sees its disk; strangers do not.
pub(in crate::store) async fn passes_stored(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    quotas: Quotas,
    more: i64,
) -> StoreResult<Option<i64>> {
    let Some(most) = quotas.stored_bytes else {
        return Ok(None);
    };
    let is_full = number(connection, STORED, workspace).await? + more >= most
        && !has_admin_owner(connection, workspace).await?;
    Ok(is_full.then_some(most))
}

async fn number(
    connection: &impl ConnectionTrait,
    sql: &str,
    workspace: WorkspaceId,
) -> StoreResult<i64> {
    let row = rows::one(connection, sql, [workspace.0.into()]).await?;
    Ok(row.ok_or(StoreError::NotFound)?.try_get_by_index(0)?)
}
