//! What the dashboard shows: sums of snapshots, and of rollups where prompts matter.
//!
//! Invariant: reads only, and only the active revision's sums.

use std::collections::HashMap;

use app::model::dashboard::{DaySums, EntitySums, Figures, ModelSums, Rereading};
use app::model::ids::{EntityId, ModelId, ProjectId, PromptId, RevisionId, WorkspaceId};
use app::model::metrics::{Interval, Intervals, MentionSums, SnapshotSums, visibility};
use app::model::provider::Provider;
use chrono::NaiveDate;
use sea_orm::{ConnectionTrait, Value};

use super::columns::{columns, of_models, sum};
use super::pooled::{projects_with_real_answers, without_made_up};
use super::weeks::{self, OF_ENTITIES, OF_PROMPTS, parts};
use crate::store::sql::record::record;
use crate::store::sql::rows;
use crate::store::sql::tenant::project_exists;
use crate::store::{Store, StoreResult};
use statistics::{CellSums, DayMoments, Moments, PeriodSums, Voice};

record! {
    /// The sums of one provider's models in a project.
    struct ProjectPart {
        project: ProjectId = "s.project_id",
        provider: Provider = "s.llm_provider",
        sums: SnapshotSums as "s." in sum,
    }
}

impl Store {
    /// The sums of a project over a period, and over the `earlier` one that it is compared with;
    /// of `models` only, or of all where the list is empty. Both days of each count.
    pub async fn period_sums(
        &self,
        workspace_id: WorkspaceId,
        project: ProjectId,
        from: NaiveDate,
        to: NaiveDate,
        models: &[ModelId],
        earlier: Option<(NaiveDate, NaiveDate)>,
    ) -> StoreResult<PeriodSums> {
        let reader = self.reader();
        project_exists(reader, workspace_id, project).await?;
        let period = Period {
            revision: self.active_revision(workspace_id, project).await?,
            from,
            to,
            models,
        };
        // At the same time, on several connections: each query mostly waits for the database.
        let (own, entities, voices, cells, before, days, rereading, seams) = tokio::try_join!(
            model_sums(reader, period),
            entity_sums(reader, period),
            voices(reader, period),
            cells(reader, period),
            before(reader, period, earlier),
            day_moments(reader, period),
            rereading(reader, project),
            self.seams(workspace_id, project),
        )?;
        Ok(PeriodSums {
            models: own,
            entities,
            voices,
            cells,
            before,
            days,
            seams,
            rereading,
        })
    }

    /// The sums of a project over a period, one entry a prompt and model.
    pub async fn prompt_cells(
        &self,
        workspace_id: WorkspaceId,
        project: ProjectId,
        (from, to): (NaiveDate, NaiveDate),
        models: &[ModelId],
    ) -> StoreResult<Vec<CellSums>> {
        let reader = self.reader();
        project_exists(reader, workspace_id, project).await?;
        let period = Period {
            revision: self.active_revision(workspace_id, project).await?,
            from,
            to,
            models,
        };
        cells(reader, period).await
    }

    /// The same sums, all models together that are pooled, for several projects at once: for
    /// lists of projects.
    /// Projects of another workspace, or without answers in the period, are left out.
    pub async fn sums_of_projects(
        &self,
        workspace_id: WorkspaceId,
        projects: &[ProjectId],
        from: NaiveDate,
        to: NaiveDate,
    ) -> StoreResult<HashMap<ProjectId, SnapshotSums>> {
        let rest = format!(
            "FROM llm_monitoring_snapshots s \
             JOIN llm_monitoring_revisions r ON r.id = s.revision_id AND r.status = 'active' \
             WHERE s.workspace_id = $1 AND r.project_id IN ({}) AND s.prompts = 'all' \
             AND s.snapshot_date >= $2 AND s.snapshot_date <= $3 \
             GROUP BY s.project_id, s.llm_provider",
            rows::id_list(projects.iter().map(|project| project.0))
        );
        let values = [workspace_id.0.into(), from.into(), to.into()];
        let found: Vec<ProjectPart> = rows::select(self.reader(), rest, values).await?;
        let parts = found.into_iter().map(|part| {
            let is_made_up = part.provider == Provider::Simulator;
            (part.project, is_made_up, part.sums)
        });
        let with_real = projects_with_real_answers(self.reader(), projects).await?;
        Ok(without_made_up(parts, &with_real))
    }
}

