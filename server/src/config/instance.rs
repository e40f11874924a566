//! Where people reach the application: the one address from which cookies, trusted origins,
//! headers and links follow.
//!
//! Invariant: the operator or the platform says it. Nothing in here is read from a request.

use std::net::{IpAddr, SocketAddr};

use url::{Host, Url};

use super::source::{ConfigError, Source};

/// Where the endpoints are, below the prefix; no prefix may begin like this.
const API: &str = "api";

/// The address under which people reach the application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstanceAddress {
    /// As browsers write it: `https://parallax.example`, without a port that goes without saying.
    origin: String,
    /// The name or literal address alone.
    host: String,
    /// Empty, or the path below which the application lies: `/parallax`.
    prefix: String,
    is_https: bool,
    is_given: bool,
}

impl InstanceAddress {
    /// What `PARALLAX_URL` says, or the platform, or where the host listens.
    pub(super) fn read(source: &Source, listen: SocketAddr) -> Result<Self, ConfigError> {
        if let Some(url) = source.get("PARALLAX_URL")? {
            return Self::parse(&url).ok_or_else(|| {
                ConfigError::new(
                    "PARALLAX_URL",
                    "is an address such as https://parallax.example or \
                     https://example.com/parallax, whose path does not begin with /api",
                )
            });
        }
        match source.get("RAILWAY_PUBLIC_DOMAIN")? {
            Some(domain) => Self::parse(&format!("https://{domain}")).ok_or_else(|| {
                ConfigError::new(
                    "RAILWAY_PUBLIC_DOMAIN",
                    "is a name such as parallax.example",
                )
            }),
            None => Ok(Self::listening_on(listen)),
        }
    }

    /// Nobody said how the application is reached: under the address at which it listens.
    pub fn listening_on(listen: SocketAddr) -> Self {
        Self {
            origin: format!("http://{listen}"),
            host: listen.ip().to_string(),
            prefix: String::new(),
            is_https: false,
            is_given: false,
        }
    }

    fn parse(text: &str) -> Option<Self> {
        let url = Url::parse(text).ok()?;
        let is_https = match url.scheme() {
            "https" => true,
            "http" => false,
            _ => return None,
        };
        let is_plain = url.username().is_empty()
            && url.password().is_none()
            && url.query().is_none()
            && url.fragment().is_none();
        if !is_plain {
            return None;
        }
        let prefix = url.path().trim_end_matches('/');
        let mut parts = prefix.split('/').skip(1);
        let may_lie_there = parts.all(is_part_of_prefix) && prefix.split('/').nth(1) != Some(API);
        may_lie_there.then(|| Self {
            origin: url.origin().ascii_serialization(),
            host: url.host_str().unwrap_or_default().to_owned(),
            prefix: prefix.to_owned(),
            is_https,
            is_given: true,
        })
    }

    /// Scheme, name and port, as browsers write it in the header `Origin`.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The name or the literal address, without a port.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The path below which the application lies, without a slash at its end; empty at the root.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// What links begin with: origin and prefix, without a slash at the end.
    pub fn base(&self) -> String {
        format!("{}{}", self.origin, self.prefix)
    }

    /// Whether people come by HTTPS.
    pub const fn is_https(&self) -> bool {
        self.is_https
    }

    /// Whether the operator or the platform said it. Where nobody did, only names that cannot be
    /// bent to another machine lead here.
    pub const fn is_given(&self) -> bool {
        self.is_given
    }

    /// A path as the routes know it: a proxy may have left the prefix in its front.
    /// `None`: it is not there.
    pub fn without_prefix<'a>(&self, path: &'a str) -> Option<&'a str> {
        if self.prefix.is_empty() {
            return None;
        }
        match path.strip_prefix(self.prefix.as_str())? {
            "" => Some("/"),
            rest => rest.starts_with('/').then_some(rest),
        }
    }
}

/// Only what no proxy, cookie or page has to escape.
fn is_part_of_prefix(part: &str) -> bool {
    !part.is_empty()
        && part
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte))
}

/// Whether a `Host` (with or without a port) means this machine or a literal address. The owner of
/// a name decides where it leads, and may change that while a page is open. A literal address
/// cannot change.
pub fn is_local_or_literal(host: &str) -> bool {
    let Some(name) = name_of(host) else {
        return false;
    };
    let name = name.strip_suffix('.').unwrap_or(name);
    if let Some(literal) = name.strip_prefix('[') {
        return literal
            .strip_suffix(']')
            .is_some_and(|literal| literal.parse::<IpAddr>().is_ok_and(|ip| ip.is_ipv6()));
    }
    let is_local = name.eq_ignore_ascii_case("localhost")
        || name
            .to_ascii_lowercase()
            .strip_suffix(".localhost")
            .is_some_and(|front| matches!(Host::parse(front), Ok(Host::Domain(_))));
    is_local || name.parse::<IpAddr>().is_ok_and(|ip| ip.is_ipv4())
}

