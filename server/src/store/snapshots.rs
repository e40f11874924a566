//! Snapshots: the sums of one project, model and day.
//!
//! `n`, the answers that ratios are made of, are those with outcome answered, truncated,
//! refused or empty: the model spoke, if only to decline. What failed, and what a filter of
//! the provider blocked, counts in `failed` instead.
//!
//! Invariant: a snapshot is a pure function of answers and findings; computing it again gives
//! the same.

use std::collections::BTreeMap;

use app::model::ids::{ModelId, ProjectId, WorkspaceId};
use app::model::metrics::{SnapshotSums, weight_tenths};
use app::model::money::Money;
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ConnectionTrait, DatabaseTransaction, QueryResult, Value};

use super::{Store, StoreError, StoreResult, rows};
use crate::engine::LaneScope;

pub(super) const COUNTED: &str = "('answered', 'truncated', 'refused', 'empty')";

/// The columns that hold sums, in the order of [`sum_values`] and [`read_sums`].
pub(super) const SUMS: [&str; 18] = [
    "answers",
    "mentions",
    "text_mentions",
    "link_mentions",
    "brand_weight_tenths",
    "competitor_mentions",
    "competitor_weight_tenths",
    "rank_sum",
    "rank_count",
    "top3",
    "top5",
    "top10",
    "informative",
    "cost_nano_usd",
    "latency_ms_sum",
    "tokens",
    "rank_square_sum",
    "weight_square_hundredths",
];

/// Sums of one entity in one snapshot.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct EntityTally {
    mentions: i64,
    weight_tenths: i64,
    rank_sum: i64,
    rank_count: i64,
}

/// A snapshot as computed from answers and findings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Tally {
    sums: SnapshotSums,
    failed: i64,
    simulated: i64,
    entities: BTreeMap<i64, EntityTally>,
}

/// Of which project and model a snapshot is.
#[derive(Clone, Copy, Debug)]
struct Series {
    workspace: WorkspaceId,
    project: ProjectId,
    model: ModelId,
}

impl Store {
    /// Computes the snapshot of a project, model and day again.
    pub async fn refresh_snapshot(
        &self,
        workspace: WorkspaceId,
        project: ProjectId,
        model: ModelId,
        day: NaiveDate,
    ) -> StoreResult<()> {
        let txn = self.begin_write().await?;
        project_exists(&txn, workspace, project).await?;
        let now = self.clock().now();
        refresh(
            &txn,
            Series {
                workspace,
                project,
                model,
            },
            day,
            now,
        )
        .await?;
        Ok(txn.commit().await?)
    }
}

/// Computes the snapshots of all days again on which the lane of `scope` got an outcome.
pub(super) async fn refresh_lane_days(
    txn: &DatabaseTransaction,
    scope: &LaneScope,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    let sql = "SELECT DISTINCT analysis_day FROM llm_monitoring_results \
        WHERE run_id = $1 AND lane_id = $2";
    let values = [scope.run.0.into(), scope.hold.lane.0.into()];
    let series = Series {
        workspace: scope.workspace,
        project: scope.project,
        model: scope.model.id,
    };
    for row in rows::all(txn, sql, values).await? {
        refresh(txn, series, row.try_get_by_index(0)?, now).await?;
    }
    Ok(())
}

async fn refresh(
    txn: &DatabaseTransaction,
    series: Series,
    day: NaiveDate,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    let tally = tally(txn, series, day).await?;
    let updates: Vec<String> = ["failed", "simulated", "updated_at"]
        .iter()
        .chain(&SUMS)
        .map(|column| format!("{column} = excluded.{column}"))
        .collect();
    let sql = format!(
        "INSERT INTO llm_monitoring_snapshots (workspace_id, project_id, model_id, llm_provider, \
         snapshot_date, failed, simulated, updated_at, {}) SELECT $1, $2, id, provider, $4, $5, \
         $6, $7, {} FROM llm_model_registry WHERE id = $3 \
         ON CONFLICT (project_id, model_id, snapshot_date) DO UPDATE SET {} RETURNING id",
        SUMS.join(", "),
        (8..8 + SUMS.len())
            .map(|number| format!("${number}"))
            .collect::<Vec<_>>()
            .join(", "),
        updates.join(", ")
    );
    let head: [Value; 7] = [
        series.workspace.0.into(),
        series.project.0.into(),
        series.model.0.into(),
        day.into(),
        tally.failed.into(),
        tally.simulated.into(),
        now.into(),
    ];
    let values = head.into_iter().chain(sum_values(&tally.sums));
    let row = rows::one(txn, sql, values)
        .await?
        .ok_or(StoreError::NotFound)?;
    let snapshot: i64 = row.try_get_by_index(0)?;
    replace_entities(txn, series.workspace, snapshot, &tally.entities).await
}

