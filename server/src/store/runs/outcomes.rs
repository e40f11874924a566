//! Outcomes: what came back, written in one transaction a batch.
//!
//! Invariant: nothing is written for a lane that another worker holds, an ask leaves
//! `running` once, and answer, findings, attempts, ledger and counters are written together.

use std::collections::HashMap;

use app::model::ids::{AnswerId, AskId, ModelId};
use app::model::money::Money;
use app::model::run::{AskState, LaneStatus};
use chrono::{DateTime, NaiveDate, Utc};
use engine::{AskOutcome, Batch, Begin, Committed, LaneScope, Stopped};
use providers::{ErrorClass, Outcome};
use sea_orm::{DatabaseTransaction, Value};

use super::failed_asks::{count_u64, fail_asks};
use super::outcome_rows::{answer_row, attempt_rows, ledger_entries, stored_bytes};
use super::watch::finish_run_if_last;
use crate::store::answers::citations::write_citations;
use crate::store::answers::finding_rows::finding_rows;
use crate::store::answers::search_queries::write_search_queries;
use crate::store::money::allowances;
use crate::store::money::ledger::{Entry, write_ledger_entries};
use crate::store::money::reservations::{Asking, Granted, Wanted, grant};
use crate::store::projects::{quotas, revisions};
use crate::store::sql::encode::count;
use crate::store::sql::leases::{self, lease};
use crate::store::sql::record::record;
use crate::store::sql::rows::{self, NewRow};
use crate::store::sums::rollups;
use crate::store::sums::unread::write_unread;
use crate::store::{Store, StoreError, StoreResult};

/// The lane's row as it was when the transaction began, with what its run and workspace say.
struct LaneRow {
    is_done: bool,
    unsettled: i64,
    cancelled: bool,
}

/// What a transaction changes about its lane.
#[derive(Default)]
pub(super) struct Change {
    answered: i64,
    /// Of `answered`, those without a visible text.
    without_text: i64,
    failed: i64,
    dropped: i64,
    begun: i64,
    /// Of `failed`, those that were never sent.
    unsent: i64,
    cost: Money,
    /// Entries whose cost is more than what is known of it.
    unpriced: i64,
    /// Bytes of the answers that were stored.
    stored_bytes: i64,
    /// Set aside for the asks that were settled.
    released: Money,
    /// Set aside for the asks that begin.
    reserved: Money,
    end_reason: Option<ErrorClass>,
}

impl Store {
    /// Writes `batch` in one transaction: answers, findings, attempts, ledger, states of asks,
    /// counters and lease of the lane. Marks the next asks as running. Drops the waiting asks if
    /// the run was cancelled, the budget is used up or the lane ends. Closes the lane, its
    /// snapshots and its run with the last outcome.
    ///
    /// Errors: [`StoreError::LaneLost`] if another worker has claimed the lane since,
    /// [`StoreError::RevisionsChanged`] if the answers were read under other revisions than the
    /// project has now. Nothing is written then.
    pub async fn commit_outcomes(
        &self,
        scope: &LaneScope,
        batch: &Batch<'_>,
    ) -> StoreResult<Committed> {
        let tx = self.begin_write().await?;
        let now = self.clock().now();
        let held = hold_for_update(&tx, scope).await?;
        if held.is_done {
            // Only the transaction before can have closed it; the connection broke after that.
            let done = Committed {
                lane_done: true,
                ..Committed::default()
            };
            return if batch.again {
                Ok(done)
            } else {
                Err(StoreError::LaneLost)
            };
        }
        let rest = still_to_write(&tx, batch).await?;
        check_revisions(&tx, scope, &rest.outcomes).await?;
        let mut change = settle(&tx, scope, &rest.outcomes).await?;
        let quotas = self.retention().quotas;
        let is_full = !rest.begin.is_empty()
            && quotas::passes_stored(&tx, scope.workspace, quotas, change.stored_bytes)
                .await?
                .is_some();
        let stopped = if is_full && batch.end.is_none() && !held.cancelled {
            Some(stop_for_storage(&tx, scope, &mut change).await?)
        } else {
            begin_or_stop(&tx, scope, &held, batch, &rest, &mut change, now).await?
        };
        // Behind the lock that whoever sets money aside holds: what another lane learnt is seen.
        if let Some(terms) = batch.terms {
            allowances::check(&tx, scope, terms, !rest.is_empty(), now).await?;
            allowances::learn(&tx, scope, terms, &rest.outcomes, now).await?;
        }
        let settled = change.answered + change.failed + change.dropped;
        let lane_done = held.unsettled == settled;
        write_lane(&tx, scope, &change, lane_done, now).await?;
        let mut committed = Committed {
            stopped,
            begun: rest.begun_before + usize::try_from(change.begun).unwrap_or(usize::MAX),
            lane_done,
            run: None,
        };
        if lane_done {
            sum_lane(&tx, scope, now).await?;
            committed.run = finish_run_if_last(&tx, scope.run, now).await?;
        }
        // Last: lanes and runs are locked before projects, here as everywhere.
        add_stored_bytes(&tx, scope, change.stored_bytes).await?;
        tx.commit().await?;
        Ok(committed)
    }
}

