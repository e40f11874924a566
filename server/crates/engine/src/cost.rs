//! What an ask costs: whole nano-dollars from counters and price rows.
//!
//! Invariant: pure integer arithmetic. Nothing about price stands here: prices are rows.

use chrono::{DateTime, Utc};
use contract::ids::PriceId;
use contract::money::Money;
use contract::registry::{PriceTier, PriceView};
use contract::run::CostKind;
use providers::{SEARCHES_ALLOWED, Usage};

/// A count above this is no count: no answer reads or writes so many tokens.
const TOKENS_LIMIT: i64 = 100_000_000;
/// No answer makes so many searches.
const SEARCHES_LIMIT: i64 = 10_000;
/// No provider reports a cost above this for one ask.
const REPORTED_LIMIT: Money = Money::from_usd(1_000);
/// Tokens of results that the worst case allows for, a search.
const TOKENS_A_SEARCH: i64 = 8_000;
/// Tokens of instructions that an adapter or a provider puts around a question.
const TOKENS_AROUND_QUESTION: i64 = 1_000;

/// What a model costs from a moment on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Price {
    /// The row.
    pub id: PriceId,
    /// Since when.
    pub starts_at: DateTime<Utc>,
    /// A million tokens read.
    pub input: Money,
    /// A million tokens written.
    pub output: Money,
    /// A million tokens read from the provider's cache; `None`: as `input`.
    pub cached_input: Option<Money>,
    /// One search; `None`: not known.
    pub search_fee: Option<Money>,
    /// What a whole ask costs instead where it reads more.
    pub tier: Option<PriceTier>,
}

impl From<&PriceView> for Price {
    fn from(view: &PriceView) -> Self {
        Self {
            id: view.id,
            starts_at: view.starts_at,
            input: view.input,
            output: view.output,
            cached_input: view.cached_input,
            search_fee: view.search_fee,
            tier: view.tier,
        }
    }
}

impl Price {
    /// What an ask that reads so many tokens costs; searches cost the same.
    fn of_input(self, tokens: i64) -> Self {
        match self.tier.filter(|tier| tokens > tier.above_tokens) {
            None => self,
            Some(tier) => Self {
                input: tier.input,
                output: tier.output,
                cached_input: tier.cached_input,
                ..self
            },
        }
    }

    /// The most that an ask of at most so many tokens costs: a tier may be cheaper too.
    fn most_up_to(self, tokens: i64) -> Self {
        let long = self.of_input(tokens);
        Self {
            input: self.input.max(long.input),
            output: self.output.max(long.output),
            ..self
        }
    }
}

/// What an ask cost, and how that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// How much.
    pub amount: Money,
    /// Who says so.
    pub kind: CostKind,
    /// The price row in force at that time.
    pub price: Option<PriceId>,
}

/// What bounds the cost of an ask before it is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AskSize {
    /// Bytes of the question: no tokenizer makes more tokens than bytes.
    pub question_bytes: usize,
    /// Upper limit of the answer, in tokens.
    pub max_output_tokens: u32,
    /// Whether the model may search.
    pub web_search: bool,
}

/// The price in force at `at`: the newest of those that have started. If two started together, the
/// one that was written last.
pub fn price_at(prices: &[Price], at: DateTime<Utc>) -> Option<Price> {
    prices
        .iter()
        .filter(|price| price.starts_at <= at)
        .max_by_key(|price| (price.starts_at, price.id))
        .copied()
}

/// What an answer cost. The first rule that fits holds: the cost that the provider reports; without
/// a price, unpriced; the worst case, if the provider counts no tokens or an absurd number; tokens
/// and searches times the price. If the number or the price of its searches is unknown, only the
/// tokens count, and it costs at least that.
pub fn of_answer(
    reported: Option<Money>,
    usage: &Usage,
    price: Option<Price>,
    size: AskSize,
) -> Cost {
    let price_id = price.map(|row| row.id);
    if let Some(amount) = reported.filter(|&amount| plausible_report(amount)) {
        return Cost {
            amount,
            kind: CostKind::Reported,
            price: price_id,
        };
    }
    let Some(price) = price else {
        return Cost {
            amount: Money::ZERO,
            kind: CostKind::Unpriced,
            price: None,
        };
    };
    match computed(usage, price) {
        Some((amount, kind)) => Cost {
            amount,
            kind,
            price: price_id,
        },
        None => worst_case(Some(price), size),
    }
}

