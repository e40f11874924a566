//! Progress as server-sent events: of a run, and of all runs of a workspace with what needs somebody.

use std::collections::{HashMap, VecDeque};
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use app::api::runs::RunsPort;
use app::model::ids::RunId;
use app::model::run::{Lately, RunView};
use axum::extract::State;
use axum::http::header::CACHE_CONTROL;
use axum::http::{HeaderName, HeaderValue};
use axum::response::sse::{Event, KeepAlive};
use axum::response::{IntoResponse, Response, Sse};
use futures_util::Stream;
use futures_util::stream;

use super::path::Ids;
use super::problem::Problem;
use super::streams::{EventStreams, OpenStream};
use crate::services::Services;

/// Lanes carry their own counters, so a look is one small query; it also sees what workers on
/// other machines do.
const LOOK_EVERY: Duration = Duration::from_millis(300);
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// The same of a workspace. Its windows are as many as its people.
const LOOK_AT_ALL_EVERY: Duration = Duration::from_millis(500);
/// A browser tells its other windows that it listens. They look themselves where they hear nothing
/// for somewhat longer than this.
const ALIVE: Duration = Duration::from_secs(4);

struct Watch {
    services: Services,
    /// Counts as long as the stream is open.
    _open: OpenStream,
    run_id: RunId,
    last: Option<RunView>,
    is_over: bool,
}

/// One event a change, each the whole run; the last one is called `end`, and comes when a judge
/// is through with it too.
pub(super) async fn run_events(
    State(streams): State<Arc<EventStreams>>,
    services: Services,
    Ids(run_id): Ids<RunId>,
) -> Result<Response, Problem> {
    // Before the stream begins a wrong id is still a 404.
    services.run(run_id).await?;
    let watch = Watch {
        _open: streams.open(&services)?,
        services,
        run_id,
        last: None,
        is_over: false,
    };
    let keep_alive = KeepAlive::new().interval(KEEP_ALIVE);
    Ok(event_stream(stream::unfold(watch, next_event), keep_alive))
}

struct WatchAll {
    services: Services,
    /// Counts as long as the stream is open.
    _open: OpenStream,
    /// What was told of each run.
    told: HashMap<RunId, RunView>,
    /// What was told of notices; `None`: nothing yet.
    told_needs: Option<Vec<i64>>,
    /// What is still to be told.
    changed: VecDeque<Event>,
    is_first: bool,
}

/// One event for each run of the workspace that begins, moves or has just ended, each the whole
/// run; and one, a list of ids, at the beginning and whenever something else needs somebody. It
/// ends with the session, and goes on for as long as somebody listens.
pub(super) async fn workspace_events(
    State(streams): State<Arc<EventStreams>>,
    services: Services,
) -> Result<Response, Problem> {
    // Before the stream begins it is refused like any call.
    services.lately().await?;
    let watch = WatchAll {
        _open: streams.open(&services)?,
        services,
        told: HashMap::new(),
        told_needs: None,
        changed: VecDeque::new(),
        is_first: true,
    };
    let alive = Event::default().event("alive").data("{}");
    let keep_alive = KeepAlive::new().interval(ALIVE).event(alive);
    Ok(event_stream(stream::unfold(watch, next_of_all), keep_alive))
}

async fn next_of_all(mut watch: WatchAll) -> Option<(Result<Event, Infallible>, WatchAll)> {
    loop {
        if let Some(event) = watch.changed.pop_front() {
            return Some((Ok(event), watch));
        }
        // A stream that stayed open would hold up the end of the process.
        if !watch.is_first {
            let closing = &watch.services.host().closing;
            closing
                .run_until_cancelled(tokio::time::sleep(LOOK_AT_ALL_EVERY))
                .await?;
        }
        watch.is_first = false;
        // The caller may have been thrown out meanwhile.
        watch.services.check_still_allowed().await.ok()?;
        let Lately { runs, needs } = watch.services.lately().await.ok()?;
        for run in &runs {
            if watch.told.get(&run.id) != Some(run) {
                watch
                    .changed
                    .push_back(Event::default().json_data(run).ok()?);
            }
        }
        // What nothing happens in any more is forgotten with the look that no longer finds it.
        watch.told = runs.into_iter().map(|run| (run.id, run)).collect();
        if watch.told_needs.as_ref() != Some(&needs) {
            let event = Event::default().json_data(&needs).ok()?;
            watch.changed.push_back(event);
            watch.told_needs = Some(needs);
        }
    }
}

/// Events as they come: neither kept by anybody on the way nor gathered by a proxy.
fn event_stream(
    events: impl Stream<Item = Result<Event, Infallible>> + Send + 'static,
    keep_alive: KeepAlive,
) -> Response {
    let stream = Sse::new(events).keep_alive(keep_alive);
    let mut response = stream.into_response();
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.insert(
        HeaderName::from_static("x-accel-buffering"),
        HeaderValue::from_static("no"),
    );
    response
}

async fn next_event(mut watch: Watch) -> Option<(Result<Event, Infallible>, Watch)> {
    if watch.is_over {
        return None;
    }
    if watch.last.as_ref().is_some_and(RunView::is_settled) {
        watch.is_over = true;
        return Some((Ok(Event::default().event("end").data("{}")), watch));
    }
    loop {
        // The caller may have been thrown out meanwhile, or the run is gone: the stream ends.
        watch.services.check_still_allowed().await.ok()?;
        let run = watch.services.run(watch.run_id).await.ok()?;
        if watch.last.as_ref() != Some(&run) {
            let event = Event::default().json_data(&run).ok()?;
            watch.last = Some(run);
            return Some((Ok(event), watch));
        }
        // A stream that stayed open would hold up the end of the process.
        let closing = &watch.services.host().closing;
        closing
            .run_until_cancelled(tokio::time::sleep(LOOK_EVERY))
            .await?;
    }
}
