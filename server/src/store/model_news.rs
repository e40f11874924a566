//! What there is to tell of models: new ones to review, and those that retire.

use std::collections::BTreeMap;

use app::model::ids::{ModelId, WorkspaceId};
use app::model::notices::Notice;
use app::model::registry::Review;

use super::model_check::RetiringModel;
use super::notices::News;
use super::{Store, StoreResult, rows};

/// Days ahead of a retirement at which it is told.
const AHEAD: [i64; 3] = [1, 7, 30];
/// Names that a notice of new models tells.
const NAMED: usize = 5;

impl Store {
    /// Models that providers have, and that no admin has approved or rejected yet. One notice
    /// for all of them; more are told once a later look brings more.
    pub(super) async fn new_models(&self) -> StoreResult<Option<News>> {
        let sql = "SELECT id, model_display_name FROM llm_model_registry WHERE review = $1 \
            ORDER BY id DESC";
        let found = rows::all(self.reader(), sql, [Review::New.word().into()]).await?;
        let Some(newest) = found.first() else {
            return Ok(None);
        };
        let newest: i64 = newest.try_get_by_index(0)?;
        let names = found.iter().take(NAMED).map(|row| row.try_get_by_index(1));
        Ok(Some(News {
            workspace: None,
            project: None,
            subject: newest.to_string(),
            notice: Notice::ModelsNew {
                names: names.collect::<Result<_, _>>()?,
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
        let found = rows::all(self.reader(), sql, [Review::New.word().into()]).await?;
        found
            .iter()
            .map(|row| Ok((ModelId(row.try_get_by_index(0)?), row.try_get_by_index(1)?)))
            .collect()
    }

    /// Models that retire 30, 7 and 1 days from now or sooner: told to the admins, and to each
    /// workspace whose projects ask them.
    pub(super) async fn retirements(&self) -> StoreResult<Vec<News>> {
        let now = self.clock().now();
        let longest = AHEAD.into_iter().max().unwrap_or_default();
        let mut news = Vec::new();
        for model in self.retiring_models(now, longest + 1).await? {
            let Some(ahead) = AHEAD.into_iter().find(|ahead| model.days_left <= *ahead) else {
                continue;
            };
            if model.days_left < 0 {
                continue;
            }
            let mut of_workspaces: BTreeMap<WorkspaceId, Vec<String>> = BTreeMap::new();
            for (workspace, _, name) in &model.projects {
                of_workspaces
                    .entry(*workspace)
                    .or_default()
                    .push(name.clone());
            }
            let all = of_workspaces.values().flatten().cloned().collect();
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
    projects: Vec<String>,
) -> News {
    News {
        workspace,
        project: None,
        // A day that is moved is another one.
        subject: format!("{}/{}/{ahead}", model.id, model.retires_on),
        notice: Notice::ModelRetiring {
            model: model.id,
            name: model.name.clone(),
            on: model.retires_on,
            days: model.days_left,
            projects,
        },
    }
}
