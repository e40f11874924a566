//! Projects with their entities, prompts and models.

use std::collections::HashMap;

use app::model::ids::{ModelId, ProjectId, WorkspaceId};
use app::model::project::{EntityDraft, EntityView, ProjectDraft, ProjectView, PromptKind, PromptView};
use app::model::templates::kind_of;
use app::model::validate::prompt_key;
use chrono::{DateTime, Utc};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait,
    QueryFilter, QueryOrder,
};

use super::entity::{entity, model, project, project_model, prompt};
use super::{Store, StoreError, StoreResult};

/// Rows an INSERT: with the columns of a prompt this stays below SQLite's limit of variables.
const ROWS_A_STATEMENT: usize = 500;

/// Why a project could not be stored.
#[derive(Debug, thiserror::Error)]
pub enum ProjectError {
    /// Another project of the workspace has the name.
    #[error("the name is taken")]
    NameTaken,
    /// A model is not there, or not available.
    #[error("unknown model")]
    UnknownModel,
    /// The database's words.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<sea_orm::DbErr> for ProjectError {
    fn from(error: sea_orm::DbErr) -> Self {
        Self::from_store(error.into())
    }
}

impl ProjectError {
    fn from_store(error: StoreError) -> Self {
        if error.is_not_unique("uq_project_name_alive", "llm_monitoring_projects.name_key") {
            Self::NameTaken
        } else {
            Self::Store(error)
        }
    }
}

impl Store {
    /// Makes a project. All or nothing.
    pub async fn create_project(&self, workspace_id: WorkspaceId, draft: &ProjectDraft) -> Result<ProjectId, ProjectError> {
        let now = self.clock().now();
        let tx = self.begin_write().await?;
        let row = project::ActiveModel {
            workspace_id: Set(workspace_id.0),
            name: Set(draft.name.clone()),
            name_key: Set(draft.name.to_lowercase()),
            brand_name: Set(draft.brand.name.clone()),
            industry: Set(draft.industry.clone()),
            language: Set(draft.language.clone()),
            country_code: Set(draft.country.clone()),
            is_active: Set(draft.is_active),
            created_at: Set(now),
            updated_at: Set(now),
            ..Default::default()
        }
        .insert(&tx)
        .await?;
        let place = Place { tx: &tx, workspace_id: workspace_id.0, project_id: row.id, now };
        place.save_entities(draft).await?;
        place.save_models(&draft.model_ids).await?;
        if let Some(texts) = &draft.prompts {
            place.save_prompts(texts, draft, true).await?;
        }
        tx.commit().await?;
        Ok(row.id.into())
    }

