//! When a project runs by itself: cron expressions, read in a workspace's time zone.
//!
//! Invariant: pure; the caller passes the time. A slot is the moment, in UTC, at which a run falls
//! due; every host computes the same slots.

use chrono::{DateTime, Duration, NaiveDate, NaiveTime, Utc};
use chrono_tz::Tz;
use croner::Cron;
use croner::parser::{CronParser, Seconds, Year};

use super::days;

/// The shortest time between two runs of a project, in minutes: they cost money.
pub const LEAST_MINUTES: i64 = 60;
/// Slots that are looked at to find two that are too close: a day's worth of the closest.
const SLOTS_LOOKED_AT: usize = 50;
/// A schedule that does not fire within so many days is taken as one that never does: the
/// rarest sensible ones fall on a 29 February.
const HORIZON_DAYS: i64 = 366 * 8;

/// A cron expression of five fields that fires now and then.
#[derive(Clone, Debug)]
pub struct Schedule(Cron);

/// Why an expression is no schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScheduleError {
    /// It is no cron expression of five fields.
    #[error("not a cron expression of five fields")]
    Unreadable,
    /// No day of the calendar fits it.
    #[error("never due")]
    Never,
    /// It fires more often than every [`LEAST_MINUTES`].
    #[error("due more than once an hour")]
    TooOften,
}

impl Schedule {
    /// Reads an expression that a person typed, and checks it on the calendar of `zone` from
    /// `now` on.
    pub fn parse(expression: &str, zone: Tz, now: DateTime<Utc>) -> Result<Self, ScheduleError> {
        let schedule = Self::read(expression)?;
        let mut before: Option<DateTime<Utc>> = None;
        for _ in 0..SLOTS_LOOKED_AT {
            let Some(slot) = schedule.next(zone, before.unwrap_or(now)) else {
                break;
            };
            if before.is_some_and(|before| slot - before < Duration::minutes(LEAST_MINUTES)) {
                return Err(ScheduleError::TooOften);
            }
            before = Some(slot);
        }
        before.map(|_| schedule).ok_or(ScheduleError::Never)
    }

    /// Reads an expression that was stored.
    pub fn read(expression: &str) -> Result<Self, ScheduleError> {
        // croner knows names such as @daily; what is stored and shown is one form only.
        if expression.split_whitespace().count() != 5 {
            return Err(ScheduleError::Unreadable);
        }
        CronParser::builder()
            .seconds(Seconds::Disallowed)
            .year(Year::Disallowed)
            .build()
            .parse(expression)
            .map(Self)
            .map_err(|_| ScheduleError::Unreadable)
    }

    /// The first slot after a moment; `None`: none for years.
    ///
    /// If clocks go forward over a slot, it falls due right after the gap. If they go back over it,
    /// only its first time counts. So each day has one slot for an expression that names an hour.
    pub fn next(&self, zone: Tz, after: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let found = self
            .0
            .find_next_occurrence(&after.with_timezone(&zone), false)
            .ok()?
            .with_timezone(&Utc);
        (found - after < Duration::days(HORIZON_DAYS)).then_some(found)
    }

