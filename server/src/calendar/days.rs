//! Days and months in a workspace's time zone.
//!
//! Invariant: pure; whoever calls brings the time.

use chrono::{DateTime, Datelike, Duration, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Utc};
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
}
