//! Writes the rows of a project: entities, models and prompts, within one transaction.

use std::collections::HashMap;

use app::model::ids::{ModelId, ProjectId, PromptId};
use app::model::project::{EntityDraft, ProjectDraft};
use app::model::prompt_kind::kind_of;
use app::validate::prompt_key;
use chrono::{DateTime, Utc};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter,
};

use super::error::ProjectError;
use super::revisions::entities_saved;
use super::tag_history;
use crate::alias_lists;
use crate::store::StoreResult;
use crate::store::entity::{entity, model, project_model, prompt};
use crate::store::registry::offered::is_offered;
use crate::store::sql::encode::write_list;
use crate::store::sql::rows;

/// Rows an INSERT: with the columns of a prompt this stays below SQLite's limit of variables.
const ROWS_A_STATEMENT: usize = 500;

/// Where rows of a project are written.
pub(super) struct ProjectRows<'a> {
    pub(super) tx: &'a DatabaseTransaction,
    pub(super) workspace_id: i64,
    pub(super) project_id: i64,
    pub(super) now: DateTime<Utc>,
}

impl ProjectRows<'_> {
    /// Keeps the rows of entities that stay, by id or by name, so that their findings stay
    /// theirs; the others are removed or made.
    pub(super) async fn save_entities(&self, draft: &ProjectDraft) -> StoreResult<()> {
        let present = entity::Entity::find()
            .filter(entity::Column::ProjectId.eq(self.project_id))
            .all(self.tx)
            .await?;
        let mut kept = Vec::new();
        let drafts = std::iter::once((true, &draft.brand))
            .chain(draft.competitors.iter().map(|one| (false, one)));
        for (position, (is_brand, typed)) in drafts.enumerate() {
            let known = present.iter().find(|row| {
                row.is_brand == is_brand
                    && !kept.contains(&row.id)
                    && (is_brand
                        || typed.id.is_some_and(|id| id.0 == row.id)
                        || (typed.id.is_none()
                            && row.name.to_lowercase() == typed.name.to_lowercase()))
            });
            let columns = entity::ActiveModel {
                workspace_id: Set(self.workspace_id),
                project_id: Set(self.project_id),
                is_brand: Set(is_brand),
                position: Set(i64::try_from(position).unwrap_or(i64::MAX)),
                name: Set(typed.name.clone()),
                aliases: Set(write_list(&alias_lists::one_list(
                    &typed.aliases,
                    &typed.rules,
                ))?),
                domains: Set(write_list(&typed.domains)?),
                removed_at: Set(None),
                ..Default::default()
            };
            let row = match known {
                Some(known) => {
                    entity::ActiveModel {
                        id: Set(known.id),
                        ..columns
                    }
                    .update(self.tx)
                    .await?
                }
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
        let (workspace, project) = (self.workspace_id.into(), self.project_id.into());
        entities_saved(self.tx, workspace, project, self.now).await
    }

    pub(super) async fn save_models(&self, model_ids: &[ModelId]) -> Result<(), ProjectError> {
        let linked: Vec<i64> = project_model::Entity::find()
            .filter(project_model::Column::ProjectId.eq(self.project_id))
            .all(self.tx)
            .await?
            .into_iter()
            .map(|link| link.model_id)
            .collect();
        // A model that is switched off later stays with the projects that have it.
        let known: Vec<i64> = model::Entity::find()
            .filter(rows::is_one_of(
                self.tx,
                model::Column::Id,
                model_ids.iter().map(|id| id.0),
            ))
            .all(self.tx)
            .await?
            .into_iter()
            .filter(|row| is_offered(row, self.now) || linked.contains(&row.id))
            .map(|row| row.id)
            .collect();
        if model_ids.iter().any(|id| !known.contains(&id.0)) {
            return Err(ProjectError::UnknownModel);
        }
        project_model::Entity::delete_many()
            .filter(project_model::Column::ProjectId.eq(self.project_id))
            .exec(self.tx)
            .await?;
        let links = known
            .into_iter()
            .map(|model_id| project_model::ActiveModel {
                project_id: Set(self.project_id),
                model_id: Set(model_id),
                workspace_id: Set(self.workspace_id),
            });
        project_model::Entity::insert_many(links)
            .exec_without_returning(self.tx)
            .await?;
        Ok(())
    }

    /// A question that comes back after it was removed is the same row again, with its answers.
    pub(super) async fn save_prompts(
        &self,
        texts: &[String],
        draft: &ProjectDraft,
        replace: bool,
    ) -> StoreResult<()> {
        let brand = names_of(&draft.brand);
        let competitors: Vec<String> = draft.competitors.iter().flat_map(names_of).collect();
        let present = prompt::Entity::find()
            .filter(prompt::Column::ProjectId.eq(self.project_id))
            .all(self.tx)
            .await?;
        let by_key: HashMap<&str, &prompt::Model> = present
            .iter()
            .map(|row| (row.query_key.as_str(), row))
            .collect();
        let first_position = if replace {
            0
        } else {
            present
                .iter()
                .map(|row| row.position + 1)
                .max()
                .unwrap_or(0)
        };
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
            prompt::Entity::insert_many(rows.to_vec())
                .exec_without_returning(self.tx)
                .await?;
        }
        tag_history::begin(self.tx, ProjectId(self.project_id)).await
    }
}

impl ProjectRows<'_> {
    /// Tags of questions, by the keys of these.
    pub(super) async fn save_tags(&self, tags: &HashMap<String, Vec<String>>) -> StoreResult<()> {
        if tags.is_empty() {
            return Ok(());
        }
        let sql = "SELECT id, query_key FROM llm_monitoring_queries WHERE project_id = $1";
        let prompts: Vec<(PromptId, String)> =
            rows::pairs(self.tx, sql, [self.project_id.into()]).await?;
        for (prompt, key) in prompts {
            if let Some(tags) = tags.get(&key) {
                tag_history::set_tags(self.tx, prompt, tags, self.now).await?;
            }
        }
        Ok(())
    }
}

fn names_of(entity: &EntityDraft) -> Vec<String> {
    std::iter::once(entity.name.clone())
        .chain(entity.aliases.iter().cloned())
        .collect()
}
