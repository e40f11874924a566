//! One run: what it asked, what came of it model by model and why not all of it came, its times and
//! its cost. What is told of it while the page is open shows at once.

use std::cmp::Ordering;

use leptos::prelude::*;

use super::details::lane_view;
use super::judged::Judged;
use super::progress::whole_bar;
use super::retry::retry_button;
use super::start::counted;
use super::state::{elapsed_ms, said_ms, trigger_name};
use crate::address::at;
use crate::api;
use crate::api::error::{ApiError, ErrorCode};
use crate::frame::live_runs;
use crate::frame::query::{Tab, run_address};
use crate::frame::run_states::progress;
use crate::frame::scope::Scope;
use crate::model::ids::RunId;
use crate::model::run::RunView;
use crate::texts::{Text, errors, runs as texts};
use crate::ui::format as words;
use crate::ui::{Card, ErrorPanel, Remote, RunBadge, Skeleton, Words, fill, locale, t};
use crate::words::dates::duration;

/// The page of a run.
#[component]
pub fn OneRun(
    /// What the page is about and how it is filtered.
    scope: Scope,
    /// The run.
    id: RunId,
) -> impl IntoView {
    let remote = Remote::new(move || {
        scope.refresh.track();
        api::runs::run(id)
    });
    let run = Memo::new(move |_| {
        let mut read = remote.value()?;
        let told = live_runs::of_project(read.project_id);
        // Which run asks again is told before this one is read anew.
        let again = told.iter().find(|told| told.retry_of == Some(id));
        read.retried_by = read.retried_by.or(again.map(|again| again.id));
        let told = told.into_iter().find(|told| told.id == id);
        Some(later(read, told))
    });
    let stage = Memo::new(move |_| {
        Some(match remote.result()? {
            Ok(read) if read.project_id == scope.project_id => Ok(()),
            Ok(_) => Err(ApiError::new(
                ErrorCode::NotFound,
                errors::NOT_FOUND.get(locale::language()),
            )),
            Err(error) => Err(error),
        })
    });
    move || match stage.get() {
        Some(Ok(())) => page(scope, id, run),
        Some(Err(error)) => {
            view! { <ErrorPanel error on_retry=move |()| remote.reload() /> }.into_any()
        }
        None => view! { <Skeleton lines=8 /> }.into_any(),
    }
}

/// What was told, where that is later than what was read. Of a run that is over, that it was asked
/// again is only read.
fn later(read: RunView, told: Option<RunView>) -> RunView {
    let is_later = |told: &RunView| match progress(told).cmp(&progress(&read)) {
        Ordering::Less => false,
        Ordering::Equal => !read.status.is_over(),
        Ordering::Greater => true,
    };
    let told = told.filter(is_later);
    told.unwrap_or(read)
}

/// What stands on the page stays there while the run moves: only what has changed is drawn again.
fn page(scope: Scope, id: RunId, run: Memo<Option<RunView>>) -> AnyView {
    let status = Memo::new(move |_| run.with(|run| run.as_ref().map(|run| run.status)));
    let said = move |say: fn(&RunView) -> String| {
        Words::new(move || run.with(|run| run.as_ref().map(say)).unwrap_or_default())
    };
    let part = move |make: fn(&RunView) -> AnyView| move || run.get().as_ref().map(make);
    let badge = move || {
        let badge = move || status.get().map(|status| view! { <RunBadge status /> });
        badge.into_any()
    };
    let all = move || scope.link(|query| query.opened = None);
    view! {
        <div class="run-page">
            <p>
                <a class="link" href=move || at(&all())>
                    {t(texts::ALL_RUNS)}
                </a>
            </p>
            <Card title=said(title) lead=said(asked) actions=badge>
                {part(whole_bar)}
                {part(facts)}
                {part(lanes)}
                {foot(scope, id, run)}
            </Card>
        </div>
    }
    .into_any()
}

fn title(run: &RunView) -> String {
    let started = words::day_and_time(run.started_at.unwrap_or(run.created_at));
    fill(texts::RUN_OF, &[("time", &started)])
}

fn lanes(run: &RunView) -> AnyView {
    let is_over = run.status.is_over();
    let lanes = run.lanes.iter();
    let lanes = lanes.map(|lane| lane_view(lane, is_over, run.cancelling));
    view! { <ul class="lanes">{lanes.collect_view()}</ul> }.into_any()
}

/// `84 questions to 7 models`.
fn asked(run: &RunView) -> String {
    let models = i64::try_from(run.lanes.len()).unwrap_or(i64::MAX);
    let questions = counted(run.total(), texts::ONE_QUESTION, texts::QUESTIONS);
    let models = counted(models, texts::ONE_MODEL, texts::MODELS);
    let values: [(&str, &dyn std::fmt::Display); 2] =
        [("questions", &questions), ("models", &models)];
    fill(texts::PLAN, &values)
}

fn facts(run: &RunView) -> AnyView {
    let language = locale::language();
    let none = || "–".to_owned();
    let fact = |name: Text, value: String| view! { <div><dt>{t(name)}</dt><dd>{value}</dd></div> };
    let took = run.finished_at.and_then(|end| elapsed_ms(run, end));
    let took = took.and_then(said_ms);
    let answered = fill(
        texts::SETTLED_OF,
        &[
            ("settled", &words::whole(run.with_text())),
            ("total", &words::whole(run.total())),
        ],
    );
    view! {
        <dl class="facts">
            {fact(texts::ANSWERED, answered)}
            {fact(texts::COST, words::paid_and_simulated(run.spend(), run.simulated_cost()))}
            {fact(texts::TRIGGER, trigger_name(run.trigger).get(language).to_owned())}
            {fact(texts::PLANNED, words::exact(run.created_at))}
            {fact(texts::STARTED, run.started_at.map_or_else(none, words::exact))}
            {fact(texts::OVER, run.finished_at.map_or_else(none, words::exact))}
            {fact(texts::DURATION, took.map_or_else(none, |took| duration(language, took)))}
        </dl>
    }
    .into_any()
}

/// Its answers, what it has to do with other runs, and what can be done about what is missing.
fn foot(scope: Scope, id: RunId, run: Memo<Option<RunView>>) -> AnyView {
    let answers = move || {
        scope.link(|query| {
            query.tab = Tab::Answers;
            query.run = Some(id);
        })
    };
    let other = move |text: Text, of: fn(&RunView) -> Option<RunId>| {
        let other = Memo::new(move |_| run.with(|run| run.as_ref().and_then(of)));
        move || {
            let address = run_address(scope.project_id, other.get()?);
            Some(view! { <a class="link" href=at(&address)>{t(text)}</a> })
        }
    };
    view! {
        <div class="run-foot">
            {move || run.get().and_then(|run| retry_button(&run))}
            {move || run.get().map(|run| view! { <Judged run /> })}
            <a class="link" href=move || at(&answers())>
                {t(texts::SHOW_ANSWERS)}
            </a>
            {other(texts::RETRY_OF, |run| run.retry_of)}
            {other(texts::RETRIED_BY, |run| run.retried_by)}
        </div>
    }
    .into_any()
}
