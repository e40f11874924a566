//! The runs of a project as a table, fifty a page.

use leptos::prelude::*;

use super::judged::Judged;
use super::retry::retry_button;
use super::state::{elapsed_ms, said_ms, trigger_name, with_newer};
use crate::address::at;
use crate::api;
use crate::frame::query::Tab;
use crate::frame::scope::Scope;
use crate::frame::{live_runs, return_to_place};
use crate::model::run::{LaneView, RunView, RunsPage};
use crate::tables::paging::{PAGE_SIZE, Paging};
use crate::texts::runs as texts;
use crate::ui::format as words;
use crate::ui::{
    EmptyState, ErrorPanel, Glyph, Pages, ProviderMark, Remote, RunBadge, Skeleton, TableFrame,
    day_and_time, fill, locale, t,
};
use crate::words::dates::duration;
use crate::words::runs::failures_in_words;

/// All runs, the newest first.
#[component]
pub fn RunsView(
    /// What the page is about and how it is filtered.
    scope: Scope,
) -> impl IntoView {
    let path = Tab::Runs.address(scope.project_id);
    let offset = RwSignal::new(return_to_place::rows(&path).unwrap_or(0));
    let remote = Remote::new(move || {
        scope.refresh.track();
        api::runs::list_runs(scope.project_id, offset.get())
    });
    let page = Memo::new(move |_| {
        let page = remote.value()?;
        let newer = live_runs::of_project(scope.project_id);
        let known = page.runs.len();
        let runs = with_newer(page.runs, newer, offset.get() == 0);
        let begun = i64::try_from(runs.len() - known).unwrap_or(0);
        Some(RunsPage {
            runs,
            total: page.total + begun,
        })
    });
    move || {
        match (page.get(), remote.result()) {
        (Some(page), _) if page.total == 0 => {
            view! { <EmptyState glyph=Glyph::Play title=texts::NO_RUNS message=texts::NO_RUNS_HINT /> }
                .into_any()
        }
        (Some(page), _) => table(scope, offset, &page),
        (None, Some(Err(error))) => {
            view! { <ErrorPanel error on_retry=move |()| remote.reload() /> }.into_any()
        }
        (None, _) => view! { <Skeleton lines=8 /> }.into_any(),
    }
    }
}

fn table(scope: Scope, offset: RwSignal<u32>, page: &RunsPage) -> AnyView {
    let rows = page.runs.iter().map(|run| row(scope, run)).collect_view();
    let paging = Paging {
        offset: offset.get_untracked().into(),
        size: PAGE_SIZE,
        total: u64::try_from(page.total).unwrap_or(0),
    };
    let go = move |to: u64| {
        let to = u32::try_from(to).unwrap_or(u32::MAX);
        return_to_place::keep_rows(to);
        offset.set(to);
    };
    view! {
        <div class="run-list">
            <TableFrame caption=texts::RUNS class="is-cards runs">
                <thead>
                    <tr>
                        <th scope="col">{t(texts::STARTED)}</th>
                        <th scope="col">{t(texts::STATUS)}</th>
                        <th scope="col">{t(texts::TRIGGER)}</th>
                        <th scope="col" class="is-number">{t(texts::DURATION)}</th>
                        <th scope="col">{t(texts::BY_MODEL)}</th>
                        <th scope="col" class="is-number">{t(texts::ANSWERED)}</th>
                        <th scope="col" class="is-number">{t(texts::COST)}</th>
                        <th scope="col">
                            <span class="visually-hidden">{t(texts::ACTIONS)}</span>
                        </th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </TableFrame>
            <Pages paging=Signal::stored(paging) on_offset=go />
        </div>
    }
    .into_any()
}

fn row(scope: Scope, run: &RunView) -> AnyView {
    let language = locale::language();
    let id = run.id;
    let took = run.finished_at.and_then(|end| elapsed_ms(run, end));
    let took = took.and_then(said_ms);
    let took = took.map_or_else(|| "–".to_owned(), |took| duration(language, took));
    let started = run.started_at.unwrap_or(run.created_at);
    let link_name = fill(
        texts::SHOW_ANSWERS_OF,
        &[("time", &words::day_and_time(started))],
    );
    let href = move || {
        scope.link(|query| {
            query.tab = Tab::Answers;
            query.run = Some(id);
        })
    };
    let page = move || scope.link(|query| query.opened = Some(id));
    view! {
        <tr>
            <th scope="row">
                <a class="link" href=move || at(&page())>
                    {day_and_time(started)}
                </a>
            </th>
            <td data-label=t(texts::STATUS)>
                <RunBadge status=run.status />
            </td>
            <td data-label=t(texts::TRIGGER)>{t(trigger_name(run.trigger))}</td>
            <td class="is-number" data-label=t(texts::DURATION)>
                {took}
            </td>
            <td data-label=t(texts::BY_MODEL)>
                <ul class="completeness">{run.lanes.iter().map(completeness).collect_view()}</ul>
                <Judged run=run.clone() />
            </td>
            <td class="is-number" data-label=t(texts::ANSWERED)>
                {fill(
                    texts::SETTLED_OF,
                    &[("settled", &words::whole(run.with_text())), ("total", &words::whole(run.total()))],
                )}
            </td>
            <td class="is-number" data-label=t(texts::COST)>
                {words::paid_and_simulated(run.spend(), run.simulated_cost())}
            </td>
            <td>
                <a class="link" href=move || at(&href()) aria-label=link_name>
                    {t(texts::SHOW_ANSWERS)}
                </a>
                {retry_button(run)}
            </td>
        </tr>
    }
    .into_any()
}

fn completeness(lane: &LaneView) -> AnyView {
    let counts = format!(
        "{}/{}",
        words::whole(lane.with_text()),
        words::whole(lane.total)
    );
    let is_complete = lane.with_text() == lane.total;
    let failures = failures_in_words(&lane.failures, locale::language());
    let failures = failures.map(|failures| {
        view! { <span class="run-failures">{format!("{}: {failures}", lane.model_name)}</span> }
    });
    view! {
        <li class:is-incomplete=!is_complete title=lane.model_name.clone()>
            <ProviderMark provider=lane.provider />
            <span class="visually-hidden">{lane.model_name.clone()}</span>
            {counts}
            {failures}
        </li>
    }
    .into_any()
}
