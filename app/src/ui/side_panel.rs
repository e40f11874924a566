//! A panel at the side of the page, for one thing of a list. Beside a wide page it leaves the list
//! usable; on a narrower one it is a window above it. Focus and what comes back of it are the
//! native dialog's.

use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;
use leptos::web_sys::{Element, HtmlDialogElement};

use super::browser;
use super::icon::{Glyph, Icon};
use super::locale::{Words, fill, t};
use crate::texts::{common, kit};

/// From this width on the page has room beside the panel. The same stands in side-panel.css.
const HAS_ROOM: &str = "(width >= 85rem)";

/// Where the thing stands in its list, and the way to its neighbours.
#[derive(Clone, Copy, Debug)]
pub struct Neighbours {
    /// Which of the list, counted from 1, and how many there are.
    pub place: Signal<Option<(u64, u64)>>,
    /// Shows the one before.
    pub previous: Callback<()>,
    /// Shows the next one.
    pub next: Callback<()>,
}

impl Neighbours {
    fn go(self, to_the_next: bool) {
        let Some((number, total)) = self.place.get_untracked() else {
            return;
        };
        if to_the_next && number < total {
            self.next.run(());
        } else if !to_the_next && number > 1 {
            self.previous.run(());
        }
    }
}

/// A panel at the side of the page. Its content is made when it opens and gone when it closes.
#[component]
pub fn SidePanel(
    /// Whether it is open; an address says so.
    #[prop(into)]
    open: Signal<bool>,
    /// What it is about.
    #[prop(into)]
    title: Words,
    /// Called when it is to be closed.
    #[prop(into)]
    on_close: Callback<()>,
    /// Its place in a list, where it is of one.
    #[prop(optional)]
    neighbours: Option<Neighbours>,
    /// Buttons of its head.
    #[prop(optional, into)]
    actions: Option<ViewFn>,
    /// What it holds.
    children: ChildrenFn,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    let title_id = browser::unique_id("panel");
    let labelled_by = title_id.clone();
    Effect::new(move |_| {
        let wanted = open.get();
        if let Some(dialog) = dialog.get() {
            follow(&dialog, wanted);
        }
    });
    let children = StoredValue::new(children);
    let actions = StoredValue::new(actions);
    let closed = move |_| {
        // It is told late: it may have been opened again by then.
        let is_closed = dialog.get_untracked().is_some_and(|dialog| !dialog.open());
        if is_closed && open.get_untracked() {
            on_close.run(());
        }
    };
    view! {
        <dialog
            node_ref=dialog
            class="side-panel"
            aria-labelledby=labelled_by
            on:close=closed
            on:keydown=move |event| key_pressed(&event, neighbours, on_close)
            // The scrim belongs to the dialog: a click on it has the dialog as its target.
            on:mousedown=move |event| {
                let dialog = dialog.get_untracked();
                let is_scrim = dialog
                    .is_some_and(|dialog| {
                        event.target().is_some_and(|target| target == *dialog.as_ref())
                    });
                if is_scrim {
                    on_close.run(());
                }
            }
        >
            <Show when=move || open.get()>
                <div class="panel-frame">
                    <header class="panel-head">
                        {neighbours.map(steps)}
                        <h2 id=title_id.clone()>{move || title.get()}</h2>
                        {actions
                            .with_value(|actions| {
                                actions
                                    .as_ref()
                                    .map(|actions| {
                                        view! { <div class="panel-actions">{actions.run()}</div> }
                                    })
                            })}
                        <button
                            type="button"
                            class="icon-button"
                            aria-label=t(common::CLOSE)
                            on:click=move |_| on_close.run(())
                        >
                            <Icon glyph=Glyph::Close />
                        </button>
                    </header>
                    <div class="panel-body">{children.with_value(|children| children())}</div>
                </div>
            </Show>
        </dialog>
    }
}

/// Opens or closes the native dialog, as a window where the page has no room beside it.
fn follow(dialog: &HtmlDialogElement, is_wanted: bool) {
    match (is_wanted, dialog.open()) {
        (true, false) if has_room() => dialog.show(),
        (true, false) => {
            let _ = dialog.show_modal();
        }
        (false, true) => dialog.close(),
        _ => {}
    }
}

fn has_room() -> bool {
    let query = window().match_media(HAS_ROOM).ok().flatten();
    query.is_some_and(|query| query.matches())
}

/// Escape closes; J and K step through the list, unless something is being typed.
fn key_pressed(event: &KeyboardEvent, neighbours: Option<Neighbours>, on_close: Callback<()>) {
    // What is open above the panel has the keys.
    let above = document().query_selector(":popover-open, .dialog[open]");
    if event.default_prevented() || above.is_ok_and(|above| above.is_some()) {
        return;
    }
    let key = event.key();
    if key == "Escape" {
        // Beside the page the native dialog does not know the key. In a window it would close
        // before the address says so.
        event.prevent_default();
        on_close.run(());
        return;
    }
    let target = event_target::<Element>(event);
    let is_typing = target
        .closest("input, textarea, select")
        .ok()
        .flatten()
        .is_some();
    if is_typing || event.ctrl_key() || event.meta_key() || event.alt_key() {
        return;
    }
    let Some(neighbours) = neighbours else {
        return;
    };
    match key.as_str() {
        "j" => neighbours.go(true),
        "k" => neighbours.go(false),
        _ => {}
    }
}

/// The way to the neighbours, with the place between them.
fn steps(neighbours: Neighbours) -> AnyView {
    let place = neighbours.place;
    let words = move || {
        let (number, total) = place.get()?;
        Some(fill(kit::PLACE, &[("number", &number), ("total", &total)]))
    };
    let is_first = move || place.get().is_none_or(|(number, _)| number <= 1);
    let is_last = move || place.get().is_none_or(|(number, total)| number >= total);
    view! {
        <div class="panel-steps">
            // Not disabled: a disabled button would lose the focus.
            <button
                type="button"
                class="icon-button"
                aria-label=t(kit::PREVIOUS)
                aria-disabled=move || is_first().then_some("true")
                on:click=move |_| neighbours.go(false)
            >
                <Icon glyph=Glyph::ChevronRight />
            </button>
            <button
                type="button"
                class="icon-button"
                aria-label=t(kit::NEXT)
                aria-disabled=move || is_last().then_some("true")
                on:click=move |_| neighbours.go(true)
            >
                <Icon glyph=Glyph::ChevronRight />
            </button>
            <p aria-live="polite">{words}</p>
        </div>
    }
    .into_any()
}
