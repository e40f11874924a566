//! Which network addresses an address (base URL) may lead to. An owner of a workspace does not
//! administrate the machine. An address from them must not make this host call services that only
//! the host can reach.
//!
//! Invariant: pure; nothing here resolves a name or sends anything.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

/// How far the address of an [`Access`](super::Access) may lead; that depends on whose it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reach {
    /// The operator's, and the providers' own: anywhere.
    Anywhere,
    /// An admin's: also private networks and this machine, but no link-local or metadata address.
    Private,
    /// Anybody else's: what the whole internet can reach.
    Public,
}

impl Reach {
    /// Every reach.
    pub const ALL: [Self; 3] = [Self::Anywhere, Self::Private, Self::Public];

    /// Whether an address may be connected to.
    pub fn covers(self, address: IpAddr) -> bool {
        self.check(address).is_ok()
    }

    /// As [`Self::covers`], with the reason.
    ///
    /// # Errors
    /// What stands in the way.
    pub fn check(self, address: IpAddr) -> Result<(), OutOfReach> {
        match (self, place_of(address)) {
            (Self::Anywhere, _) | (_, Place::Public) | (Self::Private, Place::Private) => Ok(()),
            (Self::Public, Place::Private) => Err(OutOfReach::Private),
            (_, Place::Barred) => Err(OutOfReach::Barred),
        }
    }

    /// Checks an address that names its host by number; a name passes, and is checked when it is
    /// resolved. The parser has read decimal, octal and hexadecimal numbers already.
    ///
    /// # Errors
    /// What stands in the way.
    pub fn check_literal(self, url: &Url) -> Result<(), OutOfReach> {
        match url.host() {
            Some(Host::Ipv4(address)) => self.check(address.into()),
            Some(Host::Ipv6(address)) => self.check(address.into()),
            Some(Host::Domain(_)) | None => Ok(()),
        }
    }
}

/// Why an address may not be connected to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutOfReach {
    /// It belongs to this machine, a private network or no network at all.
    Private,
    /// It is link-local, or gives a cloud machine its secrets.
    Barred,
}

impl fmt::Display for OutOfReach {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Private => {
                "the address (base URL) leads to a private network; only an admin of this \
                 instance may store such an address"
            }
            Self::Barred => {
                "the address (base URL) leads to a link-local or metadata address, which no key \
                 is sent to"
            }
        })
    }
}

impl std::error::Error for OutOfReach {}

/// What kind of network an address belongs to, the most open first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// Reached from everywhere.
    Public,
    /// This machine, a private network, or a range that is for no connection: not the internet.
    Private,
    /// Link-local or metadata.
    Barred,
}

use Place::{Barred, Private, Public};

/// Address, length of the prefix, what it is. From IANA's registry of special-purpose IPv4
/// addresses, and the addresses at which clouds serve metadata. The first that fits counts.
#[rustfmt::skip]
const V4: &[([u8; 4], u32, Place)] = &[
    ([169, 254, 0, 0], 16, Barred),     // link-local, with nearly every cloud's metadata
    ([100, 100, 100, 200], 32, Barred), // Alibaba's metadata
    ([192, 0, 0, 192], 32, Barred),     // Oracle's metadata
    ([168, 63, 129, 16], 32, Barred),   // Azure's wire server
    ([0, 0, 0, 0], 8, Private),         // this network
    ([10, 0, 0, 0], 8, Private),        // private use
    ([100, 64, 0, 0], 10, Private),     // shared address space
    ([127, 0, 0, 0], 8, Private),       // loopback
    ([172, 16, 0, 0], 12, Private),     // private use
    ([192, 0, 0, 0], 24, Private),      // protocol assignments
    ([192, 0, 2, 0], 24, Private),      // documentation
    ([192, 88, 99, 0], 24, Private),    // 6to4 relays, given up
    ([192, 168, 0, 0], 16, Private),    // private use
    ([198, 18, 0, 0], 15, Private),     // benchmarks
    ([198, 51, 100, 0], 24, Private),   // documentation
    ([203, 0, 113, 0], 24, Private),    // documentation
    ([224, 0, 0, 0], 4, Private),       // multicast
    ([240, 0, 0, 0], 4, Private),       // reserved, broadcast
];

