//! What the next answer of a model may cost, by its limits and by the largest answers so far.
//!
//! Limits say what is asked of a provider; some search more, or think longer, than they were
//! asked to. So what answers used is remembered, by workspace and model, and counts beside them.
//!
//! Invariant: pure; the larger the answers that were seen, the more is set aside.

use chrono::{DateTime, Utc};
use contract::money::Money;
use contract::provider::Provider;
use contract::run::CostKind;
use contract::served::is_other_model;
use providers::{Answer, Usage};

use super::cost::{self, AskSize, Cost, Price, Used};
use super::other_models::{OtherModel, price_of_other};
use super::work::{AskOutcome, ModelToAsk};

/// Of the longest answer that a model may write, as much is typical: models that may think for
/// long seldom do, and the longest would make the end of each budget a hundred times too early.
const TYPICAL_ANSWER: i64 = 2_048;
/// Searches that an answer may make before its model is known better.
const SEARCHES_AT_MOST: i64 = 20;
/// What is set aside is larger than the largest that was seen, by a quarter.
const MARGIN_PERCENT: i64 = 125;
/// More of anything is remembered as this: one wild counter must not hold up every run after it.
const MOST_SEARCHES: i64 = 200;
const MOST_TOKENS: i64 = 2_000_000;
const MOST_REPORTED: Money = Money::from_usd(20);

/// The most of each that answers of a model were seen to use; nothing where none was.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LargestUsage {
    /// Searches of one answer.
    pub searches: i64,
    /// Tokens read for one answer.
    pub input_tokens: i64,
    /// Tokens written for one answer.
    pub output_tokens: i64,
    /// What a provider reported as the cost of one answer.
    pub reported: Money,
}

impl LargestUsage {
    /// What one answer used, as far as its counters can be believed.
    fn of(answer: &Answer, usage: Usage) -> Self {
        let Usage {
            searches,
            input_tokens,
            output_tokens,
            ..
        } = usage;
        let within = |count: Option<i64>, most: i64| count.unwrap_or(0).clamp(0, most);
        let reported = answer.cost_reported.unwrap_or_default();
        Self {
            searches: within(searches, MOST_SEARCHES),
            input_tokens: within(input_tokens, MOST_TOKENS),
            output_tokens: within(output_tokens, MOST_TOKENS),
            reported: reported.clamp(Money::ZERO, MOST_REPORTED),
        }
    }

    /// The same of what came for an ask to `asked`; `None`: no answer. Where another model gave
    /// it, at a price of its own, what it cost counts as reported.
    pub fn of_ask(asked: &str, outcome: &AskOutcome) -> Option<Self> {
        let answer = outcome.exchange.result.as_ref().ok()?;
        let seen = match outcome.without_text() {
            None => Self::of(answer, answer.usage),
            Some(first) => {
                Self::of(answer, first).or_more(Self::of(answer, answer.usage.without(first)))
            }
        };
        let is_other = is_other_model(asked, answer.model_served.as_deref());
        let cost = outcome.cost.filter(|_| is_other).map(|cost| cost.amount);
        let cost = cost.unwrap_or_default().clamp(Money::ZERO, MOST_REPORTED);
        Some(Self {
            reported: seen.reported.max(cost),
            ..seen
        })
    }

    /// The larger of each.
    #[must_use]
    pub fn or_more(self, other: Self) -> Self {
        Self {
            searches: self.searches.max(other.searches),
            input_tokens: self.input_tokens.max(other.input_tokens),
            output_tokens: self.output_tokens.max(other.output_tokens),
            reported: self.reported.max(other.reported),
        }
    }

    /// Whether nothing of `other` is more.
    pub fn covers(self, other: Self) -> bool {
        self.or_more(other) == self
    }

    fn with_margin(self) -> Self {
        let more = |count: i64| (count * MARGIN_PERCENT + 99) / 100;
        Self {
            searches: more(self.searches),
            input_tokens: more(self.input_tokens),
            output_tokens: more(self.output_tokens),
            reported: Money::from_nanos(more(self.reported.nanos())),
        }
    }
}

/// On what terms a model is asked: its prices, and what its answers were seen to use.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Terms {
    /// All its prices, in the order in which they start.
    pub prices: Vec<Price>,
    /// The other models of its provider: one of them may answer in its place.
    pub others: Vec<OtherModel>,
    /// What the database knows of its answers.
    pub stored: LargestUsage,
    /// The same, with what arrived since.
    pub seen: LargestUsage,
}

