//! A change, encoded once for all who are told of it.

use std::collections::BTreeSet;
use std::ops::Range;

use bytes::Bytes;

use crate::domain::agent::Agent;
use crate::domain::change::Change;
use crate::engine::Seq;
use crate::wire;
use crate::wire::changed::{Teller, kind, name};
use crate::wire::shapes::{ChangeEvent, ChangeType};

/// A change, and what decides who is told of it.
#[derive(Debug)]
pub struct Told {
    /// Its position.
    pub seq: Seq,
    /// The agent's id.
    pub agent: String,
    teams: BTreeSet<String>,
    event: Encoded,
    /// Teams that the agent left with it, and what those are told who asked for them.
    left: Option<(Vec<String>, Encoded)>,
}

/// An event as a Server-Sent Event, within which it is.
#[derive(Debug)]
pub struct Encoded {
    kind: ChangeType,
    frame: Bytes,
    event: Range<usize>,
}

impl Encoded {
    fn of(kind: ChangeType, event: &ChangeEvent) -> Self {
        let mut frame = format!("event: {}\nid: {}\ndata: ", name(kind), event.id).into_bytes();
        let start = frame.len();
        // JSON has no line breaks, so it is one line of data.
        wire::write(event, &mut frame);
        let event = start..frame.len();
        frame.extend_from_slice(b"\n\n");
        Self { kind, frame: frame.into(), event }
    }

    /// The event.
    #[must_use]
    pub fn event(&self) -> Bytes {
        self.frame.slice(self.event.clone())
    }

    /// The event as a Server-Sent Event.
    #[must_use]
    pub fn frame(&self) -> &Bytes {
        &self.frame
    }

    /// Its kind.
    #[must_use]
    pub fn kind(&self) -> ChangeType {
        self.kind
    }
}

/// Which changes a follower wants to be told of. What is given must all hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Of agents of any of these teams; none for all.
    pub teams: Option<BTreeSet<String>>,
    /// Of these agents; none for all.
    pub agents: Option<BTreeSet<String>>,
    /// Of these kinds; none for all.
    pub types: Option<BTreeSet<ChangeType>>,
}

impl Told {
    /// The change that the log has at `seq`.
    #[must_use]
    pub fn of(seq: Seq, change: &Change, teller: &Teller) -> Self {
        let agent = &change.after;
        let left = agent.former_teams.iter().filter(|(_, at)| *at == change.at).map(|(team, _)| team.clone());
        let left: Vec<String> = left.collect();
        let leave = || Encoded::of(ChangeType::Left, &teller.leave(seq, change));
        Self {
            seq,
            agent: agent.record.agent.as_str().to_owned(),
            teams: agent.record.teams.clone(),
            event: Encoded::of(kind(change), &teller.event(seq, change)),
            left: (!left.is_empty()).then(|| (left, leave())),
        }
    }

    /// How much memory it takes, about.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.event.frame.len() + size_of::<Self>()
    }

    /// What whoever wants that is told of it.
    #[must_use]
    pub fn to(&self, wanted: &Wanted) -> Option<&Encoded> {
        if wanted.agents.as_ref().is_some_and(|agents| !agents.contains(&self.agent)) {
            return None;
        }
        let told = match &wanted.teams {
            None => &self.event,
            Some(teams) if !teams.is_disjoint(&self.teams) => &self.event,
            Some(teams) => {
                let (left, event) = self.left.as_ref()?;
                let concerns = |team: &String| team == Agent::ANY_TEAM || teams.contains(team);
                left.iter().any(concerns).then_some(event)?
            }
        };
        wanted.types.as_ref().is_none_or(|types| types.contains(&told.kind)).then_some(told)
    }
}
