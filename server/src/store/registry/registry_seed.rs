//! The registry as this version knows it: all of it at first start, and what is new in it where
//! an older version was at work before.
//!
//! Invariant: what an admin has set stays. Rows and prices are added; of a row that is there
//! only what nobody has said is filled in.

use std::collections::HashMap;

use app::model::ids::ModelId;
use app::model::provider::Provider;
use app::model::registry::{PriceOrigin, PriceView, RegistryAction, Review};
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, DatabaseTransaction, EntityTrait, IntoActiveModel,
};

use super::changelog::{Change, log};
use super::offered::{has_ended, is_offered};
use super::prices::{insert_price, price_view, prices_of};
use super::registry_list::{Seed, SeedModel, midnight, seed};
use crate::store::entity::model;
use crate::store::sql::rows;
use crate::store::sql::settings::put_setting;
use crate::store::{Store, StoreError, StoreResult};

/// The setting that tells as of which day this list was taken over last.
const AS_OF: &str = "registry_as_of";
/// The list of the versions that did not note it.
const FIRST_AS_OF: &str = "2026-11-21";

/// What a model is known by in lists.
type Key = (String, String);

impl Store {
    /// Fills an empty registry, or adds what is new in this version's list. Projects whose model
    /// has a successor ask the successor from now on. All or nothing: if the process dies, the next
    /// start does it again.
    pub async fn seed_registry(&self) -> StoreResult<()> {
        let seed = seed()?;
        let now = self.clock().now();
        let tx = self.begin_write().await?;
        let before = taken_over(&tx).await?;
        let known = models(&tx).await?;
        if known.is_empty() || before.is_none_or(|before| before < seed.as_of) {
            let mut changes = Vec::new();
            let is_first = known.is_empty();
            ListTakeover {
                tx: &tx,
                seed: &seed,
                before: before.or_else(|| FIRST_AS_OF.parse().ok()),
                now,
                changes: &mut changes,
            }
            .all(known)
            .await?;
            if !is_first {
                tracing::info!(as_of = %seed.as_of, changes = changes.len(), "the registry is brought up to date");
                log(&tx, None, changes, now).await?;
            }
            put_setting(&tx, AS_OF, &seed.as_of.to_string()).await?;
        }
        replace_ended(&tx, &seed, now).await?;
        Ok(tx.commit().await?)
    }
}

/// The day of the list that was taken over last. Another host that starts at the same time waits
/// here until this one is done.
async fn taken_over(tx: &DatabaseTransaction) -> StoreResult<Option<NaiveDate>> {
    let sql = "INSERT INTO settings (name, value) VALUES ($1, '') ON CONFLICT (name) DO NOTHING";
    rows::execute(tx, sql, [AS_OF.into()]).await?;
    let sql = format!(
        "SELECT s.value FROM settings s WHERE s.name = $1{}",
        rows::for_update(tx, "s")
    );
    let as_of: String = rows::value(tx, sql, [AS_OF.into()])
        .await?
        .ok_or(StoreError::NotFound)?;
    Ok(as_of.parse().ok())
}

async fn models(tx: &DatabaseTransaction) -> StoreResult<HashMap<Key, model::Model>> {
    let rows = model::Entity::find().all(tx).await?;
    let keyed = |row: model::Model| ((row.provider.clone(), row.model_id.clone()), row);
    Ok(rows.into_iter().map(keyed).collect())
}

fn key(provider: Provider, model_id: &str) -> Key {
    (provider.slug().to_owned(), model_id.to_owned())
}

/// The list on its way into the registry.
struct ListTakeover<'a> {
    tx: &'a DatabaseTransaction,
    seed: &'a Seed,
    /// The day of the list that was taken over before.
    before: Option<NaiveDate>,
    now: DateTime<Utc>,
    changes: &'a mut Vec<Change>,
}