async fn replace_entities(
    txn: &DatabaseTransaction,
    workspace: WorkspaceId,
    snapshot: i64,
    entities: &BTreeMap<i64, EntityTally>,
) -> StoreResult<()> {
    let sql = "DELETE FROM llm_monitoring_snapshot_entities WHERE snapshot_id = $1";
    rows::execute(txn, sql, [snapshot.into()]).await?;
    let columns = [
        "snapshot_id",
        "entity_id",
        "workspace_id",
        "mentions",
        "weight_tenths",
        "rank_sum",
        "rank_count",
    ];
    let values = entities
        .iter()
        .map(|(&entity, tally)| {
            [
                snapshot,
                entity,
                workspace.0,
                tally.mentions,
                tally.weight_tenths,
                tally.rank_sum,
                tally.rank_count,
            ]
            .map(Value::from)
        })
        .collect();
    rows::insert(txn, "llm_monitoring_snapshot_entities", columns, values, "").await?;
    Ok(())
}

/// Adds up answers and findings of one day.
async fn tally(
    connection: &impl ConnectionTrait,
    series: Series,
    day: NaiveDate,
) -> StoreResult<Tally> {
    let mut tally = count_answers(connection, series, day).await?;
    let sql = format!(
        "SELECT f.entity_id, f.is_brand, f.source, f.rank, COUNT(*) \
         FROM llm_monitoring_results a JOIN llm_monitoring_findings f ON f.result_id = a.id \
         WHERE a.project_id = $1 AND a.model_id = $2 AND a.analysis_day = $3 \
         AND a.outcome IN {COUNTED} AND f.source <> 'none' \
         GROUP BY f.entity_id, f.is_brand, f.source, f.rank"
    );
    let values = [series.project.0.into(), series.model.0.into(), day.into()];
    for row in rows::all(connection, sql, values).await? {
        add_findings(&mut tally, &row)?;
    }
    Ok(tally)
}

async fn count_answers(
    connection: &impl ConnectionTrait,
    series: Series,
    day: NaiveDate,
) -> StoreResult<Tally> {
    let counted = |what: &str| {
        format!(
            "CAST(COALESCE(SUM(CASE WHEN a.outcome IN {COUNTED} THEN {what} ELSE 0 END), 0) AS BIGINT)"
        )
    };
    let sql = format!(
        "SELECT {}, {}, {}, {}, COUNT(*), \
         CAST(COALESCE(SUM(CASE WHEN a.simulated THEN 1 ELSE 0 END), 0) AS BIGINT), {} \
         FROM llm_monitoring_results a \
         WHERE a.project_id = $1 AND a.model_id = $2 AND a.analysis_day = $3",
        counted("1"),
        counted("a.cost_nano_usd"),
        counted("a.response_time_ms"),
        counted("COALESCE(a.input_tokens, 0) + COALESCE(a.output_tokens, 0)"),
        counted(
            "CASE WHEN EXISTS (SELECT 1 FROM llm_monitoring_findings f \
             WHERE f.result_id = a.id AND f.source <> 'none') THEN 1 ELSE 0 END"
        ),
    );
    let values = [series.project.0.into(), series.model.0.into(), day.into()];
    let row = rows::one(connection, sql, values)
        .await?
        .ok_or(StoreError::NotFound)?;
    let number = |index: usize| row.try_get_by_index::<i64>(index);
    let sums = SnapshotSums {
        answers: number(0)?,
        cost: Money::from_nanos(number(1)?),
        latency_ms_sum: number(2)?,
        tokens: number(3)?,
        informative: number(6)?,
        ..SnapshotSums::default()
    };
    Ok(Tally {
        failed: number(4)? - sums.answers,
        simulated: number(5)?,
        sums,
        entities: BTreeMap::new(),
    })
}

