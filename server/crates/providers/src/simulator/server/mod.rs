//! A server on loopback that speaks the protocols of the four providers, so that the real
//! adapters can be run against it: answers, citations, usage, rate headers, model lists, faults.

mod agent;
mod protocols;
mod refusals;
mod reroute;
mod stats;

use std::future::Future;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use axum::routing::{get, post};
use axum::serve::ListenerExt;
use bytes::Bytes;
use futures_util::stream;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use self::protocols::{Asked, Protocol};
use self::refusals::Refusal;
use self::reroute::Reroutes;
pub use self::reroute::{InvalidReroute, Reroute};
use self::stats::Stats;
use super::dice::{Dice, hash};
use super::names::Pool;
use super::phrases::looks_spanish;
use super::writer::{Brief, Draft, write};
use super::{Fault, FaultPlan, formed};

/// Requests larger than this are refused.
const REQUEST_LIMIT: usize = 1024 * 1024;

/// How the server behaves.
#[derive(Clone, Debug)]
pub struct SimulateOptions {
    /// How long an answer takes.
    pub latency: Duration,
    /// How much longer it takes where the failure `slow` strikes.
    pub slow: Duration,
    /// How long a client is asked to wait after a 429.
    pub retry_after: Duration,
    /// What fails, and how often.
    pub faults: FaultPlan,
    /// Names to use in answers.
    pub names: Vec<String>,
    /// Models that others answer for.
    pub reroutes: Vec<Reroute>,
    /// Another seed gives other answers.
    pub seed: u64,
}

impl Default for SimulateOptions {
    fn default() -> Self {
        Self {
            latency: Duration::ZERO,
            slow: Duration::from_secs(30),
            retry_after: Duration::from_secs(1),
            faults: FaultPlan::default(),
            names: Vec::new(),
            reroutes: Vec::new(),
            seed: 0,
        }
    }
}

struct Server {
    options: SimulateOptions,
    asked: AtomicU64,
    reroutes: Reroutes,
    stats: Stats,
}

/// Serves until `shutdown` is done. The listener decides about the address, so that tests can
/// bind port 0.
pub async fn serve(
    listener: TcpListener,
    options: SimulateOptions,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let server = Server {
        reroutes: Reroutes::new(&options.reroutes),
        options,
        asked: AtomicU64::new(0),
        stats: Stats::default(),
    };
    let listener = listener.tap_io(|connection| {
        // Answers are small; waiting for more to send would only add latency.
        let _ = connection.set_nodelay(true);
    });
    axum::serve(listener, routes(Arc::new(server)))
        .with_graceful_shutdown(shutdown)
        .await
}

fn routes(server: Arc<Server>) -> Router {
    Router::new()
        .route("/v1/responses", post(responses))
        .route("/v1/chat/completions", post(chat))
        .route("/v1/messages", post(messages))
        .route("/v1beta/models/{call}", post(generate_content))
        .route("/v1/agent", post(agent_run))
        .route("/v1/agent/{id}", get(kept_run))
        .route("/chat/completions", post(sonar))
        .route("/v1/sonar", post(sonar))
        .route("/v1/models", get(models))
        .route("/v1beta/models", get(google_models))
        .route("/_simulate/stats", get(statistics))
        .with_state(server)
}

type Shared = State<Arc<Server>>;

async fn responses(State(server): Shared, request: Request) -> Response {
    server.ask(Protocol::Responses, None, request).await
}

async fn chat(State(server): Shared, request: Request) -> Response {
    server.ask(Protocol::Chat, None, request).await
}

async fn messages(State(server): Shared, request: Request) -> Response {
    server.ask(Protocol::Messages, None, request).await
}

async fn agent_run(State(server): Shared, request: Request) -> Response {
    server.ask(Protocol::Agent, None, request).await
}

/// No run is kept: only a good key learns that.
async fn kept_run(Path(id): Path<String>, headers: HeaderMap) -> Response {
    if let Some(refusal) = refusals::key(&headers) {
        return refusal_response(Protocol::Agent, refusal, Duration::ZERO, "run");
    }
    let (status, body) = agent::no_such_run(&id);
    json_response(status, &body)
}

/// Whatever the key, it has ended.
async fn sonar() -> Response {
    let (status, body) = agent::sonar_has_ended();
    json_response(status, &body)
}

async fn generate_content(
    State(server): Shared,
    Path(call): Path<String>,
    request: Request,
) -> Response {
    match call.strip_suffix(":generateContent") {
        Some(model) => {
            server
                .ask(Protocol::GenerateContent, Some(model), request)
                .await
        }
        None => json_response(
            404,
            &json!({"error": {"code": 404, "message": "no such method", "status": "NOT_FOUND"}}),
        ),
    }
}

/// `OpenAI` and Perplexity list their models at the same path to keys in the same header; the keys
/// themselves begin differently.
async fn models(headers: HeaderMap) -> Response {
    let is_anthropic =
        headers.contains_key("anthropic-version") || headers.contains_key("x-api-key");
    let is_perplexity = key(&headers).is_some_and(|key| key.starts_with("pplx-"));
    let protocol = if is_anthropic {
        Protocol::Messages
    } else if is_perplexity {
        Protocol::Agent
    } else {
        Protocol::Responses
    };
    list_models(protocol, &headers)
}

