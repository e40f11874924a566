//! Days and months in a workspace's time zone.
//!
//! Invariant: pure; whoever calls brings the time.

use chrono::{
    DateTime, Datelike, Days, Duration, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Utc,
};
use chrono_tz::Tz;

/// The time zone of that IANA name; UTC where the name means nothing.
pub fn time_zone(name: &str) -> Tz {
    name.parse().unwrap_or(Tz::UTC)
}

/// The day on a wall calendar in `zone`.
pub fn day(zone: Tz, at: DateTime<Utc>) -> NaiveDate {
    at.with_timezone(&zone).date_naive()
}

/// The first day of the month that `at` falls into in `zone`.
pub fn month(zone: Tz, at: DateTime<Utc>) -> NaiveDate {
    let today = day(zone, at);
    today.with_day(1).unwrap_or(today)
}

/// The first moment of the month that `at` falls into in `zone`.
pub fn month_start(zone: Tz, at: DateTime<Utc>) -> DateTime<Utc> {
    first_moment(zone, month(zone, at).and_time(NaiveTime::MIN))
}

/// Noon of a day in `zone`: as far as it gets from where days turn and clocks change.
pub fn noon(zone: Tz, day: NaiveDate) -> DateTime<Utc> {
    first_moment(zone, day.and_time(NaiveTime::MIN) + Duration::hours(12))
}

/// The last days up to today, as many as `days`, each by a moment of it: noon, and now for today.
/// Days are those of a calendar in `zone`: some have 23 or 25 hours, so that steps of 24 would miss
/// one and take another twice.
pub fn last_days(zone: Tz, now: DateTime<Utc>, days: u32) -> Vec<DateTime<Utc>> {
    let today = day(zone, now);
    (1..days)
        .rev()
        .filter_map(|before| today.checked_sub_days(Days::new(before.into())))
        .map(|day| noon(zone, day))
        .chain([now])
        .collect()
}

/// The first moment that is not before `local` on a clock in `zone`. Where clocks jump over
/// midnight, the day begins after the jump.
pub(super) fn first_moment(zone: Tz, local: NaiveDateTime) -> DateTime<Utc> {
    const QUARTERS_OF_A_DAY: i32 = 96;
    (0..QUARTERS_OF_A_DAY)
        .find_map(|quarter| {
            let candidate = local + Duration::minutes(i64::from(quarter) * 15);
            zone.from_local_datetime(&candidate).earliest()
        })
        .map_or_else(|| local.and_utc(), |moment| moment.with_timezone(&Utc))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utc(text: &str) -> DateTime<Utc> {
        text.parse().expect(text)
    }

    #[test]
    fn days_turn_at_local_midnight() {
        let madrid = time_zone("Europe/Madrid");
        let late = utc("2026-03-31T22:30:00Z");
        assert_eq!(day(madrid, late).to_string(), "2026-04-01");
        assert_eq!(day(Tz::UTC, late).to_string(), "2026-03-31");
    }

    #[test]
    fn months_begin_at_local_midnight() {
        let madrid = time_zone("Europe/Madrid");
        assert_eq!(
            month_start(madrid, utc("2026-03-31T22:30:00Z")),
            utc("2026-03-31T22:00:00Z")
        );
        assert_eq!(
            month_start(madrid, utc("2026-03-31T21:30:00Z")),
            utc("2026-02-28T23:00:00Z")
        );
    }

    #[test]
    fn a_midnight_that_never_was_begins_after_the_jump() {
        // Clocks in Paraguay went from 24:00 on 30 September 2023 to 1:00 on 1 October.
        let asuncion = time_zone("America/Asuncion");
        assert_eq!(
            month_start(asuncion, utc("2023-10-20T12:00:00Z")),
            utc("2023-10-01T04:00:00Z")
        );
    }

    #[test]
    fn an_unknown_zone_is_utc() {
        assert_eq!(time_zone("Mars/Olympus"), Tz::UTC);
    }

    #[test]
    fn each_of_the_last_days_has_one_moment() {
        let zone = time_zone("Europe/Madrid");
        let moment = |text: &str| text.parse::<DateTime<Utc>>().expect(text);
        let days_of = |now: DateTime<Utc>, days: u32| {
            let moments = last_days(zone, now, days);
            assert_eq!(moments.last(), Some(&now), "today has the present moment");
            assert!(
                moments.iter().all(|moment| *moment <= now),
                "none is yet to come"
            );
            let days = moments.into_iter().map(|at| day(zone, at));
            days.collect::<Vec<_>>()
        };
        // Half past eleven at night; clocks went back on 25 October.
        let days = days_of(moment("2026-12-01T22:30:00Z"), 90);
        let (first, last) = ("2026-09-03", "2026-12-01");
        let first = first.parse::<chrono::NaiveDate>().expect(first);
        let each = first.iter_days().take(90).collect::<Vec<_>>();
        assert_eq!(days, each);
        assert_eq!(each.last().map(ToString::to_string).as_deref(), Some(last));
        // Shortly after midnight; clocks went forward on 29 March.
        let days = days_of(moment("2026-04-01T22:05:00Z"), 10);
        let first = days.first().expect("a day");
        assert_eq!(first.to_string(), "2026-03-24");
        assert_eq!(days, first.iter_days().take(10).collect::<Vec<_>>());
        assert_eq!(days_of(moment("2026-12-01T22:30:00Z"), 1).len(), 1);
    }
}
