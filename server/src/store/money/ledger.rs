//! The ledger and its sums by day.
//!
//! Invariant: an entry and its day's sum are written in one transaction, on the day of what was
//! paid for; spend is never reset, a new month is just another range of days. What nobody pays,
//! the simulator's answers, has no entry.

use std::collections::BTreeMap;

use app::model::ids::{AskId, ModelId, PromptId};
use app::model::money::Money;
use app::model::run::SpendKind;
use chrono::{DateTime, NaiveDate, Utc};
use engine::Payer;
use engine::cost::Cost;
use sea_orm::DatabaseTransaction;

use super::shared_keys;
use crate::calendar;
use crate::store::StoreResult;
use crate::store::sql::record::record;
use crate::store::sql::rows::{self, NewRow, new_row};

record! {
    /// The ask that something was paid for.
    #[derive(Clone, Copy, Debug)]
    pub(in crate::store) struct Asked {
        pub(in crate::store) ask: AskId = "ask_id",
        pub(in crate::store) prompt: PromptId = "query_id",
        /// The model that was asked, whoever is paid.
        pub(in crate::store) model: ModelId = "model_id",
    }
}

/// What was paid, for what, and when.
#[derive(Clone, Copy, Debug)]
pub(in crate::store) struct Entry {
    pub(in crate::store) kind: SpendKind,
    pub(in crate::store) cost: Cost,
    pub(in crate::store) at: DateTime<Utc>,
    /// Nothing: it belongs to no ask.
    pub(in crate::store) asked: Option<Asked>,
}

impl Entry {
    fn row(&self, payer: Payer) -> NewRow<12> {
        let asked = self.asked;
        new_row! {
            workspace_id = payer.workspace.0,
            project_id = payer.project.map(|project| project.0),
            run_id = payer.run.map(|run| run.0),
            ask_id = asked.map(|asked| asked.ask.0),
            query_id = asked.map(|asked| asked.prompt.0),
            asked_model_id = asked.map(|asked| asked.model.0),
            model_id = payer.model.0,
            kind = self.kind.word(),
            cost_kind = self.cost.kind.word(),
            amount_nano_usd = self.cost.amount.nanos(),
            day = calendar::day(payer.time_zone, self.at),
            booked_at = self.at,
        }
    }
}

/// What is added to a day.
#[derive(Clone, Copy, Default)]
struct DaySum {
    amount: Money,
    entries: i64,
    unpriced: i64,
}

/// Writes entries of one payer, and adds them to their days.
pub(in crate::store) async fn write_ledger_entries(
    tx: &DatabaseTransaction,
    payer: Payer,
    entries: &[Entry],
) -> StoreResult<()> {
    if payer.is_fiction || entries.is_empty() {
        return Ok(());
    }
    let mut days: BTreeMap<(NaiveDate, &str), DaySum> = BTreeMap::new();
    let mut shared: BTreeMap<NaiveDate, Money> = BTreeMap::new();
    for entry in entries {
        let day = calendar::day(payer.time_zone, entry.at);
        if payer.on_shared_key {
            *shared.entry(day).or_default() += entry.cost.amount;
        }
        let sum = days.entry((day, entry.kind.word())).or_default();
        sum.amount += entry.cost.amount;
        sum.entries += 1;
        sum.unpriced += i64::from(entry.cost.kind.is_at_least());
    }
    let sql = "INSERT INTO llm_spend_days \
        (workspace_id, day, project_id, model_id, kind, amount_nano_usd, entries, unpriced) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8) \
        ON CONFLICT (workspace_id, day, COALESCE(project_id, 0), model_id, kind) DO UPDATE SET \
        amount_nano_usd = llm_spend_days.amount_nano_usd + excluded.amount_nano_usd, \
        entries = llm_spend_days.entries + excluded.entries, \
        unpriced = llm_spend_days.unpriced + excluded.unpriced";
    for ((day, kind), sum) in days {
        let values = [
            payer.workspace.0.into(),
            day.into(),
            payer.project.map(|project| project.0).into(),
            payer.model.0.into(),
            kind.into(),
            sum.amount.nanos().into(),
            sum.entries.into(),
            sum.unpriced.into(),
        ];
        rows::execute(tx, sql, values).await?;
    }
    shared_keys::add_to_days(tx, payer.workspace, &shared).await?;
    let ledger = entries.iter().map(|entry| entry.row(payer)).collect();
    rows::insert_rows(tx, "llm_spend_ledger", ledger, "").await?;
    Ok(())
}
