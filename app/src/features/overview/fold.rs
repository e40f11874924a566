//! A part of the overview that is folded away; whether it is open is remembered.

use leptos::html;
use leptos::prelude::*;

use crate::texts::Text;
use crate::ui::{browser, t};

const OPEN: &str = "open";

/// What is folded away, made when it is open.
#[component]
pub(super) fn Fold(
    /// Where the browser keeps whether it is open.
    kept_as: &'static str,
    /// What it is called.
    title: Text,
    /// What it holds.
    children: ChildrenFn,
) -> impl IntoView {
    let was_open = browser::stored(kept_as).as_deref() == Some(OPEN);
    let details = NodeRef::<html::Details>::new();
    let is_open = RwSignal::new(was_open);
    let toggled = move |_| {
        let element = details.get_untracked();
        let now = element.is_some_and(|element| element.has_attribute("open"));
        is_open.set(now);
        browser::store(kept_as, if now { OPEN } else { "" });
    };
    let children = StoredValue::new(children);
    view! {
        <details class="fold" node_ref=details open=was_open on:toggle=toggled>
            <summary>{t(title)}</summary>
            <Show when=move || is_open.get()>{children.with_value(|children| children())}</Show>
        </details>
    }
}
