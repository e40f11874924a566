//! What is not saved yet: the bar that says so, and what keeps it from being lost.

use leptos::prelude::*;

use super::button::{Button, SubmitButton};
use super::locale::{fill, t};
use super::submission::Submission;
use crate::texts::{common, kit};

/// Asks before the window closes while something differs from what is stored.
pub fn guard(dirty: Signal<bool>) {
    let listener = window_event_listener(leptos::ev::beforeunload, move |event| {
        if dirty.try_get_untracked() == Some(true) {
            event.prevent_default();
        }
    });
    on_cleanup(move || listener.remove());
}

/// Whether anything on the page is guarded at this moment: it is asked as if the window closed.
pub fn is_any() -> bool {
    let Ok(event) = document().create_event("Event") else {
        return false;
    };
    event.init_event_with_bubbles_and_cancelable("beforeunload", false, true);
    matches!(window().dispatch_event(&event), Ok(false))
}

/// Save and discard, at the bottom of the screen while there is something to save. Inside the
/// form that it saves. Closing the window asks first.
#[component]
pub fn UnsavedBar(
    /// Whether something differs from what is stored.
    #[prop(into)]
    dirty: Signal<bool>,
    /// The form.
    form: Submission,
    /// Goes back to what is stored.
    #[prop(into)]
    on_discard: Callback<()>,
    /// How many things differ, where that can be told.
    #[prop(optional, into)]
    changes: Option<Signal<usize>>,
) -> impl IntoView {
    let words = move || match changes.map(|changes| changes.get()) {
        None | Some(0) => fill(common::UNSAVED, &[]),
        Some(1) => fill(kit::CHANGE, &[]),
        Some(count) => fill(kit::CHANGES, &[("n", &count)]),
    };
    guard(dirty);
    view! {
        <Show when=move || dirty.get()>
            <div class="unsaved" role="region" aria-label=t(common::UNSAVED)>
                <p aria-live="polite">{words}</p>
                <Button
                    label=common::DISCARD
                    on_press=on_discard
                    disabled=Signal::derive(move || form.is_pending())
                />
                <SubmitButton label=common::SAVE_CHANGES form />
            </div>
        </Show>
    }
}
