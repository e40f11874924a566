//! Passes: which runs have one, who holds it, and when it is over.
//!
//! Invariant: a pass has one holder, known by its epoch; calls that were lost with a worker are
//! booked once, in the transaction that claims the pass anew.

use std::collections::HashMap;

use app::model::ids::{AnswerId, EntityId, ModelId, ProjectId, RunId, WorkspaceId};
use app::model::money::Money;
use app::model::outcome::ErrorClass;
use app::model::provider::Provider;
use app::model::run::{CostKind, JudgePassView, JudgeStatus, SpendKind};
use chrono::{DateTime, NaiveDate, Utc};
use engine::Payer;
use engine::cost::Cost;
use sea_orm::{ConnectionTrait, DatabaseTransaction};

use super::judge_calls::JudgePass;
use crate::calendar;
use crate::judge::{AnswerToJudge, Named};
use crate::store::money::ledger::{Asked, Entry, write_ledger_entries};
use crate::store::registry::offered::offered;
use crate::store::registry::pace::learnt_limits;
use crate::store::registry::to_ask::model_to_ask;
use crate::store::sql::leases::{self, Held, WorkTable};
use crate::store::sql::record::record;
use crate::store::sql::{page_bytes, rows};
use crate::store::sums::columns::COUNTED;
use crate::store::sums::pooled::projects_with_real_answers;
use crate::store::sums::rollups;
use crate::store::{Store, StoreError, StoreResult};

/// The passes.
pub(in crate::store) const PASSES: WorkTable = WorkTable {
    name: "llm_monitoring_judge_passes",
    open: "status IN ('queued', 'running')",
    order: "id",
    taken: ", status = 'running', reserved_nano_usd = 0",
};

record! {
    /// What a claim reads of its pass.
    struct ClaimedPass {
        workspace: WorkspaceId = "workspace_id",
        project: ProjectId = "project_id",
        run: RunId = "run_id",
        model: ModelId = "model_id",
        on_shared_key: bool = "on_shared_key",
    }
}

/// An answer whose calls were lost so often is not sent again: it may be what kills workers.
const MOST_TRIES: i64 = 3;

/// Makes a pass for the answers of a run that just ended, where the workspace has a judge and
/// an answer that it may judge names somebody in its text.
pub(in crate::store) async fn open_pass(
    tx: &DatabaseTransaction,
    run: RunId,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    let sql = "INSERT INTO llm_monitoring_judge_passes (workspace_id, project_id, run_id, \
        model_id, status, answers_total, answers_done, answers_failed, cost_nano_usd, \
        reserved_nano_usd, epoch, created_at) \
        SELECT r.workspace_id, r.project_id, r.id, w.judge_model_id, 'queued', 0, 0, 0, 0, 0, 0, $2 \
        FROM llm_monitoring_analysis_runs r JOIN workspaces w ON w.id = r.workspace_id \
        JOIN llm_monitoring_projects p ON p.id = r.project_id AND NOT p.is_demo \
        WHERE r.id = $1 AND w.judge_model_id IS NOT NULL \
        ON CONFLICT (run_id) DO NOTHING RETURNING id";
    let made: Option<i64> = rows::value(tx, sql, [run.0.into(), now.into()]).await?;
    let Some(pass) = made else {
        return Ok(());
    };
    list_answers(tx, pass).await
}

/// Which answers `a` a pass's model `m` may judge. What a simulator says of real ones would look
/// like a number. Once a project has real answers, figures leave the simulated ones out: nobody
/// would see what a judge that is paid was paid for.
async fn may_judge(tx: &DatabaseTransaction, pass: i64) -> StoreResult<&'static str> {
    let sql = "SELECT project_id FROM llm_monitoring_judge_passes WHERE id = $1";
    let project: ProjectId = rows::value(tx, sql, [pass.into()])
        .await?
        .ok_or(StoreError::NotFound)?;
    let has_real_answers = !projects_with_real_answers(tx, &[project]).await?.is_empty();
    Ok(if has_real_answers {
        "a.simulated = (m.provider = 'simulator')"
    } else {
        "(a.simulated OR m.provider <> 'simulator')"
    })
}

