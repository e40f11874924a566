//! Listens to the keys of the whole page: opens the palette and the list of shortcuts, and does
//! what a single key does.
//!
//! Invariant: what is opened by a key is what a press on its button opens.

use leptos::ev::{self, KeyboardEvent};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, HtmlDialogElement, HtmlElement};
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::chosen_project::chosen;
use super::key_presses::{Held, Keys, Press, Shortcut};
use super::palette;
use super::project_pages::{address, shown_project};
use super::shortcut_list;
use crate::ui::browser;
use crate::ui::part::{there_once_open, there_unseen};

/// Where the browser keeps whether single keys are shortcuts.
const MEMORY: &str = "parallax.shortcuts";
const OFF: &str = "off";
/// Where keys are typed.
const FIELDS: &str =
    "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]";
/// What has the keys for itself while it is open.
const WINDOWS: &str = ":modal, :popover-open";
/// The button that starts a run, where it can be pressed.
pub(super) const RUN: &str = ".head-run button:not(:disabled)";

/// Whether single keys are shortcuts.
pub(super) fn are_on() -> bool {
    browser::stored(MEMORY).as_deref() != Some(OFF)
}

/// Makes single keys shortcuts, or plain keys.
pub(super) fn switch(is_on: bool) {
    browser::store(MEMORY, if is_on { "" } else { OFF });
}

/// The first element that can be seen among those of a selector.
pub(super) fn seen(selector: &str) -> Option<HtmlElement> {
    let all = document().query_selector_all(selector).ok()?;
    (0..all.length())
        .filter_map(|place| all.get(place)?.dyn_into::<HtmlElement>().ok())
        .find(|element| element.get_bounding_client_rect().width() > 0.0)
}

/// Presses a button that can be seen.
pub(super) fn press(selector: &str) {
    if let Some(button) = seen(selector) {
        button.click();
    }
}

/// The listener, and the two windows that it opens.
#[component]
pub(super) fn Shortcuts() -> impl IntoView {
    let is_finding = RwSignal::new(false);
    let list = RwSignal::new(false);
    let keys = StoredValue::new(Keys::default());
    let shown = shown_project();
    let navigate = use_navigate();
    let go = move |to: &str| navigate(to, NavigateOptions::default());
    let act = move |shortcut| match shortcut {
        Shortcut::Palette => {
            let window = browser::element(palette::WINDOW);
            match window.and_then(|window| window.dyn_into::<HtmlDialogElement>().ok()) {
                Some(window) => window.close(),
                None => is_finding.set(true),
            }
        }
        Shortcut::List => list.set(true),
        Shortcut::Search => {
            if let Some(field) = seen("#content input[type=search]") {
                let _ = field.focus();
            }
        }
        Shortcut::Page(tab) => {
            let shown = shown.get_untracked();
            let open = shown.as_ref().map(|(id, _)| *id);
            if let Some(project) = open.or_else(|| Some(untrack(chosen)?.id)) {
                go(&address(shown.as_ref(), project, tab));
            }
        }
        Shortcut::Home => go("/"),
        Shortcut::Notices => go("/notices"),
        Shortcut::Period => press("#period-button, #filters-button"),
        Shortcut::Fold => press(".side-fold"),
        Shortcut::Run => press(RUN),
    };
    let listener = window_event_listener(ev::keydown, move |event| {
        if let Some(shortcut) = shortcut_of(&event, keys) {
            event.prevent_default();
            act(shortcut);
        }
    });
    on_cleanup(move || listener.remove());
    view! {
        {move || {
            is_finding.get().then(|| there_unseen(palette::palette_window, (is_finding, list)))
        }}
        {there_once_open(list.into(), shortcut_list::shortcut_list, list)}
    }
}

fn shortcut_of(event: &KeyboardEvent, keys: StoredValue<Keys>) -> Option<Shortcut> {
    // What browsers fill in by themselves comes as a press without a key.
    if !event.has_type::<KeyboardEvent>() {
        return None;
    }
    let key = event.key();
    let press = Press {
        key: &key,
        held: Held::of(
            event.ctrl_key() || event.meta_key(),
            event.alt_key(),
            event.shift_key(),
        ),
        is_taken: is_taken(event),
    };
    let mut next = keys.try_get_value()?;
    let shortcut = next.press(press, event.time_stamp(), are_on());
    keys.set_value(next);
    shortcut
}

/// Whether a press is for something else than the page.
fn is_taken(event: &KeyboardEvent) -> bool {
    let target = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok());
    let is_typed =
        target.is_some_and(|target| target.closest(FIELDS).is_ok_and(|field| field.is_some()));
    is_typed
        || event.default_prevented()
        || event.repeat()
        || document()
            .query_selector(WINDOWS)
            .is_ok_and(|window| window.is_some())
}
