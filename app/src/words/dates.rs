//! Days, moments and time spans as people read them, in their language.
//!
//! Invariant: no locale data of the browser, so that what charts say can be tested anywhere.

use chrono::{Datelike, NaiveDate, NaiveDateTime, Timelike};

use super::numbers::{NO_BREAK, written};
use crate::model::language::Language;
use crate::texts::{chart, common, dashboard as texts};

/// From so many days on, a day is called by its date.
const FAR: i64 = 7;

/// A day without its year: `21 Nov`.
pub fn short_day(language: Language, day: NaiveDate) -> String {
    format!("{} {}", day.day(), month(language, day))
}

/// A day with its year: `21 Nov 2026`.
pub fn long_day(language: Language, day: NaiveDate) -> String {
    format!("{} {} {}", day.day(), month(language, day), day.year())
}

/// A month with its year: `Nov 2026`.
pub fn month_and_year(language: Language, day: NaiveDate) -> String {
    format!("{} {}", month(language, day), day.year())
}

/// A day as it is called on `today`: `today`, `8 Nov`, of another year `8 Nov 2025`.
pub fn day(language: Language, day: NaiveDate, today: NaiveDate) -> String {
    let near = match (day - today).num_days() {
        0 => common::TODAY,
        -1 => common::YESTERDAY,
        1 => common::TOMORROW,
        _ if day.year() == today.year() => return short_day(language, day),
        _ => return long_day(language, day),
    };
    near.get(language).to_owned()
}

/// A moment as it is called `now`, both on the reader's clock: `today 04:02`, within six days
/// `Mon 06:00`, else the day.
pub fn moment(language: Language, at: NaiveDateTime, now: NaiveDateTime) -> String {
    let (date, today) = (at.date(), now.date());
    let away = (date - today).num_days().abs();
    let name = match away {
        0 | 1 => day(language, date, today),
        2..FAR => week_day(language, date).to_owned(),
        _ => return day(language, date, today),
    };
    format!("{name} {}", time(at))
}

/// A moment with its time, however far away it is: `today 04:02`, `8 Nov 06:00`.
pub fn day_and_time(language: Language, at: NaiveDateTime, now: NaiveDateTime) -> String {
    format!("{} {}", day(language, at.date(), now.date()), time(at))
}

/// The time of day. By hand: chrono's formats bring tables of all small letters along.
fn time(at: NaiveDateTime) -> String {
    format!("{:02}:{:02}", at.hour(), at.minute())
}

/// A day of the week: `Mon`.
pub fn week_day(language: Language, day: NaiveDate) -> &'static str {
    let place = day.weekday().num_days_from_monday() as usize;
    let mut names = chart::WEEK_DAYS.get(language).split(' ');
    names.nth(place).unwrap_or_default()
}

fn month(language: Language, day: NaiveDate) -> &'static str {
    let names = texts::MONTHS.get(language);
    names
        .split(' ')
        .nth(day.month0() as usize)
        .unwrap_or_default()
}

