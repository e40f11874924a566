//! Amounts as files write them: decimal numbers or texts, dollars a token or a million of them.
//!
//! Invariant: no float holds an amount.

use app::model::money::Money;
use app::model::prices::{OfferedPrice, Refusal};
use app::model::registry::PriceTier;
use serde_json::value::RawValue;

/// No model costs more, a million tokens.
const MOST_A_MILLION: Money = Money::from_usd(10_000);
/// No search costs more.
const MOST_A_SEARCH: Money = Money::from_usd(10);
/// Decimals of a nano-dollar.
const NANO: i64 = 9;
/// Digits that an amount may have before it is beyond all prices.
const DIGITS: i64 = 18;

/// An amount, and what is wrong with it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Amount {
    pub(super) money: Option<Money>,
    pub(super) refusal: Option<Refusal>,
}

impl Amount {
    const fn refused(refusal: Refusal) -> Self {
        Self {
            money: None,
            refusal: Some(refusal),
        }
    }
}

/// What is wrong with a price, whoever offers it.
pub fn refusal_of(price: OfferedPrice) -> Option<Refusal> {
    let [input, output, cached, search] = price.amounts();
    let long = price.tier;
    if long.is_some_and(|tier| tier.above_tokens < 1) {
        return Some(Refusal::Negative);
    }
    let long = long.map(|tier| [Some(tier.input), Some(tier.output), tier.cached_input]);
    let usual = [input, output, cached];
    let tokens = usual
        .into_iter()
        .chain(long.into_iter().flatten())
        .flatten();
    let too_high = tokens.clone().any(|amount| amount > MOST_A_MILLION)
        || search.is_some_and(|amount| amount > MOST_A_SEARCH);
    if tokens.chain(search).any(|amount| amount < Money::ZERO) {
        Some(Refusal::Negative)
    } else {
        too_high.then_some(Refusal::TooHigh)
    }
}

/// Puts a price together; what is wrong with an amount is wrong with the price.
pub(super) fn price(
    input: Amount,
    output: Amount,
    cached_input: Amount,
    search_fee: Amount,
) -> (OfferedPrice, Option<Refusal>) {
    let price = OfferedPrice {
        input: input.money,
        output: output.money,
        cached_input: cached_input.money,
        search_fee: search_fee.money,
        tier: None,
    };
    let amounts = [input, output, cached_input, search_fee];
    let refusal = amounts.into_iter().find_map(|amount| amount.refusal);
    (price, refusal.or_else(|| refusal_of(price)))
}

/// What a file says of long asks.
#[derive(Clone, Copy, Debug)]
pub(super) struct LongAsks {
    pub(super) above_tokens: i64,
    pub(super) input: Amount,
    pub(super) output: Amount,
    pub(super) cached_input: Amount,
}

/// Adds what long asks cost to a price; amounts that are absent are those of others.
pub(super) fn with_long_asks(
    (price, refusal): (OfferedPrice, Option<Refusal>),
    long: Option<LongAsks>,
) -> (OfferedPrice, Option<Refusal>) {
    let Some(long) = long else {
        return (price, refusal);
    };
    let amounts = [long.input, long.output, long.cached_input];
    let refusal = refusal.or(amounts.into_iter().find_map(|amount| amount.refusal));
    let input = long.input.money.or(price.input);
    let output = long.output.money.or(price.output);
    let (Some(input), Some(output)) = (input, output) else {
        return (price, refusal);
    };
    let tier = PriceTier {
        above_tokens: long.above_tokens,
        input,
        output,
        cached_input: long.cached_input.money,
    };
    let price = OfferedPrice {
        tier: Some(tier),
        ..price
    };
    (price, refusal.or_else(|| refusal_of(price)))
}

