//! The shape of models.dev: an object of providers, each with an object of models, dollars a
//! million tokens. It knows no price of a search.

use app::model::prices::PriceFormat;
use app::model::provider::Provider;
use serde_json::value::RawValue;

use super::amount::{LongAsks, amount, price, with_long_asks};
use super::json::Entries;
use super::{Name, Offer, PriceFile};

/// Reads an object of providers; `None`: none of its values is one.
pub(super) fn read(providers: &Entries<'_>) -> Option<PriceFile> {
    let mut offers = Vec::new();
    let mut foreign = 0;
    let mut is_known_shape = false;
    for (id, value) in &providers.0 {
        let models = Entries::of(value).and_then(|fields| fields.object("models"));
        let Some(models) = models else {
            continue;
        };
        is_known_shape = true;
        for (model, value) in &models.0 {
            match known_provider(id).and_then(|provider| offer(provider, (id, model), value)) {
                Some(offer) => offers.push(offer),
                None => foreign += 1,
            }
        }
    }
    is_known_shape.then_some(PriceFile {
        format: PriceFormat::ModelsDev,
        offers,
        foreign,
    })
}

fn known_provider(id: &str) -> Option<Provider> {
    Some(match id {
        "openai" => Provider::OpenAi,
        "anthropic" => Provider::Anthropic,
        "google" => Provider::Google,
        "perplexity" => Provider::Perplexity,
        "xai" => Provider::Xai,
        "azure" => Provider::Azure,
        "mistral" => Provider::Mistral,
        "deepseek" => Provider::DeepSeek,
        "groq" => Provider::Groq,
        "openrouter" => Provider::OpenRouter,
        _ => return None,
    })
}

/// A model without a cost offers nothing, and is known all the same.
fn offer(provider: Provider, (provider_id, id): (&str, &str), model: &RawValue) -> Option<Offer> {
    let fields = Entries::of(model)?;
    let cost = fields.object("cost").unwrap_or_default();
    let (price, refusal) = price(
        amount(cost.get("input"), 0),
        amount(cost.get("output"), 0),
        amount(cost.get("cache_read"), 0),
        amount(None, 0),
    );
    let (price, refusal) = with_long_asks((price, refusal), long_asks(&cost));
    Some(Offer {
        key: format!("{provider_id}/{id}"),
        provider,
        names: vec![Name::Exact(id.to_owned())],
        resold: Vec::new(),
        price,
        refusal,
    })
}

/// The cost of long asks, which stands in the others' as `context_over_200k`; of several the
/// one that begins first.
fn long_asks(cost: &Entries<'_>) -> Option<LongAsks> {
    let above = |name: &str| -> Option<i64> {
        let thousands = name.strip_prefix("context_over_")?.strip_suffix('k')?;
        thousands.parse::<i64>().ok()?.checked_mul(1_000)
    };
    let tiers = cost.0.iter().filter_map(|(name, value)| {
        let fields = Entries::of(value)?;
        Some(LongAsks {
            above_tokens: above(name)?,
            input: amount(fields.get("input"), 0),
            output: amount(fields.get("output"), 0),
            cached_input: amount(fields.get("cache_read"), 0),
        })
    });
    tiers.min_by_key(|tier| tier.above_tokens)
}
