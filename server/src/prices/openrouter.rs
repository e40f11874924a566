//! The list of models that OpenRouter gives out: dollars a token, as texts.
//!
//! These are the prices of OpenRouter. For the vendors whose list prices it passes on they are
//! offered for the vendor's own model too, to be looked at first.

use app::model::prices::PriceFormat;
use app::model::provider::Provider;
use serde_json::value::RawValue;

use super::amount::{Amount, amount, price};
use super::json::Entries;
use super::{Name, Offer, PriceFile};

/// From a token to a million.
const MILLION: i64 = 6;

/// Reads a list of models; `None` if no model has a price.
pub(super) fn read(models: &[&RawValue]) -> Option<PriceFile> {
    let offers: Vec<Offer> = models.iter().filter_map(|model| offer(model)).collect();
    if offers.is_empty() {
        return None;
    }
    Some(PriceFile {
        format: PriceFormat::OpenRouter,
        foreign: models.len() - offers.len(),
        offers,
    })
}

fn offer(model: &RawValue) -> Option<Offer> {
    let fields = Entries::of(model)?;
    let id = fields.text("id")?;
    let pricing = fields.object("pricing")?;
    let search = some(amount(pricing.get("web_search"), 0));
    // Models that search by themselves are paid by the request.
    let search = if search == Amount::default() {
        some(amount(pricing.get("request"), 0))
    } else {
        search
    };
    let (price, refusal) = price(
        amount(pricing.get("prompt"), MILLION),
        amount(pricing.get("completion"), MILLION),
        some(amount(pricing.get("input_cache_read"), MILLION)),
        search,
    );
    Some(Offer {
        provider: Provider::OpenRouter,
        names: vec![Name::Exact(id.clone())],
        resold: vendors_own(&id),
        key: id,
        price,
        refusal,
    })
}

/// What the list does not sell for itself stands there as nothing: that is no price.
fn some(amount: Amount) -> Amount {
    match amount.money {
        Some(money) if money.nanos() == 0 => Amount::default(),
        _ => amount,
    }
}

/// The vendor's own names of a model. Variants (`:free`, `:nitro`) are OpenRouter's alone, and
/// open models have as many prices as hosts.
fn vendors_own(id: &str) -> Vec<(Provider, String)> {
    let Some((vendor, own)) = id.split_once('/').filter(|_| !id.contains(':')) else {
        return Vec::new();
    };
    match vendor {
        "openai" => vec![(Provider::OpenAi, own.to_owned())],
        "anthropic" => vec![(Provider::Anthropic, own.replace('.', "-"))],
        "google" => vec![(Provider::Google, own.to_owned())],
        "perplexity" => vec![
            (Provider::Perplexity, own.to_owned()),
            (Provider::Perplexity, id.to_owned()),
        ],
        "x-ai" => vec![(Provider::Xai, own.to_owned())],
        _ => Vec::new(),
    }
}
