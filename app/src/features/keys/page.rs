//! Keys and budget.

use chrono::Datelike;
use leptos::prelude::*;

use super::alerts::BudgetAlerts;
use super::budget::BudgetCard;
use super::judge::JudgeCard;
use super::key_row::KeyRow;
use super::spend::{self, SpendCard};
use crate::api;
use crate::frame::head::Head;
use crate::model::account::Role;
use crate::model::keys::KeyView;
use crate::model::provider::Provider;
use crate::model::spend::SpendView;
use crate::texts::{keys, nav};
use crate::ui::skeletons::Shape;
use crate::ui::{AsyncView, Card, Notice, Remote, Together, Tone, session, t};

/// What the page is about to show.
const SHAPES: &[Shape] = &[Shape::Rows(3), Shape::Rows(4), Shape::Rows(6)];

/// Keys and budget.
#[component]
pub fn KeysPage() -> impl IntoView {
    let list = Remote::new(api::keys::list_keys);
    let budget = Remote::new(api::keys::budget);
    let judge = Remote::new(api::keys::judge);
    let month = RwSignal::new(None);
    let chosen = spend::load(month);
    // The forecast is of this month, whichever is looked at.
    let this_month = Memo::new(move |before: Option<&Option<SpendView>>| {
        let is_this = |known: &SpendView| known.today.with_day(1) == Some(known.month);
        chosen.value().filter(is_this).or_else(|| before.cloned()?)
    });
    let is_owner = Signal::derive(|| session::may(Role::Owner));
    let changed = Callback::new(move |changed: KeyView| {
        list.update(|list| {
            if let Some(row) = list.iter_mut().find(|row| row.provider == changed.provider) {
                *row = changed;
            }
        });
    });
    let reload = Callback::new(move |()| list.reload());
    let is_there = Signal::derive(move || {
        let money = budget.result().is_some() && chosen.result().is_some();
        money && list.result().is_some() && judge.result().is_some()
    });
    view! {
        <Head title=nav::KEYS />
        <p class="page-lead">{t(keys::LEAD)}</p>
        <Together is_there shapes=SHAPES>
        <div class="page-stack keys-page">
            <Show when=move || !is_owner.get()>
                <Notice tone=Tone::Info>
                    <p>{t(keys::OWNER_ONLY)}</p>
                </Notice>
            </Show>
            <BudgetAlerts budget />
            <BudgetCard budget this_month is_owner />
            <SpendCard spend=chosen month />
            <JudgeCard judge is_owner />
            <Card title=keys::KEYS lead=keys::KEYS_LEAD>
                <AsyncView remote=list lines=6 let:rows>
                    {key_list(rows, is_owner, changed, reload)}
                </AsyncView>
            </Card>
        </div>
        </Together>
    }
}

fn key_list(
    rows: Vec<KeyView>,
    is_owner: Signal<bool>,
    changed: Callback<KeyView>,
    reload: Callback<()>,
) -> AnyView {
    let rows = rows
        .into_iter()
        .filter(|row| row.provider != Provider::Simulator)
        .map(|key| view! { <KeyRow key is_owner changed reload /> })
        .collect_view();
    view! { <ul class="key-list">{rows}</ul> }.into_any()
}
