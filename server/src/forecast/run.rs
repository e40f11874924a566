//! What a run will cost.

use app::model::money::Money;
use app::model::spend::{Basis, Estimate};
use engine::allowance::{LargestUsage, longest};
use engine::cost::{AskSize, Price, of_answer};
use providers::Usage;

use super::spread::{Sample, estimate};

/// Fewer past answers than this say nothing about their spread.
pub const MIN_ANSWERS: usize = 5;

/// The guess where there are no answers: about so many bytes of a question make a token.
const BYTES_A_TOKEN: usize = 4;
/// Tokens of instructions around a question.
const GUESSED_AROUND: i64 = 300;
/// Tokens that one search brings with it.
const GUESSED_A_SEARCH: i64 = 4_000;
/// Of the longest answer allowed, the share that is guessed.
const GUESSED_PART_OF_LONGEST: i64 = 3;
/// But no more than these: a limit leaves room for thoughts that few answers use.
const GUESSED_MOST: i64 = 2_000;
/// The shortest answer that is thought of.
const SHORTEST_ANSWER: i64 = 50;

/// What a run will ask of one model.
#[derive(Clone, Copy, Debug)]
pub struct ModelRun<'a> {
    /// Its price today.
    pub price: Option<Price>,
    /// One an ask.
    pub asks: &'a [AskSize],
    /// The largest of its answers.
    pub seen: LargestUsage,
    /// What past answers would cost today; `None`: there are fewer than [`MIN_ANSWERS`].
    pub past: Option<(Basis, Sample)>,
}

/// What it will cost.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Forecast {
    /// The estimate; `None`: no price is known, and no past answer's provider told its cost.
    pub cost: Option<Estimate>,
    /// The most that it can cost; nothing is known of that without a price.
    pub worst_case: Option<Money>,
    /// What the estimate rests on.
    pub basis: Basis,
}

/// The cost of a model's asks in a run.
///
/// With past answers (n of them, mean c, deviation s) m asks cost `m * c`, with the 95 % range of
/// [`Sample::half_width`]; never above the worst case that the engine sets aside, and not below
/// nothing. Without, it is a guess that is called one: a third of the longest answer, at most
/// 2,000 tokens, and one search; its range goes from a short answer without a search to the worst case.
pub fn of_model(run: ModelRun<'_>) -> Forecast {
    let worst = run
        .price
        .map(|price| sum(run.asks, |size| longest(Some(price), size, run.seen).amount));
    let most = worst.unwrap_or(Money::from_nanos(i64::MAX));
    if let Some((basis, sample)) = run.past {
        let expected = sample.mean * as_float(run.asks.len());
        let half = sample.half_width(run.asks.len());
        let (low, high) = (expected - half, expected + half);
        return Forecast {
            cost: Some(estimate(expected, low, high, Money::ZERO, most)),
            worst_case: worst,
            basis,
        };
    }
    let cost = run.price.map(|price| {
        let cost = |usage: fn(AskSize) -> Usage| {
            let one = |size| of_answer(None, &usage(size), Some(price), size).amount;
            sum(run.asks, one).min(most)
        };
        let (low, expected) = (cost(shortest), cost(guessed));
        Estimate {
            expected,
            low: low.min(expected),
            high: most,
        }
    });
    Forecast {
        cost,
        worst_case: worst,
        basis: Basis::Guess,
    }
}

/// The cost of several models' asks together. Measured ranges are independent of one another,
/// so the distances of their ends from the expectation add by their squares; guesses may all be
/// wrong in the same direction, so theirs add as they are.
pub fn total(forecasts: &[Forecast]) -> Estimate {
    let mut expected = Money::ZERO;
    let (mut measured_below, mut measured_above) = (0.0, 0.0);
    let (mut guessed_below, mut guessed_above) = (0.0, 0.0);
    let mut most = Money::ZERO;
    for forecast in forecasts {
        let Some(cost) = forecast.cost else { continue };
        expected += cost.expected;
        most += forecast
            .worst_case
            .unwrap_or(Money::from_nanos(i64::MAX))
            .max(cost.high);
        let below = nanos(cost.expected - cost.low);
        let above = nanos(cost.high - cost.expected);
        if forecast.basis == Basis::Guess {
            guessed_below += below;
            guessed_above += above;
        } else {
            measured_below += below * below;
            measured_above += above * above;
        }
    }
    let middle = nanos(expected);
    let range = estimate(
        middle,
        middle - measured_below.sqrt() - guessed_below,
        middle + measured_above.sqrt() + guessed_above,
        Money::ZERO,
        most,
    );
    // Beyond 2^53 nano-dollars a float is not exact any more.
    Estimate {
        expected,
        low: range.low.min(expected),
        high: range.high.max(expected),
    }
}

fn guessed(size: AskSize) -> Usage {
    let searches = i64::from(size.web_search);
    usage(
        question_tokens(size) + GUESSED_AROUND + searches * GUESSED_A_SEARCH,
        guessed_answer(size),
        searches,
    )
}

fn shortest(size: AskSize) -> Usage {
    let longest = guessed_answer(size);
    usage(question_tokens(size), SHORTEST_ANSWER.min(longest), 0)
}

fn guessed_answer(size: AskSize) -> i64 {
    (i64::from(size.max_output_tokens) / GUESSED_PART_OF_LONGEST).min(GUESSED_MOST)
}

fn question_tokens(size: AskSize) -> i64 {
    i64::try_from(size.question_bytes / BYTES_A_TOKEN).unwrap_or(i64::MAX)
}