async fn google_models(headers: HeaderMap) -> Response {
    list_models(Protocol::GenerateContent, &headers)
}

fn list_models(protocol: Protocol, headers: &HeaderMap) -> Response {
    match refusals::key(headers) {
        Some(refusal) => refusal_response(protocol, refusal, Duration::ZERO, "list"),
        None => json_response(200, &protocol.model_list()),
    }
}

async fn statistics(State(server): Shared) -> Response {
    json_response(200, &server.stats.report())
}

impl Server {
    async fn ask(
        &self,
        protocol: Protocol,
        model_in_path: Option<&str>,
        request: Request,
    ) -> Response {
        let number = self.asked.fetch_add(1, Ordering::Relaxed);
        let request_id = format!("req_sim_{number}");
        let refuse =
            |refusal| refusal_response(protocol, refusal, self.options.retry_after, &request_id);
        if let Some(refusal) = refusals::key(request.headers()) {
            return refuse(refusal);
        }
        let Ok(body) = axum::body::to_bytes(request.into_body(), REQUEST_LIMIT).await else {
            return refuse(Refusal::Malformed);
        };
        let json: Value = serde_json::from_slice(&body).unwrap_or(Value::Null);
        let protocol = match protocol {
            Protocol::Responses if agent::speaks(&json) => Protocol::Agent,
            other => other,
        };
        let refuse =
            |refusal| refusal_response(protocol, refusal, self.options.retry_after, &request_id);
        if protocol == Protocol::Agent
            && let Some(body) = agent::refusal(&json)
        {
            return protocol.label(json_response(400, &body), &request_id);
        }
        let Some(question) = protocol.read(&json, model_in_path) else {
            return refuse(Refusal::Malformed);
        };
        if question.model.starts_with("missing") {
            return refuse(Refusal::NoSuchModel);
        }
        self.stats.count_request(&question.model, &question.text);
        let dice = Dice::new(self.options.seed ^ hash(&[&request_id, "fault"])).share();
        let fault = self.options.faults.decide(number, dice);
        self.wait(fault).await;
        match fault {
            Some(Fault::Status(status)) => refuse(Refusal::Status(status)),
            Some(Fault::Drop) => broken_response(),
            Some(Fault::Malformed) => {
                with_body(200, Bytes::from_static(b"{\"id\": \"cut off\", \"out"))
            }
            Some(Fault::Slow) | None => {
                self.stats.count_answer(&question.model, &question.text);
                let served = Asked {
                    model: self.reroutes.next(&question.model),
                    ..question
                };
                let draft = self.draft(&served, number);
                let reply = protocol.answer(&served, &draft, number);
                protocol.label(json_response(200, &reply), &request_id)
            }
        }
    }

    async fn wait(&self, fault: Option<Fault>) {
        let extra = if fault == Some(Fault::Slow) {
            self.options.slow
        } else {
            Duration::ZERO
        };
        let wait = self.options.latency + extra;
        if !wait.is_zero() {
            tokio::time::sleep(wait).await;
        }
    }

    fn draft(&self, question: &Asked, number: u64) -> Draft {
        if let Some(formed) = formed(&question.text) {
            return formed;
        }
        let told = question.instruction.contains("Spanish");
        write(&Brief {
            pool: Pool {
                model: &question.model,
                question: &question.text,
                hints: &self.options.names,
                extra: &[],
            },
            spanish: told || looks_spanish(&question.text),
            search: question.search,
            max_output_tokens: question.max_output_tokens,
            nonce: self.options.seed.wrapping_add(number),
            bytes: 0,
        })
    }
}

fn refusal_response(
    protocol: Protocol,
    refusal: Refusal,
    retry_after: Duration,
    request_id: &str,
) -> Response {
    let (status, body) = refusals::body(protocol, refusal, retry_after, request_id);
    let response = json_response(status, &body);
    protocol.label(
        refusals::retry_headers(protocol, refusal, retry_after, response),
        request_id,
    )
}

fn json_response(status: u16, body: &Value) -> Response {
    with_body(status, Bytes::from(body.to_string()))
}

fn with_body(status: u16, body: Bytes) -> Response {
    response(status, Body::from(body))
}

fn response(status: u16, body: Body) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() =
        StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response.headers_mut().insert(
        CONTENT_TYPE,
        axum::http::HeaderValue::from_static("application/json"),
    );
    response
}

/// A response that ends before its end.
fn broken_response() -> Response {
    let start = Ok(Bytes::from_static(b"{\"id\": "));
    let end = Err(io::Error::new(
        io::ErrorKind::ConnectionAborted,
        "dropped on order",
    ));
    response(200, Body::from_stream(stream::iter([start, end])))
}

/// The key of a request, wherever the protocols carry it.
fn key(headers: &HeaderMap) -> Option<&str> {
    let plain = ["x-api-key", "x-goog-api-key", "api-key"]
        .into_iter()
        .find_map(|name| headers.get(name));
    let text = match plain {
        Some(value) => value.to_str().ok()?,
        None => headers
            .get(AUTHORIZATION)?
            .to_str()
            .ok()?
            .strip_prefix("Bearer ")?,
    };
    Some(text.trim()).filter(|key| !key.is_empty())
}
