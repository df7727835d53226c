//! A change, encoded once for all who are told of it.

use std::collections::BTreeSet;

use bytes::Bytes;

use crate::domain::agent::Agent;
use crate::domain::change::Change;
use crate::engine::Seq;
use crate::wire;
use crate::wire::changed::{Teller, kind};
use crate::wire::shapes::ChangeType;

/// A change, and what decides who is told of it.
#[derive(Debug)]
pub struct Told {
    /// Its position.
    pub seq: Seq,
    /// The agent's id.
    pub agent: String,
    kind: ChangeType,
    teams: BTreeSet<String>,
    body: Bytes,
    /// Teams that the agent left with it, and what those are told who asked for them.
    left: Option<Left>,
}

#[derive(Debug)]
struct Left {
    teams: Vec<String>,
    body: Bytes,
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
        let leave = || Bytes::from(wire::text(&teller.leave(seq, change)));
        Self {
            seq,
            agent: agent.record.agent.as_str().to_owned(),
            kind: kind(change),
            teams: agent.record.teams.clone(),
            body: wire::text(&teller.event(seq, change)).into(),
            left: (!left.is_empty()).then(|| Left { teams: left, body: leave() }),
        }
    }

    /// How much memory it takes, about.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.body.len() + size_of::<Self>()
    }

    /// What whoever wants that is told of it.
    #[must_use]
    pub fn to(&self, wanted: &Wanted) -> Option<(ChangeType, &Bytes)> {
        if wanted.agents.as_ref().is_some_and(|agents| !agents.contains(&self.agent)) {
            return None;
        }
        let told = match &wanted.teams {
            None => (self.kind, &self.body),
            Some(teams) if !teams.is_disjoint(&self.teams) => (self.kind, &self.body),
            Some(teams) => {
                let left = self.left.as_ref()?;
                let concerns = |team: &String| team == Agent::ANY_TEAM || teams.contains(team);
                left.teams.iter().any(concerns).then_some((ChangeType::Left, &left.body))?
            }
        };
        wanted.types.as_ref().is_none_or(|types| types.contains(&told.0)).then_some(told)
    }
}
