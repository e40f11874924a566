//! Prices from files: what a file offers, and what of it is another price than the registry's.
//!
//! Invariant: pure. What comes out of here is a proposal; nothing is written.

mod amount;
mod compare;
mod genai_prices;
mod json;
mod litellm;
mod llm_prices;
mod models_dev;
mod openrouter;
#[cfg(test)]
mod other_tests;
mod own;
#[cfg(test)]
mod tests;

use app::model::prices::{OfferedPrice, PriceFormat, Refusal};
use app::model::provider::Provider;
use chrono::NaiveDate;

pub use amount::refusal_of;
pub use compare::compare;

use self::json::Entries;

/// What a file offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PriceFile {
    /// Its shape.
    pub format: PriceFormat,
    /// Its entries for models of providers that can be asked.
    pub offers: Vec<Offer>,
    /// Its other entries.
    pub foreign: usize,
}

/// A price that a file has for a model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// What the file calls it.
    pub key: String,
    /// The provider.
    pub provider: Provider,
    /// The models that it is for.
    pub names: Vec<Name>,
    /// Where the provider resells a model: its vendor, and what that calls it.
    pub resold: Vec<(Provider, String)>,
    /// The price, as far as it could be read.
    pub price: OfferedPrice,
    /// What is wrong with it.
    pub refusal: Option<Refusal>,
}

/// How an offer names a model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Name {
    /// By its id.
    Exact(String),
    /// By the beginning of its id; a date or `latest` may follow.
    Dated(String),
}

/// Why a file is no list of prices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PriceFileError {
    /// It is no JSON from here on.
    #[error("the file is no JSON: line {line}, column {column}")]
    NotJson {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
    },
    /// It is JSON of a shape that is not known.
    #[error(
        "the file is no list of prices that is known: of genai-prices, litellm, models.dev, \
         llm-prices, OpenRouter or Parallax"
    )]
    UnknownShape,
    /// It has the right shape and nothing in it.
    #[error("the file has no prices")]
    Empty,
}

impl From<serde_json::Error> for PriceFileError {
    fn from(error: serde_json::Error) -> Self {
        if error.is_data() {
            return Self::UnknownShape;
        }
        Self::NotJson {
            line: error.line(),
            column: error.column(),
        }
    }
}

/// Reads a file of any of the known shapes; of dated prices those that hold on `today`.
pub fn read(text: &str, today: NaiveDate) -> Result<PriceFile, PriceFileError> {
    let text = text.trim_start_matches('\u{feff}');
    let file = if text.trim_start().starts_with('[') {
        genai_prices::read(serde_json::from_str(text)?, today)
    } else {
        let entries: Entries = serde_json::from_str(text)?;
        read_object(&entries, today)
    };
    let file = file.ok_or(PriceFileError::UnknownShape)?;
    if file.offers.is_empty() && file.foreign == 0 {
        return Err(PriceFileError::Empty);
    }
    Ok(file)
}

/// The lists that stand in an object are known by what they are called in it.
fn read_object(entries: &Entries<'_>, today: NaiveDate) -> Option<PriceFile> {
    if let Some(models) = entries.list("models") {
        Some(match entries.text("vendor") {
            Some(vendor) => llm_prices::read_vendor(&vendor, &models, today),
            None => own::read(models),
        })
    } else if let Some(providers) = entries.list("providers") {
        genai_prices::read(providers, today)
    } else if let Some(prices) = entries.list("prices") {
        llm_prices::read(&prices, today)
    } else if let Some(models) = entries.list("data") {
        openrouter::read(&models)
    } else if let Some(providers) = entries.object("providers") {
        models_dev::read(&providers)
    } else {
        models_dev::read(entries).or_else(|| litellm::read(entries))
    }
}
