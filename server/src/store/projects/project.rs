//! Projects with their entities, prompts and models.

use std::collections::HashMap;

use app::model::ids::{ModelId, ProjectId, WorkspaceId};
use app::model::notes::NoteOrigin;
use app::model::project::{EntityView, ProjectDraft, ProjectView, PromptView};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction,
    EntityTrait, QueryFilter, QueryOrder,
};

use super::chart_notes::{self, SettingChange};
use super::error::ProjectError;
use super::project_rows::ProjectRows;
use super::{quotas, revisions, slots};
use crate::alias_lists;
use crate::store::entity::{entity, project, project_model, prompt};
use crate::store::sql::decode::{json_list, word};
use crate::store::sql::tenant::live_project;
use crate::store::{Store, StoreError, StoreResult};

impl Store {
    /// Changes how often a project's next runs ask each question.
    pub async fn set_repeats(
        &self,
        workspace_id: WorkspaceId,
        project: ProjectId,
        repeats: i64,
    ) -> StoreResult<()> {
        let tx = self.begin_write().await?;
        project::Entity::update_many()
            .filter(project::Column::Id.eq(project.0))
            .filter(project::Column::WorkspaceId.eq(workspace_id.0))
            .col_expr(
                project::Column::Repeats,
                sea_orm::sea_query::Expr::value(repeats),
            )
            .exec(&tx)
            .await?;
        Ok(tx.commit().await?)
    }

    /// Makes a project. All or nothing.
    pub async fn create_project(
        &self,
        workspace_id: WorkspaceId,
        draft: &ProjectDraft,
    ) -> Result<ProjectId, ProjectError> {
        let now = self.clock().now();
        let tx = self.begin_write().await?;
        let before = quotas::hold(&tx, workspace_id, self.retention().quotas).await?;
        let mut made = project::ActiveModel {
            workspace_id: Set(workspace_id.0),
            created_at: Set(now),
            ..Default::default()
        };
        made.take_over(draft, now);
        let row = made.insert(&tx).await?;
        let place = ProjectRows {
            tx: &tx,
            workspace_id: workspace_id.0,
            project_id: row.id,
            now,
        };
        place.save_entities(draft).await?;
        place.save_models(&draft.model_ids).await?;
        if let Some(texts) = &draft.prompts {
            place.save_prompts(texts, draft, true).await?;
        }
        self.check_quotas(&tx, workspace_id, &before).await?;
        slots::set_next_slots(&tx, workspace_id, Some(row.id.into()), now).await?;
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
        let tx = self.begin_write().await?;
        let before = quotas::hold(&tx, workspace_id, self.retention().quotas).await?;
        revisions::change(&tx, project_id).await?;
        self.save_draft(&tx, workspace_id, project_id, draft, &before)
            .await?;
        Ok(tx.commit().await?)
    }

    async fn save_draft(
        &self,
        tx: &DatabaseTransaction,
        workspace_id: WorkspaceId,
        project_id: ProjectId,
        draft: &ProjectDraft,
        before: &quotas::CountsBefore,
    ) -> Result<(), ProjectError> {
        let now = self.clock().now();
        let row = live_project(tx, workspace_id, project_id).await?;
        // A slot that was missed stays so while nobody changes when runs fall due.
        let is_rescheduled = row.schedule != draft.schedule || row.is_active != draft.is_active;
        let rescheduled = SettingChange {
            origin: NoteOrigin::Schedule,
            old: own_times(row.is_active, &row.schedule).to_owned(),
            new: own_times(draft.is_active, &draft.schedule).to_owned(),
        };
        let mut changed: project::ActiveModel = row.into();
        changed.take_over(draft, now);
        changed.update(tx).await?;
        let place = ProjectRows {
            tx,
            workspace_id: workspace_id.0,
            project_id: project_id.0,
            now,
        };
        place.save_entities(draft).await?;
        place.save_models(&draft.model_ids).await?;
        if let Some(texts) = &draft.prompts {
            place.save_prompts(texts, draft, true).await?;
            self.check_quotas(tx, workspace_id, before).await?;
        }
        if is_rescheduled {
            slots::set_next_slots(tx, workspace_id, Some(project_id), now).await?;
            chart_notes::note(tx, workspace_id, Some(project_id), &rescheduled, now).await?;
        }
        Ok(())
    }

