//! The calendar that people choose days from: its weeks, where keys lead, days as they are typed
//! and spans of days as they are read.
//!
//! Invariant: pure, and no locale data of the browser.

use chrono::{Datelike, Days, Months, NaiveDate, Weekday};

use super::dates::{long_day, short_day};
use crate::letters;
use crate::model::language::Language;
use crate::texts::{Text, period as texts};

/// A week of a month; days of other months are left out.
pub type Week = [Option<NaiveDate>; 7];

/// Where a key leads in a calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// So many days on, or back.
    Days(i64),
    /// So many months on, or back; to the last day of a month that is shorter.
    Months(i32),
    /// To the first day of the week.
    WeekStart,
    /// To the last day of the week.
    WeekEnd,
}

impl Step {
    /// Where a key leads, by its name in the browser.
    pub fn of_key(key: &str) -> Option<Self> {
        Some(match key {
            "ArrowLeft" => Self::Days(-1),
            "ArrowRight" => Self::Days(1),
            "ArrowUp" => Self::Days(-7),
            "ArrowDown" => Self::Days(7),
            "PageUp" => Self::Months(-1),
            "PageDown" => Self::Months(1),
            "Home" => Self::WeekStart,
            "End" => Self::WeekEnd,
            _ => return None,
        })
    }

    /// The day that it leads to from `day`.
    pub fn lead(self, language: Language, day: NaiveDate) -> NaiveDate {
        match self {
            Self::Days(count) => days_later(day, count),
            Self::Months(count) => months_later(day, count),
            Self::WeekStart => days_later(day, -place_in_week(language, day)),
            Self::WeekEnd => days_later(day, 6 - place_in_week(language, day)),
        }
    }
}

/// The weekday that a week begins with.
pub const fn week_start(language: Language) -> Weekday {
    match language {
        Language::English => Weekday::Sun,
        Language::Spanish => Weekday::Mon,
    }
}

/// The place of a day in its week, from 0 to 6.
fn place_in_week(language: Language, day: NaiveDate) -> i64 {
    i64::from(day.weekday().days_since(week_start(language)))
}

fn days_later(day: NaiveDate, count: i64) -> NaiveDate {
    let days = Days::new(count.unsigned_abs());
    let moved = if count < 0 {
        day.checked_sub_days(days)
    } else {
        day.checked_add_days(days)
    };
    moved.unwrap_or(day)
}

/// The same day so many months on, or back; the last day of a month that is shorter.
pub fn months_later(day: NaiveDate, count: i32) -> NaiveDate {
    let months = Months::new(count.unsigned_abs());
    let moved = if count < 0 {
        day.checked_sub_months(months)
    } else {
        day.checked_add_months(months)
    };
    moved.unwrap_or(day)
}

/// The first day of a month.
pub fn month_start(day: NaiveDate) -> NaiveDate {
    day.with_day(1).unwrap_or(day)
}

/// The last day of a month.
pub fn month_end(day: NaiveDate) -> NaiveDate {
    months_later(month_start(day), 1).pred_opt().unwrap_or(day)
}

/// The weeks of the month that a day is in.
pub fn weeks(language: Language, month: NaiveDate) -> Vec<Week> {
    let first = month_start(month);
    let mut weeks: Vec<Week> = Vec::new();
    for day in first.iter_days().take_while(|day| *day <= month_end(first)) {
        let place = usize::try_from(place_in_week(language, day)).unwrap_or_default();
        if place == 0 || weeks.is_empty() {
            weeks.push(Week::default());
        }
        if let Some(week) = weeks.last_mut() {
            week[place] = Some(day);
        }
    }
    weeks
}

/// A word of a list that begins with Monday.
fn of_weekday(list: Text, language: Language, weekday: Weekday) -> &'static str {
    let place = usize::try_from(weekday.num_days_from_monday()).unwrap_or_default();
    let mut words = list.get(language).split(' ');
    words.nth(place).unwrap_or_default()
}

/// The weekdays in the order of the week, short and in full.
pub fn weekdays(language: Language) -> [(&'static str, &'static str); 7] {
    let mut weekday = week_start(language);
    std::array::from_fn(|_| {
        let names = (
            of_weekday(texts::WEEKDAYS, language, weekday),
            of_weekday(texts::WEEKDAY_NAMES, language, weekday),
        );
        weekday = weekday.succ();
        names
    })
}

/// A month with its year: `November 2026`.
pub fn month_words(language: Language, day: NaiveDate) -> String {
    let mut months = texts::MONTHS.get(language).split(' ');
    let name = months.nth(day.month0() as usize).unwrap_or_default();
    texts::MONTH.fill(language, &[("month", &name), ("year", &day.year())])
}

