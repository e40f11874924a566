//! What a month will cost.

use app::model::money::Money;
use app::model::spend::Estimate;
use chrono::{Datelike, Days, Months, NaiveDate};

use super::spread::{Sample, estimate};

/// Days that are looked back at, today not counted.
pub const OBSERVED_DAYS: u64 = 28;
/// Fewer days with spend say nothing about a month.
const MIN_DAYS: usize = 3;

/// What the month of `today` will cost: what is spent, and for each day left the mean of the
/// last 28 whole days, or of as many as there are since the first spend. Today counts as left,
/// less what it has cost already. `days` holds the spend by day; days without any may be left
/// out. The range is the 95 % prediction interval for the sum of the days left
/// ([`Sample::half_width`]), and not below what is spent. `None`: under 3 days with spend.
///
/// It takes days as independent and alike. Where runs are weekly, a 28-day mean still has each
/// day of the week four times.
pub fn of_month(today: NaiveDate, days: &[(NaiveDate, Money)]) -> Option<Estimate> {
    let spent_on = |day: NaiveDate| -> Money {
        let of_day = days.iter().filter(|(known, _)| *known == day);
        of_day.map(|(_, amount)| *amount).sum()
    };
    let window_start = today.checked_sub_days(Days::new(OBSERVED_DAYS))?;
    let is_seen = |day: &NaiveDate, amount: &Money| {
        *day >= window_start && *day < today && *amount > Money::ZERO
    };
    let seen: Vec<NaiveDate> = days
        .iter()
        .filter(|(day, amount)| is_seen(day, amount))
        .map(|(day, _)| *day)
        .collect();
    let mut distinct = seen.clone();
    distinct.sort_unstable();
    distinct.dedup();
    if distinct.len() < MIN_DAYS {
        return None;
    }
    let first = if days.iter().any(|(day, _)| *day < window_start) {
        window_start
    } else {
        *distinct.first()?
    };
    let observed: Vec<Money> = first
        .iter_days()
        .take_while(|day| *day < today)
        .map(spent_on)
        .collect();
    let sample = Sample::of(&observed)?;

    let month_start = today.with_day(1)?;
    let next_month = month_start.checked_add_months(Months::new(1))?;
    let spent: Money = days
        .iter()
        .filter(|(day, _)| *day >= month_start && *day <= today)
        .map(|(_, amount)| *amount)
        .sum();
    let left = usize::try_from((next_month - today).num_days()).ok()?;
    let before_today = nanos(spent - spent_on(today));
    let rest = sample.mean * as_float(left);
    let half = sample.half_width(left);
    let most = Money::from_nanos(i64::MAX);
    Some(estimate(
        before_today + rest,
        before_today + rest - half,
        before_today + rest + half,
        spent,
        most,
    ))
}

#[expect(clippy::cast_precision_loss, reason = "an estimate")]
fn nanos(amount: Money) -> f64 {
    amount.nanos() as f64
}

#[expect(clippy::cast_precision_loss, reason = "at most 31")]
fn as_float(count: usize) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, month, day).expect("a day")
    }

    #[test]
    fn too_early_with_two_days() {
        let days = [
            (day(3, 8), Money::from_usd(1)),
            (day(3, 9), Money::from_usd(1)),
        ];
        assert_eq!(of_month(day(3, 10), &days), None);
        let with_today = [days[0], days[1], (day(3, 10), Money::from_usd(1))];
        assert_eq!(of_month(day(3, 10), &with_today), None, "today is not over");
    }

    #[test]
    fn even_days_go_on_as_they_were() {
        let days: Vec<_> = (1..=9)
            .map(|number| (day(3, number), Money::from_usd(2)))
            .collect();
        let forecast = of_month(day(3, 10), &days).expect("enough");
        assert_eq!(forecast.expected, Money::from_usd(62));
        assert_eq!(
            (forecast.low, forecast.high),
            (forecast.expected, forecast.expected)
        );
        // Half of today's money is spent by noon: the month costs the same.
        let noon = [days, vec![(day(3, 10), Money::from_usd(1))]].concat();
        assert_eq!(
            of_month(day(3, 10), &noon).expect("enough").expected,
            Money::from_usd(62)
        );
    }

    #[test]
    fn days_without_spend_count() {
        let days = [(2, 3), (2, 17), (3, 3)]
            .map(|(month, number)| (day(month, number), Money::from_usd(7)));
        // 28 whole days before 10 March begin on 10 February: two of three runs, mean 0.5.
        let forecast = of_month(
            day(3, 10),
            &[&days[..], &[(day(3, 9), Money::ZERO)]].concat(),
        );
        assert_eq!(forecast, None, "two days with spend in the window");
        let more = [&days[..], &[(day(2, 24), Money::from_usd(7))]].concat();
        let forecast = of_month(day(3, 10), &more).expect("enough");
        // 7 spent in March, 0.75 a day for the 22 days left.
        assert_eq!(forecast.expected, "23.5".parse().expect("an amount"));
        assert!(forecast.low >= Money::from_usd(7) && forecast.high > forecast.expected);
    }

    proptest! {
        #[test]
        fn the_range_holds_the_expectation_and_what_is_spent(
            amounts in prop::collection::vec(0_i64..50_000_000_000, 1..60), today in 1_u32..=31,
        ) {
            let today = day(3, today);
            let days: Vec<_> = amounts.iter().enumerate().map(|(back, amount)| {
                let back = u64::try_from(back).expect("small");
                (today - Days::new(back), Money::from_nanos(*amount))
            }).collect();
            if let Some(forecast) = of_month(today, &days) {
                let spent: Money = days.iter().filter(|(day, _)| day.month() == 3).map(|(_, amount)| *amount).sum();
                prop_assert!(spent <= forecast.low);
                prop_assert!(forecast.low <= forecast.expected && forecast.expected <= forecast.high);
            }
        }
    }
}
