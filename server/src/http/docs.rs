//! The document of REST for programs, and a page that shows it to people (Swagger UI), from
//! inside the binary.

use std::borrow::Cow;
use std::sync::{Arc, LazyLock};

use axum::Router;
use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use bytes::Bytes;
use serde_json::{Value, json};
use utoipa_swagger_ui::Config;

use super::HttpState;
use super::cookies::session_cookie_name;
use super::rest::DOCUMENT;
use crate::config::InstanceAddress;

const DOCUMENT_PATH: &str = "/api/openapi.json";
/// The same as the page names it, below whatever prefix it lies.
const FROM_PAGE: &str = "../openapi.json";

static READER: LazyLock<Arc<Config<'static>>> = LazyLock::new(|| {
    Arc::new(
        Config::new([FROM_PAGE])
            .try_it_out_enabled(true)
            .persist_authorization(false),
    )
});

/// The document, and the page where it is wanted.
pub(super) fn routes(shows_docs: bool, address: &InstanceAddress) -> Router<HttpState> {
    let bytes = Bytes::from(document_of(address).to_string());
    let routes = Router::new().route(DOCUMENT_PATH, get(async move || document(bytes.clone())));
    if !shows_docs {
        return routes;
    }
    // The page names its files beside itself, so its address ends in a slash. Where that is, seen
    // from outside, only whoever asked knows.
    routes
        .route("/api/docs", get(|| async { Redirect::permanent("docs/") }))
        .route("/api/docs/", get(|| async { page_file("index.html") }))
        .route(
            "/api/docs/{*file}",
            get(|Path(file): Path<String>| async move { page_file(&file) }),
        )
}

/// The document with the server and the cookie of an instance whose address is known.
fn document_of(address: &InstanceAddress) -> Value {
    let mut document = DOCUMENT.clone();
    if address.is_given() {
        document["servers"] = json!([{"url": address.base()}]);
        let cookie = session_cookie_name(address);
        document["components"]["securitySchemes"]["session"]["name"] = json!(cookie);
    }
    document
}

fn document(bytes: Bytes) -> impl IntoResponse {
    let headers = [
        (CONTENT_TYPE, "application/json"),
        (CACHE_CONTROL, "no-cache"),
    ];
    (headers, bytes)
}

fn page_file(path: &str) -> Response {
    match utoipa_swagger_ui::serve(path, Arc::clone(&READER)) {
        Ok(Some(file)) => {
            let is_packed = file.gzpipped;
            let kind = [(CONTENT_TYPE, file.content_type)];
            // As the binary holds it: whoever does not read it takes no memory.
            let content = match file.bytes {
                Cow::Borrowed(of_binary) => Bytes::from_static(of_binary),
                Cow::Owned(filled_in) => filled_in.into(),
            };
            let mut response = (kind, content).into_response();
            if is_packed {
                // As the binary holds it; there is no browser that does not unpack it.
                let headers = response.headers_mut();
                headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            }
            response
        }
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(error) => {
            tracing::error!(%error, "the page of the document cannot be shown");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
