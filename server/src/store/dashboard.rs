//! What the dashboard shows: sums of snapshots.
//!
//! Invariant: reads only, and only snapshots; the prompts alone are counted from answers.

use std::collections::HashMap;

use app::model::dashboard::{Dashboard, DaySums, EntitySums, ModelSums};
use app::model::ids::{EntityId, ModelId, ProjectId, WorkspaceId};
use app::model::metrics::SnapshotSums;
use chrono::{NaiveDate, TimeDelta};
use sea_orm::{ConnectionTrait, QueryResult, Value};

use super::lanes::provider;
use super::snapshots::{COUNTED, SUMS, project_exists, read_sums};
use super::{Store, StoreResult, rows};

impl Store {
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
        let period = Period {
            project,
            from,
            to,
            models,
        };
        let (models, simulated) = model_sums(reader, period).await?;
        Ok(Dashboard {
            from,
            to,
            total: models
                .iter()
                .map(|model| model.total)
                .fold(SnapshotSums::default(), plus),
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
        let to = self
            .from
            .checked_sub_signed(TimeDelta::days(1))
            .unwrap_or(self.from);
        Self {
            from: to.checked_sub_signed(length).unwrap_or(to),
            to,
            ..self
        }
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
            model.days.push(DaySums {
                day: row.try_get_by_index(3)?,
                sums,
            });
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
async fn active_prompts(connection: &impl ConnectionTrait, period: Period<'_>) -> StoreResult<i64> {
    let sql = format!(
        "SELECT COUNT(*) FROM llm_monitoring_queries q WHERE q.project_id = $1 AND q.is_active \
         AND q.removed_at IS NULL AND EXISTS (SELECT 1 FROM llm_monitoring_results a \
             WHERE a.query_id = q.id AND a.outcome IN {COUNTED} AND {})",
        period.condition("a", "analysis_day")
    );
    let row = rows::one(connection, sql, period.values()).await?;
    Ok(row.map_or(Ok(0), |row| row.try_get_by_index(0))?)
}

fn summed_columns(alias: &str) -> String {
    let sum = |column: &&str| format!("CAST(COALESCE(SUM({alias}{column}), 0) AS BIGINT)");
    SUMS.iter().map(sum).collect::<Vec<_>>().join(", ")
}

fn plus(left: SnapshotSums, right: SnapshotSums) -> SnapshotSums {
    left + right
}
