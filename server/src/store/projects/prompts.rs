//! Questions one by one: their tags, changed, removed.
//!
//! Invariant: a removed question stays for its answers.

use std::collections::HashSet;

use app::model::ids::{ProjectId, PromptId, WorkspaceId};
use app::model::project::PromptView;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::project::prompt_view;
use super::tag_history;
use crate::store::entity::prompt;
use crate::store::sql::record::record;
use crate::store::sql::rows;
use crate::store::sql::tenant::project_exists;
use crate::store::{Store, StoreError, StoreResult};

/// What may be changed about a question; its text never: answers belong to it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PromptChange {
    /// Whether runs ask it.
    pub is_active: Option<bool>,
    /// In place of its tags.
    pub tags: Option<Vec<String>>,
}

record! {
    /// The tags of a question as they are, or were when it was removed.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct PromptTags {
        /// The question.
        pub id: PromptId = "id",
        /// Its tags.
        pub tags: Vec<String> = "tags",
        /// Whether it was not removed.
        pub is_there: bool = "removed_at IS NULL",
    }
}

impl Store {
    /// The tags of all questions that a project has or had.
    pub async fn prompt_tags(
        &self,
        workspace_id: WorkspaceId,
        project: ProjectId,
    ) -> StoreResult<Vec<PromptTags>> {
        project_exists(self.reader(), workspace_id, project).await?;
        let rest = "FROM llm_monitoring_queries WHERE project_id = $1 ORDER BY id";
        rows::select(self.reader(), rest, [project.0.into()]).await
    }

    /// The questions that have one of these tags now, whatever its capitals, removed ones included.
    pub async fn prompts_tagged(
        &self,
        workspace_id: WorkspaceId,
        project: ProjectId,
        tags: &[String],
    ) -> StoreResult<Vec<PromptId>> {
        let wanted: HashSet<String> = tags.iter().map(|tag| tag.to_lowercase()).collect();
        let prompts = self.prompt_tags(workspace_id, project).await?;
        let is_tagged = |prompt: &PromptTags| {
            let mut tags = prompt.tags.iter();
            tags.any(|tag| wanted.contains(&tag.to_lowercase()))
        };
        let tagged = prompts.into_iter().filter(is_tagged);
        Ok(tagged.map(|prompt| prompt.id).collect())
    }

    /// A question of a project.
    pub async fn prompt(
        &self,
        workspace_id: WorkspaceId,
        project: ProjectId,
        prompt: PromptId,
    ) -> StoreResult<PromptView> {
        project_exists(self.reader(), workspace_id, project).await?;
        let row = prompt::Entity::find_by_id(prompt.0)
            .filter(prompt::Column::WorkspaceId.eq(workspace_id.0))
            .filter(prompt::Column::ProjectId.eq(project.0))
            .filter(prompt::Column::RemovedAt.is_null())
            .one(self.reader())
            .await?;
        prompt_view(row.ok_or(StoreError::NotFound)?)
    }

    /// Changes a question.
    pub async fn change_prompt(
        &self,
        workspace_id: WorkspaceId,
        project: ProjectId,
        prompt: PromptId,
        change: &PromptChange,
    ) -> StoreResult<PromptView> {
        let present = self.prompt(workspace_id, project, prompt).await?;
        let is_active = change.is_active.unwrap_or(present.is_active);
        let tx = self.begin_write().await?;
        prompt::Entity::update_many()
            .col_expr(prompt::Column::IsActive, Expr::value(is_active))
            .filter(prompt::Column::Id.eq(prompt.0))
            .filter(prompt::Column::WorkspaceId.eq(workspace_id.0))
            .exec(&tx)
            .await?;
        if let Some(tags) = &change.tags {
            tag_history::set_tags(&tx, prompt, tags, self.clock().now()).await?;
        }
        tx.commit().await?;
        self.prompt(workspace_id, project, prompt).await
    }

    /// Takes a question out of its project.
    pub async fn remove_prompt(
        &self,
        workspace_id: WorkspaceId,
        project: ProjectId,
        prompt: PromptId,
    ) -> StoreResult<()> {
        self.prompt(workspace_id, project, prompt).await?;
        let tx = self.begin_write().await?;
        prompt::Entity::update_many()
            .col_expr(prompt::Column::RemovedAt, Expr::value(self.clock().now()))
            .filter(prompt::Column::Id.eq(prompt.0))
            .filter(prompt::Column::WorkspaceId.eq(workspace_id.0))
            .exec(&tx)
            .await?;
        Ok(tx.commit().await?)
    }
}
