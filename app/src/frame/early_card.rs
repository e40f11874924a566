//! What the host puts into the page before the client is there, and how it goes. What was typed into the
//! card of the sign-in page (`server/src/http/sign_in_page.rs`) stays, with the focus, and a form that
//! was sent is sent. The sentence of a project (`server/src/http/first_screen.rs`) stands above the page
//! until that has its own.
//!
//! Invariant: knows what is there by the document, and no signal of the page's.

use leptos::prelude::{document, request_animation_frame};
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, Event, HtmlElement, HtmlFormElement, HtmlInputElement};

/// The host's card, and the page of the client.
const EARLY: &str = "#early";
const PAGE: &str = "#content";

/// What it waits for, as a selector.
const UNTIL: &str = "data-until";
/// A page that is something else by then does not come to it any more.
const MOST_MS: f64 = 10_000.0;

/// Removes what came with the page: at once, or in the frame in which what it waits for is there.
pub fn leave(before: HtmlElement) {
    match before.get_attribute(UNTIL) {
        Some(until) => leave_for(before, until, js_sys::Date::now()),
        None => before.remove(),
    }
}

fn leave_for(before: HtmlElement, until: String, since: f64) {
    request_animation_frame(move || {
        if find("", &until).is_some() || js_sys::Date::now() - since > MOST_MS {
            before.remove();
        } else {
            leave_for(before, until, since);
        }
    });
}

/// Hands over to the client's card, which is there beside the host's; nothing where there is none.
pub fn hand_over() {
    if let Some(early) = find(EARLY, "") {
        // Out of the way of the client's, which else would be below it, and scrolled to.
        let _ = early.set_attribute("style", "position:fixed");
    }
    for name in ["email", "password"] {
        let field = format!("[name={name}]");
        if let (Some(early), Some(field)) = (find(EARLY, &field), find(PAGE, &field)) {
            take_over(&early.unchecked_into(), &field.unchecked_into());
        }
    }
    if find(EARLY, "[data-sent]").is_some()
        && let Some(form) = find(PAGE, "form")
    {
        let _ = form.unchecked_into::<HtmlFormElement>().request_submit();
    }
}

fn find(within: &str, what: &str) -> Option<Element> {
    let selector = [within, what].join(" ");
    document().query_selector(&selector).ok().flatten()
}

fn take_over(early: &HtmlInputElement, field: &HtmlInputElement) {
    field.set_value(&early.value());
    if let Ok(typed) = Event::new("input") {
        let _ = field.dispatch_event(&typed);
    }
    let element: &Element = early;
    if document().active_element().as_ref() == Some(element) {
        let _ = field.focus();
        // Fields of addresses tell of no caret; there it is behind the last letter.
        if let (Ok(Some(start)), Ok(Some(end))) = (early.selection_start(), early.selection_end()) {
            let field = field.clone();
            // Once the page has written what it was told into the field, which moves the caret.
            request_animation_frame(move || {
                let _ = field.set_selection_range(start, end);
            });
        }
    }
}