    /// Changes a project. All or nothing.
    pub async fn update_project(
        &self,
        workspace_id: WorkspaceId,
        project_id: ProjectId,
        draft: &ProjectDraft,
    ) -> Result<(), ProjectError> {
        let now = self.clock().now();
        let tx = self.begin_write().await?;
        let row = live_project(&tx, workspace_id, project_id).await?;
        let mut changed: project::ActiveModel = row.into();
        changed.name = Set(draft.name.clone());
        changed.name_key = Set(draft.name.to_lowercase());
        changed.brand_name = Set(draft.brand.name.clone());
        changed.industry = Set(draft.industry.clone());
        changed.language = Set(draft.language.clone());
        changed.country_code = Set(draft.country.clone());
        changed.is_active = Set(draft.is_active);
        changed.updated_at = Set(now);
        changed.update(&tx).await?;
        let place = Place { tx: &tx, workspace_id: workspace_id.0, project_id: project_id.0, now };
        place.save_entities(draft).await?;
        place.save_models(&draft.model_ids).await?;
        if let Some(texts) = &draft.prompts {
            place.save_prompts(texts, draft, true).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Adds questions to a project, or puts them in place of its present ones. Those that are
    /// there already stay as they are.
    pub async fn add_prompts(
        &self,
        workspace_id: WorkspaceId,
        project_id: ProjectId,
        texts: &[String],
        replace: bool,
    ) -> Result<(), ProjectError> {
        let view = self.project(workspace_id, project_id).await?;
        let now = self.clock().now();
        let tx = self.begin_write().await?;
        live_project(&tx, workspace_id, project_id).await?;
        let place = Place { tx: &tx, workspace_id: workspace_id.0, project_id: project_id.0, now };
        place.save_prompts(texts, &draft_of(&view), replace).await?;
        Ok(tx.commit().await?)
    }

    /// Takes a project out of sight.
    pub async fn delete_project(&self, workspace_id: WorkspaceId, project_id: ProjectId) -> StoreResult<()> {
        let tx = self.begin_write().await?;
        let mut row: project::ActiveModel = live_project(&tx, workspace_id, project_id).await?.into();
        row.deleted_at = Set(Some(self.clock().now()));
        row.is_active = Set(false);
        row.update(&tx).await?;
        Ok(tx.commit().await?)
    }

    /// One project; its newest run is left to the runs' store.
    pub async fn project(&self, workspace_id: WorkspaceId, project_id: ProjectId) -> StoreResult<ProjectView> {
        let row = live_project(self.reader(), workspace_id, project_id).await?;
        let entities = self.entities(workspace_id, project_id).await?;
        let prompts = self.prompts(workspace_id, project_id).await?;
        let models = project_model::Entity::find()
            .filter(project_model::Column::ProjectId.eq(project_id.0))
            .order_by_asc(project_model::Column::ModelId)
            .all(self.reader())
            .await?;
        Ok(ProjectView {
            id: project_id,
            name: row.name,
            entities,
            industry: row.industry,
            language: row.language,
            country: row.country_code,
            model_ids: models.into_iter().map(|link| link.model_id.into()).collect(),
            prompts,
            is_active: row.is_active,
            last_analysis_at: row.last_analysis_date,
            last_run: None,
            created_at: row.created_at,
        })
    }

    /// The projects of a workspace, by name.
    pub async fn project_rows(&self, workspace_id: WorkspaceId) -> StoreResult<Vec<project::Model>> {
        Ok(project::Entity::find()
            .filter(project::Column::WorkspaceId.eq(workspace_id.0))
            .filter(project::Column::DeletedAt.is_null())
            .order_by_asc(project::Column::NameKey)
            .all(self.reader())
            .await?)
    }

    /// The models of each project of a workspace.
    pub async fn models_of_projects(&self, workspace_id: WorkspaceId) -> StoreResult<HashMap<ProjectId, Vec<ModelId>>> {
        let rows = project_model::Entity::find()
            .filter(project_model::Column::WorkspaceId.eq(workspace_id.0))
            .order_by_asc(project_model::Column::ModelId)
            .all(self.reader())
            .await?;
        let mut models: HashMap<ProjectId, Vec<ModelId>> = HashMap::new();
        for row in rows {
            models.entry(row.project_id.into()).or_default().push(row.model_id.into());
        }
        Ok(models)
    }

    /// How many active prompts each project of a workspace has.
    pub async fn prompt_counts(&self, workspace_id: WorkspaceId) -> StoreResult<HashMap<ProjectId, i64>> {
        use sea_orm::QuerySelect;

        let rows: Vec<(i64, i64)> = prompt::Entity::find()
            .select_only()
            .column(prompt::Column::ProjectId)
            .column_as(prompt::Column::Id.count(), "count")
            .filter(prompt::Column::WorkspaceId.eq(workspace_id.0))
            .filter(prompt::Column::RemovedAt.is_null())
            .filter(prompt::Column::IsActive.eq(true))
            .group_by(prompt::Column::ProjectId)
            .into_tuple()
            .all(self.reader())
            .await?;
        Ok(rows.into_iter().map(|(project_id, count)| (project_id.into(), count)).collect())
    }

    /// The live entities of a project, the brand first.
    pub async fn entities(&self, workspace_id: WorkspaceId, project_id: ProjectId) -> StoreResult<Vec<EntityView>> {
        let rows = entity::Entity::find()
            .filter(entity::Column::WorkspaceId.eq(workspace_id.0))
            .filter(entity::Column::ProjectId.eq(project_id.0))
            .filter(entity::Column::RemovedAt.is_null())
            .order_by_desc(entity::Column::IsBrand)
            .order_by_asc(entity::Column::Position)
            .all(self.reader())
            .await?;
        rows.into_iter().map(entity_view).collect()
    }

    /// The questions of a project, in their order.
    pub async fn prompts(&self, workspace_id: WorkspaceId, project_id: ProjectId) -> StoreResult<Vec<PromptView>> {
        let rows = prompt::Entity::find()
            .filter(prompt::Column::WorkspaceId.eq(workspace_id.0))
            .filter(prompt::Column::ProjectId.eq(project_id.0))
            .filter(prompt::Column::RemovedAt.is_null())
            .order_by_asc(prompt::Column::Position)
            .order_by_asc(prompt::Column::Id)
            .all(self.reader())
            .await?;
        rows.into_iter().map(prompt_view).collect()
    }

    /// How many active projects there are on the whole instance.
    pub async fn count_active_projects(&self) -> StoreResult<u64> {
        use sea_orm::PaginatorTrait;

        Ok(project::Entity::find()
            .filter(project::Column::DeletedAt.is_null())
            .filter(project::Column::IsActive.eq(true))
            .count(self.reader())
            .await?)
    }
}

/// What a stored project would look like if it were typed again.
pub fn draft_of(view: &ProjectView) -> ProjectDraft {
    let entity = |entity: &EntityView| EntityDraft {
        id: Some(entity.id),
        name: entity.name.clone(),
        aliases: entity.aliases.clone(),
        domains: entity.domains.clone(),
    };
    ProjectDraft {
        name: view.name.clone(),
        brand: view.brand().map(entity).unwrap_or_default(),
        competitors: view.entities.iter().filter(|candidate| !candidate.is_brand).map(entity).collect(),
        industry: view.industry.clone(),
        language: view.language.clone(),
        country: view.country.clone(),
        model_ids: view.model_ids.clone(),
        prompts: None,
        is_active: view.is_active,
    }
}

async fn live_project(
    connection: &impl ConnectionTrait,
    workspace_id: WorkspaceId,
    project_id: ProjectId,
) -> StoreResult<project::Model> {
    project::Entity::find_by_id(project_id.0)
        .filter(project::Column::WorkspaceId.eq(workspace_id.0))
        .filter(project::Column::DeletedAt.is_null())
        .one(connection)
        .await?
        .ok_or(StoreError::NotFound)
}

fn read_list(json: &str) -> StoreResult<Vec<String>> {
    serde_json::from_str(json).map_err(|error| StoreError::Corrupt(error.to_string()))
}

fn write_list(values: &[String]) -> StoreResult<String> {
    serde_json::to_string(values).map_err(|error| StoreError::Corrupt(error.to_string()))
}

pub(super) fn entity_view(row: entity::Model) -> StoreResult<EntityView> {
    Ok(EntityView {
        id: row.id.into(),
        aliases: read_list(&row.aliases)?,
        domains: read_list(&row.domains)?,
        name: row.name,
        is_brand: row.is_brand,
    })
}

fn prompt_view(row: prompt::Model) -> StoreResult<PromptView> {
    Ok(PromptView {
        id: row.id.into(),
        kind: PromptKind::from_word(&row.query_type),
        tags: read_list(&row.tags)?,
        text: row.query_text,
        language: row.language,
        is_active: row.is_active,
    })
}

/// Where rows of a project are written.
struct Place<'a> {
    tx: &'a DatabaseTransaction,
    workspace_id: i64,
    project_id: i64,
    now: DateTime<Utc>,
}

impl Place<'_> {
    /// Keeps the rows of entities that stay, by id or by name, so that their findings stay
    /// theirs; the others are removed or made.
    async fn save_entities(&self, draft: &ProjectDraft) -> StoreResult<()> {
        let present = entity::Entity::find()
            .filter(entity::Column::ProjectId.eq(self.project_id))
            .all(self.tx)
            .await?;
        let mut kept = Vec::new();
        let drafts = std::iter::once((true, &draft.brand)).chain(draft.competitors.iter().map(|one| (false, one)));
        for (position, (is_brand, typed)) in drafts.enumerate() {
            let known = present.iter().find(|row| {
                row.is_brand == is_brand
                    && !kept.contains(&row.id)
                    && (is_brand
                        || typed.id.is_some_and(|id| id.0 == row.id)
                        || (typed.id.is_none() && row.name.to_lowercase() == typed.name.to_lowercase()))
            });
            let columns = entity::ActiveModel {
                workspace_id: Set(self.workspace_id),
                project_id: Set(self.project_id),
                is_brand: Set(is_brand),
                position: Set(i64::try_from(position).unwrap_or(i64::MAX)),
                name: Set(typed.name.clone()),
                aliases: Set(write_list(&typed.aliases)?),
                domains: Set(write_list(&typed.domains)?),
                removed_at: Set(None),
                ..Default::default()
            };
            let row = match known {
                Some(known) => entity::ActiveModel { id: Set(known.id), ..columns }.update(self.tx).await?,
                None => columns.insert(self.tx).await?,
            };
            kept.push(row.id);
        }
        entity::Entity::update_many()
            .col_expr(entity::Column::RemovedAt, Expr::value(self.now))
            .filter(entity::Column::ProjectId.eq(self.project_id))
            .filter(entity::Column::RemovedAt.is_null())
            .filter(entity::Column::Id.is_not_in(kept))
            .exec(self.tx)
            .await?;
        Ok(())
    }

