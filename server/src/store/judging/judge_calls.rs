//! Calls of a judge pass: which answers of a run it has read, and what that cost.
//!
//! Invariant: only the worker that holds a pass writes for it. An answer is marked as running
//! before it is sent; it counts as judged when its judgements are stored, in the transaction that
//! stores them and books their cost; and it is not sent again after that.

use app::model::ids::{AnswerId, EntityId, ProjectId, RunId, WorkspaceId};
use app::model::money::Money;
use app::model::outcome::ErrorClass;
use app::model::run::SpendKind;
use chrono::{DateTime, Utc};
use engine::cost::Cost;
use engine::{ModelToAsk, Payer, RouteLimits};
use sea_orm::DatabaseTransaction;

use crate::judge::{JUDGE_VERSION, Verdict};
use crate::store::money::ledger::{Asked, Entry, write_ledger_entries};
use crate::store::money::reservations::{Asking, Granted, Wanted, fits, grant};
use crate::store::sql::encode::{count, json, without_nul};
use crate::store::sql::leases::{self, Held};
use crate::store::sql::rows::{self, NewRow, new_row};
use crate::store::{Store, StoreError, StoreResult};

/// A pass as held by one worker.
#[derive(Clone, Debug)]
pub struct JudgePass {
    /// Its row.
    pub id: i64,
    /// The tenant.
    pub workspace: WorkspaceId,
    /// The project.
    pub project: ProjectId,
    /// The run whose answers are judged.
    pub run: RunId,
    /// The judge.
    pub model: ModelToAsk,
    /// Whether the model is still offered by the registry.
    pub is_available: bool,
    /// Whether the workspace's owner lets models without a price run.
    pub allow_unpriced: bool,
    /// How many of its calls may be in flight, as far as that is known.
    pub limits: RouteLimits,
    pub(super) payer: Payer,
    pub(super) held: Held,
}

impl JudgePass {
    /// Whose key the judge is asked with: the operator's, with a ceiling for the workspace, or the
    /// workspace's own.
    pub fn pay_on_shared_key(&mut self, on_shared_key: bool) {
        self.payer.on_shared_key = on_shared_key;
    }
}

/// Whether a call may be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begun {
    /// Its answers are marked and paid for.
    Yes,
    /// Not now: what others have set aside may leave something over.
    Later,
    /// The budget has nothing for it, whatever comes back. Why, where it is not the budget that
    /// the owner sets.
    OverBudget(Option<ErrorClass>),
    /// The workspace has another judge by now, or none.
    SwitchedOff,
}

/// What became of one answer of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settled {
    /// It has its judgements.
    Judged,
    /// It waits for a call of its own.
    Again,
    /// It is given up.
    Failed,
}

impl Settled {
    const fn word(self) -> &'static str {
        match self {
            Self::Judged => "judged",
            Self::Again => "waiting",
            Self::Failed => "failed",
        }
    }
}

/// What a call came to.
#[derive(Clone, Debug)]
pub struct JudgedCall {
    /// Every answer of it.
    pub answers: Vec<(AnswerId, Settled)>,
    /// What was said.
    pub verdicts: Vec<(AnswerId, EntityId, Verdict)>,
    /// The model that answered, as the provider names it.
    pub model_served: Option<String>,
    /// What was set aside for it.
    pub reserved: Money,
    /// What was paid: attempts that may have been billed for nothing, and the reply.
    pub costs: Vec<Cost>,
}

impl Store {
    /// Answers that name nobody any more have nothing to be judged.
    pub async fn skip_judging(&self, pass: &JudgePass, answers: &[AnswerId]) -> StoreResult<()> {
        let tx = self.begin_write().await?;
        let now = self.clock().now();
        let change = ", answers_done = answers_done + $5";
        leases::hold(&tx, &pass.held, change, [count(answers.len()).into()], now).await?;
        let sql = format!(
            "UPDATE llm_monitoring_judge_answers SET state = 'judged' \
             WHERE pass_id = $1 AND state = 'waiting' AND result_id IN ({})",
            id_list(answers)
        );
        let changed = rows::execute(&tx, sql, [pass.id.into()]).await?;
        if changed.rows_affected() != answers.len() as u64 {
            tx.rollback().await?;
            return Err(StoreError::Corrupt(
                "answers to skip were not waiting".to_owned(),
            ));
        }
        Ok(tx.commit().await?)
    }

