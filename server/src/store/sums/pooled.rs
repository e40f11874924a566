//! Which models a pooled figure includes: made-up answers are never pooled with real ones.
//!
//! Invariant: every figure over several models asks here. Once a real model has answered in a
//! project, its figures leave the simulator's models out, unless these alone are asked for.

use std::collections::{HashMap, HashSet};

use app::model::ids::{ModelId, ProjectId, WorkspaceId};
use app::model::project::NamedModel;
use app::model::provider::Provider;
use sea_orm::ConnectionTrait;

use crate::store::sql::record::record;
use crate::store::sql::rows;
use crate::store::sql::tenant::project_exists;
use crate::store::{Store, StoreResult};

/// Ids begin at 1.
const NO_MODEL: ModelId = ModelId(0);

/// Of project `$1`, whose answers are shown as revision `$2` reads them.
const MODELS_OF_PROJECT: &str = "SELECT model_id FROM llm_monitoring_project_models \
    WHERE project_id = $1 UNION SELECT model_id FROM llm_monitoring_snapshots WHERE revision_id = $2";

/// The models of a figure.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pooled {
    /// Those that it includes; empty: all.
    pub models: Vec<ModelId>,
    /// The simulator's models that have answers in the project and are not in the figure.
    pub left_out: Vec<ModelId>,
}

/// Whose answers figures of providers and days are made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Surface {
    /// Of providers that models run at.
    Real,
    /// Made up by the simulator.
    Simulated,
}

impl Surface {
    /// The condition on a table `alias` with the column `llm_provider`, with its `AND`.
    pub(in crate::store) fn condition(of: Option<Self>, alias: &str) -> String {
        let sign = match of {
            None => return String::new(),
            Some(Self::Real) => "<>",
            Some(Self::Simulated) => "=",
        };
        format!(
            " AND {alias}.llm_provider {sign} '{}'",
            Provider::Simulator.slug()
        )
    }
}

record! {
    /// A model that has answers in a project.
    struct AnsweringModel {
        model: ModelId = "s.model_id",
        provider: Provider = "s.llm_provider",
    }
}

/// The models that have answers in a project.
#[derive(Default)]
struct Answering {
    real: Vec<ModelId>,
    simulated: Vec<ModelId>,
}

impl Answering {
    fn are_both(&self) -> bool {
        !self.real.is_empty() && !self.simulated.is_empty()
    }
}

record! {
    for NamedModel {
        id: ModelId = "m.id",
        provider: Provider = "m.provider",
        name: String = "m.model_display_name",
    }
}

impl Store {
    /// The models of a figure over `wanted`, or over all models where the list is empty. Who
    /// wants nothing but models of the simulator gets them.
    pub async fn pooled(
        &self,
        workspace_id: WorkspaceId,
        project: ProjectId,
        wanted: &[ModelId],
    ) -> StoreResult<Pooled> {
        let Answering { real, simulated } = self.answering(workspace_id, project).await?;
        let is_made_up: HashSet<ModelId> = self.simulators().await?;
        let wants_made_up =
            !wanted.is_empty() && wanted.iter().all(|model| is_made_up.contains(model));
        if wants_made_up || real.is_empty() || simulated.is_empty() {
            return Ok(Pooled {
                models: wanted.to_vec(),
                left_out: Vec::new(),
            });
        }
        let models = if wanted.is_empty() { &real[..] } else { wanted };
        Ok(Pooled {
            models: models
                .iter()
                .copied()
                .filter(|model| !is_made_up.contains(model))
                .collect(),
            left_out: simulated,
        })
    }

    /// The simulator's models among `wanted`, or all of them where the list is empty: for a
    /// figure of these alone. Never an empty list, which would mean all models.
    pub async fn made_up_models(&self, wanted: &[ModelId]) -> StoreResult<Vec<ModelId>> {
        let is_wanted = |model: &ModelId| wanted.is_empty() || wanted.contains(model);
        let all = self.simulators().await?;
        let mut models: Vec<ModelId> = all.into_iter().filter(is_wanted).collect();
        models.sort_unstable();
        if models.is_empty() {
            models.push(NO_MODEL);
        }
        Ok(models)
    }