    async fn save_models(&self, model_ids: &[ModelId]) -> Result<(), ProjectError> {
        let linked: Vec<i64> = project_model::Entity::find()
            .filter(project_model::Column::ProjectId.eq(self.project_id))
            .all(self.tx)
            .await?
            .into_iter()
            .map(|link| link.model_id)
            .collect();
        // A model that is switched off later stays with the projects that have it.
        let known: Vec<i64> = model::Entity::find()
            .filter(model::Column::Id.is_in(model_ids.iter().map(|id| id.0)))
            .all(self.tx)
            .await?
            .into_iter()
            .filter(|row| row.is_available || linked.contains(&row.id))
            .map(|row| row.id)
            .collect();
        if model_ids.iter().any(|id| !known.contains(&id.0)) {
            return Err(ProjectError::UnknownModel);
        }
        project_model::Entity::delete_many()
            .filter(project_model::Column::ProjectId.eq(self.project_id))
            .exec(self.tx)
            .await?;
        let links = known.into_iter().map(|model_id| project_model::ActiveModel {
            project_id: Set(self.project_id),
            model_id: Set(model_id),
            workspace_id: Set(self.workspace_id),
        });
        project_model::Entity::insert_many(links).exec_without_returning(self.tx).await?;
        Ok(())
    }

