//! Dated prices of the registry.
//!
//! Invariant: rows are added, never changed: what an answer was costed with stays to be read.

use app::model::ids::{ModelId, PriceId, UserId};
use app::model::money::Money;
use app::model::registry::{PriceEntry, PriceOrigin, PriceTier, PriceView};
use app::validate::{PriceAmounts, TierAmounts};
use chrono::{DateTime, NaiveTime, Utc};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction,
    EntityTrait, QueryFilter, QueryOrder,
};

use super::error::RegistryError;
use crate::store::entity::{model_price, user};
use crate::store::sql::decode::word;
use crate::store::sql::rows;
use crate::store::{Store, StoreResult};

/// A price that is to be written, and where it comes from.
pub(super) struct NewPrice {
    pub(super) model: ModelId,
    pub(super) amounts: PriceAmounts,
    pub(super) origin: PriceOrigin,
    pub(super) by: Option<UserId>,
}

impl Store {
    /// All prices of a model, the one that starts last first; those too that have not begun.
    pub async fn price_history(&self, model_id: ModelId) -> StoreResult<Vec<PriceEntry>> {
        let rows = model_price::Entity::find()
            .filter(model_price::Column::ModelId.eq(model_id.0))
            .order_by_desc(model_price::Column::StartsAt)
            .order_by_desc(model_price::Column::Id)
            .all(self.reader())
            .await?;
        let ids = rows.iter().filter_map(|row| row.created_by);
        let users = user::Entity::find()
            .filter(rows::is_one_of(self.reader(), user::Column::Id, ids))
            .all(self.reader())
            .await?;
        let entry = |row: model_price::Model| -> StoreResult<PriceEntry> {
            Ok(PriceEntry {
                by: users
                    .iter()
                    .find(|user| Some(user.id) == row.created_by)
                    .map(|user| user.email.clone()),
                price: price_view(row)?,
            })
        };
        rows.into_iter().map(entry).collect()
    }
}

/// The prices of a model, or of all, in the order in which they begin; of two that begin
/// together the one that holds comes last.
pub(super) async fn prices_of(
    connection: &impl ConnectionTrait,
    of: Option<ModelId>,
) -> StoreResult<Vec<model_price::Model>> {
    let mut find = model_price::Entity::find();
    if let Some(model) = of {
        find = find.filter(model_price::Column::ModelId.eq(model.0));
    }
    Ok(find
        .order_by_asc(model_price::Column::StartsAt)
        .order_by_asc(model_price::Column::Id)
        .all(connection)
        .await?)
}

/// The price that holds at a moment.
pub(in crate::store) async fn price_at(
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
    row.map(price_view).transpose()
}

/// Adds a price; gives it with the one that held at its start before. Amounts that are absent
/// stay as they are in that one.
pub(super) async fn add_price(
    tx: &DatabaseTransaction,
    new: NewPrice,
    now: DateTime<Utc>,
) -> Result<(Option<PriceView>, PriceView), RegistryError> {
    let NewPrice {
        model,
        amounts,
        origin,
        by,
    } = new;
    let starts_at = match amounts.starts_on {
        // Today means from now on, or an earlier price of today would hold instead.
        Some(day) if day != now.date_naive() => day.and_time(NaiveTime::MIN).and_utc(),
        _ => now,
    };
    let before = price_at(tx, model, starts_at).await?;
    let present = before.as_ref();
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
    let tier = new_tier(amounts.tier, present.and_then(|price| price.tier))?;
    let price = PriceView {
        // The database gives it.
        id: PriceId(0),
        input,
        output,
        cached_input,
        search_fee,
        starts_at,
        origin,
        tier,
    };
    let price = insert_price(tx, model, price, by, now).await?;
    Ok((before, price))
}

/// The tier of a new price: absent amounts stay as they are.
fn new_tier(
    amounts: TierAmounts,
    present: Option<PriceTier>,
) -> Result<Option<PriceTier>, RegistryError> {
    let above_tokens = match amounts.above_tokens {
        Some(above_tokens) => above_tokens,
        None => present.map(|tier| tier.above_tokens),
    };
    let Some(above_tokens) = above_tokens else {
        let is_told =
            amounts.input.is_some() || amounts.output.is_some() || amounts.cached_input.is_some();
        return if is_told && amounts.above_tokens.is_none() {
            Err(RegistryError::IncompleteTier)
        } else {
            Ok(None)
        };
    };
    let input = amounts.input.or(present.map(|tier| tier.input));
    let output = amounts.output.or(present.map(|tier| tier.output));
    let (Some(input), Some(output)) = (input, output) else {
        return Err(RegistryError::IncompleteTier);
    };
    let cached_input = amounts
        .cached_input
        .unwrap_or_else(|| present.and_then(|tier| tier.cached_input));
    Ok(Some(PriceTier {
        above_tokens,
        input,
        output,
        cached_input,
    }))
}

/// Writes a price; gives it with its id.
pub(super) async fn insert_price(
    tx: &DatabaseTransaction,
    model: ModelId,
    price: PriceView,
    by: Option<UserId>,
    now: DateTime<Utc>,
) -> StoreResult<PriceView> {
    let tier = price.tier;
    let row = model_price::ActiveModel {
        model_id: Set(model.0),
        input_nano_usd_per_1m: Set(price.input.nanos()),
        output_nano_usd_per_1m: Set(price.output.nanos()),
        cached_input_nano_usd_per_1m: Set(price.cached_input.map(Money::nanos)),
        search_fee_nano_usd: Set(price.search_fee.map(Money::nanos)),
        origin: Set(price.origin.word().to_owned()),
        starts_at: Set(price.starts_at),
        created_by: Set(by.map(|by| by.0)),
        created_at: Set(now),
        above_tokens: Set(tier.map(|tier| tier.above_tokens)),
        input_above_nano_usd_per_1m: Set(tier.map(|tier| tier.input.nanos())),
        output_above_nano_usd_per_1m: Set(tier.map(|tier| tier.output.nanos())),
        cached_input_above_nano_usd_per_1m: Set(tier
            .and_then(|tier| tier.cached_input)
            .map(Money::nanos)),
        ..Default::default()
    }
    .insert(tx)
    .await?;
    price_view(row)
}

/// What long asks cost at a price.
pub(super) fn tier_of(row: &model_price::Model) -> Option<PriceTier> {
    Some(PriceTier {
        above_tokens: row.above_tokens?,
        input: Money::from_nanos(row.input_above_nano_usd_per_1m?),
        output: Money::from_nanos(row.output_above_nano_usd_per_1m?),
        cached_input: row
            .cached_input_above_nano_usd_per_1m
            .map(Money::from_nanos),
    })
}

pub(super) fn price_view(row: model_price::Model) -> StoreResult<PriceView> {
    Ok(PriceView {
        id: PriceId(row.id),
        tier: tier_of(&row),
        input: Money::from_nanos(row.input_nano_usd_per_1m),
        output: Money::from_nanos(row.output_nano_usd_per_1m),
        cached_input: row.cached_input_nano_usd_per_1m.map(Money::from_nanos),
        search_fee: row.search_fee_nano_usd.map(Money::from_nanos),
        starts_at: row.starts_at,
        origin: word("origin", &row.origin)?,
    })
}