    /// The last slot between `from` and `until`, both included. It is the only one that makes up
    /// for missed slots.
    pub fn last(
        &self,
        zone: Tz,
        from: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Option<DateTime<Utc>> {
        let found = self
            .0
            .find_previous_occurrence(&until.with_timezone(&zone), true)
            .ok()?
            .with_timezone(&Utc);
        (found >= from).then_some(found)
    }

    /// The first slot of a day on the wall calendar of `zone`.
    pub fn of_day(&self, zone: Tz, day: NaiveDate) -> Option<DateTime<Utc>> {
        let begins = days::first_moment(zone, day.and_time(NaiveTime::MIN));
        let slot = self.next(zone, begins - Duration::microseconds(1))?;
        (days::day(zone, slot) == day).then_some(slot)
    }
}

/// The name of a slot in the database: the same on every host.
pub fn slot_name(slot: DateTime<Utc>) -> String {
    slot.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utc(text: &str) -> DateTime<Utc> {
        text.parse().expect(text)
    }

    fn madrid() -> Tz {
        days::time_zone("Europe/Madrid")
    }

    fn slots(expression: &str, zone: Tz, from: &str, count: usize) -> Vec<String> {
        let schedule = Schedule::read(expression).expect(expression);
        let mut at = utc(from);
        let mut found = Vec::new();
        for _ in 0..count {
            at = schedule.next(zone, at).expect("a slot");
            found.push(slot_name(at));
        }
        found
    }

    #[test]
    fn daily_is_once_a_local_day_also_when_clocks_change() {
        // Spring: 04:00 is 03:00 UTC in winter time and 02:00 UTC in summer time.
        assert_eq!(
            slots("0 4 * * *", madrid(), "2026-03-27T12:00:00Z", 3),
            [
                "2026-03-28T03:00:00Z",
                "2026-03-29T02:00:00Z",
                "2026-03-30T02:00:00Z"
            ]
        );
        assert_eq!(
            slots("0 4 * * *", madrid(), "2026-10-23T12:00:00Z", 3),
            [
                "2026-10-24T02:00:00Z",
                "2026-10-25T03:00:00Z",
                "2026-10-26T03:00:00Z"
            ]
        );
    }

    #[test]
    fn an_hour_that_never_was_falls_due_after_the_gap_and_one_that_was_twice_only_once() {
        // On 29 March 2026 clocks go from 02:00 to 03:00, on 25 October from 03:00 back to 02:00.
        assert_eq!(
            slots("30 2 * * *", madrid(), "2026-03-28T12:00:00Z", 2),
            ["2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z"]
        );
        assert_eq!(
            slots("30 2 * * *", madrid(), "2026-10-24T12:00:00Z", 2),
            ["2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"]
        );
    }

    #[test]
    fn what_was_missed_is_the_last_slot_alone() {
        let daily = Schedule::read("0 4 * * *").expect("daily");
        let last = daily.last(
            Tz::UTC,
            utc("2026-05-01T04:00:00Z"),
            utc("2026-05-09T11:00:00Z"),
        );
        assert_eq!(last, Some(utc("2026-05-09T04:00:00Z")));
        let last = daily.last(
            Tz::UTC,
            utc("2026-05-09T04:00:00Z"),
            utc("2026-05-09T04:00:00Z"),
        );
        assert_eq!(last, Some(utc("2026-05-09T04:00:00Z")));
    }

    #[test]
    fn a_day_has_its_first_slot_or_none() {
        let weekly = Schedule::read("0 4 * * 1").expect("weekly");
        let day = |day: &str| weekly.of_day(madrid(), day.parse().expect(day));
        assert_eq!(day("2026-11-23"), Some(utc("2026-11-23T03:00:00Z")));
        assert_eq!(day("2026-11-24"), None);
        let midnight = Schedule::read("0 0 * * *").expect("midnight");
        assert_eq!(
            midnight.of_day(madrid(), "2026-11-24".parse().expect("day")),
            Some(utc("2026-11-23T23:00:00Z"))
        );
    }

    #[test]
    fn what_is_no_schedule_is_told_apart() {
        let now = utc("2026-11-21T12:00:00Z");
        let wrong =
            |expression: &str| Schedule::parse(expression, madrid(), now).expect_err(expression);
        for expression in [
            "",
            "daily",
            "@daily",
            "* * *",
            "61 4 * * *",
            "0 25 * * *",
            "0 4 * * 9",
            "0 4 * * * *",
            "0 0 4 * * * 2027",
            "0 4 x * *",
            "0 4 * * *; rm",
            "-1 4 * * *",
            "\u{0}",
        ] {
            assert_eq!(wrong(expression), ScheduleError::Unreadable, "{expression}");
        }
        for expression in ["0 4 30 2 *", "0 4 31 4,6,9,11 *"] {
            assert_eq!(wrong(expression), ScheduleError::Never, "{expression}");
        }
        for expression in [
            "* * * * *",
            "*/30 * * * *",
            "0,59 4 * * *",
            "59 3 * * *,0 4 * * *",
        ] {
            assert!(
                matches!(
                    wrong(expression),
                    ScheduleError::TooOften | ScheduleError::Unreadable
                ),
                "{expression}"
            );
        }
    }

    #[test]
    fn sensible_schedules_are_taken() {
        let now = utc("2026-11-21T12:00:00Z");
        for expression in [
            "0 4 * * *",
            "0 * * * *",
            "30 6 * * MON-FRI",
            "0 4 29 2 *",
            "0 4 1 * *",
            "0 4 L * *",
            "15 9,17 * * 1-5",
            "0 */6 * * *",
        ] {
            Schedule::parse(expression, madrid(), now).expect(expression);
        }
    }
}
