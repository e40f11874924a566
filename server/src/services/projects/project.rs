//! Projects, their entities and prompts.

use analysis::{EntitySpec, shared_name};
use app::api::error::ApiError;
use app::api::projects::ProjectsPort;
use app::model::ids::{ModelId, ProjectId};
use app::model::metrics::Ratio;
use app::model::project::{
    DeletedProject, ProjectDraft, ProjectFrame, ProjectSummary, ProjectView,
};
use app::model::provider::Provider;
use app::model::suggestions::{PromptClass, SuggestionWish, WhyMissing};
use app::texts::errors;
use app::validate::{self, Check};
use async_trait::async_trait;
use chrono::Duration;

use crate::auth::{Editor, Viewer};
use crate::services::{ServiceError, ServiceResult, Services};
use crate::store::projects::{ProjectError, ProjectOverview};
use crate::suggestions;

/// Days over which the list sums visibility.
const LIST_DAYS: i64 = 30;

/// In which order a new project has its questions: what people ask most comes first, and those
/// that name it last.
const FIRST_ASKED: [PromptClass; 5] = [
    PromptClass::Recommendation,
    PromptClass::TopList,
    PromptClass::Comparison,
    PromptClass::General,
    PromptClass::BrandVsCompetitor,
];

/// A project that was made, and what the templates do not have for it.
#[derive(Clone, Debug)]
pub struct NewProject {
    /// The project.
    pub project: ProjectView,
    /// Questions that were wanted of the templates and that they do not have.
    pub missing: usize,
    /// Why, where some are missing.
    pub why_missing: Option<WhyMissing>,
}

impl From<ProjectError> for ServiceError {
    fn from(error: ProjectError) -> Self {
        match error {
            ProjectError::NameTaken => Self::Field("name", errors::NAME_TAKEN),
            ProjectError::UnknownModel => Self::Field("model_ids", errors::MODEL_UNKNOWN),
            ProjectError::Quota(passed) => Self::Quota(passed),
            ProjectError::Store(error) => error.into(),
        }
    }
}

impl Services {
    async fn summaries(&self, by: Viewer) -> ServiceResult<Vec<ProjectSummary>> {
        let store = &self.host.store;
        let workspace = by.workspace();
        let rows = store.project_rows(workspace).await?;
        let prompts = store.prompt_counts(workspace).await?;
        let models = store.models_of_projects(workspace).await?;
        let registry = store.models().await?;
        let today = store
            .clock()
            .now()
            .with_timezone(&self.caller()?.time_zone())
            .date_naive();
        let ids: Vec<ProjectId> = rows.iter().map(|row| row.id.into()).collect();
        let mut runs = store.latest_runs(workspace, &ids).await?;
        let sums = store
            .sums_of_projects(
                workspace,
                &ids,
                today - Duration::days(LIST_DAYS - 1),
                today,
            )
            .await?;
        let mut summaries = Vec::with_capacity(rows.len());
        for row in rows {
            let id = ProjectId(row.id);
            let sums = sums.get(&id).copied().unwrap_or_default();
            let model_ids = models.get(&id).map(Vec::as_slice).unwrap_or_default();
            summaries.push(ProjectSummary {
                id,
                name: row.name,
                brand_name: row.brand_name,
                is_active: row.is_active,
                prompts: prompts.get(&id).copied().unwrap_or_default(),
                providers: providers_of(model_ids, &registry),
                last_run: runs.remove(&id),
                visibility: Ratio {
                    numerator: sums.mentions,
                    denominator: sums.answers,
                },
            });
        }
        Ok(summaries)
    }

    async fn whole_project(&self, by: Viewer, project_id: ProjectId) -> ServiceResult<ProjectView> {
        let store = &self.host.store;
        let mut view = store.project(by.workspace(), project_id).await?;
        view.last_run = store
            .latest_runs(by.workspace(), &[project_id])
            .await?
            .remove(&project_id);
        view.models = store.named_models(by.workspace(), project_id).await?;
        let ended_at = view.last_run.as_ref().and_then(|run| run.finished_at);
        view.record.last_analysis_at = ended_at.or(view.record.last_analysis_at);
        Ok(view)
    }

