//! Calls of the browser that come as one request: what a page asks for at the same moment. Each goes
//! to the handler of calls as if it had come alone: counted, within the limits, at its own place, and
//! answered with its own status.
//!
//! Invariant: knows no call but those that may not come here. No cookie is set by what came here.

use std::sync::Arc;

use app::api::error::ErrorCode;
use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{
    ACCEPT, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, EXPECT, TRANSFER_ENCODING,
};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde_json::value::RawValue;
use tokio::task::JoinSet;
use tower::ServiceExt;
use tracing::Instrument;

use super::bodies::BodyRoom;
use super::problem::{Problem, status_of};
use super::replies::ReplyRoom;
use super::room::{HeldRoom, no_room};
use super::server_fns::{is_json, limit_of, no_json};
use crate::services::Services;

/// Where they come.
pub(super) const PATH: &str = "/api/fn/together";
/// What each is below.
const CALLS: &str = "/api/fn/";
/// So many at once.
const MOST: usize = 16;
/// Characters of a call's name.
const LONGEST_NAME: usize = 64;
/// What begins or ends a session: the cookie is the reply's, and there is one reply.
const ALONE: [&str; 3] = [
    "/api/fn/accounts/sign-in",
    "/api/fn/accounts/sign-out",
    "/api/fn/accounts/sign-up",
];
const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// What answers calls, and what they are held in.
#[derive(Clone)]
pub(super) struct Calls {
    /// The routes of a call that comes alone.
    pub(super) alone: Router,
    pub(super) bodies: Arc<BodyRoom>,
    pub(super) replies: Arc<ReplyRoom>,
}

/// A call, as it is written: its name and its arguments.
type Asked = (String, Box<RawValue>);

/// What came of a call.
struct Told {
    status: StatusCode,
    body: Bytes,
    /// Until all of them are written down.
    _held: Option<HeldRoom>,
}

/// Answers each of the calls, all at the same time: a list of statuses and bodies, in their order.
pub(super) async fn handle(
    State(calls): State<Calls>,
    services: Services,
    request: Request,
) -> Response {
    let mut response = calls
        .answer(&services, request)
        .await
        .unwrap_or_else(IntoResponse::into_response);
    response
        .headers_mut()
        .insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

impl Calls {
    async fn answer(&self, services: &Services, request: Request) -> Result<Response, Problem> {
        let language = services.language();
        if !is_json(request.headers()) {
            return Ok(no_json(language));
        }
        let (limit, _) = limit_of(services, request.uri().path());
        let (head, body, _room) = self.bodies.read(services, request, limit).await?;
        let asked: Vec<Asked> = serde_json::from_slice(&body).unwrap_or_default();
        if asked.is_empty() || asked.len() > MOST {
            return Err(Problem::plain(ErrorCode::BadRequest, language));
        }
        let headers = headers_of_one(head.headers);
        let mut underway = JoinSet::new();
        for (place, one) in asked.into_iter().enumerate() {
            let (calls, services, headers) = (self.clone(), services.clone(), headers.clone());
            let name = Some(one.0.as_str()).filter(|name| is_name(name));
            let span = tracing::info_span!("call", call.name = name);
            let answering = async move { (place, calls.answer_one(&services, headers, one).await) };
            underway.spawn(answering.instrument(span));
        }
        let mut told = underway.join_all().await;
        told.sort_by_key(|(place, _)| *place);
        let told: Vec<Told> = told.into_iter().map(|(_, told)| told).collect();
        Ok(([(CONTENT_TYPE, JSON)], written(&told)).into_response())
    }

    async fn answer_one(&self, services: &Services, headers: HeaderMap, asked: Asked) -> Told {
        let language = services.language();
        let Some(request) = request(services, headers, asked) else {
            return Told::refused(Problem::plain(ErrorCode::BadRequest, language));
        };
        let Ok(response) = self.alone.clone().oneshot(request).await;
        let (head, body) = response.into_parts();
        let is_text = head
            .headers
            .get(CONTENT_TYPE)
            .and_then(|kind| kind.to_str().ok())
            .is_some_and(|kind| kind.contains("json"));
        let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
        let Some(held) = self.replies.hold(services, body.len()) else {
            return Told::refused(no_room(language));
        };
        Told {
            status: head.status,
            body: if is_text { body } else { Bytes::new() },
            _held: Some(held),
        }
    }
}

impl Told {
    fn refused(problem: Problem) -> Self {
        Self {
            status: status_of(&problem.0),
            body: serde_json::to_vec(&problem.0).unwrap_or_default().into(),
            _held: None,
        }
    }
}

/// What each of them is sent with: all that the request had, but for what told of its body.
fn headers_of_one(mut headers: HeaderMap) -> HeaderMap {
    for of_body in [CONTENT_LENGTH, TRANSFER_ENCODING, EXPECT] {
        headers.remove(of_body);
    }
    headers.insert(ACCEPT, JSON);
    headers
}

/// Whether a call may be named so: what is written otherwise leads elsewhere, or fills the log.
fn is_name(name: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || matches!(byte, b'-' | b'/');
    name.len() <= LONGEST_NAME && name.bytes().all(is_plain)
}

/// A call as if it had come alone; `None`: it may not come here, or has no address.
fn request(services: &Services, headers: HeaderMap, (name, body): Asked) -> Option<Request> {
    if !is_name(&name) {
        return None;
    }
    let uri: Uri = format!("{CALLS}{name}").parse().ok()?;
    if ALONE.contains(&uri.path()) {
        return None;
    }
    let mut request = Request::new(Body::from(body.get().to_owned()));
    *request.method_mut() = Method::POST;
    *request.uri_mut() = uri;
    *request.headers_mut() = headers;
    request.extensions_mut().insert(services.clone());
    Some(request)
}

/// The list that goes back.
fn written(all: &[Told]) -> Vec<u8> {
    let length: usize = all.iter().map(|told| told.body.len() + 8).sum();
    let mut text = Vec::with_capacity(length);
    for told in all {
        text.extend_from_slice(if text.is_empty() { b"[[" } else { b",[" });
        text.extend_from_slice(told.status.as_str().as_bytes());
        text.push(b',');
        text.extend_from_slice(if told.body.is_empty() {
            b"null"
        } else {
            &told.body
        });
        text.push(b']');
    }
    text.push(b']');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_of_each_stands_in_its_order() {
        let told = |status, body: &'static str| Told {
            status,
            body: body.into(),
            _held: None,
        };
        let all = [
            told(StatusCode::OK, "{\"id\":1}"),
            told(StatusCode::NOT_FOUND, "{\"code\":\"not_found\"}"),
            told(StatusCode::OK, ""),
        ];
        let text = String::from_utf8(written(&all)).expect("a text");
        assert_eq!(
            text,
            "[[200,{\"id\":1}],[404,{\"code\":\"not_found\"}],[200,null]]"
        );
    }

    #[test]
    fn what_told_of_the_body_of_all_is_not_said_of_one() {
        let headers = HeaderMap::from_iter([
            (CONTENT_LENGTH, HeaderValue::from_static("4000")),
            (CONTENT_TYPE, JSON),
            (ACCEPT, HeaderValue::from_static("text/html")),
        ]);
        let of_one = headers_of_one(headers);
        assert_eq!(of_one.get(CONTENT_LENGTH), None);
        assert_eq!(of_one.get(CONTENT_TYPE), Some(&JSON));
        assert_eq!(of_one.get(ACCEPT), Some(&JSON));
    }
}