impl ListTakeover<'_> {
    async fn all(mut self, mut known: HashMap<Key, model::Model>) -> StoreResult<()> {
        let seed = self.seed;
        for listed in &seed.models {
            let of = key(listed.provider, &listed.model_id);
            match known.remove(&of) {
                None => self.add(listed).await?,
                Some(row) => self.fill_in(listed, row).await?,
            }
        }
        for ending in &seed.endings {
            if let Some(row) = known.get(&key(ending.provider, &ending.model_id)) {
                self.end(row, ending.on).await?;
            }
        }
        for listed in seed.models.iter().filter(|listed| listed.is_current) {
            self.make_current(listed).await?;
        }
        Ok(())
    }

    async fn add(&mut self, listed: &SeedModel) -> StoreResult<()> {
        let row = model::ActiveModel {
            provider: Set(listed.provider.slug().to_owned()),
            model_id: Set(listed.model_id.clone()),
            model_display_name: Set(listed.display_name.clone()),
            web_search: Set(listed.web_search),
            is_current: Set(false),
            is_available: Set(listed.is_available),
            max_tokens: Set(listed.max_tokens),
            retires_at: Set(listed.retires_on.map(midnight)),
            created_at: Set(self.now),
            updated_at: Set(self.now),
            ..Default::default()
        }
        .insert(self.tx)
        .await?;
        let id = ModelId(row.id);
        self.changes.push(Change::plain(id, RegistryAction::Added));
        self.price_unpriced(id, listed).await
    }

    /// Adds the price of now and the coming ones; if the clock is before the first price's day, the
    /// first one counts as the price of now. Earlier prices are not needed, because nothing was
    /// asked at them.
    async fn price_unpriced(&mut self, model: ModelId, listed: &SeedModel) -> StoreResult<()> {
        let prices = listed.prices()?;
        let begun = prices.partition_point(|price| price.starts_at <= self.now);
        let wanted = prices.into_iter().skip(begun.saturating_sub(1));
        for (place, mut price) in wanted.enumerate() {
            if place == 0 {
                price.starts_at = price.starts_at.min(self.now);
            }
            self.price(model, None, price).await?;
        }
        Ok(())
    }

    async fn price(
        &mut self,
        model: ModelId,
        before: Option<&PriceView>,
        price: PriceView,
    ) -> StoreResult<()> {
        let price = insert_price(self.tx, model, price, None, self.now).await?;
        self.changes.push(Change::price(model, before, &price));
        Ok(())
    }

    async fn fill_in(&mut self, listed: &SeedModel, row: model::Model) -> StoreResult<()> {
        let id = ModelId(row.id);
        if let Some(day) = listed.retires_on {
            self.end(&row, day).await?;
        }
        let prices: StoreResult<Vec<PriceView>> = prices_of(self.tx, Some(id))
            .await?
            .into_iter()
            .map(price_view)
            .collect();
        let prices = prices?;
        if prices.is_empty() {
            self.price_unpriced(id, listed).await?;
        } else {
            self.price_anew(id, listed, prices).await?;
        }
        let is_wanted = |other: &SeedModel| {
            other.provider == listed.provider
                && other.successor.as_deref() == Some(&*listed.model_id)
        };
        // A check may have found it before this version knew that projects need it.
        if row.review == Review::New.word() && self.seed.models.iter().any(is_wanted) {
            let mut approved = row.into_active_model();
            approved.review = Set(Review::Approved.word().to_owned());
            approved.is_available = Set(true);
            approved.web_search = Set(listed.web_search);
            approved.updated_at = Set(self.now);
            approved.update(self.tx).await?;
            self.changes
                .push(Change::plain(id, RegistryAction::Approved));
        }
        Ok(())
    }

    /// Adds the prices that this list has anew. A price that an admin typed stays. So does an
    /// imported price that differs from this list, because some customers pay other prices.
    async fn price_anew(
        &mut self,
        model: ModelId,
        listed: &SeedModel,
        mut prices: Vec<PriceView>,
    ) -> StoreResult<()> {
        let listed_prices = listed.prices()?;
        for new in &listed_prices {
            let is_new = self
                .before
                .is_none_or(|before| new.starts_at > midnight(before));
            let is_there = prices.iter().any(|price| price.starts_at == new.starts_at);
            if !is_new || is_there {
                continue;
            }
            let place = prices.partition_point(|price| price.starts_at <= new.starts_at);
            let held = place.checked_sub(1).map(|place| prices[place].clone());
            let says_the_same = |held: &PriceView| {
                listed_prices
                    .iter()
                    .any(|listed| (listed.input, listed.output) == (held.input, held.output))
            };
            let is_own = held.as_ref().is_some_and(|held| match held.origin {
                PriceOrigin::Seed => false,
                PriceOrigin::Sync => !says_the_same(held),
                PriceOrigin::User => true,
            });
            if is_own {
                tracing::warn!(model.id = %model, from = %new.starts_at, "a price of the provider's list was left out: the registry has one of its own");
                continue;
            }
            prices.insert(place, new.clone());
            self.price(model, held.as_ref(), new.clone()).await?;
        }
        Ok(())
    }

    /// Notes when a model ends, where no list has told.
    async fn end(&mut self, row: &model::Model, day: NaiveDate) -> StoreResult<()> {
        if row.retires_at.is_some() {
            return Ok(());
        }
        let sql = "UPDATE llm_model_registry SET retires_at = $2 WHERE id = $1";
        rows::execute(self.tx, sql, [row.id.into(), midnight(day).into()]).await?;
        self.changes.push(Change {
            model: row.id.into(),
            action: RegistryAction::Retires,
            old: None,
            new: Some(day.to_string()),
        });
        Ok(())
    }

    /// Makes a model the current one of its provider, if the provider has none or its current model
    /// has ended.
    async fn make_current(&mut self, listed: &SeedModel) -> StoreResult<()> {
        let known = models(self.tx).await?;
        let slug = listed.provider.slug();
        let former = known
            .values()
            .find(|row| row.provider == slug && row.is_current);
        let wanted = known.get(&key(listed.provider, &listed.model_id));
        let Some(wanted) = wanted.filter(|row| is_offered(row, self.now)) else {
            return Ok(());
        };
        if former.is_some_and(|former| !has_ended(former, self.now)) {
            return Ok(());
        }
        let sql = "UPDATE llm_model_registry SET is_current = $2 WHERE id = $1";
        for (row, is_current) in former
            .map(|former| (former, false))
            .into_iter()
            .chain([(wanted, true)])
        {
            rows::execute(self.tx, sql, [row.id.into(), is_current.into()]).await?;
            let id = ModelId(row.id);
            let action = RegistryAction::Current;
            self.changes
                .extend(Change::of(id, action, &row.is_current, &is_current));
        }
        Ok(())
    }
}

