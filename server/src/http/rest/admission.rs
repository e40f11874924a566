//! Who may call which route of REST, and how large the body may be. Decided by the route alone,
//! before the body or its `Idempotency-Key` is read and before a transaction begins.
//!
//! Invariant: refuses earlier than the services, never in their place. Each service demands its
//! capability itself.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::Response;
use futures_util::{StreamExt, stream};

use super::document::PREFIX;
use crate::auth::Need;
use crate::http::at_work::AtWork;
use crate::http::bodies::{BODY_LIMIT, BodyRoom, FILE_LIMIT};
use crate::http::problem::Problem;
use crate::http::streams::{EventStreams, OpenStream};
use crate::services::Services;

/// The routes that take a file.
const FILES: [&str; 2] = ["/projects/{id}/queries/csv", "/prices/import"];

/// How the addresses of files begin that are made of what is stored.
const EXPORTS: &str = "/projects/{id}/export/";

/// What a caller needs for an operation. Looking is for viewers and changing for editors, but
/// for what stands here.
fn needed(method: &Method, path: &str) -> Need {
    let is_look = method.is_safe();
    match path {
        "/tokens" | "/tokens/{id}" => Need::SignedIn,
        "/invitations"
        | "/invitations/{id}"
        | "/prices"
        | "/prices/import"
        | "/models/check"
        | "/models/changes"
        | "/schedule/models"
        | "/shared-key-ceilings"
        | "/models/{id}/recompute"
        | "/models/{id}/approve"
        | "/models/{id}/reject" => Need::Admin,
        "/models" | "/models/{id}" if !is_look => Need::Admin,
        "/api-keys" | "/api-keys/test" | "/budget" | "/judge" | "/schedule" if !is_look => {
            Need::Owner
        }
        _ if is_look => Need::Viewer,
        _ => Need::Editor,
    }
}

/// Lets through who may, with as large a body as the route takes, as one of few of its workspace
/// that are at work.
pub(super) async fn admit(
    State(room): State<Arc<BodyRoom>>,
    State(at_work): State<Arc<AtWork>>,
    State(streams): State<Arc<EventStreams>>,
    path: MatchedPath,
    services: Services,
    request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let path = path.as_str();
    let path = path.strip_prefix(PREFIX).unwrap_or(path);
    services
        .check(needed(request.method(), path))
        .map_err(Problem)?;
    let limit = if FILES.contains(&path) {
        FILE_LIMIT
    } else {
        BODY_LIMIT
    };
    // A file is made while it is read, which may last.
    let open = path
        .starts_with(EXPORTS)
        .then(|| streams.open(&services))
        .transpose()?;
    let (parts, body, held) = room.read(&services, request, limit).await?;
    let underway = at_work.begin(&services, held).await?;
    let mut request = Request::from_parts(parts, Body::from(body));
    DefaultBodyLimit::max(limit).apply(&mut request);
    request.extensions_mut().insert(underway.clone());
    let response = next.run(request).await;
    // A handler lets go of what came with its request before it begins.
    drop(underway);
    Ok(match open {
        Some(open) => open_until_read(response, open),
        None => response,
    })
}

/// The response, whose body counts as a stream until its end.
fn open_until_read(response: Response, open: OpenStream) -> Response {
    response.map(|body| {
        let pieces = stream::unfold((body.into_data_stream(), open), |(mut body, open)| async {
            let piece = body.next().await?;
            Some((piece, (body, open)))
        });
        // Whoever packs it asks once more after its end.
        Body::from_stream(pieces.fuse())
    })
}

#[cfg(test)]
mod tests {
    use super::super::DOCUMENT;
    use super::*;

    /// An address that is spelt wrong here would need no more than an editor.
    #[test]
    fn every_address_that_is_named_here_is_one() {
        let source = include_str!("admission.rs");
        let (source, _) = source.split_once("#[cfg(test)]").expect("these tests");
        let named: Vec<&str> = source
            .split('"')
            .skip(1)
            .step_by(2)
            .filter(|text| text.starts_with('/'))
            .collect();
        assert!(named.len() > 15, "{named:?}");
        let paths = DOCUMENT["paths"].as_object().expect("addresses");
        for path in named {
            let path = format!("{PREFIX}{path}");
            let is_one = match path.strip_suffix('/') {
                Some(_) => paths.keys().any(|full| full.starts_with(&path)),
                None => paths.contains_key(&path),
            };
            assert!(is_one, "{path}");
        }
    }
}
