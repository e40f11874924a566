//! Whose a host is.

use std::net::IpAddr;

/// The registrable domain of a host (ASCII, lower case) by the public suffix list, private
/// suffixes such as `github.io` among them; the host itself where there is none: IP addresses,
/// suffixes, names without a dot.
pub fn registrable(host: &str) -> String {
    let name = host.trim_matches(['[', ']']);
    if name.parse::<IpAddr>().is_ok() {
        return host.to_owned();
    }
    psl::domain_str(host).unwrap_or(host).to_owned()
}

/// Whether `host` is `domain` or lies below it; both ASCII and lower case.
pub fn belongs_to(host: &str, domain: &str) -> bool {
    !domain.is_empty()
        && host
            .strip_suffix(domain)
            .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}