    /// The models that a figure of a project may be asked for: those that it asks, and those
    /// that have answered.
    pub async fn models_of_project(
        &self,
        workspace_id: WorkspaceId,
        project: ProjectId,
    ) -> StoreResult<HashSet<ModelId>> {
        project_exists(self.reader(), workspace_id, project).await?;
        let revision = self.active_revision(workspace_id, project).await?;
        let revision = revision.map_or(0, |revision| revision.0);
        let values = [project.0.into(), revision.into()];
        let models = rows::column(self.reader(), MODELS_OF_PROJECT, values).await?;
        Ok(models.into_iter().collect())
    }

    /// The same models with their names.
    pub async fn named_models(
        &self,
        workspace_id: WorkspaceId,
        project: ProjectId,
    ) -> StoreResult<Vec<NamedModel>> {
        project_exists(self.reader(), workspace_id, project).await?;
        let revision = self.active_revision(workspace_id, project).await?;
        let rest =
            format!("FROM llm_model_registry m WHERE m.id IN ({MODELS_OF_PROJECT}) ORDER BY m.id");
        let revision = revision.map_or(0, |revision| revision.0);
        let values = [project.0.into(), revision.into()];
        rows::select(self.reader(), rest, values).await
    }

    /// Whose answers the figures of a project are made of; `None`: there is only one kind.
    pub async fn surface(
        &self,
        workspace_id: WorkspaceId,
        project: ProjectId,
        simulated: bool,
    ) -> StoreResult<Option<Surface>> {
        if simulated {
            project_exists(self.reader(), workspace_id, project).await?;
            return Ok(Some(Surface::Simulated));
        }
        let answering = self.answering(workspace_id, project).await?;
        Ok(answering.are_both().then_some(Surface::Real))
    }

    async fn answering(
        &self,
        workspace_id: WorkspaceId,
        project: ProjectId,
    ) -> StoreResult<Answering> {
        project_exists(self.reader(), workspace_id, project).await?;
        let revision = self.active_revision(workspace_id, project).await?;
        let rest = "FROM llm_monitoring_snapshots s \
            WHERE s.revision_id = $1 AND s.prompts = 'all' AND s.answers > 0 \
            GROUP BY s.model_id, s.llm_provider ORDER BY s.model_id";
        let revision = revision.map_or(0, |revision| revision.0);
        let mut answering = Answering::default();
        let found: Vec<AnsweringModel> =
            rows::select(self.reader(), rest, [revision.into()]).await?;
        for row in found {
            if row.provider == Provider::Simulator {
                answering.simulated.push(row.model);
            } else {
                answering.real.push(row.model);
            }
        }
        Ok(answering)
    }

    async fn simulators(&self) -> StoreResult<HashSet<ModelId>> {
        let sql = "SELECT id FROM llm_model_registry WHERE provider = $1";
        let values = [Provider::Simulator.slug().into()];
        let models = rows::column(self.reader(), sql, values).await?;
        Ok(models.into_iter().collect())
    }
}

/// Of several projects, those whose figures leave the simulator's models out.
pub(in crate::store) async fn projects_with_real_answers(
    connection: &impl ConnectionTrait,
    projects: &[ProjectId],
) -> StoreResult<HashSet<ProjectId>> {
    let sql = format!(
        "SELECT DISTINCT r.project_id FROM llm_monitoring_revisions r \
         JOIN llm_monitoring_snapshots s ON s.revision_id = r.id AND s.prompts = 'all' \
         AND s.answers > 0{} WHERE r.status = 'active' AND r.project_id IN ({})",
        Surface::condition(Some(Surface::Real), "s"),
        rows::id_list(projects.iter().map(|project| project.0))
    );
    let projects = rows::column(connection, sql, []).await?;
    Ok(projects.into_iter().collect())
}

/// Adds up what was summed of each project by kind, without what is made up where there are
/// real answers.
pub(super) fn without_made_up<S: std::ops::AddAssign + Default>(
    parts: impl IntoIterator<Item = (ProjectId, bool, S)>,
    with_real: &HashSet<ProjectId>,
) -> HashMap<ProjectId, S> {
    let mut sums: HashMap<ProjectId, S> = HashMap::new();
    for (project, is_made_up, part) in parts {
        if !(is_made_up && with_real.contains(&project)) {
            *sums.entry(project).or_default() += part;
        }
    }
    sums
}
