//! A project's run as it goes on, whoever started it. Its end is told once its figures are there.

use std::time::Duration;

use chrono::{DateTime, Utc};
use leptos::prelude::*;

use super::state::{is_refresh_due, stays};
use crate::frame::live_runs;
use crate::frame::query::Tab;
use crate::frame::run_states::progress;
use crate::frame::scope::Scope;
use crate::model::ids::RunId;
use crate::model::run::RunView;

const TICK: Duration = Duration::from_secs(1);
/// How long a run that is complete stays in sight.
const SHOWN_FOR: Duration = Duration::from_secs(10);
/// A host that does not bring the figures does not keep the end of a run from being told.
const PATIENCE: Duration = Duration::from_secs(8);

/// The run that goes on, or has just ended.
#[derive(Clone, Copy)]
pub struct Live {
    run: RwSignal<Option<RunView>>,
    /// A run that is over, while its figures are fetched.
    awaited: RwSignal<Option<RunView>>,
    /// A run that is not to be seen any more.
    hidden: RwSignal<Option<RunId>>,
    now: RwSignal<DateTime<Utc>>,
    overview: Signal<String>,
}

impl Live {
    /// Follows the project's newest run where it is not over, and every run that begins later.
    /// While it moves, numbers and answers are fetched again from time to time.
    pub fn new(scope: Scope) -> Self {
        let live = Self {
            run: RwSignal::new(None),
            awaited: RwSignal::new(None),
            hidden: RwSignal::new(None),
            now: RwSignal::new(Utc::now()),
            overview: Signal::derive(move || scope.link(|query| query.tab = Tab::Overview)),
        };
        live.follow(scope);
        live.tell_end_with_its_figures(scope);
        live.refresh_numbers(scope);
        live.keep_time();
        live.hide_what_is_complete();
        live
    }

    /// The run.
    pub fn run(self) -> Option<RunView> {
        self.run.get()
    }

    /// Whether there is one that is to be seen.
    pub fn is_shown(self) -> bool {
        let id = self.run.with(|run| run.as_ref().map(|run| run.id));
        id.is_some() && self.hidden.get() != id
    }

    /// The time, by the second while a run goes on.
    pub fn now(self) -> DateTime<Utc> {
        self.now.get()
    }

    /// Where the figures are, as the page is filtered.
    pub fn overview(self) -> String {
        self.overview.get()
    }

    /// Whether a run goes on.
    pub fn is_running(self) -> bool {
        self.run
            .with(|run| run.as_ref().is_some_and(|run| !run.status.is_over()))
    }

    /// Takes the ended run off the page.
    pub fn dismiss(self) {
        let id = self
            .run
            .with_untracked(|run| run.as_ref().map(|run| run.id));
        self.hidden.set(id);
    }

    fn is_followed(self, id: RunId) -> bool {
        let is_it = |run: &Option<RunView>| run.as_ref().is_some_and(|run| run.id == id);
        self.run.with_untracked(is_it) || self.awaited.with_untracked(is_it)
    }

    /// Takes over what is told of the project's newest run, unless the project was read later than
    /// that.
    fn follow(self, scope: Scope) {
        let read = Memo::new(move |_| {
            let project = scope.project.value();
            (
                project.is_some(),
                project.and_then(|project| project.last_run),
            )
        });
        Effect::new(move |_| {
            let told = live_runs::newest_of(scope.project_id);
            let (is_read, last) = read.get();
            if !is_read {
                return;
            }
            if let Some(last) = last.clone().filter(|run| !run.is_settled()) {
                self.take(last, scope);
            }
            let Some(run) = told else {
                return;
            };
            let is_known = last.is_some_and(|last| {
                let are_settled = last.is_settled() && run.is_settled();
                last.id > run.id || (last.id == run.id && are_settled)
            });
            if self.is_followed(run.id) || !is_known {
                self.take(run, scope);
            }
        });
    }

    fn take(self, run: RunView, scope: Scope) {
        let is_late = self.run.with_untracked(|shown| {
            shown.as_ref().is_some_and(|shown| {
                let is_older = progress(shown) > progress(&run);
                shown.id > run.id || (shown.id == run.id && is_older)
            })
        });
        if is_late {
            return;
        }
        let id = run.id;
        let was_told = self.run.with_untracked(|shown| {
            let shown = shown.as_ref().filter(|shown| shown.id == id);
            shown.is_some_and(|shown| shown.status.is_over())
        });
        if was_told || !run.status.is_over() {
            self.run.set(Some(run));
            return;
        }
        let is_awaited = self
            .awaited
            .with_untracked(|awaited| awaited.as_ref().is_some_and(|run| run.id == id));
        self.awaited.set(Some(run));
        if !is_awaited {
            scope.reload();
            set_timeout(
                move || {
                    let awaited = self.awaited.try_get_untracked().flatten();
                    if awaited.is_some_and(|run| run.id == id) {
                        self.tell_end(scope);
                    }
                },
                PATIENCE,
            );
        }
    }

    /// The figures are fetched again where a run is awaited; it is told when they have come.
    fn tell_end_with_its_figures(self, scope: Scope) {
        Effect::new(move |before: Option<(Option<RunId>, bool)>| {
            let awaited = self
                .awaited
                .with(|awaited| awaited.as_ref().map(|run| run.id));
            let is_loading = scope.told.is_loading();
            let (before, had_begun) = before.unwrap_or_default();
            let is_begun = is_loading || (before == awaited && had_begun);
            if awaited.is_some() && is_begun && !is_loading {
                self.tell_end(scope);
            }
            (awaited, is_begun)
        });
    }

    fn tell_end(self, scope: Scope) {
        let ended = self.awaited.try_update(Option::take).flatten();
        if let Some(run) = ended {
            let _ = self.run.try_set(Some(run));
            scope.project.reload();
        }
    }

    fn refresh_numbers(self, scope: Scope) {
        let refreshed_at = StoredValue::new(js_sys::Date::now());
        Effect::new(move |before: Option<Option<RunView>>| {
            let run = self.run.get();
            let before = before.flatten();
            let waited = js_sys::Date::now() - refreshed_at.get_value();
            let is_due = |now: &RunView| is_refresh_due(before.as_ref(), now, waited);
            if let Some(now) = run.as_ref().filter(|run| is_due(run)) {
                refreshed_at.set_value(js_sys::Date::now());
                scope.reload();
                if now.is_settled() {
                    scope.project.reload();
                }
            }
            run
        });
    }

    fn keep_time(self) {
        let is_running = Memo::new(move |_| self.is_running());
        Effect::new(move |_| {
            if !is_running.get() {
                return;
            }
            let tick = move || {
                let _ = self.now.try_set(Utc::now());
            };
            tick();
            if let Ok(handle) = set_interval_with_handle(tick, TICK) {
                on_cleanup(move || handle.clear());
            }
        });
    }

    fn hide_what_is_complete(self) {
        let complete = Memo::new(move |_| {
            self.run.with(|run| {
                let is_complete = |run: &&RunView| run.is_settled() && !stays(run);
                run.as_ref().filter(is_complete).map(|run| run.id)
            })
        });
        Effect::new(move |_| {
            let id = complete.get();
            if id.is_some() {
                let hide = move || {
                    let _ = self.hidden.try_set(id);
                };
                set_timeout(hide, SHOWN_FOR);
            }
        });
    }
}
