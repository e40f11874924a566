//! Headings of a table's columns. A click sorts by one, with Shift by a second.

use leptos::prelude::*;

use super::columns::Column;
use crate::tables::sorting::{Order, Sorting};
use crate::texts::kit;
use crate::ui::icon::{Glyph, Icon};
use crate::ui::locale::t;

/// What a table is sorted by, as a text that an address can keep; and who changes it.
#[derive(Clone, Copy, Debug)]
pub struct TableSort {
    /// The text at this moment.
    pub now: Signal<String>,
    /// Called with the text that is wanted.
    pub change: Callback<String>,
}

/// Where a column stands among those that a table is sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    First(Order),
    Second(Order),
}

impl Place {
    fn of(sorting: &Sorting, column: &str) -> Option<Self> {
        let order = sorting.order_of(column)?;
        let is_first = sorting
            .keys()
            .first()
            .is_some_and(|key| key.column == column);
        Some(if is_first {
            Self::First(order)
        } else {
            Self::Second(order)
        })
    }

    const fn order(self) -> Order {
        match self {
            Self::First(order) | Self::Second(order) => order,
        }
    }
}

/// The heading of a column.
pub(super) fn heading(column: &Column, sort: Option<TableSort>) -> AnyView {
    let name = column.name;
    let is_number = column.is_number;
    let Some((sort, first)) = sort.zip(column.first_order) else {
        return view! {
            <th scope="col" class:is-number=is_number>
                {move || name.get()}
            </th>
        }
        .into_any();
    };
    let key = StoredValue::new(column.key.clone());
    let place = Memo::new(move |_| {
        let sorting = Sorting::parse(&sort.now.get());
        key.with_value(|key| Place::of(&sorting, key))
    });
    let click = move |is_added: bool| {
        let sorting = Sorting::parse(&sort.now.get_untracked());
        let next = key.with_value(|key| sorting.clicked(key, first, is_added));
        sort.change.run(next.text());
    };
    // Of several sorted columns only the first may have the attribute.
    let aria_sort = move || match place.get() {
        Some(Place::First(Order::Ascending)) => Some("ascending"),
        Some(Place::First(Order::Descending)) => Some("descending"),
        _ => None,
    };
    view! {
        <th scope="col" class:is-number=is_number aria-sort=aria_sort>
            <button
                type="button"
                class="sort"
                title=t(kit::SORT_HINT)
                on:click=move |event| click(event.shift_key())
            >
                <span>{move || name.get()}</span>
                {move || place.get().map(arrow)}
            </button>
        </th>
    }
    .into_any()
}

fn arrow(place: Place) -> AnyView {
    let (glyph, second) = match place.order() {
        Order::Ascending => (Glyph::ArrowUp, kit::SECOND_UP),
        Order::Descending => (Glyph::ArrowDown, kit::SECOND_DOWN),
    };
    let second = matches!(place, Place::Second(_))
        .then(|| view! { <span class="visually-hidden">{t(second)}</span> });
    view! {
        <Icon glyph />
        {second}
    }
    .into_any()
}
