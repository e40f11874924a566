//! The page behind its AMP copy.

use url::Url;

use super::domain::registrable;

/// Where AMP copies are kept by others.
const CACHES: &[&str] = &["cdn.ampproject.org", "bing-amp.com"];

/// The address of the page that `url` is a copy of; `None` where it is none that says so in its
/// host or lies in a cache.
pub(super) fn original(url: &Url) -> Option<String> {
    let host = url.host_str()?;
    if CACHES.iter().any(|cache| super::belongs_to(host, cache)) {
        return cached(url);
    }
    if is_google(host)
        && let Some(rest) = url.path().strip_prefix("/amp/")
    {
        return Some(address(rest, url.query()));
    }
    let rest = host.strip_prefix("amp.").or_else(|| {
        // www.amp.example.com
        host.strip_prefix("www.amp.")
    })?;
    // amp.dev is a site of its own.
    if registrable(host) == host || registrable(rest) != registrable(host) {
        return None;
    }
    let mut url = url.clone();
    url.set_host(Some(rest)).ok()?;
    Some(url.into())
}

/// The path without the ending that asks for the AMP form.
pub(super) fn without_suffix(path: &str) -> &str {
    let page = path.trim_end_matches('/');
    for suffix in ["/amp.html", "/amp", ".amp.html", ".amp"] {
        if let Some(rest) = page.strip_suffix(suffix)
            && !rest.trim_start_matches('/').is_empty()
        {
            return rest;
        }
    }
    path
}

/// `/c/s/example.com/page`: a kind of copy, `s` where it is fetched by https, the address.
fn cached(url: &Url) -> Option<String> {
    let (kind, rest) = url.path().strip_prefix('/')?.split_once('/')?;
    matches!(kind, "a" | "c" | "i" | "ii" | "r" | "v" | "wp").then(|| address(rest, url.query()))
}

fn address(rest: &str, query: Option<&str>) -> String {
    let rest = rest.strip_prefix("s/").unwrap_or(rest);
    match query {
        Some(query) => format!("https://{rest}?{query}"),
        None => format!("https://{rest}"),
    }
}

/// Google in any country.
pub(super) fn is_google(host: &str) -> bool {
    let host = host.strip_prefix("www.").unwrap_or(host);
    let Some(rest) = host.strip_prefix("google.") else {
        return false;
    };
    registrable(host) == host && rest.len() <= 6
}