/// The cost of an answer that took two asks. The first brought no text and used `first`; `usage` is
/// the sum of both. Each is priced by itself, because the price of long asks depends on the tokens
/// of one ask.
pub fn of_two_answers(
    reported: Option<Money>,
    usage: &Usage,
    first: Usage,
    price: Option<Price>,
    size: AskSize,
) -> Cost {
    if reported.is_some_and(plausible_report) {
        return of_answer(reported, usage, price, size);
    }
    let one = of_answer(None, &first, price, size);
    let other = of_answer(None, &usage.without(first), price, size);
    let is_either = |kind: CostKind| one.kind == kind || other.kind == kind;
    let doubtful = [CostKind::AtLeast, CostKind::WorstCase];
    Cost {
        amount: one.amount + other.amount,
        kind: doubtful
            .into_iter()
            .find(|kind| is_either(*kind))
            .unwrap_or(one.kind),
        price: one.price,
    }
}

/// What an ask uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Used {
    /// Tokens read.
    pub input: i64,
    /// Tokens written.
    pub output: i64,
    /// Searches.
    pub searches: i64,
}

impl Used {
    /// The same with room for so many searches.
    #[must_use]
    pub const fn with_searches(self, searches: i64) -> Self {
        let more = searches - self.searches;
        Self {
            input: self.input + more * TOKENS_A_SEARCH,
            searches,
            ..self
        }
    }
}

/// What an ask of this size is allowed to use.
pub fn limits(size: AskSize) -> Used {
    let searches = if size.web_search {
        i64::from(SEARCHES_ALLOWED)
    } else {
        0
    };
    let question = i64::try_from(size.question_bytes).unwrap_or(TOKENS_LIMIT);
    Used {
        input: question + TOKENS_AROUND_QUESTION + searches * TOKENS_A_SEARCH,
        output: i64::from(size.max_output_tokens),
        searches,
    }
}

/// What an ask costs that uses all that its limits allow.
pub fn worst_case(price: Option<Price>, size: AskSize) -> Cost {
    at_most(price, limits(size))
}

/// What an ask costs that uses this much.
pub fn at_most(price: Option<Price>, used: Used) -> Cost {
    let Some(price) = price else {
        return Cost {
            amount: Money::ZERO,
            kind: CostKind::Unpriced,
            price: None,
        };
    };
    let price = price.most_up_to(used.input);
    let amount = price.input.per_million(used.input)
        + price.output.per_million(used.output)
        + price.search_fee.unwrap_or_default().times(used.searches);
    Cost {
        amount,
        kind: CostKind::WorstCase,
        price: Some(price.id),
    }
}

/// Tokens and searches times their price; `None` where the counters cannot be believed. What
/// nobody counted may have been: a gateway searches for models that cannot.
fn computed(usage: &Usage, price: Price) -> Option<(Money, CostKind)> {
    let input = tokens(usage.input_tokens?)?;
    let price = price.of_input(input);
    let output = tokens(usage.output_tokens?)?;
    let cached = tokens(usage.cached_tokens.unwrap_or(0))?.min(input);
    let is_unknown = usage.searches.is_none();
    let searches = usage.searches.unwrap_or(0);
    if !(0..=SEARCHES_LIMIT).contains(&searches) {
        return None;
    }
    let of_tokens = price.input.per_million(input - cached)
        + price
            .cached_input
            .unwrap_or(price.input)
            .per_million(cached)
        + price.output.per_million(output);
    let is_free = price.search_fee == Some(Money::ZERO);
    match price.search_fee {
        _ if is_unknown && !is_free => Some((of_tokens, CostKind::AtLeast)),
        Some(fee) => Some((of_tokens + fee.times(searches), CostKind::Computed)),
        None if searches == 0 => Some((of_tokens, CostKind::Computed)),
        None => Some((of_tokens, CostKind::AtLeast)),
    }
}

