//! Past costs, computed again at the price rows that hold now for their time.
//!
//! Invariant: what answers cost is never rewritten. A difference is booked on the day of its
//! booking, as an entry of its own, and is remembered by the day of the answers, so that the
//! same difference is not booked twice.

use std::collections::BTreeMap;

use app::model::ids::{ModelId, ProjectId, UserId, WorkspaceId};
use app::model::money::Money;
use app::model::prices::Recomputed;
use app::model::provider::Provider;
use app::model::run::{CostKind, SpendKind};
use chrono::{DateTime, NaiveDate, Utc};
use engine::cost::{self, AskSize, Cost, Price};
use engine::other_models::{OtherModel, price_of_other};
use engine::{Payer, sent_at};
use providers::Usage;
use sea_orm::DatabaseTransaction;

use super::ledger::{Entry, write_ledger_entries};
use crate::store::registry::error::RegistryError;
use crate::store::registry::price_import::hold_model;
use crate::store::registry::to_ask::{model_to_ask, other_models};
use crate::store::sql::record::record;
use crate::store::sql::rows::{self, new_row};
use crate::store::sql::tenant::time_zone;
use crate::store::sums::columns::sum;
use crate::store::{Store, StoreError, StoreResult};

/// Answers that are read at a time.
const BATCH: i64 = 20_000;
/// Only what was counted is computed: a bound on what was not is no cost.
const NO_SIZE: AskSize = AskSize {
    question_bytes: 0,
    max_output_tokens: 0,
    web_search: false,
};

/// What is booked for the answers of a project and day, and what they would cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Sums {
    answers: i64,
    kept: i64,
    booked: Money,
    computed: Money,
}

/// Costs computed again, by project and day.
#[derive(Clone, Debug)]
pub struct Recomputation {
    workspace: WorkspaceId,
    model: ModelId,
    days: BTreeMap<(ProjectId, NaiveDate), Sums>,
    /// The newest correction that was seen; 0: none.
    seen: i64,
}

impl Recomputation {
    /// All of it.
    pub fn sum(&self) -> Recomputed {
        let sums = self.days.values();
        let count = |part: fn(&Sums) -> i64| sums.clone().map(part).sum();
        Recomputed {
            answers: count(|sums| sums.answers),
            kept: count(|sums| sums.kept),
            booked: sums.clone().map(|sums| sums.booked).sum(),
            computed: sums.clone().map(|sums| sums.computed).sum(),
        }
    }

    /// What has to be booked, by project and day.
    fn differences(&self) -> BTreeMap<ProjectId, Vec<(NaiveDate, Money)>> {
        let mut differences: BTreeMap<ProjectId, Vec<_>> = BTreeMap::new();
        for ((project, day), sums) in &self.days {
            let difference = sums.computed - sums.booked;
            if difference != Money::ZERO {
                differences
                    .entry(*project)
                    .or_default()
                    .push((*day, difference));
            }
        }
        differences
    }
}

impl Store {
    /// What the answers of a model cost from the first day of a range to its last, and what they
    /// would cost now. Answers whose provider told their cost stay as they are, and so do those
    /// whose tokens nobody counted.
    pub async fn recompute(
        &self,
        workspace_id: WorkspaceId,
        model: ModelId,
        range: (NaiveDate, NaiveDate),
    ) -> StoreResult<Recomputation> {
        let reader = self.reader();
        let asked = model_to_ask(reader, model.0).await?;
        let others = other_models(reader, &asked).await?;
        let mut found = Recomputation {
            workspace: workspace_id,
            model,
            days: BTreeMap::new(),
            seen: self.newest_correction(workspace_id, model).await?,
        };
        let rest = "FROM llm_monitoring_results r WHERE r.workspace_id = $1 AND r.model_id = $2 \
            AND r.analysis_day >= $3 AND r.analysis_day <= $4 AND r.id > $5 \
            AND r.outcome <> 'failed' ORDER BY r.id LIMIT $6";
        let mut after = 0_i64;
        loop {
            let values = [
                workspace_id.0.into(),
                model.0.into(),
                range.0.into(),
                range.1.into(),
                after.into(),
                BATCH.into(),
            ];
            let batch: Vec<PastCost> = rows::select(reader, rest, values).await?;
            for past in &batch {
                after = past.id;
                add(&mut found, past, &asked.prices, &others);
            }
            if batch.len() < usize::try_from(BATCH).unwrap_or(usize::MAX) {
                break;
            }
        }
        self.add_corrections(&mut found, range).await?;
        Ok(found)
    }

    async fn newest_correction(
        &self,
        workspace_id: WorkspaceId,
        model: ModelId,
    ) -> StoreResult<i64> {
        newest_correction(self.reader(), workspace_id, model).await
    }

    /// What was corrected before counts as booked.
    async fn add_corrections(
        &self,
        found: &mut Recomputation,
        range: (NaiveDate, NaiveDate),
    ) -> StoreResult<()> {
        let rest = "FROM llm_cost_corrections WHERE workspace_id = $1 AND model_id = $2 \
            AND day >= $3 AND day <= $4 AND id <= $5 GROUP BY project_id, day";
        let values = [
            found.workspace.0.into(),
            found.model.0.into(),
            range.0.into(),
            range.1.into(),
            found.seen.into(),
        ];
        let corrections: Vec<Corrected> = rows::select(self.reader(), rest, values).await?;
        for of in corrections {
            found.days.entry((of.project, of.day)).or_default().booked += of.amount;
        }
        Ok(())
    }

