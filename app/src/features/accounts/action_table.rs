//! A table whose rows have one button each: what there is, and a way to end it.

use leptos::prelude::*;

use crate::texts::Text;
use crate::ui::{Button, Look, TableFrame, Words, t};

/// A row.
pub(super) struct ActionRow {
    /// What it is about, under the first head.
    pub(super) title: Words,
    /// What stands under the other heads.
    pub(super) cells: Vec<Words>,
    /// What the button says to a screen reader: more precise than what stands on it.
    pub(super) name: Words,
    /// What the button does.
    pub(super) on_press: Callback<()>,
}

/// A table with a column for each head and one for the buttons, all of which say `label`.
pub(super) fn action_table(
    caption: Text,
    heads: &'static [Text],
    label: Text,
    rows: Vec<ActionRow>,
) -> AnyView {
    let heading = heads
        .iter()
        .map(|head| view! { <th scope="col">{t(*head)}</th> })
        .collect_view();
    let rows = rows
        .into_iter()
        .map(|row| row_view(heads, label, row))
        .collect_view();
    view! {
        <TableFrame caption class="is-cards">
            <thead>
                <tr>{heading} <td></td></tr>
            </thead>
            <tbody>{rows}</tbody>
        </TableFrame>
    }
    .into_any()
}

fn row_view(heads: &'static [Text], label: Text, row: ActionRow) -> AnyView {
    let ActionRow {
        title,
        cells,
        name,
        on_press,
    } = row;
    let cells = heads
        .iter()
        .skip(1)
        .zip(cells)
        .map(|(head, words)| view! { <td data-label=t(*head)>{move || words.get()}</td> })
        .collect_view();
    view! {
        <tr>
            <th scope="row">{move || title.get()}</th>
            {cells}
            <td class="is-number">
                <Button label name look=Look::Quiet on_press />
            </td>
        </tr>
    }
    .into_any()
}