    async fn framed_project(
        &self,
        by: Viewer,
        project_id: ProjectId,
    ) -> ServiceResult<ProjectFrame> {
        let project = self.whole_project(by, project_id).await?;
        let mut budget = self.host.store.budget(by.workspace()).await?;
        budget.alerts.retain(|alert| {
            let of_project = alert.project.as_ref().map(|(of, _)| *of);
            of_project.is_none_or(|of| of == project_id)
        });
        Ok(ProjectFrame { project, budget })
    }

    /// The draft, clean, if no name in it stands for two entities in any spelling.
    pub(super) fn checked(&self, draft: &ProjectDraft) -> ServiceResult<ProjectDraft> {
        let draft = validate::project(self.language, draft)?;
        self.check_schedule(&draft.schedule)?;
        let entities: Vec<EntitySpec<usize>> = std::iter::once(&draft.brand)
            .chain(&draft.competitors)
            .enumerate()
            .map(|(key, entity)| EntitySpec {
                key,
                name: entity.name.clone(),
                aliases: entity
                    .aliases
                    .iter()
                    .map(|alias| alias.as_str().into())
                    .collect(),
                domains: Vec::new(),
            })
            .collect();
        let Some(shared) = shared_name(&entities) else {
            return Ok(draft);
        };
        let field = match shared.second_index.checked_sub(1) {
            None => "brand.name".to_owned(),
            Some(index) => format!("competitors.{index}.name"),
        };
        let mut check = Check::new(self.language);
        check.wrong(
            field,
            errors::NAME_TWICE,
            &[
                ("name", &shared.name),
                ("first", &shared.first),
                ("second", &shared.second),
            ],
        );
        Ok(check.done(draft)?)
    }

    async fn make_project(&self, by: Editor, draft: &ProjectDraft) -> ServiceResult<ProjectId> {
        let draft = self.checked(draft)?;
        Ok(self
            .host
            .store
            .create_project(by.workspace(), &draft)
            .await?)
    }

    async fn change_project(
        &self,
        by: Editor,
        project_id: ProjectId,
        draft: &ProjectDraft,
    ) -> ServiceResult<ProjectView> {
        // A project that is not theirs is not found, whatever the draft looks like.
        self.host.store.project(by.workspace(), project_id).await?;
        let draft = self.checked(draft)?;
        self.host
            .store
            .update_project(by.workspace(), project_id, &draft)
            .await?;
        self.whole_project(by.into(), project_id).await
    }

    /// The projects of the workspace, by name, for programs.
    pub async fn project_overviews(&self) -> Result<Vec<ProjectOverview>, ApiError> {
        self.reply(
            async {
                Ok(self
                    .host
                    .store
                    .project_overviews(self.viewer()?.workspace())
                    .await?)
            }
            .await,
        )
    }

    /// One of them.
    pub async fn project_overview(
        &self,
        project_id: ProjectId,
    ) -> Result<ProjectOverview, ApiError> {
        self.reply(
            async {
                Ok(self
                    .host
                    .store
                    .project_overview(self.viewer()?.workspace(), project_id)
                    .await?)
            }
            .await,
        )
    }

    /// A project as it would be typed again, for somebody who may change it.
    pub async fn project_draft(&self, project_id: ProjectId) -> Result<ProjectDraft, ApiError> {
        self.reply(
            async {
                let workspace = self.editor()?.workspace();
                Ok(self
                    .host
                    .store
                    .project(workspace, project_id)
                    .await?
                    .record
                    .draft())
            }
            .await,
        )
    }

