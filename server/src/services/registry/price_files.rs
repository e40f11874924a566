//! Prices from files: shown beside the registry's, and written where an admin accepts them; and
//! past costs at other prices.

use std::collections::HashSet;

use app::api::error::{ApiError, FieldError};
use app::api::prices::PricesPort;
use app::model::ids::ModelId;
use app::model::money::Money;
use app::model::prices::{ImportChoice, ImportPreview, Recomputed};
use app::texts::errors;
use app::validate::{self, Check};
use async_trait::async_trait;
use chrono::NaiveDate;
use tokio::task::spawn_blocking;

use crate::auth::Admin;
use crate::prices::{self, PriceFileError};
use crate::services::{ServiceError, ServiceResult, Services};

/// Days whose costs are computed at a time.
const DAYS: i64 = 366;

impl Services {
    async fn preview(&self, _by: Admin, text: String) -> ServiceResult<ImportPreview> {
        let store = &self.host.store;
        let models = store.models().await?;
        let today = store.clock().now().date_naive();
        // Ten megabytes of JSON take a while: on a thread that serves nobody else.
        let reading = spawn_blocking(move || {
            let file = prices::read(&text, today)?;
            Ok::<_, PriceFileError>(prices::compare(&file, &models))
        });
        reading
            .await
            .map_err(|error| ServiceError::Internal(error.to_string()))?
            .map_err(|error| self.unreadable(error))
    }

    async fn accept(&self, by: Admin, choices: Vec<ImportChoice>) -> ServiceResult<i64> {
        let mut check = Check::new(self.language);
        check.list("choices", &choices, validate::PRICES);
        check.done(())?;
        let mut models = HashSet::new();
        let is_sound = |choice: &ImportChoice| prices::refusal_of(choice.price).is_none();
        if !choices.iter().all(is_sound) {
            return Err(ServiceError::Field("choices", errors::PRICE_REFUSED));
        }
        if !choices.iter().all(|choice| models.insert(choice.model_id)) {
            return Err(ServiceError::Field("choices", errors::BAD_REQUEST));
        }
        self.host
            .store
            .accept_prices(&choices, Some(by.user()))
            .await?;
        tracing::info!(user.id = %by.user(), prices = choices.len(), "prices imported");
        Ok(i64::try_from(choices.len()).unwrap_or(i64::MAX))
    }

    async fn recomputed(
        &self,
        by: Admin,
        model: ModelId,
        (from, to): (NaiveDate, NaiveDate),
        booking: Option<Money>,
    ) -> ServiceResult<Recomputed> {
        if from > to {
            return Err(ServiceError::Field("to", errors::DATE_ORDER));
        }
        if (to - from).num_days() >= DAYS {
            let message = errors::DATE_SPAN.fill(self.language, &[("max", &DAYS)]);
            let field = "to".to_owned();
            return Err(ServiceError::Invalid(vec![FieldError { field, message }]));
        }
        let store = &self.host.store;
        let workspace = by.workspace();
        let found = store.recompute(workspace, model, (from, to)).await?;
        let Some(difference) = booking else {
            return Ok(found.sum());
        };
        if found.sum().difference() != difference {
            return Err(ServiceError::Conflict(errors::CONFLICT));
        }
        store.write_correction_to_ledger(&found, by.user()).await?;
        tracing::info!(%workspace, model.id = %model, user.id = %by.user(), usd = %difference, "costs corrected");
        Ok(store.recompute(workspace, model, (from, to)).await?.sum())
    }

    fn unreadable(&self, error: PriceFileError) -> ServiceError {
        match error {
            PriceFileError::NotJson { line, column } => {
                let message = errors::PRICE_FILE_JSON
                    .fill(self.language, &[("line", &line), ("column", &column)]);
                ServiceError::Invalid(vec![FieldError {
                    field: "text".to_owned(),
                    message,
                }])
            }
            PriceFileError::UnknownShape => ServiceError::Field("text", errors::PRICE_FILE_SHAPE),
            PriceFileError::Empty => ServiceError::Field("text", errors::PRICE_FILE_EMPTY),
        }
    }
}

#[async_trait]
impl PricesPort for Services {
    async fn preview_prices(&self, text: String) -> Result<ImportPreview, ApiError> {
        self.reply(async { self.preview(self.admin()?, text).await }.await)
    }

    async fn accept_prices(&self, choices: Vec<ImportChoice>) -> Result<i64, ApiError> {
        self.reply(async { self.accept(self.admin()?, choices).await }.await)
    }

    async fn recompute(
        &self,
        model_id: ModelId,
        from: NaiveDate,
        to: NaiveDate,
    ) -> Result<Recomputed, ApiError> {
        let range = (from, to);
        self.reply(async { self.recomputed(self.admin()?, model_id, range, None).await }.await)
    }

    async fn write_correction_to_ledger(
        &self,
        model_id: ModelId,
        from: NaiveDate,
        to: NaiveDate,
        difference: Money,
    ) -> Result<Recomputed, ApiError> {
        let range = (from, to);
        let booking = Some(difference);
        self.reply(
            async {
                self.recomputed(self.admin()?, model_id, range, booking)
                    .await
            }
            .await,
        )
    }
}
