//! Every text that people read, in every language.
//!
//! The texts stand in `locales/<language>/<area>.json`; the build makes a constant of each:
//! `texts::common::SAVE`. The host has them compiled in. The browser loads those of its
//! language, a list in the order of these constants, which `frontend/assemble.mjs` makes.

use std::fmt::Display;

use crate::model::language::Language;

/// A text in every language: its place in the tables. A number travels through the client's
/// code in far fewer bytes than the texts themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text(u16);

impl Text {
    /// The text in a language.
    pub fn get(self, language: Language) -> &'static str {
        table(language)
            .get(usize::from(self.0))
            .copied()
            .unwrap_or_default()
    }

    /// The text in a language, each `{name}` replaced by its value.
    pub fn fill(self, language: Language, values: &[(&str, &dyn Display)]) -> String {
        let mut text = self.get(language).to_owned();
        for (name, value) in values {
            text = text.replace(&format!("{{{name}}}"), &value.to_string());
        }
        text
    }
}

#[cfg(not(feature = "csr"))]
fn table(language: Language) -> &'static [&'static str] {
    match language {
        Language::English => &ENGLISH,
        Language::Spanish => &SPANISH,
    }
}

#[cfg(feature = "csr")]
use loaded::table;
#[cfg(feature = "csr")]
pub use loaded::{fill_table, is_loaded};

#[cfg(feature = "csr")]
mod loaded {
    use std::sync::OnceLock;

    use super::COUNT;
    use crate::model::language::Language;

    static ENGLISH: OnceLock<Vec<&str>> = OnceLock::new();
    static SPANISH: OnceLock<Vec<&str>> = OnceLock::new();

    const fn place(language: Language) -> &'static OnceLock<Vec<&'static str>> {
        match language {
            Language::English => &ENGLISH,
            Language::Spanish => &SPANISH,
        }
    }

    /// The texts of a language; nothing before they are loaded.
    pub(super) fn table(language: Language) -> &'static [&'static str] {
        place(language).get().map_or(&[], Vec::as_slice)
    }

    /// Takes in the texts of a language, as they were loaded: a JSON list. Whether they are there
    /// now; a list of another length is of another build.
    pub fn fill_table(language: Language, json: String) -> bool {
        let place = place(language);
        // They are shown for as long as the page lives.
        let texts: Result<Vec<String>, _> = serde_json::from_str(&json);
        if let Ok(texts) = texts
            && texts.len() == COUNT
        {
            let leak = |text: String| -> &'static str { text.leak() };
            place.get_or_init(|| texts.into_iter().map(leak).collect());
        }
        place.get().is_some()
    }

    /// Whether the texts of a language are there.
    pub fn is_loaded(language: Language) -> bool {
        place(language).get().is_some()
    }
}

include!(concat!(env!("OUT_DIR"), "/texts.rs"));
