//! The strip under a project's head: how far the run is, what it costs, the models one by one, and
//! the button that stops it. Its code is a part of its own, loaded when there is a run to show.

use leptos::prelude::*;

use super::details::{Details, bar};
use super::live::Live;
use super::state::{Shares, elapsed_ms, left_ms, said_ms};
use crate::address::at;
use crate::api;
use crate::frame::live_runs;
use crate::model::account::Role;
use crate::model::run::RunView;
use crate::texts::{common, runs as texts};
use crate::ui::format as words;
use crate::ui::part::{part, there_shaped};
use crate::ui::{
    Button, ConfirmDialog, Glyph, Icon, Look, RunBadge, Shape, Submission, browser, fill, locale,
    session, t, toast,
};
use crate::words::dates::duration;

/// The strip of the run that goes on, or has just ended; nothing otherwise.
#[component]
pub fn Progress(
    /// The run that is under way, as it goes on.
    live: Live,
) -> impl IntoView {
    let is_shown = Memo::new(move |_| live.is_shown());
    move || {
        is_shown
            .get()
            .then(|| there_shaped(strip, live, &[Shape::Strip]))
    }
}

part! {
    strip: fn strip(live: Live) {
        view! { <Strip live /> }
    }
}

#[component]
fn Strip(live: Live) -> impl IntoView {
    let is_over = Memo::new(move |_| !live.is_running());
    let is_open = RwSignal::new(false);
    let name = move || {
        t(if is_over.get() {
            texts::RUN_ENDED
        } else {
            texts::RUN_GOES_ON
        })()
    };
    let ended = move || live.run().filter(|run| run.status.is_over());
    view! {
        <section class="run-strip" class:is-over=is_over aria-label=name>
            <div class="run-line">
                {move || live.run().map(|run| whole_bar(&run))}
                {move || ended().map(|run| view! { <RunBadge status=run.status /> })}
                <p class="run-words">{move || live.run().map(|run| sums(&run, live))}</p>
                // What goes on is read when somebody wants to, its end at once.
                <p class="visually-hidden" role="status">
                    {move || ended().map(|run| sums(&run, live))}
                </p>
                <Show when=move || is_over.get()>
                    <a class="link" href=move || at(&live.overview())>
                        {t(texts::SEE_WHAT_CHANGED)}
                    </a>
                </Show>
                <button
                    type="button"
                    class="button is-quiet run-more"
                    aria-expanded=move || is_open.get().to_string()
                    on:click=move |_| is_open.update(|is_open| *is_open = !*is_open)
                >
                    {t(common::DETAILS)}
                    <Icon glyph=Glyph::ChevronDown />
                </button>
                <Show when=move || is_over.get() fallback=move || view! { <Cancel live /> }>
                    <button
                        type="button"
                        class="icon-button"
                        aria-label=t(common::DISMISS)
                        on:click=move |_| {
                            browser::keep_focus("h1, .run-strip .icon-button");
                            live.dismiss();
                        }
                    >
                        <Icon glyph=Glyph::Close />
                    </button>
                </Show>
            </div>
            <Show when=move || is_open.get()>
                <div class="run-details">
                    <Details live />
                </div>
            </Show>
        </section>
    }
}

/// How far the whole run is.
pub(super) fn whole_bar(run: &RunView) -> AnyView {
    view! {
        <div
            class="run-bar"
            role="progressbar"
            aria-label=t(texts::ANSWERED)
            aria-valuemin="0"
            aria-valuemax=run.total().to_string()
            aria-valuenow=run.settled().to_string()
            aria-valuetext=done_of(run)
        >
            {bar(Shares::of_run(run))}
        </div>
    }
    .into_any()
}

fn done_of(run: &RunView) -> String {
    fill(
        texts::SETTLED_OF,
        &[
            ("settled", &words::whole(run.settled())),
            ("total", &words::whole(run.total())),
        ],
    )
}

/// `36 of 84 · 4 failed · about 6 s left · $0.31`, after the end `84 of 84 in 14 s · $0.72`.
fn sums(run: &RunView, live: Live) -> String {
    let language = locale::language();
    let said = |text, milliseconds: i64| fill(text, &[("time", &duration(language, milliseconds))]);
    let mut parts = Vec::new();
    if run.status.is_over() {
        let took = run.finished_at.and_then(|end| elapsed_ms(run, end));
        let took = took
            .and_then(said_ms)
            .map(|took| said(texts::IN_TIME, took));
        let answered = fill(
            texts::SETTLED_OF,
            &[
                ("settled", &words::whole(run.with_text())),
                ("total", &words::whole(run.total())),
            ],
        );
        parts.push(
            [answered, took.unwrap_or_default()]
                .join(" ")
                .trim_end()
                .to_owned(),
        );
    } else {
        parts.push(done_of(run));
    }
    if run.failed() > 0 {
        parts.push(fill(
            texts::COUNT_FAILED,
            &[("count", &words::whole(run.failed()))],
        ));
    }
    if run.cancelling {
        parts.push(t(texts::CANCELLING)().to_owned());
    }
    parts.extend(left_ms(run, live.now()).map(|left| said(texts::ABOUT_LEFT, left)));
    parts.push(words::paid_and_simulated(run.spend(), run.simulated_cost()));
    parts.join(" · ")
}

#[component]
fn Cancel(live: Live) -> impl IntoView {
    let open = RwSignal::new(false);
    let form = Submission::new();
    let is_cancelling = Memo::new(move |_| live.run().is_some_and(|run| run.cancelling));
    let cancel = Callback::new(move |()| {
        if let Some(run) = live.run() {
            form.run(api::runs::cancel_run(run.id), live_runs::note);
        }
    });
    // There is no field that an error could stand at.
    Effect::new(move |_| {
        if let Some(error) = form.error() {
            toast::error(&error);
        }
    });
    view! {
        <Show when=|| session::may(Role::Editor)>
            <Button
                label=common::CANCEL
                name=texts::CANCEL_RUN
                look=Look::Quiet
                glyph=Glyph::Stop
                disabled=is_cancelling
                pending=Signal::derive(move || form.is_pending())
                on_press=move |()| open.set(true)
            />
        </Show>
        <ConfirmDialog
            open
            title=texts::CANCEL_TITLE
            message=texts::CANCEL_MESSAGE
            confirm=texts::CANCEL_RUN
            keep=texts::KEEP_RUNNING
            on_confirm=cancel
        />
    }
}
