//! Models and their prices.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_tuple::{Deserialize_tuple, Serialize_tuple};

use super::ids::{ModelId, PriceId};
use super::money::Money;
use super::provider::Provider;

/// Where a price comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PriceOrigin {
    /// The table that the binary carries.
    Seed,
    /// A file or list that an admin accepted.
    Sync,
    /// Typed by an admin.
    User,
}

impl PriceOrigin {
    /// The word in the database and in REST.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Seed => "seed",
            Self::Sync => "sync",
            Self::User => "user",
        }
    }

    /// The origin that a word names; unknown words are seed.
    pub fn from_word(word: &str) -> Self {
        match word {
            "sync" => Self::Sync,
            "user" => Self::User,
            _ => Self::Seed,
        }
    }
}

/// What a model costs from a moment on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct PriceView {
    /// Id.
    pub id: PriceId,
    /// A million tokens read.
    pub input: Money,
    /// A million tokens written.
    pub output: Money,
    /// A million tokens read from the provider's cache; `None`: as `input`.
    pub cached_input: Option<Money>,
    /// One search; `None`: not known.
    pub search_fee: Option<Money>,
    /// Since when.
    pub starts_at: DateTime<Utc>,
    /// Where it comes from.
    pub origin: PriceOrigin,
}

/// A row of the registry.
#[expect(
    clippy::struct_excessive_bools,
    reason = "four independent facts about a model"
)]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelView {
    /// Id.
    pub id: ModelId,
    /// Provider.
    pub provider: Provider,
    /// The provider's own id.
    pub model_id: String,
    /// Name for people.
    pub display_name: String,
    /// Whether asks may search the web.
    pub web_search: bool,
    /// The one that the provider's name stands for.
    pub is_current: bool,
    /// Whether projects may use it.
    pub is_available: bool,
    /// Upper limit of an answer's length, in tokens.
    pub max_tokens: i64,
    /// At most so many asks at the same time.
    pub max_in_flight: i64,
    /// The price today; `None`: unpriced.
    pub price: Option<PriceView>,
    /// Whether this workspace can use it: a key is there, or none is needed.
    pub usable: bool,
}

/// A change to a row of the registry. Absent fields stay as they are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelChange {
    /// Name for people.
    #[serde(default)]
    pub display_name: Option<String>,
    /// Whether asks may search the web.
    #[serde(default)]
    pub web_search: Option<bool>,
    /// Make it the one that the provider's name stands for.
    #[serde(default)]
    pub is_current: Option<bool>,
    /// Whether projects may use it.
    #[serde(default)]
    pub is_available: Option<bool>,
    /// Upper limit of an answer's length, in tokens.
    #[serde(default)]
    pub max_tokens: Option<i64>,
    /// At most so many asks at the same time.
    #[serde(default)]
    pub max_in_flight: Option<i64>,
    /// A new price, in decimal dollars.
    #[serde(default)]
    pub price: Option<PriceDraft>,
}

/// A price as typed: decimal dollars a million tokens, and a search. An absent field of a
/// model that has a price keeps its present value.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceDraft {
    /// A million tokens read.
    pub input: Option<String>,
    /// A million tokens written.
    pub output: Option<String>,
    /// A million tokens from the cache; empty: as `input`.
    pub cached_input: Option<String>,
    /// One search; empty: not known.
    pub search_fee: Option<String>,
}

/// A model that is not in the registry yet, as typed by an admin.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelDraft {
    /// Provider.
    pub provider: Provider,
    /// The provider's own id.
    pub model_id: String,
    /// Name for people; empty: the id.
    pub display_name: String,
    /// Whether asks may search the web.
    pub web_search: bool,
}
