//! A run as it goes on: the host's events, or, where they do not come through, a question
//! every two seconds.

use std::time::Duration;

use chrono::{DateTime, Utc};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsCast;
use leptos::wasm_bindgen::closure::Closure;
use leptos::web_sys::{EventSource, MessageEvent};
use send_wrapper::SendWrapper;

use super::state::{self, is_refresh_due};
use crate::address::at;
use crate::api;
use crate::frame::scope::Scope;
use crate::model::ids::RunId;
use crate::model::run::{RunStatus, RunView};
use crate::texts::runs as texts;
use crate::ui::locale::fill_now;
use crate::ui::{format, remote, toast};

const POLL_EVERY: Duration = Duration::from_secs(2);
const TICK: Duration = Duration::from_secs(1);

/// The run that goes on, or has just ended.
#[derive(Clone, Copy)]
pub struct Live {
    run: RwSignal<Option<RunView>>,
    now: RwSignal<DateTime<Utc>>,
}

impl Live {
    /// Watches the project's newest run where it is not over, and every run started later.
    /// While it moves, numbers and answers are fetched again from time to time.
    pub fn new(scope: Scope) -> Self {
        let live = Self {
            run: RwSignal::new(None),
            now: RwSignal::new(Utc::now()),
        };
        Effect::new(move |_| {
            let newest = scope.project.value().and_then(|project| project.last_run);
            if let Some(newest) = newest.filter(|run| !run.is_settled()) {
                live.show(newest);
            }
        });
        let watched = Memo::new(move |_| live.run.with(|run| unsettled_id(run.as_ref())));
        Effect::new(move |_| {
            if let Some(id) = watched.get() {
                let watch = SendWrapper::new(Watch::start(id, live));
                on_cleanup(move || drop(watch));
            }
        });
        live.refresh_numbers(scope);
        live
    }

    /// The run.
    pub fn run(self) -> Option<RunView> {
        self.run.get()
    }

    /// The time, by the second while a run goes on.
    pub fn now(self) -> DateTime<Utc> {
        self.now.get()
    }

    fn running_id(self) -> Option<RunId> {
        self.run.with(|run| {
            run.as_ref()
                .filter(|run| !run.status.is_over())
                .map(|run| run.id)
        })
    }

    /// Whether a run goes on.
    pub fn is_running(self) -> bool {
        self.running_id().is_some()
    }

    /// Shows a state of a run, unless a later one is there already.
    pub fn show(self, run: RunView) {
        let _ = self.run.try_update(|shown| {
            let is_late = shown.as_ref().is_some_and(|shown| {
                shown.id > run.id
                    || (shown.id == run.id && shown.status.is_over() && !run.status.is_over())
            });
            if !is_late {
                *shown = Some(run);
            }
        });
    }

    /// Shows a run of any age, and watches it as long as something goes on in it.
    pub fn show_again(self, run: RunView) {
        self.run.set(Some(run));
    }

    /// Takes the ended run off the page.
    pub fn dismiss(self) {
        self.run.set(None);
    }

    fn refresh_numbers(self, scope: Scope) {
        let refreshed_at = StoredValue::new(js_sys::Date::now());
        Effect::new(move |before: Option<Option<RunView>>| {
            let run = self.run.get();
            if let Some(now) = &run {
                let before = before.flatten();
                let waited = js_sys::Date::now() - refreshed_at.get_value();
                if is_refresh_due(before.as_ref(), now, waited) {
                    refreshed_at.set_value(js_sys::Date::now());
                    scope.reload();
                    let went_on = |run: &RunView| run.id == now.id && !run.status.is_over();
                    if now.status.is_over() && before.as_ref().is_some_and(went_on) {
                        scope.project.reload();
                        announce(now);
                    }
                }
            }
            run
        });
    }
}

fn announce(run: &RunView) {
    let values: [(&str, &dyn std::fmt::Display); 3] = [
        ("answered", &format::whole(run.with_text())),
        ("total", &format::whole(run.total())),
        ("failed", &format::whole(run.failed())),
    ];
    let text = match run.status {
        RunStatus::Finished => texts::ENDED_FINISHED,
        RunStatus::FinishedWithFailures => texts::ENDED_WITH_FAILURES,
        RunStatus::OverBudget => texts::ENDED_OVER_BUDGET,
        RunStatus::Cancelled => texts::ENDED_CANCELLED,
        _ => texts::ENDED_FAILED,
    };
    toast::message(fill_now(text, &values));
}

/// Listens for as long as it is kept.
struct Watch {
    source: Option<EventSource>,
    // Kept alive for as long as the browser may call them.
    listeners: Vec<Closure<dyn FnMut(MessageEvent)>>,
    polling: StoredValue<Option<IntervalHandle>>,
    tick: Option<IntervalHandle>,
}

impl Watch {
    fn start(id: RunId, live: Live) -> Self {
        let tick = set_interval_with_handle(
            move || {
                let _ = live.now.try_set(Utc::now());
            },
            TICK,
        )
        .ok();
        let mut watch = Self {
            source: EventSource::new(&at(&state::events_path(id))).ok(),
            listeners: Vec::new(),
            polling: StoredValue::new(None),
            tick,
        };
        match watch.source.clone() {
            Some(source) => watch.listen(id, live, &source),
            None => poll(id, live, watch.polling),
        }
        watch
    }

    fn listen(&mut self, id: RunId, live: Live, source: &EventSource) {
        let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            let run = event
                .data()
                .as_string()
                .and_then(|text| serde_json::from_str(&text).ok());
            if let Some(run) = run {
                live.show(run);
            }
        });
        source.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        // The stream has ended, or broke: whatever the reason, asking tells.
        let polling = self.polling;
        let closing = source.clone();
        let on_end = Closure::<dyn FnMut(MessageEvent)>::new(move |_: MessageEvent| {
            closing.close();
            if live.watched_id_now() == Some(id) {
                poll(id, live, polling);
            }
        });
        let listener = on_end.as_ref().unchecked_ref();
        let _ = source.add_event_listener_with_callback("end", listener);
        source.set_onerror(Some(listener));
        self.listeners = vec![on_message, on_end];
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        if let Some(source) = &self.source {
            source.set_onmessage(None);
            source.set_onerror(None);
            source.close();
        }
        if let Some(tick) = self.tick {
            tick.clear();
        }
        if let Some(Some(polling)) = self.polling.try_get_value() {
            polling.clear();
        }
    }
}

impl Live {
    /// The run that is to be watched, as it is now.
    fn watched_id_now(self) -> Option<RunId> {
        self.run
            .try_with_untracked(|run| unsettled_id(run.as_ref()))?
    }
}

/// A run that goes on, or whose answers are being judged.
fn unsettled_id(run: Option<&RunView>) -> Option<RunId> {
    run.filter(|run| !run.is_settled()).map(|run| run.id)
}

/// Asks now and every two seconds, once per watch.
fn poll(id: RunId, live: Live, polling: StoredValue<Option<IntervalHandle>>) {
    if polling.try_get_value() != Some(None) {
        return;
    }
    ask(id, live);
    let handle = set_interval_with_handle(move || ask(id, live), POLL_EVERY).ok();
    let _ = polling.try_set_value(handle);
}

fn ask(id: RunId, live: Live) {
    spawn_local(async move {
        match api::runs::run(id).await {
            Ok(run) => live.show(run),
            Err(error) => remote::note(&error),
        }
    });
}
