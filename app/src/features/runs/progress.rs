//! How far the run is: one bar a model, costs, time, and the button that stops it.

use leptos::prelude::*;

use super::judged::Judged;
use super::live::Live;
use super::state::{LaneShares, elapsed_ms, lane_reason};
use crate::api;
use crate::model::account::Role;
use crate::model::ids::LaneId;
use crate::model::run::{LaneView, RunView};
use crate::texts::{common, runs as texts};
use crate::ui::format as words;
use crate::ui::{
    Button, ConfirmDialog, Glyph, Icon, Notice, ProviderMark, RunBadge, Submission, Tone, fill,
    locale, remote, session, t,
};
use crate::words::dates::duration;
use crate::words::runs::error_name;

/// The panel of the run that goes on, or has just ended; nothing otherwise.
#[component]
pub fn Progress(
    /// The run that is under way, as it goes on.
    live: Live,
) -> impl IntoView {
    let is_shown = Memo::new(move |_| live.run().is_some());
    view! {
        <Show when=move || is_shown.get()>
            <Panel live />
        </Show>
    }
}

#[component]
fn Panel(live: Live) -> impl IntoView {
    let run = Memo::new(move |_| live.run());
    let is_over =
        Memo::new(move |_| run.with(|run| run.as_ref().is_none_or(|run| run.status.is_over())));
    let lanes = move || run.get().map(|run| run.lanes).unwrap_or_default();
    view! {
        <section class="card progress" class:is-over=is_over aria-labelledby="progress-title">
            <header class="progress-head">
                <h2 id="progress-title">{move || t(if is_over.get() { texts::RUN_ENDED } else { texts::RUN_GOES_ON })()}</h2>
                {move || run.get().map(|run| view! { <RunBadge status=run.status /> })}
                <p class="progress-sums">{move || run.get().map(|run| sums_view(&run, live))}</p>
                <Show when=move || is_over.get() fallback=move || view! { <Cancel live /> }>
                    <button
                        type="button"
                        class="icon-button"
                        aria-label=t(common::DISMISS)
                        on:click=move |_| live.dismiss()
                    >
                        <Icon glyph=Glyph::Close />
                    </button>
                </Show>
            </header>
            <ul class="lanes">
                <For each=lanes key=|lane| lane.id let:lane>
                    <Lane run id=lane.id />
                </For>
            </ul>
            {move || run.get().map(|run| view! { <Judged run live /> })}
        </section>
    }
}

/// `42 of 80 · 12 s · $0.0042`.
fn sums_view(run: &RunView, live: Live) -> impl IntoView + use<> {
    let language = locale::language();
    let settled = fill(
        texts::SETTLED_OF,
        &[
            ("settled", &words::whole(run.settled())),
            ("total", &words::whole(run.total())),
        ],
    );
    let elapsed =
        elapsed_ms(run, live.now()).map(|elapsed| duration(language, elapsed / 1_000 * 1_000));
    view! {
        <span>{settled}</span>
        " "
        {elapsed.map(|elapsed| view! { <span><Icon glyph=Glyph::Clock />{elapsed}</span> })}
        " "
        <span>{words::paid_and_simulated(run.spend(), run.simulated_cost())}</span>
    }
}

#[component]
fn Cancel(live: Live) -> impl IntoView {
    let open = RwSignal::new(false);
    let form = Submission::new();
    let is_cancelling = Memo::new(move |_| live.run().is_some_and(|run| run.cancelling));
    let cancel = move |()| {
        if let Some(run) = live.run() {
            form.run(api::runs::cancel_run(run.id), move |run| live.show(run));
        }
    };
    view! {
        <Show when=|| session::may(Role::Editor)>
            <Button
                label=Signal::derive(move || {
                    t(if is_cancelling.get() { texts::CANCELLING } else { texts::CANCEL_RUN })().to_owned()
                })
                glyph=Glyph::Stop
                disabled=is_cancelling
                pending=Signal::derive(move || form.is_pending())
                on_press=move |()| open.set(true)
            />
            {move || {
                form.error().map(|error| view! { <Notice tone=Tone::Danger>{remote::explain(&error)}</Notice> })
            }}
        </Show>
        <ConfirmDialog
            open
            title=texts::CANCEL_TITLE
            message=texts::CANCEL_MESSAGE
            confirm=texts::CANCEL_RUN
            on_confirm=cancel
        />
    }
}

#[component]
fn Lane(run: Memo<Option<RunView>>, id: LaneId) -> impl IntoView {
    let lane = Memo::new(move |_| {
        run.with(|run| {
            run.as_ref()?
                .lanes
                .iter()
                .find(|lane| lane.id == id)
                .cloned()
        })
    });
    let is_cancelled =
        Memo::new(move |_| run.with(|run| run.as_ref().is_some_and(|run| run.cancelling)));
    let is_over =
        Memo::new(move |_| run.with(|run| run.as_ref().is_some_and(|run| run.status.is_over())));
    move || {
        let lane = lane.get()?;
        Some(lane_view(&lane, is_over.get(), is_cancelled.get()))
    }
}

fn lane_view(lane: &LaneView, is_over: bool, is_cancelled: bool) -> impl IntoView + use<> {
    let shares = LaneShares::of(lane);
    let part = |class: &'static str, percent: f64| {
        view! { <i class=class style:width=format!("{percent:.2}%")></i> }
    };
    let why = lane_reason(lane, is_cancelled)
        .map(|text| {
            let count = if lane.dropped > 0 {
                lane.dropped
            } else {
                lane.without_text
            };
            fill(text, &[("count", &words::whole(count))])
        })
        .or_else(|| lane.end_reason.map(error_name));
    let reason = why.map(|why| {
        // How much of what was asked is there, where not all of it is.
        let complete = is_over.then(|| answered_of(lane));
        view! {
            <p class="lane-reason">
                <Icon glyph=Glyph::Warning />
                <span>{complete} " " {why}</span>
            </p>
        }
    });
    let words = lane_words(lane);
    view! {
        <li class="lane">
            <span class="lane-model">
                <ProviderMark provider=lane.provider />
                <span>{lane.model_name.clone()}</span>
            </span>
            <div
                class="lane-bar"
                role="progressbar"
                aria-label=lane.model_name.clone()
                aria-valuemin="0"
                aria-valuemax=lane.total.to_string()
                aria-valuenow=lane.settled().to_string()
                aria-valuetext=words.clone()
            >
                {part("is-answered", shares.answered)}
                {part("is-failed", shares.failed)}
                {part("is-dropped", shares.dropped)}
                {part("is-running", shares.running)}
            </div>
            <span class="lane-counts">{words}</span>
            <span class="lane-cost">
                {words::paid_and_simulated(lane.spend(), lane.simulated_cost())}
            </span>
            {reason}
        </li>
    }
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
