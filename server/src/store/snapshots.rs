//! Snapshots: the sums of one project, model and day, and what the dashboard makes of them.
//!
//! `n`, the answers that ratios are made of, are those with outcome answered, truncated,
//! refused or empty: the model spoke, if only to decline. What failed, and what a filter of
//! the provider blocked, counts in `failed` instead.
//!
//! Invariant: a snapshot is a pure function of answers and findings; computing it again gives
//! the same.

use std::collections::{BTreeMap, HashMap};

use app::model::dashboard::{Dashboard, DaySums, EntitySums, ModelSums};
use app::model::ids::{EntityId, ModelId, ProjectId, WorkspaceId};
use app::model::metrics::{SnapshotSums, weight_tenths};
use app::model::money::Money;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use sea_orm::{ConnectionTrait, DatabaseTransaction, QueryResult, Value};

use super::lanes::provider;
use super::{Store, StoreError, StoreResult, rows};
use crate::engine::LaneScope;

const COUNTED: &str = "('answered', 'truncated', 'refused', 'empty')";

/// The columns that hold sums, in the order of [`sum_values`] and [`read_sums`].
const SUMS: [&str; 16] = [
    "answers", "mentions", "text_mentions", "link_mentions", "brand_weight_tenths",
    "competitor_mentions", "competitor_weight_tenths", "rank_sum", "rank_count", "top3", "top5",
    "top10", "informative", "cost_nano_usd", "latency_ms_sum", "tokens",
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
        refresh(&txn, Series { workspace, project, model }, day, now).await?;
        Ok(txn.commit().await?)
    }

    /// The sums of a project over a period, and of the period of equal length before it; of
    /// `models` only, or of all where the list is empty. Both days count.
    pub async fn sums(
        &self,
        workspace: WorkspaceId,
        project: ProjectId,
        from: NaiveDate,
        to: NaiveDate,
        models: &[ModelId],
    ) -> StoreResult<Dashboard> {
        let reader = self.reader();
        project_exists(reader, workspace, project).await?;
        let period = Period { project, from, to, models };
        let (models, simulated) = model_sums(reader, period).await?;
        Ok(Dashboard {
            from,
            to,
            total: models.iter().map(|model| model.total).fold(SnapshotSums::default(), plus),
            previous: total_of(reader, period.before()).await?,
            entities: entity_sums(reader, period).await?,
            prompts: active_prompts(reader, period).await?,
            simulated,
            models,
        })
    }

    /// The same sums, all models together, for several projects at once: for lists of projects.
    /// Projects of another workspace, or without answers in the period, are left out.
    pub async fn sums_of_projects(
        &self,
        workspace: WorkspaceId,
        projects: &[ProjectId],
        from: NaiveDate,
        to: NaiveDate,
    ) -> StoreResult<HashMap<ProjectId, SnapshotSums>> {
        let sql = format!(
            "SELECT project_id, {} FROM llm_monitoring_snapshots WHERE workspace_id = $1 \
             AND project_id IN ({}) AND snapshot_date >= $2 AND snapshot_date <= $3 \
             GROUP BY project_id",
            summed_columns(""),
            rows::id_list(projects.iter().map(|project| project.0))
        );
        let values = [workspace.0.into(), from.into(), to.into()];
        let found = rows::all(self.reader(), sql, values).await?;
        found
            .iter()
            .map(|row| Ok((ProjectId(row.try_get_by_index(0)?), read_sums(row, 1)?)))
            .collect()
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
    let series =
        Series { workspace: scope.workspace, project: scope.project, model: scope.model.id };
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
        (8..8 + SUMS.len()).map(|number| format!("${number}")).collect::<Vec<_>>().join(", "),
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
    let row = rows::one(txn, sql, values).await?.ok_or(StoreError::NotFound)?;
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
        "snapshot_id", "entity_id", "workspace_id", "mentions", "weight_tenths", "rank_sum",
        "rank_count",
    ];
    let values = entities
        .iter()
        .map(|(&entity, tally)| {
            [snapshot, entity, workspace.0, tally.mentions, tally.weight_tenths, tally.rank_sum, tally.rank_count]
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
        format!("CAST(COALESCE(SUM(CASE WHEN a.outcome IN {COUNTED} THEN {what} ELSE 0 END), 0) AS BIGINT)")
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
    let row = rows::one(connection, sql, values).await?.ok_or(StoreError::NotFound)?;
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
    let rank = rank.and_then(|rank| u32::try_from(rank).ok()).filter(|&rank| rank > 0);
    let weight = weight_tenths(rank) * answers;
    let rank_sum = rank.map_or(0, |rank| i64::from(rank) * answers);
    let rank_count = rank.map_or(0, |_| answers);
    let entity = tally.entities.entry(row.try_get_by_index(0)?).or_default();
    entity.mentions += answers;
    entity.weight_tenths += weight;
    entity.rank_sum += rank_sum;
    entity.rank_count += rank_count;
    let sums = &mut tally.sums;
    if !is_brand {
        sums.competitor_mentions += answers;
        sums.competitor_weight_tenths += weight;
        return Ok(());
    }
    let within = |places: u32| if rank.is_some_and(|rank| rank <= places) { answers } else { 0 };
    sums.mentions += answers;
    sums.text_mentions += if source == "link" { 0 } else { answers };
    sums.link_mentions += if source == "text" { 0 } else { answers };
    sums.brand_weight_tenths += weight;
    sums.rank_sum += rank_sum;
    sums.rank_count += rank_count;
    sums.top3 += within(3);
    sums.top5 += within(5);
    sums.top10 += within(10);
    Ok(())
}

/// A project's answers of some days and models.
#[derive(Clone, Copy)]
struct Period<'a> {
    project: ProjectId,
    from: NaiveDate,
    to: NaiveDate,
    models: &'a [ModelId],
}

