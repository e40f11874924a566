//! The runs of the workspace as they go on, whoever started them, and what needs somebody: what the
//! host tells by one stream that all windows of the browser share, or what a look every three
//! seconds finds.

use std::sync::LazyLock;

use leptos::prelude::*;
use leptos::task::spawn_local;
use send_wrapper::SendWrapper;

use super::read_notices;
use super::run_states::{forget, share, take};
use crate::api;
use crate::model::ids::{ProjectId, RunId, WorkspaceId};
use crate::model::run::{Lately, RunView};
use crate::ui::stream::SharedStream;
use crate::ui::{remote, session};

const EVENTS: &str = "/api/runs/events";

/// The runs that this window was told of, the newest first.
static RUNS: LazyLock<ArcRwSignal<Vec<RunView>>> = LazyLock::new(|| ArcRwSignal::new(Vec::new()));

/// Follows the runs of a workspace until what is shown of it goes. While the session is lost nothing
/// is heard and nobody looks; what was missed is asked for after it.
pub fn follow(workspace: WorkspaceId) {
    RUNS.set(Vec::new());
    read_notices::forget();
    Effect::new(move |before: Option<()>| {
        if session::is_lost() {
            return;
        }
        let stream = SharedStream::open(EVENTS, &workspace.to_string(), hear, look);
        let stream = SendWrapper::new(stream);
        on_cleanup(move || drop(stream));
        if before.is_some() {
            look();
        }
    });
}

/// An event is a run, or a list of the notices that need somebody.
fn hear(event: &str) {
    if event.starts_with('[') {
        if let Ok(needs) = api::read(event) {
            read_notices::hear(needs);
        }
    } else if let Ok(run) = api::read(event) {
        note(run);
    }
}

/// Takes over a state of a run, unless a later one is known already.
pub fn note(run: RunView) {
    RUNS.update(|known| take(known, run));
}

/// Asks the host.
fn look() {
    spawn_local(async {
        let Lately { runs: found, needs } = match api::runs::lately().await {
            Ok(found) => found,
            Err(error) => return remote::note(&error),
        };
        read_notices::hear(needs);
        // What went on when this window last heard of it may have ended long ago.
        let missed: Vec<RunId> = RUNS.with_untracked(|known| {
            let goes_on = known.iter().filter(|run| !run.is_settled());
            let is_missed = |run: &&RunView| found.iter().all(|one| one.id != run.id);
            goes_on.filter(is_missed).map(|run| run.id).collect()
        });
        found.into_iter().for_each(note);
        for id in missed {
            match api::runs::run(id).await {
                Ok(run) => note(run),
                Err(_) => RUNS.update(|known| forget(known, id)),
            }
        }
    });
}

/// The runs of a project that this window was told of, the newest first.
pub fn of_project(project: ProjectId) -> Vec<RunView> {
    RUNS.with(|known| {
        let of_project = known.iter().filter(|run| run.project_id == project);
        of_project.cloned().collect()
    })
}

/// The newest of them.
pub fn newest_of(project: ProjectId) -> Option<RunView> {
    RUNS.with(|known| known.iter().find(|run| run.project_id == project).cloned())
}

/// How much of a project's run is done, from 0 to 1; `None`: none goes on.
pub fn share_of(project: ProjectId) -> Option<f64> {
    RUNS.with(|known| {
        let of_project = |run: &&RunView| run.project_id == project;
        known.iter().find(of_project).and_then(share)
    })
}