/// A project's answers of some days and models.
#[derive(Clone, Copy)]
struct Period<'a> {
    revision: Option<RevisionId>,
    from: NaiveDate,
    to: NaiveDate,
    models: &'a [ModelId],
}

impl Period<'_> {
    fn revision_id(self) -> i64 {
        self.revision.map_or(0, |revision| revision.0)
    }

    /// The values of [`snapshots_of`].
    fn values(self) -> [Value; 3] {
        [self.revision_id().into(), self.from.into(), self.to.into()]
    }

    /// The values of [`parts`].
    async fn values_of_parts(self, connection: &impl ConnectionTrait) -> StoreResult<[Value; 5]> {
        weeks::values(connection, self.revision, self.from, self.to).await
    }
}

/// The condition on snapshots of all prompts.
fn snapshots_of(period: Period<'_>) -> String {
    format!(
        "s.revision_id = $1 AND s.snapshot_date >= $2 AND s.snapshot_date <= $3{} \
         AND s.prompts = 'all'",
        of_models("s", period.models)
    )
}

record! {
    /// A snapshot of one model and day.
    struct ModelDay {
        model_id: ModelId = "s.model_id",
        provider: Provider = "s.llm_provider",
        model_name: String = "m.model_display_name",
        day: NaiveDate = "s.snapshot_date",
        intervals: Intervals = "s.intervals",
        sums: SnapshotSums as "s.",
    }
}

/// One entry a model, by provider and name.
async fn model_sums(
    connection: &impl ConnectionTrait,
    period: Period<'_>,
) -> StoreResult<Vec<ModelSums>> {
    let rest = format!(
        "FROM llm_monitoring_snapshots s JOIN llm_model_registry m ON m.id = s.model_id \
         WHERE {} ORDER BY s.llm_provider, m.model_display_name, s.model_id, s.snapshot_date",
        snapshots_of(period)
    );
    let found: Vec<ModelDay> = rows::select(connection, rest, period.values()).await?;
    let mut models: Vec<ModelSums> = Vec::new();
    for row in found {
        if models
            .last()
            .is_none_or(|last| last.model_id != row.model_id)
        {
            models.push(ModelSums {
                model_id: row.model_id,
                provider: row.provider,
                model_name: row.model_name,
                total: Figures::default(),
                days: Vec::new(),
            });
        }
        if let Some(model) = models.last_mut().filter(|_| row.sums.answers > 0) {
            model.days.push(DaySums {
                day: row.day,
                sums: row.sums,
                intervals: row.intervals,
            });
        }
    }
    Ok(models)
}

record! {
    for EntitySums {
        entity_id: EntityId = "e.entity_id",
        name: String = "e.name",
        is_brand: bool = "e.is_brand",
        sums: MentionSums as "t." in sum,
    } later {
        plain_mentions: i64,
        share: Option<Interval>,
    }
}

/// Every entity of the revision, the brand first, then by mentions.
async fn entity_sums(
    connection: &impl ConnectionTrait,
    period: Period<'_>,
) -> StoreResult<Vec<EntitySums>> {
    let rest = format!(
        "FROM llm_monitoring_revision_entities e \
         LEFT JOIN (SELECT t.* FROM llm_monitoring_snapshots s \
             JOIN llm_monitoring_snapshot_entities t ON t.snapshot_id = s.id WHERE {}) t \
         ON t.entity_id = e.entity_id WHERE e.revision_id = $1 \
         GROUP BY e.entity_id, e.name, e.is_brand, e.position \
         ORDER BY e.is_brand DESC, {} DESC, e.position, e.entity_id",
        snapshots_of(period),
        sum("t.mentions")
    );
    rows::select(connection, rest, period.values()).await
}

record! {
    for Voice {
        entity: EntityId = "e.entity_id",
        prompt: PromptId = "e.query_id",
        mentions: i64 = sum("e.mentions"),
    }
}

