//! The frame of a project's pages. It stays while its pages change: their numbers, the run that
//! goes on, the head.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use super::head::ProjectHead;
use super::parts::{self, Panel};
use super::printed;
use crate::api::error::{ApiError, ErrorCode};
use crate::features::keys::alerts::alerts_of;
use crate::features::runs::Progress;
use crate::features::runs::live::Live;
use crate::frame::chosen_project;
use crate::frame::head::Head;
use crate::frame::not_found::NotFoundPage;
use crate::frame::query::Tab;
use crate::frame::scope::Scope;
use crate::model::ids::ProjectId;
use crate::texts::{nav, projects};
use crate::ui::{ErrorPanel, Shape, Skeleton, Skeletons, locale};

/// A page of a project.
#[component]
pub fn ProjectPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id")?.parse::<ProjectId>().ok()));
    let is_here = parts::is_here(page_of_address().get_untracked());
    // Another project is another page: nothing of the former may stay.
    move || {
        let Some(id) = id.get() else {
            return no_project();
        };
        if is_here.get() {
            view! { <Project id /> }.into_any()
        } else {
            lines()
        }
    }
}

/// What stands there until the page and the head above it come.
fn lines() -> AnyView {
    view! { <Skeleton lines=8 /> }.into_any()
}

/// What stands there until the overview and the head above it come.
const OVERVIEW: &[Shape] = &[
    Shape::Head,
    Shape::Sentence,
    Shape::Cards,
    Shape::Chart,
    Shape::Rows(4),
];

/// There is no project at the address, or not for who is there.
fn no_project() -> AnyView {
    let error = ApiError::new(
        ErrorCode::NotFound,
        projects::NOT_FOUND.get(locale::language()),
    );
    view! {
        <Head title=nav::PROJECT />
        <ErrorPanel error on_retry=|()| () />
    }
    .into_any()
}

#[component]
fn Project(id: ProjectId) -> impl IntoView {
    let scope = Scope::new(id);
    let live = Live::new(scope);
    let failed = Memo::new(move |_| scope.project.result().and_then(Result::err));
    Effect::new(move |_| match scope.project.result() {
        Some(Ok(project)) => chosen_project::choose(&project),
        Some(Err(error)) if error.code == ErrorCode::NotFound => chosen_project::forget(id),
        _ => {}
    });
    let page = page_of_address();
    move || match failed.get() {
        Some(error) if error.code == ErrorCode::NotFound => no_project(),
        Some(error) => {
            view! { <ErrorPanel error on_retry=move |()| scope.project.reload() /> }.into_any()
        }
        None => frame(scope, live, page),
    }
}

/// The head, what is said below it, and the page that the address names. The page is made before the
/// project is there, so that what it asks for goes out with what the frame asks for; it is seen with
/// the head above it.
fn frame(scope: Scope, live: Live, page: Memo<Option<Tab>>) -> AnyView {
    let is_page = Memo::new(move |_| page.with(Option::is_some));
    let is_there = Memo::new(move |_| scope.project.value().is_some());
    let above = move || {
        if !is_there.get() {
            return match page.get_untracked() {
                // The figures come with the project.
                Some(Tab::Overview) => view! { <Skeletons shapes=OVERVIEW /> }.into_any(),
                _ => lines(),
            };
        }
        if !is_page.get() {
            return ().into_any();
        }
        view! {
            {printed::above(scope)}
            <ProjectHead scope live />
            {alerts_of(scope.budget, scope.project_id)}
            <Progress live />
        }
        .into_any()
    };
    let shown = move || match page.get() {
        // It asks for nothing that the frame has not asked for.
        Some(Tab::Overview) if !is_there.get() => ().into_any(),
        Some(tab) => parts::page(tab, scope, live),
        None => view! { <NotFoundPage /> }.into_any(),
    };
    let below = move || {
        is_there.get().then(|| {
            view! {
                {printed::below(scope)}
                <Panel scope />
            }
            .into_any()
        })
    };
    view! {
        {above}
        <div class="project-page" hidden=move || !is_there.get()>
            {shown}
        </div>
        {below}
    }
    .into_any()
}

/// The page that the address names; `None`: there is none of that name.
fn page_of_address() -> Memo<Option<Tab>> {
    let params = use_params_map();
    Memo::new(move |_| params.with(|params| Tab::of_word(&params.get("page").unwrap_or_default())))
}
