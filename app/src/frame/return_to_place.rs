//! Brings back where on a page somebody was, when Back, Forward or a reload leads there again: the
//! browser itself tries before there is a page to scroll.

use std::cell::{Cell, RefCell};

use leptos::prelude::*;
use leptos::wasm_bindgen::JsValue;
use leptos::web_sys::ScrollRestoration;

use super::places::{Place, Places};
use crate::address::at;
use crate::ui::browser;

const STORED_AS: &str = "parallax.places";
/// For as long the place is held, because a page that is put together moves it: its heading takes
/// the focus.
const HELD_MS: f64 = 300.0;
/// A page that is not as long as it was by then has become shorter.
const MOST_MS: f64 = 10_000.0;
/// Who does one of these wants to be where that leads.
const ACTS: [&str; 4] = ["wheel", "touchstart", "pointerdown", "keydown"];

thread_local! {
    static PLACES: RefCell<Places> = RefCell::default();
    /// The return that is under way, by its number; 0: none.
    static UNDER_WAY: Cell<u32> = const { Cell::new(0) };
    static LAST: Cell<u32> = const { Cell::new(0) };
}

/// The entry of the history that is shown: by its key, where the browser has one, else by its
/// address.
fn entry() -> String {
    let of = |value: &JsValue, name: &str| js_sys::Reflect::get(value, &JsValue::from_str(name));
    let key = of(&window(), "navigation")
        .and_then(|navigation| of(&navigation, "currentEntry"))
        .and_then(|entry| of(&entry, "key"));
    key.ok()
        .and_then(|key| key.as_string())
        .unwrap_or_else(|| window().location().href().unwrap_or_default())
}

fn place() -> Place {
    PLACES.with_borrow(|places| places.of(&entry()))
}

/// Follows where pages are scrolled to, for as long as the window lives.
pub(super) fn follow() {
    if let Ok(history) = window().history() {
        let _ = history.set_scroll_restoration(ScrollRestoration::Manual);
    }
    let stored = browser::stored_for_window(STORED_AS).unwrap_or_default();
    PLACES.set(Places::read(&stored));
    window_event_listener_untyped("scroll", |_| note_scroll());
    window_event_listener_untyped("popstate", |_| go_back());
    window_event_listener_untyped("pagehide", |_| {
        let text = PLACES.with_borrow(Places::to_text);
        browser::store_for_window(STORED_AS, &text);
    });
    for act in ACTS {
        window_event_listener_untyped(act, |_| UNDER_WAY.set(0));
    }
    if place().scroll > 0.0 {
        go_back();
    }
}

fn note_scroll() {
    if UNDER_WAY.get() == 0
        && let Ok(scroll) = window().scroll_y()
    {
        PLACES.with_borrow_mut(|places| places.note_scroll(&entry(), scroll));
    }
}

fn go_back() {
    let number = LAST.get().wrapping_add(1).max(1);
    LAST.set(number);
    UNDER_WAY.set(number);
    step(number, place().scroll, js_sys::Date::now());
}

/// Scrolls in each frame until the page is as long as it was, and holds its place for a moment.
fn step(number: u32, wanted: f64, begun: f64) {
    request_animation_frame(move || {
        if UNDER_WAY.get() != number {
            return;
        }
        window().scroll_to_with_x_and_y(0.0, wanted);
        let is_there = window()
            .scroll_y()
            .is_ok_and(|scroll| (scroll - wanted).abs() < 2.0);
        let taken = js_sys::Date::now() - begun;
        if taken > MOST_MS || (is_there && taken > HELD_MS) {
            UNDER_WAY.set(0);
        } else {
            step(number, wanted, begun);
        }
    });
}

/// Goes to another entry of the same page: its place goes along, and its rows where the list is the
/// same.
pub(super) fn carry(with_rows: bool, go: impl FnOnce()) {
    let rows = if with_rows { place().rows } else { 0 };
    let scroll = window().scroll_y().unwrap_or_default();
    go();
    let entry = entry();
    PLACES.with_borrow_mut(|places| {
        places.note_scroll(&entry, scroll);
        places.note_rows(&entry, rows);
    });
}

/// How many rows of the page at a path were paged through when it was left; `None` where it was
/// not paged through, and while the browser is still on its way there from another one.
pub fn rows(path: &str) -> Option<u32> {
    let pathname = window().location().pathname();
    let is_there = pathname.is_ok_and(|pathname| pathname == at(path));
    Some(place().rows).filter(|rows| is_there && *rows > 0)
}

/// Takes note of how many rows of the page that is shown are paged through.
pub fn keep_rows(rows: u32) {
    PLACES.with_borrow_mut(|places| places.note_rows(&entry(), rows));
}
