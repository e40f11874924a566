//! A button that says what is chosen, and the dialog that it opens below itself: a native popover.
//! On a narrow screen the dialog is a sheet at the bottom.

use leptos::html;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, HtmlElement, KeyboardEvent};

use super::icon::{Glyph, Icon};
use super::locale::Words;
use super::menu::place_below;

/// Up to this width of the window, in pixels, the dialog is a sheet.
const NARROW: f64 = 640.0;

/// A button and the dialog that it opens.
#[component]
pub fn Popover(
    /// The button's id.
    #[prop(into)]
    id: String,
    /// What the dialog is for; for screen readers.
    #[prop(into)]
    label: Words,
    /// What the button says.
    #[prop(into)]
    words: Words,
    /// The button's tooltip; none where it is empty.
    #[prop(into)]
    title: Signal<String>,
    /// The button's picture.
    glyph: Glyph,
    /// What the dialog holds, made anew each time it opens. A click on something with
    /// `data-close` closes it.
    children: ChildrenFn,
) -> impl IntoView {
    let panel_id = format!("{id}-panel");
    let button = NodeRef::<html::Button>::new();
    let panel = NodeRef::<html::Div>::new();
    let is_open = RwSignal::new(false);
    let children = StoredValue::new(children);
    let open = move || {
        if let (Some(button), Some(panel)) = (button.get_untracked(), panel.get_untracked()) {
            place(&button, &panel);
        }
    };
    let follow = move || {
        let panel = panel.get_untracked();
        is_open.set(panel.is_some_and(|panel| panel.matches(":popover-open").unwrap_or(false)));
    };
    view! {
        <button
            node_ref=button
            type="button"
            class="button popover-button"
            id=id
            title=move || Some(title.get()).filter(|title| !title.is_empty())
            popovertarget=panel_id.clone()
            aria-haspopup="dialog"
            on:click=move |_| open()
        >
            <Icon glyph />
            <span class="popover-words">{move || words.get()}</span>
            <Icon glyph=Glyph::ChevronDown />
        </button>
        <div
            node_ref=panel
            id=panel_id
            class="menu popover"
            popover="auto"
            role="dialog"
            aria-label=move || label.get()
            on:toggle=move |_| follow()
            on:click=move |event| {
                let clicked = event_target::<Element>(&event);
                if clicked.closest("[data-close]").ok().flatten().is_some()
                    && let Some(panel) = panel.get_untracked()
                {
                    let _ = panel.hide_popover();
                }
            }
        >
            <Show when=move || is_open.get()>{children.with_value(|children| children())}</Show>
        </div>
    }
}

/// Below the button, or as the style has it where the window is narrow.
fn place(button: &HtmlElement, panel: &HtmlElement) {
    let width = window().inner_width().ok();
    let width = width.and_then(|width| width.as_f64()).unwrap_or_default();
    if width > NARROW {
        place_below(button, panel);
        return;
    }
    let style = HtmlElement::style(panel);
    for side in ["left", "right", "top", "bottom"] {
        let _ = style.remove_property(side);
    }
}

/// Arrows, Home and End move the focus among what can be clicked in a list.
pub fn arrow_keys(event: &KeyboardEvent) {
    let list = event
        .current_target()
        .and_then(|list| list.dyn_into::<Element>().ok());
    let Some(found) = list.and_then(|list| list.query_selector_all("[data-row]").ok()) else {
        return;
    };
    let rows: Vec<HtmlElement> = (0..found.length())
        .filter_map(|place| found.item(place)?.dyn_into().ok())
        .collect();
    let focused = document().active_element();
    let now = rows
        .iter()
        .position(|row| focused.as_ref() == Some(row.as_ref()));
    let next = match (event.key().as_str(), now) {
        ("ArrowDown", Some(now)) => now + 1,
        // In a search that is above the list, the other keys are those of its text.
        ("ArrowDown", None) | ("Home", Some(_)) => 0,
        ("ArrowUp", Some(now)) => now.saturating_sub(1),
        ("End", Some(_)) => rows.len().saturating_sub(1),
        _ => return,
    };
    if let Some(row) = rows.get(next) {
        event.prevent_default();
        let _ = row.focus();
    }
}

/// Closes the dialog that is open; the focus goes back to its button.
pub fn close_open() {
    let open = document()
        .query_selector(".menu:popover-open")
        .ok()
        .flatten();
    if let Some(open) = open.and_then(|open| open.dyn_into::<HtmlElement>().ok()) {
        let _ = open.hide_popover();
    }
}
