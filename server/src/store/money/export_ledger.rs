//! What was paid, day by day, for files.
//!
//! Invariant: reads only, and only the ledger, so that a file of it adds up to what it says; and no
//! page has more rows than there is room for, however much was asked on one day.

use app::model::ids::{ProjectId, WorkspaceId};
use app::model::money::{Money, Spend};
use app::model::run::SpendKind;
use chrono::NaiveDate;

use crate::store::sql::page_bytes::ROWS;
use crate::store::sql::record::record;
use crate::store::sql::rows;
use crate::store::sql::tenant::project_exists;
use crate::store::sums::columns::{AT_LEAST, count_if, sum};
use crate::store::{Store, StoreResult};

record! {
    /// What was paid on a day for one kind of thing, question and pair of models, as a file has it.
    #[derive(Clone, Debug, Default, PartialEq, Eq)]
    pub struct LedgerExport {
        /// Day, in the workspace's time zone.
        pub day: NaiveDate = "l.day",
        /// For what.
        pub kind: SpendKind = "l.kind",
        /// The question that was asked; `None`: it belongs to no ask.
        pub query_id: Option<i64> = "l.query_id",
        /// The model that was asked; `None`: it belongs to no ask.
        pub asked_model_id: Option<i64> = "l.asked_model_id",
        /// Its provider.
        pub asked_provider: Option<String> = "a.provider",
        /// The model that was paid: a judge is another one than the model that was asked.
        pub model_id: i64 = "l.model_id",
        /// Its provider.
        pub provider: String = "m.provider",
        /// Its name for people.
        pub model_name: String = "m.model_display_name",
        /// Entries.
        pub entries: i64 = "COUNT(*)",
    } later {
        /// Their sum.
        pub spend: Spend,
    }
}

record! {
    struct LedgerSum {
        row: LedgerExport as "",
        amount: Money = sum("l.amount_nano_usd"),
        unpriced: i64 = count_if(&format!("l.cost_kind IN {AT_LEAST}")),
    }
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
    kind: Option<SpendKind>,
    asked_model_id: i64,
    model_id: i64,
    query_id: i64,
}

impl From<&LedgerExport> for Place {
    fn from(row: &LedgerExport) -> Self {
        Self {
            kind: Some(row.kind),
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
        workspace_id: WorkspaceId,
        project: ProjectId,
        cursor: LedgerCursor,
    ) -> StoreResult<(Vec<LedgerExport>, Option<LedgerCursor>)> {
        let LedgerCursor { days, after } = cursor;
        project_exists(self.reader(), workspace_id, project).await?;
        let Some(day) = self.newest_ledger_day(workspace_id, project, days).await? else {
            return Ok((Vec::new(), None));
        };
        let after = after.filter(|_| day == days.1).unwrap_or_default();
        let order = "l.kind, COALESCE(l.asked_model_id, 0), l.model_id, COALESCE(l.query_id, 0)";
        let rest = format!(
            "FROM llm_spend_ledger l \
             JOIN llm_model_registry m ON m.id = l.model_id \
             LEFT JOIN llm_model_registry a ON a.id = l.asked_model_id \
             WHERE l.workspace_id = $1 AND l.project_id = $2 AND l.day = $3 \
             AND ({order}) > ($4, $5, $6, $7) \
             GROUP BY l.day, l.kind, l.query_id, l.asked_model_id, a.provider, l.model_id, \
             m.provider, m.model_display_name ORDER BY {order} LIMIT {ROWS}"
        );
        let values = [
            workspace_id.0.into(),
            project.0.into(),
            day.into(),
            after.kind.map_or("", SpendKind::word).into(),
            after.asked_model_id.into(),
            after.model_id.into(),
            after.query_id.into(),
        ];
        let found: Vec<LedgerSum> = rows::select(self.reader(), rest, values).await?;
        let sums: Vec<LedgerExport> = found
            .into_iter()
            .map(|of| LedgerExport {
                spend: Spend::new(of.amount, of.unpriced),
                ..of.row
            })
            .collect();
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
        workspace_id: WorkspaceId,
        project: ProjectId,
        days: (NaiveDate, NaiveDate),
    ) -> StoreResult<Option<NaiveDate>> {
        let sql = "SELECT day FROM llm_spend_ledger \
            WHERE workspace_id = $1 AND project_id = $2 AND day >= $3 AND day <= $4 \
            ORDER BY day DESC LIMIT 1";
        let values = [
            workspace_id.0.into(),
            project.0.into(),
            days.0.into(),
            days.1.into(),
        ];
        rows::value(self.reader(), sql, values).await
    }
}
