//! The button that chooses columns: which are shown, and in which order.

use leptos::prelude::*;

use super::columns::TableColumns;
use crate::tables::columns::{shift, toggle};
use crate::texts::{Text, kit};
use crate::ui::browser;
use crate::ui::button::{Button, Look};
use crate::ui::icon::{Glyph, Icon};
use crate::ui::locale::{Words, fill, t};
use crate::ui::menu::Menu;
use crate::ui::part::{part, there};

/// The button of a table's columns. What it opens is loaded when it is first opened.
#[component]
pub fn ColumnsButton(
    /// The columns.
    columns: TableColumns,
) -> impl IntoView {
    view! {
        <Menu
            label=kit::COLUMNS
            trigger=|| {
                view! {
                    <Icon glyph=Glyph::Columns />
                    <span>{t(kit::COLUMNS)}</span>
                }
            }
            class="button is-quiet columns-button"
        >
            {there(columns_body, columns)}
        </Menu>
    }
}

part! {
    menus: fn columns_body(columns: TableColumns) {
        view! { <ColumnsBody columns /> }
    }
}

/// What the button opens: a box a column, buttons that move it, and the way back.
#[component]
fn ColumnsBody(columns: TableColumns) -> impl IntoView {
    // One popover's buttons have other ids than another's.
    let prefix = StoredValue::new(browser::unique_id("column"));
    let rows = move || {
        let count = columns.places().len();
        (0..count)
            .map(|at| column_row(columns, at, prefix))
            .collect_view()
    };
    view! {
        <ul class="columns-list">{rows}</ul>
        <Button label=kit::COLUMNS_RESET look=Look::Quiet on_press=move |()| columns.reset() />
    }
}

/// The row of the column at a place.
fn column_row(columns: TableColumns, at: usize, prefix: StoredValue<String>) -> Option<AnyView> {
    let place = columns.places().into_iter().nth(at)?;
    let column = columns.own().into_iter().nth(place.index)?;
    let name = column.name;
    let key = StoredValue::new(column.key);
    let id = move |what: &str| {
        prefix.with_value(|prefix| key.with_value(|key| format!("{prefix}-{key}-{what}")))
    };
    let mover = move |what: &'static str, label: Text, glyph: Glyph, to_the_front: bool| {
        let label = Words::new(move || fill(label, &[("name", &name.get())]));
        view! {
            <button
                type="button"
                class="icon-button"
                id=id(what)
                aria-label=move || label.get()
                on:click=move |_| {
                    columns.change(|places| {
                        shift(places, at, to_the_front);
                    });
                    // The list was drawn anew: the same button of the same column has the focus.
                    browser::focus_soon(id(what));
                }
            >
                <Icon glyph />
            </button>
        }
    };
    // The first column stays where it is.
    let movers = (at > 0).then(|| {
        view! {
            {mover("up", kit::MOVE_UP, Glyph::ArrowUp, true)}
            {mover("down", kit::MOVE_DOWN, Glyph::ArrowDown, false)}
        }
    });
    let view = view! {
        <li>
            <label class="columns-choice">
                <input
                    type="checkbox"
                    id=id("box")
                    prop:checked=place.is_shown
                    disabled={at == 0}
                    on:change=move |_| {
                        columns.change(|places| toggle(places, at));
                        browser::focus_soon(id("box"));
                    }
                />
                <span>{move || name.get()}</span>
            </label>
            {movers}
        </li>
    };
    Some(view.into_any())
}
