//! What there is to tell of models that another one has begun to answer for.

use app::model::ids::{ModelId, ProjectId, WorkspaceId};
use app::model::notices::Notice;
use app::model::served::{Seam, seams};
use chrono::{DateTime, Utc};

use super::notices::NewNotice;
use crate::store::sql::rows;
use crate::store::{Store, StoreError, StoreResult};

/// Projects where somebody answered since `$1` who did not on the day before that has answers:
/// elsewhere there can be no seam.
const RECENT: &str = "SELECT DISTINCT r.workspace_id, r.project_id \
    FROM llm_monitoring_served_days r \
    JOIN llm_monitoring_projects p ON p.id = r.project_id AND p.deleted_at IS NULL \
    WHERE r.day >= $1 AND EXISTS (SELECT 1 FROM llm_monitoring_served_days b \
        WHERE b.project_id = r.project_id AND b.model_id = r.model_id \
        AND b.model_served <> r.model_served AND (b.day = r.day OR b.day = \
            (SELECT MAX(c.day) FROM llm_monitoring_served_days c \
             WHERE c.project_id = r.project_id AND c.model_id = r.model_id AND c.day < r.day))) \
    ORDER BY r.workspace_id, r.project_id";

impl Store {
    /// Models that another one has begun to answer for since then: told to those who look after
    /// the workspace, once a seam, and to the admins, once a pair of names.
    pub(super) async fn models_swapped(&self, since: DateTime<Utc>) -> StoreResult<Vec<NewNotice>> {
        let since = since.date_naive();
        let mut news = Vec::new();
        let recent: Vec<(WorkspaceId, ProjectId)> =
            rows::pairs(self.reader(), RECENT, [since.into()]).await?;
        for (workspace, project) in recent {
            let swaps = seams(&self.served_days(workspace, project).await?);
            for seam in swaps.into_iter().filter(|seam| seam.day >= since) {
                let Seam {
                    model_id,
                    day,
                    asked,
                    served,
                    ..
                } = seam;
                let of_admins = format!("{model_id}/{asked}/{served}");
                let notice = Notice::ModelSwapped {
                    name: self.model_name(model_id).await?,
                    asked,
                    served,
                    day,
                };
                news.push(NewNotice {
                    workspace: Some(workspace),
                    project: Some(project),
                    subject: format!("{project}/{model_id}/{day}"),
                    notice: notice.clone(),
                });
                news.push(NewNotice {
                    workspace: None,
                    project: None,
                    subject: of_admins,
                    notice,
                });
            }
        }
        Ok(news)
    }

    async fn model_name(&self, model: ModelId) -> StoreResult<String> {
        let sql = "SELECT model_display_name FROM llm_model_registry WHERE id = $1";
        rows::value(self.reader(), sql, [model.0.into()])
            .await?
            .ok_or(StoreError::NotFound)
    }
}
