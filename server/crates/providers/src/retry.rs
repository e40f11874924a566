//! What a response says about another attempt: whether, and after how long.

use std::time::Duration;

use chrono::{DateTime, Utc};
use http::HeaderMap;
use serde_json::Value;

use super::json::{items, text_at};

/// No provider is believed when it asks for more patience than this.
pub(super) const LONGEST_WAIT: Duration = Duration::from_hours(24);

/// The pairs (left over, time until full again) of rate limits, by header.
const LIMITS: &[(&str, &str)] = &[
    (
        "x-ratelimit-remaining-requests",
        "x-ratelimit-reset-requests",
    ),
    ("x-ratelimit-remaining-tokens", "x-ratelimit-reset-tokens"),
    ("x-ratelimit-remaining", "x-ratelimit-reset"),
    (
        "anthropic-ratelimit-requests-remaining",
        "anthropic-ratelimit-requests-reset",
    ),
    (
        "anthropic-ratelimit-tokens-remaining",
        "anthropic-ratelimit-tokens-reset",
    ),
    (
        "anthropic-ratelimit-input-tokens-remaining",
        "anthropic-ratelimit-input-tokens-reset",
    ),
    (
        "anthropic-ratelimit-output-tokens-remaining",
        "anthropic-ratelimit-output-tokens-reset",
    ),
];

/// The provider's own word on whether to try again.
pub(crate) fn should_retry(headers: &HeaderMap) -> Option<bool> {
    match header(headers, "x-should-retry")? {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    }
}

/// How long to wait, from the most to the least exact source: the longer of `retry-after-ms` and
/// `retry-after`, Google's `RetryInfo` in the body, and, for rate limits only, the time until they
/// are reset.
pub(crate) fn retry_after(
    headers: &HeaderMap,
    body: &Value,
    rate_limited: bool,
) -> Option<Duration> {
    let now = time_of(headers);
    asked_for(headers, now)
        .or_else(|| retry_info(body))
        .or_else(|| {
            if rate_limited {
                limit_reset(headers, now)
            } else {
                None
            }
        })
        .map(|wait| wait.min(LONGEST_WAIT))
}

/// The wait that the headers ask for in so many words. Where two of them do, the longer one
/// holds: the finer has been seen at 0 beside a whole second.
pub(super) fn asked_for(headers: &HeaderMap, now: DateTime<Utc>) -> Option<Duration> {
    after_milliseconds(headers).max(after_seconds_or_date(headers, now))
}

/// When the provider sent this, by its own clock where it tells it: the times in its other
/// headers are by that clock too.
pub(super) fn time_of(headers: &HeaderMap) -> DateTime<Utc> {
    header(headers, "date")
        .and_then(http_date)
        .unwrap_or_else(Utc::now)
}

/// The text of a header, if it is one.
pub(super) fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok().map(str::trim)
}

fn after_milliseconds(headers: &HeaderMap) -> Option<Duration> {
    seconds(header(headers, "retry-after-ms")?.parse::<f64>().ok()? / 1000.0)
}

fn after_seconds_or_date(headers: &HeaderMap, now: DateTime<Utc>) -> Option<Duration> {
    let text = header(headers, "retry-after")?;
    match text.parse::<f64>() {
        Ok(number) => seconds(number),
        Err(_) => Some(until(http_date(text)?, now)),
    }
}

fn retry_info(body: &Value) -> Option<Duration> {
    let error = body.get("error").or_else(|| body.get(0)?.get("error"))?;
    let info = items(error, "/details")
        .iter()
        .find(|detail| text_at(detail, "/@type").is_some_and(|kind| kind.ends_with("RetryInfo")))?;
    span(text_at(info, "/retryDelay")?)
}

/// The longest reset among the limits that are used up; where none says that it is, the longest.
fn limit_reset(headers: &HeaderMap, now: DateTime<Utc>) -> Option<Duration> {
    let known = LIMITS.iter().filter_map(|(remaining, reset)| {
        let wait = header(headers, reset).and_then(|text| reset_in(text, now))?;
        let used_up = header(headers, remaining).is_some_and(|left| left == "0");
        Some((used_up, wait))
    });
    known
        .max()
        .map(|(_, wait)| wait)
        .filter(|wait| !wait.is_zero())
}

/// The time until a limit is whole again: a moment in RFC 3339 or since 1970, or a time span.
pub(super) fn reset_in(text: &str, now: DateTime<Utc>) -> Option<Duration> {
    match DateTime::parse_from_rfc3339(text) {
        Ok(time) => Some(until(time.to_utc(), now)),
        Err(_) => match unix_time(text) {
            Some(time) => Some(until(time, now)),
            None => span(text),
        },
    }
}

/// A moment as seconds since 1970 (Perplexity) or milliseconds (`OpenRouter`): no span of time is
/// that long.
fn unix_time(text: &str) -> Option<DateTime<Utc>> {
    const SECONDS: i64 = 1_000_000_000;
    let number: i64 = text.parse().ok().filter(|number| *number >= SECONDS)?;
    if number < SECONDS * 1_000 {
        DateTime::from_timestamp(number, 0)
    } else {
        DateTime::from_timestamp_millis(number)
    }
}