/// What is set aside for an ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SetAside {
    /// More than any answer of the model was seen to cost.
    pub most: Money,
    /// What a budget needs for an ask that is alone in flight: its limits with a typical answer in
    /// place of the longest, or the largest one so far. An ask that is lost with its worker is
    /// booked at this.
    pub least: Cost,
    /// What is booked for an attempt that broke off or could not be read: the longest answer that
    /// its limits allow, or the largest one so far.
    pub worst: Cost,
}

impl Terms {
    /// The newest price of the provider's models that is known; 0: none.
    pub fn newest_price(&self) -> i64 {
        let others = self.others.iter().flat_map(|other| &other.prices);
        self.prices
            .iter()
            .chain(others)
            .map(|price| price.id.0)
            .max()
            .unwrap_or(0)
    }

    /// The price of what is sent to `model` at a moment. The simulator's first one holds for what
    /// comes before it too: its answers are made up for days long past.
    pub fn price_at(&self, model: &ModelToAsk, at: DateTime<Utc>) -> Option<Price> {
        let price = cost::price_at(&self.prices, at);
        match model.provider {
            Provider::Simulator => price.or_else(|| self.prices.first().copied()),
            _ => price,
        }
    }

    /// The price of an answer from a request to `model` at a moment. If another model answered and
    /// its price is known, that price.
    pub fn price_of(
        &self,
        model: &ModelToAsk,
        answer: &Answer,
        at: DateTime<Utc>,
    ) -> Option<Price> {
        let served = answer.model_served.as_deref();
        price_of_other(&self.others, &model.model_id, served, at)
            .or_else(|| self.price_at(model, at))
    }

    /// What an ask of this size to `model` needs at `now`. The simulator's dollars are fiction:
    /// nothing is set aside for it.
    pub fn set_aside(&self, model: &ModelToAsk, size: AskSize, now: DateTime<Utc>) -> SetAside {
        if model.provider == Provider::Simulator {
            return SetAside {
                most: Money::ZERO,
                least: SIMULATED_COST,
                worst: SIMULATED_COST,
            };
        }
        let price = cost::price_at(&self.prices, now);
        let least = least(price, size, self.seen);
        let mut most = cost::limits(size);
        if size.web_search {
            most = most.with_searches(SEARCHES_AT_MOST);
        }
        let most = bound(price, most, self.seen.with_margin(), size);
        SetAside {
            most: most.amount.max(least.amount),
            least,
            worst: longest(price, size, self.seen),
        }
    }
}

/// What an ask of this size costs with a typical answer, or with the largest that was seen.
fn least(price: Option<Price>, size: AskSize, seen: LargestUsage) -> Cost {
    let limits = cost::limits(size);
    let typical = Used {
        output: limits.output.min(TYPICAL_ANSWER),
        ..limits
    };
    bound(price, typical, seen, size)
}

/// What an ask of this size costs if it uses all that its limits allow, or as much as the largest
/// answer so far.
pub fn longest(price: Option<Price>, size: AskSize, seen: LargestUsage) -> Cost {
    bound(price, cost::limits(size), seen, size)
}

/// The most that a call to `model` outside of lanes costs within its limits; nothing to the
/// simulator.
pub fn worst_case(model: &ModelToAsk, price: Option<Price>, size: AskSize) -> Cost {
    if model.provider == Provider::Simulator {
        SIMULATED_COST
    } else {
        cost::worst_case(price, size)
    }
}

/// What nobody pays.
const SIMULATED_COST: Cost = Cost {
    amount: Money::ZERO,
    kind: CostKind::WorstCase,
    price: None,
};

/// The cost of `limits`, or of the largest that was seen.
fn bound(price: Option<Price>, limits: Used, seen: LargestUsage, size: AskSize) -> Cost {
    let used = Used {
        input: limits.input.max(seen.input_tokens),
        output: limits.output.max(seen.output_tokens),
        searches: if size.web_search {
            limits.searches.max(seen.searches)
        } else {
            limits.searches
        },
    };
    let computed = cost::at_most(price, used);
    if seen.reported > computed.amount {
        return Cost {
            amount: seen.reported,
            kind: CostKind::WorstCase,
            ..computed
        };
    }
    computed
}

#[cfg(test)]
mod tests {
    use contract::ids::{ModelId, PriceId};
    use proptest::prelude::*;

    use super::*;

    const SIZE: AskSize = AskSize {
        question_bytes: 40,
        max_output_tokens: 2_048,
        web_search: true,
    };

