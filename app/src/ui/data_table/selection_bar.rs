//! The dark bar over a table while rows are chosen.

use leptos::prelude::*;

use crate::tables::selection::Selection;
use crate::texts::kit;
use crate::ui::icon::{Glyph, Icon};
use crate::ui::locale::{fill, t};

/// How many rows are chosen, and what can be done with them.
#[component]
pub fn SelectionBar(
    /// The chosen rows.
    selection: RwSignal<Selection>,
    /// The buttons.
    children: ChildrenFn,
) -> impl IntoView {
    let children = StoredValue::new(children);
    let count = Memo::new(move |_| selection.with(Selection::len));
    let words = move || fill(kit::SELECTED, &[("n", &count.get())]);
    view! {
        <Show when=move || { count.get() > 0 }>
            <div class="selection-bar" role="region" aria-label=words>
                <p role="status">{words}</p>
                {children.with_value(|children| children())}
                <button
                    type="button"
                    class="icon-button"
                    aria-label=t(kit::CLEAR_SELECTION)
                    on:click=move |_| selection.update(Selection::clear)
                >
                    <Icon glyph=Glyph::Close />
                </button>
            </div>
        </Show>
    }
}