impl Period<'_> {
    /// The period of equal length that ends on the day before this one.
    fn before(self) -> Self {
        let length = self.to - self.from;
        let to = self.from.checked_sub_signed(TimeDelta::days(1)).unwrap_or(self.from);
        Self { from: to.checked_sub_signed(length).unwrap_or(to), to, ..self }
    }

    fn values(self) -> [Value; 3] {
        [self.project.0.into(), self.from.into(), self.to.into()]
    }

    /// The condition for `values`, on columns of `alias`.
    fn condition(self, alias: &str, day: &str) -> String {
        let models = if self.models.is_empty() {
            String::new()
        } else {
            let ids = rows::id_list(self.models.iter().map(|model| model.0));
            format!(" AND {alias}.model_id IN ({ids})")
        };
        format!("{alias}.project_id = $1 AND {alias}.{day} >= $2 AND {alias}.{day} <= $3{models}")
    }
}

/// One entry a model, by provider and name; and whether the simulator made any of it up.
async fn model_sums(
    connection: &impl ConnectionTrait,
    period: Period<'_>,
) -> StoreResult<(Vec<ModelSums>, bool)> {
    let columns: Vec<String> = SUMS.iter().map(|column| format!("s.{column}")).collect();
    let sql = format!(
        "SELECT s.model_id, s.llm_provider, m.model_display_name, s.snapshot_date, s.simulated, {} \
         FROM llm_monitoring_snapshots s JOIN llm_model_registry m ON m.id = s.model_id \
         WHERE {} ORDER BY s.llm_provider, m.model_display_name, s.model_id, s.snapshot_date",
        columns.join(", "),
        period.condition("s", "snapshot_date")
    );
    let mut models: Vec<ModelSums> = Vec::new();
    let mut simulated = false;
    for row in rows::all(connection, sql, period.values()).await? {
        let model_id = ModelId(row.try_get_by_index(0)?);
        simulated |= row.try_get_by_index::<i64>(4)? > 0;
        let sums = read_sums(&row, 5)?;
        if models.last().is_none_or(|last| last.model_id != model_id) {
            models.push(ModelSums {
                model_id,
                provider: provider(&row.try_get_by_index::<String>(1)?)?,
                model_name: row.try_get_by_index(2)?,
                total: SnapshotSums::default(),
                days: Vec::new(),
            });
        }
        if let Some(model) = models.last_mut().filter(|_| sums.answers > 0) {
            model.total += sums;
            model.days.push(DaySums { day: row.try_get_by_index(3)?, sums });
        }
    }
    Ok((models, simulated))
}

