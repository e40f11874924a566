//! Models and their prices.

use app::api::error::{ApiError, FieldError};
use app::api::registry::RegistryPort;
use app::model::ids::{ModelId, WorkspaceId};
use app::model::registry::{
    CheckView, ModelChange, ModelDraft, ModelView, PriceEntry, RegistryChange, RetiringView, Review,
};
use app::texts::errors;
use app::validate::{self, Check};
use async_trait::async_trait;

use super::list_check::ModelCheck;
use crate::auth::{Admin, Viewer};
use crate::services::{ServiceError, ServiceResult, Services};
use crate::store::registry::RegistryError;

const MODEL_NAME: (usize, usize) = (1, 100);
/// Entries of the audit log that the screen shows.
const CHANGES_SHOWN: i64 = 100;
/// How far ahead the screen looks for models that retire.
const RETIRING_WITHIN_DAYS: i64 = 90;

impl From<RegistryError> for ServiceError {
    fn from(error: RegistryError) -> Self {
        match error {
            RegistryError::LastCurrent => Self::Conflict(errors::LAST_MODEL),
            RegistryError::CurrentNeedsPrice => Self::Conflict(errors::CURRENT_NEEDS_PRICE),
            RegistryError::HasEnded => Self::Conflict(errors::MODEL_ENDED),
            RegistryError::ApprovalNeedsPrice => Self::Conflict(errors::APPROVAL_NEEDS_PRICE),
            RegistryError::PriceMoved => Self::Conflict(errors::CONFLICT),
            RegistryError::IncompletePrice => Self::Field("price.output", errors::REQUIRED),
            RegistryError::IncompleteTier => {
                Self::Field("price.tier.above_tokens", errors::PRICE_TIER)
            }
            RegistryError::AlreadyThere => Self::Field("model_id", errors::NAME_TAKEN),
            RegistryError::Store(error) => error.into(),
        }
    }
}

impl Services {
    async fn registry(&self, by: Viewer, all: bool) -> ServiceResult<Vec<ModelView>> {
        let mut models = self.host.store.models().await?;
        models.retain(|model| all || model.is_offered());
        for model in &mut models {
            model.usable = self
                .host
                .keys
                .has_access(by.workspace(), model.provider)
                .await?;
        }
        Ok(models)
    }

    async fn change(
        &self,
        by: Admin,
        model_id: ModelId,
        mut change: ModelChange,
    ) -> ServiceResult<ModelView> {
        let model = self.host.store.model(model_id).await?;
        let mut check = Check::new(self.language);
        if let Some(name) = &change.display_name {
            change.display_name = Some(check.line("display_name", name, MODEL_NAME));
        }
        within(
            &mut check,
            "max_tokens",
            change.max_tokens,
            validate::MAX_TOKENS,
        );
        within(
            &mut check,
            "max_in_flight",
            change.max_in_flight,
            validate::IN_FLIGHT,
        );
        check.done(())?;
        let amounts = change
            .price
            .as_ref()
            .map(|price| validate::price(self.language, price))
            .transpose()?;
        if change.is_current == Some(true) && !model.is_current {
            // Nothing is paid for what would be refused anyway.
            if model.has_ended {
                return Err(ServiceError::Conflict(errors::MODEL_ENDED));
            }
            let has_price = model.price.is_some() || amounts.is_some();
            if !change.is_available.unwrap_or(model.is_available) || !has_price {
                return Err(ServiceError::Conflict(errors::CURRENT_NEEDS_PRICE));
            }
            self.try_model(by, model_id, amounts.as_ref()).await?;
        }
        self.host
            .store
            .change_model(model_id, &change, amounts, by.user())
            .await?;
        tracing::info!(model.id = %model_id, user.id = %by.user(), "model changed");
        self.usable_model(by.workspace(), model_id).await
    }

    /// A model, with whether a workspace can use it.
    pub(super) async fn usable_model(
        &self,
        workspace: WorkspaceId,
        model_id: ModelId,
    ) -> ServiceResult<ModelView> {
        let mut model = self.host.store.model(model_id).await?;
        model.usable = self.host.keys.has_access(workspace, model.provider).await?;
        Ok(model)
    }

