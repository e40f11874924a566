//! The period that somebody has chosen: as presets, which move on with the days, or as days.
//!
//! Invariant: pure. Neither knows the browser nor what day it is.

use chrono::{Datelike, Days, NaiveDate};

use crate::model::language::Language;
use crate::texts::period as texts;
use crate::words::calendar::{month_end, month_start, months_later, span_words};

/// Longer periods are cut: charts have one place a day.
const MAX_DAYS: u64 = 1_830;

/// First and last day, in the workspace's time zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
}

impl Period {
    /// The last `days` days, today included.
    pub fn last_days(days: u64, today: NaiveDate) -> Self {
        let from = today
            .checked_sub_days(Days::new(days.saturating_sub(1)))
            .unwrap_or(today);
        Self { from, to: today }
    }

    /// Two days in any order; a period that is too long loses its beginning.
    pub fn between(one: NaiveDate, other: NaiveDate) -> Self {
        let (from, to) = if one <= other {
            (one, other)
        } else {
            (other, one)
        };
        Self {
            from: from.max(Self::last_days(MAX_DAYS, to).from),
            to,
        }
    }

    /// Number of days, both ends included.
    pub fn days(self) -> i64 {
        (self.to - self.from).num_days() + 1
    }

    /// Whether a day is one of these.
    pub fn holds(self, day: NaiveDate) -> bool {
        self.from <= day && day <= self.to
    }
}

/// A period that one click chooses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preset {
    /// Today.
    Today,
    /// Yesterday.
    Yesterday,
    /// Seven days that end today.
    Week,
    /// Thirty days that end today.
    ThirtyDays,
    /// Ninety days that end today.
    NinetyDays,
    /// From the first of this month until today.
    ThisMonth,
    /// The whole month before this one.
    LastMonth,
    /// The whole quarter before this one.
    LastQuarter,
    /// From the first of January until today.
    ThisYear,
    /// From the first answer until today.
    All,
}

impl Preset {
    /// Every one, in the order of the list.
    pub const ALL: [Self; 10] = [
        Self::Today,
        Self::Yesterday,
        Self::Week,
        Self::ThirtyDays,
        Self::NinetyDays,
        Self::ThisMonth,
        Self::LastMonth,
        Self::LastQuarter,
        Self::ThisYear,
        Self::All,
    ];

    /// Its word in addresses and in memory.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Today => "today",
            Self::Yesterday => "yesterday",
            Self::Week => "7",
            Self::ThirtyDays => "30",
            Self::NinetyDays => "90",
            Self::ThisMonth => "month",
            Self::LastMonth => "last-month",
            Self::LastQuarter => "last-quarter",
            Self::ThisYear => "year",
            Self::All => "all",
        }
    }

    /// What it is called.
    pub fn name(self, language: Language) -> String {
        let text = match self {
            Self::Today => texts::TODAY,
            Self::Yesterday => texts::YESTERDAY,
            Self::Week | Self::ThirtyDays | Self::NinetyDays => {
                return texts::LAST_DAYS.fill(language, &[("days", &self.word())]);
            }
            Self::ThisMonth => texts::THIS_MONTH,
            Self::LastMonth => texts::LAST_MONTH,
            Self::LastQuarter => texts::LAST_QUARTER,
            Self::ThisYear => texts::THIS_YEAR,
            Self::All => texts::ALL,
        };
        text.get(language).to_owned()
    }

    /// The same where there is little room: `30 days`.
    pub fn brief(self, language: Language) -> String {
        match self {
            Self::Week | Self::ThirtyDays | Self::NinetyDays => {
                texts::DAYS.fill(language, &[("days", &self.word())])
            }
            _ => self.name(language),
        }
    }

    /// Its days. `first` is the first day that has answers, where that is known.
    pub fn period(self, today: NaiveDate, first: Option<NaiveDate>) -> Period {
        let until_today = |from| Period::between(from, today);
        let month = month_start(today);
        match self {
            Self::Today => until_today(today),
            Self::Yesterday => {
                let yesterday = today.pred_opt().unwrap_or(today);
                Period::between(yesterday, yesterday)
            }
            Self::Week => Period::last_days(7, today),
            Self::ThirtyDays => Period::last_days(30, today),
            Self::NinetyDays => Period::last_days(90, today),
            Self::ThisMonth => until_today(month),
            Self::LastMonth => {
                let from = months_later(month, -1);
                Period::between(from, month_end(from))
            }
            Self::LastQuarter => {
                let into_quarter = i32::try_from(today.month0() % 3).unwrap_or_default();
                let from = months_later(month, -3 - into_quarter);
                Period::between(from, month_end(months_later(from, 2)))
            }
            Self::ThisYear => until_today(today.with_ordinal(1).unwrap_or(today)),
            Self::All => first.map_or_else(
                || Period::last_days(MAX_DAYS, today),
                |first| until_today(first.min(today)),
            ),
        }
    }
}

