//! How far the judge of a run is, and the button that has it go on after an early end.

use leptos::prelude::*;

use crate::api;
use crate::frame::live_runs;
use crate::model::account::Role;
use crate::model::run::{JudgePassView, JudgeStatus, RunView};
use crate::texts::runs as texts;
use crate::ui::format as words;
use crate::ui::{Button, Look, Submission, fill, locale, session, toast};
use crate::words::runs::error_name;

/// What a judge did with the answers of a run; nothing where none is asked.
#[component]
pub(super) fn Judged(run: RunView) -> impl IntoView {
    let pass = run.judge?;
    let form = Submission::new();
    let can_go_on = matches!(pass.status, JudgeStatus::OverBudget | JudgeStatus::Failed);
    let go_on = move |()| {
        form.run(api::runs::judge_run(run.id), live_runs::note);
    };
    // There is no field that an error could stand at.
    Effect::new(move |_| {
        if let Some(error) = form.error() {
            toast::error(&error);
        }
    });
    let button = (can_go_on && session::may(Role::Editor)).then(|| {
        view! {
            <Button
                label=texts::JUDGE_REST
                look=Look::Quiet
                pending=Signal::derive(move || form.is_pending())
                on_press=go_on
            />
        }
    });
    Some(view! { <p class="field-hint">{said(&pass)} " " {button}</p> })
}

/// `Haiku judges the answers: 12 of 80 · $0.0042`, and why it ended early.
fn said(pass: &JudgePassView) -> String {
    let text = if pass.status.is_over() {
        texts::JUDGED
    } else {
        texts::JUDGING
    };
    let said = fill(
        text,
        &[
            ("name", &pass.model_name),
            ("done", &words::whole(pass.done)),
            ("total", &words::whole(pass.total)),
            (
                "cost",
                &words::paid_and_simulated(pass.spend(), pass.simulated_cost()),
            ),
        ],
    );
    let why = match pass.status {
        JudgeStatus::OverBudget => fill(texts::JUDGE_OVER_BUDGET, &[]),
        JudgeStatus::Failed => {
            let reason = pass
                .end_reason
                .map(|class| error_name(class).get(locale::language()));
            fill(
                texts::JUDGE_FAILED,
                &[("reason", &reason.unwrap_or_default())],
            )
        }
        _ => return said,
    };
    format!("{said} {why}")
}
