//! What comes along when a secret is copied: blanks, quotes, characters that nobody sees, the
//! words around it.
//!
//! Invariant: says what was taken away or is wrong, and never the secret.

/// Quotes that stand around values in files of variables, and those of word processors.
const QUOTES: [char; 11] = ['"', '\'', '`', '“', '”', '„', '‘', '’', '‚', '«', '»'];
/// Names of headers that a key is copied with.
const HEADERS: [&str; 4] = [
    "authorization:",
    "x-api-key:",
    "x-goog-api-key:",
    "api-key:",
];
const BEARER: &str = "bearer";
/// Characters that stand in no API key, though they can be seen.
const NEVER_IN_KEYS: &str = "\"'`\\,;<>{}$()";

/// A value without what came along.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Copied {
    pub(super) value: String,
    /// What was taken away, in words.
    pub(super) taken: Vec<&'static str>,
}

/// Takes away what came along with the value of the variable `name`.
pub(super) fn without_wrapping(name: &str, value: &str) -> Copied {
    let visible: String = value.chars().filter(|&one| !is_invisible(one)).collect();
    let mut taken = Vec::new();
    if visible.len() < value.len() {
        taken.push("characters that nobody sees");
    }
    let mut rest = visible.trim();
    loop {
        let (next, what) = if let Some(inner) = unquoted(rest) {
            (inner, "quotes")
        } else if let Some(behind) = behind_name(rest, name) {
            (behind, "its own name")
        } else if let Some(behind) = HEADERS.iter().find_map(|header| behind(rest, header)) {
            (behind, "the name of a header")
        } else if let Some(behind) = behind(rest, BEARER).filter(|rest| is_apart(rest)) {
            (behind, "the word Bearer")
        } else {
            break;
        };
        rest = next.trim();
        taken.push(what);
    }
    taken.dedup();
    Copied {
        value: rest.to_owned(),
        taken,
    }
}

/// What is wrong with an API key, in words that go behind its variable; `None`: nothing.
pub(super) fn wrong_with_key(key: &str) -> Option<String> {
    let (index, one) = key
        .chars()
        .enumerate()
        .find(|(_, one)| !one.is_ascii_graphic() || NEVER_IN_KEYS.contains(*one))?;
    let what = match one {
        ' ' | '\t' => "a blank".to_owned(),
        '\n' | '\r' => "a line break".to_owned(),
        one => format!("the character U+{:04X}", u32::from(one)),
    };
    Some(format!(
        "has {what} at place {}, which stands in no API key; copy the key again",
        index + 1
    ))
}

/// Characters of formats and controls that editors and pages leave behind. Blanks are seen.
fn is_invisible(one: char) -> bool {
    matches!(one,
        '\u{00ad}' | '\u{034f}' | '\u{061c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
        || one.is_control() && !matches!(one, '\t' | '\n' | '\r')
}

/// The text without the quotes at its ends; one that was lost at one end is taken too.
fn unquoted(text: &str) -> Option<&str> {
    let inner = text.trim_matches(QUOTES);
    (inner.len() < text.len()).then_some(inner)
}

fn behind_name<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let text = behind(text, "export ").map_or(text, str::trim_start);
    behind(text, name)?.trim_start().strip_prefix('=')
}

fn behind<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let (start, rest) = text.split_at_checked(word.len())?;
    start.eq_ignore_ascii_case(word).then_some(rest)
}

/// Whether what stands behind a word is another one; nothing behind it is no secret either.
fn is_apart(rest: &str) -> bool {
    rest.is_empty() || rest.starts_with([' ', '\t', ':', '\u{a0}'])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn clean(value: &str) -> String {
        without_wrapping("OPENAI_API_KEY", value).value
    }

    #[test]
    fn what_came_along_is_taken_away() {
        for value in [
            "sk-abc1234567890",
            " sk-abc1234567890\r\n",
            "\"sk-abc1234567890\"",
            "'sk-abc1234567890'",
            "“sk-abc1234567890”",
            "\"sk-abc1234567890",
            "Bearer sk-abc1234567890",
            "bearer\tsk-abc1234567890",
            "\"Bearer sk-abc1234567890\"",
            "Bearer \"sk-abc1234567890\"",
            "Authorization: Bearer sk-abc1234567890",
            "x-api-key: sk-abc1234567890",
            "sk-abc1234567890\u{200b}",
            "\u{feff}sk-abc\u{2060}1234567890",
            "OPENAI_API_KEY=sk-abc1234567890",
            "export OPENAI_API_KEY=\"sk-abc1234567890\"",
            "sk-abc1234567890\u{a0}",
        ] {
            assert_eq!(clean(value), "sk-abc1234567890", "{value:?}");
        }
        assert_eq!(clean("\"\""), "");
        assert_eq!(clean("bearer-of-keys-1"), "bearer-of-keys-1");
    }

    #[test]
    fn what_was_taken_is_told() {
        let taken = |value| without_wrapping("OPENAI_API_KEY", value).taken;
        assert_eq!(taken("sk-abc1234567890"), Vec::<&str>::new());
        assert_eq!(
            taken("\"Bearer sk-abc\u{200b}\""),
            ["characters that nobody sees", "quotes", "the word Bearer"]
        );
    }

    #[test]
    fn what_stands_in_no_key_is_named_and_the_key_is_not() {
        for (key, told) in [
            ("sk-abc 1234567890", "a blank at place 7"),
            ("sk-abc1234é567890", "U+00E9 at place 11"),
            ("sk-abc\"1234567890", "U+0022"),
            ("${OPENAI_API_KEY}", "U+0024 at place 1"),
            ("<your key here>", "U+003C"),
        ] {
            let wrong = wrong_with_key(key).expect(key);
            assert!(wrong.contains(told) && !wrong.contains("abc"), "{wrong}");
        }
        assert_eq!(wrong_with_key("sk-ant-api03-A_b/c+d=.~:1"), None);
    }

    proptest! {
        /// Whatever stands around a key, it comes out as it is.
        #[test]
        fn a_key_outlives_what_is_put_around_it(
            key in "[A-Za-z0-9_+/=.~-]{8,60}",
            wraps in prop::collection::vec(0_usize..8, 0..5),
        ) {
            prop_assume!(!key.to_lowercase().starts_with("bearer"));
            let wrapped = wraps.iter().fold(key.clone(), |inner, wrap| match wrap {
                0 => format!("\"{inner}\""),
                1 => format!("'{inner}'"),
                2 => format!("Bearer {inner}"),
                3 => format!("  {inner}\n"),
                4 => format!("{inner}\u{200b}"),
                5 => format!("\u{feff}{inner}"),
                6 => format!("OPENAI_API_KEY={inner}"),
                _ => format!("Authorization: {inner}"),
            });
            prop_assert_eq!(clean(&wrapped), key);
        }
    }
}