/// A day as a screen reader says it.
pub fn day_words(language: Language, day: NaiveDate, has_answers: bool) -> String {
    let weekday = of_weekday(texts::WEEKDAY_NAMES, language, day.weekday());
    let text = if has_answers {
        texts::DAY
    } else {
        texts::DAY_WITHOUT_ANSWERS
    };
    let day = long_day(language, day);
    text.fill(language, &[("weekday", &weekday), ("day", &day)])
}

/// A span of days: `2–8 Nov`. The year stands where it is another one than that of `today`.
pub fn span_words(
    language: Language,
    (from, to): (NaiveDate, NaiveDate),
    today: NaiveDate,
) -> String {
    let is_this_year = to.year() == today.year();
    let last = if is_this_year && from.year() == to.year() {
        short_day(language, to)
    } else {
        long_day(language, to)
    };
    if from == to {
        return last;
    }
    if (from.year(), from.month()) == (to.year(), to.month()) {
        return format!("{}–{last}", from.day());
    }
    let first = if from.year() == to.year() {
        short_day(language, from)
    } else {
        long_day(language, from)
    };
    texts::BETWEEN.fill(language, &[("from", &first), ("to", &last)])
}

/// A day that somebody has typed: `2 Nov 2026`, `Nov 2, 2026`, `2026-11-02`, in Spanish also
/// `2/11/2026`. In English digits alone are a day only where they can be read one way.
pub fn typed_day(language: Language, typed: &str) -> Option<NaiveDate> {
    let typed = letters::small(typed.trim());
    if let Ok(day) = typed.parse() {
        return Some(day).filter(|day| is_of_our_time(*day));
    }
    let is_between = |letter: char| !letters::is_alphanumeric(letter);
    let parts = typed.split(is_between).filter(|part| !part.is_empty());
    let parts: Vec<&str> = parts.filter(|part| *part != "de").collect();
    let [first, second, year] = parts[..] else {
        return None;
    };
    let year: i32 = Some(year).filter(|year| year.len() == 4)?.parse().ok()?;
    let (day, month) = match (first.parse::<u32>(), second.parse::<u32>()) {
        (Ok(day), Err(_)) => (day, typed_month(second)?),
        (Err(_), Ok(day)) => (day, typed_month(first)?),
        (Ok(first), Ok(second)) => of_digits(language, first, second)?,
        (Err(_), Err(_)) => return None,
    };
    let day = NaiveDate::from_ymd_opt(year, month, day);
    day.filter(|day| is_of_our_time(*day))
}

/// Years that the databases agree about.
fn is_of_our_time(day: NaiveDate) -> bool {
    (1970..=9999).contains(&day.year())
}

/// Day and month of two numbers.
const fn of_digits(language: Language, first: u32, second: u32) -> Option<(u32, u32)> {
    match language {
        Language::Spanish => Some((first, second)),
        Language::English if first > 12 || first == second => Some((first, second)),
        Language::English if second > 12 => Some((second, first)),
        Language::English => None,
    }
}

