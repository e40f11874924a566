//! The registry: models that can be asked. Their prices stand in `prices`.

use std::collections::HashMap;

use app::model::ids::{ModelId, UserId};
use app::model::registry::{
    ANSWER_TOKENS, ModelChange, ModelDraft, ModelView, PriceOrigin, PriceView, RegistryAction,
    Review,
};
use app::validate::PriceAmounts;
use chrono::{DateTime, Utc};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction,
    EntityTrait, QueryFilter, QueryOrder,
};

use super::changelog::{Change, log};
use super::error::RegistryError;
use super::offered::has_ended;
use super::prices::{NewPrice, add_price, price_at, price_view, prices_of};
use crate::store::entity::model;
use crate::store::sql::decode::{provider, word};
use crate::store::{Store, StoreError, StoreResult};

impl Store {
    /// The whole registry, by provider and name. `usable` is left to the caller.
    pub async fn models(&self) -> StoreResult<Vec<ModelView>> {
        let rows = model::Entity::find()
            .order_by_asc(model::Column::Id)
            .all(self.reader())
            .await?;
        let now = self.clock().now();
        let mut prices = self.prices_by_model().await?;
        let mut views = rows
            .into_iter()
            .map(|row| {
                let own = prices.remove(&row.id).unwrap_or_default();
                model_view(row, own, now)
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
        let row = model_row(self.reader(), model_id).await?;
        let prices = prices_of(self.reader(), Some(model_id)).await?;
        let own: StoreResult<Vec<PriceView>> = prices.into_iter().map(price_view).collect();
        model_view(row, own?, self.clock().now())
    }

    /// Changes a row; a price begins now or on its day, older ones stay. All or nothing.
    pub async fn change_model(
        &self,
        model_id: ModelId,
        change: &ModelChange,
        amounts: Option<PriceAmounts>,
        by: UserId,
    ) -> Result<(), RegistryError> {
        let now = self.clock().now();
        let tx = self.begin_write().await?;
        let row = model_row(&tx, model_id).await?;
        let mut told = Vec::new();
        if let Some(amounts) = amounts {
            let new = NewPrice {
                model: model_id,
                amounts,
                origin: PriceOrigin::User,
                by: Some(by),
            };
            let (before, price) = add_price(&tx, new, now).await?;
            told.push(Change::price(model_id, before.as_ref(), &price));
        }
        let is_priced = price_at(&tx, model_id, now).await?.is_some();
        let is_available = change.is_available.unwrap_or(row.is_available);
        let is_current = change.is_current.unwrap_or(row.is_current);
        if row.is_current && !is_current {
            return Err(RegistryError::LastCurrent);
        }
        if is_current && !row.is_current && has_ended(&row, now) {
            return Err(RegistryError::HasEnded);
        }
        if is_current && (!is_available || !is_priced) {
            return Err(RegistryError::CurrentNeedsPrice);
        }
        if is_current && !row.is_current {
            told.extend(unset_current(&tx, &row.provider).await?);
        }
        told.extend(differences(&row, change));
        let mut changed: model::ActiveModel = row.into();
        changed.is_current = Set(is_current);
        changed.is_available = Set(is_available);
        if change.is_available == Some(true) {
            changed.review = Set(Review::Approved.word().to_owned());
        }
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
        log(&tx, Some(by), told, now).await?;
        Ok(tx.commit().await?)
    }

    /// Adds a row: not current, not available, unpriced. `by` nobody: the command line.
    pub async fn add_model(
        &self,
        draft: &ModelDraft,
        by: Option<UserId>,
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
            max_tokens: Set(draft.max_tokens.unwrap_or(ANSWER_TOKENS)),
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
        let added = Change::plain(row.id.into(), RegistryAction::Added);
        log(&tx, by, vec![added], now).await?;
        tx.commit().await?;
        Ok(row.id.into())
    }

    async fn prices_by_model(&self) -> StoreResult<HashMap<i64, Vec<PriceView>>> {
        let mut prices: HashMap<i64, Vec<PriceView>> = HashMap::new();
        for row in prices_of(self.reader(), None).await? {
            prices
                .entry(row.model_id)
                .or_default()
                .push(price_view(row)?);
        }
        Ok(prices)
    }
}

pub(in crate::store) async fn model_row(
    connection: &impl ConnectionTrait,
    model_id: ModelId,
) -> StoreResult<model::Model> {
    model::Entity::find_by_id(model_id.0)
        .one(connection)
        .await?
        .ok_or(StoreError::NotFound)
}

/// Takes from the current model of a provider that it is current.
async fn unset_current(tx: &DatabaseTransaction, provider: &str) -> StoreResult<Vec<Change>> {
    let current = model::Entity::find()
        .filter(model::Column::Provider.eq(provider))
        .filter(model::Column::IsCurrent.eq(true))
        .all(tx)
        .await?;
    model::Entity::update_many()
        .col_expr(model::Column::IsCurrent, Expr::value(false))
        .filter(model::Column::Provider.eq(provider))
        .filter(model::Column::IsCurrent.eq(true))
        .exec(tx)
        .await?;
    let told =
        |row: &model::Model| Change::of(row.id.into(), RegistryAction::Current, &true, &false);
    Ok(current.iter().filter_map(told).collect())
}

/// What of a change is another value than before; the price is told elsewhere.
fn differences(row: &model::Model, change: &ModelChange) -> Vec<Change> {
    use RegistryAction as Action;

    let id = ModelId(row.id);
    let flag = |action, old: bool, new: Option<bool>| {
        new.and_then(|new| Change::of(id, action, &old, &new))
    };
    let count =
        |action, old: i64, new: Option<i64>| new.and_then(|new| Change::of(id, action, &old, &new));
    let name = change
        .display_name
        .as_ref()
        .and_then(|name| Change::of(id, Action::Name, &row.model_display_name, name));
    [
        name,
        flag(Action::Available, row.is_available, change.is_available),
        flag(Action::Current, row.is_current, change.is_current),
        flag(Action::WebSearch, row.web_search, change.web_search),
        count(Action::MaxTokens, row.max_tokens, change.max_tokens),
        count(Action::MaxInFlight, row.max_in_flight, change.max_in_flight),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// A row with its prices, in the order in which they begin.
fn model_view(
    row: model::Model,
    mut prices: Vec<PriceView>,
    now: DateTime<Utc>,
) -> StoreResult<ModelView> {
    let begun = prices.partition_point(|price| price.starts_at <= now);
    let coming_prices = prices.split_off(begun);
    let has_ended = has_ended(&row, now);
    Ok(ModelView {
        id: row.id.into(),
        provider: provider(&row.provider)?,
        model_id: row.model_id,
        display_name: row.model_display_name,
        web_search: row.web_search,
        is_current: row.is_current,
        is_available: row.is_available,
        max_tokens: row.max_tokens,
        max_in_flight: row.max_in_flight,
        price: prices.pop(),
        coming_prices,
        usable: false,
        review: word("review", &row.review)?,
        first_seen_at: row.first_seen_at,
        last_seen_at: row.last_seen_at,
        retires_at: row.retires_at,
        has_ended,
    })
}
