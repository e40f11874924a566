//! Notices of what does not work any more, as far as nothing was done about them.
//!
//! Invariant: only reads. Whether a notice is solved is looked up and not kept, so that nobody who
//! solves one has to think of it.

use app::model::notices::Notice;
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbBackend, Value};

use super::notice_mutes::{IS_MUTED, NoticeReader};
use crate::store::sql::rows;
use crate::store::{Store, StoreResult};

/// A screen counts no more.
const COUNTED: u32 = 100;

/// Another key is there, or a run since then was answered with this one.
const KEY_IS_TAKEN: &str = "EXISTS (SELECT 1 FROM user_llm_api_keys k \
        WHERE k.workspace_id = n.workspace_id AND n.subject LIKE k.provider || '/%' \
        AND k.updated_at > n.raised_at) \
    OR EXISTS (SELECT 1 FROM llm_monitoring_analysis_runs r \
        JOIN llm_monitoring_lanes l ON l.run_id = r.id \
        WHERE r.workspace_id = n.workspace_id AND r.finished_at > n.raised_at \
        AND n.subject LIKE l.provider || '/%' AND l.asks_answered > 0 AND l.asks_failed = 0)";

/// The budget is still the one that is used up: its amount ends the notice's subject.
const BUDGET_IS_AS_IT_WAS: &str = "EXISTS (SELECT 1 FROM workspaces w \
        WHERE w.id = n.workspace_id AND n.project_id = 0 \
        AND n.subject LIKE '%/' || CAST(w.monthly_budget_nano_usd AS TEXT)) \
    OR EXISTS (SELECT 1 FROM llm_monitoring_projects b \
        WHERE b.id = n.project_id AND b.workspace_id = n.workspace_id \
        AND n.subject LIKE '%/' || CAST(b.monthly_budget_nano_usd AS TEXT))";

/// A project still asks the model, and it still ends on the day that was told: both begin the
/// notice's subject.
fn model_is_asked(connection: &impl ConnectionTrait) -> String {
    let ends_on = match connection.get_database_backend() {
        DbBackend::Postgres => "TO_CHAR(g.retires_at AT TIME ZONE 'UTC', 'YYYY-MM-DD')",
        _ => "DATE(g.retires_at)",
    };
    format!(
        "EXISTS (SELECT 1 FROM llm_monitoring_projects a \
         JOIN llm_monitoring_project_models m ON m.project_id = a.id \
         JOIN llm_model_registry g ON g.id = m.model_id \
         WHERE a.deleted_at IS NULL AND a.is_active AND NOT g.is_overdue \
         AND (n.workspace_id = 0 OR a.workspace_id = n.workspace_id) \
         AND n.subject LIKE CAST(g.id AS TEXT) || '/' || {ends_on} || '/%')"
    )
}

impl Store {
    /// What was raised since `since` of the kinds that may say that something does not work any
    /// more, and whose cause is not gone; the newest first. For admins that of the instance too,
    /// unless their workspace was told the same. A budget is of the month that began at `month`.
    /// What the reader has muted is left out. No names of projects are put in.
    pub async fn unsolved_notices(
        &self,
        to: &NoticeReader,
        since: DateTime<Utc>,
        month: DateTime<Utc>,
    ) -> StoreResult<Vec<(i64, Notice)>> {
        let model_is_asked = model_is_asked(self.reader());
        let sql = format!(
            "SELECT n.id, n.facts FROM llm_notices n \
             LEFT JOIN llm_monitoring_projects p ON p.id = n.project_id \
             WHERE n.workspace_id IN ($1, $2) AND NOT {IS_MUTED} \
             AND n.kind IN ('key_rejected', 'budget_end', 'model_retiring') \
             AND n.raised_at >= $4 AND p.deleted_at IS NULL \
             AND (n.workspace_id = $1 OR NOT EXISTS (SELECT 1 FROM llm_notices o \
                 WHERE o.workspace_id = $1 AND o.kind = n.kind AND o.facts = n.facts)) \
             AND (n.kind = 'key_rejected' AND NOT ({KEY_IS_TAKEN}) \
                 OR n.kind = 'budget_end' AND n.raised_at >= $5 AND ({BUDGET_IS_AS_IT_WAS}) \
                 OR n.kind = 'model_retiring' AND {model_is_asked}) \
             ORDER BY n.id DESC LIMIT {COUNTED}"
        );
        let workspace = to.workspace.0;
        let instance = if to.with_instance { 0 } else { workspace };
        let values: [Value; 5] = [
            workspace.into(),
            instance.into(),
            to.user.0.into(),
            since.into(),
            month.into(),
        ];
        rows::pairs(self.reader(), sql, values).await
    }
}