record! {
    /// A lane with what its run says.
    struct HeldLane {
        status: LaneStatus = "l.status",
        unsettled: i64 = "l.asks_total - l.asks_answered - l.asks_failed - l.asks_dropped",
        cancel_requested_at: Option<DateTime<Utc>> = "r.cancel_requested_at",
    }
}

/// Checks worker and epoch, and holds the row until the transaction ends.
async fn hold_for_update(tx: &DatabaseTransaction, scope: &LaneScope) -> StoreResult<LaneRow> {
    let rest = format!(
        "FROM llm_monitoring_lanes l \
         JOIN llm_monitoring_analysis_runs r ON r.id = l.run_id \
         WHERE {}{}",
        leases::is_held("l"),
        rows::for_update(tx, "l")
    );
    let key = leases::Held::from(&scope.hold).key();
    let found: HeldLane = rows::select_one(tx, rest, key)
        .await?
        .ok_or(StoreError::LaneLost)?;
    Ok(LaneRow {
        is_done: found.status == LaneStatus::Done,
        unsettled: found.unsettled,
        cancelled: found.cancel_requested_at.is_some(),
    })
}

/// What of a batch is not written yet: all, unless the batch was handed over before.
struct UnwrittenBatch<'a> {
    outcomes: Vec<&'a AskOutcome>,
    begin: Vec<Begin>,
    /// Asks that the batch began when it was handed over before.
    begun_before: usize,
    /// Asks of the batch were dropped when it was handed over before.
    dropped_before: bool,
}

impl UnwrittenBatch<'_> {
    fn is_empty(&self) -> bool {
        self.outcomes.is_empty() && self.begin.is_empty()
    }
}

async fn still_to_write<'a>(
    tx: &DatabaseTransaction,
    batch: &Batch<'a>,
) -> StoreResult<UnwrittenBatch<'a>> {
    if !batch.again {
        return Ok(UnwrittenBatch {
            outcomes: batch.outcomes.iter().collect(),
            begin: batch.begin.to_vec(),
            begun_before: 0,
            dropped_before: false,
        });
    }
    let ids = batch
        .outcomes
        .iter()
        .map(|outcome| outcome.ask)
        .chain(batch.begin.iter().map(|begin| begin.ask));
    let ids = rows::id_list(ids.map(|ask| ask.0));
    let sql = format!("SELECT id, state FROM llm_monitoring_asks WHERE id IN ({ids})");
    let found = rows::pairs(tx, sql, []).await?;
    let states: HashMap<AskId, AskState> = found.into_iter().collect();
    let is = |ask: AskId, state: AskState| states.get(&ask) == Some(&state);
    let begun = |begin: &&Begin| is(begin.ask, AskState::Running);
    let waits = |begin: &&Begin| is(begin.ask, AskState::Waiting);
    let begun_before = batch.begin.iter().filter(begun).count();
    let waiting: Vec<Begin> = batch.begin.iter().filter(waits).copied().collect();
    Ok(UnwrittenBatch {
        outcomes: batch
            .outcomes
            .iter()
            .filter(|outcome| is(outcome.ask, AskState::Running))
            .collect(),
        dropped_before: begun_before + waiting.len() < batch.begin.len(),
        // What was written began as many as there was money for.
        begin: if begun_before > 0 {
            Vec::new()
        } else {
            waiting
        },
        begun_before,
    })
}

