//! The audit log of the registry.

use leptos::prelude::*;

use super::state;
use crate::model::registry::RegistryChange;
use crate::texts::registry;
use crate::ui::locale::language;
use crate::ui::{AsyncView, Card, Remote, TableFrame, t, when};

/// Who changed what, the newest first.
#[component]
pub fn ChangesCard(
    /// The newest changes.
    changes: Remote<Vec<RegistryChange>>,
) -> impl IntoView {
    view! {
        <Card title=registry::CHANGES_TITLE lead=registry::CHANGES_LEAD>
            <AsyncView remote=changes lines=4 let:list>
                {if list.is_empty() {
                    view! { <p class="muted">{t(registry::NO_CHANGES)}</p> }.into_any()
                } else {
                    table(list)
                }}
            </AsyncView>
        </Card>
    }
}

fn table(list: Vec<RegistryChange>) -> AnyView {
    let rows = list.into_iter().map(row).collect_view();
    view! {
        <TableFrame caption=registry::CHANGES_TITLE class="is-cards">
            <thead>
                <tr>
                    <th scope="col">{t(registry::WHEN)}</th>
                    <th scope="col">{t(registry::BY)}</th>
                    <th scope="col">{t(registry::MODEL)}</th>
                    <th scope="col">{t(registry::WHAT)}</th>
                    <th scope="col">{t(registry::BEFORE)}</th>
                    <th scope="col">{t(registry::AFTER)}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </TableFrame>
    }
    .into_any()
}

fn row(change: RegistryChange) -> impl IntoView {
    let by = match change.by {
        Some(email) => view! { <span>{email}</span> }.into_any(),
        None => view! { <span class="muted">{t(registry::NOBODY)}</span> }.into_any(),
    };
    let (old, new) = (change.old, change.new);
    view! {
        <tr>
            <td data-label=t(registry::WHEN)>{when(change.at)}</td>
            <td data-label=t(registry::BY)>{by}</td>
            <td data-label=t(registry::MODEL)>{change.model}</td>
            <td data-label=t(registry::WHAT)>{t(state::action_text(change.action))}</td>
            <td data-label=t(registry::BEFORE)>
                {move || state::value_text(old.clone(), language())}
            </td>
            <td data-label=t(registry::AFTER)>
                {move || state::value_text(new.clone(), language())}
            </td>
        </tr>
    }
}
