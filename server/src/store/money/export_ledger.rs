//! What was paid, day by day, for files.
//!
//! Invariant: reads only, and only the ledger, so that a file of it adds up to what it says; and no
//! page has more rows than there is room for, however much was asked on one day.

use app::model::ids::{ProjectId, WorkspaceId};
use app::model::money::{Money, Spend};
use chrono::NaiveDate;
use sea_orm::QueryResult;

use crate::store::sql::page_bytes::ROWS;
use crate::store::sql::rows;
use crate::store::sql::tenant::project_exists;
use crate::store::sums::columns::{AT_LEAST, count_if, sum};
use crate::store::{Store, StoreResult};

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

/// How far a file of the ledger has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerCursor {
    /// The first and the last day that are left.
    days: (NaiveDate, NaiveDate),
    /// Where the page before ended, if the last of these days has more.
    after: Option<Place>,
}

impl From<(NaiveDate, NaiveDate)> for LedgerCursor {
    fn from(days: (NaiveDate, NaiveDate)) -> Self {
        Self { days, after: None }
    }
}

/// The place of a row among those of its day; no id is 0.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Place {
    kind: String,
    asked_model_id: i64,
    model_id: i64,
    query_id: i64,
}

impl From<&LedgerExport> for Place {
    fn from(row: &LedgerExport) -> Self {
        Self {
            kind: row.kind.clone(),
            asked_model_id: row.asked_model_id.unwrap_or(0),
            model_id: row.model_id,
            query_id: row.query_id.unwrap_or(0),
        }
    }
}

impl Store {
    /// The next sums of what was paid for a project, the newest day first: of one day, and no more
    /// than a page has room for. Where the next page begins; `None`: this is the last. A page may
    /// be empty and not the last.
    pub async fn export_ledger(
        &self,
        workspace: WorkspaceId,
        project: ProjectId,
        cursor: LedgerCursor,
    ) -> StoreResult<(Vec<LedgerExport>, Option<LedgerCursor>)> {
        let LedgerCursor { days, after } = cursor;
        project_exists(self.reader(), workspace, project).await?;
        let Some(day) = self.newest_ledger_day(workspace, project, days).await? else {
            return Ok((Vec::new(), None));
        };
        let after = after.filter(|_| day == days.1).unwrap_or_default();
        let order = "l.kind, COALESCE(l.asked_model_id, 0), l.model_id, COALESCE(l.query_id, 0)";
        let sql = format!(
            "SELECT l.day, l.kind, l.query_id, l.asked_model_id, a.provider, l.model_id, \
             m.provider, m.model_display_name, COUNT(*), {}, {} FROM llm_spend_ledger l \
             JOIN llm_model_registry m ON m.id = l.model_id \
             LEFT JOIN llm_model_registry a ON a.id = l.asked_model_id \
             WHERE l.workspace_id = $1 AND l.project_id = $2 AND l.day = $3 \
             AND ({order}) > ($4, $5, $6, $7) \
             GROUP BY l.day, l.kind, l.query_id, l.asked_model_id, a.provider, l.model_id, \
             m.provider, m.model_display_name ORDER BY {order} LIMIT {ROWS}",
            sum("l.amount_nano_usd"),
            count_if(&format!("l.cost_kind IN {AT_LEAST}")),
        );
        let values = [
            workspace.0.into(),
            project.0.into(),
            day.into(),
            after.kind.into(),
            after.asked_model_id.into(),
            after.model_id.into(),
            after.query_id.into(),
        ];
        let found = rows::all(self.reader(), sql, values).await?;
        let sums: Vec<LedgerExport> = found
            .iter()
            .map(ledger_export)
            .collect::<StoreResult<_>>()?;
        let next = if let Some(last) = sums.last().filter(|_| sums.len() == ROWS) {
            Some(LedgerCursor {
                days: (days.0, day),
                after: Some(Place::from(last)),
            })
        } else {
            let before = day.pred_opt().filter(|before| *before >= days.0);
            before.map(|before| LedgerCursor::from((days.0, before)))
        };
        Ok((sums, next))
    }

    /// The newest day from the first to the last of `days` on which anything was paid for a
    /// project.
    async fn newest_ledger_day(
        &self,
        workspace: WorkspaceId,
        project: ProjectId,
        days: (NaiveDate, NaiveDate),
    ) -> StoreResult<Option<NaiveDate>> {
        let sql = "SELECT day FROM llm_spend_ledger \
            WHERE workspace_id = $1 AND project_id = $2 AND day >= $3 AND day <= $4 \
            ORDER BY day DESC LIMIT 1";
        let values = [
            workspace.0.into(),
            project.0.into(),
            days.0.into(),
            days.1.into(),
        ];
        let found = rows::one(self.reader(), sql, values).await?;
        Ok(found.map(|row| row.try_get_by_index(0)).transpose()?)
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