/// A time span as Go and Google write them: `120ms`, `6m0s`, `1.5s`, or bare seconds.
fn span(text: &str) -> Option<Duration> {
    if let Ok(number) = text.parse::<f64>() {
        return seconds(number);
    }
    let mut rest = text;
    let mut total = 0.0;
    while !rest.is_empty() {
        let digits = rest.find(|letter: char| !letter.is_ascii_digit() && letter != '.')?;
        let number: f64 = rest[..digits].parse().ok()?;
        let unit_on = &rest[digits..];
        let unit_end = unit_on
            .find(|letter: char| letter.is_ascii_digit() || letter == '.')
            .unwrap_or(unit_on.len());
        total += number
            * match &unit_on[..unit_end] {
                "h" => 3600.0,
                "m" => 60.0,
                "s" => 1.0,
                "ms" => 1e-3,
                "us" | "µs" => 1e-6,
                "ns" => 1e-9,
                _ => return None,
            };
        rest = &unit_on[unit_end..];
    }
    (!text.is_empty()).then(|| seconds(total)).flatten()
}

fn seconds(number: f64) -> Option<Duration> {
    Duration::try_from_secs_f64(number).ok()
}

fn http_date(text: &str) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc2822(text)
        .ok()
        .map(|time| time.to_utc())
}

fn until(time: DateTime<Utc>, now: DateTime<Utc>) -> Duration {
    (time - now).to_std().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use http::{HeaderName, HeaderValue};
    use serde_json::json;

    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| {
                (
                    HeaderName::from_static(name),
                    HeaderValue::from_static(value),
                )
            })
            .collect()
    }

    fn wait_ms(pairs: &[(&'static str, &'static str)], body: &Value) -> Option<u128> {
        retry_after(&headers(pairs), body, true).map(|wait| wait.as_millis())
    }

    #[test]
    fn more_exact_sources_win() {
        let body = json!({"error": {"details": [
            {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "48s"}
        ]}});
        let all = [
            ("retry-after-ms", "1500"),
            ("retry-after", "7"),
            ("x-ratelimit-reset-tokens", "6m0s"),
        ];
        assert_eq!(wait_ms(&all, &body), Some(7_000));
        assert_eq!(wait_ms(&all[1..], &body), Some(7_000));
        assert_eq!(wait_ms(&all[..1], &body), Some(1_500));
        for (finer, coarser, wait) in [("0", "1", 1_000), ("2500", "2", 2_500), ("x", "3", 3_000)] {
            let both = [("retry-after-ms", finer), ("retry-after", coarser)];
            assert_eq!(
                wait_ms(&both, &Value::Null),
                Some(wait),
                "{finer} {coarser}"
            );
        }
        assert_eq!(wait_ms(&all[2..], &body), Some(48_000));
        assert_eq!(wait_ms(&all[2..], &Value::Null), Some(360_000));
        assert_eq!(wait_ms(&[], &Value::Null), None);
    }

    #[test]
    fn dates_count_from_the_date_of_the_response() {
        let at = ("date", "Wed, 19 Aug 2026 14:34:14 GMT");
        assert_eq!(
            wait_ms(
                &[at, ("retry-after", "Wed, 19 Aug 2026 14:34:44 GMT")],
                &Value::Null
            ),
            Some(30_000)
        );
        assert_eq!(
            wait_ms(
                &[at, ("retry-after", "Wed, 19 Aug 2026 14:00:00 GMT")],
                &Value::Null
            ),
            Some(0)
        );
        assert_eq!(
            wait_ms(
                &[
                    at,
                    ("anthropic-ratelimit-tokens-reset", "2026-08-19T14:34:20Z")
                ],
                &Value::Null
            ),
            Some(6_000)
        );
    }

    #[test]
    fn moments_since_1970_are_moments() {
        let now = http_date("Fri, 09 Oct 2026 19:07:20 GMT").expect("a date");
        let wait = |text| reset_in(text, now).map(|wait| wait.as_millis());
        assert_eq!(wait("1791572841"), Some(1_000));
        assert_eq!(wait("1791572840"), Some(0));
        assert_eq!(wait("1791572841250"), Some(1_250));
        assert_eq!(wait("100000"), Some(100_000_000), "a span");
        let used_up = [
            ("date", "Fri, 09 Oct 2026 19:07:20 GMT"),
            ("x-ratelimit-remaining", "0"),
            ("x-ratelimit-reset", "1791572843"),
        ];
        assert_eq!(wait_ms(&used_up, &Value::Null), Some(3_000));
    }

    #[test]
    fn the_limit_that_is_used_up_decides() {
        let pairs = [
            ("x-ratelimit-remaining-requests", "0"),
            ("x-ratelimit-reset-requests", "120ms"),
            ("x-ratelimit-remaining-tokens", "900"),
            ("x-ratelimit-reset-tokens", "6m0s"),
        ];
        assert_eq!(wait_ms(&pairs, &Value::Null), Some(120));
    }

    #[test]
    fn nonsense_is_no_wait() {
        for text in ["soon", "-3", "NaN", "1e400", "5 parsecs", ""] {
            assert_eq!(
                wait_ms(&[("retry-after", text)], &Value::Null),
                None,
                "{text}"
            );
        }
        assert_eq!(
            wait_ms(&[("retry-after", "999999999999")], &Value::Null),
            Some(86_400_000)
        );
    }
}