/// What somebody has chosen: a preset stays one tomorrow, days stay those days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chosen {
    /// A preset.
    Preset(Preset),
    /// Days.
    Days(Period),
}

impl Default for Chosen {
    /// What is shown before anybody has chosen.
    fn default() -> Self {
        Self::Preset(Preset::ThirtyDays)
    }
}

impl From<Period> for Chosen {
    fn from(period: Period) -> Self {
        Self::Days(period)
    }
}

impl From<Preset> for Chosen {
    fn from(preset: Preset) -> Self {
        Self::Preset(preset)
    }
}

impl Chosen {
    /// As it stands in an address and in memory: `30`, `last-month`, `2026-11-02..2026-11-08`.
    pub fn to_word(self) -> String {
        match self {
            Self::Preset(preset) => preset.word().to_owned(),
            Self::Days(Period { from, to }) => format!("{from}..{to}"),
        }
    }

    /// Reads what [`Self::to_word`] wrote.
    pub fn from_word(word: &str) -> Option<Self> {
        if let Some((from, to)) = word.split_once("..") {
            return Some(Period::between(from.parse().ok()?, to.parse().ok()?).into());
        }
        let mut presets = Preset::ALL.into_iter();
        presets.find(|preset| preset.word() == word).map(Self::from)
    }

    /// Its days; see [`Preset::period`].
    pub fn period(self, today: NaiveDate, first: Option<NaiveDate>) -> Period {
        match self {
            Self::Preset(preset) => preset.period(today, first),
            Self::Days(period) => period,
        }
    }

    /// What the button says.
    pub fn words(self, language: Language, today: NaiveDate) -> String {
        match self {
            Self::Preset(preset) => preset.name(language),
            Self::Days(Period { from, to }) => span_words(language, (from, to), today),
        }
    }

