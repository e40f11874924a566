//! What a file offers, beside what the registry has.

use std::collections::{BTreeSet, HashMap};

use app::model::money::Money;
use app::model::prices::{Flag, ImportPreview, ImportRow, OfferedPrice, Refusal};
use app::model::provider::Provider;
use app::model::registry::{ModelView, PriceOrigin, PriceTier, PriceView, Review};

use super::{Name, Offer, PriceFile};

/// A change by more than this asks for a second look.
const LARGE: i64 = 10;

/// The models whose price would change. Models that an admin rejected count as unknown.
pub fn compare(file: &PriceFile, models: &[ModelView]) -> ImportPreview {
    let index = Index::of(&file.offers);
    let mut matched = BTreeSet::new();
    let mut rows = Vec::new();
    let mut unchanged = 0;
    for model in models {
        if model.review == Review::Rejected {
            continue;
        }
        let found = index.find(model.provider, &model.model_id);
        let offers: Vec<&Offer> = found
            .iter()
            .filter_map(|place| file.offers.get(*place))
            .filter(|offer| offer.price != OfferedPrice::default() || offer.refusal.is_some())
            .collect();
        if offers.is_empty() {
            continue;
        }
        matched.extend(found);
        match row(model, &offers) {
            Some(row) => rows.push(row),
            None => unchanged += 1,
        }
    }
    rows.sort_by(|a, b| (a.provider, &a.name).cmp(&(b.provider, &b.name)));
    let unknown = file.offers.len() - matched.len() + file.foreign;
    ImportPreview {
        format: file.format,
        rows,
        unchanged,
        unknown: i64::try_from(unknown).unwrap_or(i64::MAX),
    }
}

/// Which offers name which model.
struct Index<'a> {
    exact: HashMap<(Provider, &'a str), Vec<usize>>,
    dated: HashMap<Provider, Vec<(&'a str, usize)>>,
}

impl<'a> Index<'a> {
    fn of(offers: &'a [Offer]) -> Self {
        let mut exact: HashMap<_, Vec<usize>> = HashMap::new();
        let mut dated: HashMap<_, Vec<(&str, usize)>> = HashMap::new();
        for (place, offer) in offers.iter().enumerate() {
            for (provider, id) in &offer.resold {
                exact
                    .entry((*provider, id.as_str()))
                    .or_default()
                    .push(place);
            }
            for name in &offer.names {
                match name {
                    Name::Exact(id) => {
                        let places = exact.entry((offer.provider, id.as_str())).or_default();
                        if places.last() != Some(&place) {
                            places.push(place);
                        }
                    }
                    Name::Dated(start) => {
                        dated
                            .entry(offer.provider)
                            .or_default()
                            .push((start, place));
                    }
                }
            }
        }
        Self { exact, dated }
    }

    /// The offers for a model: those that name it, else those that name it without its date.
    fn find(&self, provider: Provider, id: &str) -> Vec<usize> {
        if let Some(places) = self.exact.get(&(provider, id)) {
            return places.clone();
        }
        let dated = self
            .dated
            .get(&provider)
            .map(Vec::as_slice)
            .unwrap_or_default();
        let mut places: Vec<usize> = dated
            .iter()
            .filter(|(start, _)| id.strip_prefix(start).is_some_and(is_date))
            .map(|(_, place)| *place)
            .collect();
        places.dedup();
        places
    }
}

/// `-20251001`, `-2025-10-01`, `@20251001`, `-latest`, or nothing.
fn is_date(rest: &str) -> bool {
    let Some(date) = rest.strip_prefix(['-', '@']) else {
        return rest.is_empty();
    };
    let is_number = (6..=10).contains(&date.len())
        && date
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'-');
    date == "latest" || is_number
}

/// What would change of a model; `None`: nothing.
fn row(model: &ModelView, offers: &[&Offer]) -> Option<ImportRow> {
    let first = offers.first()?;
    let old = model.price.as_ref().map(offered).unwrap_or_default();
    let is_resold = first.provider != model.provider;
    let offered = if is_resold {
        without_search(first.price)
    } else {
        first.price
    };
    let new = completed(offered, old);
    let refusal = refusal(model, offers, new);
    if new == old && refusal.is_none() {
        return None;
    }
    Some(ImportRow {
        model_id: model.id,
        provider: model.provider,
        slug: model.model_id.clone(),
        name: model.display_name.clone(),
        keys: offers.iter().map(|offer| offer.key.clone()).collect(),
        price_id: model.price.as_ref().map(|price| price.id),
        flags: flags(model, offered, (old, new), is_resold),
        old,
        new,
        refusal,
    })
}

