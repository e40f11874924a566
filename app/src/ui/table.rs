//! Tables: a frame that scrolls sideways when it must, and headers that sort. On a phone a
//! row becomes a card; each cell then shows its `data-label`.

use leptos::prelude::*;

use super::icon::{Glyph, Icon};
use super::locale::Words;

/// Which way a column is sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// The smallest first.
    Ascending,
    /// The largest first.
    Descending,
}

/// What a table is sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sort<C> {
    /// The column.
    pub column: C,
    /// Which way.
    pub direction: Direction,
}

impl<C: Copy + PartialEq> Sort<C> {
    /// The sorting after a press on the header of `column`.
    #[must_use]
    pub fn pressed(self, column: C) -> Self {
        let direction = match self.direction {
            Direction::Ascending if self.column == column => Direction::Descending,
            _ => Direction::Ascending,
        };
        Self { column, direction }
    }
}

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

/// A header that sorts its column.
#[component]
pub fn SortHeader<C>(
    /// The column.
    column: C,
    /// What the table is sorted by.
    sort: RwSignal<Sort<C>>,
    /// The column's name.
    #[prop(into)]
    label: Words,
    /// Whether the column holds numbers.
    #[prop(optional)]
    numeric: bool,
) -> impl IntoView
where
    C: Copy + PartialEq + Send + Sync + 'static,
{
    let direction = move || {
        let sort = sort.get();
        (sort.column == column).then_some(sort.direction)
    };
    view! {
        <th
            scope="col"
            class:is-number=numeric
            aria-sort=move || {
                direction()
                    .map(|direction| match direction {
                        Direction::Ascending => "ascending",
                        Direction::Descending => "descending",
                    })
            }
        >
            <button
                type="button"
                class="sort"
                on:click=move |_| sort.update(|sort| *sort = sort.pressed(column))
            >
                {move || label.get()}
                {move || {
                    direction()
                        .map(|direction| match direction {
                            Direction::Ascending => view! { <Icon glyph=Glyph::ArrowUp /> },
                            Direction::Descending => view! { <Icon glyph=Glyph::ArrowDown /> },
                        })
                }}
            </button>
        </th>
    }
}
