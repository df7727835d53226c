//! The network that a connection comes from.

use core::net::{IpAddr, Ipv6Addr};
use std::fmt;

/// The network that a connection comes from: the first 24 bits of an IPv4 address or the first 48 of an IPv6 one. An
/// office has one, and nobody is told by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Network {
    /// Such as `203.0.113.0/24`.
    V4([u8; 3]),
    /// Such as `2001:db8:7::/48`.
    V6([u16; 3]),
}

impl Network {
    /// The network of an address.
    #[must_use]
    pub fn of(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V4(address) => {
                let [a, b, c, _] = address.octets();
                Self::V4([a, b, c])
            }
            IpAddr::V6(address) => {
                let [a, b, c, ..] = address.segments();
                Self::V6([a, b, c])
            }
        }
    }

    /// The one that is written so.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (address, _) = text.split_once('/')?;
        let network = Self::of(address.parse().ok()?);
        (network.to_string() == text).then_some(network)
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::V4([a, b, c]) => write!(f, "{a}.{b}.{c}.0/24"),
            Self::V6([a, b, c]) => write!(f, "{}/48", Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_is_the_first_bits_of_an_address_and_is_read_as_it_is_written() {
        for (address, network) in [
            ("203.0.113.77", "203.0.113.0/24"),
            ("::ffff:203.0.113.77", "203.0.113.0/24"),
            ("2001:db8:7:1:2::9", "2001:db8:7::/48"),
            ("fe80::1", "fe80::/48"),
        ] {
            let of = Network::of(address.parse().unwrap());
            assert_eq!(of.to_string(), network);
            assert_eq!(Network::parse(network), Some(of));
        }
        for wrong in ["", "203.0.113.0", "203.0.113.77/24", "203.0.113.0/25", "office"] {
            assert_eq!(Network::parse(wrong), None, "{wrong}");
        }
    }
}