    /// A question that comes back after it was removed is the same row again, with its answers.
    async fn save_prompts(&self, texts: &[String], draft: &ProjectDraft, replace: bool) -> StoreResult<()> {
        let brand = names_of(&draft.brand);
        let competitors: Vec<String> = draft.competitors.iter().flat_map(names_of).collect();
        let present = prompt::Entity::find()
            .filter(prompt::Column::ProjectId.eq(self.project_id))
            .all(self.tx)
            .await?;
        let by_key: HashMap<&str, &prompt::Model> =
            present.iter().map(|row| (row.query_key.as_str(), row)).collect();
        let first_position = if replace { 0 } else { present.iter().map(|row| row.position + 1).max().unwrap_or(0) };
        if replace {
            prompt::Entity::update_many()
                .col_expr(prompt::Column::RemovedAt, Expr::value(self.now))
                .filter(prompt::Column::ProjectId.eq(self.project_id))
                .filter(prompt::Column::RemovedAt.is_null())
                .exec(self.tx)
                .await?;
        }
        let mut fresh = Vec::new();
        for (position, text) in (first_position..).zip(texts) {
            let key = prompt_key(text);
            if let Some(known) = by_key.get(key.as_str()) {
                let is_alive = known.removed_at.is_none();
                if replace || !is_alive {
                    let mut row: prompt::ActiveModel = (*known).clone().into();
                    row.position = Set(position);
                    row.removed_at = Set(None);
                    if !is_alive {
                        row.is_active = Set(true);
                    }
                    // The removal above went past this copy of the row.
                    row.update(self.tx).await?;
                }
                continue;
            }
            fresh.push(prompt::ActiveModel {
                workspace_id: Set(self.workspace_id),
                project_id: Set(self.project_id),
                query_text: Set(text.clone()),
                query_key: Set(key),
                language: Set(draft.language.clone()),
                query_type: Set(kind_of(text, &brand, &competitors).word().to_owned()),
                tags: Set("[]".to_owned()),
                position: Set(position),
                is_active: Set(true),
                created_at: Set(self.now),
                removed_at: Set(None),
                ..Default::default()
            });
        }
        for rows in fresh.chunks(ROWS_A_STATEMENT) {
            prompt::Entity::insert_many(rows.to_vec()).exec_without_returning(self.tx).await?;
        }
        Ok(())
    }
}

fn names_of(entity: &EntityDraft) -> Vec<String> {
    std::iter::once(entity.name.clone()).chain(entity.aliases.iter().cloned()).collect()
}
