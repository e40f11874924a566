//! Models as they are asked: with their limits and with all that they cost.

use std::collections::HashMap;

use app::model::ids::{ModelId, PriceId};
use app::model::money::Money;
use engine::ModelToAsk;
use engine::allowance::Terms;
use engine::cost::Price;
use engine::other_models::OtherModel;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use super::prices::tier_of;
use crate::store::entity::{model, model_price};
use crate::store::sql::decode::provider;
use crate::store::sql::rows;
use crate::store::{Store, StoreError, StoreResult};

impl Store {
    /// The prices of a model as they are now, and those of the other models of its provider.
    /// Nothing of what its answers were seen to use.
    pub async fn prices_of(&self, model: &ModelToAsk) -> StoreResult<Terms> {
        let reader = self.reader();
        Ok(Terms {
            prices: prices_of(reader, model.id.0).await?,
            others: other_models(reader, model).await?,
            ..Terms::default()
        })
    }
}

/// A model with its prices, as the registry has it now.
pub(in crate::store) async fn model_to_ask(
    connection: &impl ConnectionTrait,
    id: i64,
) -> StoreResult<ModelToAsk> {
    let row = model::Entity::find_by_id(id)
        .one(connection)
        .await?
        .ok_or(StoreError::NotFound)?;
    let prices = prices_of(connection, id).await?;
    Ok(ModelToAsk {
        id: ModelId(row.id),
        provider: provider(&row.provider)?,
        model_id: row.model_id,
        web_search: row.web_search,
        max_output_tokens: answer_tokens(row.max_tokens),
        max_in_flight: usize::try_from(row.max_in_flight).unwrap_or(1),
        prices,
    })
}

/// The limit of an answer as the registry has it, for a request.
pub(crate) fn answer_tokens(max_tokens: i64) -> u32 {
    u32::try_from(max_tokens.max(1)).unwrap_or(u32::MAX)
}

async fn prices_of(connection: &impl ConnectionTrait, model: i64) -> StoreResult<Vec<Price>> {
    let found = model_price::Entity::find()
        .filter(model_price::Column::ModelId.eq(model))
        .order_by_asc(model_price::Column::StartsAt)
        .all(connection)
        .await?;
    Ok(found.into_iter().map(price).collect())
}

/// The other models of a model's provider, with their prices; one without any is left out.
pub(in crate::store) async fn other_models(
    connection: &impl ConnectionTrait,
    asked: &ModelToAsk,
) -> StoreResult<Vec<OtherModel>> {
    let others = model::Entity::find()
        .filter(model::Column::Provider.eq(asked.provider.slug()))
        .filter(model::Column::Id.ne(asked.id.0))
        .order_by_asc(model::Column::Id)
        .all(connection)
        .await?;
    let ids = others.iter().map(|other| other.id);
    let found = model_price::Entity::find()
        .filter(rows::is_one_of(
            connection,
            model_price::Column::ModelId,
            ids,
        ))
        .order_by_asc(model_price::Column::StartsAt)
        .all(connection)
        .await?;
    let mut prices: HashMap<i64, Vec<Price>> = HashMap::new();
    for row in found {
        prices.entry(row.model_id).or_default().push(price(row));
    }
    Ok(others
        .into_iter()
        .filter_map(|other| {
            Some(OtherModel {
                prices: prices.remove(&other.id)?,
                model_id: other.model_id,
            })
        })
        .collect())
}

fn price(row: model_price::Model) -> Price {
    Price {
        id: PriceId(row.id),
        starts_at: row.starts_at,
        tier: tier_of(&row),
        input: Money::from_nanos(row.input_nano_usd_per_1m),
        output: Money::from_nanos(row.output_nano_usd_per_1m),
        cached_input: row.cached_input_nano_usd_per_1m.map(Money::from_nanos),
        search_fee: row.search_fee_nano_usd.map(Money::from_nanos),
    }
}
