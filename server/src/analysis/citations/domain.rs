//! Whose a host is.

use std::net::IpAddr;

use url::Url;

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

/// A domain as a person enters it, as hosts are stored: lower case, IDN as ASCII, without
/// `www.`; `None` where it is none.
pub fn host_of_domain(domain: &str) -> Option<String> {
    let domain = domain.trim();
    let host = domain.split_once("://").map_or(domain, |(_, rest)| rest);
    let url = Url::parse(&format!("https://{host}")).ok()?;
    let host = url.host_str()?.trim_end_matches('.');
    let host = host.strip_prefix("www.").unwrap_or(host);
    (!host.is_empty()).then(|| host.to_owned())
}
