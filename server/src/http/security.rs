//! What browsers are told not to do, and what we refuse from other sites.

use std::sync::LazyLock;

use axum::extract::Request;
use axum::http::HeaderValue;
use axum::http::header::{
    CONTENT_SECURITY_POLICY, HeaderName, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::middleware::Next;
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use tower_http::csrf::CsrfLayer;

use super::assets;

/// Refuses requests that change something and come from another site.
pub(super) fn refuse_cross_site() -> CsrfLayer {
    CsrfLayer::new()
}

/// Sets the same headers on every response.
pub(super) async fn set_headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    if let Ok(policy) = HeaderValue::from_str(&POLICY) {
        headers.insert(CONTENT_SECURITY_POLICY, policy);
    }
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static("camera=(), geolocation=(), microphone=()"),
    );
    response
}

/// Scripts only from here; the inline ones of the page by their hashes. ECharts and the
/// interface set styles on elements, which needs `unsafe-inline` for styles alone.
static POLICY: LazyLock<String> = LazyLock::new(|| {
    let page = assets::page().unwrap_or_default();
    let hash = |script: &str| format!(" 'sha256-{}'", STANDARD.encode(Sha256::digest(script.as_bytes())));
    let hashes = inline_scripts(&page).into_iter().map(hash).collect::<Vec<_>>().concat();
    format!(
        "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'{hashes}; style-src 'self' 'unsafe-inline'; \
         img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
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
