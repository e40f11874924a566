//! Limits of a note on a chart.

use chrono::NaiveDate;

use super::{Check, NOTE};
use crate::api::error::FieldError;
use crate::model::language::Language;
use crate::model::notes::NoteDraft;
use crate::texts::errors;

/// The first day that a note may have.
const FIRST: NaiveDate = match NaiveDate::from_ymd_opt(2000, 1, 1) {
    Some(day) => day,
    None => NaiveDate::MIN,
};

/// A note; gives its day, which is not after `today`, and what it says, clean.
pub fn note(
    language: Language,
    draft: &NoteDraft,
    today: NaiveDate,
) -> Result<(NaiveDate, String), Vec<FieldError>> {
    let mut check = Check::new(language);
    let day = draft.day.trim().parse::<NaiveDate>();
    match &day {
        Ok(day) if (FIRST..=today).contains(day) => {}
        _ => check.wrong("day", errors::NOTE_DAY, &[]),
    }
    let text = check.line("text", &draft.text, NOTE);
    check.done((day.unwrap_or(today), text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(day: &str, text: &str) -> Vec<String> {
        let today = NaiveDate::from_ymd_opt(2026, 11, 24).expect("a day");
        let draft = NoteDraft {
            day: day.to_owned(),
            text: text.to_owned(),
        };
        match note(Language::English, &draft, today) {
            Ok((day, text)) => vec![day.to_string(), text],
            Err(errors) => errors.into_iter().map(|error| error.field).collect(),
        }
    }

    #[test]
    fn a_note_has_a_day_up_to_today_and_a_line_of_text() {
        assert_eq!(
            fields(" 2026-11-24 ", " New site "),
            ["2026-11-24", "New site"]
        );
        assert_eq!(fields("2026-11-25", "New site"), ["day"]);
        assert_eq!(fields("1999-12-31", "New site"), ["day"]);
        assert_eq!(fields("yesterday", ""), ["day", "text"]);
        assert_eq!(fields("2026-11-24", "two\nlines"), ["text"]);
        assert_eq!(fields("2026-11-24", &"x".repeat(201)), ["text"]);
        assert_eq!(fields("2026-11-24", &"ñ".repeat(200)).len(), 2);
    }
}
