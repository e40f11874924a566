//! The table of rows that people sort, page through and choose from: its columns and its rows. Its
//! parts are put together by the page: [`TableTools`] above, [`Pages`] below, [`SelectionBar`]
//! over it.
//!
//! Invariant: not generic. Rows come as cells that are drawn already, so that the client has this
//! code once for all tables.

pub mod columns;
pub mod columns_menu;
pub mod head;
pub mod pages;
pub mod selection_bar;

use leptos::ev::MouseEvent;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, HtmlElement};

use self::columns::TableColumns;
use self::head::{TableSort, heading};
use super::browser;
use super::locale::{Words, t};
use crate::tables::selection::Selection;
use crate::texts::kit;

/// A row of a table.
pub struct Row {
    /// What the row is found by again: it is chosen by this.
    pub key: String,
    /// One cell a column, in the order in which the table has its columns, hidden ones too. What
    /// has the class `row-link` in the first is what a click anywhere on the row opens.
    pub cells: Vec<AnyView>,
}

/// A column that is shown: its place among all, and whether it holds numbers.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Shown {
    index: usize,
    is_number: bool,
}

/// The rows of a table under their headings. It scrolls sideways where it must, and its first
/// column stays.
#[component]
pub fn DataTable(
    /// What the table shows; for screen readers.
    #[prop(into)]
    caption: Words,
    /// Its columns.
    columns: TableColumns,
    /// Makes the rows of the page; again when a signal changes that it reads.
    rows: Callback<(), Vec<Row>>,
    /// What the rows are sorted by, where they can be sorted.
    #[prop(optional)]
    sort: Option<TableSort>,
    /// The chosen rows, where rows can be chosen.
    #[prop(optional)]
    selection: Option<RwSignal<Selection>>,
) -> impl IntoView {
    let shown = Memo::new(move |_| shown(columns));
    // The rows of the page in their order: what a range, and the box of all, is over.
    let keys = RwSignal::new(Vec::new());
    let headings = move || {
        let own = columns.own();
        let shown = shown.get();
        shown
            .into_iter()
            .filter_map(|column| own.get(column.index))
            .map(|column| heading(column, sort))
            .collect_view()
    };
    let body = move || {
        let rows = rows.run(());
        keys.set(rows.iter().map(|row| row.key.clone()).collect());
        let shown = shown.get();
        rows.into_iter()
            .map(|row| row_view(row, &shown, keys, selection))
            .collect_view()
    };
    // What scrolls has to be reachable with the keyboard.
    view! {
        <div class="data-scroll" role="group" tabindex="0" aria-label=move || caption.get()>
            <table class="data-table" class:has-boxes=selection.is_some()>
                <caption class="visually-hidden">{move || caption.get()}</caption>
                <thead>
                    <tr>{selection.map(|selection| box_of_all(selection, keys))} {headings}</tr>
                </thead>
                <tbody on:click=move |event| open_row(&event)>{body}</tbody>
            </table>
        </div>
    }
}

/// What stands above a table: search, filters, views and the button of its columns.
#[component]
pub fn TableTools(
    /// The tools, from the start of the line.
    children: Children,
) -> impl IntoView {
    view! { <div class="table-tools">{children()}</div> }
}

fn shown(columns: TableColumns) -> Vec<Shown> {
    let own = columns.own();
    columns
        .places()
        .into_iter()
        .filter(|place| place.is_shown)
        .filter_map(|place| {
            let is_number = own.get(place.index)?.is_number;
            Some(Shown {
                index: place.index,
                is_number,
            })
        })
        .collect()
}

fn row_view(
    row: Row,
    shown: &[Shown],
    keys: RwSignal<Vec<String>>,
    selection: Option<RwSignal<Selection>>,
) -> AnyView {
    let Row { key, cells } = row;
    let heading = browser::unique_id("row");
    let mut cells: Vec<Option<AnyView>> = cells.into_iter().map(Some).collect();
    let mut take = |column: &Shown| cells.get_mut(column.index).and_then(Option::take);
    let mut columns = shown.iter();
    let first = columns.next().and_then(&mut take);
    let others = columns
        .map(|column| {
            let cell = take(column);
            view! { <td class:is-number=column.is_number>{cell}</td> }
        })
        .collect_view();
    let Some(selection) = selection else {
        return view! {
            <tr>
                <th scope="row">{first}</th>
                {others}
            </tr>
        }
        .into_any();
    };
    let is_chosen = {
        let key = key.clone();
        Memo::new(move |_| selection.with(|selection| selection.has(&key)))
    };
    let click = move |event: MouseEvent| {
        keys.with_untracked(|keys| {
            selection.update(|selection| selection.click(keys, &key, event.shift_key()));
        });
    };
    view! {
        <tr class:is-chosen=move || is_chosen.get()>
            <td class="data-box">
                <input
                    type="checkbox"
                    aria-labelledby=heading.clone()
                    prop:checked=move || is_chosen.get()
                    on:click=click
                />
            </td>
            <th scope="row" id=heading>
                {first}
            </th>
            {others}
        </tr>
    }
    .into_any()
}

/// The heading of the boxes: chooses all rows of the page, or none of them.
fn box_of_all(selection: RwSignal<Selection>, keys: RwSignal<Vec<String>>) -> AnyView {
    let has_all = move || keys.with(|keys| selection.with(|selection| selection.has_all(keys)));
    let has_some = move || keys.with(|keys| selection.with(|selection| selection.has_some(keys)));
    view! {
        <td class="data-box">
            <input
                type="checkbox"
                aria-label=t(kit::SELECT_PAGE)
                prop:checked=has_all
                prop:indeterminate=move || has_some() && !has_all()
                on:change=move |event| {
                    let is_chosen = event_target_checked(&event);
                    keys.with_untracked(|keys| {
                        selection.update(|selection| selection.set(keys, is_chosen));
                    });
                }
            />
        </td>
    }
    .into_any()
}

/// A click on a row does what a click on its link does, unless it was meant for something else on
/// the row, or wanted another window.
fn open_row(event: &MouseEvent) {
    let target = event_target::<Element>(event);
    let closest = |selector: &str| target.closest(selector).ok().flatten();
    let is_meant_otherwise = event.ctrl_key() || event.meta_key() || event.shift_key();
    if is_meant_otherwise || closest("a, button, input, label, summary, .data-box").is_some() {
        return;
    }
    let link = closest("tr").and_then(|row| row.query_selector(".row-link").ok().flatten());
    if let Some(link) = link.and_then(|link| link.dyn_into::<HtmlElement>().ok()) {
        link.click();
    }
}
