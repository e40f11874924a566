//! When something runs by itself: in words, and as the fields of a form and back.

use crate::model::language::Language;
use crate::model::schedule::{DAILY, Rhythm};
use crate::texts::{Text, schedule};

/// The days of the week, as cron counts them.
pub const WEEKDAYS: [Text; 7] = [
    schedule::SUNDAY,
    schedule::MONDAY,
    schedule::TUESDAY,
    schedule::WEDNESDAY,
    schedule::THURSDAY,
    schedule::FRIDAY,
    schedule::SATURDAY,
];

/// A kind of rhythm, to choose from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// Never by itself.
    ByHand,
    /// Every day.
    Daily,
    /// Every week.
    Weekly,
    /// By an expression.
    Custom,
}

impl Choice {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Daily, Self::Weekly, Self::Custom, Self::ByHand];

    /// Its value in the form.
    pub const fn word(self) -> &'static str {
        match self {
            Self::ByHand => "by_hand",
            Self::Daily => "daily",
            Self::Weekly => "weekly",
            Self::Custom => "custom",
        }
    }

    /// Its name.
    pub const fn text(self) -> Text {
        match self {
            Self::ByHand => schedule::BY_HAND,
            Self::Daily => schedule::DAILY,
            Self::Weekly => schedule::WEEKLY,
            Self::Custom => schedule::CUSTOM,
        }
    }
}

/// What an expression says, in words; one that is nothing usual as it is.
pub fn said(language: Language, expression: &str) -> String {
    let time = |hour: u8, minute: u8| format!("{hour:02}:{minute:02}");
    match Rhythm::of(expression) {
        Rhythm::ByHand => schedule::BY_HAND.get(language).to_owned(),
        Rhythm::Daily(hour, minute) => {
            schedule::DAILY_AT.fill(language, &[("time", &time(hour, minute))])
        }
        Rhythm::Weekly(day, hour, minute) => {
            let day = WEEKDAYS
                .get(usize::from(day))
                .map_or("", |day| day.get(language));
            schedule::WEEKLY_AT.fill(language, &[("day", &day), ("time", &time(hour, minute))])
        }
        Rhythm::Custom(expression) => expression,
    }
}

/// The fields that say what an expression says: rhythm, time, weekday, expression. Those that
/// do not count hold what a change of the rhythm begins with.
pub fn fields(expression: &str) -> [String; 4] {
    let time = |hour: u8, minute: u8| format!("{hour:02}:{minute:02}");
    let (choice, time, weekday, custom) = match Rhythm::of(expression) {
        Rhythm::ByHand => (Choice::ByHand, time(4, 0), 1, DAILY.to_owned()),
        Rhythm::Daily(hour, minute) => {
            (Choice::Daily, time(hour, minute), 1, expression.to_owned())
        }
        Rhythm::Weekly(day, hour, minute) => (
            Choice::Weekly,
            time(hour, minute),
            day,
            expression.to_owned(),
        ),
        Rhythm::Custom(expression) => (Choice::Custom, time(4, 0), 1, expression),
    };
    [choice.word().to_owned(), time, weekday.to_string(), custom]
}

/// The expression that says what the fields say. A time that is not one goes to the host as it
/// is, which says so.
pub fn expression(rhythm: &str, time: &str, weekday: &str, custom: &str) -> String {
    let choice = Choice::ALL
        .into_iter()
        .find(|choice| choice.word() == rhythm);
    let parsed = time.split_once(':').and_then(|(hour, minute)| {
        // Browsers may add seconds.
        let minute = minute.split(':').next()?;
        Some((hour.parse::<u8>().ok()?, minute.parse::<u8>().ok()?))
    });
    match (choice, parsed) {
        (None | Some(Choice::ByHand), _) => String::new(),
        (Some(Choice::Custom), _) => custom.split_whitespace().collect::<Vec<_>>().join(" "),
        (Some(Choice::Daily), Some((hour, minute))) => Rhythm::Daily(hour, minute).expression(),
        (Some(Choice::Weekly), Some((hour, minute))) => {
            let day = weekday.parse().unwrap_or(1);
            Rhythm::Weekly(day, hour, minute).expression()
        }
        (Some(Choice::Daily | Choice::Weekly), None) => format!("{time} ? * * *"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn again(stored: &str) -> String {
        let [rhythm, time, weekday, custom] = fields(stored);
        expression(&rhythm, &time, &weekday, &custom)
    }

    #[test]
    fn an_expression_is_said_in_words() {
        let said = |expression: &str| said(Language::English, expression);
        assert_eq!(said(""), "Only by hand");
        assert_eq!(said("0 4 * * *"), "Every day, 04:00");
        assert_eq!(said("15 9 * * 5"), "Friday, 09:15");
        assert_eq!(said("0 */6 * * *"), "0 */6 * * *");
    }

    #[test]
    fn what_is_stored_comes_back_from_the_fields() {
        for stored in [
            "",
            "0 4 * * *",
            "30 23 * * *",
            "15 9 * * 5",
            "0 */6 * * *",
            "0 4 1 * *",
        ] {
            assert_eq!(again(stored), stored);
        }
    }

    #[test]
    fn a_change_of_the_rhythm_begins_with_something_sensible() {
        let [_, time, weekday, custom] = fields("");
        assert_eq!(expression("daily", &time, &weekday, &custom), "0 4 * * *");
        assert_eq!(expression("weekly", &time, &weekday, &custom), "0 4 * * 1");
        assert_eq!(expression("custom", &time, &weekday, &custom), "0 4 * * *");
        assert_eq!(expression("by_hand", &time, &weekday, &custom), "");
    }

    #[test]
    fn a_time_with_seconds_is_a_time_and_an_empty_one_is_refused_by_the_host() {
        assert_eq!(expression("daily", "05:30:00", "1", ""), "30 5 * * *");
        assert_eq!(expression("daily", "", "1", ""), " ? * * *");
    }
}
