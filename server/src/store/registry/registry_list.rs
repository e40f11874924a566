//! The list of models that the binary carries: what it says, read.
//!
//! Invariant: no I/O. What becomes of it in the registry stands in `registry_seed`.

use app::model::ids::PriceId;
use app::model::money::Money;
use app::model::provider::Provider;
use app::model::registry::{PriceOrigin, PriceTier, PriceView};
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde::Deserialize;

use crate::store::{StoreError, StoreResult};

/// Models with their prices and ends.
const SEED: &str = include_str!("../../../seed/models.json");

#[derive(Deserialize)]
pub(super) struct Seed {
    pub(super) as_of: NaiveDate,
    pub(super) models: Vec<SeedModel>,
    /// Ends of models that are no part of the list, but may have been added.
    pub(super) endings: Vec<Ending>,
}

#[derive(Deserialize)]
pub(super) struct SeedModel {
    pub(super) provider: Provider,
    pub(super) model_id: String,
    pub(super) display_name: String,
    pub(super) web_search: bool,
    pub(super) is_current: bool,
    pub(super) is_available: bool,
    pub(super) max_tokens: i64,
    pub(super) retires_on: Option<NaiveDate>,
    /// The same provider's model that projects are to ask instead, once this one has ended.
    pub(super) successor: Option<String>,
    /// The price that holds at the day of the list; a file of prices in our own shape has it at
    /// the same place.
    #[serde(flatten)]
    price: Option<SeedPrice>,
    /// Prices before, the oldest first.
    #[serde(default)]
    former: Vec<SeedPrice>,
    /// Prices that are announced, the next one first.
    #[serde(default)]
    coming: Vec<SeedPrice>,
}

impl SeedModel {
    /// In the order in which they begin.
    pub(super) fn prices(&self) -> StoreResult<Vec<PriceView>> {
        let prices = self.former.iter().chain(&self.price).chain(&self.coming);
        prices.map(SeedPrice::view).collect()
    }
}

#[derive(Deserialize)]
struct SeedPrice {
    from: NaiveDate,
    input: String,
    output: String,
    cached_input: Option<String>,
    search_fee: Option<String>,
    above: Option<SeedTier>,
}

#[derive(Deserialize)]
struct SeedTier {
    tokens: i64,
    input: String,
    output: String,
    cached_input: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Ending {
    pub(super) provider: Provider,
    pub(super) model_id: String,
    pub(super) on: NaiveDate,
}

/// The list.
pub(super) fn seed() -> StoreResult<Seed> {
    serde_json::from_str(SEED).map_err(|error| StoreError::Corrupt(error.to_string()))
}

/// When a day of the list begins.
pub(super) fn midnight(day: NaiveDate) -> DateTime<Utc> {
    day.and_time(NaiveTime::MIN).and_utc()
}

impl SeedPrice {
    fn view(&self) -> StoreResult<PriceView> {
        let tier = self.above.as_ref().map(SeedTier::tier).transpose()?;
        Ok(PriceView {
            // The database gives it.
            id: PriceId(0),
            input: amount(&self.input)?,
            output: amount(&self.output)?,
            cached_input: self.cached_input.as_deref().map(amount).transpose()?,
            search_fee: self.search_fee.as_deref().map(amount).transpose()?,
            starts_at: midnight(self.from),
            origin: PriceOrigin::Seed,
            tier,
        })
    }
}

impl SeedTier {
    fn tier(&self) -> StoreResult<PriceTier> {
        Ok(PriceTier {
            above_tokens: self.tokens,
            input: amount(&self.input)?,
            output: amount(&self.output)?,
            cached_input: self.cached_input.as_deref().map(amount).transpose()?,
        })
    }
}

fn amount(text: &str) -> StoreResult<Money> {
    text.parse()
        .map_err(|_| StoreError::Corrupt(format!("price {text}")))
}
