//! Limits of API keys and budgets.

use super::{API_KEY, BUDGET_USD, Check, IN_FLIGHT};
use crate::api::error::FieldError;
use crate::model::keys::{BudgetDraft, KeyDraft};
use crate::model::language::Language;
use crate::model::money::Money;
use crate::model::provider::Provider;
use crate::texts::errors;

/// A key; gives it clean. The host refuses addresses that it must not reach; here only the
/// form is looked at.
pub fn key(language: Language, draft: &KeyDraft) -> Result<KeyDraft, Vec<FieldError>> {
    let mut check = Check::new(language);
    let api_key = draft
        .api_key
        .as_ref()
        .map(|key| key.trim().to_owned())
        .filter(|key| !key.is_empty());
    let (min, max) = API_KEY;
    if let Some(key) = &api_key {
        // Quotes come along when a key is copied out of a file; no key has any.
        let is_of_key = |byte: u8| byte.is_ascii_graphic() && !b"\"'`\\".contains(&byte);
        let is_visible = key.bytes().all(is_of_key);
        if !(min..=max).contains(&key.len()) || !is_visible {
            check.wrong("api_key", errors::KEY, &[("min", &min), ("max", &max)]);
        }
    }
    let base_url = draft.base_url.trim().trim_end_matches('/').to_owned();
    let address = base_url
        .strip_prefix("https://")
        .or_else(|| base_url.strip_prefix("http://"));
    match address {
        _ if base_url.is_empty() => {
            if matches!(draft.provider, Provider::Compatible | Provider::Azure) {
                check.wrong("base_url", errors::BASE_URL_NEEDED, &[]);
            }
        }
        Some(rest)
            if !rest.is_empty()
                && rest.len() <= 500
                && !rest.contains(['@', '?', '#', '\\'])
                && rest.bytes().all(|byte| byte.is_ascii_graphic()) => {}
        _ => check.wrong("base_url", errors::BASE_URL, &[]),
    }
    let max_in_flight = check
        .whole("max_in_flight", &draft.max_in_flight, IN_FLIGHT)
        .map(|count| count.to_string())
        .unwrap_or_default();
    check.done(KeyDraft {
        provider: draft.provider,
        api_key,
        base_url,
        max_in_flight,
    })
}

/// What a workspace may spend on the operator's keys a month.
pub fn ceiling(language: Language, field: &str, text: &str) -> Result<Money, Vec<FieldError>> {
    let mut check = Check::new(language);
    let ceiling = check.amount(field, text, BUDGET_USD);
    check.done(ceiling)
}

/// A budget; gives its two values, `None` for one that stays as it is.
pub fn budget(
    language: Language,
    draft: &BudgetDraft,
) -> Result<(Option<Money>, Option<i64>), Vec<FieldError>> {
    let mut check = Check::new(language);
    let monthly = draft
        .monthly
        .as_ref()
        .map(|text| check.amount("monthly", text, BUDGET_USD));
    if draft
        .threshold_percent
        .is_some_and(|percent| !(1..=100).contains(&percent))
    {
        check.wrong(
            "threshold_percent",
            errors::PERCENT,
            &[("min", &1), ("max", &100)],
        );
    }
    check.done((monthly, draft.threshold_percent))
}
