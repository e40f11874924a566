//! A request that comes twice is carried out once: a `POST` with an `Idempotency-Key` that was used
//! before gets the stored reply. Whether its sender may send it is known already.
//!
//! Invariant: only what was carried out is kept. A refusal changed nothing, so that the same
//! request may be tried again.

use app::api::error::{ApiError, ErrorCode};
use app::texts::{Text, errors};
use axum::Extension;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::Request;
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

use super::at_work::Underway;
use super::problem::Problem;
use crate::auth::{Caller, Via};
use crate::services::Services;
use crate::services::accounts::{KnownRequest, StoredReply};

const HEADER: &str = "idempotency-key";
const REPLAYED: &str = "idempotency-replayed";
/// Characters of a key.
const MOST: usize = 255;
/// Bytes of a reply that are kept; the few that are longer are told to have happened.
const MOST_KEPT: usize = 4 * 1024 * 1024;

/// Marks a reply that holds a secret: that it was given is kept, it is not.
#[derive(Clone, Copy, Debug)]
pub(super) struct Secret;

/// Carries a request out, or gives the reply that it got before.
pub(super) async fn carry_out_once(
    Extension(underway): Extension<Underway>,
    services: Services,
    request: Request,
    next: Next,
) -> Response {
    let Some(key) = request.headers().get(HEADER).cloned() else {
        return next.run(request).await;
    };
    // Without a caller nothing is carried out.
    let Ok(caller) = services.caller() else {
        return next.run(request).await;
    };
    if request.method() != Method::POST {
        return next.run(request).await;
    }
    let Some(key) = readable(&key) else {
        return refuse(&services, ErrorCode::BadRequest, |language| {
            errors::REQUEST_KEY.fill(language, &[("max", &MOST)])
        });
    };
    let (parts, body) = request.into_parts();
    // It has been read, as far as it may go.
    let Ok(body) = to_bytes(body, usize::MAX).await else {
        return Problem::plain(ErrorCode::BadRequest, services.language()).into_response();
    };
    let hash = fingerprint(caller, &parts, &body);
    let say = |code, text: Text| refuse(&services, code, |language| text.get(language).to_owned());
    match services.begin_request(&key, &hash).await {
        Ok(KnownRequest::New) => {}
        Ok(KnownRequest::Running) => return say(ErrorCode::Conflict, errors::REQUEST_RUNNING),
        Ok(KnownRequest::Another) => return say(ErrorCode::Invalid, errors::REQUEST_KEY_REUSED),
        Ok(KnownRequest::Done(reply)) => {
            return replayed(reply)
                .unwrap_or_else(|| say(ErrorCode::Conflict, errors::REQUEST_DONE));
        }
        Err(error) => {
            return Problem(error.into_api_error(services.language())).into_response();
        }
    }
    let request = Request::from_parts(parts, Body::from(body));
    let keeper = services.clone();
    // To its end, also where the caller hangs up meanwhile.
    let work = tokio::spawn(async move {
        let response = next.run(request).await;
        drop(underway);
        keep(&keeper, &key, response).await
    });
    match work.await {
        Ok(response) => response,
        Err(error) => Problem(crate::services::error::internal(
            services.language(),
            &error.to_string(),
        ))
        .into_response(),
    }
}

fn readable(key: &HeaderValue) -> Option<String> {
    let key = key.to_str().ok()?;
    let is_fine = !key.is_empty() && key.len() <= MOST && key.bytes().all(|byte| byte > b' ');
    is_fine.then(|| key.to_owned())
}

/// Who asks for what, and with which rights. So the key shows the reply to no other user or token
/// of the workspace, and not to the same token after its rights were reduced.
fn fingerprint(caller: &Caller, parts: &Parts, body: &Bytes) -> String {
    let mut hash = Sha256::new();
    let user = caller.user.id.0.to_be_bytes();
    let via = match &caller.via {
        Via::Session(_) => "session".to_owned(),
        Via::Token { id, .. } => format!("token {id}"),
    };
    let right = format!(
        "{} {} {}",
        caller.via.scope().word(),
        caller.workspace.role.word(),
        caller.user.is_admin
    );
    let target = parts.uri.path_and_query().map_or("/", |path| path.as_str());
    let typed = parts
        .headers
        .get(CONTENT_TYPE)
        .map_or(&b""[..], HeaderValue::as_bytes);
    let who = [&user[..], via.as_bytes(), right.as_bytes()];
    for part in who.into_iter().chain([target.as_bytes(), typed, body]) {
        hash.update(part.len().to_be_bytes());
        hash.update(part);
    }
    hex::encode(hash.finalize())
}

/// Keeps what was carried out, and forgets what was not.
async fn keep(services: &Services, key: &str, response: Response) -> Response {
    if !response.status().is_success() {
        if let Err(error) = services.forget_request(key).await {
            tracing::error!(%error, "a refused request stays noted");
        }
        return response;
    }
    let is_secret = response.extensions().get::<Secret>().is_some();
    let (parts, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, usize::MAX).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let content_type = parts
        .headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .filter(|_| !is_secret && bytes.len() <= MOST_KEPT);
    let reply = StoredReply {
        status: i64::from(parts.status.as_u16()),
        body: content_type.map_or_else(Vec::new, |_| bytes.to_vec()),
        content_type: content_type.map(str::to_owned),
    };
    if let Err(error) = services.keep_reply(key, reply).await {
        tracing::error!(%error, "the reply to a request was not kept");
    }
    Response::from_parts(parts, Body::from(bytes))
}

/// A kept reply; nothing where its body was not kept.
fn replayed(reply: StoredReply) -> Option<Response> {
    let content_type = HeaderValue::from_str(&reply.content_type?).ok()?;
    let status = u16::try_from(reply.status).ok()?;
    let status = StatusCode::from_u16(status).ok()?;
    let mut response = (status, reply.body).into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, content_type);
    headers.insert(REPLAYED, HeaderValue::from_static("true"));
    Some(response)
}

fn refuse(
    services: &Services,
    code: ErrorCode,
    message: impl FnOnce(app::model::language::Language) -> String,
) -> Response {
    Problem(ApiError::new(code, message(services.language()))).into_response()
}