async fn total_of(
    connection: &impl ConnectionTrait,
    period: Period<'_>,
) -> StoreResult<SnapshotSums> {
    let sql = format!(
        "SELECT {} FROM llm_monitoring_snapshots s WHERE {}",
        summed_columns("s."),
        period.condition("s", "snapshot_date")
    );
    let row = rows::one(connection, sql, period.values()).await?;
    row.map_or(Ok(SnapshotSums::default()), |row| read_sums(&row, 0))
}

/// Every entity that is watched or was mentioned, the brand first, then by mentions.
async fn entity_sums(
    connection: &impl ConnectionTrait,
    period: Period<'_>,
) -> StoreResult<Vec<EntitySums>> {
    let sum = |column: &str| format!("CAST(COALESCE(SUM(t.{column}), 0) AS BIGINT)");
    let sql = format!(
        "SELECT e.id, e.name, e.is_brand, {}, {}, {}, {} FROM llm_monitoring_entities e \
         LEFT JOIN (SELECT se.entity_id, se.mentions, se.weight_tenths, se.rank_sum, se.rank_count \
             FROM llm_monitoring_snapshots s \
             JOIN llm_monitoring_snapshot_entities se ON se.snapshot_id = s.id WHERE {}) t \
         ON t.entity_id = e.id WHERE e.project_id = $1 \
         GROUP BY e.id, e.name, e.is_brand, e.removed_at, e.position \
         HAVING e.removed_at IS NULL OR SUM(t.mentions) > 0 \
         ORDER BY e.is_brand DESC, 4 DESC, e.position, e.id",
        sum("mentions"),
        sum("weight_tenths"),
        sum("rank_sum"),
        sum("rank_count"),
        period.condition("s", "snapshot_date")
    );
    let found = rows::all(connection, sql, period.values()).await?;
    let entity = |row: &QueryResult| -> StoreResult<EntitySums> {
        Ok(EntitySums {
            entity_id: EntityId(row.try_get_by_index(0)?),
            name: row.try_get_by_index(1)?,
            is_brand: row.try_get_by_index(2)?,
            mentions: row.try_get_by_index(3)?,
            weight_tenths: row.try_get_by_index(4)?,
            rank_sum: row.try_get_by_index(5)?,
            rank_count: row.try_get_by_index(6)?,
        })
    };
    found.iter().map(entity).collect()
}

/// Different prompts that the answers of a period belong to, of those that are still asked.
async fn active_prompts(
    connection: &impl ConnectionTrait,
    period: Period<'_>,
) -> StoreResult<i64> {
    let sql = format!(
        "SELECT COUNT(*) FROM llm_monitoring_queries q WHERE q.project_id = $1 AND q.is_active \
         AND q.removed_at IS NULL AND EXISTS (SELECT 1 FROM llm_monitoring_results a \
             WHERE a.query_id = q.id AND a.outcome IN {COUNTED} AND {})",
        period.condition("a", "analysis_day")
    );
    let row = rows::one(connection, sql, period.values()).await?;
    Ok(row.map_or(Ok(0), |row| row.try_get_by_index(0))?)
}

async fn project_exists(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    project: ProjectId,
) -> StoreResult<()> {
    let sql = "SELECT 1 FROM llm_monitoring_projects \
        WHERE id = $1 AND workspace_id = $2 AND deleted_at IS NULL";
    let found = rows::one(connection, sql, [project.0.into(), workspace.0.into()]).await?;
    found.map(|_| ()).ok_or(StoreError::NotFound)
}

fn summed_columns(alias: &str) -> String {
    let sum = |column: &&str| format!("CAST(COALESCE(SUM({alias}{column}), 0) AS BIGINT)");
    SUMS.iter().map(sum).collect::<Vec<_>>().join(", ")
}

fn sum_values(sums: &SnapshotSums) -> [Value; 16] {
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
    ]
    .map(Value::from)
}

/// Reads the columns of [`SUMS`], the first of which is at `first`.
fn read_sums(row: &QueryResult, first: usize) -> StoreResult<SnapshotSums> {
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
    })
}

fn plus(left: SnapshotSums, right: SnapshotSums) -> SnapshotSums {
    left + right
}