/// Lists the answers of a pass's run that name somebody in their text; those that are listed
/// already stay. A pass without any is none.
async fn list_answers(tx: &DatabaseTransaction, pass: i64) -> StoreResult<()> {
    let may_judge = may_judge(tx, pass).await?;
    let listed = format!(
        "INSERT INTO llm_monitoring_judge_answers \
         (pass_id, result_id, workspace_id, state, tries, reserved_nano_usd) \
         SELECT p.id, a.id, a.workspace_id, 'waiting', 0, 0 FROM llm_monitoring_judge_passes p \
         JOIN llm_model_registry m ON m.id = p.model_id \
         JOIN llm_monitoring_results a ON a.run_id = p.run_id \
         WHERE p.id = $1 AND a.outcome IN {COUNTED} AND {may_judge} \
         AND EXISTS (SELECT 1 FROM llm_monitoring_findings f \
             JOIN llm_monitoring_revisions v ON v.id = f.revision_id AND v.status = 'active' \
             WHERE f.result_id = a.id AND f.source IN ('text', 'both')) \
         ON CONFLICT (pass_id, result_id) DO NOTHING"
    );
    let counted = "UPDATE llm_monitoring_judge_passes SET answers_total = (SELECT COUNT(*) \
        FROM llm_monitoring_judge_answers w WHERE w.pass_id = llm_monitoring_judge_passes.id) \
        WHERE id = $1";
    let emptied = "DELETE FROM llm_monitoring_judge_passes WHERE id = $1 AND answers_total = 0";
    for sql in [listed.as_str(), counted, emptied] {
        rows::execute(tx, sql, [pass.into()]).await?;
    }
    Ok(())
}

/// Lists anew what a pass still has to judge: its model may be another one than before, or there
/// may be real answers by now.
async fn take_up(tx: &DatabaseTransaction, pass: i64) -> StoreResult<()> {
    let may_judge = may_judge(tx, pass).await?;
    let sql = format!(
        "DELETE FROM llm_monitoring_judge_answers WHERE pass_id = $1 AND state = 'waiting' \
         AND NOT EXISTS (SELECT 1 FROM llm_monitoring_results a, llm_model_registry m, \
             llm_monitoring_judge_passes p WHERE p.id = $1 AND m.id = p.model_id \
             AND a.id = llm_monitoring_judge_answers.result_id AND {may_judge})"
    );
    rows::execute(tx, sql, [pass.into()]).await?;
    list_answers(tx, pass).await
}

record! {
    for JudgePassView {
        status: JudgeStatus = "p.status",
        model_name: String = "m.model_display_name",
        total: i64 = "p.answers_total",
        done: i64 = "p.answers_done",
        failed: i64 = "p.answers_failed",
        cost: Money = "p.cost_nano_usd",
        end_reason: Option<ErrorClass> = "p.end_reason",
        unpriced: i64 = "p.unpriced",
        provider: Provider = "m.provider",
    }
}

record! {
    struct PassOfRun {
        run: i64 = "p.run_id",
        pass: JudgePassView as "",
    }
}

/// The passes of these runs.
pub(in crate::store) async fn passes_of(
    connection: &impl ConnectionTrait,
    runs: impl Iterator<Item = i64>,
) -> StoreResult<HashMap<i64, JudgePassView>> {
    let rest = format!(
        "FROM llm_monitoring_judge_passes p \
         JOIN llm_model_registry m ON m.id = p.model_id WHERE p.run_id IN ({})",
        rows::id_list(runs)
    );
    let found: Vec<PassOfRun> = rows::select(connection, rest, []).await?;
    Ok(found.into_iter().map(|of| (of.run, of.pass)).collect())
}

record! {
    /// An answer that waits for its judgement.
    struct WaitingAnswer {
        answer: AnswerId = "w.result_id",
        text: String = "a.full_response",
        language: String = "q.language",
        tries: i64 = "w.tries",
    }
}

