//! Short messages that come and go at the edge of the screen.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use leptos::prelude::*;

use super::icon::{Glyph, Icon};
use super::locale::{language_now, t};
use super::remote;
use crate::api::error::ApiError;
use crate::texts::{Text, common};

const SHOWN_FOR: Duration = Duration::from_secs(6);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Toast {
    id: usize,
    message: String,
    is_error: bool,
}

static TOASTS: LazyLock<ArcRwSignal<Vec<Toast>>> = LazyLock::new(|| ArcRwSignal::new(Vec::new()));

fn show(message: String, is_error: bool) {
    static NEXT: AtomicUsize = AtomicUsize::new(1);
    let id = NEXT.fetch_add(1, Ordering::Relaxed);
    TOASTS.update(|toasts| {
        toasts.push(Toast {
            id,
            message,
            is_error,
        });
    });
    // An error stays until it is read.
    if !is_error {
        set_timeout(move || dismiss(id), SHOWN_FOR);
    }
}

fn dismiss(id: usize) {
    TOASTS.update(|toasts| toasts.retain(|toast| toast.id != id));
}

/// Says that something worked.
pub fn success(text: Text) {
    show(text.get(language_now()).to_owned(), false);
}

/// Says something with values in it.
pub fn message(message: String) {
    show(message, false);
}

/// Says what went wrong where no field or page can say it.
pub fn error(error: &ApiError) {
    remote::note(error);
    show(remote::explain(error), true);
}

/// Where the messages appear; once a page.
#[component]
pub fn Toasts() -> impl IntoView {
    view! {
        <div class="toasts" role="status" aria-live="polite">
            <For each=move || TOASTS.get() key=|toast| toast.id let:toast>
                <div class="toast" class:is-error=toast.is_error>
                    <Icon glyph=if toast.is_error { Glyph::Warning } else { Glyph::Check } />
                    <p>{toast.message.clone()}</p>
                    <button
                        type="button"
                        class="icon-button"
                        aria-label=t(common::DISMISS)
                        on:click=move |_| dismiss(toast.id)
                    >
                        <Icon glyph=Glyph::Close />
                    </button>
                </div>
            </For>
        </div>
    }
}
