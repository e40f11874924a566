//! What there is to tell of models: new ones to review, those that retire, and those that were
//! replaced in projects.

use std::collections::BTreeMap;

use app::model::ids::{ModelId, ProjectId, WorkspaceId};
use app::model::notices::{Notice, PricedModel};
use app::model::registry::Review;
use chrono::{DateTime, Utc};

use super::notices::NewNotice;
use crate::store::registry::model_check::RetiringModel;
use crate::store::registry::models::model_row;
use crate::store::registry::prices::price_at;
use crate::store::sql::record::record;
use crate::store::sql::rows;
use crate::store::{Store, StoreResult};

/// Days ahead of a retirement at which it is told.
const AHEAD: [i64; 3] = [1, 7, 30];
/// Names that a notice of new models tells.
const NAMED: usize = 5;

record! {
    /// A model that is asked in the place of another.
    struct Replacement {
        workspace: WorkspaceId = "r.workspace_id",
        project: ProjectId = "r.project_id",
        old: ModelId = "r.old_model_id",
        new: ModelId = "r.new_model_id",
        at: DateTime<Utc> = "r.replaced_at",
    }
}

impl Store {
    /// Models that providers have, and that no admin has approved or rejected yet. One notice
    /// for all of them; more are told once a later look brings more.
    pub(super) async fn new_models(&self) -> StoreResult<Option<NewNotice>> {
        let sql = "SELECT id, model_display_name FROM llm_model_registry WHERE review = $1 \
            ORDER BY id DESC";
        let found: Vec<(i64, String)> =
            rows::pairs(self.reader(), sql, [Review::New.word().into()]).await?;
        let Some((newest, _)) = found.first() else {
            return Ok(None);
        };
        let names = found.iter().take(NAMED).map(|(_, name)| name.clone());
        Ok(Some(NewNotice {
            workspace: None,
            project: None,
            subject: newest.to_string(),
            notice: Notice::ModelsNew {
                names: names.collect(),
                count: i64::try_from(found.len()).unwrap_or(i64::MAX),
            },
        }))
    }

    /// The newest models that wait for a review, at most `limit`.
    pub async fn models_to_review(&self, limit: u32) -> StoreResult<Vec<(ModelId, String)>> {
        let sql = format!(
            "SELECT id, model_display_name FROM llm_model_registry WHERE review = $1 \
             ORDER BY id DESC LIMIT {limit}"
        );
        rows::pairs(self.reader(), sql, [Review::New.word().into()]).await
    }

    /// Projects in which another model is asked in the place of ended ones, and nobody was told
    /// yet.
    pub(super) async fn replacements(&self) -> StoreResult<Vec<NewNotice>> {
        let rest = "FROM llm_model_replacements r \
            JOIN llm_monitoring_projects p ON p.id = r.project_id \
            WHERE p.deleted_at IS NULL AND NOT EXISTS (SELECT 1 FROM llm_notices n \
                WHERE n.workspace_id = r.workspace_id AND n.kind = 'model_replaced' \
                AND n.subject = r.project_id || '/' || r.new_model_id) \
            ORDER BY r.project_id, r.new_model_id, r.id";
        let mut news: Vec<NewNotice> = Vec::new();
        let found: Vec<Replacement> = rows::select(self.reader(), rest, []).await?;
        for row in found {
            let Replacement {
                workspace,
                project,
                new,
                at,
                ..
            } = row;
            let ended = self.priced(row.old, at).await?;
            let subject = format!("{project}/{new}");
            if let Some(NewNotice {
                notice: Notice::ModelReplaced { old, .. },
                ..
            }) = news.last_mut().filter(|last| last.subject == subject)
            {
                old.push(ended);
                continue;
            }
            news.push(NewNotice {
                workspace: Some(workspace),
                project: Some(project),
                subject,
                notice: Notice::ModelReplaced {
                    old: vec![ended],
                    new: self.priced(new, at).await?,
                },
            });
        }
        Ok(news)
    }

    /// A model's name and what it cost at a moment.
    async fn priced(&self, model: ModelId, at: DateTime<Utc>) -> StoreResult<PricedModel> {
        let price = price_at(self.reader(), model, at).await?;
        Ok(PricedModel {
            name: model_row(self.reader(), model).await?.model_display_name,
            price: price.map(|price| (price.input, price.output, price.search_fee)),
        })
    }

    /// Models that projects ask and that retire 30, 7 and 1 days from now or sooner, or have
    /// retired: told to the admins, and to each workspace whose projects ask them. Of the many
    /// that nobody asks the registry tells.
    pub(super) async fn retirements(&self) -> StoreResult<Vec<NewNotice>> {
        let now = self.clock().now();
        let longest = AHEAD.into_iter().max().unwrap_or_default();
        let mut news = Vec::new();
        for model in self.retiring_models(now, longest + 1).await? {
            let ahead = if model.has_ended {
                Some(0)
            } else {
                AHEAD.into_iter().find(|ahead| model.days_left <= *ahead)
            };
            let Some(ahead) = ahead.filter(|_| !model.projects.is_empty()) else {
                continue;
            };
            let mut of_workspaces: BTreeMap<WorkspaceId, Vec<ProjectId>> = BTreeMap::new();
            for (workspace, project, _) in &model.projects {
                of_workspaces.entry(*workspace).or_default().push(*project);
            }
            let all = of_workspaces.values().flatten().copied().collect();
            news.push(retirement(&model, None, ahead, all));
            for (workspace, projects) in of_workspaces {
                news.push(retirement(&model, Some(workspace), ahead, projects));
            }
        }
        Ok(news)
    }
}

fn retirement(
    model: &RetiringModel,
    workspace: Option<WorkspaceId>,
    ahead: i64,
    project_ids: Vec<ProjectId>,
) -> NewNotice {
    NewNotice {
        workspace,
        project: None,
        // A day that is moved is another one.
        subject: format!("{}/{}/{ahead}", model.id, model.retires_on),
        notice: Notice::ModelRetiring {
            model: model.id,
            name: model.name.clone(),
            on: model.retires_on,
            days: if model.has_ended {
                model.days_left.min(0)
            } else {
                model.days_left.max(1)
            },
            projects: Vec::new(),
            project_ids,
        },
    }
}