    async fn check_lists(&self, by: Admin) -> ServiceResult<CheckView> {
        tracing::info!(user.id = %by.user(), "a check of the models was asked for");
        let check = ModelCheck::from(&self.host);
        // A browser that goes away meanwhile does not leave it half done.
        let checking = tokio::spawn(async move { check.check_now().await });
        let report = checking
            .await
            .map_err(|error| ServiceError::Internal(error.to_string()))??;
        Ok(CheckView {
            checked: report
                .checked
                .iter()
                .map(|checked| checked.provider)
                .collect(),
            failed: report
                .failed
                .into_iter()
                .map(|failed| (failed.provider, failed.reason))
                .collect(),
            new_models: report
                .new_models
                .into_iter()
                .map(|model| model.name)
                .collect(),
        })
    }

    async fn retiring(&self, by: Admin) -> ServiceResult<Vec<RetiringView>> {
        let store = &self.host.store;
        let now = store.clock().now();
        let retiring = store.retiring_models(now, RETIRING_WITHIN_DAYS).await?;
        let view = |model: crate::store::registry::RetiringModel| RetiringView {
            model_id: model.id,
            provider: model.provider,
            name: model.name,
            retires_at: model.retires_at,
            days_left: model.days_left,
            has_ended: model.has_ended,
            projects: model
                .projects
                .into_iter()
                .filter(|(workspace, ..)| *workspace == by.workspace())
                .map(|(_, id, name)| (id, name))
                .collect(),
        };
        Ok(retiring.into_iter().map(view).collect())
    }

    async fn add(&self, by: Admin, mut draft: ModelDraft) -> ServiceResult<ModelView> {
        let mut check = Check::new(self.language);
        draft.model_id = check.line("model_id", &draft.model_id, MODEL_NAME);
        draft.display_name = check.line("display_name", &draft.display_name, (0, MODEL_NAME.1));
        within(
            &mut check,
            "max_tokens",
            draft.max_tokens,
            validate::MAX_TOKENS,
        );
        check.done(())?;
        let is_visible = draft
            .model_id
            .chars()
            .all(|character| !character.is_whitespace());
        if !is_visible {
            let message = errors::BAD_REQUEST.get(self.language).to_owned();
            return Err(ServiceError::Invalid(vec![FieldError {
                field: "model_id".to_owned(),
                message,
            }]));
        }
        if draft.display_name.is_empty() {
            draft.display_name.clone_from(&draft.model_id);
        }
        let model_id = self.host.store.add_model(&draft, Some(by.user())).await?;
        tracing::info!(model.id = %model_id, user.id = %by.user(), "model added");
        Ok(self.host.store.model(model_id).await?)
    }
}

/// Notes a number that is outside of its limits.
fn within(check: &mut Check, field: &str, number: Option<i64>, (min, max): (i64, i64)) {
    if number.is_some_and(|number| !(min..=max).contains(&number)) {
        check.wrong(field, errors::NUMBER_RANGE, &[("min", &min), ("max", &max)]);
    }
}

#[async_trait]
impl RegistryPort for Services {
    async fn list_models(&self) -> Result<Vec<ModelView>, ApiError> {
        self.reply(
            async {
                self.registry(self.viewer()?, self.caller()?.user.is_admin)
                    .await
            }
            .await,
        )
    }

    async fn change_model(
        &self,
        model_id: ModelId,
        change: ModelChange,
    ) -> Result<ModelView, ApiError> {
        self.reply(async { self.change(self.admin()?, model_id, change).await }.await)
    }

    async fn add_model(&self, draft: ModelDraft) -> Result<ModelView, ApiError> {
        self.reply(async { self.add(self.admin()?, draft).await }.await)
    }

    async fn price_history(&self, model_id: ModelId) -> Result<Vec<PriceEntry>, ApiError> {
        self.reply(
            async {
                self.admin()?;
                self.host.store.model(model_id).await?;
                Ok(self.host.store.price_history(model_id).await?)
            }
            .await,
        )
    }
    async fn review_model(&self, model_id: ModelId, approve: bool) -> Result<ModelView, ApiError> {
        let verdict = if approve {
            Review::Approved
        } else {
            Review::Rejected
        };
        self.reply(async { self.review(self.admin()?, model_id, verdict).await }.await)
    }

    async fn check_models(&self) -> Result<CheckView, ApiError> {
        self.reply(async { self.check_lists(self.admin()?).await }.await)
    }

    async fn registry_changes(&self) -> Result<Vec<RegistryChange>, ApiError> {
        self.reply(
            async {
                self.admin()?;
                Ok(self.host.store.registry_changes(CHANGES_SHOWN).await?)
            }
            .await,
        )
    }

    async fn retiring_models(&self) -> Result<Vec<RetiringView>, ApiError> {
        self.reply(async { self.retiring(self.admin()?).await }.await)
    }
}
