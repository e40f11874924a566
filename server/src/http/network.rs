//! Which addresses are one customer's.

use std::net::{IpAddr, Ipv6Addr};

/// Bits of the network that one customer has in IPv6: whoever has one address has them all.
pub(super) const CUSTOMER_BITS: u32 = 64;

/// What limits count an address as: itself, of IPv6 the first address of the customer's network.
pub(super) fn customer_network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(address) => {
            let bits_inside = Ipv6Addr::BITS - CUSTOMER_BITS;
            let network = address.to_bits() >> bits_inside << bits_inside;
            IpAddr::V6(Ipv6Addr::from_bits(network))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_a_customer_are_one() {
        let of = |text: &str| customer_network(text.parse().expect("an address")).to_string();
        assert_eq!(of("2001:db8:1:2::1"), "2001:db8:1:2::");
        assert_eq!(of("2001:db8:1:2:ffff::9"), "2001:db8:1:2::");
        assert_eq!(of("2001:db8:1:3::1"), "2001:db8:1:3::");
        assert_eq!(of("::1"), "::");
        assert_eq!(of("192.0.2.1"), "192.0.2.1");
    }
}
