//! Windows above the page, on the native `<dialog>`: focus, Escape and the inert page below
//! come from the browser.

use leptos::html;
use leptos::prelude::*;

use super::browser;
use super::button::{Button, Look};
use super::icon::{Glyph, Icon};
use super::locale::{Words, t};
use crate::texts::common;

/// A window above the page. Its content is made when it opens and gone when it closes.
#[component]
pub fn Dialog(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// What it is about.
    #[prop(into)]
    title: Words,
    /// What it holds.
    children: ChildrenFn,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    let title_id = browser::unique_id("dialog");
    let labelled_by = title_id.clone();
    Effect::new(move |_| {
        let wanted = open.get();
        if let Some(dialog) = dialog.get() {
            match (wanted, dialog.open()) {
                (true, false) => {
                    let _ = dialog.show_modal();
                }
                (false, true) => dialog.close(),
                _ => {}
            }
        }
    });
    let children = StoredValue::new(children);
    view! {
        <dialog
            node_ref=dialog
            class="dialog"
            aria-labelledby=labelled_by
            // It is told late: it may have been opened again by then.
            on:close=move |_| {
                if dialog.get_untracked().is_some_and(|dialog| !dialog.open()) {
                    open.set(false);
                }
            }
            // The backdrop belongs to the dialog: a press on it has the dialog as its target.
            on:mousedown=move |event| {
                let dialog = dialog.get_untracked();
                let is_backdrop = dialog
                    .is_some_and(|dialog| {
                        event.target().is_some_and(|target| target == *dialog.as_ref())
                    });
                if is_backdrop {
                    open.set(false);
                }
            }
        >
            <Show when=move || open.get()>
                <div class="dialog-frame">
                    <header class="dialog-head">
                        <h2 id=title_id.clone()>{move || title.get()}</h2>
                        <button
                            type="button"
                            class="icon-button"
                            aria-label=t(common::CLOSE)
                            on:click=move |_| open.set(false)
                        >
                            <Icon glyph=Glyph::Close />
                        </button>
                    </header>
                    <div class="dialog-body">{children.with_value(|children| children())}</div>
                </div>
            </Show>
        </dialog>
    }
}

/// Asks before something is destroyed.
#[component]
pub fn ConfirmDialog(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// The question.
    #[prop(into)]
    title: Words,
    /// What will be lost.
    #[prop(into)]
    message: Words,
    /// What the button that does it says.
    #[prop(into)]
    confirm: Words,
    /// What the button that leaves all as it is says, where "Cancel" would be taken for the other.
    #[prop(optional, into)]
    keep: Option<Words>,
    /// Does it. The dialog closes first.
    #[prop(into)]
    on_confirm: Callback<()>,
) -> impl IntoView {
    let keep = keep.unwrap_or_else(|| common::CANCEL.into());
    view! {
        <Dialog open title>
            <p>{move || message.get()}</p>
            <footer class="dialog-actions">
                <Button label=keep on_press=move |()| open.set(false) />
                <Button
                    label=confirm
                    look=Look::Danger
                    on_press=move |()| {
                        open.set(false);
                        on_confirm.run(());
                    }
                />
            </footer>
        </Dialog>
    }
}
