//! The button that has asked again what failed in a run.

use leptos::prelude::*;

use crate::api;
use crate::frame::live_runs;
use crate::model::account::Role;
use crate::model::ids::RunId;
use crate::model::run::RunView;
use crate::texts::runs as texts;
use crate::ui::format as words;
use crate::ui::{Button, Glyph, Submission, Words, fill, session, toast};

/// The button, where somebody may and there is something to ask again.
pub(super) fn retry_button(run: &RunView) -> Option<AnyView> {
    if !run.can_retry() || !session::may(Role::Editor) {
        return None;
    }
    Some(button(run.id, run.failed()))
}

fn button(id: RunId, failed: i64) -> AnyView {
    let form = Submission::new();
    let retry = move |()| form.run(api::runs::retry_run(id), live_runs::note);
    // There is no field that an error could stand at.
    Effect::new(move |_| {
        if let Some(error) = form.error() {
            toast::error(&error);
        }
    });
    view! {
        <Button
            label=Words::new(move || fill(texts::RETRY_FAILED, &[("count", &words::whole(failed))]))
            glyph=Glyph::Refresh
            pending=Signal::derive(move || form.is_pending())
            on_press=retry
        />
    }
    .into_any()
}
