//! Which models and which topics a figure is asked for.

use app::api::error::ApiError;
use app::model::dashboard::DashboardQuery;
use app::model::ids::{ModelId, ProjectId, PromptId};
use app::texts::errors;
use app::validate::{self, Check};

use crate::auth::Viewer;
use crate::services::{ServiceError, ServiceResult, Services};
use crate::store::sums::{Pooled, SumsStamp};

/// What figures are made of: the sums of their project, and the prompts that have one of their tags;
/// `None`: all prompts. While both are the same, so are the figures. No sum tells when a prompt gets
/// another tag.
pub(super) type MadeOf = (SumsStamp, Option<Vec<PromptId>>);

impl Services {
    /// The query of a caller, its models and tags checked, which are in the fields of these paths.
    /// A tag that no prompt has is no mistake: it has no answers, or none any more.
    ///
    /// # Errors
    /// As [`Self::chosen_models`]; or there are too many tags, or one is longer than tags are.
    pub(super) async fn chosen(
        &self,
        by: Viewer,
        query: DashboardQuery,
        (models, tags): (&'static str, &'static str),
    ) -> ServiceResult<DashboardQuery> {
        let mut check = Check::new(self.language);
        let wanted = check.tags(tags, &query.tags);
        let tags = check.done(wanted)?;
        let model_ids = self
            .chosen_models(by, query.project_id, (models, &query.model_ids))
            .await?;
        Ok(DashboardQuery {
            model_ids,
            tags,
            ..query
        })
    }

    /// The prompts that figures are over; `None`: all.
    pub(super) async fn prompts_of(
        &self,
        by: Viewer,
        query: &DashboardQuery,
    ) -> ServiceResult<Option<Vec<PromptId>>> {
        if query.tags.is_empty() {
            return Ok(None);
        }
        let store = &self.host.store;
        let prompts = store
            .prompts_tagged(by.workspace(), query.project_id, &query.tags)
            .await?;
        Ok(Some(prompts))
    }

    /// The models that a caller has chosen for a figure of a project, in the field at the path
    /// `field` of the request. An empty list means all.
    ///
    /// # Errors
    /// There are too many, or the project neither asks one of them now nor has answers of it.
    pub(in crate::services) async fn chosen_models(
        &self,
        by: Viewer,
        project: ProjectId,
        (field, wanted): (&'static str, &[ModelId]),
    ) -> ServiceResult<Vec<ModelId>> {
        let mut check = Check::new(self.language);
        let wanted = check.ids(field, wanted, validate::MODELS);
        let wanted = check.done(wanted)?;
        if wanted.is_empty() {
            return Ok(wanted);
        }
        let store = &self.host.store;
        let known = store.models_of_project(by.workspace(), project).await?;
        if wanted.iter().all(|model| known.contains(model)) {
            return Ok(wanted);
        }
        Err(ServiceError::Field(field, errors::MODEL_UNKNOWN))
    }

    /// The models of a figure over `wanted`, or over all models if the list is empty; and the
    /// models that it leaves out. With `simulated`, only the simulator's among them.
    pub(in crate::services) async fn pooled(
        &self,
        by: Viewer,
        project: ProjectId,
        wanted: &[ModelId],
        simulated: bool,
    ) -> ServiceResult<Pooled> {
        let store = &self.host.store;
        if !simulated {
            return Ok(store.pooled(by.workspace(), project, wanted).await?);
        }
        Ok(Pooled {
            models: store.made_up_models(wanted).await?,
            left_out: Vec::new(),
        })
    }

    /// The models to ask a figure for: `model`, or all (an empty list). With `simulated`, only the
    /// simulator's among them.
    pub async fn models_of(
        &self,
        model: Option<ModelId>,
        simulated: bool,
    ) -> Result<Vec<ModelId>, ApiError> {
        let named: Vec<ModelId> = model.into_iter().collect();
        if !simulated {
            return Ok(named);
        }
        let models = async {
            self.viewer()?;
            Ok(self.host.store.made_up_models(&named).await?)
        };
        self.reply(models.await)
    }
}
