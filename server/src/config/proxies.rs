//! The proxies whose word about a request is taken.

use std::net::IpAddr;

use ipnet::IpNet;

use super::source::{ConfigError, Source};

const VARIABLE: &str = "PARALLAX_TRUSTED_PROXIES";

/// Networks whose machines may say for whom they pass a request on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrustedProxies(Vec<IpNet>);

impl TrustedProxies {
    pub(super) fn read(source: &Source) -> Result<Self, ConfigError> {
        let networks = source.get(VARIABLE)?.unwrap_or_default();
        networks
            .split([',', ' '])
            .map(str::trim)
            .filter(|network| !network.is_empty())
            .map(network)
            .collect::<Option<Vec<_>>>()
            .map(Self)
            .ok_or_else(|| {
                ConfigError::new(
                    VARIABLE,
                    "is a list of networks and addresses, such as 10.0.0.0/8, 127.0.0.1, fd00::/8",
                )
            })
    }

    /// Whether no proxy is trusted.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a machine with this address is one of them.
    pub fn contains(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|network| network.contains(&address))
    }
}

fn network(text: &str) -> Option<IpNet> {
    let network: IpNet = match text.parse() {
        Ok(network) => network,
        Err(_) => text.parse::<IpAddr>().ok()?.into(),
    };
    // An IPv4 address written as IPv6 is compared as what it is.
    let canonical = network.addr().to_canonical();
    if canonical.is_ipv4() && network.addr().is_ipv6() {
        let length = network.prefix_len().checked_sub(96)?;
        return IpNet::new(canonical, length).ok();
    }
    Some(network)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trusted(list: &str) -> Result<TrustedProxies, ConfigError> {
        TrustedProxies::read(&Source::of(&[(VARIABLE, list)]))
    }

    #[test]
    fn networks_and_addresses_are_read_in_both_families() {
        let proxies = trusted("10.0.0.0/8, 127.0.0.1 fd00::/8,2001:db8::1").expect("a list");
        for (address, is_trusted) in [
            ("10.200.3.4", true),
            ("::ffff:10.200.3.4", true),
            ("127.0.0.1", true),
            ("127.0.0.2", false),
            ("11.0.0.1", false),
            ("fd12::1", true),
            ("fe00::1", false),
            ("2001:db8::1", true),
            ("2001:db8::2", false),
        ] {
            let found = proxies.contains(address.parse().expect("an address"));
            assert_eq!(found, is_trusted, "{address}");
        }
        assert!(
            trusted("::ffff:10.0.0.0/104")
                .expect("a list")
                .contains([10, 9, 9, 9].into())
        );
        assert!(trusted("").expect("nobody").is_empty());
    }

    #[test]
    fn anything_else_is_refused() {
        for list in [
            "all",
            "*",
            "10.0.0.0/33",
            "10.0.0.0/8;",
            "proxy.example",
            "::ffff:0:0/90",
        ] {
            let error = trusted(list).expect_err(list);
            assert_eq!(error.variable(), VARIABLE);
        }
    }
}
