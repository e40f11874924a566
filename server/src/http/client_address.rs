//! From which address and by which scheme a request comes, behind proxies too.
//!
//! Invariant: a header is believed only where a trusted proxy handed it over.

use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::{AtomicBool, Ordering};

use axum::extract::ConnectInfo;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName};

use super::network::{CUSTOMER_BITS, customer_network};
use crate::config::TrustedProxies;

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
/// Where there is no connection, as in a test that calls the router itself.
const UNKNOWN: &str = "unknown";

/// Who sent a request, as far as the network knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Client {
    address: Option<IpAddr>,
    /// Whether a trusted proxy says that it was reached by HTTPS.
    pub(super) is_https: bool,
}

impl Client {
    /// Who sent a request that came over this connection with these headers.
    pub(super) fn of(parts: &Parts, proxies: &TrustedProxies) -> Self {
        let connection = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let Some(peer) = connection.map(|ConnectInfo(peer)| peer.ip().to_canonical()) else {
            return Self {
                address: None,
                is_https: false,
            };
        };
        if !proxies.contains(peer) {
            warn_once(peer, &parts.headers);
        }
        Self {
            address: Some(first_untrusted(peer, &parts.headers, proxies)),
            is_https: proxies.contains(peer) && is_forwarded_https(&parts.headers),
        }
    }

    /// The address in full, for the log.
    pub(super) fn whole(&self) -> String {
        self.address
            .map_or_else(|| UNKNOWN.to_owned(), |address| address.to_string())
    }

    /// What limits count the request for: the address, of IPv6 the network of the customer.
    pub(super) fn counted(&self) -> String {
        match self.address {
            Some(address @ IpAddr::V6(_)) => {
                format!("{}/{CUSTOMER_BITS}", customer_network(address))
            }
            _ => self.whole(),
        }
    }
}

/// Each proxy adds whom it heard from at the right. So the list is read from there, for as long
/// as the one who added the entry is trusted; what stands left of that anybody may have written.
fn first_untrusted(peer: IpAddr, headers: &HeaderMap, proxies: &TrustedProxies) -> IpAddr {
    let lines = headers.get_all(FORWARDED_FOR).iter().rev();
    let mut entries = lines.flat_map(|line| line.to_str().unwrap_or_default().rsplit(','));
    let mut client = peer;
    while proxies.contains(client)
        && let Some(before) = entries.next().and_then(address_in)
    {
        client = before;
    }
    client
}

/// An entry as proxies write them: an address, in brackets or not, with a port or without.
fn address_in(entry: &str) -> Option<IpAddr> {
    let entry = entry.trim();
    let bare = entry
        .strip_prefix('[')
        .and_then(|entry| entry.strip_suffix(']'))
        .unwrap_or(entry);
    let address = bare
        .parse()
        .or_else(|_| entry.parse::<SocketAddr>().map(|socket| socket.ip()));
    address.ok().map(|address: IpAddr| address.to_canonical())
}

/// The last word is that of the proxy before us.
fn is_forwarded_https(headers: &HeaderMap) -> bool {
    let mut lines = headers.get_all(FORWARDED_PROTO).iter();
    lines
        .next_back()
        .and_then(|line| line.to_str().ok())
        .and_then(|line| line.rsplit(',').next())
        .is_some_and(|scheme| scheme.trim().eq_ignore_ascii_case("https"))
}