record! {
    /// A run that may be judged.
    struct JudgedRun {
        is_over: bool = "r.finished_at IS NOT NULL",
        judge: Option<i64> = "w.judge_model_id",
    }
}

impl Store {
    /// Takes a pass that nobody works on, the oldest first, and none of `held`, which the worker
    /// has tasks for. Calls that were in flight under an older epoch are booked at their worst
    /// case, and their answers wait again.
    pub async fn claim_judge_pass(
        &self,
        worker: &str,
        held: &[i64],
    ) -> StoreResult<Option<JudgePass>> {
        let now = self.clock().now();
        let Some(id) = leases::find(self.reader(), &PASSES, held, now).await? else {
            return Ok(None);
        };
        let tx = self.begin_write().await?;
        let Some((held, claimed)) = leases::take(&tx, &PASSES, id, worker, now).await? else {
            tx.rollback().await?;
            return Ok(None);
        };
        let pass = load(&tx, held, &claimed, now).await?;
        write_lost_calls_to_ledger(&tx, &pass, now).await?;
        tx.commit().await?;
        Ok(Some(pass))
    }

    /// Answers that wait for the judge, untried ones first: at most `limit`, and no more than fit
    /// into a page. The ids are of answers that name no entity any more.
    pub async fn answers_to_judge(
        &self,
        pass: &JudgePass,
        limit: u32,
    ) -> StoreResult<(Vec<AnswerToJudge>, Vec<AnswerId>)> {
        let sizes = format!(
            "SELECT w.result_id, {} FROM llm_monitoring_judge_answers w \
             JOIN llm_monitoring_results a ON a.id = w.result_id \
             WHERE w.pass_id = $1 AND w.state = 'waiting' AND w.workspace_id = $2 \
             ORDER BY w.tries, w.result_id LIMIT {limit}",
            page_bytes::OF_ANSWER
        );
        let values = [pass.id.into(), pass.workspace.0.into()];
        let page = page_bytes::first_page(self.reader(), sizes, values).await?;
        let rest = format!(
            "FROM llm_monitoring_judge_answers w \
             JOIN llm_monitoring_results a ON a.id = w.result_id \
             JOIN llm_monitoring_queries q ON q.id = a.query_id \
             WHERE w.pass_id = $1 AND w.workspace_id = $2 AND w.result_id IN ({}) \
             ORDER BY w.tries, w.result_id",
            rows::id_list(page)
        );
        let values = [pass.id.into(), pass.workspace.0.into()];
        let found: Vec<WaitingAnswer> = rows::select(self.reader(), rest, values).await?;
        let mut waiting: Vec<AnswerToJudge> = found
            .into_iter()
            .map(|of| AnswerToJudge {
                answer: of.answer,
                text: of.text,
                language: of.language,
                named: Vec::new(),
                alone: of.tries > 0,
            })
            .collect();
        let mut named = named_in(self.reader(), &waiting).await?;
        for answer in &mut waiting {
            answer.named = named.remove(&answer.answer.0).unwrap_or_default();
        }
        let (named, nobody): (Vec<_>, Vec<_>) = waiting
            .into_iter()
            .partition(|answer| !answer.named.is_empty());
        Ok((named, nobody.iter().map(|answer| answer.answer).collect()))
    }

    /// Holds the pass for another lease.
    pub async fn renew_judge_pass(&self, pass: &JudgePass) -> StoreResult<()> {
        self.renew_lease(&pass.held).await
    }

    /// Lets go of a pass, so that another worker may take it at once. What is set aside for
    /// calls that were given up is booked by the next claim.
    pub async fn release_judge_pass(&self, pass: &JudgePass) -> StoreResult<()> {
        self.release_lease(&pass.held).await
    }

