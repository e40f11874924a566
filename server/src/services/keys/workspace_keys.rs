//! API keys and the budget of a workspace.

use app::api::error::{ApiError, FieldError};
use app::api::keys::KeysPort;
use app::model::ids::ModelId;
use app::model::judge::JudgeView;
use app::model::keys::{BudgetDraft, BudgetView, KeyDraft, KeySource, KeyTest, KeyView};
use app::model::outcome::ErrorClass;
use app::model::provider::Provider;
use app::texts::errors;
use app::validate;
use async_trait::async_trait;
use providers::reach::OutOfReach;
use providers::{Reach, check_address};

use crate::auth::{Owner, Viewer};
use crate::services::error::AccessError;
use crate::services::{ServiceError, ServiceResult, Services};
use crate::store::accounts::NewCredential;
use crate::store::money::BudgetChange;
use crate::vault::KeyPlace;

/// Characters of a key that the screen may show.
const SHOWN: usize = 4;

impl Services {
    async fn key_views(&self, by: Viewer) -> ServiceResult<Vec<KeyView>> {
        let stored = self.host.store.credentials(by.workspace()).await?;
        let mut views = Vec::new();
        for &provider in Provider::ALL
            .iter()
            .filter(|provider| **provider != Provider::Simulator)
        {
            let row = stored.iter().find(|row| row.provider == provider);
            let environment = self.host.keys.environment(by.workspace(), provider).await?;
            let is_stored = row.is_some_and(|row| {
                row.sealed.is_some() || (!provider.needs_key() && row.base_url.is_some())
            });
            let source = if is_stored {
                KeySource::Stored
            } else if environment.api_key.is_some() {
                KeySource::Environment
            } else {
                KeySource::Missing
            };
            views.push(KeyView {
                provider,
                source,
                last_four: row.and_then(|row| row.last_four.clone()),
                base_url: row.and_then(|row| row.base_url.clone()),
                max_in_flight: row.and_then(|row| row.max_in_flight),
                updated_at: row.map(|row| row.updated_at),
            });
        }
        Ok(views)
    }

    async fn store_key(&self, by: Owner, draft: &KeyDraft) -> ServiceResult<KeyView> {
        let draft = validate::key(self.language, draft)?;
        let provider = draft.provider;
        let new = self.checked_key(by, draft).await?;
        self.host
            .store
            .save_credential(by.workspace(), provider, new)
            .await?;
        tracing::info!(workspace.id = %by.workspace(), provider = provider.slug(), "api key stored");
        let views = self.key_views(by.into()).await?;
        views
            .into_iter()
            .find(|view| view.provider == provider)
            .ok_or(ServiceError::NotFound)
    }

    /// A clean key, sealed, if it may take the place of the present one.
    async fn checked_key(&self, by: Owner, draft: KeyDraft) -> ServiceResult<NewCredential> {
        let workspace = by.workspace();
        if draft.provider == Provider::Simulator {
            return Err(ServiceError::Field("provider", errors::BAD_REQUEST));
        }
        let present = self
            .host
            .store
            .credential(workspace, draft.provider)
            .await?;
        let has_key = present.as_ref().is_some_and(|row| row.sealed.is_some());
        let base_url = (!draft.base_url.is_empty()).then_some(draft.base_url);
        let present_url = present.as_ref().and_then(|row| row.base_url.as_ref());
        let address_changed = present_url != base_url.as_ref();
        let max_in_flight = draft.max_in_flight.parse().ok();
        if draft.api_key.is_none() && !has_key && draft.provider.needs_key() {
            // The operator's key may have a limit in this workspace, but no other address.
            let keys = &self.host.keys;
            let operators = keys.environment(workspace, draft.provider).await?;
            if operators.api_key.is_none() || base_url.is_some() {
                return Err(ServiceError::Field("api_key", errors::REQUIRED));
            }
        }
        // A key goes to the address that it was typed for: another address wants it again.
        if draft.api_key.is_none() && has_key && address_changed {
            return Err(ServiceError::Field("api_key", errors::REQUIRED));
        }
        if let Some(address) = base_url.as_deref().filter(|_| address_changed) {
            self.check_reach(address).await?;
        }
        let key = match &draft.api_key {
            Some(key) => {
                let vault = self.host.keys.vault_to_seal().await?;
                let place = KeyPlace {
                    workspace,
                    provider: draft.provider,
                    base_url: base_url.as_deref(),
                };
                Some((vault.seal(&place, key)?, last_characters(key)))
            }
            None => None,
        };
        Ok(NewCredential {
            key,
            base_url,
            max_in_flight,
        })
    }

    /// Refuses an address that this caller may not make the host connect to.
    async fn check_reach(&self, address: &str) -> ServiceResult<()> {
        let reach = match self.admin() {
            Ok(_) => Reach::Private,
            Err(_) => Reach::Public,
        };
        check_address(address, reach).await.map_err(|reason| {
            let text = match reason {
                OutOfReach::Private => errors::BASE_URL_PRIVATE,
                OutOfReach::Barred => errors::BASE_URL_BARRED,
            };
            ServiceError::Field("base_url", text)
        })
    }

