//! Where a client is: the one place that says so.

use core::net::{IpAddr, Ipv4Addr};

use axum::http::request::Parts;

use crate::sessions::Peer;

/// The address of the other end, if it is known. Behind a proxy it is the proxy's.
pub fn address_of(peer: Peer) -> Option<IpAddr> {
    match peer {
        Peer::Here => Some(Ipv4Addr::LOCALHOST.into()),
        Peer::At(address) => Some(address.to_canonical()),
        Peer::Gone => None,
    }
}

/// The address that a request comes from.
pub fn address_of_request(parts: &Parts) -> Option<IpAddr> {
    parts.extensions.get().copied().and_then(address_of)
}