fn tokens(count: i64) -> Option<i64> {
    (0..=TOKENS_LIMIT).contains(&count).then_some(count)
}

fn plausible_report(amount: Money) -> bool {
    (Money::ZERO..=REPORTED_LIMIT).contains(&amount)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SIZE: AskSize = AskSize {
        question_bytes: 40,
        max_output_tokens: 2_048,
        web_search: true,
    };

    fn price() -> Price {
        Price {
            id: PriceId(7),
            starts_at: DateTime::UNIX_EPOCH,
            input: Money::from_nanos(1_250_000_000),
            output: Money::from_usd(10),
            cached_input: Some(Money::from_nanos(125_000_000)),
            search_fee: Some(Money::from_nanos(10_000_000)),
            tier: None,
        }
    }

    /// The same with another price above 100,000 tokens read.
    fn tiered() -> Price {
        Price {
            tier: Some(PriceTier {
                above_tokens: 100_000,
                input: Money::from_usd(5),
                output: Money::from_usd(25),
                cached_input: Some(Money::from_nanos(500_000_000)),
            }),
            ..price()
        }
    }

    fn usage(input: i64, output: i64, cached: i64, searches: i64) -> Usage {
        Usage {
            input_tokens: Some(input),
            output_tokens: Some(output),
            cached_tokens: Some(cached),
            reasoning_tokens: None,
            searches: Some(searches),
        }
    }

    #[test]
    fn tokens_and_searches_times_price() {
        let cost = of_answer(None, &usage(1_000, 500, 200, 2), Some(price()), SIZE);
        // 800 x 1,250 + 200 x 125 + 500 x 10,000 + 2 x 10,000,000
        assert_eq!(
            cost.amount,
            Money::from_nanos(1_000_000 + 25_000 + 5_000_000 + 20_000_000)
        );
        assert_eq!(
            (cost.kind, cost.price),
            (CostKind::Computed, Some(PriceId(7)))
        );
    }

    #[test]
    fn above_the_threshold_the_whole_ask_costs_what_its_tier_says() {
        let at = |input, cached| {
            let used = usage(input, 1_000, cached, 1);
            of_answer(None, &used, Some(tiered()), SIZE).amount.nanos()
        };
        // Up to the threshold as without a tier, the threshold included.
        let below = of_answer(None, &usage(100_000, 1_000, 0, 1), Some(price()), SIZE);
        assert_eq!(at(100_000, 0), below.amount.nanos());
        // One token more: 100,001 x 5,000 + 1,000 x 25,000, and the search as ever.
        assert_eq!(at(100_001, 0), 500_005_000 + 25_000_000 + 10_000_000);
        // Tokens of the cache count as read: 1 x 5,000 + 100,000 x 500.
        assert_eq!(
            at(100_001, 100_000),
            5_000 + 50_000_000 + 25_000_000 + 10_000_000
        );
        // Without a price of theirs they cost as input does, there too.
        let mut row = tiered();
        row.tier = row.tier.map(|tier| PriceTier {
            cached_input: None,
            ..tier
        });
        let cost = of_answer(None, &usage(100_001, 0, 100_001, 0), Some(row), SIZE);
        assert_eq!(cost.amount.nanos(), 500_005_000);
    }

    #[test]
    fn the_worst_case_of_a_long_question_is_the_dearer_of_both_prices() {
        let long = AskSize {
            question_bytes: 120_000,
            max_output_tokens: 1_000,
            web_search: false,
        };
        let short = AskSize {
            question_bytes: 10,
            ..long
        };
        let amount = |price, size| worst_case(Some(price), size).amount;
        assert_eq!(amount(tiered(), short), amount(price(), short));
        // 121,000 x 5,000 + 1,000 x 25,000
        assert_eq!(
            amount(tiered(), long),
            Money::from_nanos(605_000_000 + 25_000_000)
        );
        // A tier that is cheaper does not make it less: the question may turn out short.
        let mut cheaper = tiered();
        cheaper.tier = cheaper.tier.map(|tier| PriceTier {
            input: Money::from_nanos(1),
            output: Money::from_nanos(1),
            ..tier
        });
        assert_eq!(amount(cheaper, long), amount(price(), long));
    }

    #[test]
    fn cached_tokens_cost_as_input_where_no_price_of_theirs_is_known() {
        let row = Price {
            cached_input: None,
            ..price()
        };
        let with_cache = of_answer(None, &usage(1_000, 0, 900, 0), Some(row), SIZE);
        let without = of_answer(None, &usage(1_000, 0, 0, 0), Some(row), SIZE);
        assert_eq!(with_cache.amount, without.amount);
    }

    #[test]
    fn more_cached_than_read_costs_no_less_than_nothing() {
        let cost = of_answer(None, &usage(10, 0, 1_000, 0), Some(price()), SIZE);
        assert_eq!(cost.amount, Money::from_nanos(1_250));
    }

    #[test]
    fn what_the_provider_reports_wins() {
        let reported = Some(Money::from_nanos(42));
        let cost = of_answer(reported, &usage(1_000, 1_000, 0, 0), Some(price()), SIZE);
        assert_eq!(
            (cost.amount, cost.kind),
            (Money::from_nanos(42), CostKind::Reported)
        );
        let unpriced = of_answer(reported, &Usage::default(), None, SIZE);
        assert_eq!((unpriced.kind, unpriced.price), (CostKind::Reported, None));
    }

    #[test]
    fn absurd_reports_and_counts_are_not_believed() {
        let worst = worst_case(Some(price()), SIZE);
        for reported in [
            Money::from_nanos(-1),
            Money::from_usd(5_000),
            Money::from_nanos(i64::MAX),
        ] {
            let cost = of_answer(Some(reported), &usage(1_000, 0, 0, 0), Some(price()), SIZE);
            assert_eq!(cost.kind, CostKind::Computed);
        }
        for absurd in [
            usage(-1, 5, 0, 0),
            usage(5, i64::MAX, 0, 0),
            usage(i64::MAX, i64::MAX, i64::MAX, i64::MAX),
            usage(5, 5, i64::MIN, 0),
            usage(5, 5, 0, -3),
            usage(5, 5, 0, 1_000_000),
            Usage::default(),
        ] {
            assert_eq!(
                of_answer(None, &absurd, Some(price()), SIZE),
                worst,
                "{absurd:?}"
            );
        }
    }

    #[test]
    fn an_unknown_price_is_not_nothing() {
        let cost = of_answer(None, &usage(1_000, 500, 0, 0), None, SIZE);
        assert_eq!(cost.kind, CostKind::Unpriced);
        let row = Price {
            search_fee: None,
            ..price()
        };
        let searched = of_answer(None, &usage(1_000, 0, 0, 3), Some(row), SIZE);
        assert_eq!(
            (searched.amount, searched.kind),
            (Money::from_nanos(1_250_000), CostKind::AtLeast)
        );
        // Nobody counted the searches: their fee is missing, whoever made them.
        let uncounted = Usage {
            searches: None,
            ..usage(1_000, 0, 0, 0)
        };
        let kind = |row, size| of_answer(None, &uncounted, Some(row), size).kind;
        assert_eq!(kind(price(), SIZE), CostKind::AtLeast);
        let silent_size = AskSize {
            web_search: false,
            ..SIZE
        };
        assert_eq!(kind(price(), silent_size), CostKind::AtLeast);
        let free = Price {
            search_fee: Some(Money::ZERO),
            ..price()
        };
        assert_eq!(kind(free, SIZE), CostKind::Computed);
        let silent = of_answer(None, &usage(1_000, 0, 0, 0), Some(row), SIZE);
        assert_eq!(silent.kind, CostKind::Computed);
    }

    #[test]
    fn two_answers_are_priced_by_the_tokens_of_each() {
        let first = usage(60_000, 0, 0, 0);
        let both = usage(120_000, 500, 0, 1);
        let cost = |all: &Usage, first| of_two_answers(None, all, first, Some(tiered()), SIZE);
        let apart = [first, usage(60_000, 500, 0, 1)]
            .map(|one| of_answer(None, &one, Some(tiered()), SIZE).amount);
        assert_eq!(cost(&both, first).amount, apart[0] + apart[1]);
        assert_eq!(cost(&both, first).kind, CostKind::Computed);
        let joined = of_answer(None, &both, Some(tiered()), SIZE).amount;
        assert!(joined > apart[0] + apart[1]);
        // What nobody counted is booked once for each.
        let unknown = Usage::default();
        let twice = cost(&unknown, unknown);
        let once = worst_case(Some(tiered()), SIZE).amount;
        assert_eq!(
            (twice.amount, twice.kind),
            (once + once, CostKind::WorstCase)
        );
        let told = of_two_answers(Some(Money::from_usd(1)), &both, first, Some(tiered()), SIZE);
        assert_eq!(
            (told.amount, told.kind),
            (Money::from_usd(1), CostKind::Reported)
        );
    }

    #[test]
    fn the_price_of_the_time_counts() {
        let at = |seconds| DateTime::from_timestamp(seconds, 0).expect("in range");
        let row = |id, seconds| Price {
            id: PriceId(id),
            starts_at: at(seconds),
            ..price()
        };
        let prices = [row(1, 100), row(2, 200), row(3, 200), row(4, 900)];
        assert_eq!(price_at(&prices, at(99)), None);
        assert_eq!(
            price_at(&prices, at(100)).map(|found| found.id),
            Some(PriceId(1))
        );
        assert_eq!(
            price_at(&prices, at(500)).map(|found| found.id),
            Some(PriceId(3))
        );
    }

    proptest! {
        #[test]
        fn no_counter_makes_a_panic_or_a_negative_cost(
            input: i64, output: i64, cached: i64, searches: i64, reported: Option<i64>,
            fee in proptest::option::of(0_i64..), rate in 0_i64..,
        ) {
            let row = Price {
                input: Money::from_nanos(rate),
                output: Money::from_nanos(rate),
                cached_input: Some(Money::from_nanos(rate)),
                search_fee: fee.map(Money::from_nanos),
                ..price()
            };
            let cost = of_answer(
                reported.map(Money::from_nanos), &usage(input, output, cached, searches),
                Some(row), SIZE,
            );
            prop_assert!(cost.amount >= Money::ZERO);
        }

        #[test]
        fn what_fits_the_size_costs_at_most_the_worst_case(
            input in 0_i64..1_040, output in 0_i64..=2_048, searches in 0_i64..=5,
        ) {
            let cost = of_answer(None, &usage(input, output, 0, searches), Some(price()), SIZE);
            prop_assert!(cost.amount <= worst_case(Some(price()), SIZE).amount);
        }

        #[test]
        fn with_a_tier_too(
            bytes in 0_usize..200_000, part in 0_i64..=100, output in 0_i64..=2_048,
            above in 0_i64..200_000, dearer in 1_i64..10_000_000_000,
        ) {
            let size = AskSize { question_bytes: bytes, web_search: false, ..SIZE };
            let tier = PriceTier {
                above_tokens: above, input: Money::from_nanos(dearer),
                output: Money::from_nanos(dearer), cached_input: None,
            };
            let row = Price { tier: Some(tier), ..price() };
            let read = i64::try_from(bytes).expect("few") * part / 100;
            let cost = of_answer(None, &usage(read, output, 0, 0), Some(row), size);
            prop_assert!(cost.amount <= worst_case(Some(row), size).amount);
        }
    }
}
