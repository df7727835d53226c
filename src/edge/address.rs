//! Where a client is: the one place that says so.
//!
//! A proxy says for whom it asks in `X-Forwarded-For`, to whose end it adds the address that asked it. Anybody can
//! write the rest, so the list is read from its end, as long as what added to it is a proxy that is trusted.

use core::net::{IpAddr, Ipv6Addr, SocketAddr};

use axum::http::header::FORWARDED;
use axum::http::{HeaderMap, HeaderName};
use ipnet::IpNet;

use crate::domain::network::Network;
use crate::sessions::Peer;

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// Where a client is, as far as is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Whereabouts {
    /// Its address; that of a proxy that is not trusted, if it came through one.
    pub address: Option<IpAddr>,
    /// Its network, unless only a proxy knows it.
    pub network: Option<Network>,
}

impl Whereabouts {
    /// Of the client behind a connection, whose request has these headers.
    pub fn of(peer: Option<Peer>, headers: &HeaderMap, trusted: &[IpNet]) -> Self {
        let other_end = match peer {
            Some(Peer::Here(address) | Peer::At(address)) => Some(address.to_canonical()),
            Some(Peer::Gone) | None => None,
        };
        let is_trusted = |address: &IpAddr| trusted.iter().any(|range| range.contains(address));
        if other_end.as_ref().is_some_and(is_trusted) && headers.contains_key(FORWARDED_FOR) {
            let address = behind(headers, is_trusted);
            return Self { address, network: address.and_then(network_of) };
        }
        let network = other_end.filter(|_| !came_through_a_proxy(headers)).and_then(network_of);
        Self { address: other_end, network }
    }
}

/// The address as which one is counted: whoever has one of IPv6 has all that share its first 64 bits.
pub fn counted_as(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX)).into(),
        v4 @ IpAddr::V4(_) => v4,
    }
}

/// The address as which the other end of a connection is counted; none for a proxy that is trusted, behind which are
/// many.
pub fn counted_end(other_end: IpAddr, trusted: &[IpNet]) -> Option<IpAddr> {
    let other_end = other_end.to_canonical();
    let is_trusted = trusted.iter().any(|range| range.contains(&other_end));
    (!is_trusted).then(|| counted_as(other_end))
}

/// Whether a proxy says that it passes a request on: then the address that it comes from is the proxy's.
pub fn came_through_a_proxy(headers: &HeaderMap) -> bool {
    [FORWARDED, FORWARDED_FOR].iter().any(|name| headers.contains_key(name))
}

/// The last address that no trusted proxy has; none if what stands there is no address.
fn behind(headers: &HeaderMap, is_trusted: impl Fn(&IpAddr) -> bool) -> Option<IpAddr> {
    let lines = headers.get_all(FORWARDED_FOR).iter().map(|line| line.to_str().unwrap_or_default());
    let said: Vec<&str> = lines.flat_map(|line| line.split(',')).map(str::trim).collect();
    let mut address = None;
    for text in said.into_iter().rev() {
        address = Some(read(text)?);
        if !address.as_ref().is_some_and(&is_trusted) {
            break;
        }
    }
    address
}

/// An address, perhaps with a port, as some proxies write it.
fn read(text: &str) -> Option<IpAddr> {
    let with_port = || text.parse::<SocketAddr>().ok().map(|socket| socket.ip());
    let in_brackets = || text.strip_prefix('[')?.strip_suffix(']')?.parse().ok();
    let address: IpAddr = text.parse().ok().or_else(with_port).or_else(in_brackets)?;
    Some(address.to_canonical())
}

/// This machine is in no network that could be lost.
fn network_of(address: IpAddr) -> Option<Network> {
    (!address.is_loopback()).then(|| Network::of(address))
}

#[cfg(test)]
mod tests {
    use core::net::Ipv4Addr;

    use super::*;

    const HERE: Option<Peer> = Some(Peer::Here(IpAddr::V4(Ipv4Addr::LOCALHOST)));

    fn at(address: &str) -> Option<Peer> {
        Some(Peer::At(address.parse().unwrap()))
    }

