//! The first part of the project page: cards, charts, models.

use std::time::Duration;

use leptos::prelude::*;

use super::cards::Cards;
use super::chart::card::ChartCard;
use super::models::ModelTable;
use super::names_beside::NamesBeside;
use super::prompts::ByPrompt;
use super::state;
use crate::api::error::ApiError;
use crate::frame::scope::Scope;
use crate::texts::dashboard as texts;
use crate::ui::{
    Downloads, EmptyState, ErrorPanel, Glyph, Notice, Skeleton, Tone, fill, format as words,
};

#[derive(Clone, PartialEq)]
enum Stage {
    Loading,
    Failed(ApiError),
    Empty,
    There,
}

/// How often the numbers are looked at while answers are read again.
const LOOK_AGAIN: Duration = Duration::from_secs(2);

/// Stored answers are being read again; the numbers are fetched until that is done.
#[component]
fn RereadingNotice(scope: Scope) -> impl IntoView {
    let progress = Memo::new(move |_| scope.numbers.with(|numbers| numbers.as_ref()?.rereading));
    let is_going_on = Memo::new(move |_| progress.get().is_some());
    Effect::new(move |_| {
        if is_going_on.get()
            && let Ok(timer) =
                set_interval_with_handle(move || scope.dashboard.reload(), LOOK_AGAIN)
        {
            on_cleanup(move || timer.clear());
        }
    });
    move || {
        progress.get().map(|progress| {
            let (done, total) = (words::whole(progress.done), words::whole(progress.total));
            let text = fill(texts::REREADING, &[("done", &done), ("total", &total)]);
            view! {
                <Notice tone=Tone::Info>
                    <p>{text}</p>
                </Notice>
            }
        })
    }
}

/// Where a file of the numbers of the shown period is.
fn export_address(scope: Scope, format: &str) -> String {
    let period = scope.period.get();
    format!(
        "/api/llm-monitoring/projects/{}/export/snapshots?format={format}&start_date={}&end_date={}",
        scope.project_id, period.from, period.to
    )
}

/// Cards, charts, models. They stay where they are while newer numbers come.
#[component]
pub fn Overview(
    /// What the page is about and how it is filtered.
    scope: Scope,
) -> impl IntoView {
    let stage = Memo::new(move |_| match scope.dashboard.result() {
        None => Stage::Loading,
        Some(Err(error)) => Stage::Failed(error),
        Some(Ok(dashboard)) if state::is_empty(&dashboard) => Stage::Empty,
        Some(Ok(_)) => Stage::There,
    });
    move || match stage.get() {
        Stage::Loading => view! { <Skeleton lines=9 /> }.into_any(),
        Stage::Failed(error) => {
            view! { <ErrorPanel error on_retry=move |()| scope.dashboard.reload() /> }.into_any()
        }
        Stage::Empty => view! {
            <EmptyState glyph=Glyph::Chart title=texts::NO_ANSWERS message=texts::NO_ANSWERS_HINT />
        }
        .into_any(),
        Stage::There => view! {
            <div
                class="page-stack"
                class:is-old=move || scope.is_old()
                aria-busy=move || scope.dashboard.is_loading().then_some("true")
            >
                <RereadingNotice scope />
                <Cards scope />
                <ChartCard scope />
                <ModelTable scope />
                <ByPrompt scope />
                <NamesBeside scope />
                <Downloads address=move |format| export_address(scope, format) />
            </div>
        }
        .into_any(),
    }
}