/// An operator who put a proxy in front and did not say so finds it in the log.
fn warn_once(peer: IpAddr, headers: &HeaderMap) {
    static HAS_WARNED: AtomicBool = AtomicBool::new(false);

    if headers.contains_key(FORWARDED_FOR) && !HAS_WARNED.swap(true, Ordering::Relaxed) {
        tracing::warn!(
            proxy = %peer,
            "requests come with X-Forwarded-For from an address that is no trusted proxy, so all \
             of them count as that address; if it is your proxy, add it to PARALLAX_TRUSTED_PROXIES"
        );
    }
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;
    use crate::config::{Config, Source};

    fn client(peer: &str, trusted: &str, headers: &[(&str, &str)]) -> Client {
        let source = Source::of(&[("PARALLAX_TRUSTED_PROXIES", trusted)]);
        let proxies = Config::read(&source).expect("valid").http.trusted_proxies;
        let mut request = Request::builder();
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let (mut parts, ()) = request.body(()).expect("a request").into_parts();
        let peer = SocketAddr::new(peer.parse().expect("an address"), 50_000);
        parts.extensions.insert(ConnectInfo(peer));
        Client::of(&parts, &proxies)
    }

    #[test]
    fn hops_are_counted_from_the_right_for_as_long_as_they_are_trusted() {
        let two = "127.0.0.1, 10.0.0.0/8";
        for (peer, trusted, forwarded, expected) in [
            // Nobody is trusted: the header says nothing.
            ("127.0.0.1", "", "198.51.100.7", "127.0.0.1"),
            ("203.0.113.9", two, "198.51.100.7", "203.0.113.9"),
            ("127.0.0.1", two, "198.51.100.7", "198.51.100.7"),
            ("::ffff:127.0.0.1", two, "198.51.100.7", "198.51.100.7"),
            // What the client wrote itself stands further left.
            ("127.0.0.1", two, "1.1.1.1, 198.51.100.7", "198.51.100.7"),
            ("127.0.0.1", two, "127.0.0.1, 198.51.100.7", "198.51.100.7"),
            (
                "127.0.0.1",
                two,
                "1.1.1.1, 198.51.100.7, 10.2.3.4",
                "198.51.100.7",
            ),
            ("127.0.0.1", two, "10.9.9.9, 10.2.3.4", "10.9.9.9"),
            // Rubbish ends what can be known.
            (
                "127.0.0.1",
                two,
                "198.51.100.7, unknown, 10.2.3.4",
                "10.2.3.4",
            ),
            ("127.0.0.1", two, "", "127.0.0.1"),
            ("127.0.0.1", two, "198.51.100.7:4711", "198.51.100.7"),
            ("127.0.0.1", two, "[2001:db8::7]:4711", "2001:db8::7"),
            ("127.0.0.1", two, "[2001:db8::7]", "2001:db8::7"),
            ("127.0.0.1", two, "2001:db8::7", "2001:db8::7"),
            ("127.0.0.1", two, "::ffff:198.51.100.7", "198.51.100.7"),
        ] {
            let found = client(peer, trusted, &[("x-forwarded-for", forwarded)]);
            assert_eq!(found.whole(), expected, "{peer} {trusted} {forwarded}");
        }
    }

    #[test]
    fn several_lines_are_one_list() {
        let lines = [
            ("x-forwarded-for", "1.1.1.1"),
            ("x-forwarded-for", "198.51.100.7, 10.0.0.1"),
        ];
        let found = client("10.0.0.2", "10.0.0.0/8", &lines);
        assert_eq!(found.whole(), "198.51.100.7");
    }

    #[test]
    fn a_customer_of_ipv6_is_counted_as_one() {
        let counted = |peer: &str| client(peer, "", &[]).counted();
        assert_eq!(counted("2001:db8:1:2::1"), "2001:db8:1:2::/64");
        assert_eq!(counted("2001:db8:1:2:ffff::9"), "2001:db8:1:2::/64");
        assert_eq!(counted("2001:db8:1:3::1"), "2001:db8:1:3::/64");
        assert_eq!(counted("::1"), "::/64");
        assert_eq!(counted("::ffff:203.0.113.9"), "203.0.113.9");
        assert_eq!(counted("203.0.113.9"), "203.0.113.9");
    }

    #[test]
    fn the_scheme_is_believed_of_trusted_proxies_only() {
        for (trusted, proto, is_https) in [
            ("127.0.0.1", "https", true),
            ("127.0.0.1", "HTTPS", true),
            ("127.0.0.1", "http", false),
            ("127.0.0.1", "https, http", false),
            ("127.0.0.1", "http, https", true),
            ("", "https", false),
            ("10.0.0.0/8", "https", false),
        ] {
            let found = client("127.0.0.1", trusted, &[("x-forwarded-proto", proto)]);
            assert_eq!(found.is_https, is_https, "{trusted} {proto}");
        }
    }
}
