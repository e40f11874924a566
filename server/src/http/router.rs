//! The whole route table.

use std::num::NonZeroU32;
use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRef};
use axum::http::Request;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, post};
use secrecy::SecretString;
use tower_http::request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer};
use tower_http::trace::TraceLayer;

use super::limits::{BODY_LIMIT, RestLimits};
use super::{
    assets, caching, confirmation, docs, events, head, idempotency, limits, problem, rest,
    security, server_fns, session,
};
use crate::services::Host;

/// What the routes share.
#[derive(Clone)]
pub struct HttpState {
    host: Host,
    limits: Arc<RestLimits>,
    cron_token: rest::cron::CronToken,
    shows_docs: bool,
}

impl HttpState {
    /// `requests_per_minute`: of REST, a token. `cron_token`: opens the jobs to programs.
    pub fn new(
        host: Host,
        requests_per_minute: NonZeroU32,
        cron_token: Option<SecretString>,
    ) -> Self {
        Self {
            host,
            limits: Arc::new(RestLimits::new(requests_per_minute)),
            cron_token: Arc::new(cron_token),
            shows_docs: true,
        }
    }

    /// The same, with or without a page that shows the document of REST to people.
    #[must_use]
    pub const fn with_docs(mut self, shows_docs: bool) -> Self {
        self.shows_docs = shows_docs;
        self
    }
}

impl FromRef<HttpState> for Host {
    fn from_ref(state: &HttpState) -> Self {
        state.host.clone()
    }
}

impl FromRef<HttpState> for Arc<RestLimits> {
    fn from_ref(state: &HttpState) -> Self {
        Arc::clone(&state.limits)
    }
}

impl FromRef<HttpState> for rest::cron::CronToken {
    fn from_ref(state: &HttpState) -> Self {
        Arc::clone(&state.cron_token)
    }
}

/// Every route of the host. Requests pass the layers from the last to the first.
pub fn router(state: HttpState) -> Router {
    let rest = rest::routes()
        .fallback(problem::no_such_endpoint)
        .layer(from_fn_with_state(
            state.clone(),
            idempotency::carry_out_once,
        ))
        .layer(from_fn(caching::leave_out_known))
        .layer(from_fn_with_state(state.clone(), limits::limit_rest));
    let pages = rest::pages()
        .merge(confirmation::pages())
        .layer(from_fn_with_state(state.clone(), limits::limit_rest));
    Router::new()
        .merge(pages)
        .nest(rest::PREFIX, rest)
        .merge(docs::routes(state.shows_docs))
        .route("/api/fn/{*name}", post(server_fns::handle))
        .route("/api/runs/{run_id}/events", get(events::run_events))
        .route(
            "/api/{*rest}",
            axum::routing::any(problem::no_such_endpoint),
        )
        .fallback(assets::serve)
        .layer(from_fn_with_state(state.clone(), session::bind_services))
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(from_fn(limits::refuse_large_bodies))
        .layer(security::refuse_cross_site())
        .layer(from_fn(problem::catch_panics))
        .layer(from_fn(head::refuse_two_hosts))
        .layer(from_fn(problem::as_problem))
        .layer(from_fn(security::set_headers))
        .layer(PropagateRequestIdLayer::new(head::REQUEST_ID))
        .layer(TraceLayer::new_for_http().make_span_with(request_span))
        .layer(SetRequestIdLayer::new(head::REQUEST_ID, MakeRequestUuid))
        .layer(from_fn(head::drop_odd_ids))
        .with_state(state)
}

/// Neither query nor body: they may hold tokens, prompts and keys.
fn request_span<B>(request: &Request<B>) -> tracing::Span {
    let id = request
        .headers()
        .get(head::REQUEST_ID)
        .and_then(|id| id.to_str().ok())
        .unwrap_or_default();
    tracing::info_span!("request", request.id = id, http.method = %request.method(), http.path = request.uri().path())
}
