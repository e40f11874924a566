//! REST for programs, with the predecessor's endpoints and field names.

mod admission;
mod answers;
mod body;
mod budget;
mod clusters;
mod comparison;
mod competitors;
pub(super) mod cron;
mod document;
mod exports;
mod health;
mod invitations;
mod judge;
mod keys;
mod metrics;
mod models;
mod names;
mod notes;
mod notices;
mod params;
mod prices;
mod projects;
mod queries;
mod recomputation;
mod reply;
mod runs;
mod schedule;
mod share_of_voice;
mod shared_keys;
mod snapshots;
mod sources;
mod tokens;
mod usage;

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{HttpState, caching, idempotency, limits, problem, replies};

pub(super) use document::{DOCUMENT, PREFIX};
pub(super) use health::PATH as HEALTH;
pub(super) use models::pages;

/// All endpoints under `/api/llm-monitoring`; what is not in here is not served, and what is
/// stands in the document (docs/adr/0018).
fn table() -> OpenApiRouter<HttpState> {
    of_callers().merge(of_operators()).merge(open())
}

/// What takes a caller. What they need for it stands in `admission`.
fn of_callers() -> OpenApiRouter<HttpState> {
    OpenApiRouter::default()
        .routes(routes!(queries::import))
        .routes(routes!(prices::preview))
        .routes(routes!(projects::list, projects::create))
        .routes(routes!(projects::list_deleted))
        .routes(routes!(projects::restore))
        .routes(routes!(projects::show, projects::change, projects::remove))
        .routes(routes!(queries::list, queries::add))
        .routes(routes!(queries::change, queries::remove))
        .routes(routes!(queries::show_history))
        .routes(routes!(clusters::list))
        .routes(routes!(runs::start))
        .routes(routes!(runs::list))
        .routes(routes!(runs::show))
        .routes(routes!(runs::cancel))
        .routes(routes!(runs::judge))
        .routes(routes!(runs::retry))
        .routes(routes!(runs::watch))
        .routes(routes!(runs::forecast))
        .routes(routes!(answers::list))
        .routes(routes!(answers::responses))
        .routes(routes!(answers::show))
        .routes(routes!(metrics::show))
        .routes(routes!(snapshots::list))
        .routes(routes!(comparison::compare))
        .routes(routes!(share_of_voice::show_history))
        .routes(routes!(competitors::list))
        .routes(routes!(names::list, names::decide))
        .routes(routes!(notes::list, notes::add))
        .routes(routes!(notes::remove))
        .routes(routes!(sources::rank))
        .routes(routes!(exports::answers))
        .routes(routes!(exports::findings))
        .routes(routes!(exports::citations))
        .routes(routes!(exports::snapshots))
        .routes(routes!(exports::ledger))
        .routes(routes!(exports::queries))
        .routes(routes!(queries::suggest))
        .routes(routes!(keys::show, keys::add, keys::save, keys::remove))
        .routes(routes!(keys::try_out))
        .routes(routes!(budget::show, budget::change))
        .routes(routes!(shared_keys::list, shared_keys::set))
        .routes(routes!(judge::show, judge::change))
        .routes(routes!(usage::show))
        .routes(routes!(prices::list, prices::accept))
        .routes(routes!(models::list, models::add))
        .routes(routes!(models::change))
        .routes(routes!(models::check))
        .routes(routes!(models::list_changes))
        .routes(routes!(models::approve))
        .routes(routes!(models::reject))
        .routes(routes!(recomputation::show, recomputation::book))
        .routes(routes!(schedule::show, schedule::change))
        .routes(routes!(schedule::show_of_project))
        .routes(routes!(schedule::show_of_models))
        .routes(routes!(notices::list))
        .routes(routes!(invitations::list, invitations::make))
        .routes(routes!(invitations::revoke))
        .routes(routes!(tokens::list, tokens::make))
        .routes(routes!(tokens::revoke))
}

/// What the operator's own token opens, nobody's session.
fn of_operators() -> OpenApiRouter<HttpState> {
    OpenApiRouter::default()
        .routes(routes!(cron::start_day))
        .routes(routes!(cron::check_models))
}

/// What is open to all, and not counted: who watches the host asks every few seconds.
fn open() -> OpenApiRouter<HttpState> {
    OpenApiRouter::default().routes(routes!(health::show))
}

/// The routes of the table. A request is counted, then its caller is looked at, then its body is
/// read as far as there is room; then it has its turn, if it was not carried out before. What it is
/// told has room, too, until it is read.
pub(super) fn routes(state: &HttpState) -> Router<HttpState> {
    let once = from_fn(idempotency::carry_out_once);
    let admitted = from_fn_with_state(state.clone(), admission::admit);
    let counted = from_fn_with_state(state.clone(), limits::limit_rest);
    Router::from(of_callers())
        .route_layer(once)
        .route_layer(admitted)
        .merge(Router::from(of_operators()))
        .fallback(problem::no_such_endpoint)
        .layer(from_fn(caching::leave_out_known))
        .layer(from_fn_with_state(state.clone(), replies::hold_until_read))
        .layer(counted)
        .merge(Router::from(open()))
}
