//! The registry at first start.

use app::model::money::Money;
use app::model::provider::Provider;
use app::model::registry::PriceOrigin;
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, DatabaseTransaction, EntityTrait, PaginatorTrait,
};
use serde::Deserialize;

use super::entity::{model, model_price};
use super::{Store, StoreError, StoreResult};

/// The models at first start, with the day for which their prices hold.
const SEED: &str = include_str!("../../seed/models.json");

#[derive(Deserialize)]
struct Seed {
    as_of: NaiveDate,
    models: Vec<SeedModel>,
}

#[derive(Deserialize)]
struct SeedModel {
    provider: Provider,
    model_id: String,
    display_name: String,
    web_search: bool,
    is_current: bool,
    is_available: bool,
    input: Option<String>,
    output: Option<String>,
    cached_input: Option<String>,
    search_fee: Option<String>,
    max_tokens: i64,
}

impl Store {
    /// Fills an empty registry; one that has rows stays as it is.
    pub async fn seed_registry(&self) -> StoreResult<()> {
        let tx = self.begin_write().await?;
        if model::Entity::find().count(&tx).await? > 0 {
            return Ok(());
        }
        let seed: Seed =
            serde_json::from_str(SEED).map_err(|error| StoreError::Corrupt(error.to_string()))?;
        let starts_at = seed.as_of.and_time(chrono::NaiveTime::MIN).and_utc();
        for row in seed.models {
            self.seed_model(&tx, row, starts_at).await?;
        }
        Ok(tx.commit().await?)
    }

    async fn seed_model(
        &self,
        tx: &DatabaseTransaction,
        row: SeedModel,
        starts_at: DateTime<Utc>,
    ) -> StoreResult<()> {
        let now = self.clock().now();
        let inserted = model::ActiveModel {
            provider: Set(row.provider.slug().to_owned()),
            model_id: Set(row.model_id),
            model_display_name: Set(row.display_name),
            web_search: Set(row.web_search),
            is_current: Set(row.is_current),
            is_available: Set(row.is_available),
            max_tokens: Set(row.max_tokens),
            created_at: Set(now),
            updated_at: Set(now),
            ..Default::default()
        }
        .insert(tx)
        .await?;
        let amount = |text: Option<String>| -> StoreResult<Option<Money>> {
            text.map(|text| {
                text.parse()
                    .map_err(|_| StoreError::Corrupt(format!("price {text}")))
            })
            .transpose()
        };
        if let (Some(input), Some(output)) = (amount(row.input)?, amount(row.output)?) {
            model_price::ActiveModel {
                model_id: Set(inserted.id),
                input_nano_usd_per_1m: Set(input.nanos()),
                output_nano_usd_per_1m: Set(output.nanos()),
                cached_input_nano_usd_per_1m: Set(amount(row.cached_input)?.map(Money::nanos)),
                search_fee_nano_usd: Set(amount(row.search_fee)?.map(Money::nanos)),
                origin: Set(PriceOrigin::Seed.word().to_owned()),
                starts_at: Set(starts_at.min(now)),
                created_at: Set(now),
                ..Default::default()
            }
            .insert(tx)
            .await?;
        }
        Ok(())
    }
}
