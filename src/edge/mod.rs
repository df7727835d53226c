//! The outside door: HTTP, the upgrade to a socket, and what is said over it.

pub mod accept;
mod address;
mod allowance;
mod api_tokens;
pub mod audience;
mod audit;
mod base_path;
mod caller;
mod conversation;
mod copying;
mod csv;
#[cfg(test)]
mod documents;
mod doubts;
mod entrance;
mod event_stream;
mod events;
pub mod export;
mod exporting;
mod followers;
mod frames;
#[cfg(any(test, fuzzing))]
pub mod fuzzed;
mod growth;
mod head;
mod headers;
mod holding;
mod http;
mod items;
mod ledger;
mod lobby;
mod newcomers;
mod options;
mod page_sessions;
pub mod pages;
mod parting;
mod past;
mod patience;
pub mod peers;
mod people;
mod problem;
mod pulse;
mod queue;
mod renewal;
mod requests;
pub mod revocations;
mod sockets;
mod speaker;
mod tally;
mod telling;
mod terms;
mod tickets;
pub mod tls;
mod tokens;
mod turned_away;
mod turnstile;
mod upgrade;
mod waiting;
mod welcome;
mod withdrawals;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::Router;
use tokio::sync::watch;

use crate::agents::Agents;
use crate::config::{LimitSettings, ServerSettings, SessionSettings};
use crate::engine::Copies;
use crate::feed::Feed;
use crate::history::reader::Reader;
use crate::identity::{Identity, Origins, SessionCookie, SignInCookies};
use crate::outbound::{Changes, Webhooks};
use crate::plans::Plans;
use crate::sessions::Registry;
use crate::sign_in::Provider;
use crate::telemetry::metrics::Exposition;

pub use allowance::Requests;
pub use api_tokens::ApiTokens;
pub use audit::Audit;
pub use doubts::Doubts;
pub use entrance::Entrance;
pub use exporting::Exports;
pub use followers::Followers;
pub use growth::Growth;
pub use http::Documents;
pub use options::Options;
pub use page_sessions::PageSessions;
pub use people::People;
pub use pulse::{Pulse, say_goodbye};
pub use queue::Queue;
pub use revocations::Revocations;
pub use sockets::Sockets;
pub use tally::Tally;
pub use telling::Telling;
pub use tickets::Tickets;
pub use tls::Tls;
pub use tokens::watch_tokens;
pub use turnstile::{BESIDE_PEOPLE, Turnstile};
pub use withdrawals::Withdrawals;

/// What the door leads to.
pub struct Door {
    /// All agents.
    pub agents: Agents,
    /// The live sessions of this node.
    pub sessions: Registry,
    /// The live feed.
    pub feed: Feed,
    /// All changes of agents.
    pub changes: Changes,
    /// Endpoints that are told of them.
    pub webhooks: Webhooks,
    /// What agents are planned to do.
    pub plans: Plans,
    /// Those who follow changes over HTTP.
    pub followers: Arc<Followers>,
    /// The way to the audit.
    pub audit: Audit,
    /// The places of exports of the history.
    pub exports: Exports,
    /// The way to copies of the database, if the hub is a node of a cluster.
    pub copies: Option<Copies>,
    /// The way to the history, if the engine keeps one.
    pub history: Option<Reader>,
    /// Tokens, and what they allow.
    pub identity: Identity,
    /// Tokens that are no longer believed.
    pub revocations: Revocations,
    /// Tokens that administrators made for machines.
    pub api_tokens: ApiTokens,
    /// Who is signed in to the hub's own pages.
    pub page_sessions: PageSessions,
    /// What people are called who act.
    pub people: People,
    /// What opens one socket each.
    pub tickets: Tickets,
    /// Where people sign in, if that is not here.
    pub provider: Option<Provider>,
    /// TLS, if the hub speaks it itself.
    pub tls: Option<Tls>,
    /// Which pages may use the hub.
    pub origins: Origins,
    /// What agents may choose, as they are told at the welcome.
    pub options: Arc<Options>,
    /// Offers that ended, and what work systems know of them.
    pub withdrawals: Arc<Withdrawals>,
    /// How many may come in at once.
    pub entrance: Entrance,
    /// What is known of tokens, and of who shows them.
    pub doubts: Doubts,
    /// What is being made.
    pub growth: Growth,
    /// The live sockets of each address.
    pub sockets: Arc<Sockets>,
    /// What callers may still ask over HTTP.
    pub requests: Requests,
    /// Where requests over HTTP begin.
    pub queue: Queue,
    /// Where batches wait.
    pub batches: Turnstile,
    /// Held while something large is understood: one at a time, so that its bites are all that others wait for.
    pub large: tokio::sync::Mutex<()>,
    /// What the hub says of its API.
    pub documents: Documents,
    /// What is counted here.
    pub tally: Tally,
    /// What is counted anywhere, for whoever asks.
    pub exposition: Exposition,
    /// How the hub's own cookie is written.
    pub cookie: SessionCookie,
    /// How those of sign-ins under way are written.
    pub sign_in_cookies: SignInCookies,
    /// `[server]`
    pub server: ServerSettings,
    /// `[sessions]`
    pub limits: SessionSettings,
    /// `[limits]`
    pub bounds: LimitSettings,
    /// The log's incarnation.
    pub epoch: String,
    /// Set once a stop has begun: nobody new comes in.
    pub closing: AtomicBool,
    /// For tests: the task that is told to panic.
    pub panics: watch::Sender<String>,
}

/// What is no larger is understood at once, and does not wait for its turn. Measured with the bench *attacked*: when 50
/// sockets sent filters of 8 kB, others waited six times as long as without them with 16 kB here, and 1.7 times with 2.
const AT_ONCE_BYTES: usize = 2 * 1024;

impl Door {
    /// Whether a stop has begun.
    #[must_use]
    pub fn is_closing(&self) -> bool {
        self.closing.load(Ordering::Relaxed)
    }
}

/// Everything that can be asked for over HTTP, but for the socket.
fn routes(door: Arc<Door>) -> Router {
    let guarded = http::routes(door.server.test_clock)
        .merge(pages::routes())
        .layer(axum::middleware::from_fn_with_state(door.clone(), caller::check_host_and_origin));
    // Asked by address, by load balancers, a Prometheus and other nodes: they need no name and no origin.
    let all = Router::new().merge(guarded).merge(http::by_any_name());
    all.layer(axum::middleware::map_response_with_state(door.clone(), headers::add)).with_state(door)
}
