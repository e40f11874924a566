//! litellm's shape: an object of models, dollars a token. A model's key may begin with its
//! provider's name.

use app::model::prices::PriceFormat;
use app::model::provider::Provider;
use serde_json::value::RawValue;

use super::amount::{amount, price};
use super::json::Entries;
use super::{Name, Offer, PriceFile};

/// From a token to a million.
const MILLION: i64 = 6;
/// An entry that explains the others.
const EXPLANATION: &str = "sample_spec";
/// What models are for that answer questions.
const CHAT: [&str; 3] = ["chat", "responses", "completion"];

pub(super) fn read(entries: &Entries<'_>) -> Option<PriceFile> {
    let is_litellm = entries.0.iter().any(|(_, value)| {
        Entries::of(value).is_some_and(|fields| fields.get("litellm_provider").is_some())
    });
    if !is_litellm {
        return None;
    }
    let models = entries.0.iter().filter(|(key, _)| key != EXPLANATION);
    let mut foreign = 0;
    let mut offers = Vec::new();
    for (key, value) in models {
        match offer(key, value) {
            Some(offer) => offers.push(offer),
            None => foreign += 1,
        }
    }
    Some(PriceFile {
        format: PriceFormat::Litellm,
        offers,
        foreign,
    })
}

fn offer(key: &str, value: &RawValue) -> Option<Offer> {
    let fields = Entries::of(value)?;
    let named = fields.text("litellm_provider")?;
    let provider = provider(&named)?;
    let mode = fields.text("mode");
    if mode.is_some_and(|mode| !CHAT.contains(&mode.as_str())) {
        return None;
    }
    let id = key
        .strip_prefix(named.as_str())
        .and_then(|rest| rest.strip_prefix('/'))
        .unwrap_or(key);
    let searches = fields.object("search_context_cost_per_query");
    // The size that the adapters ask for.
    let search = searches.as_ref().and_then(|sizes| {
        let sized = |size: &str| sizes.get(&format!("search_context_size_{size}"));
        sized("low").or_else(|| sized("medium"))
    });
    let (price, refusal) = price(
        amount(fields.get("input_cost_per_token"), MILLION),
        amount(fields.get("output_cost_per_token"), MILLION),
        amount(fields.get("cache_read_input_token_cost"), MILLION),
        amount(search, 0),
    );
    Some(Offer {
        key: key.to_owned(),
        provider,
        names: vec![Name::Exact(id.to_owned())],
        resold: Vec::new(),
        price,
        refusal,
    })
}

fn provider(name: &str) -> Option<Provider> {
    Some(match name {
        "openai" => Provider::OpenAi,
        "anthropic" => Provider::Anthropic,
        "gemini" => Provider::Google,
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
