//! What spreadsheets make of a file's cells, and how texts come through them unchanged.
//!
//! Invariant: pure, and what is written here is read back as it was: [`guarded`] by
//! [`unguarded`], [`list_cell`] by [`read_list`].

use std::borrow::Cow;

/// The mark at the start of a file by which spreadsheets know UTF-8.
pub(crate) const MARK: &str = "\u{feff}";

/// The text, behind an apostrophe where a spreadsheet would take it for a formula, or could take
/// an apostrophe of its own for such a guard.
pub(crate) fn guarded(text: &str) -> Cow<'_, str> {
    if is_guarded_kind(text) {
        format!("'{text}").into()
    } else {
        text.into()
    }
}

/// The text without the apostrophe that guards it; any other apostrophe is its own.
pub(crate) fn unguarded(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if is_guarded_kind(rest) => rest,
        _ => text,
    }
}

fn is_guarded_kind(text: &str) -> bool {
    is_formula(text.trim_start_matches('\''))
}

/// Whether a spreadsheet would run it: by its first character, also behind spaces, and in the
/// wide forms that some read as the narrow ones.
fn is_formula(text: &str) -> bool {
    let first = text
        .chars()
        .find(|character| !matches!(character, ' ' | '\u{a0}' | '\u{feff}' | '\u{200b}'));
    first.is_some_and(|first| {
        matches!(
            first,
            '=' | '+'
                | '-'
                | '@'
                | '\t'
                | '\r'
                | '\n'
                | '\u{ff1d}'
                | '\u{ff0b}'
                | '\u{ff0d}'
                | '\u{ff20}'
                | '\u{2212}'
        )
    })
}

/// Several texts in one cell: separated by `|`, or as a list of JSON where one of them holds what
/// separates texts or cells, or looks like the end of a sentence before it.
pub(crate) fn list_cell(items: &[String]) -> String {
    if items.iter().all(|item| is_plain(item)) {
        items.join("|")
    } else {
        // Texts in a list: nothing that JSON could refuse.
        serde_json::to_string(items).unwrap_or_default()
    }
}

fn is_plain(item: &str) -> bool {
    let starts_with_digit = item.starts_with(|first: char| first.is_ascii_digit());
    let is_number = item.bytes().all(|byte| byte.is_ascii_digit());
    !item.is_empty()
        && item.trim() == item
        && !item.starts_with('[')
        && !item.contains(['|', ',', ';', '?', '\u{ff1f}', '\u{61f}'])
        && (is_number || !starts_with_digit)
}

/// The texts of a cell, without space around them; `separates` tells what may stand between them
/// beside `|`.
pub(crate) fn read_list(cell: &str, separates: impl Fn(char) -> bool) -> Vec<String> {
    let cell = cell.trim();
    if cell.starts_with('[')
        && let Ok(items) = serde_json::from_str(cell)
    {
        return items;
    }
    cell.split(|character| character == '|' || separates(character))
        .map(|item| item.trim().to_owned())
        .filter(|item| !item.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_a_spreadsheet_would_run_is_guarded_and_nothing_else() {
        for text in [
            "=1+1",
            "+1",
            "-1",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            "\n=1",
            "  =1",
            "\u{ff1d}1",
            "\u{ff0b}1",
            "\u{ff0d}1",
            "\u{ff20}a",
            "\u{feff}=1",
            "\u{2212}1",
        ] {
            assert_eq!(guarded(text), format!("'{text}"));
            assert_eq!(unguarded(&format!("'{text}")), text);
            // An apostrophe of its own is kept behind one that guards it.
            assert_eq!(guarded(&format!("'{text}")), format!("''{text}"));
        }
        for text in [
            "Kipu",
            "1=1",
            "a-b",
            "¿Qué?",
            "",
            "'",
            "''",
            "\"=1\"",
            "'Best' ledger",
            "'tis =1",
        ] {
            assert_eq!(guarded(text), text);
            assert_eq!(unguarded(text), text);
        }
    }

    #[test]
    fn lists_are_plain_where_they_can_be() {
        let cell = |items: &[&str]| {
            let items: Vec<String> = items.iter().map(|item| (*item).to_owned()).collect();
            list_cell(&items)
        };
        assert_eq!(cell(&[]), "");
        assert_eq!(cell(&["food"]), "food");
        assert_eq!(
            cell(&["food", "2026", "very small"]),
            "food|2026|very small"
        );
        assert_eq!(cell(&["a|b", "c"]), r#"["a|b","c"]"#);
        assert_eq!(cell(&["why?"]), r#"["why?"]"#);
        assert_eq!(read_list("a; b |c,", |one| one == ';'), ["a", "b", "c,"]);
        assert_eq!(read_list("[no list", |_| false), ["[no list"]);
    }

    proptest! {
        #[test]
        fn a_guard_comes_off_again(text in "['=+@ \u{feff}a-]{0,6}|\\PC{0,20}") {
            let cell = guarded(&text);
            prop_assert_eq!(unguarded(&cell), &text);
        }

        #[test]
        fn lists_are_read_back(
            items in prop::collection::vec("[|,;?\\[\\]\"a1'= ]{1,5}|\\PC{1,12}", 0..5)
        ) {
            let items: Vec<String> = items
                .iter()
                .map(|item| item.trim().to_owned())
                .filter(|item| !item.is_empty())
                .collect();
            for separator in [',', ';', '\t'] {
                let read = read_list(&list_cell(&items), |one| one == separator);
                prop_assert_eq!(&read, &items);
            }
        }
    }
}
