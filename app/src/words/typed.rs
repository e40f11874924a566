//! Numbers as people type them, and as they stand in a field: with a comma or a point before the
//! decimals in every language, thousands set apart as the reader's language does it.
//!
//! Invariant: what is no number stays as it was typed, for the form to say so.

use crate::model::language::Language;

/// What sets thousands apart.
const fn thousands_sign(language: Language) -> char {
    match language {
        Language::English => ',',
        Language::Spanish => '.',
    }
}

/// A typed number as the host reads it: digits, with a point before the decimals.
pub fn number(language: Language, typed: &str) -> String {
    let is_kept = |letter: &char| !letter.is_whitespace() && *letter != '$';
    let kept: String = typed.chars().filter(is_kept).collect();
    plain(language, &kept).unwrap_or_else(|| typed.to_owned())
}

fn plain(language: Language, text: &str) -> Option<String> {
    let is_known = |letter: char| letter.is_ascii_digit() || matches!(letter, '.' | ',');
    if !text.chars().all(is_known) {
        return None;
    }
    let Some((place, sign)) = text.rmatch_indices(['.', ',']).next() else {
        return Some(text.to_owned());
    };
    let (whole, decimals) = (&text[..place], &text[place + 1..]);
    let sign = if sign == "." { '.' } else { ',' };
    // 1,250 are thousands in English and 1.25 in Spanish; 0,250 is less than one in both.
    let seems_grouped =
        sign == thousands_sign(language) && decimals.len() == 3 && !whole.starts_with('0');
    if whole.contains(sign) || (seems_grouped && !whole.is_empty()) {
        return ungrouped(text, sign);
    }
    let other = if sign == '.' { ',' } else { '.' };
    Some(format!("{}.{decimals}", ungrouped(whole, other)?))
}

/// The digits of a whole number whose thousands may be set apart.
fn ungrouped(text: &str, sign: char) -> Option<String> {
    let mut groups = text.split(sign);
    let first = groups.next()?;
    let mut digits = first.to_owned();
    for group in groups {
        if group.len() != 3 || !(1..=3).contains(&first.len()) {
            return None;
        }
        digits.push_str(group);
    }
    digits
        .bytes()
        .all(|byte| byte.is_ascii_digit())
        .then_some(digits)
}

/// A plain number as it stands in a field: with the reader's sign before the decimals.
pub fn in_field(language: Language, plain: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_digit() || byte == b'.';
    match language {
        Language::Spanish if plain.bytes().all(is_plain) => plain.replace('.', ","),
        _ => plain.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::money::Money;
    use crate::words::numbers::{price, whole};

    const EN: Language = Language::English;
    const ES: Language = Language::Spanish;

    #[test]
    fn a_comma_and_a_point_are_taken_in_every_language() {
        for language in Language::ALL {
            for (typed, read) in [
                ("12,50", "12.50"),
                ("12.50", "12.50"),
                (" 12,5 $", "12.5"),
                ("$0.005", "0.005"),
                ("0,125", "0.125"),
                (",5", ".5"),
                ("25", "25"),
                ("1.234.567,8", "1234567.8"),
                ("1,234,567.8", "1234567.8"),
                ("12\u{a0}500", "12500"),
                ("", ""),
            ] {
                assert_eq!(number(language, typed), read, "{typed}");
            }
        }
    }

    #[test]
    fn thousands_are_set_apart_as_the_reader_does_it() {
        for (typed, english, spanish) in [("1,250", "1250", "1.250"), ("1.250", "1.250", "1250")] {
            assert_eq!(number(EN, typed), english);
            assert_eq!(number(ES, typed), spanish);
        }
    }

    #[test]
    fn what_is_no_number_stays() {
        for typed in ["soon", "1,2,3", "12.34.5", "1,23.45,6", "-5", "12 euros"] {
            for language in Language::ALL {
                assert_eq!(number(language, typed), typed);
            }
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        for language in Language::ALL {
            for step in 0..3_000_i64 {
                let amount = Money::from_nanos(step * step * 1_250_000);
                let plain = amount.to_string();
                let shown = in_field(language, &plain);
                assert_eq!(number(language, &shown), plain, "{shown}");
                let written = price(language, amount);
                let read: Money = number(language, &written).parse().expect("an amount");
                assert_eq!(read, amount, "{written}");
                let count = step * 997;
                let read = number(language, &whole(language, count));
                assert_eq!(read, count.to_string());
            }
        }
    }
}