fn refusal(model: &ModelView, offers: &[&Offer], new: OfferedPrice) -> Option<Refusal> {
    let first = offers.first()?;
    // Two names of one model may well stand there with one price; one name twice may not.
    let is_ambiguous = offers.iter().skip(1).any(|other| {
        other.key == first.key || (other.price, other.refusal) != (first.price, first.refusal)
    });
    if is_ambiguous {
        return Some(Refusal::Duplicate);
    }
    let is_incomplete = model.price.is_none() && (new.input.is_none() || new.output.is_none());
    first
        .refusal
        .or(is_incomplete.then_some(Refusal::Incomplete))
}

fn offered(price: &PriceView) -> OfferedPrice {
    OfferedPrice {
        input: Some(price.input),
        output: Some(price.output),
        cached_input: price.cached_input,
        search_fee: price.search_fee,
        tier: price.tier,
    }
}

/// A reseller's price of a search is that of its own search.
fn without_search(price: OfferedPrice) -> OfferedPrice {
    OfferedPrice {
        search_fee: None,
        ..price
    }
}

/// What a file leaves out stays as it is.
fn completed(new: OfferedPrice, old: OfferedPrice) -> OfferedPrice {
    OfferedPrice {
        input: new.input.or(old.input),
        output: new.output.or(old.output),
        cached_input: new.cached_input.or(old.cached_input),
        search_fee: new.search_fee.or(old.search_fee),
        tier: new
            .tier
            .map(|tier| completed_tier(tier, old.tier))
            .or(old.tier),
    }
}

/// The same of long asks, where they begin at the same count.
fn completed_tier(new: PriceTier, old: Option<PriceTier>) -> PriceTier {
    let old = old.filter(|old| old.above_tokens == new.above_tokens);
    let cached_input = new.cached_input.or(old.and_then(|old| old.cached_input));
    PriceTier {
        cached_input,
        ..new
    }
}

/// Whether a person must check the price of long asks: they cost less than others, the file has no
/// price for them, or it begins at another number of tokens.
fn asks_for_long_asks(offered: OfferedPrice, (old, new): (OfferedPrice, OfferedPrice)) -> bool {
    let is_below = new.tier.is_some_and(|tier| {
        let below = |long: Money, usual: Option<Money>| usual.is_some_and(|usual| long < usual);
        let cached = tier.cached_input.unwrap_or(tier.input);
        below(tier.input, new.input)
            || below(tier.output, new.output)
            || below(cached, new.cached_input)
    });
    let is_unknown = offered.tier.is_none() && old.tier.is_some() && new != old;
    let begins = |price: OfferedPrice| price.tier.map(|tier| tier.above_tokens);
    let is_moved = old.tier.is_some() && begins(new) != begins(old);
    is_below || is_unknown || is_moved
}

fn flags(
    model: &ModelView,
    offered: OfferedPrice,
    (old, new): (OfferedPrice, OfferedPrice),
    is_resold: bool,
) -> Vec<Flag> {
    let pairs = || old.amounts().into_iter().zip(new.amounts());
    let is_hand_edited = model
        .price
        .as_ref()
        .is_some_and(|price| price.origin == PriceOrigin::User);
    let becomes_zero = pairs().any(|(old, new)| old != new && new == Some(Money::ZERO))
        || (model.price.is_none() && new.output == Some(Money::ZERO));
    let changes_much = pairs().any(|pair| match pair {
        (Some(old), Some(new)) if old > Money::ZERO && new > Money::ZERO => {
            new > old.times(LARGE) || old > new.times(LARGE)
        }
        _ => false,
    });
    let is_upside_down =
        |price: OfferedPrice| matches!((price.input, price.output), (Some(i), Some(o)) if i > o);
    [
        (is_resold, Flag::Resold),
        (is_hand_edited, Flag::HandEdited),
        (becomes_zero, Flag::BecomesZero),
        (changes_much, Flag::Tenfold),
        (
            is_upside_down(new) && !is_upside_down(old),
            Flag::InputAboveOutput,
        ),
        (asks_for_long_asks(offered, (old, new)), Flag::LongAsks),
    ]
    .into_iter()
    .filter_map(|(holds, flag)| holds.then_some(flag))
    .collect()
}
