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

/// What was typed, without what may stand around and between digits.
fn kept(typed: &str) -> String {
    let is_kept = |letter: &char| !letter.is_whitespace() && *letter != '$';
    typed.chars().filter(is_kept).collect()
}

/// A typed number as the host reads it: digits, with a point before the decimals.
pub fn number(language: Language, typed: &str) -> String {
    plain(language, &kept(typed)).unwrap_or_else(|| typed.to_owned())
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

/// What a typed number is taken for, where somebody who writes numbers the other way would mean
/// another one by it: 1,250 and 1.250. It is written so that both mean the same by it.
pub fn taken_for(language: Language, typed: &str) -> Option<String> {
    let text = kept(typed);
    let (whole, rest) = text.split_once(['.', ','])?;
    let is_either = (1..=3).contains(&whole.len())
        && rest.len() == 3
        && !whole.starts_with('0')
        && whole
            .bytes()
            .chain(rest.bytes())
            .all(|byte| byte.is_ascii_digit());
    if !is_either {
        return None;
    }
    let read = plain(language, &text)?;
    let plain = match read.split_once('.') {
        None => read,
        Some((whole, decimals)) => match decimals.trim_end_matches('0') {
            "" => whole.to_owned(),
            // Three decimals would look like thousands again.
            short if short.len() == 3 => format!("{whole}.{short}0"),
            short => format!("{whole}.{short}"),
        },
    };
    Some(in_field(language, &plain))
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

    #[test]
    fn what_could_be_thousands_or_decimals_is_said_without_either() {
        for (typed, english, spanish) in [
            ("1,250", "1250", "1,25"),
            ("1.250", "1.25", "1250"),
            (" $12.345 ", "12.3450", "12345"),
            ("1,000", "1000", "1"),
        ] {
            assert_eq!(taken_for(EN, typed).as_deref(), Some(english), "{typed}");
            assert_eq!(taken_for(ES, typed).as_deref(), Some(spanish), "{typed}");
        }
        for language in Language::ALL {
            for typed in [
                "",
                "25",
                "12,50",
                "12.50",
                "0,250",
                "0.005",
                ",250",
                "1.2345",
                "1234,567",
                "1,234.567",
                "1.234.567",
                "1 250",
                "soon",
                "x1.250",
                "-1.250",
            ] {
                assert_eq!(taken_for(language, typed), None, "{typed}");
            }
        }
    }

    #[test]
    fn what_is_said_means_the_amount_to_everybody() {
        for language in Language::ALL {
            for whole in [1, 2, 9, 10, 12, 99, 100, 250, 999] {
                for rest in 0..1_000 {
                    for sign in ['.', ','] {
                        let typed = format!("{whole}{sign}{rest:03}");
                        let amount: Money = number(language, &typed).parse().expect("an amount");
                        let said = taken_for(language, &typed).expect("either");
                        for reader in Language::ALL {
                            assert_eq!(taken_for(reader, &said), None, "{typed}: {said}");
                            let read: Money = number(reader, &said).parse().expect("an amount");
                            assert_eq!(read, amount, "{typed}: {said}");
                        }
                    }
                    // With a sign and two decimals nobody can be in doubt.
                    let cents = rest % 100;
                    for sign in ['.', ','] {
                        let typed = format!("{whole}{sign}{cents:02}");
                        assert_eq!(number(language, &typed), format!("{whole}.{cents:02}"));
                        assert_eq!(taken_for(language, &typed), None);
                    }
                }
            }
        }
    }
}
