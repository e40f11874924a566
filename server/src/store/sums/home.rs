//! Visibility of many projects day by day, for a list of projects.

use std::collections::{BTreeMap, HashMap};

use app::model::ids::{ProjectId, WorkspaceId};
use app::model::metrics::{Ratio, visibility};
use app::model::provider::Provider;
use chrono::NaiveDate;

use super::columns::sum;
use super::pooled::{projects_with_real_answers, without_made_up};
use crate::store::sql::record::record;
use crate::store::sql::rows;
use crate::store::{Store, StoreResult};

record! {
    /// A day of one provider's models in a project.
    struct ProjectDay {
        project: ProjectId = "s.project_id",
        provider: Provider = "s.llm_provider",
        day: NaiveDate = "s.snapshot_date",
        mentions: i64 = sum("s.mentions"),
        answers: i64 = sum("s.answers"),
    }
}

/// The days of a project, added up over its providers.
#[derive(Default)]
struct ByDay(BTreeMap<NaiveDate, Ratio>);

impl std::ops::AddAssign for ByDay {
    fn add_assign(&mut self, other: Self) {
        for (day, ratio) in other.0 {
            let sum = self.0.entry(day).or_default();
            *sum = *sum + ratio;
        }
    }
}

impl Store {
    /// Visibility by day of each of these projects, from `from` to `to`, over the models that are
    /// pooled. Days and projects without answers are left out, and so are projects of another
    /// workspace. One query, however many projects there are.
    pub async fn daily_visibility(
        &self,
        workspace_id: WorkspaceId,
        projects: &[ProjectId],
        (from, to): (NaiveDate, NaiveDate),
    ) -> StoreResult<HashMap<ProjectId, BTreeMap<NaiveDate, Ratio>>> {
        let rest = format!(
            "FROM llm_monitoring_snapshots s \
             JOIN llm_monitoring_revisions r ON r.id = s.revision_id AND r.status = 'active' \
             WHERE s.workspace_id = $1 AND r.project_id IN ({}) AND s.prompts = 'all' \
             AND s.answers > 0 AND s.snapshot_date >= $2 AND s.snapshot_date <= $3 \
             GROUP BY s.project_id, s.llm_provider, s.snapshot_date",
            rows::id_list(projects.iter().map(|project| project.0))
        );
        let values = [workspace_id.0.into(), from.into(), to.into()];
        let found: Vec<ProjectDay> = rows::select(self.reader(), rest, values).await?;
        let parts = found.into_iter().map(|of| {
            let ratio = visibility(of.mentions, of.answers);
            let is_made_up = of.provider == Provider::Simulator;
            let day = ByDay(BTreeMap::from([(of.day, ratio)]));
            (of.project, is_made_up, day)
        });
        let with_real = projects_with_real_answers(self.reader(), projects).await?;
        let days = without_made_up(parts, &with_real);
        Ok(days.into_iter().map(|(id, days)| (id, days.0)).collect())
    }
}