/// The month that a word begins like, in any language: at least three letters of it.
fn typed_month(word: &str) -> Option<u32> {
    let is_long_enough = word.chars().count() >= 3;
    let place = |language: Language| {
        let mut names = texts::MONTHS.get(language).split(' ');
        names.position(|name| letters::small(name).starts_with(word))
    };
    let place = Language::ALL.into_iter().find_map(place);
    let number = u32::try_from(place.filter(|_| is_long_enough)? + 1);
    number.ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const EN: Language = Language::English;
    const ES: Language = Language::Spanish;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    /// Every fifth day of 136 years: each weekday on each day of a month.
    fn many_days() -> impl Iterator<Item = NaiveDate> {
        day("1970-01-01").iter_days().step_by(5).take(10_000)
    }

    #[test]
    fn the_weeks_of_a_month_are_its_days() {
        for language in Language::ALL {
            for month in many_days() {
                let weeks = weeks(language, month);
                let days: Vec<NaiveDate> = weeks.iter().flatten().flatten().copied().collect();
                let first = month_start(month);
                assert_eq!(days.first(), Some(&first));
                assert_eq!(days.last(), Some(&month_end(month)));
                assert!(days.is_sorted() && days.len() >= 28 && weeks.len() <= 6);
                assert!(days.iter().all(|day| day.month() == month.month()));
                for week in &weeks {
                    let start = week_start(language);
                    for (place, day) in week.iter().enumerate() {
                        let since = |day: &NaiveDate| day.weekday().days_since(start) as usize;
                        assert!(day.is_none_or(|day| since(&day) == place));
                    }
                }
            }
        }
    }

    #[test]
    fn a_week_begins_as_the_language_has_it() {
        assert_eq!(weekdays(EN)[0], ("Su", "Sunday"));
        assert_eq!(weekdays(ES)[0], ("lu", "lunes"));
        assert_eq!(weekdays(ES)[6], ("do", "domingo"));
        // 1 November 2026 is a Sunday.
        assert_eq!(weeks(EN, day("2026-11-24"))[0][0], Some(day("2026-11-01")));
        assert_eq!(weeks(ES, day("2026-11-24"))[0][6], Some(day("2026-11-01")));
    }

    #[test]
    fn keys_lead_there_and_back() {
        for language in Language::ALL {
            for from in many_days() {
                let to = |key: &str| Step::of_key(key).expect(key).lead(language, from);
                assert_eq!(to("ArrowRight").pred_opt(), Some(from));
                assert_eq!(to("ArrowLeft").succ_opt(), Some(from));
                assert_eq!((to("ArrowDown") - to("ArrowUp")).num_days(), 14);
                let (home, end) = (to("Home"), to("End"));
                assert_eq!((end - home).num_days(), 6);
                assert!(home <= from && from <= end);
                assert_eq!(home.weekday(), week_start(language));
                let later = to("PageDown");
                assert_eq!(month_start(later), months_later(month_start(from), 1));
                assert!(later.day() <= from.day());
            }
        }
        assert_eq!(Step::of_key("a"), None);
        let short = Step::Months(-1).lead(EN, day("2026-03-31"));
        assert_eq!(short, day("2026-02-28"));
    }

    #[test]
    fn what_is_written_can_be_typed() {
        for language in Language::ALL {
            for known in many_days() {
                let written = long_day(language, known);
                assert_eq!(typed_day(language, &written), Some(known), "{written}");
                assert_eq!(typed_day(language, &known.to_string()), Some(known));
            }
        }
    }

    #[test]
    fn days_are_typed_in_the_order_of_the_language() {
        let second = Some(day("2026-11-02"));
        for typed in [
            " 2 nov 2026",
            "2 de noviembre de 2026",
            "2/11/2026",
            "02.11.2026",
        ] {
            assert_eq!(typed_day(ES, typed), second, "{typed}");
        }
        for typed in ["Nov 2, 2026", "2 November 2026", "2 nov. 2026"] {
            assert_eq!(typed_day(EN, typed), second, "{typed}");
        }
        assert_eq!(typed_day(EN, "11/24/2026"), Some(day("2026-11-24")));
        assert_eq!(typed_day(EN, "24/11/2026"), Some(day("2026-11-24")));
        for odd in [
            "2/11/2026",
            "",
            "2 no 2026",
            "31 Feb 2026",
            "2 Nov 26",
            "2 Nov",
            "soon",
            "1 Jan 0099",
        ] {
            assert_eq!(typed_day(EN, odd), None, "{odd}");
        }
    }

    #[test]
    fn spans_say_no_more_than_they_have_to() {
        let today = day("2026-11-24");
        let words = |from, to| span_words(EN, (day(from), day(to)), today);
        assert_eq!(words("2026-11-02", "2026-11-08"), "2–8 Nov");
        assert_eq!(words("2026-11-02", "2026-11-02"), "2 Nov");
        assert_eq!(words("2026-10-28", "2026-11-08"), "28 Oct – 8 Nov");
        assert_eq!(words("2025-10-28", "2025-11-08"), "28 Oct – 8 Nov 2025");
        assert_eq!(words("2025-11-02", "2025-11-08"), "2–8 Nov 2025");
        assert_eq!(
            words("2025-12-28", "2026-01-02"),
            "28 Dec 2025 – 2 Jan 2026"
        );
        let spanish = span_words(ES, (day("2026-11-02"), day("2026-11-08")), today);
        assert_eq!(spanish, "2–8 nov");
    }

    #[test]
    fn months_and_days_have_names() {
        let day = day("2026-11-02");
        assert_eq!(month_words(EN, day), "November 2026");
        assert_eq!(month_words(ES, day), "noviembre de 2026");
        assert_eq!(day_words(EN, day, true), "Monday, 2 Nov 2026");
        let without = day_words(ES, day, false);
        assert_eq!(without, "lunes, 2 nov 2026: sin respuestas");
    }
}