    /// Has the workspace's present judge take up what an early end left of a run's pass; where
    /// the run has none, one is made as at its end. Whether there is anything to judge now.
    pub async fn judge_run(&self, workspace_id: WorkspaceId, run: RunId) -> StoreResult<bool> {
        let tx = self.begin_write().await?;
        let now = self.clock().now();
        let rest = "FROM llm_monitoring_analysis_runs r JOIN workspaces w ON w.id = r.workspace_id \
            JOIN llm_monitoring_projects p ON p.id = r.project_id AND p.deleted_at IS NULL \
            WHERE r.id = $1 AND r.workspace_id = $2";
        let run_of: JudgedRun = rows::select_one(&tx, rest, [run.0.into(), workspace_id.0.into()])
            .await?
            .ok_or(StoreError::NotFound)?;
        let Some(judge) = run_of.judge.filter(|_| run_of.is_over) else {
            return Ok(false);
        };
        let sql = "UPDATE llm_monitoring_judge_passes SET status = 'queued', model_id = $2, \
            end_reason = NULL, finished_at = NULL \
            WHERE run_id = $1 AND status IN ('over_budget', 'failed') RETURNING id";
        match rows::value(&tx, sql, [run.0.into(), judge.into()]).await? {
            Some(pass) => take_up(&tx, pass).await?,
            None => open_pass(&tx, run, now).await?,
        }
        let is_open = passes_of(&tx, std::iter::once(run.0))
            .await?
            .values()
            .any(|pass| !pass.status.is_over());
        tx.commit().await?;
        Ok(is_open)
    }

    /// The pass is over.
    pub async fn finish_judge_pass(
        &self,
        pass: &JudgePass,
        status: JudgeStatus,
        reason: Option<ErrorClass>,
    ) -> StoreResult<()> {
        let tx = self.begin_write().await?;
        let now = self.clock().now();
        let change = ", status = $5, end_reason = $6, finished_at = $7, reserved_nano_usd = 0";
        let values = [
            status.word().into(),
            reason.map(|class| class.word().to_owned()).into(),
            now.into(),
        ];
        leases::release_row(&tx, &pass.held, change, values, now).await?;
        Ok(tx.commit().await?)
    }

    /// The days and models whose answers the pass has judged, and those on which that was paid.
    pub async fn judged_days(&self, pass: &JudgePass) -> StoreResult<Vec<(ModelId, NaiveDate)>> {
        // The last condition is the one of an index by run; SQLite does not conclude it.
        let sql = "SELECT a.model_id, a.analysis_day FROM llm_monitoring_judge_answers w \
            JOIN llm_monitoring_results a ON a.id = w.result_id \
            WHERE w.pass_id = $1 AND w.state = 'judged' \
            UNION SELECT l.asked_model_id, l.day FROM llm_spend_ledger l \
            WHERE l.run_id = $2 AND l.kind = 'judge' AND l.kind <> 'answer' ORDER BY 1, 2";
        let values = [pass.id.into(), pass.run.0.into()];
        rows::pairs(self.reader(), sql, values).await
    }

    /// Makes the sums of a model's day anew, under each revision that the project has.
    pub async fn sum_judged_day(
        &self,
        pass: &JudgePass,
        model: ModelId,
        day: NaiveDate,
    ) -> StoreResult<()> {
        let tx = self.begin_write().await?;
        let now = self.clock().now();
        leases::hold(&tx, &pass.held, "", [], now).await?;
        let days = [(model, day)];
        rollups::refresh_days(&tx, pass.workspace, pass.project, &days, now).await?;
        Ok(tx.commit().await?)
    }
}

record! {
    /// What the workspace and the registry say of a pass.
    struct PassSettings {
        time_zone: String = "w.time_zone",
        allow_unpriced: bool = "w.allow_unpriced",
        is_available: bool = offered("$3"),
    }
}

async fn load(
    tx: &DatabaseTransaction,
    held: Held,
    claimed: &ClaimedPass,
    now: DateTime<Utc>,
) -> StoreResult<JudgePass> {
    let &ClaimedPass {
        workspace,
        project,
        run,
        ..
    } = claimed;
    let model = model_to_ask(tx, claimed.model.0).await?;
    let rest = "FROM workspaces w, llm_model_registry m WHERE w.id = $1 AND m.id = $2";
    let values = [workspace.0.into(), model.id.0.into(), now.into()];
    let settings: PassSettings = rows::select_one(tx, rest, values)
        .await?
        .ok_or(StoreError::NotFound)?;
    let limits = learnt_limits(tx, workspace, model.id, model.provider.slug()).await?;
    Ok(JudgePass {
        id: held.id,
        held,
        workspace,
        project,
        run,
        payer: Payer {
            workspace,
            project: Some(project),
            run: Some(run),
            model: model.id,
            time_zone: calendar::time_zone(&settings.time_zone),
            is_fiction: model.provider == Provider::Simulator,
            on_shared_key: claimed.on_shared_key,
        },
        model,
        is_available: settings.is_available,
        allow_unpriced: settings.allow_unpriced,
        limits,
    })
}