    fn forwarded(lines: &[&'static str]) -> HeaderMap {
        lines.iter().map(|line| (FORWARDED_FOR, line.parse().unwrap())).collect()
    }

    fn address(peer: Option<Peer>, headers: &HeaderMap) -> Option<String> {
        let trusted = ["127.0.0.1/32".parse().unwrap(), "10.0.0.0/8".parse().unwrap()];
        Whereabouts::of(peer, headers, &trusted).address.map(|address| address.to_string())
    }

    #[test]
    fn the_network_of_a_proxy_is_nobodys() {
        let passed_on = forwarded(&["198.51.100.4"]);
        let network = |peer, headers: &HeaderMap| Whereabouts::of(peer, headers, &[]).network;
        assert_eq!(network(at("203.0.113.7"), &HeaderMap::new()), Some(Network::V4([203, 0, 113])));
        assert_eq!(network(at("203.0.113.7"), &passed_on), None);
        assert_eq!(network(HERE, &HeaderMap::new()), None);
        let trusted = ["203.0.113.7/32".parse().unwrap()];
        let behind = Whereabouts::of(at("203.0.113.7"), &passed_on, &trusted).network;
        assert_eq!(behind, Some(Network::V4([198, 51, 100])));
    }

    #[test]
    fn only_a_trusted_proxy_says_for_whom_it_asks() {
        let said = forwarded(&["198.51.100.4"]);
        assert_eq!(address(at("203.0.113.7"), &said).as_deref(), Some("203.0.113.7"));
        assert_eq!(address(at("10.1.2.3"), &said).as_deref(), Some("198.51.100.4"));
        assert_eq!(address(HERE, &said).as_deref(), Some("198.51.100.4"));
        assert_eq!(address(at("10.1.2.3"), &HeaderMap::new()).as_deref(), Some("10.1.2.3"));
        assert_eq!(address(Some(Peer::Gone), &said), None);
    }

    #[test]
    fn what_a_client_writes_itself_is_not_believed() {
        for lines in [&["1.1.1.1, 198.51.100.4"][..], &["1.1.1.1", "198.51.100.4"], &["x, 198.51.100.4, 10.9.9.9"]] {
            assert_eq!(address(at("10.1.2.3"), &forwarded(lines)).as_deref(), Some("198.51.100.4"), "{lines:?}");
        }
        assert_eq!(address(at("10.1.2.3"), &forwarded(&["198.51.100.4, unknown"])), None);
    }

    #[test]
    fn one_is_counted_by_its_address_and_in_ipv6_by_its_network() {
        let counted = |address: &str| counted_as(address.parse().unwrap()).to_string();
        assert_eq!(counted("198.51.100.4"), "198.51.100.4");
        assert_eq!(counted("::ffff:198.51.100.4"), "198.51.100.4");
        assert_eq!((counted("2001:db8::7"), counted("2001:db8::1:2:3:4")), ("2001:db8::".into(), "2001:db8::".into()));
        assert_eq!(counted("2001:db8:0:1::7"), "2001:db8:0:1::");
        let trusted = ["127.0.0.1/32".parse().unwrap()];
        assert_eq!(counted_end("127.0.0.1".parse().unwrap(), &trusted), None);
        assert_eq!(counted_end("::ffff:127.0.0.1".parse().unwrap(), &trusted), None);
        assert!(counted_end("127.0.0.2".parse().unwrap(), &trusted).is_some());
    }

    #[test]
    fn addresses_are_read_as_proxies_write_them() {
        for (written, read) in [
            ("198.51.100.4:4711", "198.51.100.4"),
            ("[2001:db8::7]:4711", "2001:db8::7"),
            ("[2001:db8::7]", "2001:db8::7"),
            ("::ffff:198.51.100.4", "198.51.100.4"),
        ] {
            let said = HeaderMap::from_iter([(FORWARDED_FOR, written.parse().unwrap())]);
            assert_eq!(address(at("10.1.2.3"), &said).as_deref(), Some(read));
        }
    }
}
