//! The shape of genai-prices: a list of providers, each with models, dollars a million tokens
//! and a thousand searches. Prices may have tiers and dates.

use app::model::prices::PriceFormat;
use app::model::provider::Provider;
use chrono::NaiveDate;
use serde_json::value::RawValue;

use super::amount::{Amount, LongAsks, amount, price, with_long_asks};
use super::json::Entries;
use super::{Name, Offer, PriceFile};

/// From a thousand searches to one.
const THOUSANDTH: i64 = -3;
/// Rules within rules that are followed.
const DEPTH: usize = 4;

pub(super) fn read(providers: Vec<&RawValue>, today: NaiveDate) -> Option<PriceFile> {
    let mut offers = Vec::new();
    let mut foreign = 0;
    let mut is_known_shape = providers.is_empty();
    for provider in providers {
        let Some(fields) = Entries::of(provider) else {
            continue;
        };
        let (Some(id), Some(models)) = (fields.text("id"), fields.list("models")) else {
            continue;
        };
        is_known_shape = true;
        for model in models {
            let provider = known_provider(&id);
            match provider.and_then(|provider| offer(provider, &id, model, today)) {
                Some(offer) => offers.push(offer),
                None => foreign += 1,
            }
        }
    }
    is_known_shape.then_some(PriceFile {
        format: PriceFormat::GenaiPrices,
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
        "x-ai" => Provider::Xai,
        "azure" => Provider::Azure,
        "mistral" => Provider::Mistral,
        "deepseek" => Provider::DeepSeek,
        "groq" => Provider::Groq,
        "openrouter" => Provider::OpenRouter,
        _ => return None,
    })
}

fn offer(
    provider: Provider,
    provider_id: &str,
    model: &RawValue,
    today: NaiveDate,
) -> Option<Offer> {
    let fields = Entries::of(model)?;
    let id = fields.text("id")?;
    let prices = match fields.list("prices") {
        Some(dated) => price_of_today(&dated, today)?,
        None => fields.object("prices")?,
    };
    let mut names = vec![Name::Exact(id.clone())];
    if let Some(rule) = fields.object("match") {
        follow(&rule, DEPTH, &mut names);
    }
    let (price, refusal) = price(
        tiered(prices.get("input_mtok")),
        tiered(prices.get("output_mtok")),
        tiered(prices.get("cache_read_mtok")),
        amount(prices.get("web_searches_kcount"), THOUSANDTH),
    );
    let (price, refusal) = with_long_asks((price, refusal), long_asks(&prices));
    Some(Offer {
        key: format!("{provider_id}/{id}"),
        provider,
        names,
        resold: Vec::new(),
        price,
        refusal,
    })
}

/// The last price whose day has come; those for hours of the day are left out. Where none
/// holds, the first one does.
fn price_of_today<'a>(dated: &[&'a RawValue], today: NaiveDate) -> Option<Entries<'a>> {
    let holds = |entry: &Entries<'a>| match entry.object("constraint") {
        None => true,
        Some(constraint) => constraint
            .text("start_date")
            .and_then(|day| day.parse::<NaiveDate>().ok())
            .is_some_and(|day| day <= today),
    };
    let entries: Vec<Entries<'a>> = dated
        .iter()
        .filter_map(|value| Entries::of(value))
        .collect();
    let chosen = entries
        .iter()
        .rfind(|entry| holds(entry))
        .or(entries.first());
    chosen?.object("prices")
}

/// An amount, or the one that holds for short questions.
fn tiered(value: Option<&RawValue>) -> Amount {
    match value.and_then(Entries::of) {
        Some(tiers) => amount(tiers.get("base"), 0),
        None => amount(value, 0),
    }
}

/// What long asks cost: of each amount that has tiers the one that begins first.
fn long_asks(prices: &Entries<'_>) -> Option<LongAsks> {
    let tier = |name: &str| first_tier(prices.get(name));
    let (input, output) = (tier("input_mtok"), tier("output_mtok"));
    let cached_input = tier("cache_read_mtok");
    let tiers = [input, output, cached_input].into_iter().flatten();
    let above_tokens = tiers.map(|(start, _)| start).min()?;
    let amount_of = |tier: Option<(i64, Amount)>| tier.map_or_else(Amount::default, |tier| tier.1);
    Some(LongAsks {
        above_tokens,
        input: amount_of(input),
        output: amount_of(output),
        cached_input: amount_of(cached_input),
    })
}

/// Where the first tier of an amount begins, and what it costs.
fn first_tier(value: Option<&RawValue>) -> Option<(i64, Amount)> {
    let tiers = Entries::of(value?)?.list("tiers")?;
    let read = tiers.into_iter().filter_map(|tier| {
        let fields = Entries::of(tier)?;
        let start = fields.get("start")?.get().parse::<i64>().ok()?;
        Some((start, amount(fields.get("price"), 0)))
    });
    read.min_by_key(|(start, _)| *start)
}

/// The rules that name one model: an id, or its beginning where a date follows. Rules that take
/// in whole families are not followed: another model's price would look like this one's.
fn follow(rule: &Entries<'_>, depth: usize, names: &mut Vec<Name>) {
    if let Some(id) = rule.text("equals") {
        names.push(Name::Exact(id));
    }
    if let Some(start) = rule.text("starts_with") {
        names.push(Name::Dated(start));
    }
    let nested = rule.list("or").filter(|_| depth > 0).unwrap_or_default();
    for rule in nested.into_iter().filter_map(Entries::of) {
        follow(&rule, depth - 1, names);
    }
}
