//! What was paid, day by day, for files.
//!
//! Invariant: reads only, and only the ledger, so that a file of it adds up to what it says.

use app::model::ids::{ProjectId, WorkspaceId};
use app::model::money::{Money, Spend};
use chrono::NaiveDate;
use sea_orm::QueryResult;

use super::projects::project_exists;
use super::spend::AT_LEAST;
use super::sums::{count_if, sum};
use super::{Store, StoreResult, rows};

/// What was paid on a day for one kind of thing, question and pair of models, as a file has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LedgerExport {
    /// Day, in the workspace's time zone.
    pub day: NaiveDate,
    /// For what: a word of [`SpendKind`](app::model::run::SpendKind).
    pub kind: String,
    /// The question that was asked; `None`: it belongs to no ask.
    pub query_id: Option<i64>,
    /// The model that was asked; `None`: it belongs to no ask.
    pub asked_model_id: Option<i64>,
    /// Its provider.
    pub asked_provider: Option<String>,
    /// The model that was paid: a judge is another one than the model that was asked.
    pub model_id: i64,
    /// Its provider.
    pub provider: String,
    /// Its name for people.
    pub model_name: String,
    /// Entries.
    pub entries: i64,
    /// Their sum.
    pub spend: Spend,
}

impl Store {
    /// The newest day from the first to the last of `days` on which anything was paid for a
    /// project, and its sums; `None`: there is none.
    pub async fn export_ledger_day(
        &self,
        workspace: WorkspaceId,
        project: ProjectId,
        days: (NaiveDate, NaiveDate),
    ) -> StoreResult<Option<(NaiveDate, Vec<LedgerExport>)>> {
        project_exists(self.reader(), workspace, project).await?;
        let newest = "SELECT day FROM llm_spend_ledger \
            WHERE workspace_id = $1 AND project_id = $2 AND day >= $3 AND day <= $4 \
            ORDER BY day DESC LIMIT 1";
        let values = [
            workspace.0.into(),
            project.0.into(),
            days.0.into(),
            days.1.into(),
        ];
        let Some(row) = rows::one(self.reader(), newest, values).await? else {
            return Ok(None);
        };
        let day: NaiveDate = row.try_get_by_index(0)?;
        let sql = format!(
            "SELECT l.day, l.kind, l.query_id, l.asked_model_id, a.provider, l.model_id, \
             m.provider, m.model_display_name, COUNT(*), {}, {} FROM llm_spend_ledger l \
             JOIN llm_model_registry m ON m.id = l.model_id \
             LEFT JOIN llm_model_registry a ON a.id = l.asked_model_id \
             WHERE l.workspace_id = $1 AND l.project_id = $2 AND l.day = $3 \
             GROUP BY l.day, l.kind, l.query_id, l.asked_model_id, a.provider, l.model_id, \
             m.provider, m.model_display_name \
             ORDER BY l.kind, l.asked_model_id, l.model_id, l.query_id",
            sum("l.amount_nano_usd"),
            count_if(&format!("l.cost_kind IN {AT_LEAST}")),
        );
        let values = [workspace.0.into(), project.0.into(), day.into()];
        let found = rows::all(self.reader(), sql, values).await?;
        let sums = found
            .iter()
            .map(ledger_export)
            .collect::<StoreResult<_>>()?;
        Ok(Some((day, sums)))
    }
}

fn ledger_export(row: &QueryResult) -> StoreResult<LedgerExport> {
    let amount = Money::from_nanos(row.try_get_by_index(9)?);
    Ok(LedgerExport {
        day: row.try_get_by_index(0)?,
        kind: row.try_get_by_index(1)?,
        query_id: row.try_get_by_index(2)?,
        asked_model_id: row.try_get_by_index(3)?,
        asked_provider: row.try_get_by_index(4)?,
        model_id: row.try_get_by_index(5)?,
        provider: row.try_get_by_index(6)?,
        model_name: row.try_get_by_index(7)?,
        entries: row.try_get_by_index(8)?,
        spend: Spend::new(amount, row.try_get_by_index(10)?),
    })
}
