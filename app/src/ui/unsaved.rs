//! The bar that says that something is not saved yet.

use leptos::prelude::*;

use super::button::{Button, SubmitButton};
use super::locale::t;
use super::submission::Submission;
use crate::texts::common;

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
) -> impl IntoView {
    let guard = window_event_listener(leptos::ev::beforeunload, move |event| {
        if dirty.try_get_untracked() == Some(true) {
            event.prevent_default();
        }
    });
    on_cleanup(move || guard.remove());
    view! {
        <Show when=move || dirty.get()>
            <div class="unsaved" role="region" aria-label=t(common::UNSAVED)>
                <p>{t(common::UNSAVED)}</p>
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