/// Adds a group of equal findings: entity, whether it is the brand, source, rank, how many.
fn add_findings(tally: &mut Tally, row: &QueryResult) -> StoreResult<()> {
    let is_brand: bool = row.try_get_by_index(1)?;
    let source: String = row.try_get_by_index(2)?;
    let rank: Option<i64> = row.try_get_by_index(3)?;
    let answers: i64 = row.try_get_by_index(4)?;
    let rank = rank
        .and_then(|rank| u32::try_from(rank).ok())
        .filter(|&rank| rank > 0);
    let weight = weight_tenths(rank) * answers;
    let rank_sum = rank.map_or(0, |rank| i64::from(rank) * answers);
    let rank_count = rank.map_or(0, |_| answers);
    let entity = tally.entities.entry(row.try_get_by_index(0)?).or_default();
    entity.mentions += answers;
    entity.weight_tenths += weight;
    entity.rank_sum += rank_sum;
    entity.rank_count += rank_count;
    let sums = &mut tally.sums;
    sums.weight_square_hundredths += weight_tenths(rank) * weight;
    if !is_brand {
        sums.competitor_mentions += answers;
        sums.competitor_weight_tenths += weight;
        return Ok(());
    }
    let within = |places: u32| {
        if rank.is_some_and(|rank| rank <= places) {
            answers
        } else {
            0
        }
    };
    sums.mentions += answers;
    sums.text_mentions += if source == "link" { 0 } else { answers };
    sums.link_mentions += if source == "text" { 0 } else { answers };
    sums.brand_weight_tenths += weight;
    sums.rank_sum += rank_sum;
    sums.rank_square_sum += rank.map_or(0, |rank| i64::from(rank) * rank_sum);
    sums.rank_count += rank_count;
    sums.top3 += within(3);
    sums.top5 += within(5);
    sums.top10 += within(10);
    Ok(())
}

pub(super) async fn project_exists(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    project: ProjectId,
) -> StoreResult<()> {
    let sql = "SELECT 1 FROM llm_monitoring_projects \
        WHERE id = $1 AND workspace_id = $2 AND deleted_at IS NULL";
    let found = rows::one(connection, sql, [project.0.into(), workspace.0.into()]).await?;
    found.map(|_| ()).ok_or(StoreError::NotFound)
}

fn sum_values(sums: &SnapshotSums) -> [Value; 18] {
    [
        sums.answers,
        sums.mentions,
        sums.text_mentions,
        sums.link_mentions,
        sums.brand_weight_tenths,
        sums.competitor_mentions,
        sums.competitor_weight_tenths,
        sums.rank_sum,
        sums.rank_count,
        sums.top3,
        sums.top5,
        sums.top10,
        sums.informative,
        sums.cost.nanos(),
        sums.latency_ms_sum,
        sums.tokens,
        sums.rank_square_sum,
        sums.weight_square_hundredths,
    ]
    .map(Value::from)
}

/// Reads the columns of [`SUMS`], the first of which is at `first`.
pub(super) fn read_sums(row: &QueryResult, first: usize) -> StoreResult<SnapshotSums> {
    let number = |index: usize| row.try_get_by_index::<i64>(first + index);
    Ok(SnapshotSums {
        answers: number(0)?,
        mentions: number(1)?,
        text_mentions: number(2)?,
        link_mentions: number(3)?,
        brand_weight_tenths: number(4)?,
        competitor_mentions: number(5)?,
        competitor_weight_tenths: number(6)?,
        rank_sum: number(7)?,
        rank_count: number(8)?,
        top3: number(9)?,
        top5: number(10)?,
        top10: number(11)?,
        informative: number(12)?,
        cost: Money::from_nanos(number(13)?),
        latency_ms_sum: number(14)?,
        tokens: number(15)?,
        rank_square_sum: number(16)?,
        weight_square_hundredths: number(17)?,
    })
}
