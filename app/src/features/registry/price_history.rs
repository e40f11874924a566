//! All prices that a model has had, and what the past would cost at them.

use leptos::prelude::*;

use super::prices;
use super::recompute::Recompute;
use super::state;
use crate::api;
use crate::model::ids::ModelId;
use crate::model::registry::PriceEntry;
use crate::texts::registry;
use crate::ui::{AsyncView, Badge, Remote, TableFrame, Tone, format, t, when};

/// All prices that a model has had, the newest first.
#[component]
pub fn PriceHistory(
    /// The model.
    id: ModelId,
) -> impl IntoView {
    let prices = Remote::new(move || api::registry::price_history(id));
    view! {
        <div class="price-history">
            <h3>{t(registry::HISTORY)}</h3>
            <AsyncView remote=prices lines=2 let:list>
                {if list.is_empty() {
                    view! { <p class="muted">{t(registry::NO_HISTORY)}</p> }.into_any()
                } else {
                    table(list)
                }}
            </AsyncView>
            <Recompute id />
        </div>
    }
}

fn table(list: Vec<PriceEntry>) -> AnyView {
    let rows = list
        .into_iter()
        .map(|PriceEntry { price, by }| {
            let amount = |amount: Option<crate::model::money::Money>| {
                move || amount.map_or_else(|| "–".to_owned(), format::price)
            };
            view! {
                <tr>
                    <td>
                        {when(price.starts_at)} " "
                        {(price.starts_at > chrono::Utc::now())
                            .then(|| view! { <Badge label=registry::NOT_BEGUN tone=Tone::Info /> })}
                    </td>
                    <td class="is-number">{amount(Some(price.input))}</td>
                    <td class="is-number">{amount(Some(price.output))}</td>
                    <td class="is-number">{amount(price.cached_input)}</td>
                    <td class="is-number">{amount(price.search_fee)}</td>
                    <td>{price.tier.map(|tier| move || prices::tier_words(tier))}</td>
                    <td>{t(state::origin_text(price.origin))}</td>
                    <td>{by}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <TableFrame caption=registry::HISTORY>
            <thead>
                <tr>
                    <th scope="col">{t(registry::FROM)}</th>
                    <th scope="col" class="is-number">{t(registry::INPUT)}</th>
                    <th scope="col" class="is-number">{t(registry::OUTPUT)}</th>
                    <th scope="col" class="is-number">{t(registry::CACHED)}</th>
                    <th scope="col" class="is-number">{t(registry::SEARCH_FEE)}</th>
                    <th scope="col">{t(registry::LONG_ASKS_TITLE)}</th>
                    <th scope="col">{t(registry::ORIGIN)}</th>
                    <th scope="col">{t(registry::BY)}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </TableFrame>
    }
    .into_any()
}
