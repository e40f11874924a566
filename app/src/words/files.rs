//! What files are called that people take away.

use chrono::NaiveDate;

use crate::letters;

/// The name of a file without its ending, by project, what of it, and the day:
/// `kornfeld-coffee-visibility-2026-11-24`.
pub fn file_name(project: &str, of: &str, day: NaiveDate) -> String {
    let mut name = String::new();
    for letter in letters::small(&format!("{project} {of}")).chars() {
        if letters::is_alphanumeric(letter) {
            name.push(letter);
        } else if !name.ends_with('-') && !name.is_empty() {
            name.push('-');
        }
    }
    format!("{}-{day}", name.trim_end_matches('-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_called_by_what_is_in_them() {
        let name = |project, of| {
            let day = NaiveDate::from_ymd_opt(2026, 11, 24).expect("a day");
            file_name(project, of, day)
        };
        assert_eq!(
            name("Kornfeld Coffee & Co.", "Share of voice"),
            "kornfeld-coffee-co-share-of-voice-2026-11-24"
        );
        assert_eq!(name("../Año", "answers"), "año-answers-2026-11-24");
        assert_eq!(name("=|", "answers"), "answers-2026-11-24");
    }
}
