//! The registry: models and their dated prices.

use std::collections::HashMap;

use app::model::ids::{ModelId, PriceId, UserId};
use app::model::money::Money;
use app::model::provider::Provider;
use app::model::registry::{ModelChange, ModelDraft, ModelView, PriceOrigin, PriceView};
use app::model::validate::PriceAmounts;
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction,
    EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
};
use serde::Deserialize;

use super::entity::{model, model_price};
use super::{Store, StoreError, StoreResult};

/// The models at first start, with the day for which their prices hold.
const SEED: &str = include_str!("../../seed/models.json");

/// Why a row of the registry could not be changed.
#[derive(Debug, thiserror::Error)]
pub enum RegistryError {
    /// The only current model of its provider cannot stop being it.
    #[error("another model must become current first")]
    LastCurrent,
    /// A current model is available and has a price.
    #[error("a current model is available and priced")]
    CurrentNeedsPrice,
    /// A first price needs both amounts.
    #[error("a first price needs input and output")]
    IncompletePrice,
    /// The provider and id are there already.
    #[error("the model is there already")]
    AlreadyThere,
    /// The database's words.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<sea_orm::DbErr> for RegistryError {
    fn from(error: sea_orm::DbErr) -> Self {
        Self::Store(error.into())
    }
}

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

    /// The whole registry, by provider and name. `usable` is left to the caller.
    pub async fn models(&self) -> StoreResult<Vec<ModelView>> {
        let rows = model::Entity::find()
            .order_by_asc(model::Column::Id)
            .all(self.reader())
            .await?;
        let prices = self.present_prices().await?;
        let mut views = rows
            .into_iter()
            .map(|row| {
                let price = prices.get(&row.id).cloned();
                model_view(row, price)
            })
            .collect::<StoreResult<Vec<_>>>()?;
        views.sort_by(|a, b| {
            a.provider
                .cmp(&b.provider)
                .then(b.is_current.cmp(&a.is_current))
        });
        Ok(views)
    }

    /// One model.
    pub async fn model(&self, model_id: ModelId) -> StoreResult<ModelView> {
        let row = model::Entity::find_by_id(model_id.0)
            .one(self.reader())
            .await?
            .ok_or(StoreError::NotFound)?;
        let price = present_price(self.reader(), model_id, self.clock().now()).await?;
        model_view(row, price)
    }

    /// All prices of a model, the newest first.
    pub async fn price_history(&self, model_id: ModelId) -> StoreResult<Vec<PriceView>> {
        let rows = model_price::Entity::find()
            .filter(model_price::Column::ModelId.eq(model_id.0))
            .order_by_desc(model_price::Column::StartsAt)
            .order_by_desc(model_price::Column::Id)
            .all(self.reader())
            .await?;
        Ok(rows.into_iter().map(price_view).collect())
    }

    /// Changes a row; a price begins now, older ones stay. All or nothing.
    pub async fn change_model(
        &self,
        model_id: ModelId,
        change: &ModelChange,
        amounts: Option<PriceAmounts>,
        by: UserId,
    ) -> Result<(), RegistryError> {
        let now = self.clock().now();
        let tx = self.begin_write().await?;
        let row = model::Entity::find_by_id(model_id.0)
            .one(&tx)
            .await?
            .ok_or(StoreError::NotFound)?;
        let mut price = present_price(&tx, model_id, now).await?;
        if let Some(amounts) = amounts {
            price = Some(add_price(&tx, model_id, price.as_ref(), amounts, by, now).await?);
        }
        let is_available = change.is_available.unwrap_or(row.is_available);
        let is_current = change.is_current.unwrap_or(row.is_current);
        if row.is_current && !is_current {
            return Err(RegistryError::LastCurrent);
        }
        if is_current && (!is_available || price.is_none()) {
            return Err(RegistryError::CurrentNeedsPrice);
        }
        if is_current && !row.is_current {
            model::Entity::update_many()
                .col_expr(model::Column::IsCurrent, Expr::value(false))
                .filter(model::Column::Provider.eq(row.provider.as_str()))
                .exec(&tx)
                .await?;
        }
        let mut changed: model::ActiveModel = row.into();
        changed.is_current = Set(is_current);
        changed.is_available = Set(is_available);
        if let Some(name) = &change.display_name {
            changed.model_display_name = Set(name.clone());
        }
        if let Some(web_search) = change.web_search {
            changed.web_search = Set(web_search);
        }
        if let Some(max_tokens) = change.max_tokens {
            changed.max_tokens = Set(max_tokens);
        }
        if let Some(max_in_flight) = change.max_in_flight {
            changed.max_in_flight = Set(max_in_flight);
        }
        changed.updated_at = Set(now);
        changed.update(&tx).await?;
        Ok(tx.commit().await?)
    }

    /// Adds a row: not current, not available, unpriced.
    pub async fn add_model(
        &self,
        draft: &ModelDraft,
        max_tokens: i64,
    ) -> Result<ModelId, RegistryError> {
        let now = self.clock().now();
        let tx = self.begin_write().await?;
        let inserted = model::ActiveModel {
            provider: Set(draft.provider.slug().to_owned()),
            model_id: Set(draft.model_id.clone()),
            model_display_name: Set(draft.display_name.clone()),
            web_search: Set(draft.web_search),
            is_current: Set(false),
            is_available: Set(false),
            max_tokens: Set(max_tokens),
            created_at: Set(now),
            updated_at: Set(now),
            ..Default::default()
        }
        .insert(&tx)
        .await;
        let row = match inserted.map_err(StoreError::from) {
            Err(StoreError::NotUnique(_)) => return Err(RegistryError::AlreadyThere),
            other => other?,
        };
        tx.commit().await?;
        Ok(row.id.into())
    }

    async fn present_prices(&self) -> StoreResult<HashMap<i64, PriceView>> {
        let rows = model_price::Entity::find()
            .filter(model_price::Column::StartsAt.lte(self.clock().now()))
            .order_by_asc(model_price::Column::StartsAt)
            .order_by_asc(model_price::Column::Id)
            .all(self.reader())
            .await?;
        // Later ones take the place of earlier ones.
        Ok(rows
            .into_iter()
            .map(|row| (row.model_id, price_view(row)))
            .collect())
    }
}

