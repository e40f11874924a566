//! Runs that are written as a whole, with answers that are there already: the history of a
//! demonstration.
//!
//! Invariant: a run is written in one transaction, by the code that writes outcomes as they come,
//! so that nobody ever sees a lane of it that waits; and only into a demonstration.

use std::collections::HashMap;
use std::sync::Arc;

use analysis::citations::Page;
use app::model::ids::{AskId, LaneId, ModelId, ProjectId, PromptId, RunId, WorkspaceId};
use app::model::money::Money;
use app::model::run::{AskState, CostKind, LaneStatus, RunStatus, Trigger};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use engine::attempt::Attempt;
use engine::cost::{AskSize, Cost};
use engine::{AskOutcome, LaneHold, LaneScope, Read};
use providers::Exchange;
use sea_orm::{DatabaseTransaction, Value};

use super::outcomes::{settle, sum_lane, write_lane};
use super::watch::finish_run_if_last;
use crate::calendar;
use crate::store::registry::to_ask::model_to_ask;
use crate::store::sql::encode::count;
use crate::store::sql::rows::{self, new_row};
use crate::store::{Store, StoreError, StoreResult};

/// Who is said to have held the lanes.
const WORKER: &str = "demonstration";

/// A run with all that came back.
#[derive(Clone, Debug)]
pub struct PastRun {
    /// When it was.
    pub at: DateTime<Utc>,
    /// What each model answered.
    pub lanes: Vec<PastLane>,
}

/// What one model answered.
#[derive(Clone, Debug)]
pub struct PastLane {
    /// The model.
    pub model: ModelId,
    /// One a question.
    pub answers: Vec<PastAnswer>,
}

/// An answer that was read.
#[derive(Clone, Debug)]
pub struct PastAnswer {
    /// The question.
    pub prompt: PromptId,
    /// ISO 639-1 code of the language that it was asked in.
    pub language: Arc<str>,
    /// What came back; never a failure.
    pub exchange: Exchange,
    /// What it says, once a revision.
    pub reads: Vec<Read>,
    /// The page that each of its citations means.
    pub pages: Vec<Option<Page>>,
}

impl Store {
    /// Writes a run into the demonstration `project`, which is still out of sight.
    pub async fn write_past_run(
        &self,
        workspace_id: WorkspaceId,
        project: ProjectId,
        zone: Tz,
        past: PastRun,
    ) -> StoreResult<()> {
        let tx = self.begin_write().await?;
        let run = insert_run(&tx, workspace_id, project, past.at).await?;
        for lane in past.lanes {
            let scope = insert_lane(&tx, (workspace_id, project, run), zone, &lane).await?;
            let asks = insert_asks(&tx, &scope, &lane.answers).await?;
            let outcomes = outcomes(&scope, past.at, asks, lane.answers);
            let outcomes: Vec<&AskOutcome> = outcomes.iter().collect();
            let change = settle(&tx, &scope, &outcomes).await?;
            write_lane(&tx, &scope, &change, true, past.at).await?;
            sum_lane(&tx, &scope, past.at).await?;
        }
        finish_run_if_last(&tx, run, past.at).await?;
        Ok(tx.commit().await?)
    }
}

async fn insert_run(
    tx: &DatabaseTransaction,
    workspace_id: WorkspaceId,
    project: ProjectId,
    at: DateTime<Utc>,
) -> StoreResult<RunId> {
    let sql = "INSERT INTO llm_monitoring_analysis_runs \
        (workspace_id, project_id, \"trigger\", status, created_at, started_at) \
        SELECT $1, id, $3, $4, $5, $5 FROM llm_monitoring_projects \
        WHERE id = $2 AND workspace_id = $1 AND is_demo AND erase_begun_at IS NULL RETURNING id";
    let values: [Value; 5] = [
        workspace_id.0.into(),
        project.0.into(),
        Trigger::Scheduled.word().into(),
        RunStatus::Running.word().into(),
        at.into(),
    ];
    rows::value(tx, sql, values)
        .await?
        .ok_or(StoreError::NotFound)
}

async fn insert_lane(
    tx: &DatabaseTransaction,
    (workspace, project, run): (WorkspaceId, ProjectId, RunId),
    zone: Tz,
    lane: &PastLane,
) -> StoreResult<LaneScope> {
    let model = model_to_ask(tx, lane.model.0).await?;
    let asks = count(lane.answers.len());
    let row = new_row! {
        workspace_id = workspace.0,
        project_id = project.0,
        run_id = run.0,
        model_id = lane.model.0,
        provider = model.provider.slug(),
        status = LaneStatus::Running.word(),
        worker = WORKER,
        epoch = 1_i64,
        asks_total = asks,
        asks_running = asks,
        asks_answered = 0_i64,
        asks_failed = 0_i64,
        asks_dropped = 0_i64,
        cost_nano_usd = 0_i64,
    };
    let made = rows::insert_rows(tx, "llm_monitoring_lanes", vec![row], "RETURNING id").await?;
    let id: LaneId = rows::only_cell(made.first().ok_or(StoreError::NotFound)?)?;
    Ok(LaneScope {
        hold: LaneHold {
            lane: id,
            worker: WORKER.into(),
            epoch: 1,
        },
        workspace,
        project,
        run,
        model,
        time_zone: zone,
        on_shared_key: false,
    })
}

/// The asks of a lane, which are being asked; by their questions.
async fn insert_asks(
    tx: &DatabaseTransaction,
    scope: &LaneScope,
    answers: &[PastAnswer],
) -> StoreResult<HashMap<PromptId, AskId>> {
    let asks = answers
        .iter()
        .map(|answer| {
            new_row! {
                workspace_id = scope.workspace.0,
                run_id = scope.run.0,
                lane_id = scope.hold.lane.0,
                query_id = answer.prompt.0,
                repeat = 1_i64,
                state = AskState::Running.word(),
            }
        })
        .collect();
    let made = rows::insert_rows(tx, "llm_monitoring_asks", asks, "RETURNING query_id, id").await?;
    made.iter().map(rows::pair).collect()
}

fn outcomes(
    scope: &LaneScope,
    at: DateTime<Utc>,
    asks: HashMap<PromptId, AskId>,
    answers: Vec<PastAnswer>,
) -> Vec<AskOutcome> {
    let mut asks = asks;
    answers
        .into_iter()
        .filter_map(|answer| {
            let ask = asks.remove(&answer.prompt)?;
            Some(outcome(scope, at, ask, answer))
        })
        .collect()
}

fn outcome(scope: &LaneScope, at: DateTime<Utc>, ask: AskId, answer: PastAnswer) -> AskOutcome {
    let exchange = answer.exchange;
    let attempt = Attempt {
        sent_at: engine::sent_at(at, engine::millis(exchange.latency)),
        status: exchange.status,
        error_class: None,
        latency: exchange.latency,
        request_id: exchange.request_id.clone(),
        lost: None,
        without_text: None,
    };
    AskOutcome {
        ask,
        prompt: answer.prompt,
        language: answer.language,
        lost_before: 0,
        reserved: Money::ZERO,
        attempts: vec![attempt],
        exchange,
        at,
        day: calendar::day(scope.time_zone, at),
        size: AskSize {
            question_bytes: 0,
            max_output_tokens: scope.model.max_output_tokens,
            web_search: scope.model.web_search,
        },
        // Nobody pays for what is made up.
        cost: Some(Cost {
            amount: Money::ZERO,
            kind: CostKind::Computed,
            price: None,
        }),
        reads: answer.reads,
        pages: answer.pages,
    }
}
