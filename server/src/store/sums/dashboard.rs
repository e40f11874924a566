//! What the dashboard shows: sums of snapshots, and of sheets where prompts matter.
//!
//! Invariant: only the active revision's sums; nothing is written but sheets that are missing.

use std::collections::{BTreeSet, HashMap, HashSet};

use app::model::dashboard::{DaySums, EntitySums, Figures, ModelSums, Rereading};
use app::model::ids::{EntityId, ModelId, ProjectId, WorkspaceId};
use app::model::metrics::{Interval, Intervals, MentionSums, Metric, SnapshotSums};
use app::model::provider::Provider;
use chrono::NaiveDate;
use sea_orm::ConnectionTrait;

use super::columns::{columns, sum};
use super::overview_cells::cells_of_both;
use super::overview_lines::Lines;
use super::period::Period;
use super::picked::Picked;
use super::pooled::{projects_with_real_answers, without_made_up};
use super::sheet::Part;
use super::sheet_totals::{SheetDay, SheetTotals};
use super::weeks::{self, OF_ENTITIES};
use crate::store::sql::record::record;
use crate::store::sql::rows;
use crate::store::sql::tenant::project_exists;
use crate::store::{Store, StoreResult};
use statistics::{CellSums, PeriodCells, PeriodSums};

record! {
    /// The sums of one provider's models in a project.
    struct ProjectPart {
        project: ProjectId = "s.project_id",
        provider: Provider = "s.llm_provider",
        sums: SnapshotSums as "s." in sum,
    }
}

/// What a page is made of, and the sheets that its sums are from.
struct PageSums {
    sums: PeriodSums,
    totals: SheetTotals,
    before: SheetTotals,
}

/// What an overview is made of.
#[derive(Clone, Debug, PartialEq)]
pub struct OverviewSums {
    /// What its page is made of.
    pub sums: PeriodSums,
    /// What changes are found in: the cells of the earlier period, and of this one.
    pub cells: (PeriodCells, PeriodCells),
    /// The lines of visibility by brand and day, where they were asked for.
    pub lines: Option<Lines>,
}

impl Store {
    /// The sums of a project over a period, and over the `earlier` one that it is compared with, of
    /// the answers that are picked. Both days of each count. Where only some prompts are picked, the
    /// days of models have no intervals but those of visibility.
    pub async fn period_sums(
        &self,
        workspace_id: WorkspaceId,
        project: ProjectId,
        from: NaiveDate,
        to: NaiveDate,
        picked: Picked<'_>,
        earlier: Option<(NaiveDate, NaiveDate)>,
    ) -> StoreResult<PeriodSums> {
        let period = self
            .period_of(workspace_id, project, (from, to), picked)
            .await?;
        let read = self.read_page(workspace_id, period, earlier, Part::Sums);
        Ok(read.await?.sums)
    }

    /// The same, and what else an overview shows of the same sheets; lines by day, if `by_day`.
    pub async fn overview_sums(
        &self,
        workspace_id: WorkspaceId,
        project: ProjectId,
        days: (NaiveDate, NaiveDate),
        picked: Picked<'_>,
        earlier: Option<(NaiveDate, NaiveDate)>,
        by_day: bool,
    ) -> StoreResult<OverviewSums> {
        let period = self.period_of(workspace_id, project, days, picked).await?;
        let part = if by_day { Part::ByDay } else { Part::All };
        let page = self.read_page(workspace_id, period, earlier, part).await?;
        let rivals = page.sums.entities.iter().filter(|entity| !entity.is_brand);
        let rivals: HashSet<EntityId> = rivals.map(|entity| entity.entity_id).collect();
        Ok(OverviewSums {
            cells: cells_of_both(&page.before, &page.totals, &rivals),
            lines: by_day.then(|| page.totals.lines_by_day()),
            sums: page.sums,
        })
    }

