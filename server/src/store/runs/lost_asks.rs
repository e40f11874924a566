//! Asks that were in flight when their worker died.
//!
//! Invariant: each lost attempt is booked once, in the transaction that claims the lane anew.

use app::model::ids::{AskId, LaneId, PromptId};
use app::model::money::Money;
use app::model::run::{AskState, SpendKind};
use chrono::{DateTime, Utc};
use engine::LaneScope;
use engine::allowance::Terms;
use engine::asker::size;
use providers::ErrorClass;
use sea_orm::DatabaseTransaction;

use super::failed_asks::fail_asks;
use crate::store::StoreResult;
use crate::store::money::ledger::{Asked, Entry, write_ledger_entries};
use crate::store::sql::encode::count;
use crate::store::sql::leases::lease;
use crate::store::sql::record::record;
use crate::store::sql::rows::{self, new_row};

/// An ask that was lost so often is not sent again: it may be what kills the workers, and each
/// attempt may have cost money.
const MOST_LOSSES: i64 = 3;

record! {
    /// An ask that was in flight when its worker died.
    struct LostAsk {
        id: i64 = "a.id",
        prompt: PromptId = "a.query_id",
        text: String = "q.query_text",
        attempts_before: i64 = "(SELECT COUNT(*) FROM llm_monitoring_attempts t WHERE t.ask_id = a.id)",
    }
}

/// Books each ask that is still marked as running at the least that was set aside for it. It was
/// sent under an older claim, and its end will never be known. A worker that dies has hundreds in
/// flight; the longest answer for each of them would use up budgets for nothing. How many there
/// were.
pub(super) async fn write_lost_asks_to_ledger(
    tx: &DatabaseTransaction,
    scope: &LaneScope,
    now: DateTime<Utc>,
    previous_end: Option<DateTime<Utc>>,
    terms: &Terms,
) -> StoreResult<usize> {
    let lost = lost_asks(tx, scope.hold.lane).await?;
    if lost.is_empty() {
        return Ok(0);
    }
    // Nobody knows when it was sent; it was before the claim ran out.
    let sent_at = previous_end.map_or(now, |end| (end - lease()).min(now));
    let mut ledger = Vec::with_capacity(lost.len());
    let mut attempts = Vec::with_capacity(lost.len());
    let mut sum = Money::ZERO;
    for ask in &lost {
        let size = size(&scope.model, &ask.text);
        let cost = terms.set_aside(&scope.model, size, sent_at).least;
        sum += cost.amount;
        ledger.push(Entry {
            kind: SpendKind::Lost,
            cost,
            at: now,
            asked: Some(Asked {
                ask: AskId(ask.id),
                prompt: ask.prompt,
                model: scope.model.id,
            }),
        });
        attempts.push(new_row! {
            workspace_id = scope.workspace.0,
            ask_id = ask.id,
            number = ask.attempts_before + 1,
            sent_at = sent_at,
            http_status = None::<i64>,
            error_class = ErrorClass::Network.word(),
            latency_ms = 0_i64,
            request_id = None::<String>,
            cost_nano_usd = cost.amount.nanos(),
        });
    }
    write_ledger_entries(tx, scope.payer(), &ledger).await?;
    rows::insert_rows(tx, "llm_monitoring_attempts", attempts, "").await?;
    let given_up = settle_lost_asks(tx, scope, &lost, now).await?;
    let sql = "UPDATE llm_monitoring_lanes SET asks_running = 0, \
        asks_failed = asks_failed + $2, cost_nano_usd = cost_nano_usd + $3, \
        unpriced = unpriced + $4 WHERE id = $1";
    let unpriced = ledger.iter().filter(|entry| entry.cost.kind.is_at_least());
    let values = [
        scope.hold.lane.0.into(),
        given_up.into(),
        sum.nanos().into(),
        count(unpriced.count()).into(),
    ];
    rows::execute(tx, sql, values).await?;
    Ok(lost.len())
}

async fn lost_asks(tx: &DatabaseTransaction, lane: LaneId) -> StoreResult<Vec<LostAsk>> {
    let rest = "FROM llm_monitoring_asks a \
        JOIN llm_monitoring_queries q ON q.id = a.query_id \
        WHERE a.lane_id = $1 AND a.state = $2 ORDER BY a.id";
    let values = [lane.0.into(), AskState::Running.word().into()];
    rows::select(tx, rest, values).await
}

/// Lets lost asks wait again, or fail where they were lost too often. How many failed.
async fn settle_lost_asks(
    tx: &DatabaseTransaction,
    scope: &LaneScope,
    lost: &[LostAsk],
    now: DateTime<Utc>,
) -> StoreResult<i64> {
    let hopeless: Vec<i64> = lost
        .iter()
        .filter(|ask| ask.attempts_before + 1 >= MOST_LOSSES)
        .map(|ask| ask.id)
        .collect();
    let failed = if hopeless.is_empty() {
        0
    } else {
        let condition = format!("id IN ({})", rows::id_list(hopeless));
        let message = "lost with its worker again and again";
        fail_asks(tx, scope, &condition, ErrorClass::Network, message, now).await?
    };
    let sql = "UPDATE llm_monitoring_asks SET state = $2 WHERE lane_id = $1 AND state = $3";
    let values = [
        scope.hold.lane.0.into(),
        AskState::Waiting.word().into(),
        AskState::Running.word().into(),
    ];
    rows::execute(tx, sql, values).await?;
    Ok(failed)
}