/// Answers are stored only as read under the revisions that the project has when they are.
async fn check_revisions(
    tx: &DatabaseTransaction,
    scope: &LaneScope,
    outcomes: &[&AskOutcome],
) -> StoreResult<()> {
    let is_failure = |outcome: &&AskOutcome| outcome.exchange.result.is_err();
    if outcomes.iter().all(is_failure) {
        return Ok(());
    }
    revisions::hold(tx, scope.project).await?;
    let current = revisions::current(tx, scope.project).await?;
    let is_current = |outcome: &&AskOutcome| {
        let read = outcome.reads.iter().map(|read| read.reading.revision);
        read.eq(current.iter().copied())
    };
    if outcomes
        .iter()
        .all(|outcome| is_failure(outcome) || is_current(outcome))
    {
        Ok(())
    } else {
        Err(StoreError::RevisionsChanged)
    }
}

/// Sums the days on which the lane got an outcome, under each revision that the project has.
pub(super) async fn sum_lane(
    tx: &DatabaseTransaction,
    scope: &LaneScope,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    // A day on which only an attempt was lost has a cost, and no answer. What an answer costs is
    // paid on its own day.
    let sql = "SELECT analysis_day FROM llm_monitoring_results WHERE run_id = $1 AND lane_id = $2 \
        UNION SELECT day FROM llm_spend_ledger WHERE run_id = $1 AND asked_model_id = $3 \
        AND kind <> 'answer' ORDER BY 1";
    let values = [
        scope.run.0.into(),
        scope.hold.lane.0.into(),
        scope.model.id.0.into(),
    ];
    let days: Vec<NaiveDate> = rows::column(tx, sql, values).await?;
    let days: Vec<(ModelId, NaiveDate)> =
        days.into_iter().map(|day| (scope.model.id, day)).collect();
    rollups::refresh_days(tx, scope.workspace, scope.project, &days, now).await
}

/// Stores the outcomes and takes their asks out of `running`.
pub(super) async fn settle(
    tx: &DatabaseTransaction,
    scope: &LaneScope,
    outcomes: &[&AskOutcome],
) -> StoreResult<Change> {
    let mut change = Change::default();
    if outcomes.is_empty() {
        return Ok(change);
    }
    let (answered, failed): (Vec<&AskOutcome>, Vec<&AskOutcome>) = outcomes
        .iter()
        .copied()
        .partition(|outcome| outcome.exchange.result.is_ok());
    change.answered = settle_running_asks(tx, scope, &answered, AskState::Answered).await?;
    change.without_text = count(answered.iter().filter(|one| is_without_text(one)).count());
    change.failed = settle_running_asks(tx, scope, &failed, AskState::Failed).await?;
    change.released = outcomes.iter().map(|outcome| outcome.reserved).sum();

    let answers: Vec<NewRow<32>> = outcomes
        .iter()
        .map(|outcome| answer_row(scope, outcome))
        .collect();
    change.stored_bytes = answers.iter().map(stored_bytes).sum();
    let returning = "RETURNING ask_id, id";
    let stored = rows::insert_rows(tx, "llm_monitoring_results", answers, returning).await?;
    let mut ids: HashMap<i64, i64> = HashMap::with_capacity(stored.len());
    for row in &stored {
        let (ask, answer) = rows::pair(row)?;
        ids.insert(ask, answer);
    }
    let findings = outcomes
        .iter()
        .flat_map(|outcome| finding_rows(scope, outcome, &ids))
        .collect();
    rows::insert_rows(tx, "llm_monitoring_findings", findings, "").await?;
    let unread = outcomes.iter().flat_map(|outcome| {
        let answer = ids.get(&outcome.ask.0).copied().map(AnswerId);
        let unread = outcome.reads.iter().filter(|read| read.is_unread);
        unread.filter_map(move |read| Some((read.reading.revision, answer?)))
    });
    write_unread(tx, scope.workspace, unread.collect()).await?;
    let attempts = outcomes
        .iter()
        .flat_map(|outcome| attempt_rows(scope, outcome))
        .collect();
    rows::insert_rows(tx, "llm_monitoring_attempts", attempts, "").await?;
    let entries: Vec<Entry> = outcomes
        .iter()
        .flat_map(|outcome| ledger_entries(scope, outcome))
        .collect();
    change.cost = entries.iter().map(|entry| entry.cost.amount).sum();
    let is_open = |entry: &&Entry| entry.cost.kind.is_at_least();
    change.unpriced = count(entries.iter().filter(is_open).count());
    write_ledger_entries(tx, scope.payer(), &entries).await?;
    write_citations(tx, scope, outcomes, &ids).await?;
    write_search_queries(tx, scope, outcomes, &ids).await?;
    Ok(change)
}

