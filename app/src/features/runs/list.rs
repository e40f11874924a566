//! The runs of a project as a table.

use leptos::prelude::*;

use super::judged::Judged;
use super::live::Live;
use super::state::{elapsed_ms, trigger_name, with_run};
use crate::address::at;
use crate::api;
use crate::frame::query::Tab;
use crate::frame::scope::Scope;
use crate::model::run::{LaneView, RunView};
use crate::texts::runs as texts;
use crate::ui::format as words;
use crate::ui::{
    EmptyState, ErrorPanel, Glyph, ProviderMark, Remote, RunBadge, Skeleton, TableFrame, fill,
    locale, t,
};
use crate::words::dates::duration;

/// The newest 50 runs.
#[component]
pub fn RunsView(
    /// What the page is about and how it is filtered.
    scope: Scope,
    /// The run that is under way, as it goes on.
    live: Live,
) -> impl IntoView {
    let remote = Remote::new(move || {
        scope.refresh.track();
        api::runs::list_runs(scope.project_id)
    });
    let runs = Memo::new(move |_| {
        let runs = remote.value()?;
        Some(match live.run() {
            Some(run) => with_run(runs, &run),
            None => runs,
        })
    });
    move || {
        match (runs.get(), remote.result()) {
        (Some(runs), _) if runs.is_empty() => {
            view! { <EmptyState glyph=Glyph::Play title=texts::NO_RUNS message=texts::NO_RUNS_HINT /> }.into_any()
        }
        (Some(runs), _) => table(scope, live, &runs).into_any(),
        (None, Some(Err(error))) => {
            view! { <ErrorPanel error on_retry=move |()| remote.reload() /> }.into_any()
        }
        (None, _) => view! { <Skeleton lines=5 /> }.into_any(),
    }
    }
}

fn table(scope: Scope, live: Live, runs: &[RunView]) -> impl IntoView + use<> {
    let rows = runs.iter().map(|run| row(scope, live, run)).collect_view();
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
        </div>
    }
}

fn row(scope: Scope, live: Live, run: &RunView) -> impl IntoView + use<> {
    let language = locale::language();
    let id = run.id;
    let took = run.finished_at.and_then(|end| elapsed_ms(run, end));
    let took = took.map_or_else(|| "–".to_owned(), |took| duration(language, took));
    let started = words::moment(run.started_at.unwrap_or(run.created_at));
    let link_name = fill(texts::SHOW_ANSWERS_OF, &[("time", &started)]);
    let href = move || {
        scope.link(|query| {
            query.tab = Tab::Answers;
            query.run = Some(id);
        })
    };
    view! {
        <tr>
            <th scope="row">{started}</th>
            <td data-label=t(texts::STATUS)>
                <RunBadge status=run.status />
            </td>
            <td data-label=t(texts::TRIGGER)>{t(trigger_name(run.trigger))}</td>
            <td class="is-number" data-label=t(texts::DURATION)>
                {took}
            </td>
            <td data-label=t(texts::BY_MODEL)>
                <ul class="completeness">{run.lanes.iter().map(completeness).collect_view()}</ul>
                <Judged run=run.clone() live />
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
            </td>
        </tr>
    }
}

fn completeness(lane: &LaneView) -> impl IntoView + use<> {
    let counts = format!(
        "{}/{}",
        words::whole(lane.with_text()),
        words::whole(lane.total)
    );
    let is_complete = lane.with_text() == lane.total;
    view! {
        <li class:is-incomplete=!is_complete title=lane.model_name.clone()>
            <ProviderMark provider=lane.provider />
            <span class="visually-hidden">{lane.model_name.clone()}</span>
            {counts}
        </li>
    }
}
