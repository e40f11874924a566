//! Prices that a file offers, beside those of the registry; and what past answers would cost at
//! the prices that stand in the registry now.

use serde::{Deserialize, Serialize};
use serde_tuple::{Deserialize_tuple, Serialize_tuple};

use super::ids::{ModelId, PriceId};
use super::money::Money;
use super::provider::Provider;
use super::registry::PriceTier;

/// What a model costs, whole or, where a file leaves something out, in part.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize_tuple, Deserialize_tuple)]
pub struct OfferedPrice {
    /// A million tokens read.
    pub input: Option<Money>,
    /// A million tokens written.
    pub output: Option<Money>,
    /// A million tokens from the provider's cache.
    pub cached_input: Option<Money>,
    /// One search.
    pub search_fee: Option<Money>,
    /// What long asks cost instead.
    pub tier: Option<PriceTier>,
}

impl OfferedPrice {
    /// The amounts of usual asks, in the order in which tables show them.
    pub const fn amounts(self) -> [Option<Money>; 4] {
        [self.input, self.output, self.cached_input, self.search_fee]
    }
}

/// Why an offer cannot be accepted, whoever wants to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// An amount is below nothing.
    Negative,
    /// An amount is beyond anything that is asked for a model.
    TooHigh,
    /// An amount cannot be read.
    Unreadable,
    /// The file has several prices for the model.
    Duplicate,
    /// The model has no price yet, and the file does not have both amounts.
    Incomplete,
}

impl Refusal {
    /// What the command line calls it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Negative => "negative",
            Self::TooHigh => "too high",
            Self::Unreadable => "unreadable",
            Self::Duplicate => "duplicate",
            Self::Incomplete => "incomplete",
        }
    }
}

/// What a person should look at before they accept an offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Flag {
    /// It is the price of somebody who resells the model.
    Resold,
    /// The present price was typed by an admin.
    HandEdited,
    /// An amount becomes nothing.
    BecomesZero,
    /// An amount changes more than tenfold.
    Tenfold,
    /// Reading costs more than writing.
    InputAboveOutput,
    /// The price of long asks: the file has none and the model has, or it begins elsewhere, or
    /// it is below that of others.
    LongAsks,
}

impl Flag {
    /// What the command line calls it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Resold => "a reseller's price",
            Self::HandEdited => "typed by hand",
            Self::BecomesZero => "becomes zero",
            Self::Tenfold => "changes more than tenfold",
            Self::InputAboveOutput => "input above output",
            Self::LongAsks => "look at the price of long asks",
        }
    }
}

/// A model whose price a file would change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct ImportRow {
    /// The model.
    pub model_id: ModelId,
    /// Its provider.
    pub provider: Provider,
    /// The provider's own id of it.
    pub slug: String,
    /// Its name for people.
    pub name: String,
    /// What the file calls it; several where it stands there several times.
    pub keys: Vec<String>,
    /// The present price row.
    pub price_id: Option<PriceId>,
    /// The present price.
    pub old: OfferedPrice,
    /// What it would be; amounts that the file leaves out stay as they are.
    pub new: OfferedPrice,
    /// What to look at first.
    pub flags: Vec<Flag>,
    /// Why it cannot be accepted.
    pub refusal: Option<Refusal>,
}

impl ImportRow {
    /// Whether it may be accepted without a second look.
    pub const fn is_plain(&self) -> bool {
        self.flags.is_empty() && self.refusal.is_none()
    }
}

/// The shape of a file of prices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PriceFormat {
    /// Of the project genai-prices.
    GenaiPrices,
    /// Of the project litellm.
    Litellm,
    /// Of models.dev.
    ModelsDev,
    /// Of the project llm-prices.
    LlmPrices,
    /// The list of models of OpenRouter.
    #[serde(rename = "openrouter")]
    OpenRouter,
    /// Our own.
    Parallax,
}

impl PriceFormat {
    /// Its name.
    pub const fn label(self) -> &'static str {
        match self {
            Self::GenaiPrices => "genai-prices",
            Self::Litellm => "litellm",
            Self::ModelsDev => "models.dev",
            Self::LlmPrices => "llm-prices",
            Self::OpenRouter => "OpenRouter",
            Self::Parallax => "Parallax",
        }
    }
}

/// What a file of prices would change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportPreview {
    /// Its shape.
    pub format: PriceFormat,
    /// Models whose price would change, by provider and name.
    pub rows: Vec<ImportRow>,
    /// Models whose price is the same there.
    pub unchanged: i64,
    /// Entries for models that the registry does not have.
    pub unknown: i64,
}

/// A price that an admin accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct ImportChoice {
    /// The model.
    pub model_id: ModelId,
    /// The price row that was shown as the present one; where another one holds meanwhile,
    /// nothing is written.
    pub price_id: Option<PriceId>,
    /// The new price.
    pub price: OfferedPrice,
}

/// What the past answers of a model cost, and what they would cost at today's price rows for
/// their time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct Recomputed {
    /// Answers that were computed from their tokens.
    pub answers: i64,
    /// Answers that stay as they are: the provider said what they cost, or their tokens are
    /// not known.
    pub kept: i64,
    /// What is booked for the computed ones, earlier corrections included.
    pub booked: Money,
    /// What they would cost.
    pub computed: Money,
}

impl Recomputed {
    /// What would have to be booked.
    pub fn difference(self) -> Money {
        self.computed - self.booked
    }
}
