//! The client's files, from inside the binary.

use std::borrow::Cow;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{
    ACCEPT, ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH,
    VARY,
};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use rust_embed::{EmbeddedFile, RustEmbed};
use sha2::{Digest, Sha256};

use super::front::Front;

use super::compression::AlreadyCompressed;

const PAGE: &str = "index.html";
/// The files of each page (frontend/split.mjs).
const FILES_OF_PAGES: &str = "pages.json";
/// How the page says that it lies at the root (frontend/index.html).
const BASE_AT_ROOT: &str = "<base href=\"/\"";
/// Pages of projects: what ends their addresses may be a domain, and is no file.
const PROJECTS: &str = "projects/";
/// A name with a hash never changes its content.
const FOREVER: &str = "public, max-age=31536000, immutable";
const ASK_AGAIN: &str = "no-cache";

/// What Trunk built. A development build reads the folder at run time.
#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../dist"]
#[allow_missing = true]
struct Dist;

/// The page that loads the client; `None` where it is not built.
pub(super) fn page() -> Option<String> {
    let file = Dist::get(PAGE)?;
    String::from_utf8(file.data.into_owned()).ok()
}

/// The list of the files of each page, as JSON; `None` where the client is not built.
pub(super) fn pages() -> Option<Cow<'static, [u8]>> {
    Some(Dist::get(FILES_OF_PAGES)?.data)
}

/// Whether a request is one of a browser that opens a page, and none for a file of the client.
pub(super) fn opens_page(request: &Request) -> bool {
    let path = request.uri().path().trim_start_matches('/');
    *request.method() == Method::GET
        && wants_page(path, request.headers())
        && (path.is_empty() || Dist::get(path).is_none())
}

/// A file of the client, or the page for every address that a browser opens as a page.
pub(super) async fn serve(State(front): State<Arc<Front>>, request: Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    let headers = request.headers();
    let path = request.uri().path().trim_start_matches('/');
    if !path.is_empty()
        && path != PAGE
        && let Some(response) = file_response(path, headers)
    {
        return response;
    }
    if !wants_page(path, headers) {
        return StatusCode::NOT_FOUND.into_response();
    }
    let page = match front.address.prefix() {
        "" => file_response(PAGE, headers),
        prefix => page_response_below(prefix, headers),
    };
    page.unwrap_or_else(|| {
        (
            StatusCode::NOT_FOUND,
            "The client is not built. Build it with `make build`.\n",
        )
            .into_response()
    })
}

/// Whether what a path names may be a page, for who asks like this.
fn wants_page(path: &str, headers: &HeaderMap) -> bool {
    // Without the header anything is welcome (RFC 9110, 12.5.1).
    let is_welcome = headers.get(ACCEPT).is_none_or(|accept| {
        let accept = accept.to_str().unwrap_or_default();
        accept.is_empty() || accept.contains("text/html") || accept.contains("*/*")
    });
    let looks_like_file = !path.starts_with(PROJECTS)
        && path
            .rsplit('/')
            .next()
            .is_some_and(|name| name.contains('.'));
    is_welcome && (!looks_like_file || path == PAGE)
}

/// The page, whose addresses all lie below a prefix: they are relative, and its `<base>` says to
/// what. `None` where the client is not built.
pub(super) fn page_below(prefix: &str) -> Option<String> {
    Some(with_base(&page()?, prefix))
}

fn page_response_below(prefix: &str, headers: &HeaderMap) -> Option<Response> {
    let page = page_below(prefix)?;
    let hash: [u8; 32] = Sha256::digest(&page).into();
    respond(PAGE, page.into_bytes().into(), &hash, None, headers)
}

fn with_base(page: &str, prefix: &str) -> String {
    page.replacen(BASE_AT_ROOT, &format!("<base href=\"{prefix}/\""), 1)
}

fn file_response(path: &str, headers: &HeaderMap) -> Option<Response> {
    let (file, encoding) = best_encoding(path, headers)?;
    let hash = file.metadata.sha256_hash();
    // Strangers may ask for it a thousand times and read none of it: it is sent from where it is.
    let content = match file.data {
        Cow::Borrowed(of_binary) => Bytes::from_static(of_binary),
        Cow::Owned(of_folder) => of_folder.into(),
    };
    respond(path, content, &hash, encoding, headers)
}

fn respond(
    path: &str,
    content: Bytes,
    hash: &[u8; 32],
    encoding: Option<&'static str>,
    headers: &HeaderMap,
) -> Option<Response> {
    let tag = format!(
        "\"{}{}\"",
        hex::encode(&hash[..12]),
        encoding.unwrap_or_default()
    );
    let is_known = headers
        .get(IF_NONE_MATCH)
        .is_some_and(|known| known.as_bytes() == tag.as_bytes());
    let mut response = if is_known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        content.into_response()
    };
    let mime = mime_guess::from_path(path).first_or_octet_stream();
    response.extensions_mut().insert(AlreadyCompressed);
    let out = response.headers_mut();
    let mime = if mime.type_() == "text" {
        format!("{mime}; charset=utf-8")
    } else {
        mime.to_string()
    };
    out.insert(CONTENT_TYPE, HeaderValue::from_str(&mime).ok()?);
    out.insert(
        CACHE_CONTROL,
        HeaderValue::from_static(if has_hash(path) { FOREVER } else { ASK_AGAIN }),
    );
    out.insert(ETAG, HeaderValue::from_str(&tag).ok()?);
    out.insert(VARY, HeaderValue::from_static("accept-encoding"));
    if let Some(encoding) = encoding {
        out.insert(CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    Some(response)
}

/// The smallest form that the browser takes; the build made them.
fn best_encoding(path: &str, headers: &HeaderMap) -> Option<(EmbeddedFile, Option<&'static str>)> {
    let accepted = headers
        .get(ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    for (suffix, encoding) in [("br", "br"), ("gz", "gzip")] {
        let accepts = accepted.split(',').any(|part| {
            let mut pieces = part.split(';');
            pieces.next().is_some_and(|name| name.trim() == encoding)
                && !pieces.any(|weight| weight.trim() == "q=0")
        });
        if accepts && let Some(file) = Dist::get(&format!("{path}.{suffix}")) {
            return Some((file, Some(encoding)));
        }
    }
    Dist::get(path).map(|file| (file, None))
}

/// Trunk and the build put at least eight hex digits before the ending or its suffix.
fn has_hash(path: &str) -> bool {
    path.rsplit('/').next().is_some_and(|name| {
        name.split(['-', '.', '_'])
            .any(|part| part.len() >= 8 && part.bytes().all(|byte| byte.is_ascii_hexdigit()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_becomes_the_base_of_the_page() {
        let source = include_str!("../../../frontend/index.html");
        assert_eq!(source.matches("<base ").count(), 1);
        let page = with_base(source, "/watch");
        assert!(page.contains("<base href=\"/watch/\""), "{page}");
        assert!(!page.contains(BASE_AT_ROOT), "{page}");
        // What follows the base follows the prefix.
        let base = page.find("<base ").expect("a base");
        assert!(!page[..base].contains("href=") && !page[..base].contains("src="));
    }

    #[test]
    fn only_hashed_names_are_kept_forever() {
        assert!(has_hash("parallax-frontend-1a2b3c4d5e6f7a8b_bg.wasm"));
        assert!(has_hash("echarts-0123456789ab.js"));
        assert!(has_hash("inter-0123456789abcdef.woff2"));
        assert!(!has_hash("inter-LICENSE.txt"));
        assert!(!has_hash("favicon.svg"));
        assert!(!has_hash("index.html"));
    }
}
