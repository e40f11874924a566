//! Projects in a list: everything about each but the texts of its questions.

use std::collections::HashMap;

use app::model::ids::{ModelId, ProjectId, WorkspaceId};
use app::model::money::Money;
use app::model::project::EntityView;
use app::model::provider::Provider;
use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use super::project::entity_view;
use crate::store::entity::{entity, project};
use crate::store::sql::record::record;
use crate::store::sql::rows;
use crate::store::{Store, StoreError, StoreResult};

/// A project with what is counted about it.
#[derive(Clone, Debug)]
pub struct ProjectOverview {
    /// The project.
    pub id: ProjectId,
    /// Its name.
    pub name: String,
    /// The brand's name.
    pub brand_name: String,
    /// What the brand sells.
    pub industry: String,
    /// ISO 639-1 code of the questions.
    pub language: String,
    /// ISO 3166-1 alpha-2 code; empty: nowhere special.
    pub country_code: String,
    /// Whether runs ask it.
    pub is_active: bool,
    /// What its runs may cost a month; `None`: as much as the workspace's budget has.
    pub monthly_budget: Option<Money>,
    /// How often a run asks each question.
    pub repeats: i64,
    /// A cron expression in the workspace's time zone; empty: only by hand.
    pub schedule: String,
    /// When it runs next by itself.
    pub next_run_at: Option<DateTime<Utc>>,
    /// When the last run ended.
    pub last_analysis_at: Option<DateTime<Utc>>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// The brand and its competitors, the brand first.
    pub entities: Vec<EntityView>,
    /// The models that it asks, and whose they are.
    pub models: Vec<(ModelId, Provider)>,
    /// Active questions.
    pub prompts: i64,
    /// Snapshots of all days and models.
    pub snapshots: i64,
}

record! {
    /// A model that a project asks.
    struct AskedModel {
        project: ProjectId = "p.project_id",
        model: ModelId = "p.model_id",
        provider: Provider = "m.provider",
    }
}

impl Store {
    /// The projects of a workspace, by name, in as many queries for a hundred as for one.
    pub async fn project_overviews(
        &self,
        workspace_id: WorkspaceId,
    ) -> StoreResult<Vec<ProjectOverview>> {
        let mut entities = self.entities_of_projects(workspace_id).await?;
        let mut models = self.providers_of_projects(workspace_id).await?;
        let prompts = self.prompt_counts(workspace_id).await?;
        let snapshots = self.snapshot_counts(workspace_id).await?;
        let overview = |row: project::Model| {
            let id = ProjectId(row.id);
            ProjectOverview {
                entities: entities.remove(&id).unwrap_or_default(),
                models: models.remove(&id).unwrap_or_default(),
                prompts: prompts.get(&id).copied().unwrap_or_default(),
                snapshots: snapshots.get(&id).copied().unwrap_or_default(),
                id,
                name: row.name,
                brand_name: row.brand_name,
                industry: row.industry,
                language: row.language,
                country_code: row.country_code,
                is_active: row.is_active,
                monthly_budget: row.monthly_budget_nano_usd.map(Money::from_nanos),
                repeats: row.repeats,
                schedule: row.schedule,
                next_run_at: row.next_slot_at,
                last_analysis_at: row.last_analysis_date,
                created_at: row.created_at,
            }
        };
        Ok(self
            .project_rows(workspace_id)
            .await?
            .into_iter()
            .map(overview)
            .collect())
    }

    /// One of them.
    pub async fn project_overview(
        &self,
        workspace_id: WorkspaceId,
        project: ProjectId,
    ) -> StoreResult<ProjectOverview> {
        let all = self.project_overviews(workspace_id).await?;
        all.into_iter()
            .find(|overview| overview.id == project)
            .ok_or(StoreError::NotFound)
    }

    async fn entities_of_projects(
        &self,
        workspace_id: WorkspaceId,
    ) -> StoreResult<HashMap<ProjectId, Vec<EntityView>>> {
        let found = entity::Entity::find()
            .filter(entity::Column::WorkspaceId.eq(workspace_id.0))
            .filter(entity::Column::RemovedAt.is_null())
            .order_by_desc(entity::Column::IsBrand)
            .order_by_asc(entity::Column::Position)
            .all(self.reader())
            .await?;
        let mut entities: HashMap<ProjectId, Vec<EntityView>> = HashMap::new();
        for row in found {
            entities
                .entry(row.project_id.into())
                .or_default()
                .push(entity_view(row)?);
        }
        Ok(entities)
    }

    async fn providers_of_projects(
        &self,
        workspace_id: WorkspaceId,
    ) -> StoreResult<HashMap<ProjectId, Vec<(ModelId, Provider)>>> {
        let rest = "FROM llm_monitoring_project_models p \
            JOIN llm_model_registry m ON m.id = p.model_id \
            WHERE p.workspace_id = $1 ORDER BY p.model_id";
        let found: Vec<AskedModel> =
            rows::select(self.reader(), rest, [workspace_id.0.into()]).await?;
        let mut models: HashMap<ProjectId, Vec<(ModelId, Provider)>> = HashMap::new();
        for of in found {
            models
                .entry(of.project)
                .or_default()
                .push((of.model, of.provider));
        }
        Ok(models)
    }

    async fn snapshot_counts(
        &self,
        workspace_id: WorkspaceId,
    ) -> StoreResult<HashMap<ProjectId, i64>> {
        let sql = "SELECT s.project_id, COUNT(*) FROM llm_monitoring_snapshots s \
            JOIN llm_monitoring_revisions r ON r.id = s.revision_id AND r.status = 'active' \
            WHERE s.workspace_id = $1 AND s.prompts = 'all' GROUP BY s.project_id";
        let counts = rows::pairs(self.reader(), sql, [workspace_id.0.into()]).await?;
        Ok(counts.into_iter().collect())
    }
}
