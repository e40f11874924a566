//! Every text that people read, in every language.
//!
//! The texts stand in `locales/<language>/<area>.json`; the build makes a constant of each:
//! `texts::common::SAVE`.

use std::fmt::Display;

use crate::model::language::Language;

/// A text in every language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text {
    english: &'static str,
    spanish: &'static str,
}

impl Text {
    const fn new(english: &'static str, spanish: &'static str) -> Self {
        Self { english, spanish }
    }

    /// The text in a language.
    pub const fn get(self, language: Language) -> &'static str {
        match language {
            Language::English => self.english,
            Language::Spanish => self.spanish,
        }
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

include!(concat!(env!("OUT_DIR"), "/texts.rs"));
