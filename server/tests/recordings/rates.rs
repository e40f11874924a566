//! The rate headers of the recordings, read by hand: what is left of requests and of tokens.

use http::{HeaderMap, HeaderName, HeaderValue};
use providers::RateLimits;
use serde_json::Value;

/// What is wrong with how the rate headers of a recording are read, and whether it has any.
pub(crate) fn check_rates(json: &Value) -> (bool, Vec<String>) {
    let recorded = pairs(&json["response"]["headers"]);
    let headers: HeaderMap = recorded
        .iter()
        .filter_map(|(name, value)| {
            Some((
                name.parse::<HeaderName>().ok()?,
                HeaderValue::from_str(value).ok()?,
            ))
        })
        .collect();
    let limits = RateLimits::read(&headers);
    let seen = [
        limits.requests.map(|allowance| allowance.remaining),
        limits.tokens.map(|allowance| allowance.remaining),
    ];
    // Perplexity counts requests, and does not name them.
    let bare = recorded
        .iter()
        .find(|(name, _)| name == "x-ratelimit-remaining")
        .and_then(|(_, value)| value.parse().ok());
    let requests = least(&recorded, "req").or(bare);
    let expected = [requests, least(&recorded, "tokens")];
    let mut problems = Vec::new();
    if seen != expected {
        problems.push(format!("left {seen:?} instead of {expected:?}"));
    }
    for allowance in [limits.requests, limits.tokens].into_iter().flatten() {
        if allowance
            .limit
            .is_some_and(|limit| limit < allowance.remaining)
        {
            problems.push(format!("more left than there is: {allowance:?}"));
        }
    }
    let has_reset = recorded
        .iter()
        .any(|(name, _)| name.contains("ratelimit") && name.contains("reset"));
    let read_reset = [limits.requests, limits.tokens]
        .into_iter()
        .flatten()
        .any(|allowance| allowance.reset.is_some());
    if has_reset != read_reset {
        problems.push(format!("reset headers: {has_reset}, read: {read_reset}"));
    }
    (expected != [None, None], problems)
}

fn pairs(headers: &Value) -> Vec<(String, String)> {
    let Some(headers) = headers.as_object() else {
        return Vec::new();
    };
    headers
        .iter()
        .filter_map(|(name, value)| {
            let text = match value {
                Value::Array(values) => values.first()?.as_str()?,
                other => other.as_str()?,
            };
            Some((name.to_lowercase(), text.to_owned()))
        })
        .collect()
}

/// The least that any "remaining" header of this unit says, but for windows of months and of
/// seconds.
fn least(recorded: &[(String, String)], unit: &str) -> Option<u64> {
    recorded
        .iter()
        .filter(|(name, _)| {
            name.contains("ratelimit")
                && name.contains("remaining")
                && name.contains(unit)
                && !name.ends_with("month")
                && !name.ends_with("second")
        })
        .filter_map(|(_, value)| value.parse().ok())
        .min()
}