/// The same for IPv6. What is not listed is public if it lies in `2000::/3`, where all global
/// unicast addresses are given out from, and private if not.
#[rustfmt::skip]
const V6: &[([u16; 8], u32, Place)] = &[
    ([0xfe80, 0, 0, 0, 0, 0, 0, 0], 10, Barred),             // link-local
    ([0xfd00, 0x0ec2, 0, 0, 0, 0, 0, 0x254], 128, Barred),   // Amazon's metadata
    ([0xfd20, 0x00ce, 0, 0, 0, 0, 0, 0x254], 128, Barred),   // Google's metadata
    ([0xfd00, 0x0042, 0, 0, 0, 0, 0, 0x42], 128, Barred),    // Scaleway's metadata
    ([0x0064, 0xff9b, 0x0001, 0, 0, 0, 0, 0], 48, Barred),   // local translation: what is behind cannot be told
    ([0x2001, 0, 0, 0, 0, 0, 0, 0], 23, Private),            // protocol assignments, Teredo, benchmarks
    ([0x2001, 0x0db8, 0, 0, 0, 0, 0, 0], 32, Private),       // documentation
    ([0x3fff, 0, 0, 0, 0, 0, 0, 0], 20, Private),            // documentation
    ([0x2000, 0, 0, 0, 0, 0, 0, 0], 3, Public),              // global unicast
];

/// What kind of network an address belongs to. An IPv6 address that carries an IPv4 address
/// is at least as closed as that.
pub fn place_of(address: IpAddr) -> Place {
    match address {
        IpAddr::V4(address) => place_of_v4(address),
        IpAddr::V6(address) => place_of_v6(address),
    }
}

fn place_of_v4(address: Ipv4Addr) -> Place {
    let bits = address.to_bits();
    V4.iter()
        .find(|(prefix, length, _)| {
            (bits ^ Ipv4Addr::from(*prefix).to_bits()) >> (32 - length) == 0
        })
        .map_or(Public, |(.., place)| *place)
}

fn place_of_v6(address: Ipv6Addr) -> Place {
    let carried = embedded_v4(address);
    // Mapped and translated addresses are their IPv4 address.
    if let Some((inner, true)) = carried {
        return place_of_v4(inner);
    }
    let bits = address.to_bits();
    let own = V6
        .iter()
        .find(|(prefix, length, _)| {
            (bits ^ Ipv6Addr::from(*prefix).to_bits()) >> (128 - length) == 0
        })
        .map_or(Private, |(.., place)| *place);
    carried.map_or(own, |(inner, _)| own.max(place_of_v4(inner)))
}

