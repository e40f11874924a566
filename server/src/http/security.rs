//! What browsers are told not to do.

use std::sync::{Arc, LazyLock};

use axum::extract::{Request, State};
use axum::http::HeaderValue;
use axum::http::header::{
    CONTENT_SECURITY_POLICY, HeaderName, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY,
    X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::middleware::Next;
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use super::front::Front;
use super::{assets, first_screen, sign_in_page};

/// A year, in which browsers come by HTTPS only. Neighbouring names are not ours to decide on.
const HTTPS_ONLY: &str = "max-age=31536000";

/// Sets the same headers on every response.
pub(super) async fn set_headers(
    State(front): State<Arc<Front>>,
    request: Request,
    next: Next,
) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    if let Ok(policy) = HeaderValue::from_str(&POLICY) {
        headers.insert(CONTENT_SECURITY_POLICY, policy);
    }
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    for (name, value) in [
        (
            "permissions-policy",
            "camera=(), geolocation=(), microphone=()",
        ),
        // No page elsewhere keeps a hand on a window of ours, or shows what we send.
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
    ] {
        headers.insert(
            HeaderName::from_static(name),
            HeaderValue::from_static(value),
        );
    }
    if front.address.is_https() {
        headers.insert(
            STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static(HTTPS_ONLY),
        );
    }
    response
}

/// Scripts only from here; the inline ones of the page, and of what the host puts into it at `/sign-in`
/// and for who is signed in, by their hashes. ECharts and the interface set styles on elements, which needs `unsafe-inline`
/// for styles alone. The page's own `<base>` says below which prefix everything lies.
static POLICY: LazyLock<String> = LazyLock::new(|| {
    let page = assets::page().unwrap_or_default();
    let hash = |script: &str| {
        format!(
            " 'sha256-{}'",
            STANDARD.encode(Sha256::digest(script.as_bytes()))
        )
    };
    let hashes = inline_scripts(&page)
        .into_iter()
        .chain([sign_in_page::SCRIPT, first_screen::SCRIPT])
        .map(hash)
        .collect::<Vec<_>>()
        .concat();
    format!(
        "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'{hashes}; style-src 'self' 'unsafe-inline'; \
         img-src 'self' data: blob:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
    )
});

/// The texts between `<script …>` and `</script>` of scripts without an address.
fn inline_scripts(page: &str) -> Vec<&str> {
    page.split("<script")
        .skip(1)
        .filter_map(|rest| {
            let (attributes, rest) = rest.split_once('>')?;
            let (text, _) = rest.split_once("</script>")?;
            (!attributes.contains("src=") && !text.is_empty()).then_some(text)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_scripts_without_an_address_are_inline() {
        let page = "<script type=\"module\">import 'a';</script><script src=\"/b.js\"></script><script>c</script>";
        assert_eq!(inline_scripts(page), ["import 'a';", "c"]);
    }
}