record! {
    /// A call that was lost with a worker.
    struct LostCall {
        reserved: Money = "w.reserved_nano_usd",
        asked: Asked as "a.",
    }
}

/// Books every call that is still marked as running at its worst case: it was sent under an
/// older claim, and nobody will ever know what became of it.
async fn write_lost_calls_to_ledger(
    tx: &DatabaseTransaction,
    pass: &JudgePass,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    let rest = "FROM llm_monitoring_judge_answers w \
        JOIN llm_monitoring_results a ON a.id = w.result_id \
        WHERE w.pass_id = $1 AND w.state = 'running' AND w.reserved_nano_usd > 0 \
        ORDER BY w.result_id";
    let lost: Vec<LostCall> = rows::select(tx, rest, [pass.id.into()]).await?;
    let mut sum = Money::ZERO;
    let mut entries = Vec::new();
    for call in lost {
        let cost = Cost {
            amount: call.reserved,
            kind: CostKind::WorstCase,
            price: None,
        };
        sum += cost.amount;
        entries.push(Entry {
            kind: SpendKind::Judge,
            cost,
            at: now,
            asked: Some(call.asked),
        });
    }
    write_ledger_entries(tx, pass.payer, &entries).await?;
    let sql = format!(
        "UPDATE llm_monitoring_judge_answers SET reserved_nano_usd = 0, \
         state = CASE WHEN tries >= {MOST_TRIES} THEN 'failed' ELSE 'waiting' END \
         WHERE pass_id = $1 AND state = 'running'"
    );
    rows::execute(tx, sql, [pass.id.into()]).await?;
    let sql = "UPDATE llm_monitoring_judge_passes SET cost_nano_usd = cost_nano_usd + $2, \
        answers_failed = (SELECT COUNT(*) FROM llm_monitoring_judge_answers \
            WHERE pass_id = $1 AND state = 'failed') WHERE id = $1";
    rows::execute(tx, sql, [pass.id.into(), sum.nanos().into()]).await?;
    Ok(())
}

record! {
    /// An entity that an answer names.
    struct NamedEntity {
        answer: i64 = "f.result_id",
        entity: EntityId = "f.entity_id",
        name: String = "e.name",
        aliases: Vec<String> = "e.aliases",
        first_offset: i64 = "COALESCE(f.first_offset, 0)",
    }
}

/// Whom these answers name in their text, under the revision that is shown.
async fn named_in(
    connection: &impl ConnectionTrait,
    answers: &[AnswerToJudge],
) -> StoreResult<HashMap<i64, Vec<Named>>> {
    let rest = format!(
        "FROM llm_monitoring_findings f \
         JOIN llm_monitoring_revisions v ON v.id = f.revision_id AND v.status = 'active' \
         JOIN llm_monitoring_revision_entities e \
             ON e.revision_id = f.revision_id AND e.entity_id = f.entity_id \
         WHERE f.source IN ('text', 'both') AND f.result_id IN ({}) \
         ORDER BY f.result_id, f.entity_id",
        rows::id_list(answers.iter().map(|waiting| waiting.answer.0))
    );
    let mut named: HashMap<i64, Vec<Named>> = HashMap::new();
    let found: Vec<NamedEntity> = rows::select(connection, rest, []).await?;
    for of in found {
        named.entry(of.answer).or_default().push(Named {
            entity: of.entity,
            name: of.name,
            aliases: of.aliases,
            first_offset: usize::try_from(of.first_offset).unwrap_or(0),
        });
    }
    Ok(named)
}