/// The price that holds at a moment.
async fn present_price(
    connection: &impl ConnectionTrait,
    model_id: ModelId,
    at: DateTime<Utc>,
) -> StoreResult<Option<PriceView>> {
    let row = model_price::Entity::find()
        .filter(model_price::Column::ModelId.eq(model_id.0))
        .filter(model_price::Column::StartsAt.lte(at))
        .order_by_desc(model_price::Column::StartsAt)
        .order_by_desc(model_price::Column::Id)
        .one(connection)
        .await?;
    Ok(row.map(price_view))
}

async fn add_price(
    tx: &DatabaseTransaction,
    model_id: ModelId,
    present: Option<&PriceView>,
    amounts: PriceAmounts,
    by: UserId,
    now: DateTime<Utc>,
) -> Result<PriceView, RegistryError> {
    let input = amounts.input.or(present.map(|price| price.input));
    let output = amounts.output.or(present.map(|price| price.output));
    let (Some(input), Some(output)) = (input, output) else {
        return Err(RegistryError::IncompletePrice);
    };
    let cached_input = amounts
        .cached_input
        .unwrap_or_else(|| present.and_then(|price| price.cached_input));
    let search_fee = amounts
        .search_fee
        .unwrap_or_else(|| present.and_then(|price| price.search_fee));
    let row = model_price::ActiveModel {
        model_id: Set(model_id.0),
        input_nano_usd_per_1m: Set(input.nanos()),
        output_nano_usd_per_1m: Set(output.nanos()),
        cached_input_nano_usd_per_1m: Set(cached_input.map(Money::nanos)),
        search_fee_nano_usd: Set(search_fee.map(Money::nanos)),
        origin: Set(PriceOrigin::User.word().to_owned()),
        starts_at: Set(now),
        created_by: Set(Some(by.0)),
        created_at: Set(now),
        ..Default::default()
    }
    .insert(tx)
    .await?;
    Ok(price_view(row))
}

fn price_view(row: model_price::Model) -> PriceView {
    PriceView {
        id: PriceId(row.id),
        input: Money::from_nanos(row.input_nano_usd_per_1m),
        output: Money::from_nanos(row.output_nano_usd_per_1m),
        cached_input: row.cached_input_nano_usd_per_1m.map(Money::from_nanos),
        search_fee: row.search_fee_nano_usd.map(Money::from_nanos),
        starts_at: row.starts_at,
        origin: PriceOrigin::from_word(&row.origin),
    }
}

fn model_view(row: model::Model, price: Option<PriceView>) -> StoreResult<ModelView> {
    let provider = row
        .provider
        .parse()
        .map_err(|_| StoreError::Corrupt(format!("provider {}", row.provider)))?;
    Ok(ModelView {
        id: row.id.into(),
        provider,
        model_id: row.model_id,
        display_name: row.model_display_name,
        web_search: row.web_search,
        is_current: row.is_current,
        is_available: row.is_available,
        max_tokens: row.max_tokens,
        max_in_flight: row.max_in_flight,
        price,
        usable: false,
    })
}
