//! Links that lead through somebody else and carry their target with them.
//!
//! Invariant: only what stands in the link itself is read; short links stay as they are.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use url::Url;

/// Host (or a parent of it), how the path begins, and the parameter that holds the target.
const BY_PARAMETER: &[(&str, &str, &str)] = &[
    ("l.facebook.com", "/l.php", "u"),
    ("lm.facebook.com", "/l.php", "u"),
    ("facebook.com", "/flx/warn", "u"),
    ("l.instagram.com", "/", "u"),
    ("l.messenger.com", "/l.php", "u"),
    ("l.threads.net", "/", "u"),
    ("l.threads.com", "/", "u"),
    ("l.whatsapp.com", "/", "u"),
    ("linkedin.com", "/redir/redirect", "url"),
    ("linkedin.com", "/safety/go", "url"),
    ("linkedin.com", "/authwall", "sessionRedirect"),
    ("youtube.com", "/redirect", "q"),
    ("duckduckgo.com", "/l/", "uddg"),
    ("out.reddit.com", "/", "url"),
    ("medium.com", "/r", "url"),
    ("t.umblr.com", "/redirect", "z"),
    ("vk.com", "/away.php", "to"),
    ("steamcommunity.com", "/linkfilter", "u"),
    ("steamcommunity.com", "/linkfilter", "url"),
    ("slack-redir.net", "/link", "url"),
    ("getpocket.com", "/redirect", "url"),
    ("exit.sc", "/", "url"),
    ("gate.sc", "/", "url"),
    ("disq.us", "/", "url"),
    ("safelinks.protection.outlook.com", "/", "url"),
    ("go.redirectingat.com", "/", "url"),
    ("go.skimresources.com", "/", "url"),
    ("click.linksynergy.com", "/", "murl"),
    ("awin1.com", "/", "ued"),
    ("awin1.com", "/", "p"),
    ("prf.hn", "/", "destination"),
    ("baidu.com", "/link", "wd"),
    ("yandex.com", "/clck/", "url"),
    ("yandex.ru", "/clck/", "url"),
    ("web.archive.org", "/save/_embed", "url"),
];

/// The address that `url` leads to; `None` where it is no such link.
pub(super) fn target(url: &Url) -> Option<String> {
    let host = url.host_str()?;
    let path = url.path();
    if super::amp::is_google(host) {
        return match path {
            "/url" => parameter(url, &["q", "url"]),
            "/imgres" => parameter(url, &["imgrefurl"]),
            _ => None,
        };
    }
    if super::belongs_to(host, "bing.com") && path.starts_with("/ck/a") {
        return bing(url);
    }
    if super::belongs_to(host, "search.yahoo.com") {
        return yahoo(path);
    }
    BY_PARAMETER
        .iter()
        .filter(|(site, start, _)| path.starts_with(start) && super::belongs_to(host, site))
        .find_map(|(_, _, name)| parameter(url, &[name]))
}

/// The first of these parameters that holds a web address.
fn parameter(url: &Url, names: &[&str]) -> Option<String> {
    names.iter().find_map(|wanted| {
        url.query_pairs()
            .find(|(name, value)| name == wanted && is_web(value))
            .map(|(_, value)| value.into_owned())
    })
}

fn is_web(text: &str) -> bool {
    text.starts_with("https://") || text.starts_with("http://")
}

/// `u=a1` and the address in base64.
fn bing(url: &Url) -> Option<String> {
    let (_, value) = url.query_pairs().find(|(name, _)| name == "u")?;
    let encoded = value.strip_prefix("a1")?.trim_end_matches('=');
    let decoded = URL_SAFE_NO_PAD.decode(encoded).ok()?;
    String::from_utf8(decoded).ok().filter(|url| is_web(url))
}

/// `/RU=` and the address, escaped, as a part of the path.
fn yahoo(path: &str) -> Option<String> {
    let (_, rest) = path.split_once("/RU=")?;
    let escaped = rest.split("/RK=").next()?.split("/RS=").next()?;
    // As a query, in which an escape is undone; a plus sign is one already.
    let query = format!("u={}", escaped.replace('+', "%2B"));
    url::form_urlencoded::parse(query.as_bytes())
        .next()
        .map(|(_, value)| value.into_owned())
        .filter(|url| is_web(url))
}
