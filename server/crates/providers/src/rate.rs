//! What a response says about the limits of its key: how much is left, and until when.

use std::time::Duration;

use chrono::{DateTime, Utc};
use http::HeaderMap;

use super::retry::{LONGEST_WAIT, asked_for, header, reset_in, time_of};

/// A number above this counts neither requests nor tokens.
const MAX_COUNT: u64 = 1_000_000_000_000_000;

/// The limits of a key, as the headers of one response tell them. Every response may carry
/// them, successes too; most providers send some, none sends all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RateLimits {
    /// Requests in the provider's window of time.
    pub requests: Option<Allowance>,
    /// Tokens in the provider's window; of several limits the tightest.
    pub tokens: Option<Allowance>,
}

/// How much of one limit is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowance {
    /// The whole of it; `None` where the provider does not say.
    pub limit: Option<u64>,
    /// What is left, this request already deducted.
    pub remaining: u64,
    /// How long until it is whole again, counted from the response; at most a day. Where the
    /// response asks for a shorter wait than that, it is that wait: then there is enough again.
    pub reset: Option<Duration>,
}

/// The headers of one limit: whole, left, time until it is whole again.
type Names = [&'static str; 3];

/// `OpenAI`, Azure, Groq, xAI; Anthropic; Mistral; Perplexity, `OpenRouter`.
const REQUESTS: &[Names] = &[
    [
        "x-ratelimit-limit-requests",
        "x-ratelimit-remaining-requests",
        "x-ratelimit-reset-requests",
    ],
    [
        "anthropic-ratelimit-requests-limit",
        "anthropic-ratelimit-requests-remaining",
        "anthropic-ratelimit-requests-reset",
    ],
    [
        "x-ratelimit-limit-req-minute",
        "x-ratelimit-remaining-req-minute",
        "x-ratelimit-reset-req-minute",
    ],
    [
        "x-ratelimit-limit",
        "x-ratelimit-remaining",
        "x-ratelimit-reset",
    ],
];

/// The same for tokens. Anthropic limits them three times.
const TOKENS: &[Names] = &[
    [
        "x-ratelimit-limit-tokens",
        "x-ratelimit-remaining-tokens",
        "x-ratelimit-reset-tokens",
    ],
    [
        "anthropic-ratelimit-tokens-limit",
        "anthropic-ratelimit-tokens-remaining",
        "anthropic-ratelimit-tokens-reset",
    ],
    [
        "anthropic-ratelimit-input-tokens-limit",
        "anthropic-ratelimit-input-tokens-remaining",
        "anthropic-ratelimit-input-tokens-reset",
    ],
    [
        "anthropic-ratelimit-output-tokens-limit",
        "anthropic-ratelimit-output-tokens-remaining",
        "anthropic-ratelimit-output-tokens-reset",
    ],
    [
        "x-ratelimit-limit-tokens-minute",
        "x-ratelimit-remaining-tokens-minute",
        "x-ratelimit-reset-tokens-minute",
    ],
];

impl RateLimits {
    /// Reads the headers of any response. What is missing, negative or no number is `None`; a
    /// limit that does not say what is left is no limit.
    pub fn read(headers: &HeaderMap) -> Self {
        let now = time_of(headers);
        Self {
            requests: tightest(headers, REQUESTS, now),
            tokens: tightest(headers, TOKENS, now),
        }
    }
}

fn tightest(headers: &HeaderMap, limits: &[Names], now: DateTime<Utc>) -> Option<Allowance> {
    limits
        .iter()
        .filter_map(|names| allowance(headers, names, now))
        .min_by_key(|allowance| allowance.remaining)
}

fn allowance(headers: &HeaderMap, names: &Names, now: DateTime<Utc>) -> Option<Allowance> {
    let [limit, remaining, reset] = names;
    Some(Allowance {
        limit: count(headers, limit),
        remaining: count(headers, remaining)?,
        reset: header(headers, reset)
            .and_then(|text| reset_in(text, now))
            .map(|whole| whole.min(asked_for(headers, now).unwrap_or(LONGEST_WAIT)))
            .map(|wait| wait.min(LONGEST_WAIT)),
    })
}

fn count(headers: &HeaderMap, name: &str) -> Option<u64> {
    let count = header(headers, name)?.parse().ok()?;
    (count <= MAX_COUNT).then_some(count)
}

#[cfg(test)]
mod tests {
    use http::{HeaderName, HeaderValue};

    use super::*;

    fn read(pairs: &[(&'static str, &'static str)]) -> RateLimits {
        let headers = pairs
            .iter()
            .map(|(name, value)| {
                (
                    HeaderName::from_static(name),
                    HeaderValue::from_static(value),
                )
            })
            .collect();
        RateLimits::read(&headers)
    }

    fn left(limit: u64, remaining: u64, reset_ms: u64) -> Allowance {
        Allowance {
            limit: Some(limit),
            remaining,
            reset: Some(Duration::from_millis(reset_ms)),
        }
    }

    #[test]
    fn openai_and_its_kin_write_go_durations_or_seconds() {
        let openai = read(&[
            ("x-ratelimit-limit-requests", "500"),
            ("x-ratelimit-remaining-requests", "499"),
            ("x-ratelimit-reset-requests", "120ms"),
            ("x-ratelimit-limit-tokens", "200000"),
            ("x-ratelimit-remaining-tokens", "199957"),
            ("x-ratelimit-reset-tokens", "6m0s"),
        ]);
        assert_eq!(openai.requests, Some(left(500, 499, 120)));
        assert_eq!(openai.tokens, Some(left(200_000, 199_957, 360_000)));
        let azure = read(&[
            ("x-ratelimit-limit-requests", "20"),
            ("x-ratelimit-remaining-requests", "0"),
            ("x-ratelimit-reset-requests", "12"),
        ]);
        assert_eq!(azure.requests, Some(left(20, 0, 12_000)));
        assert_eq!(azure.tokens, None);
    }

    #[test]
    fn the_tightest_of_anthropics_three_token_limits_counts() {
        let limits = read(&[
            ("date", "Wed, 19 Aug 2026 14:34:14 GMT"),
            ("anthropic-ratelimit-requests-limit", "50"),
            ("anthropic-ratelimit-requests-remaining", "49"),
            ("anthropic-ratelimit-requests-reset", "2026-08-19T14:34:15Z"),
            ("anthropic-ratelimit-tokens-limit", "12000"),
            ("anthropic-ratelimit-tokens-remaining", "9000"),
            ("anthropic-ratelimit-tokens-reset", "2026-08-19T14:34:20Z"),
            ("anthropic-ratelimit-input-tokens-limit", "10000"),
            ("anthropic-ratelimit-input-tokens-remaining", "8500"),
            ("anthropic-ratelimit-output-tokens-limit", "2000"),
            ("anthropic-ratelimit-output-tokens-remaining", "500"),
            (
                "anthropic-ratelimit-output-tokens-reset",
                "2026-08-19T14:34:44Z",
            ),
        ]);
        assert_eq!(limits.requests, Some(left(50, 49, 1_000)));
        assert_eq!(limits.tokens, Some(left(2_000, 500, 30_000)));
    }

    #[test]
    fn a_wait_that_is_asked_for_wins_over_a_longer_reset() {
        let reset = |asked| {
            let limits = read(&[
                ("retry-after", asked),
                ("x-ratelimit-remaining-tokens", "0"),
                ("x-ratelimit-reset-tokens", "6m0s"),
            ]);
            limits.tokens.and_then(|allowance| allowance.reset)
        };
        assert_eq!(reset("1"), Some(Duration::from_secs(1)));
        assert_eq!(reset("1000"), Some(Duration::from_mins(6)));
    }

    #[test]
    fn mistral_counts_by_the_minute() {
        let limits = read(&[
            ("x-ratelimit-limit-req-minute", "100"),
            ("x-ratelimit-remaining-req-minute", "98"),
            ("x-ratelimit-limit-tokens-minute", "100000"),
            ("x-ratelimit-remaining-tokens-minute", "97828"),
            ("x-ratelimit-remaining-tokens-month", "1"),
        ]);
        let without_reset = |limit, remaining| {
            Some(Allowance {
                limit: Some(limit),
                remaining,
                reset: None,
            })
        };
        assert_eq!(limits.requests, without_reset(100, 98));
        assert_eq!(limits.tokens, without_reset(100_000, 97_828));
    }

    #[test]
    fn perplexity_says_when_since_1970() {
        let limits = read(&[
            ("date", "Fri, 09 Oct 2026 19:07:20 GMT"),
            ("x-ratelimit-limit", "50"),
            ("x-ratelimit-remaining", "49"),
            ("x-ratelimit-used", "1"),
            ("x-ratelimit-reset", "1791572841"),
        ]);
        assert_eq!(limits.requests, Some(left(50, 49, 1_000)));
        assert_eq!(limits.tokens, None);
    }

    #[test]
    fn a_limit_without_a_rest_is_none() {
        assert_eq!(read(&[]), RateLimits::default());
        assert_eq!(
            read(&[
                ("x-ratelimit-limit-requests", "500"),
                ("x-ratelimit-reset-requests", "1s")
            ]),
            RateLimits::default()
        );
        for absurd in ["-1", "many", "1.5", "1e9", "NaN", "", "99999999999999999"] {
            assert_eq!(
                read(&[("x-ratelimit-remaining-tokens", absurd)]),
                RateLimits::default(),
                "{absurd}"
            );
        }
    }

    #[test]
    fn what_is_absurd_beside_a_rest_is_left_out() {
        let requests = |limit, reset| {
            read(&[
                ("x-ratelimit-limit-requests", limit),
                ("x-ratelimit-remaining-requests", "7"),
                ("x-ratelimit-reset-requests", reset),
            ])
            .requests
            .map(|allowance| (allowance.limit, allowance.remaining, allowance.reset))
        };
        assert_eq!(requests("-5", "soon"), Some((None, 7, None)));
        assert_eq!(requests("8", "-3"), Some((Some(8), 7, None)));
        assert_eq!(
            requests("8", "999999999999"),
            Some((Some(8), 7, Some(LONGEST_WAIT)))
        );
    }
}
