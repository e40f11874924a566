//! Lanes: who holds which, and until when.
//!
//! Invariant: a lane has one holder. Each claim has a higher epoch, and whatever a worker
//! writes is checked against the epoch of its claim.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use app::model::ids::{AskId, LaneId, ModelId, ProjectId, PromptId, RunId, WorkspaceId};
use app::model::run::{AskState, RunStatus};
use chrono::{DateTime, Utc};
use engine::{AskWork, ClaimRequest, Claimed, LaneHold, LaneScope, LaneState};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait};

use super::lost_asks::write_lost_asks_to_ledger;
use crate::calendar;
use crate::store::entity::{project, workspace};
use crate::store::judging::passes::PASSES;
use crate::store::money::allowances;
use crate::store::projects::revisions::readings_of_claim;
use crate::store::registry::pace::learnt_limits;
use crate::store::registry::to_ask::model_to_ask;
use crate::store::sql::leases::{self, Held, LANES};
use crate::store::sql::record::record;
use crate::store::sql::rows;
use crate::store::{Store, StoreError, StoreResult};

/// Any number will do that no other lock has, as long as all hosts use the same.
const CLAIM_LOCK: i64 = 7_152_639_813;

impl Store {
    /// Claims a free lane: the oldest one of the workspace with the fewest held lanes. So a
    /// workspace with many lanes does not keep the others waiting. All lanes of one workspace and
    /// provider (one credential) stay with one worker, so that its pace is one number. Asks that
    /// were in flight under an older epoch are booked at their least and wait again; what was set
    /// aside for them is free.
    pub async fn claim_lane(&self, claiming: &ClaimRequest<'_>) -> StoreResult<Option<Claimed>> {
        let now = self.clock().now();
        // Most looks find nothing: no reason to wait for, or to hold up, whoever writes.
        if !is_any_lane_free(self.reader(), claiming, now).await? {
            return Ok(None);
        }
        let tx = self.begin_write().await?;
        let Some(taken) = take_lane(&tx, claiming, now).await? else {
            tx.rollback().await?;
            return Ok(None);
        };
        mark_run_started(&tx, taken.lane.run, now).await?;
        let mut claimed = load(&tx, taken.held, &taken.lane, now).await?;
        let previous_end = taken.previous_end;
        claimed.lost =
            write_lost_asks_to_ledger(&tx, &claimed.scope, now, previous_end, &claimed.terms)
                .await?;
        claimed.asks = waiting_asks(&tx, claimed.scope.hold.lane).await?;
        tx.commit().await?;
        Ok(Some(claimed))
    }

    /// Ends the leases of a worker that is known to be dead, on lanes and judge passes. How many
    /// lanes it held.
    pub async fn free_lanes_of(&self, worker: &str) -> StoreResult<u64> {
        let tx = self.begin_write().await?;
        let now = self.clock().now();
        let freed = leases::end_leases_of_worker(&tx, &LANES, worker, now).await?;
        leases::end_leases_of_worker(&tx, &PASSES, worker, now).await?;
        tx.commit().await?;
        Ok(freed)
    }

    /// Whether the lane is still held, and whether its run shall stop.
    pub async fn read_lane_state(&self, hold: &LaneHold) -> StoreResult<LaneState> {
        let sql = format!(
            "SELECT r.cancel_requested_at FROM llm_monitoring_lanes l \
             JOIN llm_monitoring_analysis_runs r ON r.id = l.run_id WHERE {}",
            leases::is_held("l")
        );
        let cancelled: Option<DateTime<Utc>> =
            rows::value(self.reader(), sql, Held::from(hold).key())
                .await?
                .ok_or(StoreError::LaneLost)?;
        Ok(LaneState {
            cancelled: cancelled.is_some(),
        })
    }

    /// Holds the lane for another lease.
    pub async fn renew_lane(&self, hold: &LaneHold) -> StoreResult<()> {
        self.renew_lease(&Held::from(hold)).await
    }

    /// Lets go of the lane, so that another worker may take it at once. What is set aside for asks
    /// that were given up stays so until the next claim books them.
    pub async fn release_lane(&self, hold: &LaneHold) -> StoreResult<()> {
        self.release_lease(&Held::from(hold)).await
    }
}

/// The lanes that `claiming` may take, as a query without its order. `$1` is now, `$2` the
/// worker.
fn free_lanes(columns: &str, claiming: &ClaimRequest<'_>) -> String {
    format!(
        "SELECT {columns} FROM llm_monitoring_lanes l \
         WHERE {is_free} AND l.id NOT IN ({held}) \
         AND NOT EXISTS (SELECT 1 FROM llm_monitoring_lanes o WHERE o.status = 'running' \
             AND o.workspace_id = l.workspace_id AND o.provider = l.provider \
             AND o.worker <> $2 AND o.lease_until > $1) \
         AND (SELECT COUNT(*) FROM llm_monitoring_lanes o WHERE o.status = 'running' \
             AND o.workspace_id = l.workspace_id AND o.worker = $2 AND o.lease_until > $1) < {most}",
        is_free = leases::is_free(&LANES),
        held =
            rows::id_list(std::iter::once(0).chain(claiming.held.iter().map(|hold| hold.lane.0))),
        most = claiming.lanes_a_workspace,
    )
}

async fn is_any_lane_free(
    connection: &impl ConnectionTrait,
    claiming: &ClaimRequest<'_>,
    now: DateTime<Utc>,
) -> StoreResult<bool> {
    let sql = format!("{} LIMIT 1", free_lanes("1", claiming));
    let values = [now.into(), claiming.worker.into()];
    Ok(rows::one(connection, sql, values).await?.is_some())
}