    /// A period of a project that is the workspace's, of the revision that is shown.
    pub(super) async fn period_of<'p>(
        &self,
        workspace_id: WorkspaceId,
        project: ProjectId,
        (from, to): (NaiveDate, NaiveDate),
        picked: Picked<'p>,
    ) -> StoreResult<Period<'p>> {
        project_exists(self.reader(), workspace_id, project).await?;
        Ok(Period {
            project,
            revision: self.active_revision(workspace_id, project).await?,
            from,
            to,
            picked,
        })
    }

    async fn read_page(
        &self,
        workspace_id: WorkspaceId,
        period: Period<'_>,
        earlier: Option<(NaiveDate, NaiveDate)>,
        part: Part,
    ) -> StoreResult<PageSums> {
        let (reader, project, picked) = (self.reader(), period.project, period.picked);
        // At the same time, on several connections: each query mostly waits for the database.
        let (own, entities, totals, before, rereading, seams) = tokio::try_join!(
            model_sums(reader, period),
            entity_sums(reader, period),
            self.sheet_totals(period, part),
            self.earlier_totals(period, earlier, part.without_days()),
            rereading(reader, project),
            self.seams(workspace_id, project),
        )?;
        let models = match picked.prompts {
            Some(_) => models_of_days(reader, &totals.model_days()).await?,
            None => own,
        };
        let sums = PeriodSums {
            models,
            entities,
            voices: totals.voices(),
            cells: totals.cells()?,
            before: before.cells()?,
            // The days of a single model have intervals of their own.
            days: if picked.models.len() == 1 {
                Vec::new()
            } else {
                totals.days()
            },
            seams,
            rereading,
        };
        Ok(PageSums {
            sums,
            totals,
            before,
        })
    }

    /// What the earlier period comes to; nothing where there is none.
    pub(super) async fn earlier_totals(
        &self,
        period: Period<'_>,
        earlier: Option<(NaiveDate, NaiveDate)>,
        part: Part,
    ) -> StoreResult<SheetTotals> {
        match earlier {
            Some((from, to)) => {
                let earlier = Period { from, to, ..period };
                self.sheet_totals(earlier, part).await
            }
            None => Ok(SheetTotals::default()),
        }
    }

    /// The sums of a project over a period, one entry a prompt and model.
    pub async fn prompt_cells(
        &self,
        workspace_id: WorkspaceId,
        project: ProjectId,
        days: (NaiveDate, NaiveDate),
        models: &[ModelId],
    ) -> StoreResult<Vec<CellSums>> {
        let picked = Picked::of_models(models);
        let period = self.period_of(workspace_id, project, days, picked).await?;
        self.sheet_totals(period, Part::Sums).await?.cells()
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

/// One entry a model, by provider and name. A snapshot is of all prompts: of some there is none.
async fn model_sums(
    connection: &impl ConnectionTrait,
    period: Period<'_>,
) -> StoreResult<Vec<ModelSums>> {
    if period.picked.prompts.is_some() {
        return Ok(Vec::new());
    }
    let rest = format!(
        "FROM llm_monitoring_snapshots s JOIN llm_model_registry m ON m.id = s.model_id \
         WHERE {} ORDER BY s.llm_provider, m.model_display_name, s.model_id, s.snapshot_date",
        period.snapshots()
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
    /// A model by its names.
    struct NamedModel {
        model_id: ModelId = "m.id",
        provider: Provider = "m.provider",
        model_name: String = "m.model_display_name",
    }
}

/// The same from what models said on days to some prompts.
async fn models_of_days(
    connection: &impl ConnectionTrait,
    days: &[SheetDay],
) -> StoreResult<Vec<ModelSums>> {
    let ids: BTreeSet<i64> = days.iter().map(|of| of.model.0).collect();
    let rest = format!(
        "FROM llm_model_registry m WHERE m.id IN ({}) \
         ORDER BY m.provider, m.model_display_name, m.id",
        rows::id_list(ids)
    );
    let named: Vec<NamedModel> = rows::select(connection, rest, []).await?;
    let mut models = Vec::with_capacity(named.len());
    for model in named {
        let mut own: Vec<DaySums> = Vec::new();
        for of in days.iter().filter(|of| of.model == model.model_id) {
            let interval = of.visibility.interval();
            let interval = interval.map(|interval| (Metric::Visibility, interval));
            own.push(DaySums {
                day: of.day,
                sums: of.sums()?,
                intervals: interval.into_iter().collect(),
            });
        }
        own.retain(|day| day.sums.answers > 0);
        models.push(ModelSums {
            model_id: model.model_id,
            provider: model.provider,
            model_name: model.model_name,
            total: Figures::default(),
            days: own,
        });
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
    // A snapshot is of all prompts: of some there are rollups alone, five times as many by entity as
    // by prompt.
    let (counted, values) = if period.picked.prompts.is_some() {
        let columns = format!("r.entity_id, {}", columns::<MentionSums>("r"));
        let condition = period.picked.condition("r");
        let Period { from, to, .. } = period;
        let values = weeks::values(connection, period.revision, from, to).await?;
        let of_rollups = weeks::parts(OF_ENTITIES, &columns, &condition);
        (of_rollups, Vec::from(values))
    } else {
        let of_snapshots = format!(
            "(SELECT t.* FROM llm_monitoring_snapshots s \
             JOIN llm_monitoring_snapshot_entities t ON t.snapshot_id = s.id WHERE {})",
            period.snapshots()
        );
        (of_snapshots, Vec::from(period.values()))
    };
    let rest = format!(
        "FROM llm_monitoring_revision_entities e \
         LEFT JOIN {counted} t ON t.entity_id = e.entity_id WHERE e.revision_id = $1 \
         GROUP BY e.entity_id, e.name, e.is_brand, e.position \
         ORDER BY e.is_brand DESC, {} DESC, e.position, e.entity_id",
        sum("t.mentions")
    );
    rows::select(connection, rest, values).await
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