fn is_without_text(outcome: &AskOutcome) -> bool {
    let result = outcome.exchange.result.as_ref();
    result.is_ok_and(|answer| answer.outcome == Outcome::Empty)
}

async fn settle_running_asks(
    tx: &DatabaseTransaction,
    scope: &LaneScope,
    outcomes: &[&AskOutcome],
    state: AskState,
) -> StoreResult<i64> {
    let ids: Vec<AskId> = outcomes.iter().map(|outcome| outcome.ask).collect();
    change_state(tx, scope, &ids, AskState::Running, state).await
}

/// Moves exactly these asks from one state to another; anything else would be a second outcome.
async fn change_state(
    tx: &DatabaseTransaction,
    scope: &LaneScope,
    asks: &[AskId],
    from: AskState,
    to: AskState,
) -> StoreResult<i64> {
    if asks.is_empty() {
        return Ok(0);
    }
    let sql = change_of_state(asks);
    let values = [
        to.word().into(),
        scope.hold.lane.0.into(),
        from.word().into(),
    ];
    let changed = rows::execute(tx, sql, values).await?.rows_affected();
    if changed != asks.len() as u64 {
        let message = format!("{changed} of {} asks were {}", asks.len(), from.word());
        return Err(StoreError::Corrupt(message));
    }
    Ok(count(asks.len()))
}

/// `$1` is the new state, `$2` the lane, `$3` the state that they are in. The asks are found by their
/// ids, not by the index of lanes and states: that has thousands of asks that wait, and a database
/// that knows nothing yet of a table takes it for the better one.
fn change_of_state(asks: &[AskId]) -> String {
    format!(
        "UPDATE llm_monitoring_asks SET state = $1 \
         WHERE lane_id + 0 = $2 AND state = $3 AND id IN ({})",
        rows::id_list(asks.iter().map(|ask| ask.0))
    )
}

/// Drops what waits: the workspace has stored what it may. What is in flight is still kept.
async fn stop_for_storage(
    tx: &DatabaseTransaction,
    scope: &LaneScope,
    change: &mut Change,
) -> StoreResult<Stopped> {
    change.dropped = drop_waiting(tx, scope, AskState::Cancelled).await?;
    change.end_reason = Some(ErrorClass::StorageFull);
    Ok(Stopped::Cancelled)
}

/// Counts what was stored, once a transaction, so that nobody has to add up answers.
async fn add_stored_bytes(
    tx: &DatabaseTransaction,
    scope: &LaneScope,
    bytes: i64,
) -> StoreResult<()> {
    if bytes > 0 {
        let sql = "UPDATE llm_monitoring_projects SET stored_bytes = stored_bytes + $2 \
            WHERE id = $1";
        rows::execute(tx, sql, [scope.project.0.into(), bytes.into()]).await?;
    }
    Ok(())
}

/// Marks the next asks as running, or drops everything that waits.
async fn begin_or_stop(
    tx: &DatabaseTransaction,
    scope: &LaneScope,
    held: &LaneRow,
    batch: &Batch<'_>,
    rest: &UnwrittenBatch<'_>,
    change: &mut Change,
    now: DateTime<Utc>,
) -> StoreResult<Option<Stopped>> {
    if let Some(end) = batch.end {
        change.unsent =
            fail_asks(tx, scope, "state = 'waiting'", end.class, &end.message, now).await?;
        change.failed += change.unsent;
        change.end_reason = Some(end.class);
        return Ok(Some(Stopped::Ended));
    }
    if held.cancelled {
        change.dropped = drop_waiting(tx, scope, AskState::Cancelled).await?;
        return Ok(Some(Stopped::Cancelled));
    }
    if rest.dropped_before {
        return Ok(Some(Stopped::OverBudget));
    }
    if rest.begin.is_empty() {
        return Ok(None);
    }
    let wanted: Vec<Wanted> = rest.begin.iter().map(Wanted::from).collect();
    let asking = Asking {
        wanted: &wanted,
        alone: batch.alone,
        released: change.released,
    };
    let fit = match grant(tx, scope.payer(), asking, now).await? {
        Granted::First(fit) => fit,
        Granted::Over(limit) => {
            change.end_reason = limit.reason();
            change.dropped = drop_waiting(tx, scope, AskState::OverBudget).await?;
            return Ok(Some(Stopped::OverBudget));
        }
    };
    let begin = &rest.begin[..fit];
    let asks: Vec<AskId> = begin.iter().map(|begin| begin.ask).collect();
    change.begun = change_state(tx, scope, &asks, AskState::Waiting, AskState::Running).await?;
    change.reserved = asking.set_aside(fit);
    Ok(None)
}