/// Lets projects ask the successor of a model that has ended, and remembers it, so that people
/// are told. What else the project is stays.
async fn replace_ended(
    tx: &DatabaseTransaction,
    seed: &Seed,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    let known = models(tx).await?;
    for listed in &seed.models {
        let Some(successor) = &listed.successor else {
            continue;
        };
        let old = known.get(&key(listed.provider, &listed.model_id));
        let new = known.get(&key(listed.provider, successor));
        if let (Some(old), Some(new)) = (old, new)
            && has_ended(old, now)
            && is_offered(new, now)
        {
            replace(tx, old.id, new.id, now).await?;
        }
    }
    Ok(())
}

async fn replace(
    tx: &DatabaseTransaction,
    old: i64,
    new: i64,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    let note = "INSERT INTO llm_model_replacements \
        (workspace_id, project_id, old_model_id, new_model_id, replaced_at) \
        SELECT l.workspace_id, l.project_id, l.model_id, $2, $3 \
        FROM llm_monitoring_project_models l JOIN llm_monitoring_projects p ON p.id = l.project_id \
        WHERE l.model_id = $1 AND p.deleted_at IS NULL \
        ON CONFLICT (project_id, old_model_id) DO NOTHING";
    rows::execute(tx, note, [old.into(), new.into(), now.into()]).await?;
    let link = "INSERT INTO llm_monitoring_project_models (workspace_id, project_id, model_id) \
        SELECT l.workspace_id, l.project_id, $2 \
        FROM llm_monitoring_project_models l JOIN llm_monitoring_projects p ON p.id = l.project_id \
        WHERE l.model_id = $1 AND p.deleted_at IS NULL AND NOT EXISTS (\
            SELECT 1 FROM llm_monitoring_project_models o \
            WHERE o.project_id = l.project_id AND o.model_id = $2)";
    rows::execute(tx, link, [old.into(), new.into()]).await?;
    let unlink = "DELETE FROM llm_monitoring_project_models WHERE model_id = $1 \
        AND project_id IN (SELECT p.id FROM llm_monitoring_projects p WHERE p.deleted_at IS NULL)";
    let moved = rows::execute(tx, unlink, [old.into()])
        .await?
        .rows_affected();
    if moved > 0 {
        tracing::info!(
            model.old = old,
            model.new = new,
            projects = moved,
            "a model was replaced"
        );
    }
    Ok(())
}