    fn model(provider: Provider) -> ModelToAsk {
        ModelToAsk {
            id: ModelId(1),
            provider,
            model_id: "m".to_owned(),
            web_search: true,
            max_output_tokens: 2_048,
            max_in_flight: 64,
            prices: vec![],
        }
    }

    fn terms(seen: LargestUsage) -> Terms {
        Terms {
            prices: vec![Price {
                id: PriceId(3),
                starts_at: DateTime::UNIX_EPOCH,
                input: Money::from_usd(1),
                output: Money::from_usd(10),
                cached_input: None,
                search_fee: Some(Money::from_nanos(10_000_000)),
                tier: None,
            }],
            others: Vec::new(),
            stored: LargestUsage::default(),
            seen,
        }
    }

    fn set_aside(seen: LargestUsage, size: AskSize) -> SetAside {
        terms(seen).set_aside(&model(Provider::OpenAi), size, Utc::now())
    }

    #[test]
    fn what_nobody_knows_yet_may_search_often() {
        let unknown = set_aside(LargestUsage::default(), SIZE);
        // 20 x 0.01 + (40 + 1,000 + 20 x 8,000) x 1e-6 + 2,048 x 1e-5
        assert_eq!(
            unknown.most,
            Money::from_nanos(200_000_000 + 161_040_000 + 20_480_000)
        );
        assert_eq!(
            unknown.least,
            cost::worst_case(
                cost::price_at(&terms(LargestUsage::default()).prices, Utc::now()),
                SIZE
            )
        );
        let without = AskSize {
            web_search: false,
            ..SIZE
        };
        let plain = set_aside(LargestUsage::default(), without);
        assert_eq!(
            plain.most, plain.least.amount,
            "nothing is unknown of an ask without search"
        );
        // One that may think for long seldom does.
        let long = AskSize {
            max_output_tokens: 65_536,
            ..SIZE
        };
        let thinking = set_aside(LargestUsage::default(), long);
        assert_eq!(thinking.least, unknown.least);
        let longer = Money::from_usd(10).per_million(65_536 - 2_048);
        assert_eq!(thinking.most - unknown.most, longer);
    }

    #[test]
    fn the_largest_that_was_seen_counts_beside_the_limits() {
        let seen = LargestUsage {
            searches: 12,
            input_tokens: 90_000,
            output_tokens: 500,
            ..LargestUsage::default()
        };
        let known = set_aside(seen, SIZE);
        assert_eq!(
            known.least.amount,
            Money::from_nanos(120_000_000 + 90_000_000 + 20_480_000)
        );
        let larger = LargestUsage {
            searches: 40,
            input_tokens: 400_000,
            ..seen
        };
        // 50 x 0.01 + 500,000 x 1e-6 + 2,048 x 1e-5
        assert_eq!(
            set_aside(larger, SIZE).most,
            Money::from_nanos(500_000_000 + 500_000_000 + 20_480_000)
        );
    }

    #[test]
    fn a_cost_that_a_provider_reported_counts_too() {
        let seen = LargestUsage {
            reported: Money::from_usd(2),
            ..LargestUsage::default()
        };
        let known = set_aside(seen, SIZE);
        assert_eq!(
            (known.least.amount, known.most),
            (Money::from_usd(2), Money::from_nanos(2_500_000_000))
        );
    }

    #[test]
    fn nothing_is_set_aside_for_fiction() {
        let nothing =
            terms(LargestUsage::default()).set_aside(&model(Provider::Simulator), SIZE, Utc::now());
        assert_eq!(
            (nothing.most, nothing.least.amount),
            (Money::ZERO, Money::ZERO)
        );
    }

    proptest! {
        /// An answer that uses no more than was seen costs no more than is set aside.
        #[test]
        fn no_answer_that_was_seen_costs_more(
            searches in 0_i64..300, input in 0_i64..3_000_000, output in 0_i64..3_000_000,
        ) {
            let usage = Usage {
                input_tokens: Some(input), output_tokens: Some(output), searches: Some(searches),
                ..Usage::default()
            };
            let seen = LargestUsage {
                searches: searches.min(MOST_SEARCHES),
                input_tokens: input.min(MOST_TOKENS),
                output_tokens: output.min(MOST_TOKENS),
                reported: Money::ZERO,
            };
            let known = set_aside(seen, SIZE);
            let price = terms(seen).prices[0];
            let paid = cost::of_answer(None, &usage, Some(price), SIZE).amount;
            if searches <= MOST_SEARCHES && input <= MOST_TOKENS && output <= MOST_TOKENS {
                prop_assert!(paid <= known.least.amount && known.least.amount <= known.most);
            }
        }
    }
}