/// A `Host` without its port; `None` where what stands in its place is none.
fn name_of(host: &str) -> Option<&str> {
    let end = host.rfind(']').unwrap_or(0);
    match host[end..].rfind(':') {
        None => Some(host),
        Some(colon) => {
            let (name, port) = host.split_at(end + colon);
            let is_port = port[1..].bytes().all(|byte| byte.is_ascii_digit());
            (is_port && port.len() <= ":65535".len()).then_some(name)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(url: &str) -> Option<(String, String, String)> {
        let address = InstanceAddress::parse(url)?;
        let host = address.host().to_owned();
        Some((address.origin, host, address.prefix))
    }

    #[test]
    fn an_address_is_taken_apart_as_browsers_write_it() {
        for (url, origin, host, prefix) in [
            (
                "https://plx.example",
                "https://plx.example",
                "plx.example",
                "",
            ),
            (
                "https://PLX.example:443/",
                "https://plx.example",
                "plx.example",
                "",
            ),
            (
                "http://plx.example:80",
                "http://plx.example",
                "plx.example",
                "",
            ),
            (
                "https://plx.example:8443/a/b//",
                "https://plx.example:8443",
                "plx.example",
                "/a/b",
            ),
            (
                "http://127.0.0.1:3000/parallax",
                "http://127.0.0.1:3000",
                "127.0.0.1",
                "/parallax",
            ),
            (
                "https://[2001:db8::1]/p",
                "https://[2001:db8::1]",
                "[2001:db8::1]",
                "/p",
            ),
            (
                "https://año.example",
                "https://xn--ao-zja.example",
                "xn--ao-zja.example",
                "",
            ),
        ] {
            let expected = (origin.to_owned(), host.to_owned(), prefix.to_owned());
            assert_eq!(parts(url), Some(expected), "{url}");
        }
    }

    #[test]
    fn what_no_link_can_begin_with_is_no_address() {
        for url in [
            "parallax.example",
            "ftp://plx.example",
            "https://",
            "https://ana:secret@plx.example",
            "https://plx.example?x=1",
            "https://plx.example/#x",
            "https://plx.example/a b",
            "https://plx.example/a//b",
            "https://plx.example/a;b",
            "https://plx.example/%61",
            "https://plx.example/\"x",
            "https://plx.example/api",
            "https://plx.example/api/parallax",
        ] {
            assert_eq!(parts(url), None, "{url}");
        }
    }

    #[test]
    fn the_prefix_is_taken_off_whole_parts_only() {
        let address = InstanceAddress::parse("https://plx.example/parallax").expect("an address");
        for (path, inner) in [
            ("/parallax", Some("/")),
            ("/parallax/", Some("/")),
            ("/parallax/api/fn/x", Some("/api/fn/x")),
            ("/parallaxes", None),
            ("/api/fn/x", None),
            ("/", None),
        ] {
            assert_eq!(address.without_prefix(path), inner, "{path}");
        }
        let root = InstanceAddress::parse("https://plx.example").expect("an address");
        assert_eq!(root.without_prefix("/projects"), None);
    }

    #[test]
    fn names_that_somebody_may_bend_are_told_from_those_that_nobody_can() {
        for host in [
            "localhost",
            "LocalHost:3000",
            "localhost.",
            "app.localhost:3000",
            "127.0.0.1",
            "127.0.0.1:3000",
            "192.168.1.5:80",
            "203.0.113.9",
            "[::1]",
            "[::1]:3000",
            "[2001:db8::1]:443",
        ] {
            assert!(is_local_or_literal(host), "{host}");
        }
        for host in [
            "",
            ":3000",
            "plx.example",
            "localhost.evil.example",
            "127.0.0.1.evil.example",
            "evillocalhost",
            ".localhost",
            "127.0.0.1:x",
            "127.0.0.1:3000:1",
            "::1",
            "[::1",
            "[127.0.0.1]",
            "[::1].evil.example",
            "localhost@evil.example",
            "127.0.0.1, evil.example",
            "2130706433",
            "0x7f.1",
            "127.1",
            "evil.example/.localhost",
        ] {
            assert!(!is_local_or_literal(host), "{host}");
        }
    }
}