    /// Stores keys and a budget, all of it or nothing. Fields of a key are named after its
    /// provider: `openai_api_key`.
    pub async fn save_keys_and_budget(
        &self,
        drafts: Vec<KeyDraft>,
        budget: BudgetDraft,
    ) -> Result<(), ApiError> {
        self.reply(async { self.store_all(self.owner()?, drafts, &budget).await }.await)
    }

    async fn store_all(
        &self,
        by: Owner,
        drafts: Vec<KeyDraft>,
        budget: &BudgetDraft,
    ) -> ServiceResult<()> {
        let mut wrong = Vec::new();
        let mut keys = Vec::with_capacity(drafts.len());
        for draft in drafts {
            let provider = draft.provider;
            let checked = match validate::key(self.language, &draft) {
                Ok(clean) => self.checked_key(by, clean).await,
                Err(fields) => Err(fields.into()),
            };
            match checked {
                Ok(new) => keys.push((provider, new)),
                Err(error) => {
                    wrong.extend(self.fields_of(error)?.into_iter().map(|error| FieldError {
                        field: format!("{}_{}", provider.slug(), error.field),
                        ..error
                    }));
                }
            }
        }
        let change = match validate::budget(self.language, budget) {
            Ok((monthly, threshold_percent)) => BudgetChange {
                monthly,
                threshold_percent,
                allow_unpriced: budget.allow_unpriced,
            },
            Err(fields) => {
                wrong.extend(fields);
                BudgetChange::default()
            }
        };
        if !wrong.is_empty() {
            return Err(wrong.into());
        }
        let count = keys.len();
        self.host
            .store
            .save_credentials(by.workspace(), keys, change)
            .await?;
        tracing::info!(workspace.id = %by.workspace(), keys = count, "api keys stored");
        Ok(())
    }

    /// The fields that an error names; an error that names none stays an error.
    fn fields_of(&self, error: ServiceError) -> ServiceResult<Vec<FieldError>> {
        match error {
            ServiceError::Invalid(fields) => Ok(fields),
            ServiceError::Field(field, text) => Ok(vec![FieldError {
                field: field.to_owned(),
                message: text.get(self.language).to_owned(),
            }]),
            other => Err(other),
        }
    }

    async fn try_key(&self, by: Owner, provider: Provider) -> ServiceResult<KeyTest> {
        let access = match self.host.keys.find(by.workspace(), provider).await {
            Ok(found) => found.ok_or(ServiceError::NotFound)?.access,
            Err(AccessError::Unreadable(key)) => {
                return Ok(KeyTest {
                    accepted: false,
                    models: 0,
                    error_class: Some(ErrorClass::Unreadable),
                    message: Some(key.message(self.language)),
                });
            }
            Err(error) => return Err(error.into()),
        };
        let tested = match self.host.providers.test_key(&access).await {
            Ok(_) => self.host.providers.list_models(&access).await,
            Err(failure) => Err(failure),
        };
        Ok(match tested {
            Ok(models) => KeyTest {
                accepted: true,
                models: i64::try_from(models.len()).unwrap_or(i64::MAX),
                error_class: None,
                message: None,
            },
            Err(failure) => KeyTest {
                accepted: false,
                models: 0,
                error_class: Some(failure.class),
                message: Some(failure.message),
            },
        })
    }

    async fn change_budget(&self, by: Owner, draft: &BudgetDraft) -> ServiceResult<BudgetView> {
        let (monthly, threshold_percent) = validate::budget(self.language, draft)?;
        self.host
            .store
            .save_budget(
                by.workspace(),
                BudgetChange {
                    monthly,
                    threshold_percent,
                    allow_unpriced: draft.allow_unpriced,
                },
            )
            .await?;
        Ok(self.host.store.budget(by.workspace()).await?)
    }
}

fn last_characters(key: &str) -> String {
    let characters: Vec<char> = key.chars().collect();
    characters[characters.len().saturating_sub(SHOWN)..]
        .iter()
        .collect()
}

#[async_trait]
impl KeysPort for Services {
    async fn list_keys(&self) -> Result<Vec<KeyView>, ApiError> {
        self.reply(async { self.key_views(self.viewer()?).await }.await)
    }

    async fn save_key(&self, draft: KeyDraft) -> Result<KeyView, ApiError> {
        self.reply(async { self.store_key(self.owner()?, &draft).await }.await)
    }

    async fn delete_key(&self, provider: Provider) -> Result<(), ApiError> {
        self.reply(
            async {
                Ok(self
                    .host
                    .store
                    .delete_credential(self.owner()?.workspace(), provider)
                    .await?)
            }
            .await,
        )
    }

    async fn test_key(&self, provider: Provider) -> Result<KeyTest, ApiError> {
        self.reply(async { self.try_key(self.owner()?, provider).await }.await)
    }

    async fn budget(&self) -> Result<BudgetView, ApiError> {
        self.reply(async { Ok(self.host.store.budget(self.viewer()?.workspace()).await?) }.await)
    }

    async fn save_budget(&self, draft: BudgetDraft) -> Result<BudgetView, ApiError> {
        self.reply(async { self.change_budget(self.owner()?, &draft).await }.await)
    }

    async fn judge(&self) -> Result<JudgeView, ApiError> {
        self.show_judge().await
    }

    async fn save_judge(&self, model_id: Option<ModelId>) -> Result<JudgeView, ApiError> {
        self.change_judge(model_id).await
    }
}