    /// Changes a project by what `change` makes of its draft; nobody else changes it meanwhile.
    /// Questions stay as they are where the draft has none.
    pub async fn edit_project<E: From<ProjectError> + From<StoreError>>(
        &self,
        workspace_id: WorkspaceId,
        project_id: ProjectId,
        change: impl FnOnce(ProjectDraft) -> Result<ProjectDraft, E>,
    ) -> Result<(), E> {
        let tx = self.begin_write().await?;
        let before = quotas::hold(&tx, workspace_id, self.retention().quotas).await?;
        revisions::change(&tx, project_id).await?;
        let view = read_project(&tx, workspace_id, project_id).await?;
        let draft = change(view.record.draft())?;
        self.save_draft(&tx, workspace_id, project_id, &draft, &before)
            .await?;
        tx.commit()
            .await
            .map_err(|error| ProjectError::from(error).into())
    }

    /// Adds questions to a project, or puts them in place of its present ones. Those that are
    /// there already stay as they are, but for the tags: those in `tags`, by the key of their
    /// question, take the place of present ones.
    pub async fn add_prompts(
        &self,
        workspace_id: WorkspaceId,
        project_id: ProjectId,
        texts: &[String],
        tags: &HashMap<String, Vec<String>>,
        replace: bool,
    ) -> Result<(), ProjectError> {
        let view = self.project(workspace_id, project_id).await?;
        let now = self.clock().now();
        let tx = self.begin_write().await?;
        let before = quotas::hold(&tx, workspace_id, self.retention().quotas).await?;
        live_project(&tx, workspace_id, project_id).await?;
        let place = ProjectRows {
            tx: &tx,
            workspace_id: workspace_id.0,
            project_id: project_id.0,
            now,
        };
        place
            .save_prompts(texts, &view.record.draft(), replace)
            .await?;
        place.save_tags(tags).await?;
        self.check_quotas(&tx, workspace_id, &before).await?;
        Ok(tx.commit().await?)
    }

    /// Whether what the transaction has written is within the workspace's quotas. Who calls
    /// this has held them since before any row was locked.
    pub(super) async fn check_quotas(
        &self,
        tx: &DatabaseTransaction,
        workspace_id: WorkspaceId,
        before: &quotas::CountsBefore,
    ) -> Result<(), ProjectError> {
        match quotas::check(tx, workspace_id, self.retention().quotas, before).await? {
            Some(passed) => Err(ProjectError::Quota(passed)),
            None => Ok(()),
        }
    }

    /// One project; its newest run is left to the runs' store, and its models' names to that of
    /// sums.
    pub async fn project(
        &self,
        workspace_id: WorkspaceId,
        project_id: ProjectId,
    ) -> StoreResult<ProjectView> {
        read_project(self.reader(), workspace_id, project_id).await
    }

    /// The projects of a workspace, by name.
    pub async fn project_rows(
        &self,
        workspace_id: WorkspaceId,
    ) -> StoreResult<Vec<project::Model>> {
        Ok(project::Entity::find()
            .filter(project::Column::WorkspaceId.eq(workspace_id.0))
            .filter(project::Column::DeletedAt.is_null())
            .order_by_asc(project::Column::NameKey)
            .all(self.reader())
            .await?)
    }

    /// The models of each project of a workspace.
    pub async fn models_of_projects(
        &self,
        workspace_id: WorkspaceId,
    ) -> StoreResult<HashMap<ProjectId, Vec<ModelId>>> {
        let rows = project_model::Entity::find()
            .filter(project_model::Column::WorkspaceId.eq(workspace_id.0))
            .order_by_asc(project_model::Column::ModelId)
            .all(self.reader())
            .await?;
        let mut models: HashMap<ProjectId, Vec<ModelId>> = HashMap::new();
        for row in rows {
            models
                .entry(row.project_id.into())
                .or_default()
                .push(row.model_id.into());
        }
        Ok(models)
    }

