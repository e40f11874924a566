//! Short messages that come and go at the edge of the screen.

use std::cell::RefCell;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use leptos::ev::FocusEvent;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::HtmlElement;

use super::browser;
use super::icon::{Glyph, Icon};
use super::locale::{language_now, t};
use super::remote;
use crate::api::error::ApiError;
use crate::texts::{Text, common, kit};

const SHOWN_FOR: Duration = Duration::from_secs(4);
/// Long enough to think about it.
const UNDO_FOR: Duration = Duration::from_secs(8);

/// Takes back what was done. Not a callback: the page that did it may be gone by then.
type Undo = Arc<dyn Fn() + Send + Sync>;

#[derive(Clone)]
struct Toast {
    id: usize,
    message: String,
    is_error: bool,
    undo: Option<Undo>,
}

static TOASTS: LazyLock<ArcRwSignal<Vec<Toast>>> = LazyLock::new(|| ArcRwSignal::new(Vec::new()));

thread_local! {
    /// What had the focus before a message.
    static BEFORE: RefCell<Option<HtmlElement>> = const { RefCell::new(None) };
}

fn show(message: String, is_error: bool, undo: Option<Undo>) {
    static NEXT: AtomicUsize = AtomicUsize::new(1);
    let id = NEXT.fetch_add(1, Ordering::Relaxed);
    let shown_for = if undo.is_some() { UNDO_FOR } else { SHOWN_FOR };
    TOASTS.update(|toasts| {
        toasts.push(Toast {
            id,
            message,
            is_error,
            undo,
        });
    });
    // An error stays until it is read.
    if !is_error {
        expire(id, shown_for);
    }
}

/// Takes a message away, unless somebody has the pointer or the focus on it: then later.
fn expire(id: usize, shown_for: Duration) {
    let held = format!("#{}:is(:hover, :focus-within)", element_id(id));
    let end = move || {
        if document()
            .query_selector(&held)
            .is_ok_and(|held| held.is_some())
        {
            expire(id, shown_for);
        } else {
            dismiss(id);
        }
    };
    set_timeout(end, shown_for);
}

fn element_id(id: usize) -> String {
    format!("toast-{id}")
}

fn dismiss(id: usize) {
    TOASTS.update(|toasts| toasts.retain(|toast| toast.id != id));
}

/// Somebody goes from the page to a message, or on within the messages.
fn note_focus(event: &FocusEvent) {
    let before = event
        .related_target()
        .and_then(|before| before.dyn_into::<HtmlElement>().ok());
    if let Some(before) = before
        && before
            .closest(".toasts")
            .is_ok_and(|toasts| toasts.is_none())
    {
        BEFORE.set(Some(before));
    }
}

/// Takes a message away whose button was pressed: the focus goes back to where it came from.
fn dismiss_pressed(id: usize) {
    dismiss(id);
    let before = BEFORE.take();
    request_animation_frame(move || {
        if let Some(before) = before
            && browser::is_focus_nowhere()
        {
            let _ = before.focus();
        }
    });
}

/// Says that something worked.
pub fn success(text: Text) {
    show(text.get(language_now()).to_owned(), false, None);
}

/// Says something with values in it.
pub fn message(message: String) {
    show(message, false, None);
}

/// Says something that is needed until it is read.
pub fn lasting(message: String) {
    show(message, true, None);
}

/// Says what was done, with a button that takes it back.
pub fn undo(message: String, undo: impl Fn() + Send + Sync + 'static) {
    show(message, false, Some(Arc::new(undo)));
}

/// Says what went wrong where no field or page can say it.
pub fn error(error: &ApiError) {
    remote::note(error);
    show(remote::explain(error), true, None);
}

/// Where the messages appear; once a page.
#[component]
pub fn Toasts() -> impl IntoView {
    view! {
        <div
            class="toasts"
            role="status"
            aria-live="polite"
            on:focusin=move |event| note_focus(&event)
        >
            <For each=move || TOASTS.get() key=|toast| toast.id let:toast>
                <div class="toast" class:is-error=toast.is_error id=element_id(toast.id)>
                    <Icon glyph=if toast.is_error { Glyph::Warning } else { Glyph::Check } />
                    <p>{toast.message.clone()}</p>
                    {toast.undo.clone().map(|undo| undo_button(toast.id, undo))}
                    <button
                        type="button"
                        class="icon-button"
                        aria-label=t(common::DISMISS)
                        on:click=move |_| dismiss_pressed(toast.id)
                    >
                        <Icon glyph=Glyph::Close />
                    </button>
                </div>
            </For>
        </div>
    }
}

fn undo_button(id: usize, undo: Undo) -> AnyView {
    let press = move |_| {
        dismiss_pressed(id);
        undo();
    };
    view! {
        <button type="button" class="toast-undo" on:click=press>
            {t(kit::UNDO)}
        </button>
    }
    .into_any()
}