    /// Marks the answers of a call as running and sets its worst case aside, if the budgets
    /// have it.
    ///
    /// Errors: [`StoreError::LaneLost`] where another worker holds the pass.
    pub async fn begin_judging(
        &self,
        pass: &JudgePass,
        answers: &[AnswerId],
        worst_case: Money,
    ) -> StoreResult<Begun> {
        let Some(first) = answers.first() else {
            return Ok(Begun::Later);
        };
        let tx = self.begin_write().await?;
        let now = self.clock().now();
        leases::hold(&tx, &pass.held, "", [], now).await?;
        // Nobody reads what is said of a project that was deleted.
        let sql = "SELECT (SELECT w.judge_model_id FROM workspaces w WHERE w.id = p.workspace_id \
            AND p.deleted_at IS NULL) FROM llm_monitoring_projects p WHERE p.id = $1";
        let chosen: Option<i64> = rows::value(&tx, sql, [pass.project.0.into()])
            .await?
            .ok_or(StoreError::NotFound)?;
        if chosen != Some(pass.model.id.0) {
            tx.rollback().await?;
            return Ok(Begun::SwitchedOff);
        }
        let wanted = [Wanted::exactly(worst_case)];
        match grant(&tx, pass.payer, Asking::with_others_in_flight(&wanted), now).await? {
            Granted::First(1..) => {}
            // The pass is held on to.
            Granted::First(_) => {
                tx.commit().await?;
                return Ok(Begun::Later);
            }
            Granted::Over(limit) => {
                tx.commit().await?;
                return Ok(Begun::OverBudget(limit.reason()));
            }
        }
        let sql = format!(
            "UPDATE llm_monitoring_judge_answers SET state = 'running', tries = tries + 1, \
             reserved_nano_usd = CASE WHEN result_id = $2 THEN $3 ELSE 0 END \
             WHERE pass_id = $1 AND state = 'waiting' AND result_id IN ({})",
            id_list(answers)
        );
        let values = [pass.id.into(), first.0.into(), worst_case.nanos().into()];
        let begun = rows::execute(&tx, sql, values).await?.rows_affected();
        if begun != answers.len() as u64 {
            tx.rollback().await?;
            return Err(StoreError::Corrupt(
                "answers to judge were not waiting".to_owned(),
            ));
        }
        let sql = "UPDATE llm_monitoring_judge_passes \
            SET reserved_nano_usd = reserved_nano_usd + $2, on_shared_key = $3 WHERE id = $1";
        let values = [
            pass.id.into(),
            worst_case.nanos().into(),
            pass.payer.on_shared_key.into(),
        ];
        rows::execute(&tx, sql, values).await?;
        tx.commit().await?;
        Ok(Begun::Yes)
    }

    /// Sets money aside for another attempt at the call that begins with `first`. Whether the
    /// budgets had it.
    pub async fn reserve_for_judge(
        &self,
        pass: &JudgePass,
        first: AnswerId,
        amount: Money,
    ) -> StoreResult<bool> {
        let tx = self.begin_write().await?;
        let now = self.clock().now();
        let change = ", reserved_nano_usd = reserved_nano_usd + $5";
        leases::hold(&tx, &pass.held, change, [amount.nanos().into()], now).await?;
        let sql = "UPDATE llm_monitoring_judge_answers \
            SET reserved_nano_usd = reserved_nano_usd + $3 WHERE pass_id = $1 AND result_id = $2";
        let values = [pass.id.into(), first.0.into(), amount.nanos().into()];
        rows::execute(&tx, sql, values).await?;
        let has_it = fits(&tx, pass.payer, now).await?;
        if has_it {
            tx.commit().await?;
        } else {
            tx.rollback().await?;
        }
        Ok(has_it)
    }

