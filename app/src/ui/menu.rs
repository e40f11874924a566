//! A button that opens a small panel, on the native popover: Escape and a press elsewhere
//! close it without a line of ours.

use leptos::html;
use leptos::prelude::*;
use leptos::web_sys::HtmlElement;

use super::browser;
use super::locale::Words;

/// A button and the panel that it opens below itself, flush with the button's right or left
/// edge, whichever fits.
#[component]
pub fn Menu(
    /// The button's name, where what it shows is not its name.
    #[prop(optional, into)]
    label: Option<Words>,
    /// What the button shows.
    #[prop(into)]
    trigger: ViewFn,
    /// The button's class.
    #[prop(default = "icon-button")]
    class: &'static str,
    /// What the panel holds, made when it opens for the first time. A press on a link, or on
    /// something with `data-close`, closes it.
    children: ChildrenFn,
) -> impl IntoView {
    let id = browser::unique_id("menu");
    let button = NodeRef::<html::Button>::new();
    let panel = NodeRef::<html::Div>::new();
    let was_opened = RwSignal::new(false);
    let children = StoredValue::new(children);
    let open = move || {
        was_opened.set(true);
        if let (Some(button), Some(panel)) = (button.get_untracked(), panel.get_untracked()) {
            place_below(&button, &panel);
        }
    };
    view! {
        <button
            node_ref=button
            type="button"
            class=class
            aria-label=move || label.map(Words::get)
            popovertarget=id.clone()
            on:click=move |_| open()
        >
            {trigger.run()}
        </button>
        <div
            node_ref=panel
            id=id
            class="menu"
            popover="auto"
            on:click=move |event| {
                let pressed = event_target::<leptos::web_sys::Element>(&event);
                if pressed.closest("[data-close], a").ok().flatten().is_some()
                    && let Some(panel) = panel.get_untracked()
                {
                    let _ = panel.hide_popover();
                }
            }
        >
            <Show when=move || was_opened.get()>{children.with_value(|children| children())}</Show>
        </div>
    }
}

/// Puts a popover under a button: below it, or above where there is more room.
pub(super) fn place_below(button: &HtmlElement, panel: &HtmlElement) {
    let rect = button.get_bounding_client_rect();
    let size = |value: Result<leptos::wasm_bindgen::JsValue, _>| {
        value
            .ok()
            .and_then(|value| value.as_f64())
            .unwrap_or_default()
    };
    let (width, height) = (size(window().inner_width()), size(window().inner_height()));
    let style = leptos::web_sys::HtmlElement::style(panel);
    let set = |name: &str, value: String| {
        let _ = style.set_property(name, &value);
    };
    if rect.left() + rect.width() / 2.0 > width / 2.0 {
        set("right", format!("{}px", width - rect.right()));
        set("left", "auto".to_owned());
    } else {
        set("left", format!("{}px", rect.left()));
        set("right", "auto".to_owned());
    }
    if rect.top() > height * 0.66 {
        set("bottom", format!("{}px", height - rect.top() + 6.0));
        set("top", "auto".to_owned());
    } else {
        set("top", format!("{}px", rect.bottom() + 6.0));
        set("bottom", "auto".to_owned());
    }
}
