//! Answers in which there is nothing to be seen.

use providers::{Answer, Exchange, Outcome, is_visible};

/// An exchange whose answer has no visible text ended empty, whatever the provider calls it:
/// an answer that was cut to nothing says nothing.
pub(super) fn named_by_its_text(exchange: Exchange) -> Exchange {
    let named = |answer: Answer| match answer.outcome {
        Outcome::Answered | Outcome::Truncated | Outcome::Refused if !is_visible(&answer.text) => {
            Answer {
                outcome: Outcome::Empty,
                ..answer
            }
        }
        _ => answer,
    };
    Exchange {
        result: exchange.result.map(named),
        ..exchange
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use bytes::Bytes;
    use providers::{RateLimits, Usage};

    use super::*;

    fn named(outcome: Outcome, text: &str) -> Outcome {
        let answer = Answer {
            outcome,
            text: text.to_owned(),
            finish: None,
            model_served: None,
            usage: Usage::default(),
            citations: Vec::new(),
            request_id: None,
            cost_reported: None,
            search_queries: Vec::new(),
            worth_another: false,
        };
        let exchange = Exchange {
            result: Ok(answer),
            status: Some(200),
            latency: Duration::ZERO,
            request_id: None,
            raw_body: Bytes::new(),
            rate: RateLimits::default(),
        };
        let named = named_by_its_text(exchange).result;
        named.expect("an answer").outcome
    }

    #[test]
    fn an_answer_in_which_nobody_sees_anything_is_empty() {
        for outcome in [Outcome::Answered, Outcome::Truncated, Outcome::Refused] {
            for text in ["", " \n", "\u{ad}", "\u{200b}"] {
                assert_eq!(named(outcome, text), Outcome::Empty, "{text:?}");
            }
            assert_eq!(named(outcome, "\u{ad}."), outcome);
        }
        assert_eq!(named(Outcome::Blocked, ""), Outcome::Blocked);
    }
}
