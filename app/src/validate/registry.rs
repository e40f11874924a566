//! Limits of prices.

use chrono::NaiveDate;

use super::{Check, INPUT_TOKENS, PRICE_USD};
use crate::api::error::FieldError;
use crate::model::language::Language;
use crate::model::money::Money;
use crate::model::registry::{PriceDraft, TierDraft};
use crate::texts::errors;

/// Years in which a price may begin.
const YEARS: std::ops::RangeInclusive<i32> = 2020..=2099;

/// A price as typed: each amount, `None` for one that is absent, `Some(None)` for one that is
/// left empty.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PriceAmounts {
    /// A million tokens read.
    pub input: Option<Money>,
    /// A million tokens written.
    pub output: Option<Money>,
    /// A million tokens from the cache.
    pub cached_input: Option<Option<Money>>,
    /// One search.
    pub search_fee: Option<Option<Money>>,
    /// The day on which it begins, in UTC; `None`: now.
    pub starts_on: Option<NaiveDate>,
    /// What long asks cost instead.
    pub tier: TierAmounts,
}

/// The same of what long asks cost instead.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TierAmounts {
    /// More tokens read than these make an ask a long one; `Some(None)`: long asks cost as
    /// others.
    pub above_tokens: Option<Option<i64>>,
    /// A million tokens read.
    pub input: Option<Money>,
    /// A million tokens written.
    pub output: Option<Money>,
    /// A million tokens from the cache.
    pub cached_input: Option<Option<Money>>,
}

/// A price; gives its amounts.
pub fn price(language: Language, draft: &PriceDraft) -> Result<PriceAmounts, Vec<FieldError>> {
    let mut check = Check::new(language);
    let input = draft
        .input
        .as_ref()
        .map(|text| check.amount("price.input", text, PRICE_USD));
    let output = draft
        .output
        .as_ref()
        .map(|text| check.amount("price.output", text, PRICE_USD));
    let mut optional = |field: &str, text: &Option<String>| {
        text.as_ref()
            .map(|text| (!text.trim().is_empty()).then(|| check.amount(field, text, PRICE_USD)))
    };
    let cached_input = optional("price.cached_input", &draft.cached_input);
    let search_fee = optional("price.search_fee", &draft.search_fee);
    let typed_day = draft.starts_on.as_deref().map(str::trim);
    let starts_on = typed_day.filter(|text| !text.is_empty()).and_then(|text| {
        let day = text.parse::<NaiveDate>().ok();
        let day = day.filter(|day| YEARS.contains(&chrono::Datelike::year(day)));
        if day.is_none() {
            check.wrong("price.starts_on", errors::DATE, &[]);
        }
        day
    });
    let tier = tier(&mut check, &draft.tier);
    check.done(PriceAmounts {
        input,
        output,
        cached_input,
        search_fee,
        starts_on,
        tier,
    })
}

fn tier(check: &mut Check, draft: &TierDraft) -> TierAmounts {
    let (least, most) = INPUT_TOKENS;
    let above_tokens = draft.above_tokens.as_deref().map(str::trim).map(|text| {
        if text.is_empty() {
            return None;
        }
        let count = text.parse().ok();
        let count = count.filter(|count| (least..=most).contains(count));
        if count.is_none() {
            let limits: [(&str, &dyn std::fmt::Display); 2] = [("min", &least), ("max", &most)];
            check.wrong("price.tier.above_tokens", errors::NUMBER_RANGE, &limits);
        }
        count
    });
    let mut amount = |field: &str, text: &Option<String>| {
        text.as_ref()
            .map(|text| check.amount(field, text, PRICE_USD))
    };
    let input = amount("price.tier.input", &draft.input);
    let output = amount("price.tier.output", &draft.output);
    let cached_input = draft.cached_input.as_ref().map(|text| {
        let is_typed = !text.trim().is_empty();
        is_typed.then(|| check.amount("price.tier.cached_input", text, PRICE_USD))
    });
    TierAmounts {
        above_tokens,
        input,
        output,
        cached_input,
    }
}
