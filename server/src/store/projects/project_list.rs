//! Projects in a list: everything about each but the texts of its questions.

use std::collections::HashMap;

use app::model::ids::{ModelId, ProjectId, WorkspaceId};
use app::model::project::{EntityView, ProjectRecord};
use app::model::provider::Provider;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use super::project::entity_view;
use crate::store::entity::{entity, project};
use crate::store::sql::record::record;
use crate::store::sql::rows;
use crate::store::{Store, StoreError, StoreResult};

/// A project with what is counted about it.
#[derive(Clone, Debug)]
pub struct ProjectOverview {
    /// The project itself.
    pub record: ProjectRecord,
    /// The providers of its models, each once and in their order.
    pub providers: Vec<Provider>,
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
    /// The projects of a workspace, by name. The number of queries does not depend on how many
    /// projects there are.
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
            let named = entities.remove(&id).unwrap_or_default();
            let asked = models.remove(&id).unwrap_or_default();
            let (model_ids, mut providers): (Vec<ModelId>, Vec<Provider>) =
                asked.into_iter().unzip();
            providers.sort_unstable();
            providers.dedup();
            ProjectOverview {
                record: row.into_record(named, model_ids),
                providers,
                prompts: prompts.get(&id).copied().unwrap_or_default(),
                snapshots: snapshots.get(&id).copied().unwrap_or_default(),
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
            .find(|overview| overview.record.id == project)
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
