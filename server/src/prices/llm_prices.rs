//! The shape of llm-prices: a list of prices, dollars a million tokens, of one day or of all
//! days. It knows no price of a search.
//!
//! A price holds from its first day on, up to its last and not on it; a missing day is no limit.

use std::collections::BTreeMap;

use app::model::prices::PriceFormat;
use app::model::provider::Provider;
use chrono::NaiveDate;
use serde_json::value::RawValue;

use super::amount::{amount, price};
use super::json::Entries;
use super::{Name, Offer, PriceFile};

/// A row with its first day.
type DatedRow<'a> = (Option<NaiveDate>, Entries<'a>);

/// The rows of each vendor's models that hold today.
#[derive(Default)]
struct Models<'a> {
    rows: BTreeMap<(String, String), Vec<DatedRow<'a>>>,
    /// Rows that name no model.
    nameless: usize,
}

impl<'a> Models<'a> {
    fn add(&mut self, model: Option<(String, String)>, row: &'a RawValue, today: NaiveDate) {
        let (Some(model), Some(fields)) = (model, Entries::of(row)) else {
            self.nameless += 1;
            return;
        };
        let rows = self.rows.entry(model).or_default();
        let day = |name: &str| -> Option<NaiveDate> { fields.text(name)?.parse().ok() };
        let (from, to) = (day("from_date"), day("to_date"));
        if from.is_none_or(|from| from <= today) && to.is_none_or(|to| today < to) {
            rows.push((from, fields));
        }
    }

    fn file(self) -> PriceFile {
        let mut offers = Vec::new();
        let mut foreign = self.nameless;
        for ((vendor, id), rows) in &self.rows {
            match known_provider(vendor) {
                // A model whose prices have all ended has none.
                Some(provider) if !rows.is_empty() => {
                    offers.extend(newest(rows).map(|fields| offer(provider, (vendor, id), fields)));
                }
                _ => foreign += 1,
            }
        }
        PriceFile {
            format: PriceFormat::LlmPrices,
            offers,
            foreign,
        }
    }
}

/// Reads a list of prices; `None`: no row of it names a vendor and a model.
pub(super) fn read(prices: &[&RawValue], today: NaiveDate) -> Option<PriceFile> {
    let mut models = Models::default();
    for row in prices {
        let fields = Entries::of(row);
        let model = fields.and_then(|fields| Some((fields.text("vendor")?, fields.text("id")?)));
        models.add(model, row, today);
    }
    (prices.is_empty() || !models.rows.is_empty()).then(|| models.file())
}

/// Reads the file that the project keeps of one vendor: each model has a list of its prices.
pub(super) fn read_vendor(vendor: &str, list: &[&RawValue], today: NaiveDate) -> PriceFile {
    let mut models = Models::default();
    for model in list {
        let fields = Entries::of(model).unwrap_or_default();
        for row in fields.list("price_history").unwrap_or_default() {
            let id = fields.text("id");
            models.add(id.map(|id| (vendor.to_owned(), id)), row, today);
        }
    }
    models.file()
}

/// Of the rows that hold those that began last; two that began on one day contradict each other.
fn newest<'r, 'a>(
    rows: &'r [(Option<NaiveDate>, Entries<'a>)],
) -> impl Iterator<Item = &'r Entries<'a>> {
    let latest = rows.iter().map(|(from, _)| *from).max().flatten();
    rows.iter()
        .filter(move |(from, _)| *from == latest)
        .map(|(_, fields)| fields)
}

fn known_provider(vendor: &str) -> Option<Provider> {
    Some(match vendor {
        "openai" => Provider::OpenAi,
        "anthropic" => Provider::Anthropic,
        "google" => Provider::Google,
        "perplexity" => Provider::Perplexity,
        "xai" => Provider::Xai,
        "mistral" => Provider::Mistral,
        "deepseek" => Provider::DeepSeek,
        _ => return None,
    })
}

fn offer(provider: Provider, (vendor, id): (&str, &str), fields: &Entries<'_>) -> Offer {
    let (price, refusal) = price(
        amount(fields.get("input"), 0),
        amount(fields.get("output"), 0),
        amount(fields.get("input_cached"), 0),
        amount(None, 0),
    );
    Offer {
        key: format!("{vendor}/{id}"),
        provider,
        names: names(provider, id),
        resold: Vec::new(),
        price,
        refusal,
    }
}

/// The file writes Anthropic's versions with a dot and without a date, their owner with a hyphen
/// and, for older models, with one.
fn names(provider: Provider, id: &str) -> Vec<Name> {
    let mut names = vec![Name::Exact(id.to_owned())];
    if provider == Provider::Anthropic {
        names.push(Name::Dated(id.replace('.', "-")));
    }
    names
}