/// One entry an entity and prompt that does not name the brand.
async fn voices(connection: &impl ConnectionTrait, period: Period<'_>) -> StoreResult<Vec<Voice>> {
    let rest = format!(
        "FROM {} e GROUP BY e.entity_id, e.query_id",
        parts(
            OF_ENTITIES,
            "r.entity_id, r.query_id, r.mentions",
            &format!("{} AND NOT r.is_branded", of_models("r", period.models)),
        )
    );
    let values = period.values_of_parts(connection).await?;
    rows::select(connection, rest, values).await
}

record! {
    for CellSums {
        prompt: PromptId = "c.query_id",
        model: ModelId = "c.model_id",
        is_branded: bool = "c.is_branded",
        sums: SnapshotSums as "c." in sum,
    }
}

/// One entry a prompt and model.
async fn cells(
    connection: &impl ConnectionTrait,
    period: Period<'_>,
) -> StoreResult<Vec<CellSums>> {
    let rest = format!(
        "FROM {} c GROUP BY c.query_id, c.model_id, c.is_branded",
        parts(
            OF_PROMPTS,
            &format!(
                "r.query_id, r.model_id, r.is_branded, {}",
                columns::<SnapshotSums>("r")
            ),
            &of_models("r", period.models),
        )
    );
    let values = period.values_of_parts(connection).await?;
    rows::select(connection, rest, values).await
}

/// The same of the earlier period, where there is one.
async fn before(
    connection: &impl ConnectionTrait,
    period: Period<'_>,
    earlier: Option<(NaiveDate, NaiveDate)>,
) -> StoreResult<Vec<CellSums>> {
    match earlier {
        Some((from, to)) => cells(connection, Period { from, to, ..period }).await,
        None => Ok(Vec::new()),
    }
}

record! {
    /// Sums over the prompts `p` of a day.
    struct PromptsOfDay {
        day: NaiveDate = "p.day",
        prompts: i64 = sum("1"),
        mentions: i64 = sum("p.mentions"),
        answers: i64 = sum("p.answers"),
        mention_squares: i64 = sum("p.mentions * p.mentions"),
        products: i64 = sum("p.mentions * p.answers"),
        answer_squares: i64 = sum("p.answers * p.answers"),
    }
}

/// The sums that the intervals over all models are made of, which the database adds up over the
/// prompts: one entry a day that has answers, the earliest first. Empty for a single model, whose
/// days have intervals of their own.
async fn day_moments(
    connection: &impl ConnectionTrait,
    period: Period<'_>,
) -> StoreResult<Vec<DayMoments>> {
    if period.models.len() == 1 {
        return Ok(Vec::new());
    }
    let rest = format!(
        "FROM (SELECT r.day, r.query_id, {} AS mentions, {} AS answers \
             FROM llm_monitoring_rollups r WHERE r.revision_id = $1 AND r.day >= $2 \
             AND r.day <= $3 AND r.answers > 0{} GROUP BY r.day, r.query_id) p \
         GROUP BY p.day ORDER BY p.day",
        sum("r.mentions"),
        sum("r.answers"),
        of_models("r", period.models)
    );
    let found: Vec<PromptsOfDay> = rows::select(connection, rest, period.values()).await?;
    Ok(found.into_iter().map(moments).collect())
}

fn moments(of: PromptsOfDay) -> DayMoments {
    DayMoments {
        day: of.day,
        visibility: Moments {
            clusters: of.prompts,
            sums: visibility(of.mentions, of.answers),
            numerator_squares: of.mention_squares,
            products: of.products,
            denominator_squares: of.answer_squares,
        },
    }
}

record! {
    for Rereading {
        done: i64 = "answers_done",
        total: i64 = "answers_total",
    }
}

/// How far a reading of all answers anew has come, where there is one.
pub(super) async fn rereading(
    connection: &impl ConnectionTrait,
    project: ProjectId,
) -> StoreResult<Option<Rereading>> {
    let rest = "FROM llm_monitoring_revisions WHERE project_id = $1 AND status = 'filling'";
    rows::select_one(connection, rest, [project.0.into()]).await
}
