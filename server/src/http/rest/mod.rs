//! REST for programs, with the predecessor's endpoints and field names.

mod admission;
mod api_keys;
mod body;
mod budget;
mod changes;
mod comparison;
pub(super) mod cron;
mod document;
mod export_rows;
mod exports;
mod forecast;
mod health;
mod history;
mod invitations;
mod judge;
mod metrics;
mod model_review;
mod models;
mod names;
mod notices;
mod params;
mod price_files;
mod project_fields;
mod projects;
mod queries;
mod query_file;
mod registry;
mod reply;
mod results;
mod runs;
mod schedule;
mod shapes;
mod shared_keys;
mod sources;
mod suggest;
mod table_file;
mod tokens;
mod usage;

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{HttpState, caching, idempotency, limits, problem};

pub(super) use document::{DOCUMENT, PREFIX};
pub(super) use health::PATH as HEALTH;
pub(super) use model_review::pages;

/// All endpoints under `/api/llm-monitoring`; what is not in here is not served, and what is
/// stands in the document (docs/adr/0018).
fn table() -> OpenApiRouter<HttpState> {
    of_callers().merge(of_operators()).merge(open())
}

/// What takes a caller. What they need for it stands in `admission`.
fn of_callers() -> OpenApiRouter<HttpState> {
    OpenApiRouter::default()
        .routes(routes!(query_file::import))
        .routes(routes!(price_files::preview))
        .routes(routes!(projects::list, projects::create))
        .routes(routes!(projects::deleted))
        .routes(routes!(projects::restore))
        .routes(routes!(projects::show, projects::change, projects::remove))
        .routes(routes!(queries::list, queries::put))
        .routes(routes!(queries::change, queries::remove))
        .routes(routes!(history::of_query))
        .routes(routes!(history::clusters))
        .routes(routes!(runs::analyze))
        .routes(routes!(runs::list))
        .routes(routes!(runs::show))
        .routes(routes!(runs::cancel))
        .routes(routes!(runs::judge))
        .routes(routes!(runs::watch))
        .routes(routes!(forecast::of_run))
        .routes(routes!(results::list))
        .routes(routes!(results::responses))
        .routes(routes!(results::show))
        .routes(routes!(metrics::metrics))
        .routes(routes!(metrics::snapshots))
        .routes(routes!(comparison::providers))
        .routes(routes!(comparison::voices))
        .routes(routes!(comparison::competitors))
        .routes(routes!(names::list, names::decide))
        .routes(routes!(sources::ranking))
        .routes(routes!(exports::answers))
        .routes(routes!(exports::findings))
        .routes(routes!(exports::citations))
        .routes(routes!(exports::snapshots))
        .routes(routes!(exports::ledger))
        .routes(routes!(exports::queries))
        .routes(routes!(suggest::suggest))
        .routes(routes!(
            api_keys::show,
            api_keys::add,
            api_keys::save,
            api_keys::remove
        ))
        .routes(routes!(api_keys::test))
        .routes(routes!(budget::show, budget::change))
        .routes(routes!(shared_keys::list, shared_keys::set))
        .routes(routes!(judge::show, judge::change))
        .routes(routes!(usage::usage))
        .routes(routes!(usage::prices, price_files::accept))
        .routes(routes!(models::list, registry::add))
        .routes(routes!(models::change))
        .routes(routes!(registry::check))
        .routes(routes!(registry::changes))
        .routes(routes!(registry::approve))
        .routes(routes!(registry::reject))
        .routes(routes!(price_files::recompute, price_files::book))
        .routes(routes!(schedule::show, schedule::change))
        .routes(routes!(schedule::of_project))
        .routes(routes!(schedule::of_models))
        .routes(routes!(notices::list))
        .routes(routes!(invitations::list, invitations::make))
        .routes(routes!(invitations::revoke))
        .routes(routes!(tokens::list, tokens::make))
        .routes(routes!(tokens::revoke))
}

/// What the operator's own token opens, nobody's session.
fn of_operators() -> OpenApiRouter<HttpState> {
    OpenApiRouter::default()
        .routes(routes!(cron::daily))
        .routes(routes!(cron::models))
}

/// What is open to all, and not counted: who watches the host asks every few seconds.
fn open() -> OpenApiRouter<HttpState> {
    OpenApiRouter::default().routes(routes!(health::health))
}

/// The routes of the table. A request is counted, then its caller is looked at, then its body is
/// read as far as there is room; then it has its turn, if it was not carried out before.
pub(super) fn routes(state: &HttpState) -> Router<HttpState> {
    let once = from_fn_with_state(state.clone(), idempotency::carry_out_once);
    let admitted = from_fn_with_state(state.clone(), admission::admit);
    let counted = from_fn_with_state(state.clone(), limits::limit_rest);
    Router::from(of_callers())
        .route_layer(once)
        .route_layer(admitted)
        .merge(Router::from(of_operators()))
        .fallback(problem::no_such_endpoint)
        .layer(from_fn(caching::leave_out_known))
        .layer(counted)
        .merge(Router::from(open()))
}
