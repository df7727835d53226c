//! How fast connections come from one address, and what those are told who are too many: before anything is read of
//! them, because they should cost the least.

use core::net::IpAddr;
use std::io::{Read, Write};
use std::time::Duration;

use tokio::net::TcpStream;

use super::allowance::{Buckets, Rate};
use crate::config::LimitSettings;
use crate::wire;
use crate::wire::limit::Limit;
use crate::wire::problem::{Problem, ProblemDocument};

/// What is read of a request that is not answered: what came with the connection. A connection that is closed with
/// bytes unread is reset, and the answer could be lost.
const DROPPED_BYTES: usize = 16 * 1024;

/// How fast connections come, from each address.
#[derive(Debug)]
pub struct Newcomers {
    rate: Rate,
    buckets: Buckets,
    too_fast: Vec<u8>,
    too_many: Vec<u8>,
}

impl Newcomers {
    /// As these settings say.
    #[must_use]
    pub fn of(limits: &LimitSettings) -> Self {
        let rate = Rate::of_new_connections(limits);
        let too_fast = format!("too many connections from this address; {rate} are right");
        let most = limits.http_connections_per_address;
        let too_many = format!("{most} connections of this address are at work already; more may not be");
        Self {
            rate,
            buckets: Buckets::full(&[rate]),
            too_fast: answer(Limit::NewConnectionsOfAddress, too_fast),
            too_many: answer(Limit::HttpConnectionsOfAddress, too_many),
        }
    }

    /// Whether a connection may come from there now.
    pub fn may_come(&self, address: IpAddr, now: Duration) -> bool {
        self.buckets.take(address, self.rate, 1, now).is_ok()
    }

    /// Tells a connection that too many came lately, and ends it.
    pub fn tell_too_fast(&self, stream: TcpStream) {
        tell(stream, &self.too_fast);
    }

    /// Tells a connection that there are too many, and ends it.
    pub fn tell_too_many(&self, stream: TcpStream) {
        tell(stream, &self.too_many);
    }
}

/// As much as the connection takes at once. Errors say that the client was faster. Not through the runtime, which
/// does not know yet what can be read and written.
fn tell(stream: TcpStream, answer: &[u8]) {
    let Ok(mut stream) = stream.into_std() else { return };
    drop(stream.read(&mut [0; DROPPED_BYTES]));
    drop(stream.write(answer));
}

/// The answer to whatever is asked.
fn answer(limit: Limit, detail: String) -> Vec<u8> {
    let problem = Problem::limited(limit, detail);
    let body = wire::text(&ProblemDocument::of(problem, "Too Many Requests"));
    let head = format!(
        "HTTP/1.1 429 Too Many Requests\r\ncontent-type: application/problem+json\r\ncache-control: no-store\r\n\
         x-content-type-options: nosniff\r\nretry-after: 1\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    [head.into_bytes(), body].concat()
}