async fn drop_waiting(
    tx: &DatabaseTransaction,
    scope: &LaneScope,
    state: AskState,
) -> StoreResult<i64> {
    let sql = "UPDATE llm_monitoring_asks SET state = $1 WHERE lane_id = $2 AND state = $3";
    let values = [
        state.word().into(),
        scope.hold.lane.0.into(),
        AskState::Waiting.word().into(),
    ];
    Ok(count_u64(
        rows::execute(tx, sql, values).await?.rows_affected(),
    ))
}

/// Adds the change to the lane's row. If no ask is in flight, nothing stays set aside. This returns
/// money for a further attempt whose reservation was never confirmed because the connection broke.
pub(super) async fn write_lane(
    tx: &DatabaseTransaction,
    scope: &LaneScope,
    change: &Change,
    lane_done: bool,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    let sql = "UPDATE llm_monitoring_lanes SET asks_running = asks_running + $2, \
        asks_answered = asks_answered + $3, asks_failed = asks_failed + $4, \
        asks_without_text = asks_without_text + $13, asks_dropped = asks_dropped + $5, \
        cost_nano_usd = cost_nano_usd + $6, \
        status = $7, lease_until = $8, finished_at = $9, \
        end_reason = COALESCE($10, end_reason), unpriced = unpriced + $12, \
        reserved_nano_usd = CASE WHEN $7 = 'done' OR asks_running + $2 = 0 THEN 0 \
            ELSE reserved_nano_usd + $11 END, \
        on_shared_key = $14 \
        WHERE id = $1";
    let status = if lane_done {
        LaneStatus::Done
    } else {
        LaneStatus::Running
    };
    let running = change.begun - change.answered - (change.failed - change.unsent);
    let values: [Value; 14] = [
        scope.hold.lane.0.into(),
        running.into(),
        change.answered.into(),
        change.failed.into(),
        change.dropped.into(),
        change.cost.nanos().into(),
        status.word().into(),
        (!lane_done).then(|| now + lease()).into(),
        lane_done.then_some(now).into(),
        change
            .end_reason
            .map(|class| class.word().to_owned())
            .into(),
        (change.reserved - change.released).nanos().into(),
        change.unpriced.into(),
        change.without_text.into(),
        scope.on_shared_key.into(),
    ];
    rows::execute(tx, sql, values).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use sea_orm::DbBackend;

    use super::*;
    use crate::store::testing::{TestDatabase, on_both_databases};

    on_both_databases! {
        async fn asks_that_change_are_found_by_their_ids(database: &TestDatabase) {
            let connection = database.store.reader();
            let is_sqlite = connection.get_database_backend() == DbBackend::Sqlite;
            let (explain, step) = if is_sqlite { ("EXPLAIN QUERY PLAN", 3) } else { ("EXPLAIN", 0) };
            let sql = format!("{explain} {}", change_of_state(&[AskId(1), AskId(2)]));
            let values = ["running".into(), 1_i64.into(), "waiting".into()];
            let plan = rows::all(connection, sql, values).await.expect("a plan");
            let steps: Vec<String> =
                plan.iter().map(|row| row.try_get_by_index(step).expect("a step")).collect();
            let plan = steps.join("\n");
            let by_id = if is_sqlite { "INTEGER PRIMARY KEY (rowid=?)" } else { "Index Cond: (id = ANY" };
            assert!(plan.contains(by_id) && !plan.contains("lane_id_state"), "{plan}");
        }
    }
}
