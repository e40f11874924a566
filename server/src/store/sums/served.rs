//! Under which names the models of a project answered, day by day.
//!
//! Invariant: a pure function of the answers, made anew with the sums of their day.

use std::collections::HashMap;

use app::model::ids::{AnswerId, ModelId, ProjectId, WorkspaceId};
use app::model::served::{Replaced, Seam, ServedDay, is_other_model, seams, successions};
use chrono::NaiveDate;
use sea_orm::{DatabaseTransaction, Value};

use crate::store::sql::record::record;
use crate::store::sql::rows;
use crate::store::sql::tenant::project_exists;
use crate::store::{Store, StoreResult};

/// Computes these rows again. It never waits for another transaction, because its caller holds the
/// lock on the revision's sums that all of them need.
pub(in crate::store) async fn refresh(
    tx: &DatabaseTransaction,
    project: ProjectId,
    model: ModelId,
    day: NaiveDate,
) -> StoreResult<()> {
    let key: [Value; 3] = [project.0.into(), model.0.into(), day.into()];
    let sql = "DELETE FROM llm_monitoring_served_days \
        WHERE project_id = $1 AND model_id = $2 AND day = $3";
    rows::execute(tx, sql, key.clone()).await?;
    let sql = "INSERT INTO llm_monitoring_served_days (workspace_id, project_id, model_id, day, \
        model_requested, model_served, answers, first_answer, last_answer) \
        SELECT a.workspace_id, a.project_id, a.model_id, a.analysis_day, a.model_requested, \
        a.model_served, COUNT(*), MIN(a.id), MAX(a.id) FROM llm_monitoring_results a \
        WHERE a.project_id = $1 AND a.model_id = $2 AND a.analysis_day = $3 \
        AND a.model_served <> '' \
        GROUP BY a.workspace_id, a.project_id, a.model_id, a.analysis_day, a.model_requested, \
        a.model_served";
    rows::execute(tx, sql, key).await?;
    Ok(())
}

impl Store {
    /// The places in a project's series where another model began to answer, by model and day:
    /// under the name of the one that is asked, or in its place since it has ended.
    pub async fn seams(
        &self,
        workspace_id: WorkspaceId,
        project: ProjectId,
    ) -> StoreResult<Vec<Seam>> {
        let days = self.served_days(workspace_id, project).await?;
        let mut all = seams(&days);
        let rest = "FROM llm_model_replacements r \
            JOIN llm_model_registry o ON o.id = r.old_model_id \
            JOIN llm_model_registry n ON n.id = r.new_model_id WHERE r.project_id = $1 \
            ORDER BY r.id";
        let replaced: Vec<Replaced> = rows::select(self.reader(), rest, [project.0.into()]).await?;
        all.extend(successions(&replaced, &days));
        all.sort_by_key(|seam| (seam.model_id, seam.day));
        Ok(all)
    }

    /// The names that other models than the ones that were asked answered a project under, each
    /// with the name that was asked.
    pub async fn other_models(
        &self,
        workspace_id: WorkspaceId,
        project: ProjectId,
    ) -> StoreResult<Vec<(String, String)>> {
        let days = self.served_days(workspace_id, project).await?;
        let mut names: Vec<(String, String)> = days
            .into_iter()
            .filter(|day| is_other_model(&day.asked, Some(&day.served)))
            .map(|day| (day.asked, day.served))
            .collect();
        names.sort_unstable();
        names.dedup();
        Ok(names)
    }

    /// Under which names each model answered on each day, with the name that was asked; by name,
    /// each once.
    pub(in crate::store) async fn served_names(
        &self,
        workspace_id: WorkspaceId,
        project: ProjectId,
    ) -> StoreResult<HashMap<(ModelId, NaiveDate), Vec<(String, String)>>> {
        let mut names: HashMap<_, Vec<(String, String)>> = HashMap::new();
        for day in self.served_days(workspace_id, project).await? {
            let of_day = names.entry((day.model_id, day.day)).or_default();
            of_day.push((day.asked, day.served));
        }
        for of_day in names.values_mut() {
            of_day.sort_unstable_by(|one, other| one.1.cmp(&other.1));
            of_day.dedup_by(|one, other| one.1 == other.1);
        }
        Ok(names)
    }

    /// By model, day and first answer.
    pub(in crate::store) async fn served_days(
        &self,
        workspace_id: WorkspaceId,
        project: ProjectId,
    ) -> StoreResult<Vec<ServedDay>> {
        let reader = self.reader();
        project_exists(reader, workspace_id, project).await?;
        let rest = "FROM llm_monitoring_served_days WHERE project_id = $1 \
            ORDER BY model_id, day, first_answer";
        rows::select(reader, rest, [project.0.into()]).await
    }
}

record! {
    for Replaced {
        old: ModelId = "r.old_model_id",
        new: ModelId = "r.new_model_id",
        asked: String = "o.model_id",
        served: String = "n.model_id",
    }
}

record! {
    for ServedDay {
        model_id: ModelId = "model_id",
        day: NaiveDate = "day",
        asked: String = "model_requested",
        served: String = "model_served",
        answers: i64 = "answers",
        first: AnswerId = "first_answer",
        last: AnswerId = "last_answer",
    }
}
