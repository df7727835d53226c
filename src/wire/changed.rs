//! From a change of the log to the event that tells it, and positions as they are given out.

use super::shapes::{ChangeEvent, ChangeType, Changed, ChangedAgent, GoneAgent, PastState, SpecVersion};
use super::{show, words};
use crate::domain::agent::{Agent, Shown};
use crate::domain::capacity::{Meter, units};
use crate::domain::change::{Change, Moves};

/// What all events of a hub have in common.
#[derive(Clone, Debug)]
pub struct Teller {
    /// The incarnation of the log.
    pub epoch: String,
    /// Who tells.
    pub source: String,
}

impl Teller {
    /// A position as it is given out: it says which log it is one of.
    #[must_use]
    pub fn position(&self, seq: u64) -> String {
        format!("{seq}-{}", self.epoch)
    }

    /// The event that tells the change that the log has at `seq`.
    #[must_use]
    pub fn event(&self, seq: u64, change: &Change) -> ChangeEvent {
        let changed = match kind(change) {
            ChangeType::Presence => Changed::Presence(changed_agent(seq, change)),
            ChangeType::Other => Changed::Other(changed_agent(seq, change)),
            ChangeType::Deleted => Changed::Deleted(gone(seq, &change.after)),
            ChangeType::Left => Changed::Left(gone(seq, &change.after)),
        };
        self.saying(seq, change, changed)
    }

    /// The same for those who are told of teams that the agent has left with it.
    #[must_use]
    pub fn leave(&self, seq: u64, change: &Change) -> ChangeEvent {
        self.saying(seq, change, Changed::Left(gone(seq, &change.after)))
    }

    fn saying(&self, seq: u64, change: &Change, changed: Changed) -> ChangeEvent {
        ChangeEvent {
            specversion: SpecVersion::V1,
            id: self.position(seq),
            source: self.source.clone(),
            subject: change.after.record.agent.as_str().to_owned(),
            time: show::time(change.at),
            changed,
        }
    }
}

/// The kind of a change; that of an agent who left teams depends on who is told.
#[must_use]
pub fn kind(change: &Change) -> ChangeType {
    match change.moves {
        _ if change.after.deleted.is_some() => ChangeType::Deleted,
        Moves::Presence => ChangeType::Presence,
        Moves::Beside => ChangeType::Other,
    }
}

/// The kind as it stands on the wire.
#[must_use]
pub fn name(kind: ChangeType) -> &'static str {
    match kind {
        ChangeType::Presence => "agent.presence_changed",
        ChangeType::Other => "agent.changed",
        ChangeType::Deleted => "agent.deleted",
        ChangeType::Left => "agent.left",
    }
}

fn gone(seq: u64, agent: &Agent) -> GoneAgent {
    GoneAgent { agent_id: agent.record.agent.as_str().to_owned(), version: agent.version, seq }
}

fn changed_agent(seq: u64, change: &Change) -> ChangedAgent {
    let agent = &*change.after;
    let standing = match agent.shown() {
        Shown::Standing(standing) => Some(standing),
        Shown::Offline => None,
    };
    let said = change.reason.as_ref().or_else(|| standing?.reason.as_ref());
    ChangedAgent {
        agent_id: agent.record.agent.as_str().to_owned(),
        name: agent.record.name.clone(),
        teams: agent.record.teams.iter().cloned().collect(),
        since: show::time(agent.since),
        until: standing.and_then(|standing| standing.until).map(show::time),
        is_agent_logged_in: agent.is_logged_in(),
        open_work_items: agent.open_work_items(),
        is: PastState {
            presence_id: agent.shown_presence().to_owned(),
            base_presence_status: words::base(agent.shown_base()),
            origin: standing.map_or(super::shapes::Origin::Automatic, |standing| words::origin(standing.origin)),
            hold: standing.and_then(|standing| standing.hold).map(words::hold),
            event_name: words::event(change.cause.event),
            sub_event_name: change.cause.sub_event.map(words::sub_event),
            modified_by: show::actor(&change.actor),
            reason: said.cloned(),
            available_units_capacity: units(agent).map(Meter::available),
            version: agent.version,
            seq,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_has_one_name() {
        for kind in [ChangeType::Presence, ChangeType::Other, ChangeType::Deleted, ChangeType::Left] {
            assert_eq!(serde_json::json!(kind), name(kind));
        }
    }
}
