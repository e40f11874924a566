//! Prices that an admin accepted from a file.

use app::model::ids::{ModelId, PriceId, UserId};
use app::model::prices::ImportChoice;
use app::model::registry::{PriceOrigin, PriceTier};
use app::validate::{PriceAmounts, TierAmounts};

use super::changelog::{Change, log};
use super::error::RegistryError;
use super::prices::{NewPrice, add_price, price_at};
use crate::store::sql::rows;
use crate::store::{Store, StoreError};

impl Store {
    /// Writes accepted prices, all of them or none. They begin now.
    ///
    /// Errors: [`RegistryError::PriceMoved`] where the price that was shown as the present one
    /// of a model does not hold any more.
    pub async fn accept_prices(
        &self,
        choices: &[ImportChoice],
        by: Option<UserId>,
    ) -> Result<(), RegistryError> {
        let now = self.clock().now();
        let tx = self.begin_write().await?;
        let mut choices: Vec<&ImportChoice> = choices.iter().collect();
        // The same order everywhere: two imports never wait for each other.
        choices.sort_unstable_by_key(|choice| choice.model_id);
        let mut changes = Vec::with_capacity(choices.len());
        for choice in choices {
            let model = choice.model_id;
            hold_model(&tx, model).await?;
            let present = price_at(&tx, model, now).await?;
            let present_id: Option<PriceId> = present.as_ref().map(|price| price.id);
            if present_id != choice.price_id {
                return Err(RegistryError::PriceMoved);
            }
            let new = NewPrice {
                model,
                amounts: PriceAmounts {
                    input: choice.price.input,
                    output: choice.price.output,
                    cached_input: choice.price.cached_input.map(Some),
                    search_fee: choice.price.search_fee.map(Some),
                    starts_on: None,
                    tier: choice.price.tier.map(tier_amounts).unwrap_or_default(),
                },
                origin: PriceOrigin::Sync,
                by,
            };
            let (before, price) = add_price(&tx, new, now).await?;
            changes.push(Change::price(model, before.as_ref(), &price));
        }
        log(&tx, by, changes, now).await?;
        Ok(tx.commit().await?)
    }
}

/// A tier of a file is whole: nothing of the one before stays.
fn tier_amounts(tier: PriceTier) -> TierAmounts {
    TierAmounts {
        above_tokens: Some(Some(tier.above_tokens)),
        input: Some(tier.input),
        output: Some(tier.output),
        cached_input: Some(tier.cached_input),
    }
}

/// Lets nobody else import a price of the model, or correct its costs, until the transaction
/// ends.
pub(in crate::store) async fn hold_model(
    tx: &sea_orm::DatabaseTransaction,
    model: ModelId,
) -> Result<(), RegistryError> {
    let sql = format!(
        "SELECT m.id FROM llm_model_registry m WHERE m.id = $1{}",
        rows::for_update(tx, "m")
    );
    rows::one(tx, sql, [model.0.into()])
        .await?
        .ok_or(StoreError::NotFound)?;
    Ok(())
}
