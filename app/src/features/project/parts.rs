//! A project's pages, each with the part of the code that it is in; a part is loaded when its page
//! is first shown. The frame around them is a part too, `project`: `frontend/split.mjs` counts it
//! to each of these.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_location;

use crate::address::page_of;
use crate::features::answers::{AnswerPanel, AnswersView};
use crate::features::comparison::ComparisonView;
use crate::features::overview::Overview;
use crate::features::projects::page::EditProjectPage;
use crate::features::runs::live::Live;
use crate::features::runs::{OneRun, RunsView, StartRun};
use crate::features::sources::SourcesView;
use crate::frame::query::Tab;
use crate::frame::scope::Scope;
use crate::tasks::next_task;
use crate::ui::Look;
use crate::ui::part::{part, there, there_once_open};

part! {
    overview: fn overview((scope, live): (Scope, Live)) {
        let run = move || view! { <StartRun scope live look=Look::Plain /> };
        view! { <Overview scope run /> }
    }
}

part! {
    models: fn models((scope, _): (Scope, Live)) {
        view! { <ComparisonView scope /> }
    }
}

part! {
    answers: fn answers((scope, _): (Scope, Live)) {
        view! { <AnswersView scope /> }
    }
}

part! {
    answers: fn answer_panel(scope: Scope) {
        view! { <AnswerPanel scope /> }
    }
}

part! {
    sources: fn sources((scope, _): (Scope, Live)) {
        view! { <SourcesView scope /> }
    }
}

part! {
    runs: fn runs((scope, _): (Scope, Live)) {
        let opened = Memo::new(move |_| scope.query.with(|query| query.opened));
        move || match opened.get() {
            Some(id) => view! { <OneRun scope id /> }.into_any(),
            None => view! { <RunsView scope /> }.into_any(),
        }
    }
}

part! {
    projects: fn settings((scope, _): (Scope, Live)) {
        view! { <EditProjectPage scope /> }
    }
}

/// A page of a project.
pub(super) fn page(tab: Tab, scope: Scope, live: Live) -> AnyView {
    let shared = (scope, live);
    match tab {
        Tab::Overview => there(overview, shared),
        Tab::Models => there(models, shared),
        Tab::Answers => there(answers, shared),
        Tab::Sources => there(sources, shared),
        Tab::Runs => there(runs, shared),
        Tab::Settings => there(settings, shared),
    }
}

/// The panel of the answer that the address names; nothing before it names one.
#[component]
pub(super) fn Panel(scope: Scope) -> impl IntoView {
    let is_named = Memo::new(move |_| scope.query.with(|query| query.answer.is_some()));
    there_once_open(is_named.into(), answer_panel, scope)
}

/// Fetches the page that the address names, while the frame around it is fetched.
pub fn fetch_page() {
    let pathname = use_location().pathname.get_untracked();
    if let Some(tab) = Tab::of_address(page_of(&pathname)) {
        spawn_local(async move {
            // The files of the frame go first.
            next_task().await;
            fetch(tab).await;
        });
    }
}

/// What fails here is said where the page is shown.
async fn fetch(tab: Tab) {
    let _ = match tab {
        Tab::Overview => overview().await.is_ok(),
        Tab::Models => models().await.is_ok(),
        Tab::Answers => answers().await.is_ok(),
        Tab::Sources => sources().await.is_ok(),
        Tab::Runs => runs().await.is_ok(),
        Tab::Settings => settings().await.is_ok(),
    };
}

/// Whether the code of a page that asks for something itself is there, or does not come: it asks
/// together with the frame around it. That of the overview is asked for by the frame.
pub(super) fn is_here(tab: Option<Tab>) -> RwSignal<bool> {
    let waits_for = tab.filter(|tab| *tab != Tab::Overview);
    let is_here = RwSignal::new(waits_for.is_none());
    if let Some(tab) = waits_for {
        spawn_local(async move {
            fetch(tab).await;
            let _ = is_here.try_set(true);
        });
    }
    is_here
}
