//! The demonstration project of a workspace: made out of sight, and shown once it is whole.
//!
//! While it is being made it is a deleted project whose time comes soon. So no query finds it, and
//! where its maker dies it is erased like any other. A workspace shows one at most: the database
//! refuses another.
//!
//! Invariant: nothing of another project is changed.

use std::collections::HashMap;

use app::model::ids::{ModelId, ProjectId, WorkspaceId};
use app::model::project::ProjectDraft;
use app::model::provider::Provider;
use chrono::{DateTime, Duration, Utc};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, DatabaseTransaction, Value};

use super::error::ProjectError;
use super::project_rows::ProjectRows;
use super::revisions;
use crate::store::entity::project;
use crate::store::sql::rows;
use crate::store::{Store, StoreError, StoreResult};

/// How long it may be made: a minute would do on a slow machine.
const TIME_TO_MAKE: Duration = Duration::minutes(10);
/// The limit of a simulated answer, in tokens.
const MAX_TOKENS: i64 = 2_048;

/// A simulated model of the demonstration.
#[derive(Clone, Copy, Debug)]
pub struct DemoModel {
    /// Its id at the simulator.
    pub model_id: &'static str,
    /// Its name, which says that it is simulated.
    pub name: &'static str,
}

/// What a demonstration is made of, before its answers.
#[derive(Clone, Debug)]
pub struct DemoPlan {
    /// What would be typed of it; without models.
    pub draft: ProjectDraft,
    /// The topics of its questions, by the key of the question.
    pub topics: HashMap<String, Vec<String>>,
    /// The models that are said to have answered.
    pub models: &'static [DemoModel],
    /// When its first run was.
    pub first_run: DateTime<Utc>,
}

impl Store {
    /// The demonstration that a workspace shows.
    pub async fn demo_project(&self, workspace_id: WorkspaceId) -> StoreResult<Option<ProjectId>> {
        let sql = "SELECT id FROM llm_monitoring_projects \
            WHERE workspace_id = $1 AND is_demo AND deleted_at IS NULL";
        rows::value(self.reader(), sql, [workspace_id.0.into()]).await
    }

    /// Begins a demonstration out of sight; its models, in the order of the plan. The registry
    /// gets them where they are missing; nobody can choose them.
    pub async fn begin_demo(
        &self,
        workspace_id: WorkspaceId,
        plan: &DemoPlan,
    ) -> Result<(ProjectId, Vec<ModelId>), ProjectError> {
        let now = self.clock().now();
        let tx = self.begin_write().await?;
        let mut made = project::ActiveModel {
            workspace_id: Set(workspace_id.0),
            created_at: Set(plan.first_run),
            is_demo: Set(true),
            deleted_at: Set(Some(now - self.retention().erase_after + TIME_TO_MAKE)),
            ..Default::default()
        };
        made.take_over(&plan.draft, now);
        let row = made.insert(&tx).await?;
        let place = ProjectRows {
            tx: &tx,
            workspace_id: workspace_id.0,
            project_id: row.id,
            now: plan.first_run,
        };
        place.save_entities(&plan.draft).await?;
        if let Some(texts) = &plan.draft.prompts {
            place.save_prompts(texts, &plan.draft, true).await?;
        }
        place.save_tags(&plan.topics).await?;
        let project = ProjectId(row.id);
        let mut models = Vec::with_capacity(plan.models.len());
        for model in plan.models {
            models.push(model_of_demo(&tx, workspace_id, project, *model, now).await?);
        }
        revisions::readings_of_claim(&tx, workspace_id, project, plan.first_run).await?;
        tx.commit().await?;
        Ok((project, models))
    }

    /// Shows a demonstration that is whole.
    ///
    /// # Errors
    /// Another project has its name. If the workspace shows another demonstration already, this one
    /// stays out of sight, and the other one is given.
    pub async fn show_demo(
        &self,
        workspace_id: WorkspaceId,
        project: ProjectId,
    ) -> Result<ProjectId, ProjectError> {
        let now = self.clock().now();
        let sql = "UPDATE llm_monitoring_projects SET deleted_at = NULL, updated_at = $3 \
            WHERE id = $1 AND workspace_id = $2 AND is_demo AND erase_begun_at IS NULL";
        let values: [Value; 3] = [project.0.into(), workspace_id.0.into(), now.into()];
        let tx = self.begin_write().await?;
        let shown = rows::execute(&tx, sql, values).await;
        match shown.map_err(ProjectError::from_store) {
            Ok(shown) if shown.rows_affected() == 0 => Err(StoreError::NotFound.into()),
            Ok(_) => {
                tx.commit().await?;
                Ok(project)
            }
            // Another one is there already, or has the name.
            Err(error) => {
                tx.rollback().await?;
                self.demo_project(workspace_id).await?.ok_or(error)
            }
        }
    }
}

/// A model of the demonstration, in the registry and with the project.
async fn model_of_demo(
    tx: &DatabaseTransaction,
    workspace_id: WorkspaceId,
    project: ProjectId,
    model: DemoModel,
    now: DateTime<Utc>,
) -> StoreResult<ModelId> {
    let provider = Provider::Simulator.slug();
    let sql = "INSERT INTO llm_model_registry (provider, model_id, model_display_name, \
        web_search, is_current, is_available, max_tokens, created_at, updated_at) \
        VALUES ($1, $2, $3, TRUE, FALSE, FALSE, $4, $5, $5) \
        ON CONFLICT (provider, model_id) DO NOTHING";
    let values: [Value; 5] = [
        provider.into(),
        model.model_id.into(),
        model.name.into(),
        MAX_TOKENS.into(),
        now.into(),
    ];
    rows::execute(tx, sql, values).await?;
    let sql = "SELECT id FROM llm_model_registry WHERE provider = $1 AND model_id = $2";
    let id: ModelId = rows::value(tx, sql, [provider.into(), model.model_id.into()])
        .await?
        .ok_or(StoreError::NotFound)?;
    let sql = "INSERT INTO llm_monitoring_project_models (project_id, model_id, workspace_id) \
        VALUES ($1, $2, $3)";
    let values = [project.0.into(), id.0.into(), workspace_id.0.into()];
    rows::execute(tx, sql, values).await?;
    Ok(id)
}
