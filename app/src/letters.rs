//! Small and capital letters, and what is a letter at all. The standard library brings tables of
//! all letters along, 27 kB of the client; the browser has them already, so there it is asked.
//!
//! Invariant: the same results on both sides.

/// A text in small letters.
pub fn small(text: &str) -> String {
    if text.is_ascii() {
        text.to_ascii_lowercase()
    } else {
        of_all_letters::small(text)
    }
}

/// The first letter of a text as a capital one.
pub fn initial(text: &str) -> Option<String> {
    let first = text.chars().next()?;
    Some(if first.is_ascii() {
        first.to_ascii_uppercase().to_string()
    } else {
        of_all_letters::capital(first)
    })
}

/// Whether it is a letter or a digit, of any script.
pub fn is_alphanumeric(letter: char) -> bool {
    if letter.is_ascii() {
        letter.is_ascii_alphanumeric()
    } else {
        of_all_letters::is_alphanumeric(letter)
    }
}

#[cfg(all(feature = "csr", target_arch = "wasm32"))]
mod of_all_letters {
    use js_sys::{JsString, RegExp};

    thread_local! {
        // What the standard library calls so: alphabetic, or of a class of numbers.
        static ALPHANUMERIC: RegExp = RegExp::new(r"[\p{Alphabetic}\p{N}]", "u");
    }

    pub(super) fn small(text: &str) -> String {
        JsString::from(text).to_lower_case().into()
    }

    pub(super) fn capital(letter: char) -> String {
        let text = letter.to_string();
        JsString::from(text).to_upper_case().into()
    }

    pub(super) fn is_alphanumeric(letter: char) -> bool {
        let text = letter.to_string();
        ALPHANUMERIC.with(|pattern| pattern.test(&text))
    }
}

#[cfg(not(all(feature = "csr", target_arch = "wasm32")))]
mod of_all_letters {
    pub(super) fn small(text: &str) -> String {
        text.to_lowercase()
    }

    pub(super) fn capital(letter: char) -> String {
        letter.to_uppercase().collect()
    }

    pub(super) fn is_alphanumeric(letter: char) -> bool {
        letter.is_alphanumeric()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_of_all_scripts_are_small_and_capital() {
        assert_eq!(small("Kornfeld & Söhne"), "kornfeld & söhne");
        assert_eq!(small("ÑANDÚ"), "ñandú");
        assert_eq!(small("ΟΔΟΣ"), "οδος");
        assert_eq!(small(""), "");
        assert_eq!(initial("kornfeld"), Some("K".to_owned()));
        assert_eq!(initial("élan"), Some("É".to_owned()));
        assert_eq!(initial("ßa"), Some("SS".to_owned()));
        assert_eq!(initial("7 seas"), Some("7".to_owned()));
        assert_eq!(initial(""), None);
    }

    #[test]
    fn letters_and_digits_are_told_from_signs() {
        for letter in ['a', 'Z', '0', 'ñ', 'Ω', '例', '٣', 'Ⅷ', '½'] {
            assert!(is_alphanumeric(letter), "{letter}");
        }
        for sign in [' ', '-', '_', '&', '–', '…', '\u{a0}', '。', '☕'] {
            assert!(!is_alphanumeric(sign), "{sign}");
        }
    }
}
