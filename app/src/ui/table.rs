//! The frame of a table, which scrolls sideways when it must. On a phone a row becomes a card;
//! each cell then shows its `data-label`.

use leptos::prelude::*;

use super::locale::Words;

/// A table with its caption. The rows (`<thead>`, `<tbody>`) are the children.
#[component]
pub fn TableFrame(
    /// What the table shows.
    #[prop(into)]
    caption: Words,
    /// Shows the caption to everybody, not to screen readers only.
    #[prop(optional)]
    show_caption: bool,
    /// Another class, for the page's own styles.
    #[prop(optional)]
    class: &'static str,
    /// The rows.
    children: Children,
) -> impl IntoView {
    // What scrolls has to be reachable with the keyboard.
    view! {
        <div class="table-scroll" role="group" tabindex="0" aria-label=move || caption.get()>
            <table class=format!("table {class}")>
                <caption class:visually-hidden=!show_caption>{move || caption.get()}</caption>
                {children()}
            </table>
        </div>
    }
}
