//! The whole route table.

use std::net::{Ipv4Addr, SocketAddr};
use std::num::NonZeroU32;
use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRef};
use axum::http::Request;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, post};
use secrecy::SecretString;
use tower::util::MapRequestLayer;
use tower_http::request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer};
use tower_http::trace::TraceLayer;

use super::at_work::AtWork;
use super::bodies::{ANONYMOUS_LIMIT, BodyRoom};
use super::front::{Front, refuse_cross_site, refuse_other_names, take_prefix_off};
use super::limits::RateLimits;
use super::replies::{self, ReplyRoom};
use super::streams::EventStreams;
use super::{
    caching, compression, confirmation, docs, door, events, first_screen, head, limits, problem,
    rest, security, server_fns, session, sign_in_page, together,
};
use crate::config::{HttpConfig, InstanceAddress, TrustedProxies};
use crate::services::Host;

/// What the routes share.
#[derive(Clone)]
pub struct HttpState {
    host: Host,
    limits: Arc<RateLimits>,
    bodies: Arc<BodyRoom>,
    replies: Arc<ReplyRoom>,
    at_work: Arc<AtWork>,
    cron_token: rest::cron::CronToken,
    streams: Arc<EventStreams>,
    shows_docs: bool,
    front: Arc<Front>,
    look_ups: Arc<session::CallerLookUps>,
}

impl HttpState {
    /// `requests_per_minute`: of a user's programs. `cron_token`: opens the jobs to programs.
    pub fn new(
        host: Host,
        requests_per_minute: NonZeroU32,
        cron_token: Option<SecretString>,
    ) -> Self {
        Self {
            host,
            limits: Arc::new(RateLimits::new(requests_per_minute)),
            bodies: Arc::default(),
            replies: Arc::default(),
            at_work: Arc::default(),
            cron_token: Arc::new(cron_token),
            streams: Arc::default(),
            shows_docs: true,
            front: Arc::new(Front {
                address: InstanceAddress::listening_on(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))),
                proxies: TrustedProxies::default(),
            }),
            look_ups: Arc::default(),
        }
    }

    /// The same, reached as the operator says.
    #[must_use]
    pub fn reached_as(mut self, config: &HttpConfig) -> Self {
        self.front = Arc::new(Front {
            address: config.address.clone(),
            proxies: config.trusted_proxies.clone(),
        });
        self
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

impl FromRef<HttpState> for Arc<BodyRoom> {
    fn from_ref(state: &HttpState) -> Self {
        Arc::clone(&state.bodies)
    }
}

impl FromRef<HttpState> for Arc<ReplyRoom> {
    fn from_ref(state: &HttpState) -> Self {
        Arc::clone(&state.replies)
    }
}

impl FromRef<HttpState> for Arc<AtWork> {
    fn from_ref(state: &HttpState) -> Self {
        Arc::clone(&state.at_work)
    }
}

impl FromRef<HttpState> for Arc<RateLimits> {
    fn from_ref(state: &HttpState) -> Self {
        Arc::clone(&state.limits)
    }
}

impl FromRef<HttpState> for Arc<Front> {
    fn from_ref(state: &HttpState) -> Self {
        Arc::clone(&state.front)
    }
}

impl FromRef<HttpState> for Arc<session::CallerLookUps> {
    fn from_ref(state: &HttpState) -> Self {
        Arc::clone(&state.look_ups)
    }
}

impl FromRef<HttpState> for rest::cron::CronToken {
    fn from_ref(state: &HttpState) -> Self {
        Arc::clone(&state.cron_token)
    }
}

impl FromRef<HttpState> for Arc<EventStreams> {
    fn from_ref(state: &HttpState) -> Self {
        Arc::clone(&state.streams)
    }
}

/// Every route of the host. Requests pass the layers from the last to the first.
pub fn router(state: HttpState) -> Router {
    let counted = || from_fn_with_state(state.clone(), limits::limit_calls);
    let pages = rest::pages()
        .merge(confirmation::pages())
        .layer(from_fn_with_state(state.clone(), limits::limit_rest));
    // The document is large, and packed anew for each who asks.
    let docs = docs::routes(state.shows_docs, &state.front.address)
        .layer(from_fn_with_state(state.clone(), limits::limit_rest));
    let calls = Router::new().route(
        "/api/fn/{*name}",
        post(server_fns::handle)
            .layer(from_fn_with_state(state.clone(), replies::hold_until_read))
            .layer(counted()),
    );
    let front = Arc::clone(&state.front);
    let routes = Router::new()
        .merge(pages)
        .nest(rest::PREFIX, rest::routes(&state))
        .merge(docs)
        .route(
            together::PATH,
            post(together::handle)
                .with_state(calls_together(&state, &calls))
                .layer(from_fn_with_state(state.clone(), replies::hold_until_read))
                .layer(counted()),
        )
        .merge(calls)
        .route("/api/runs/events", get(events::workspace_events).layer(counted()))
        .route("/api/runs/{run_id}/events", get(events::run_events).layer(counted()))
        .route(
            "/api/{*rest}",
            axum::routing::any(problem::no_such_endpoint),
        )
        .route(
            sign_in_page::PATH,
            get(sign_in_page::show).layer(from_fn(caching::leave_out_known)),
        )
        .fallback(first_screen::serve)
        .layer(from_fn_with_state(state.clone(), session::bind_services))
        // Who may send more has it raised where that is known.
        .layer(DefaultBodyLimit::max(ANONYMOUS_LIMIT))
        .layer(from_fn_with_state(state.clone(), refuse_cross_site))
        .layer(from_fn_with_state(state.clone(), refuse_other_names))
        .layer(from_fn(problem::catch_panics))
        .layer(from_fn(door::answer_late_bodies))
        .layer(from_fn(head::refuse_two_hosts))
        .layer(from_fn(problem::as_problem))
        .layer(compression::for_unknown_length())
        .layer(compression::for_known_length())
        .layer(from_fn(compression::weaken_tags))
        .layer(from_fn_with_state(state.clone(), security::set_headers))
        .layer(PropagateRequestIdLayer::new(head::REQUEST_ID))
        .layer(TraceLayer::new_for_http().make_span_with(request_span))
        .layer(SetRequestIdLayer::new(head::REQUEST_ID, MakeRequestUuid))
        .layer(from_fn(head::drop_odd_ids))
        .with_state(state);
    // Before a route is looked for.
    Router::new()
        .fallback_service(routes)
        .layer(MapRequestLayer::new(move |request| {
            take_prefix_off(&front, request)
        }))
}

/// What calls that come together are answered by: the routes of one that comes alone, with its own
/// errors and panics. Who it is is known.
fn calls_together(state: &HttpState, calls: &Router<HttpState>) -> together::Calls {
    let alone = calls
        .clone()
        .layer(from_fn(problem::catch_panics))
        .layer(from_fn(problem::as_problem));
    together::Calls {
        alone: alone.with_state(state.clone()),
        bodies: Arc::clone(&state.bodies),
        replies: Arc::clone(&state.replies),
    }
}

/// Neither query nor body: they may hold tokens, prompts and keys.
fn request_span<B>(request: &Request<B>) -> tracing::Span {
    let id = request
        .headers()
        .get(head::REQUEST_ID)
        .and_then(|id| id.to_str().ok())
        .unwrap_or_default();
    tracing::info_span!(
        "request",
        request.id = id,
        http.method = %request.method(),
        http.path = request.uri().path(),
        // Known once the headers of proxies are read.
        client.address = tracing::field::Empty,
    )
}