    /// How many active prompts each project of a workspace has.
    pub async fn prompt_counts(
        &self,
        workspace_id: WorkspaceId,
    ) -> StoreResult<HashMap<ProjectId, i64>> {
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
        Ok(rows
            .into_iter()
            .map(|(project_id, count)| (project_id.into(), count))
            .collect())
    }

    /// The live entities of a project, the brand first.
    pub async fn entities(
        &self,
        workspace_id: WorkspaceId,
        project_id: ProjectId,
    ) -> StoreResult<Vec<EntityView>> {
        read_entities(self.reader(), workspace_id, project_id).await
    }

    /// The questions of a project, in their order.
    pub async fn prompts(
        &self,
        workspace_id: WorkspaceId,
        project_id: ProjectId,
    ) -> StoreResult<Vec<PromptView>> {
        read_prompts(self.reader(), workspace_id, project_id).await
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

/// The cron expression by which a project runs by itself; empty: it does not.
const fn own_times(is_active: bool, schedule: &str) -> &str {
    if is_active { schedule } else { "" }
}

/// One project, on a connection that may be that of a transaction: whoever holds one must not ask
/// for another.
async fn read_project(
    connection: &impl ConnectionTrait,
    workspace_id: WorkspaceId,
    project_id: ProjectId,
) -> StoreResult<ProjectView> {
    let row = live_project(connection, workspace_id, project_id).await?;
    let entities = read_entities(connection, workspace_id, project_id).await?;
    let prompts = read_prompts(connection, workspace_id, project_id).await?;
    let models = project_model::Entity::find()
        .filter(project_model::Column::ProjectId.eq(project_id.0))
        .order_by_asc(project_model::Column::ModelId)
        .all(connection)
        .await?;
    let model_ids = models
        .into_iter()
        .map(|link| link.model_id.into())
        .collect();
    Ok(ProjectView {
        record: row.into_record(entities, model_ids),
        prompts,
        last_run: None,
        models: Vec::new(),
    })
}

async fn read_entities(
    connection: &impl ConnectionTrait,
    workspace_id: WorkspaceId,
    project_id: ProjectId,
) -> StoreResult<Vec<EntityView>> {
    let rows = entity::Entity::find()
        .filter(entity::Column::WorkspaceId.eq(workspace_id.0))
        .filter(entity::Column::ProjectId.eq(project_id.0))
        .filter(entity::Column::RemovedAt.is_null())
        .order_by_desc(entity::Column::IsBrand)
        .order_by_asc(entity::Column::Position)
        .all(connection)
        .await?;
    rows.into_iter().map(entity_view).collect()
}

async fn read_prompts(
    connection: &impl ConnectionTrait,
    workspace_id: WorkspaceId,
    project_id: ProjectId,
) -> StoreResult<Vec<PromptView>> {
    let rows = prompt::Entity::find()
        .filter(prompt::Column::WorkspaceId.eq(workspace_id.0))
        .filter(prompt::Column::ProjectId.eq(project_id.0))
        .filter(prompt::Column::RemovedAt.is_null())
        .order_by_asc(prompt::Column::Position)
        .order_by_asc(prompt::Column::Id)
        .all(connection)
        .await?;
    rows.into_iter().map(prompt_view).collect()
}

pub(super) fn entity_view(row: entity::Model) -> StoreResult<EntityView> {
    let (aliases, rules) = alias_lists::two_lists(&row.name, json_list(&row.aliases)?);
    Ok(EntityView {
        id: row.id.into(),
        aliases,
        domains: json_list(&row.domains)?,
        rules,
        name: row.name,
        is_brand: row.is_brand,
    })
}

pub(super) fn prompt_view(row: prompt::Model) -> StoreResult<PromptView> {
    Ok(PromptView {
        id: row.id.into(),
        kind: word("query_type", &row.query_type)?,
        tags: json_list(&row.tags)?,
        text: row.query_text,
        language: row.language,
        is_active: row.is_active,
    })
}