    /// Makes a project; one that brings no questions gets `count` from the templates, as far as
    /// they have them in its language.
    pub async fn create_project_with_templates(
        &self,
        draft: ProjectDraft,
        count: usize,
    ) -> Result<NewProject, ApiError> {
        self.reply(
            async {
                let by = self.editor()?;
                let mut draft = self.checked(&draft)?;
                let (mut missing, mut why_missing) = (0, None);
                if draft.prompts.is_none() {
                    let made = made_from_templates(&draft, count);
                    missing = count - made.len();
                    why_missing = (missing > 0).then(|| {
                        if suggestions::has_templates(&draft.language) {
                            WhyMissing::NoMore
                        } else {
                            WhyMissing::NoTemplates
                        }
                    });
                    draft.prompts = Some(made);
                }
                let store = &self.host.store;
                let project_id = store.create_project(by.workspace(), &draft).await?;
                Ok(NewProject {
                    project: self.whole_project(by.into(), project_id).await?,
                    missing,
                    why_missing,
                })
            }
            .await,
        )
    }
}

fn made_from_templates(draft: &ProjectDraft, count: usize) -> Vec<String> {
    let competitors = draft.competitors.iter();
    let wish = SuggestionWish {
        brand: draft.brand.name.clone(),
        competitors: competitors.map(|entity| entity.name.clone()).collect(),
        about: draft.industry.clone(),
        language: draft.language.clone(),
        count,
        ..SuggestionWish::default()
    };
    let mut made = suggestions::from_templates(&wish)
        .unwrap_or_default()
        .suggestions;
    made.sort_by_key(|one| FIRST_ASKED.iter().position(|class| *class == one.class));
    made.into_iter().map(|one| one.text).collect()
}

fn providers_of(
    model_ids: &[ModelId],
    registry: &[app::model::registry::ModelView],
) -> Vec<Provider> {
    let mut providers: Vec<Provider> = registry
        .iter()
        .filter(|model| model_ids.contains(&model.id))
        .map(|model| model.provider)
        .collect();
    providers.sort_unstable();
    providers.dedup();
    providers
}

#[async_trait]
impl ProjectsPort for Services {
    async fn list_projects(&self) -> Result<Vec<ProjectSummary>, ApiError> {
        self.reply(async { self.summaries(self.viewer()?).await }.await)
    }

    async fn project(&self, project_id: ProjectId) -> Result<ProjectView, ApiError> {
        self.reply(async { self.whole_project(self.viewer()?, project_id).await }.await)
    }

    async fn project_frame(&self, project_id: ProjectId) -> Result<ProjectFrame, ApiError> {
        self.reply(async { self.framed_project(self.viewer()?, project_id).await }.await)
    }

    async fn create_project(&self, draft: ProjectDraft) -> Result<ProjectId, ApiError> {
        self.reply(async { self.make_project(self.editor()?, &draft).await }.await)
    }

    async fn update_project(
        &self,
        project_id: ProjectId,
        draft: ProjectDraft,
    ) -> Result<ProjectView, ApiError> {
        self.reply(
            async {
                self.change_project(self.editor()?, project_id, &draft)
                    .await
            }
            .await,
        )
    }

    async fn deleted_projects(&self) -> Result<Vec<DeletedProject>, ApiError> {
        self.reply(
            async {
                let by = self.viewer()?;
                Ok(self.host.store.deleted_projects(by.workspace()).await?)
            }
            .await,
        )
    }

    async fn restore_project(&self, project_id: ProjectId) -> Result<(), ApiError> {
        self.reply(
            async {
                let by = self.editor()?;
                let store = &self.host.store;
                store.restore_project(by.workspace(), project_id).await?;
                tracing::info!(project.id = %project_id, user.id = %by.user(), "project restored");
                Ok(())
            }
            .await,
        )
    }

    async fn delete_project(&self, project_id: ProjectId) -> Result<(), ApiError> {
        self.reply(
            async {
                let by = self.editor()?;
                let store = &self.host.store;
                store.delete_project(by.workspace(), project_id).await?;
                tracing::info!(project.id = %project_id, user.id = %by.user(), "project deleted");
                Ok(())
            }
            .await,
        )
    }
}