    /// Writes what a call came to: judgements, states, ledger, counters, in one transaction.
    /// One that was written already changes nothing.
    ///
    /// Errors: [`StoreError::LaneLost`] where another worker holds the pass.
    pub async fn commit_judged(&self, pass: &JudgePass, call: &JudgedCall) -> StoreResult<()> {
        if call.answers.is_empty() {
            return Ok(());
        }
        let tx = self.begin_write().await?;
        let now = self.clock().now();
        let settled = |wanted: Settled| {
            let of = call
                .answers
                .iter()
                .filter(|(_, settled)| *settled == wanted);
            count(of.count())
        };
        let cost: Money = call.costs.iter().map(|cost| cost.amount).sum();
        let change = ", answers_done = answers_done + $5, answers_failed = answers_failed + $6, \
            cost_nano_usd = cost_nano_usd + $7, reserved_nano_usd = reserved_nano_usd - $8, \
            unpriced = unpriced + $9";
        let values = [
            settled(Settled::Judged).into(),
            settled(Settled::Failed).into(),
            cost.nanos().into(),
            call.reserved.nanos().into(),
            count(
                call.costs
                    .iter()
                    .filter(|cost| cost.kind.is_at_least())
                    .count(),
            )
            .into(),
        ];
        leases::hold(&tx, &pass.held, change, values, now).await?;
        if !settle_running_answers(&tx, pass, call).await? {
            // The connection broke after the commit before.
            return Ok(tx.rollback().await?);
        }
        let asked = asked_of(&tx, &call.answers).await?;
        let entries = shared_entries(&call.costs, &asked, now);
        write_ledger_entries(&tx, pass.payer, &entries).await?;
        let rows = call
            .verdicts
            .iter()
            .map(|verdict| judgement_row(pass, call, verdict, now))
            .collect();
        let once = "ON CONFLICT (result_id, entity_id) DO NOTHING";
        rows::insert_rows(&tx, "llm_monitoring_judgements", rows, once).await?;
        Ok(tx.commit().await?)
    }
}

/// Moves the answers of a call out of `running`. Whether they were there: all, or none where it
/// was written before.
async fn settle_running_answers(
    tx: &DatabaseTransaction,
    pass: &JudgePass,
    call: &JudgedCall,
) -> StoreResult<bool> {
    let mut moved = 0;
    for state in [Settled::Judged, Settled::Again, Settled::Failed] {
        let ids: Vec<AnswerId> = call
            .answers
            .iter()
            .filter(|(_, settled)| *settled == state)
            .map(|(answer, _)| *answer)
            .collect();
        if ids.is_empty() {
            continue;
        }
        let sql = format!(
            "UPDATE llm_monitoring_judge_answers SET state = $2, reserved_nano_usd = 0 \
             WHERE pass_id = $1 AND state = 'running' AND result_id IN ({})",
            id_list(&ids)
        );
        let values = [pass.id.into(), state.word().into()];
        moved += rows::execute(tx, sql, values).await?.rows_affected();
    }
    match moved {
        0 => Ok(false),
        all if all == call.answers.len() as u64 => Ok(true),
        some => {
            let message = format!("{some} of {} answers were judged", call.answers.len());
            Err(StoreError::Corrupt(message))
        }
    }
}

/// The asks of the answers of a call, in the order of their ids.
async fn asked_of(
    tx: &DatabaseTransaction,
    answers: &[(AnswerId, Settled)],
) -> StoreResult<Vec<Asked>> {
    let rest = format!(
        "FROM llm_monitoring_results WHERE id IN ({}) ORDER BY id",
        rows::id_list(answers.iter().map(|(answer, _)| answer.0))
    );
    rows::select(tx, rest, []).await
}

/// What a call cost, in equal shares of its answers; the first bears what cannot be shared.
fn shared_entries(costs: &[Cost], asked: &[Asked], now: DateTime<Utc>) -> Vec<Entry> {
    let answers = count(asked.len()).max(1);
    let mut entries = Vec::new();
    for cost in costs {
        let share = cost.amount.nanos() / answers;
        let rest = cost.amount.nanos() - share * answers;
        for (place, &asked) in asked.iter().enumerate() {
            let nanos = if place == 0 { share + rest } else { share };
            // One entry says what nobody knows the price of.
            if place > 0 && nanos == 0 {
                break;
            }
            entries.push(Entry {
                kind: SpendKind::Judge,
                cost: Cost {
                    amount: Money::from_nanos(nanos),
                    ..*cost
                },
                at: now,
                asked: Some(asked),
            });
        }
    }
    entries
}

fn judgement_row(
    pass: &JudgePass,
    call: &JudgedCall,
    (answer, entity, verdict): &(AnswerId, EntityId, Verdict),
    now: DateTime<Utc>,
) -> NewRow<14> {
    new_row! {
        result_id = answer.0,
        entity_id = entity.0,
        workspace_id = pass.workspace.0,
        project_id = pass.project.0,
        model_id = pass.model.id.0,
        model_served = call.model_served.as_deref().map(without_nul),
        judge_version = JUDGE_VERSION,
        sentiment = verdict.sentiment.word(),
        sentiment_thousandths = verdict.score_thousandths,
        recommended = verdict.recommended,
        reason = without_nul(&verdict.reason),
        praised = json(&verdict.praised),
        blamed = json(&verdict.blamed),
        created_at = now,
    }
}

fn id_list(answers: &[AnswerId]) -> String {
    rows::id_list(answers.iter().map(|answer| answer.0))
}
