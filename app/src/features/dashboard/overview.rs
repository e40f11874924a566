//! The first part of the project page: cards, charts, models.

use leptos::prelude::*;

use super::cards::Cards;
use super::charts::{ShareOfVoice, VisibilityOverTime};
use super::figure;
use super::filters::PeriodWords;
use super::models::ModelTable;
use super::scope::Scope;
use crate::api::error::ApiError;
use crate::texts::dashboard as texts;
use crate::ui::{EmptyState, ErrorPanel, Glyph, Skeleton};

#[derive(Clone, PartialEq)]
enum Stage {
    Loading,
    Failed(ApiError),
    Empty,
    There,
}

/// Cards, charts, models. They stay where they are while newer numbers come.
#[component]
pub(super) fn Overview(scope: Scope) -> impl IntoView {
    let numbers = Memo::new(move |_| scope.dashboard.value());
    let stage = Memo::new(move |_| match scope.dashboard.result() {
        None => Stage::Loading,
        Some(Err(error)) => Stage::Failed(error),
        Some(Ok(dashboard)) if figure::is_empty(&dashboard) => Stage::Empty,
        Some(Ok(_)) => Stage::There,
    });
    move || {
        match stage.get() {
        Stage::Loading => view! { <Skeleton lines=9 /> }.into_any(),
        Stage::Failed(error) => {
            view! { <ErrorPanel error on_retry=move |()| scope.dashboard.reload() /> }.into_any()
        }
        Stage::Empty => view! {
            <PeriodWords scope />
            <EmptyState glyph=Glyph::Chart title=texts::NO_ANSWERS message=texts::NO_ANSWERS_HINT />
        }
        .into_any(),
        Stage::There => view! {
            <div class="page-stack" aria-busy=move || scope.dashboard.is_loading().then_some("true")>
                <PeriodWords scope />
                <Cards numbers />
                <div class="charts">
                    <VisibilityOverTime scope numbers />
                    <ShareOfVoice numbers />
                </div>
                <ModelTable scope numbers />
            </div>
        }
        .into_any(),
    }
    }
}