    /// The same where there is little room.
    pub fn brief(self, language: Language, today: NaiveDate) -> String {
        match self {
            Self::Preset(preset) => preset.brief(language),
            Self::Days(_) => self.words(language, today),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EN: Language = Language::English;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn days(preset: Preset, today: &str) -> (String, String) {
        let period = preset.period(day(today), None);
        (period.from.to_string(), period.to.to_string())
    }

    fn span(from: &str, to: &str) -> (String, String) {
        (from.to_owned(), to.to_owned())
    }

    #[test]
    fn presets_are_days_of_the_calendar() {
        for (preset, from, to) in [
            (Preset::Today, "2026-02-24", "2026-02-24"),
            (Preset::Yesterday, "2026-02-23", "2026-02-23"),
            (Preset::Week, "2026-02-18", "2026-02-24"),
            (Preset::ThirtyDays, "2026-01-26", "2026-02-24"),
            (Preset::NinetyDays, "2025-11-27", "2026-02-24"),
            (Preset::ThisMonth, "2026-02-01", "2026-02-24"),
            (Preset::LastMonth, "2026-01-01", "2026-01-31"),
            (Preset::LastQuarter, "2025-10-01", "2025-12-31"),
            (Preset::ThisYear, "2026-01-01", "2026-02-24"),
        ] {
            assert_eq!(days(preset, "2026-02-24"), span(from, to), "{preset:?}");
        }
        assert_eq!(
            days(Preset::LastMonth, "2026-03-31"),
            span("2026-02-01", "2026-02-28")
        );
        for today in ["2026-04-01", "2026-05-31", "2026-06-30"] {
            assert_eq!(
                days(Preset::LastQuarter, today),
                span("2026-01-01", "2026-03-31")
            );
        }
    }

    /// On every day of twelve years.
    #[test]
    fn presets_follow_on_each_other_on_any_day() {
        for today in day("2019-01-01").iter_days().take(4_400) {
            let of = |preset: Preset| preset.period(today, None);
            for preset in Preset::ALL {
                let period = of(preset);
                assert!(period.from <= period.to && period.to <= today, "{preset:?}");
            }
            let (this, last) = (of(Preset::ThisMonth), of(Preset::LastMonth));
            assert_eq!(last.to.succ_opt(), Some(this.from));
            assert_eq!((last.from.day(), this.from.day()), (1, 1));
            let quarter = of(Preset::LastQuarter);
            assert!((90..=92).contains(&quarter.days()));
            assert_eq!((quarter.from.month0() % 3, quarter.from.day()), (0, 1));
            let next = months_later(quarter.from, 3);
            assert!(next <= today && today < months_later(next, 3));
            assert!(of(Preset::ThisYear).holds(this.from));
        }
    }

    #[test]
    fn all_is_from_the_first_answer() {
        let today = day("2026-11-24");
        let all = |first: Option<&str>| Preset::All.period(today, first.map(day));
        assert_eq!(all(Some("2026-03-01")).from, day("2026-03-01"));
        assert_eq!(all(Some("2026-12-01")), Period::last_days(1, today));
        assert_eq!(
            (all(None).days(), all(Some("1990-01-01")).days()),
            (1_830, 1_830)
        );
    }

    #[test]
    fn memory_and_address_keep_what_was_chosen() {
        let today = day("2026-11-21");
        for chosen in Preset::ALL.into_iter().map(Chosen::from) {
            assert_eq!(Chosen::from_word(&chosen.to_word()), Some(chosen));
        }
        let own = Chosen::from(Period::between(day("2026-02-01"), day("2026-01-01")));
        assert_eq!(own.to_word(), "2026-01-01..2026-02-01");
        assert_eq!(Chosen::from_word(&own.to_word()), Some(own));
        for odd in ["", "8", "x..y", "2026-01-01", "Today"] {
            assert_eq!(Chosen::from_word(odd), None, "{odd}");
        }
        let tomorrow = day("2026-11-22");
        let week = Chosen::from_word("7").expect("a preset");
        assert_eq!(week.period(today, None).to, today);
        assert_eq!(week.period(tomorrow, None).to, tomorrow);
        let long = Period::between(day("1990-01-01"), today);
        assert_eq!(long.days(), 1_830);
    }

    #[test]
    fn a_choice_has_words() {
        let today = day("2026-11-21");
        let words = |word: &str| Chosen::from_word(word).map(|chosen| chosen.words(EN, today));
        assert_eq!(words("30").as_deref(), Some("Last 30 days"));
        assert_eq!(words("last-quarter").as_deref(), Some("Last quarter"));
        assert_eq!(words("2026-11-02..2026-11-08").as_deref(), Some("2–8 Nov"));
        let brief = |word: &str| Chosen::from_word(word).map(|chosen| chosen.brief(EN, today));
        assert_eq!(brief("30").as_deref(), Some("30 days"));
        assert_eq!(brief("last-quarter").as_deref(), Some("Last quarter"));
        assert_eq!(brief("2026-11-02..2026-11-08").as_deref(), Some("2–8 Nov"));
    }
}
