//! The page of a project.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use super::filters::PeriodAndModels;
use super::head::Head;
use crate::address::at;
use crate::api;
use crate::api::error::{ApiError, ErrorCode};
use crate::features::answers::{AnswerPanel, AnswersView};
use crate::features::comparison::ComparisonView;
use crate::features::keys::alerts::BudgetAlerts;
use crate::features::overview::Overview;
use crate::features::runs::live::Live;
use crate::features::runs::{Progress, RunsView};
use crate::features::sources::SourcesView;
use crate::frame::query::Tab;
use crate::frame::scope::Scope;
use crate::model::ids::ProjectId;
use crate::texts::{Text, dashboard as texts, errors};
use crate::ui::{ErrorPanel, Remote, Skeleton, locale, t};

/// The page of a project.
#[component]
pub fn ProjectPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id")?.parse::<ProjectId>().ok()));
    // Another project is another page: nothing of the former may stay.
    move || {
        if let Some(id) = id.get() {
            return view! { <Project id /> }.into_any();
        }
        let error = ApiError::new(
            ErrorCode::NotFound,
            errors::NOT_FOUND.get(locale::language()),
        );
        view! { <ErrorPanel error on_retry=|()| () /> }.into_any()
    }
}

#[derive(Clone, PartialEq)]
enum Stage {
    Loading,
    Failed(ApiError),
    There,
}

#[component]
fn Project(id: ProjectId) -> impl IntoView {
    let scope = Scope::new(id);
    let live = Live::new(scope);
    let budget = Remote::new(move || {
        scope.refresh.track();
        api::keys::budget()
    });
    let stage = Memo::new(move |_| match scope.project.result() {
        None => Stage::Loading,
        Some(Ok(_)) => Stage::There,
        Some(Err(error)) => Stage::Failed(error),
    });
    move || match stage.get() {
        Stage::Loading => view! { <Skeleton lines=8 /> }.into_any(),
        Stage::Failed(error) => {
            view! { <ErrorPanel error on_retry=move |()| scope.project.reload() /> }.into_any()
        }
        Stage::There => view! {
            <Head scope live />
            <BudgetAlerts budget project=scope.project_id />
            <Progress live />
            <Parts scope />
            <PeriodAndModels scope />
            <Part scope live />
            <AnswerPanel scope />
        }
        .into_any(),
    }
}

const fn tab_name(tab: Tab) -> Text {
    match tab {
        Tab::Overview => texts::OVERVIEW,
        Tab::Comparison => crate::texts::comparison::TAB,
        Tab::Answers => texts::ANSWERS,
        Tab::Sources => crate::texts::sources::SOURCES,
        Tab::Runs => texts::RUNS,
    }
}

/// The parts of the page, as links: each has an address.
#[component]
fn Parts(scope: Scope) -> impl IntoView {
    let links = Tab::ALL
        .into_iter()
        .map(|tab| {
            view! {
                <li>
                    <a
                        class="part"
                        href=move || at(&scope.link(|query| query.tab = tab))
                        aria-current=move || (scope.query.get().tab == tab).then_some("page")
                        on:click=move |event| {
                            let is_plain = !(event.ctrl_key() || event.meta_key() || event.shift_key());
                            if is_plain {
                                event.prevent_default();
                                event.stop_propagation();
                                scope.change(|query| query.tab = tab);
                            }
                        }
                    >
                        {t(tab_name(tab))}
                    </a>
                </li>
            }
        })
        .collect_view();
    view! {
        <nav class="parts" aria-label=t(texts::PARTS)>
            <ul>{links}</ul>
        </nav>
    }
}

#[component]
fn Part(scope: Scope, live: Live) -> impl IntoView {
    let tab = Memo::new(move |_| scope.query.get().tab);
    move || match tab.get() {
        Tab::Overview => view! { <Overview scope /> }.into_any(),
        Tab::Comparison => view! { <ComparisonView scope /> }.into_any(),
        Tab::Answers => view! { <AnswersView scope /> }.into_any(),
        Tab::Sources => view! { <SourcesView scope /> }.into_any(),
        Tab::Runs => view! { <RunsView scope live /> }.into_any(),
    }
}