/// The IPv4 address inside an IPv6 address, and whether it is all that the address means.
fn embedded_v4(address: Ipv6Addr) -> Option<(Ipv4Addr, bool)> {
    let parts = address.segments();
    let of = |high: u16, low: u16| Ipv4Addr::from_bits((u32::from(high) << 16) | u32::from(low));
    match parts {
        // Unspecified and loopback carry nothing.
        [0, 0, 0, 0, 0, 0, 0, 0 | 1] => None,
        // Mapped, and translated by NAT64.
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
            Some((of(high, low), true))
        }
        // Compatible and SIIT, both given up; 6to4.
        [0, 0, 0, 0, 0 | 0xffff, 0, high, low] | [0x2002, high, low, ..] => {
            Some((of(high, low), false))
        }
        // Teredo writes it with its bits turned round.
        [0x2001, 0, .., high, low] => Some((of(!high, !low), false)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(address: &str) -> Place {
        place_of(address.parse().expect(address))
    }

    #[test]
    fn every_special_range_of_ipv4_is_known_up_to_its_borders() {
        for (inside, before, behind, expected) in [
            ("0.0.0.0 0.255.255.255", "", "1.0.0.0", Private),
            (
                "10.0.0.0 10.255.255.255",
                "9.255.255.255",
                "11.0.0.0",
                Private,
            ),
            (
                "100.64.0.0 100.127.255.255",
                "100.63.255.255",
                "100.128.0.0",
                Private,
            ),
            (
                "127.0.0.1 127.255.255.255",
                "126.255.255.255",
                "128.0.0.0",
                Private,
            ),
            (
                "169.254.0.0 169.254.169.254 169.254.255.255",
                "169.253.255.255",
                "169.255.0.0",
                Barred,
            ),
            (
                "172.16.0.0 172.31.255.255",
                "172.15.255.255",
                "172.32.0.0",
                Private,
            ),
            (
                "192.0.0.0 192.0.0.255",
                "191.255.255.255",
                "192.0.1.0",
                Private,
            ),
            ("192.0.2.0 192.0.2.255", "192.0.1.255", "192.0.3.0", Private),
            (
                "192.88.99.0 192.88.99.255",
                "192.88.98.255",
                "192.88.100.0",
                Private,
            ),
            (
                "192.168.0.0 192.168.255.255",
                "192.167.255.255",
                "192.169.0.0",
                Private,
            ),
            (
                "198.18.0.0 198.19.255.255",
                "198.17.255.255",
                "198.20.0.0",
                Private,
            ),
            (
                "198.51.100.0 198.51.100.255",
                "198.51.99.255",
                "198.51.101.0",
                Private,
            ),
            (
                "203.0.113.0 203.0.113.255",
                "203.0.112.255",
                "203.0.114.0",
                Private,
            ),
            (
                "224.0.0.0 239.255.255.255 240.0.0.0 255.255.255.255",
                "223.255.255.255",
                "",
                Private,
            ),
            (
                "100.100.100.200 192.0.0.192 168.63.129.16",
                "168.63.129.15",
                "168.63.129.17",
                Barred,
            ),
        ] {
            for address in inside.split(' ') {
                assert_eq!(place(address), expected, "{address}");
            }
            for address in [before, behind].iter().filter(|text| !text.is_empty()) {
                assert_eq!(place(address), Public, "{address}");
            }
        }
    }

    #[test]
    fn every_special_range_of_ipv6_is_known() {
        for (addresses, expected) in [
            (":: ::1", Private),
            ("fc00:: fdff:ffff:: fd12:3456::1", Private),
            ("fd00:ec2::254 fd20:ce::254 fd00:42::42", Barred),
            ("fe80::1 febf:ffff::1", Barred),
            ("fec0::1 feff::1 ff00:: ff02::1 ffff::1", Private),
            ("100::1 5f00::1 4000::1 1fff::1", Private),
            (
                "2001::1 2001:1ff:: 2001:2::1 2001:20::1 2001:db8::1 3fff::1",
                Private,
            ),
            ("64:ff9b:1::1 64:ff9b:1:a9fe:a9:fe00::", Barred),
            (
                "2600:1f18::1 2a00:1450:4003::200e 2001:4860:4860::8888 3ffe::1",
                Public,
            ),
        ] {
            for address in addresses.split(' ') {
                assert_eq!(place(address), expected, "{address}");
            }
        }
    }

    #[test]
    fn an_ipv4_address_inside_an_ipv6_address_counts() {
        for (carried, expected) in [
            ("93.184.215.14", Public),
            ("127.0.0.1", Private),
            ("10.1.2.3", Private),
            ("169.254.169.254", Barred),
        ] {
            let v4: Ipv4Addr = carried.parse().expect("an address");
            let [a, b, c, d] = v4.octets().map(u16::from);
            let (high, low) = (a << 8 | b, c << 8 | d);
            for (name, parts, its_own) in [
                ("mapped", [0, 0, 0, 0, 0, 0xffff, high, low], Public),
                ("NAT64", [0x64, 0xff9b, 0, 0, 0, 0, high, low], Public),
                ("6to4", [0x2002, high, low, 0, 0, 0, 0, 1], Public),
                ("compatible", [0, 0, 0, 0, 0, 0, high, low], Private),
                ("SIIT", [0, 0, 0, 0, 0xffff, 0, high, low], Private),
                ("Teredo", [0x2001, 0, 1, 2, 0, 3, !high, !low], Private),
            ] {
                let address = IpAddr::from(Ipv6Addr::from(parts));
                assert_eq!(place_of(address), its_own.max(expected), "{name} {carried}");
            }
        }
    }

    #[test]
    fn a_reach_covers_what_its_owner_may_use() {
        let covered = |address: &str| {
            Reach::ALL.map(|reach| reach.covers(address.parse().expect("an address")))
        };
        assert_eq!(covered("8.8.8.8"), [true, true, true]);
        assert_eq!(covered("127.0.0.1"), [true, true, false]);
        assert_eq!(covered("169.254.169.254"), [true, false, false]);
    }

    #[test]
    fn numbers_are_known_in_every_spelling() {
        for host in [
            "127.0.0.1",
            "127.0.0.1.",
            "2130706433",
            "0x7f000001",
            "0x7f.1",
            "0177.0.0.1",
            "127.1",
            "0",
            "[::1]",
            "[::ffff:127.0.0.1]",
            "[0:0:0:0:0:ffff:7f00:1]",
            "%31%32%37.0.0.1",
            "１２７.0.0.1",
            "127。0。0。1",
            "[64:ff9b::10.0.0.1]",
        ] {
            let url = Url::parse(&format!("http://{host}:8080/v1")).expect(host);
            assert_eq!(
                Reach::Public.check_literal(&url),
                Err(OutOfReach::Private),
                "{host}"
            );
            assert_eq!(Reach::Private.check_literal(&url), Ok(()), "{host}");
        }
        for host in [
            "2852039166",
            "0xa9fea9fe",
            "0251.0376.0251.0376",
            "[::ffff:a9fe:a9fe]",
        ] {
            let url = Url::parse(&format!("http://{host}/latest")).expect(host);
            for reach in [Reach::Public, Reach::Private] {
                assert_eq!(reach.check_literal(&url), Err(OutOfReach::Barred), "{host}");
            }
            assert_eq!(Reach::Anywhere.check_literal(&url), Ok(()), "{host}");
        }
    }
}
