//! Every text that people read, in every language.
//!
//! The texts stand in `locales/<language>/<area>.json`; the build makes a constant of each:
//! `texts::common::SAVE`.

use std::fmt::Display;

use crate::model::language::Language;

/// A text in every language: its place in the tables. A number travels through the client's
/// code in far fewer bytes than the texts themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text(u16);

impl Text {
    /// The text in a language.
    pub fn get(self, language: Language) -> &'static str {
        let table: &[&str] = match language {
            Language::English => &ENGLISH,
            Language::Spanish => &SPANISH,
        };
        table.get(usize::from(self.0)).copied().unwrap_or_default()
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
