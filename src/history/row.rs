//! The one projector: from an entry of the log to a row of the history. It knows nothing but the entry, so a
//! row is the same whoever makes it, and whenever.

use std::collections::BTreeSet;

use crate::domain::agent::{Connection, Shown};
use crate::domain::capacity::{Meter, units};
use crate::domain::cause::{Actor, Cause};
use crate::domain::change::Change;
use crate::domain::directory::DirectoryChange;
use crate::domain::ids::{AgentId, PresenceId};
use crate::domain::network::Network;
use crate::domain::presence::{BaseStatus, BuiltIn};
use crate::domain::standing::{Hold, Origin};
use crate::domain::time::Timestamp;

/// One change of an agent: what it was from then on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row<'a> {
    /// Its position in the log.
    pub seq: u64,
    /// Whose.
    pub agent: AgentId,
    /// When it took effect.
    pub start: Timestamp,
    /// The agent's version from then on.
    pub version: u64,
    /// What others saw of the agent from then on; none if it was deleted.
    pub state: Option<State>,
    /// The agent's name then.
    pub name: &'a str,
    /// The agent's teams then.
    pub teams: &'a BTreeSet<String>,
    /// The units that it had; none if they were not configured.
    pub units: Option<u32>,
    /// What caused this change.
    pub cause: Cause,
    /// The network of the session that ended with it, as far as is known.
    pub network: Option<Network>,
    /// Who caused it.
    pub actor: &'a Actor,
    /// Why, in the words of whoever changed it, or of whoever set the presence.
    pub reason: Option<&'a str>,
    /// The units that work left; none if they were not configured.
    pub available_units: Option<i64>,
}

/// Whether an agent is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum There {
    /// Not signed in.
    SignedOut,
    /// With a live session.
    Connected,
    /// Without, and Offline is held back.
    Held,
    /// Without: Offline, and a return brings back what was.
    Disconnected,
}

impl There {
    const ALL: [Self; 4] = [Self::SignedOut, Self::Connected, Self::Held, Self::Disconnected];

    fn of(connection: &Connection) -> Self {
        match connection {
            Connection::SignedOut => Self::SignedOut,
            Connection::Connected { .. } => Self::Connected,
            Connection::Held { .. } => Self::Held,
            Connection::Disconnected { .. } => Self::Disconnected,
        }
    }

    /// The name on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SignedOut => "SIGNED_OUT",
            Self::Connected => "CONNECTED",
            Self::Held => "HELD",
            Self::Disconnected => "DISCONNECTED",
        }
    }

    /// The one of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|there| there.as_str() == name)
    }
}

/// What others see of an agent.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct State {
    /// The presence.
    pub presence: PresenceId,
    /// Its base status when it was decided.
    pub base: BaseStatus,
    /// Who set it.
    pub origin: Origin,
    /// The hold, if one was set.
    pub hold: Option<Hold>,
    /// Whether the agent is there.
    pub there: There,
}

impl<'a> Row<'a> {
    /// The row of a change that the log has at `seq`.
    #[must_use]
    pub fn of(seq: u64, change: &'a Change) -> Self {
        let agent = &change.after;
        let there = There::of(&agent.connection);
        let (state, standing_reason) = match agent.shown() {
            Shown::Standing(standing) => {
                let (presence, base) = (standing.presence.clone(), standing.base);
                (
                    State { presence, base, origin: standing.origin, hold: standing.hold, there },
                    standing.reason.as_deref(),
                )
            }
            Shown::Offline => {
                let (presence, base) = (BuiltIn::Offline.id(), BaseStatus::Offline);
                (State { presence, base, origin: Origin::Automatic, hold: None, there }, None)
            }
        };
        Self {
            seq,
            agent: agent.record.agent.clone(),
            start: change.at,
            version: agent.version,
            state: agent.deleted.is_none().then_some(state),
            name: &agent.record.name,
            teams: &agent.record.teams,
            units: agent.record.units,
            cause: change.cause,
            network: change.network,
            actor: &change.actor,
            reason: change.reason.as_deref().or(standing_reason),
            available_units: units(agent).map(Meter::available),
        }
    }
}

/// A record of the directory, as it was from then on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recorded<'a> {
    /// Its position in the log.
    pub seq: u64,
    /// Which, as the log names it.
    pub subject: &'a str,
    /// From when on.
    pub start: Timestamp,
    /// The entry, as the log keeps it.
    pub entry: &'a str,
}

/// What a custom presence was called from then on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Naming<'a> {
    /// Its position in the log.
    pub seq: u64,
    /// The presence.
    pub presence: &'a PresenceId,
    /// From when on.
    pub start: Timestamp,
    /// What people saw.
    pub text: &'a str,
}

impl<'a> Naming<'a> {
    /// What a change of the directory, which the log has at `seq`, called a presence, if it did.
    #[must_use]
    pub fn of(seq: u64, change: &'a DirectoryChange, at: Timestamp) -> Option<Self> {
        match change {
            DirectoryChange::Presence(presence) => {
                Some(Self { seq, presence: &presence.id, start: at, text: &presence.text })
            }
            // Who had it then had it under the name that it had.
            DirectoryChange::PresenceRemoved(_)
            | DirectoryChange::Profile(_)
            | DirectoryChange::ProfileRemoved(_)
            | DirectoryChange::Workstream(_)
            | DirectoryChange::WorkstreamRemoved(_)
            | DirectoryChange::Settings(_) => None,
        }
    }
}
