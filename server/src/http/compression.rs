//! Replies are packed on their way where that makes them smaller.
//!
//! Invariant: only texts are packed, never what was packed before, and no event stream: its
//! events would wait for one another.

use axum::extract::Request;
use axum::http::header::{CONTENT_ENCODING, CONTENT_TYPE, ETAG};
use axum::http::{HeaderValue, Response};
use axum::middleware::Next;
use axum::response::Response as Reply;
use http_body::Body;
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::Predicate;

/// Bytes below which a reply fits into one packet anyway.
const WORTH_IT: u64 = 1_024;
/// Most of the gain for little of the time.
const LEVEL: CompressionLevel = CompressionLevel::Precise(4);
/// What begins like this is a text.
const TEXTS: [&str; 6] = [
    "application/json",
    "application/problem+json",
    "application/x-ndjson",
    "application/javascript",
    "image/svg+xml",
    "text/",
];
const EVENTS: &str = "text/event-stream";

/// A reply that stays as it is: the build has packed it already, each form with its own tag.
#[derive(Clone, Copy, Debug)]
pub(super) struct AlreadyCompressed;

/// Packs replies whose length is known.
pub(super) fn for_known_length() -> CompressionLayer<KnownLength> {
    CompressionLayer::new()
        .quality(LEVEL)
        .compress_when(KnownLength)
}

/// Packs replies that are made as they are sent. Brotli would hold some MiB for each of them, for
/// as long as its reader likes.
pub(super) fn for_unknown_length() -> CompressionLayer<UnknownLength> {
    CompressionLayer::new()
        .no_br()
        .quality(LEVEL)
        .compress_when(UnknownLength)
}

/// Replies whose length is known.
#[derive(Clone, Copy, Debug)]
pub(super) struct KnownLength;

/// Replies whose length is not known yet.
#[derive(Clone, Copy, Debug)]
pub(super) struct UnknownLength;

impl Predicate for KnownLength {
    fn should_compress<B: Body>(&self, response: &Response<B>) -> bool {
        let length = response.body().size_hint().exact();
        length.is_some_and(|length| length >= WORTH_IT) && is_text(response)
    }
}

impl Predicate for UnknownLength {
    fn should_compress<B: Body>(&self, response: &Response<B>) -> bool {
        response.body().size_hint().exact().is_none() && is_text(response)
    }
}

fn is_text<B>(response: &Response<B>) -> bool {
    let kind = response
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .unwrap_or_default();
    let is_left =
        response.extensions().get::<AlreadyCompressed>().is_some() || kind.starts_with(EVENTS);
    !is_left && TEXTS.iter().any(|text| kind.starts_with(text))
}

/// A strong tag names the bytes (RFC 9110); packed they are others, which mean the same.
pub(super) async fn weaken_tags(request: Request, next: Next) -> Reply {
    let mut response = next.run(request).await;
    let is_packed_here = response.headers().contains_key(CONTENT_ENCODING)
        && response.extensions().get::<AlreadyCompressed>().is_none();
    let tag = response
        .headers()
        .get(ETAG)
        .and_then(|tag| tag.to_str().ok());
    let weak = tag
        .filter(|tag| is_packed_here && !tag.starts_with("W/"))
        .and_then(|tag| HeaderValue::from_str(&format!("W/{tag}")).ok());
    if let Some(weak) = weak {
        response.headers_mut().insert(ETAG, weak);
    }
    response
}