/// An amount of dollars times ten to the power of `shift`; absent where there is none.
pub(super) fn amount(value: Option<&RawValue>, shift: i64) -> Amount {
    let Some(value) = value else {
        return Amount::default();
    };
    let raw = value.get();
    let text = if raw.starts_with('"') {
        serde_json::from_str::<String>(raw).ok()
    } else {
        Some(raw.to_owned())
    };
    let read = text.map(|text| decimal(text.trim(), shift));
    match read {
        Some(Ok(money)) => Amount {
            money: Some(money),
            refusal: None,
        },
        Some(Err(refusal)) => Amount::refused(refusal),
        None => Amount::refused(Refusal::Unreadable),
    }
}

/// Reads `-12.5e-3`, rounded to the nearest nano-dollar.
fn decimal(text: &str, shift: i64) -> Result<Money, Refusal> {
    let unreadable = Refusal::Unreadable;
    let (is_negative, unsigned) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => {
            let exponent = exponent.parse::<i64>().map_err(|_| unreadable)?;
            (mantissa, exponent.clamp(-1_000_000, 1_000_000))
        }
        None => (unsigned, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number || digits.len() > 1_000 {
        return Err(unreadable);
    }
    let decimals = i64::try_from(fraction.len()).map_err(|_| unreadable)?;
    let digits = digits.trim_start_matches('0');
    // The amount is `digits` times ten to this power, in nano-dollars.
    let power = exponent - decimals + shift + NANO;
    let length = i64::try_from(digits.len()).map_err(|_| unreadable)?;
    if digits.is_empty() || length + power < 0 {
        return Ok(Money::ZERO);
    }
    if length + power > DIGITS {
        return Err(if is_negative {
            Refusal::Negative
        } else {
            Refusal::TooHigh
        });
    }
    let kept = usize::try_from(length + power.min(0)).map_err(|_| unreadable)?;
    let (head, rest) = digits.split_at(kept);
    let zeros = usize::try_from(power.max(0)).map_err(|_| unreadable)?;
    let nanos = format!("0{head}{}", "0".repeat(zeros));
    let nanos: i64 = nanos.parse().map_err(|_| unreadable)?;
    let nanos = nanos + i64::from(rest.bytes().next().is_some_and(|digit| digit >= b'5'));
    Ok(Money::from_nanos(if is_negative { -nanos } else { nanos }))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn amounts_are_read_to_the_nano_dollar() {
        for (text, shift, shown) in [
            ("1.25", 0, "1.25"),
            ("1.25e-6", 6, "1.25"),
            ("1.5e-07", 6, "0.15"),
            ("0.00000125", 6, "1.25"),
            // What a float makes of 0.75 on its way through a file.
            ("7.500000000000001e-07", 6, "0.75"),
            ("7.4999999999999996e-07", 6, "0.75"),
            ("10", -3, "0.01"),
            ("0", 6, "0"),
            ("0.0", 0, "0"),
            ("1e-30", 0, "0"),
            ("-1", 0, "-1"),
            ("0.0000000005", 0, "0.000000001"),
            ("0.0000000004", 0, "0"),
        ] {
            let money = decimal(text, shift).expect(text);
            assert_eq!(money.to_string(), shown, "{text}");
        }
    }

    #[test]
    fn what_is_no_amount_is_said_to_be_none() {
        for text in [
            "", "-", ".", "abc", "1,5", "NaN", "inf", "true", "1e", "{}", "1.2.3",
        ] {
            assert_eq!(decimal(text, 0), Err(Refusal::Unreadable), "{text}");
        }
        assert_eq!(decimal("1e99", 0), Err(Refusal::TooHigh));
        assert_eq!(decimal("-1e99", 0), Err(Refusal::Negative));
        assert_eq!(decimal("1e999999999999", 6), Err(Refusal::TooHigh));
        assert_eq!(decimal("1e-999999999999", 6), Ok(Money::ZERO));
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in ".{0,40}", shift in -9_i64..9) {
            let _ = decimal(&text, shift);
        }

        #[test]
        fn what_money_writes_is_read_back(nanos in -1_000_000_000_000_000_i64..1_000_000_000_000_000) {
            let money = Money::from_nanos(nanos);
            prop_assert_eq!(decimal(&money.to_string(), 0), Ok(money));
        }
    }
}