record! {
    /// What a claim reads of its lane.
    struct ClaimedLane {
        workspace: WorkspaceId = "workspace_id",
        project: ProjectId = "project_id",
        run: RunId = "run_id",
        model: ModelId = "model_id",
        on_shared_key: bool = "on_shared_key",
    }
}

/// A lane that was just taken.
struct Taken {
    held: Held,
    lane: ClaimedLane,
    /// When the claim before this one ran out.
    previous_end: Option<DateTime<Utc>>,
}

async fn take_lane(
    tx: &DatabaseTransaction,
    claiming: &ClaimRequest<'_>,
    now: DateTime<Utc>,
) -> StoreResult<Option<Taken>> {
    let worker = claiming.worker;
    let is_postgres = tx.get_database_backend() == DbBackend::Postgres;
    if is_postgres {
        // Two workers that claim two lanes of one credential at the same moment would not see
        // each other's claim.
        rows::one(tx, "SELECT pg_advisory_xact_lock($1)", [CLAIM_LOCK.into()]).await?;
    }
    let sql = format!(
        "{} ORDER BY (SELECT COUNT(*) FROM llm_monitoring_lanes o WHERE o.status = 'running' \
             AND o.workspace_id = l.workspace_id AND o.lease_until > $1), l.id LIMIT 1{}",
        free_lanes("l.id, l.lease_until", claiming),
        if is_postgres {
            " FOR NO KEY UPDATE OF l SKIP LOCKED"
        } else {
            ""
        },
    );
    let free: Option<(i64, Option<DateTime<Utc>>)> =
        rows::one_pair(tx, sql, [now.into(), worker.into()]).await?;
    let Some((id, previous_end)) = free else {
        return Ok(None);
    };
    let taken = leases::take(tx, &LANES, id, worker, now).await?;
    Ok(taken.map(|(held, lane)| Taken {
        held,
        lane,
        previous_end,
    }))
}

async fn mark_run_started(
    tx: &DatabaseTransaction,
    run: RunId,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    let sql = "UPDATE llm_monitoring_analysis_runs SET status = $2, started_at = $3 \
        WHERE id = $1 AND status = $4";
    let values = [
        run.0.into(),
        RunStatus::Running.word().into(),
        now.into(),
        RunStatus::Queued.word().into(),
    ];
    rows::execute(tx, sql, values).await?;
    Ok(())
}

/// Everything about a lane but its asks.
async fn load(
    tx: &DatabaseTransaction,
    held: Held,
    lane: &ClaimedLane,
    now: DateTime<Utc>,
) -> StoreResult<Claimed> {
    let workspace = workspace::Entity::find_by_id(lane.workspace.0)
        .one(tx)
        .await?;
    let workspace = workspace.ok_or(StoreError::NotFound)?;
    let project = project::Entity::find_by_id(lane.project.0).one(tx).await?;
    let project = project.ok_or(StoreError::NotFound)?;
    let scope = LaneScope {
        hold: LaneHold {
            lane: LaneId(held.id),
            worker: held.worker,
            epoch: held.epoch,
        },
        workspace: lane.workspace,
        project: lane.project,
        run: lane.run,
        model: model_to_ask(tx, lane.model.0).await?,
        time_zone: calendar::time_zone(&workspace.time_zone),
        on_shared_key: lane.on_shared_key,
    };
    let readings = readings_of_claim(tx, scope.workspace, scope.project, now).await?;
    let provider = scope.model.provider.slug();
    let limits = learnt_limits(tx, scope.workspace, scope.model.id, provider).await?;
    let since = allowances::remembered_since(&scope, now);
    let terms = allowances::terms(tx, scope.workspace, &scope.model, since).await?;
    let country = Some(project.country_code.to_uppercase()).filter(|code| !code.is_empty());
    Ok(Claimed {
        scope,
        country,
        limits,
        allow_unpriced: workspace.allow_unpriced,
        terms,
        readings,
        asks: VecDeque::new(),
        lost: 0,
    })
}

record! {
    struct WaitingAsk {
        id: AskId = "a.id",
        prompt: PromptId = "a.query_id",
        text: String = "q.query_text",
        language: String = "q.language",
        lost_before: i64 =
            "(SELECT COUNT(*) FROM llm_monitoring_attempts t WHERE t.ask_id = a.id)",
    }
}

/// The asks that wait, by the order of their prompts. Equal texts share one copy.
async fn waiting_asks(tx: &DatabaseTransaction, lane: LaneId) -> StoreResult<VecDeque<AskWork>> {
    let rest = "FROM llm_monitoring_asks a \
        JOIN llm_monitoring_queries q ON q.id = a.query_id \
        WHERE a.lane_id = $1 AND a.state = $2 ORDER BY a.id";
    let values = [lane.0.into(), AskState::Waiting.word().into()];
    let mut texts: HashMap<PromptId, (Arc<str>, Arc<str>)> = HashMap::new();
    let mut asks = VecDeque::new();
    let found: Vec<WaitingAsk> = rows::select(tx, rest, values).await?;
    for ask in found {
        let (text, language) = match texts.entry(ask.prompt) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => new.insert((ask.text.into(), ask.language.into())),
        };
        asks.push_back(AskWork {
            id: ask.id,
            prompt: ask.prompt,
            text: Arc::clone(text),
            language: Arc::clone(language),
            lost_before: ask.lost_before,
        });
    }
    Ok(asks)
}
