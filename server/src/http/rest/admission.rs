//! Who may ask for what in REST, and how large their bodies are: decided by the route, before a
//! body, a key of a request or a transaction is looked at.
//!
//! Invariant: refuses earlier than services do, never instead of them: each demands its
//! capability itself.

use std::sync::Arc;

use axum::extract::{DefaultBodyLimit, MatchedPath, Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::document::PREFIX;
use crate::auth::Need;
use crate::http::bodies::{BODY_LIMIT, BodyRoom, FILE_LIMIT, MaxBody};
use crate::http::problem::Problem;
use crate::services::Services;

/// The routes that take a file.
const FILES: [&str; 2] = ["/projects/{id}/queries/csv", "/prices/import"];

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

/// Lets through who may, with as large a body as the route takes.
pub(super) async fn admit(
    State(room): State<Arc<BodyRoom>>,
    path: MatchedPath,
    services: Services,
    mut request: Request,
    next: Next,
) -> Response {
    let path = path.as_str();
    let path = path.strip_prefix(PREFIX).unwrap_or(path);
    if let Err(error) = services.check(needed(request.method(), path)) {
        return Problem(error).into_response();
    }
    let limit = if FILES.contains(&path) {
        FILE_LIMIT
    } else {
        BODY_LIMIT
    };
    let held = match room.admit(&services, &request, limit) {
        Ok(held) => held,
        Err(problem) => return problem.into_response(),
    };
    DefaultBodyLimit::max(limit).apply(&mut request);
    request.extensions_mut().insert(MaxBody(limit));
    let response = next.run(request).await;
    drop(held);
    response
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
        for path in named {
            let path = format!("{PREFIX}{path}");
            assert!(DOCUMENT["paths"][&path].is_object(), "{path}");
        }
    }
}
