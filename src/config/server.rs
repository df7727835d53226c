//! `[server]`

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use ipnet::IpNet;

use super::kind::address::{Listen, Origins};
use super::kind::number::Whole;
use super::kind::proxies::Proxies;
use super::kind::public_url::PublicAddress;
use super::kind::span::Span;
use super::kind::text::{Choice, Line, Optional, PathTo, Truth};
use super::section::section;
use crate::identity::PublicUrl;

/// Who may read the metrics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MetricsReaders {
    /// Programs on the same machine, and whoever has a token for it.
    Local,
    /// Whoever has a token for it.
    Token,
    /// Everyone.
    Anyone,
}

section! {
    /// Where the hub listens, and whom it lets in at the door.
    pub struct ServerSettings in "server" {
        /// Where to listen. Only this machine can connect to 127.0.0.1; `"0.0.0.0:7350"` opens the hub
        /// to the network, which needs `auth.mode` `"jwt"` or `"oidc"`. Port 0 takes a free port.
        listen: SocketAddr as Listen, by default SocketAddr::from((Ipv4Addr::LOCALHOST, 7350));

        /// A PEM file with the certificate of the hub and those between it and a root, for TLS at the hub's own door.
        /// Both files are read every two seconds; new ones count for connections that come then, and ones that cannot
        /// be used leave those of before, which /readyz says. Needs `public_url`. Without them a proxy before the hub
        /// speaks TLS.
        tls_certificate_file: Option<PathBuf> as Optional(PathTo("a file")), by default None;

        /// The PEM file with the private key of that certificate.
        tls_key_file: Option<PathBuf> as Optional(PathTo("a file")), by default None;

        /// Pages of other origins that may use the hub from a browser, such as the CRM that shows the
        /// indicator. The hub's own origin is always allowed.
        allowed_origins: Vec<String> as Origins, by default Vec::new();

        /// The address that people type, when it is not loopback, with the path below which a proxy serves
        /// the hub if it has one; the proxy may keep that path or take it off. The hub allows this origin,
        /// and refuses requests for any other Host. Over https it also makes the session cookie Secure.
        public_url: Option<PublicUrl> as Optional(PublicAddress), by default None;

        /// Whom people can ask who may not do something, such as `"the IT service desk, 4711"`: pages say it beside a
        /// refusal. One line of at most 200 characters.
        contact: Option<String> as Optional(Line(200)), by default None;

        /// Proxies that say for whom they ask, in `X-Forwarded-For`: the client's address, as the audit and the
        /// history of disconnections have it, is then the last one there that is none of these. Each of them must
        /// add the address that asked it, or put it in the place of what it was sent. Nobody else is believed.
        trusted_proxies: Vec<IpNet> as Proxies, by default Vec::new();

        /// Who may read `GET /metrics`. `"local"`: without a token, programs on the hub's own machine that ask it
        /// by a loopback name; everyone else with a token of a supervisor, an observer or an administrator. A proxy on the same
        /// machine must then not pass `/metrics` on. `"token"`: only with such a token. `"anyone"`: everyone who
        /// reaches the hub.
        metrics: MetricsReaders as Choice(
            &[MetricsReaders::Local, MetricsReaders::Token, MetricsReaders::Anyone],
            |readers| match readers {
                MetricsReaders::Local => "local",
                MetricsReaders::Token => "token",
                MetricsReaders::Anyone => "anyone",
            },
        ), by default MetricsReaders::Local;

        /// For tests: `POST /test/clock {"advanceMs"}` moves the hub's time forward. Refused unless
        /// listening on loopback.
        test_clock: bool as Truth, by default false;

        /// More connections than this are told to come back later (close code 1013), so that the hub
        /// stays quick for those it has. Each needs one file descriptor; the hub raises its limit as far
        /// as it may.
        max_connections: u32 as Whole("connections", 1..=10_000_000), by default 50_000;

        /// When more sockets than this are opening at once, whoever comes beyond is told to come back
        /// later too. Each is signed in durably before it is welcomed, about 10,000 a second on one
        /// core, so the last of these waits less than half a second.
        max_opening: u32 as Whole("sockets", 1..=1_000_000), by default 4_000;

        /// Connections that may speak HTTP at once, before they become sockets or end: some thousand
        /// people who open the page together bring six each. Whoever comes beyond takes the place of the
        /// connection that has been idle the longest, else waits until one ends, which the next three
        /// settings see to.
        max_http_connections: u32 as Whole("connections", 1..=1_000_000), by default 16_384;

        /// How long a client may take for the head of a request. It takes a moment, also over a bad
        /// network; whoever takes longer holds a place that others need.
        head_timeout: Duration as Span(Duration::from_secs(1)..=Duration::from_mins(5)),
            by default Duration::from_secs(15);

        /// How long a client may take for the body of a request (then it is answered 408), or take
        /// nothing of its answer: 8 MiB over a slow line need half a minute.
        body_timeout: Duration as Span(Duration::from_secs(1)..=Duration::from_mins(10)),
            by default Duration::from_secs(30);

        /// How long a connection is kept for the next request. Longer than the 60 seconds for which
        /// balancers and proxies keep theirs, so that none of them sends a request into a connection
        /// that just ends.
        idle_timeout: Duration as Span(Duration::from_secs(1)..=Duration::from_hours(1)),
            by default Duration::from_secs(75);

        /// How long a planned stop waits for requests under way before it stops anyway.
        drain_timeout: Duration as Span(Duration::ZERO..=Duration::from_mins(10)),
            by default Duration::from_secs(10);
    }
}

impl ServerSettings {
    /// The path below which a proxy serves the hub; empty if there is none.
    #[must_use]
    pub fn base_path(&self) -> &str {
        self.public_url.as_ref().map_or("", PublicUrl::path)
    }
}
