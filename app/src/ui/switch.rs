//! Switches and boxes to tick.

use leptos::prelude::*;

use super::browser;
use super::locale::Words;

/// A box to tick.
#[component]
pub fn Checkbox(
    /// What it means.
    #[prop(into)]
    label: Words,
    /// Whether it is ticked.
    value: RwSignal<bool>,
    /// One sentence that helps.
    #[prop(optional, into)]
    hint: Option<Words>,
) -> impl IntoView {
    let id = browser::unique_id("check");
    let hint_id = format!("{id}-hint");
    view! {
        <div class="check">
            <input
                type="checkbox"
                id=id.clone()
                aria-describedby=hint.map(|_| hint_id.clone())
                prop:checked=value
                on:change=move |event| value.set(event_target_checked(&event))
            />
            <label for=id>{move || label.get()}</label>
            {hint
                .map(|hint| {
                    view! {
                        <p class="field-hint" id=hint_id>
                            {move || hint.get()}
                        </p>
                    }
                })}
        </div>
    }
}

/// Something that is on or off, at once.
#[component]
pub fn Switch(
    /// What it means.
    #[prop(into)]
    label: Words,
    /// Whether it is on.
    #[prop(into)]
    on: Signal<bool>,
    /// Called with what the user wants.
    #[prop(into)]
    on_change: Callback<bool>,
    /// Leaves the label to screen readers.
    #[prop(optional)]
    hide_label: bool,
    /// Whether it cannot be changed now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
) -> impl IntoView {
    view! {
        <label class="switch">
            <input
                type="checkbox"
                role="switch"
                prop:checked=on
                disabled=disabled
                on:change=move |event| on_change.run(event_target_checked(&event))
            />
            <span class:visually-hidden=hide_label>{move || label.get()}</span>
        </label>
    }
}
