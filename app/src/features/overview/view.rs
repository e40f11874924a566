//! The first page of a project: a sentence, key figures, the chart. What stands below is loaded
//! after it, the rest is folded away.

use std::time::Duration;

use leptos::prelude::*;

use super::beneath;
use super::cards::cards;
use super::chart::card::ChartCard;
use super::fold::Fold;
use super::headline::headline;
use super::more;
use crate::api::error::ApiError;
use crate::frame::scope::Scope;
use crate::model::overview::ChartSeries;
use crate::texts::{dashboard, overview as texts};
use crate::ui::later::later;
use crate::ui::part::{there, there_shaped};
use crate::ui::{ErrorPanel, Notice, Shape, Skeletons, Tone, fill, format as words};

#[derive(Clone, PartialEq)]
enum Stage {
    Loading,
    Failed(ApiError),
    There,
}

/// How often the numbers are looked at while answers are read again.
const LOOK_AGAIN: Duration = Duration::from_secs(2);
/// What stands there until the numbers come.
const SHAPES: &[Shape] = &[Shape::Sentence, Shape::Cards, Shape::Chart, Shape::Rows(4)];
/// What stands below the sentence until it is made.
const REST: &[Shape] = &[Shape::Cards, Shape::Chart, Shape::Rows(4)];
/// What stands below the figures until it is made.
const BELOW_CARDS: &[Shape] = &[Shape::Chart, Shape::Rows(4)];
/// What stands below the chart until its code comes: the models, and the questions.
const BENEATH: &[Shape] = &[Shape::Rows(5), Shape::Rows(5)];
/// What comes beside it: names, and questions to work on.
const BESIDE: &[Shape] = &[Shape::Rows(6), Shape::Rows(3)];
/// Where the browser keeps what is open.
const FIGURES_KEY: &str = "parallax.overview.figures";
const REST_KEY: &str = "parallax.overview.rest";

/// Stored answers are being read again; the numbers are fetched until that is done.
#[component]
fn RereadingNotice(scope: Scope) -> impl IntoView {
    let progress = Memo::new(move |_| scope.numbers.with(|numbers| numbers.as_ref()?.rereading));
    let is_going_on = Memo::new(move |_| progress.get().is_some());
    Effect::new(move |_| {
        if is_going_on.get()
            && let Ok(timer) = set_interval_with_handle(move || scope.told.reload(), LOOK_AGAIN)
        {
            on_cleanup(move || timer.clear());
        }
    });
    move || {
        progress.get().map(|progress| {
            let (done, total) = (words::whole(progress.done), words::whole(progress.total));
            let text = fill(dashboard::REREADING, &[("done", &done), ("total", &total)]);
            view! {
                <Notice tone=Tone::Info>
                    <p>{text}</p>
                </Notice>
            }
        })
    }
}

/// The first page of a project. What it shows stays where it is while newer numbers come.
#[component]
pub fn Overview(
    /// What the page is about and how it is filtered.
    scope: Scope,
    /// The button that starts a run, for a page that has little to say yet.
    #[prop(into)]
    run: ViewFn,
) -> impl IntoView {
    let run = StoredValue::new(run);
    let stage = Memo::new(move |_| {
        let is_there = scope.screen.with(Option::is_some);
        match scope.told.result() {
            _ if is_there => Stage::There,
            Some(Err(error)) => Stage::Failed(error),
            _ => Stage::Loading,
        }
    });
    move || match stage.get() {
        Stage::Loading => view! { <Skeletons shapes=SHAPES /> }.into_any(),
        Stage::Failed(error) => {
            view! { <ErrorPanel error on_retry=move |()| scope.told.reload() /> }.into_any()
        }
        Stage::There => page(scope, run),
    }
}

fn page(scope: Scope, run: StoredValue<ViewFn>) -> AnyView {
    view! {
        <div
            class="page-stack overview"
            class:is-old=move || scope.is_old()
            aria-busy=move || scope.told.is_loading().then_some("true")
        >
            <RereadingNotice scope />
            {headline(scope, run)}
            {later(REST, Box::new(move || figures(scope)))}
        </div>
    }
    .into_any()
}

/// All below the sentence; a period without answers has none of it.
fn figures(scope: Scope) -> AnyView {
    let is_any = Memo::new(move |_| {
        let screen = scope.screen.get();
        screen.is_some_and(|screen| screen.headline.answers > 0)
    });
    let first = Signal::derive(move || {
        let screen = scope.screen.get()?;
        Some(screen.chart.clone())
    });
    let view = move || is_any.get().then(|| all_figures(scope, first));
    view.into_any()
}

/// The page from top to bottom, each part of it in a task of its own: nothing that stands there moves.
fn all_figures(scope: Scope, first: Signal<Option<ChartSeries>>) -> AnyView {
    view! {
        {cards(scope)}
        <Fold kept_as=FIGURES_KEY title=texts::MORE_FIGURES>
            {there(more::more_figures, scope)}
        </Fold>
        {later(BELOW_CARDS, Box::new(move || below_cards(scope, first)))}
    }
    .into_any()
}

fn below_cards(scope: Scope, first: Signal<Option<ChartSeries>>) -> AnyView {
    let stands = RwSignal::new(false);
    view! {
        <div class="overview-main">
            <ChartCard scope first stands />
            {there_shaped(beneath::brands_and_gaps, scope, BESIDE)}
        </div>
        {later(BENEATH, Box::new(move || below_chart(scope, stands)))}
    }
    .into_any()
}

fn below_chart(scope: Scope, stands: RwSignal<bool>) -> AnyView {
    view! {
        {there_shaped(beneath::models_and_questions, (scope, stands), BENEATH)}
        <Fold kept_as=REST_KEY title=texts::MORE>
            {there(more::rest, (scope, stands))}
        </Fold>
    }
    .into_any()
}
