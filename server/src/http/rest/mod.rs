//! REST for programs, with the predecessor's endpoints and field names.

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
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::limits::FILE_LIMIT;
use super::{HttpState, session};

pub(super) use document::{DOCUMENT, PREFIX};
pub(super) use model_review::pages;

/// All endpoints under `/api/llm-monitoring`; what is not in here is not served, and what is
/// stands in the document (docs/adr/0018). Only `/health` is open.
fn table() -> OpenApiRouter<HttpState> {
    OpenApiRouter::default()
        .routes(routes!(query_file::import))
        .routes(routes!(price_files::preview))
        // Files; the router above sets that of the others.
        .route_layer(DefaultBodyLimit::max(FILE_LIMIT))
        .routes(routes!(projects::list, projects::create))
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
        .routes(routes!(api_keys::show, api_keys::add, api_keys::save, api_keys::remove))
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
        .routes(routes!(tokens::list, tokens::make))
        .routes(routes!(tokens::revoke))
        .route_layer(from_fn(session::require_caller))
        // The operator's own token opens these, nobody's session.
        .routes(routes!(cron::daily))
        .routes(routes!(cron::models))
        .routes(routes!(health::health))
}

/// The routes of the table.
pub(super) fn routes() -> Router<HttpState> {
    table().into()
}
