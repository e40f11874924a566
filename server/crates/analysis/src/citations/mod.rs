//! Sources: which page and which site an address means, whatever way it is written.
//!
//! [`page`] takes an address apart: `redirects` unwraps links that lead through somebody else,
//! `amp` finds the page behind its fast copy, `clean` takes away what does not change the page;
//! `domain` tells the registrable domain. [`marks`] ties the signs in a text to its sources.
//!
//! Invariant: no network, so that links that only their owner can resolve stay as they are. No
//! panic on any text.

mod amp;
mod clean;
mod domain;
mod marks;
mod of_answer;
mod owners;
mod redirects;

use url::Url;

use super::address::{may_be_host, may_hold_host};

pub use domain::{belongs_to, registrable};
pub use marks::{Mark, Marked, marks};
pub use of_answer::read_sources;
pub use owners::Owners;

/// Longer addresses are no addresses.
const MAX_URL: usize = 4_096;
/// A redirect in a redirect in a redirect; more is a trap.
const MOST_HOPS: usize = 4;
/// Longer keys are cut, and a checksum takes the place of what was cut: an index holds no more.
const MAX_KEY: usize = 700;
/// Where Gemini's citations point instead of at the page itself.
const GOOGLE_REDIRECT_HOST: &str = "vertexaisearch.cloud.google.com";

/// A page, the same however it is linked to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Page {
    /// What tells pages apart: the address without scheme and `www.`, at most some 700 bytes.
    pub key: String,
    /// The address to open, clean.
    pub url: String,
    /// Its host, lower case, IDN as ASCII, without `www.`.
    pub host: String,
    /// The registrable domain, or the host where there is none, as for IP addresses.
    pub domain: String,
    /// Only the site is known, not the page: Google hides it behind a redirect of its own.
    pub site_only: bool,
}

/// The page that `url` means; `title`: the title that came with it, which is the site where
/// Google hides the page. `None` where it is no web address, or neither page nor site is told.
pub fn page(url: &str, title: Option<&str>) -> Option<Page> {
    let mut found = parse(url)?;
    for _ in 0..MOST_HOPS {
        let next = redirects::target(&found).or_else(|| amp::original(&found));
        let Some(next) = next.as_deref().and_then(parse) else {
            break;
        };
        found = next;
    }
    if found.host_str() == Some(GOOGLE_REDIRECT_HOST) {
        return site(title?);
    }
    let url = clean::clean(found);
    let host = bare_host(&url)?;
    let rest = url.as_str().split_once("://")?.1;
    let rest = rest.strip_prefix("www.").unwrap_or(rest);
    Some(Page {
        key: short(rest.strip_suffix('/').unwrap_or(rest)),
        domain: registrable(&host),
        host,
        url: url.into(),
        site_only: false,
    })
}

fn parse(url: &str) -> Option<Url> {
    let url = url.trim();
    if url.len() > MAX_URL || !may_hold_host(url) {
        return None;
    }
    let parsed = Url::parse(url).ok()?;
    let is_web = matches!(parsed.scheme(), "http" | "https");
    let has_host = parsed.host_str().is_some_and(|host| {
        let host = host.trim_matches('.');
        !host.is_empty() && may_be_host(host)
    });
    (is_web && has_host).then_some(parsed)
}

/// A page of which only the site is known.
fn site(title: &str) -> Option<Page> {
    let title = title.trim();
    let is_name = title.contains('.') && !title.contains(|c: char| c.is_whitespace() || c == '/');
    if !is_name {
        return None;
    }
    let url = clean::clean(parse(&format!("https://{title}/"))?);
    let host = bare_host(&url)?;
    Some(Page {
        // No address begins so: the site's home page is another page.
        key: format!("~{host}"),
        domain: registrable(&host),
        host,
        url: url.into(),
        site_only: true,
    })
}

fn bare_host(url: &Url) -> Option<String> {
    let host = url.host_str()?;
    Some(host.strip_prefix("www.").unwrap_or(host).to_owned())
}

fn short(key: &str) -> String {
    use sha2::{Digest, Sha256};

    if key.len() <= MAX_KEY {
        return key.to_owned();
    }
    let cut = key.floor_char_boundary(MAX_KEY - 40);
    let sum = Sha256::digest(key.as_bytes());
    format!("{}…{}", &key[..cut], hex::encode(&sum[..16]))
}

#[cfg(test)]
mod tests;
