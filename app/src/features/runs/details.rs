//! A run model by model: a bar each, why asks failed, and the button that has them asked again.

use leptos::prelude::*;

use super::judged::Judged;
use super::live::Live;
use super::retry::retry_button;
use super::state::{Shares, lane_reason};
use crate::address::at;
use crate::frame::query::run_address;
use crate::model::ids::LaneId;
use crate::model::run::{LaneView, RunView};
use crate::texts::runs as texts;
use crate::ui::format as words;
use crate::ui::{Glyph, Icon, ProviderMark, fill, t};
use crate::words::runs::failures_in_words;

/// All models of the run that goes on, or has just ended.
#[component]
pub(super) fn Details(live: Live) -> impl IntoView {
    let run = Memo::new(move |_| live.run());
    let page = Memo::new(move |_| {
        let address = |run: &RunView| run_address(run.project_id, run.id);
        run.with(|run| run.as_ref().map(address))
            .unwrap_or_default()
    });
    let lanes = move || run.get().map(|run| run.lanes).unwrap_or_default();
    view! {
        <ul class="lanes">
            <For each=lanes key=|lane| lane.id let:lane>
                <Lane run id=lane.id />
            </For>
        </ul>
        <div class="run-foot">
            {move || run.get().and_then(|run| retry_button(&run))}
            {move || run.get().map(|run| view! { <Judged run /> })}
            <a class="link" href=move || at(&page.get())>
                {t(texts::OPEN_RUN)}
            </a>
        </div>
    }
}

#[component]
fn Lane(run: Memo<Option<RunView>>, id: LaneId) -> impl IntoView {
    let shown = Memo::new(move |_| {
        run.with(|run| {
            let run = run.as_ref()?;
            let lane = run.lanes.iter().find(|lane| lane.id == id)?;
            Some((lane.clone(), run.status.is_over(), run.cancelling))
        })
    });
    move || {
        let (lane, is_over, is_cancelled) = shown.get()?;
        Some(lane_view(&lane, is_over, is_cancelled))
    }
}

/// A model of a run: its bar, its counts, its cost, and why not all of its answers are there.
pub(super) fn lane_view(lane: &LaneView, is_over: bool, is_cancelled: bool) -> AnyView {
    let counts = lane_words(lane);
    view! {
        <li class="lane">
            <span class="lane-model">
                <ProviderMark provider=lane.provider />
                <span>{lane.model_name.clone()}</span>
            </span>
            <div
                class="run-bar"
                role="progressbar"
                aria-label=lane.model_name.clone()
                aria-valuemin="0"
                aria-valuemax=lane.total.to_string()
                aria-valuenow=lane.settled().to_string()
                aria-valuetext=counts.clone()
            >
                {bar(Shares::of_lane(lane))}
            </div>
            <span class="lane-counts">{counts}</span>
            <span class="lane-cost">
                {words::paid_and_simulated(lane.spend(), lane.simulated_cost())}
            </span>
            {reason(lane, is_over, is_cancelled)}
        </li>
    }
    .into_any()
}

/// What is done, what went wrong, what was not sent, and what is in flight, in this order.
pub(super) fn bar(shares: Shares) -> AnyView {
    let part = |class: &'static str, percent: f64| {
        view! { <i class=class style:inline-size=format!("{percent:.2}%")></i> }
    };
    view! {
        {part("is-answered", shares.answered)}
        {part("is-failed", shares.failed)}
        {part("is-dropped", shares.dropped)}
        {part("is-running", shares.running)}
    }
    .into_any()
}

/// Why not all of a model's answers are there, and what to do about it.
fn reason(lane: &LaneView, is_over: bool, is_cancelled: bool) -> Option<AnyView> {
    let failures = failures_in_words(&lane.failures, crate::ui::locale::language());
    let advice = lane_reason(lane, is_cancelled).map(|text| {
        let count = if lane.dropped > 0 {
            lane.dropped
        } else {
            lane.without_text
        };
        fill(text, &[("count", &words::whole(count))])
    });
    if failures.is_none() && advice.is_none() {
        return None;
    }
    // How much of what was asked is there, where not all of it is.
    let complete = is_over.then(|| answered_of(lane));
    let failures = failures.map(|failures| view! { <strong>{failures}</strong> });
    let view = view! {
        <p class="lane-reason">
            <Icon glyph=Glyph::Warning />
            <span>{failures} " " {complete} " " {advice}</span>
        </p>
    };
    Some(view.into_any())
}

fn answered_of(lane: &LaneView) -> String {
    fill(
        texts::LANE_ANSWERED,
        &[
            ("answered", &words::whole(lane.with_text())),
            ("total", &words::whole(lane.total)),
        ],
    )
}

/// `12 answered · 3 in flight · 1 failed · 4 waiting`, without what is nothing.
fn lane_words(lane: &LaneView) -> String {
    let parts = [
        (lane.with_text(), texts::COUNT_ANSWERED),
        (lane.without_text, texts::COUNT_WITHOUT_TEXT),
        (lane.running, texts::COUNT_RUNNING),
        (lane.failed, texts::COUNT_FAILED),
        (lane.dropped, texts::COUNT_DROPPED),
        (lane.waiting(), texts::COUNT_WAITING),
    ];
    let parts: Vec<String> = parts
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, text)| fill(text, &[("count", &words::whole(count))]))
        .collect();
    parts.join(" · ")
}
