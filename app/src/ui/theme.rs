//! Light, dark, or as the system has it.

use std::sync::LazyLock;

use leptos::prelude::*;

use super::browser;

const STORAGE_KEY: &str = "parallax.theme";

/// Which colours the user wants.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the system has it.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// Every theme, in the order of menus.
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// The word in the browser's storage and in `data-theme`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|theme| theme.word() == word)
    }
}

static THEME: LazyLock<ArcRwSignal<Theme>> = LazyLock::new(|| {
    let stored = browser::stored(STORAGE_KEY).and_then(|word| Theme::from_word(&word));
    ArcRwSignal::new(stored.unwrap_or_default())
});

/// The chosen theme; charts that read it here are drawn again when it changes.
pub fn theme() -> Theme {
    THEME.get()
}

/// Chooses a theme.
pub fn set_theme(theme: Theme) {
    browser::store(STORAGE_KEY, theme.word());
    THEME.set(theme);
    apply();
}

/// Puts the chosen theme on the page.
pub fn apply() {
    if let Some(root) = browser::root() {
        let _ = root.set_attribute("data-theme", THEME.get_untracked().word());
    }
}

/// Whether the page is dark at this moment, whoever decided it.
pub fn is_dark() -> bool {
    match theme() {
        Theme::Light => false,
        Theme::Dark => true,
        Theme::System => window()
            .match_media("(prefers-color-scheme: dark)")
            .ok()
            .flatten()
            .is_some_and(|query| query.matches()),
    }
}
