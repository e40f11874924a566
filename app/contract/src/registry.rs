//! Models and their prices.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_tuple::{Deserialize_tuple, Serialize_tuple};

use super::ids::{ModelId, PriceId, ProjectId};
use super::money::Money;
use super::provider::Provider;
use crate::words;

words! {
    /// Where a price comes from.
    PriceOrigin {
        /// The table that the binary carries.
        Seed = "seed",
        /// A file or list that an admin accepted.
        Sync = "sync",
        /// Typed by an admin.
        User = "user",
    }
}

/// Tokens of thoughts and text that an answer may have where nobody said otherwise: models that
/// think before they write need several thousand, or nothing is left for the text.
pub const ANSWER_TOKENS: i64 = 16_000;
/// The same for a model of which it is known that it does not think.
pub const ANSWER_TOKENS_WITHOUT_THOUGHTS: i64 = 4_096;

/// What a whole ask costs instead where more than so many tokens are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize_tuple, Deserialize_tuple)]
pub struct PriceTier {
    /// Tokens read, those of the cache included; an ask of exactly so many is below.
    pub above_tokens: i64,
    /// A million tokens read.
    pub input: Money,
    /// A million tokens written.
    pub output: Money,
    /// A million tokens read from the provider's cache; `None`: as `input`.
    pub cached_input: Option<Money>,
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
    /// What long asks cost instead.
    pub tier: Option<PriceTier>,
}

/// A price as the history of a model lists it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct PriceEntry {
    /// The price; one that has not begun yet starts in the future.
    pub price: PriceView,
    /// E-mail address of the admin who typed or accepted it; `None`: nobody did.
    pub by: Option<String>,
}

words! {
    /// What an admin has said of a model that the check of the providers' lists found.
    Review {
        /// Nothing yet.
        New = "new",
        /// It may be used. Models that an admin added count as approved.
        Approved = "approved",
        /// It is of no use here.
        Rejected = "rejected",
    }
}

/// A row of the registry.
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent facts about a model"
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
    /// Whether an admin lets projects use it; whether they can, [`ModelView::is_offered`] says.
    pub is_available: bool,
    /// Upper limit of an answer, in tokens, thoughts included.
    pub max_tokens: i64,
    /// At most so many asks at the same time.
    pub max_in_flight: i64,
    /// The price today; `None`: unpriced.
    pub price: Option<PriceView>,
    /// Prices that begin later, the next one first.
    pub coming_prices: Vec<PriceView>,
    /// Whether this workspace can use it: a key is there, or none is needed.
    pub usable: bool,
    /// What an admin has said of it.
    pub review: Review,
    /// When a provider's list first had it; `None`: no check has seen it.
    pub first_seen_at: Option<DateTime<Utc>>,
    /// When a provider's list last had it.
    pub last_seen_at: Option<DateTime<Utc>>,
    /// When its provider takes it away, where that is known.
    pub retires_at: Option<DateTime<Utc>>,
    /// Whether its provider has taken it away: that moment has come, and no list has said since
    /// that it still answers.
    pub has_ended: bool,
}

impl ModelView {
    /// Whether projects can choose it and runs ask it.
    pub const fn is_offered(&self) -> bool {
        self.is_available && !self.has_ended
    }
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
    /// Upper limit of an answer, in tokens, thoughts included.
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
    /// The day on which it begins, in UTC: `2026-03-31`; absent: now.
    #[serde(default)]
    pub starts_on: Option<String>,
    /// What long asks cost instead.
    #[serde(default)]
    pub tier: TierDraft,
}

/// What long asks cost instead, as typed. An absent field keeps its present value.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TierDraft {
    /// More tokens read than these make an ask a long one; empty: long asks cost as others.
    pub above_tokens: Option<String>,
    /// A million tokens read.
    pub input: Option<String>,
    /// A million tokens written.
    pub output: Option<String>,
    /// A million tokens from the cache; empty: as `input`.
    pub cached_input: Option<String>,
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
    /// Upper limit of an answer, in tokens, thoughts included; `None`: [`ANSWER_TOKENS`].
    #[serde(default)]
    pub max_tokens: Option<i64>,
}

/// A model that its provider will take away, with what uses it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct RetiringView {
    /// The model.
    pub model_id: ModelId,
    /// Its provider.
    pub provider: Provider,
    /// Its name for people.
    pub name: String,
    /// When it is taken away.
    pub retires_at: DateTime<Utc>,
    /// Whole days until then; negative where that is past.
    pub days_left: i64,
    /// The projects of the caller's workspace that ask it.
    pub projects: Vec<(ProjectId, String)>,
    /// Whether it is gone.
    pub has_ended: bool,
}

/// A change of the registry, as the audit log tells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct RegistryChange {
    /// When.
    pub at: DateTime<Utc>,
    /// E-mail address of who did it; `None`: the check of the lists, or the command line.
    pub by: Option<String>,
    /// The model's name for people.
    pub model: String,
    /// What was done.
    pub action: RegistryAction,
    /// What was there before, where that can be told.
    pub old: Option<String>,
    /// What is there now, where that can be told.
    pub new: Option<String>,
}

words! {
    /// What was done to a model of the registry.
    RegistryAction {
        /// The check of the lists found it.
        Found = "found",
        /// An admin added it.
        Added = "added",
        /// An admin approved it.
        Approved = "approved",
        /// An admin rejected it.
        Rejected = "rejected",
        /// Its price changed.
        Price = "price",
        /// It became, or is no longer, the one that its provider's name stands for.
        Current = "current",
        /// It became, or is no longer, available.
        Available = "available",
        /// It may, or may no longer, search the web.
        WebSearch = "web_search",
        /// It has another name.
        Name = "name",
        /// Its answers may be of another length.
        MaxTokens = "max_tokens",
        /// It may be asked another number of questions at the same time.
        MaxInFlight = "max_in_flight",
        /// Its provider told when it takes it away.
        Retires = "retires",
    }
}

/// What a check of the providers' lists found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckView {
    /// Providers that were asked and answered.
    pub checked: Vec<Provider>,
    /// Providers that did not answer, with their reason.
    pub failed: Vec<(Provider, String)>,
    /// Names of the models that nobody knew.
    pub new_models: Vec<String>,
}
