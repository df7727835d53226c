//! How an agent's session ends, and why.
//!
//! A new cause of disconnection begins here, as a variant of [`EndCause`]: it needs a name in the
//! vocabulary, and a word on whether a page that reloads may end so. Whoever finds that a session is over
//! for this cause says so with [`Session::ends_as`](super::Session::ends_as).

use std::time::Duration;

use crate::clock::Clock;
use crate::domain::cause::SubEventName;
use crate::domain::command::Ended;
use crate::domain::ids::{AgentId, SessionId};
use crate::domain::network::Network;
use crate::domain::time::Timestamp;

/// A page that announced its reload and is still there after this long did not reload.
const ANNOUNCEMENT_HOLDS: Duration = Duration::from_secs(30);

/// Why a session ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndCause {
    /// The page closed its socket.
    TabClosed,
    /// The person signed out, or a supervisor signed them out.
    SignedOut,
    /// No sign of life came in time.
    NetworkLost,
    /// The browser lives and the page does not: it was frozen.
    PageAsleep,
    /// The credentials are believed no more, or the agent is gone.
    Revoked,
    /// Nobody said: the connection broke.
    Unknown,
}

impl EndCause {
    /// Its name in the vocabulary of the log.
    #[must_use]
    pub fn sub_event(self) -> SubEventName {
        match self {
            Self::TabClosed => SubEventName::TabClosed,
            Self::SignedOut => SubEventName::SignedOut,
            Self::NetworkLost => SubEventName::NetworkLost,
            Self::PageAsleep => SubEventName::PageAsleep,
            Self::Revoked => SubEventName::Revoked,
            Self::Unknown => SubEventName::Unknown,
        }
    }

    /// Whether a page that reloads may end its session in this way.
    fn may_be_a_reload(self) -> bool {
        match self {
            Self::TabClosed | Self::NetworkLost | Self::Unknown => true,
            Self::SignedOut | Self::PageAsleep | Self::Revoked => false,
        }
    }
}

/// The end of an agent's session, which must be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionEnd {
    /// Which session.
    pub session: SessionId,
    /// Whose.
    pub agent: AgentId,
    /// How, and when.
    pub ended: Ended,
}

/// What is known of how a live session will have ended.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Ending {
    cause: Option<EndCause>,
    reload_announced: Option<Timestamp>,
}

impl Ending {
    /// The first cause stands: a lost network stays the cause although the socket is closed afterwards.
    pub(super) fn is_caused_by(&mut self, cause: EndCause) {
        self.cause.get_or_insert(cause);
    }

    pub(super) fn reload_is_announced(&mut self, at: Timestamp) {
        self.reload_announced = Some(at);
    }

    /// How the session has ended, if it ends now. While the hub stood still, no page could reload, so
    /// that time does not count.
    pub(super) fn now(self, network: Option<Network>, clock: &Clock) -> Ended {
        let at = clock.now();
        let cause = self.cause.unwrap_or(EndCause::Unknown);
        let announced = self.reload_announced.map(|announced| clock.less_standstills(announced));
        let announced = announced.filter(|announced| at.since(*announced) <= ANNOUNCEMENT_HOLDS);
        match announced {
            Some(announced) if cause.may_be_a_reload() => Ended::Refreshing { announced, at },
            Some(_) | None => Ended::At { at, how: cause.sub_event(), network },
        }
    }
}