    /// Books what was found, as one entry a project.
    ///
    /// Errors: [`RegistryError::PriceMoved`] where somebody has corrected costs of the model
    /// since.
    pub async fn write_correction_to_ledger(
        &self,
        found: &Recomputation,
        by: UserId,
    ) -> Result<(), RegistryError> {
        let now = self.clock().now();
        let tx = self.begin_write().await?;
        hold_model(&tx, found.model).await?;
        if newest_correction(&tx, found.workspace, found.model).await? != found.seen {
            return Err(RegistryError::PriceMoved);
        }
        let time_zone = time_zone(&tx, found.workspace).await?;
        let provider = model_to_ask(&tx, found.model.0).await?.provider;
        for (project, days) in found.differences() {
            let payer = Payer {
                workspace: found.workspace,
                project: Some(project),
                run: None,
                model: found.model,
                time_zone,
                is_fiction: provider == Provider::Simulator,
                // What is computed anew was spent before, with whatever key.
                on_shared_key: false,
            };
            correct(&tx, payer, &days, by, now).await?;
        }
        Ok(tx.commit().await?)
    }
}

async fn newest_correction(
    connection: &impl sea_orm::ConnectionTrait,
    workspace_id: WorkspaceId,
    model: ModelId,
) -> StoreResult<i64> {
    let sql = "SELECT COALESCE(MAX(id), 0) FROM llm_cost_corrections \
        WHERE workspace_id = $1 AND model_id = $2";
    rows::value(connection, sql, [workspace_id.0.into(), model.0.into()])
        .await?
        .ok_or(StoreError::NotFound)
}

record! {
    /// An answer with what it used and cost.
    struct PastCost {
        id: i64 = "r.id",
        project: ProjectId = "r.project_id",
        day: NaiveDate = "r.analysis_day",
        at: DateTime<Utc> = "r.analysis_date",
        input_tokens: Option<i64> = "r.input_tokens",
        output_tokens: Option<i64> = "r.output_tokens",
        cached_tokens: Option<i64> = "r.cached_tokens",
        searches: Option<i64> = "r.searches",
        booked: Money = "r.cost_nano_usd",
        kind: CostKind = "r.cost_kind",
        latency_ms: i64 = "r.response_time_ms",
        may_search: bool = "r.search_requested",
        asked: String = "r.model_requested",
        served: Option<String> = "r.model_served",
    }
}

record! {
    /// What was corrected of a project and day.
    struct Corrected {
        project: ProjectId = "project_id",
        day: NaiveDate = "day",
        amount: Money = sum("amount_nano_usd"),
    }
}

/// Adds an answer to the sums of its project and day, at the price of who gave it.
fn add(found: &mut Recomputation, past: &PastCost, prices: &[Price], others: &[OtherModel]) {
    let at = sent_at(past.at, past.latency_ms);
    let usage = Usage {
        input_tokens: past.input_tokens,
        output_tokens: past.output_tokens,
        cached_tokens: past.cached_tokens,
        // Older rows leave out what was not asked for.
        searches: past.searches.or((!past.may_search).then_some(0)),
        ..Usage::default()
    };
    let sums = found.days.entry((past.project, past.day)).or_default();
    let is_reported = past.kind == CostKind::Reported;
    let price = price_of_other(others, &past.asked, past.served.as_deref(), at)
        .or_else(|| cost::price_at(prices, at))
        .filter(|_| !is_reported);
    let size = AskSize {
        web_search: past.may_search,
        ..NO_SIZE
    };
    let computed = price.map(|price| cost::of_answer(None, &usage, Some(price), size));
    match computed.filter(|cost| cost.kind != CostKind::WorstCase) {
        Some(cost) => {
            sums.answers += 1;
            sums.booked += past.booked;
            sums.computed += cost.amount;
        }
        None => sums.kept += 1,
    }
}

/// Books the differences of a project's days.
async fn correct(
    tx: &DatabaseTransaction,
    payer: Payer,
    days: &[(NaiveDate, Money)],
    by: UserId,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    let sum: Money = days.iter().map(|(_, amount)| *amount).sum();
    let cost = Cost {
        amount: sum,
        kind: CostKind::Computed,
        price: None,
    };
    let entry = Entry {
        kind: SpendKind::Correction,
        cost,
        at: now,
        asked: None,
    };
    write_ledger_entries(tx, payer, &[entry]).await?;
    let row = |(day, amount): &(NaiveDate, Money)| {
        new_row! {
            workspace_id = payer.workspace.0,
            project_id = payer.project.map(|project| project.0),
            model_id = payer.model.0,
            day = *day,
            amount_nano_usd = amount.nanos(),
            booked_by = by.0,
            booked_at = now,
        }
    };
    let rows = days.iter().map(row).collect();
    rows::insert_rows(tx, "llm_cost_corrections", rows, "").await?;
    Ok(())
}