/// A time span: `840 ms`, `4.2 s`, `3 min 20 s`.
pub fn duration(language: Language, milliseconds: i64) -> String {
    let milliseconds = milliseconds.max(0);
    match milliseconds {
        ..1_000 => format!("{milliseconds}{NO_BREAK}ms"),
        1_000..60_000 => {
            let tenths = (milliseconds + 50) / 100;
            let seconds = match tenths % 10 {
                0 => (tenths / 10).to_string(),
                rest => written(language, &format!("{}.{rest}", tenths / 10)),
            };
            format!("{seconds}{NO_BREAK}s")
        }
        60_000..3_600_000 => {
            format!(
                "{}{NO_BREAK}min {}{NO_BREAK}s",
                milliseconds / 60_000,
                milliseconds / 1_000 % 60
            )
        }
        _ => format!(
            "{}{NO_BREAK}h {}{NO_BREAK}min",
            milliseconds / 3_600_000,
            milliseconds / 60_000 % 60
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EN: Language = Language::English;
    const ES: Language = Language::Spanish;

    #[test]
    fn days_have_months_in_the_language() {
        let day = NaiveDate::from_ymd_opt(2026, 1, 5).expect("a day");
        assert_eq!(short_day(EN, day), "5 Jan");
        assert_eq!(long_day(ES, day), "5 ene 2026");
        assert_eq!(month_and_year(EN, day), "Jan 2026");
        for language in Language::ALL {
            assert_eq!(texts::MONTHS.get(language).split(' ').count(), 12);
        }
    }

    #[test]
    fn moments_of_a_day_are_told_apart_by_their_time() {
        let now = at("2026-11-24T10:00:00");
        for (moment_at, english) in [
            ("2026-11-24T04:02:59", "today 04:02"),
            ("2026-11-08T06:00:00", "8 Nov 06:00"),
            ("2025-11-08T18:30:00", "8 Nov 2025 18:30"),
        ] {
            assert_eq!(day_and_time(EN, at(moment_at), now), english);
        }
    }

    fn at(text: &str) -> NaiveDateTime {
        text.parse().expect("a moment")
    }

    #[test]
    fn moments_are_called_by_how_far_away_they_are() {
        let now = at("2026-11-24T10:00:00");
        for (moment_at, english, spanish) in [
            ("2026-11-24T04:02:59", "today 04:02", "hoy 04:02"),
            ("2026-11-23T23:59:00", "yesterday 23:59", "ayer 23:59"),
            ("2026-11-25T00:00:00", "tomorrow 00:00", "mañana 00:00"),
            ("2026-11-18T06:00:00", "Wed 06:00", "mié 06:00"),
            ("2026-11-30T06:00:00", "Mon 06:00", "lun 06:00"),
            ("2026-11-17T06:00:00", "17 Nov", "17 nov"),
            ("2026-12-01T06:00:00", "1 Dec", "1 dic"),
            ("2025-11-08T06:00:00", "8 Nov 2025", "8 nov 2025"),
            ("2027-01-02T06:00:00", "2 Jan 2027", "2 ene 2027"),
        ] {
            assert_eq!(moment(EN, at(moment_at), now), english);
            assert_eq!(moment(ES, at(moment_at), now), spanish);
        }
    }

    /// Two moments that are no more than six days away are never called the same.
    #[test]
    fn near_moments_are_told_apart() {
        let now = at("2026-01-01T12:00:00");
        let hours = (-150..=150).map(|hours| now + chrono::Duration::hours(hours));
        let past: Vec<String> = hours.map(|at| moment(EN, at, now)).collect();
        let (before, after) = past.split_at(150);
        for half in [before, after] {
            let told: std::collections::HashSet<&String> = half.iter().collect();
            let dated = half.iter().filter(|words| !words.contains(':')).count();
            assert!(told.len() + dated >= half.len(), "{half:?}");
        }
    }

    #[test]
    fn days_have_their_year_where_it_is_another_one() {
        let of = |text: &str| text.parse::<NaiveDate>().expect("a day");
        let today = of("2026-12-31");
        assert_eq!(day(EN, of("2027-01-01"), today), "tomorrow");
        assert_eq!(day(EN, of("2027-01-02"), today), "2 Jan 2027");
        assert_eq!(day(ES, of("2026-01-02"), today), "2 ene");
    }

    #[test]
    fn durations_use_the_fitting_units() {
        for (milliseconds, shown) in [
            (-5, "0\u{a0}ms"),
            (840, "840\u{a0}ms"),
            (4_240, "4.2\u{a0}s"),
            (9_000, "9\u{a0}s"),
            (200_000, "3\u{a0}min 20\u{a0}s"),
            (3_660_000, "1\u{a0}h 1\u{a0}min"),
        ] {
            assert_eq!(duration(EN, milliseconds), shown);
        }
    }
}
