//! Light, dark, or as the system has it.

use std::sync::LazyLock;

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::wasm_bindgen::closure::Closure;

use super::browser;

const STORAGE_KEY: &str = "parallax.theme";
const DARK: &str = "(prefers-color-scheme: dark)";

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

/// The chosen theme; what reads it here is drawn again when it changes.
pub fn theme() -> Theme {
    THEME.get()
}

/// Chooses a theme.
pub fn set_theme(theme: Theme) {
    browser::store(STORAGE_KEY, theme.word());
    show(theme);
}

fn show(theme: Theme) {
    THEME.set(theme);
    apply();
}

/// Prints in light colours from now on, whatever the screen has: what is drawn cannot follow the
/// style of print by itself.
pub fn print_in_light() {
    static BEFORE: LazyLock<ArcRwSignal<Option<Theme>>> = LazyLock::new(|| ArcRwSignal::new(None));
    window_event_listener_untyped("beforeprint", |_| {
        // Some browsers say it twice.
        if BEFORE.get_untracked().is_none() {
            BEFORE.set(Some(THEME.get_untracked()));
        }
        show(Theme::Light);
    });
    window_event_listener_untyped("afterprint", |_| {
        if let Some(theme) = BEFORE.get_untracked() {
            BEFORE.set(None);
            show(theme);
        }
    });
}

/// Follows the system from now on: where it turns dark, what depends on colours is drawn again.
pub fn follow_system() {
    let Ok(Some(query)) = window().match_media(DARK) else {
        return;
    };
    let changed = Closure::<dyn Fn()>::new(|| THEME.notify());
    query.set_onchange(Some(changed.as_ref().unchecked_ref()));
    // Both have to live as long as the page.
    changed.forget();
    std::mem::forget(query);
}

/// Puts the chosen theme on the page.
pub fn apply() {
    if let Some(root) = browser::root() {
        let _ = root.set_attribute("data-theme", THEME.get_untracked().word());
    }
}

/// Whether the page is dark, whoever decided it; charts that read it here are drawn again
/// when it changes.
pub fn is_dark() -> bool {
    match theme() {
        Theme::Light => false,
        Theme::Dark => true,
        Theme::System => window()
            .match_media(DARK)
            .ok()
            .flatten()
            .is_some_and(|query| query.matches()),
    }
}