fn usage(input: i64, output: i64, searches: i64) -> Usage {
    Usage {
        input_tokens: Some(input),
        output_tokens: Some(output),
        searches: Some(searches),
        ..Usage::default()
    }
}

fn sum(asks: &[AskSize], cost: impl Fn(AskSize) -> Money) -> Money {
    asks.iter().map(|size| cost(*size)).sum()
}

#[expect(clippy::cast_precision_loss, reason = "an estimate")]
fn nanos(amount: Money) -> f64 {
    amount.nanos() as f64
}

#[expect(clippy::cast_precision_loss, reason = "an estimate")]
fn as_float(count: usize) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use app::model::ids::PriceId;
    use chrono::DateTime;
    use proptest::prelude::*;

    use super::*;

    fn price(nanos: i64) -> Price {
        Price {
            id: PriceId(1),
            starts_at: DateTime::UNIX_EPOCH,
            input: Money::from_nanos(nanos),
            output: Money::from_nanos(nanos.saturating_mul(8)),
            cached_input: None,
            search_fee: Some(Money::from_nanos(10_000_000)),
            tier: None,
        }
    }

    fn asks(count: usize) -> Vec<AskSize> {
        let size = AskSize {
            question_bytes: 60,
            max_output_tokens: 2_048,
            web_search: true,
        };
        vec![size; count]
    }

    fn measured(asks: &[AskSize], sample: Sample) -> Estimate {
        let run = ModelRun {
            price: Some(price(1_000_000_000)),
            asks,
            seen: LargestUsage::default(),
            past: Some((Basis::Project, sample)),
        };
        of_model(run).cost.expect("a price")
    }

    fn sample(count: usize, mean: f64, deviation: f64) -> Sample {
        Sample {
            count,
            mean,
            deviation,
        }
    }

    #[test]
    fn an_unpriced_model_costs_not_nothing_but_nobody_knows_what() {
        let run = ModelRun {
            price: None,
            asks: &asks(3),
            seen: LargestUsage::default(),
            past: None,
        };
        let forecast = of_model(run);
        assert_eq!((forecast.cost, forecast.worst_case), (None, None));
        assert_eq!(total(&[forecast]), Estimate::default());
    }

    #[test]
    fn a_provider_that_tells_its_cost_needs_no_price() {
        let run = ModelRun {
            price: None,
            asks: &asks(10),
            seen: LargestUsage::default(),
            past: Some((Basis::Workspace, sample(50, 2_000_000.0, 0.0))),
        };
        let cost = of_model(run).cost.expect("told");
        assert_eq!(cost.expected, Money::from_nanos(20_000_000));
        assert_eq!((cost.low, cost.high), (cost.expected, cost.expected));
    }

    #[test]
    fn independent_ranges_add_by_their_squares() {
        let nano = Money::from_nanos;
        let one = |basis| Forecast {
            cost: Some(Estimate {
                expected: nano(1_000),
                low: nano(700),
                high: nano(1_400),
            }),
            worst_case: Some(nano(9_000)),
            basis,
        };
        let both = total(&[one(Basis::Project), one(Basis::Workspace)]);
        assert_eq!(
            (both.low, both.expected, both.high),
            (nano(1_576), nano(2_000), nano(2_566))
        );
        let guesses = total(&[one(Basis::Guess), one(Basis::Guess)]);
        assert_eq!((guesses.low, guesses.high), (nano(1_400), nano(2_800)));
    }

    proptest! {
        #[test]
        fn the_range_holds_the_expectation_and_stays_below_the_worst_case(
            count in MIN_ANSWERS..300, mean in 0.0..1e12_f64, deviation in 0.0..1e12_f64,
            number in 0_usize..200, rate in 0_i64..100_000_000_000, has_past: bool,
        ) {
            let asks = asks(number);
            let past = has_past.then(|| (Basis::Project, sample(count, mean, deviation)));
            let forecast = of_model(ModelRun { price: Some(price(rate)), asks: &asks, seen: LargestUsage::default(), past });
            let (cost, worst) = (forecast.cost.expect("a price"), forecast.worst_case.expect("a price"));
            prop_assert!(Money::ZERO <= cost.low && cost.low <= cost.expected);
            prop_assert!(cost.expected <= cost.high && cost.high <= worst);
            let sum = total(&[forecast, forecast]);
            prop_assert!(sum.low <= sum.expected && sum.expected <= sum.high);
            prop_assert!(sum.high <= worst + worst);
        }

        #[test]
        fn more_answers_never_widen_it(
            count in MIN_ANSWERS..300, more in 1_usize..300, deviation in 0.0..1e6_f64, number in 1_usize..200,
        ) {
            let asks = asks(number);
            let few = measured(&asks, sample(count, 5e6, deviation));
            let many = measured(&asks, sample(count + more, 5e6, deviation));
            prop_assert!(many.low >= few.low && many.high <= few.high);
            prop_assert_eq!(many.expected, few.expected);
        }

        #[test]
        fn asks_scale_it(mean in 0_i64..10_000_000, number in 1_usize..200, times in 1_usize..5) {
            #[expect(clippy::cast_precision_loss, reason = "small numbers")]
            let known = sample(40, mean as f64, 1_000.0);
            let one = measured(&asks(number), known);
            let more = measured(&asks(number * times), known);
            let factor = i64::try_from(times).expect("small");
            prop_assert_eq!(more.expected, one.expected.times(factor));
            // Single answers average out: the range grows, but less than the sum.
            prop_assert!(more.high - more.low >= one.high - one.low);
            prop_assert!((more.high - more.low).nanos() <= (one.high - one.low).times(factor).nanos() + factor);
        }
    }
}
