//! The language of the screen: one signal for the whole page, kept by the browser.

use std::fmt::Display;
use std::sync::LazyLock;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::browser;
use crate::address::at;
use crate::model::language::Language;
use crate::texts::{self, Text};

const STORAGE_KEY: &str = "parallax.language";

static LANGUAGE: LazyLock<ArcRwSignal<Language>> = LazyLock::new(|| ArcRwSignal::new(initial()));

fn initial() -> Language {
    browser::stored(STORAGE_KEY)
        .and_then(|code| code.parse().ok())
        .unwrap_or_else(|| {
            let wishes: Vec<String> = window()
                .navigator()
                .languages()
                .iter()
                .filter_map(|wish| wish.as_string())
                .collect();
            Language::from_accept_language(&wishes.join(","))
        })
}

/// The language of the screen; what reads it here is drawn again when it changes.
pub fn language() -> Language {
    LANGUAGE.get()
}

/// The language of the screen at this moment, for event handlers.
pub fn language_now() -> Language {
    LANGUAGE.get_untracked()
}

/// Changes the language of the screen, and of the host's messages, once its texts are there.
/// Where they cannot be loaded, the language stays as it is.
pub fn set_language(language: Language) {
    spawn_local(async move {
        if load(language).await {
            browser::store(STORAGE_KEY, language.code());
            set_document_language(language);
            LANGUAGE.set(language);
        }
    });
}

/// Loads the texts of a language, unless they are there. Whether they are there now.
pub async fn load(language: Language) -> bool {
    if texts::is_loaded(language) {
        return true;
    }
    match browser::file_named_by_meta(&format!("texts-{}", language.code())).await {
        Some(json) => texts::fill_table(language, json),
        None => false,
    }
}

/// Tells page and host which language is spoken.
pub fn set_document_language(language: Language) {
    if let Some(root) = browser::root() {
        let _ = root.set_attribute("lang", language.code());
    }
    browser::set_cookie(&language.cookie(&at("/"), browser::is_https()));
}

/// A text that follows the language: `{t(common::SAVE)}`.
pub fn t(text: Text) -> impl Fn() -> &'static str + Copy + Send + Sync + 'static {
    move || text.get(language())
}

/// A text with its values, in the language of the screen: `{move || fill(common::OF, &[…])}`.
pub fn fill(text: Text, values: &[(&str, &dyn Display)]) -> String {
    text.fill(language(), values)
}

/// The same for event handlers, which nothing draws again.
pub fn fill_now(text: Text, values: &[(&str, &dyn Display)]) -> String {
    text.fill(language_now(), values)
}

/// Words on the screen: a text, or made from values.
#[derive(Clone, Copy, Debug)]
pub enum Words {
    /// A text in every language.
    Text(Text),
    /// Made from values; follows them.
    Made(Signal<String>),
}

impl Words {
    /// The words in the language of the screen; drawn again when they change.
    pub fn get(self) -> String {
        match self {
            Self::Text(text) => text.get(language()).to_owned(),
            Self::Made(signal) => signal.get(),
        }
    }

    /// Words made from values: `Words::new(move || fill(…))`.
    pub fn new(make: impl Fn() -> String + Send + Sync + 'static) -> Self {
        Self::Made(Signal::derive(make))
    }
}

impl From<Text> for Words {
    fn from(text: Text) -> Self {
        Self::Text(text)
    }
}

impl From<Signal<String>> for Words {
    fn from(signal: Signal<String>) -> Self {
        Self::Made(signal)
    }
}

impl From<String> for Words {
    fn from(text: String) -> Self {
        Self::Made(Signal::stored(text))
    }
}

impl From<&str> for Words {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}
