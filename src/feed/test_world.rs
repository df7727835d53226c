//! Agents and logs for tests of the feed.

use crate::domain::agent::{Agent, Connection, Standing};
use crate::domain::ids::{AgentId, SessionId};
use crate::domain::presence::BuiltIn;
use crate::domain::record::AgentRecord;
use crate::domain::time::Timestamp;
use crate::engine::{Loaded, LoadedAgent};

/// An agent that is not signed in.
pub(super) fn agent(id: &str) -> Agent {
    let mut agent = Agent::unborn(AgentRecord::new(AgentId::new(id).unwrap(), id), Timestamp(0));
    agent.version = 1;
    agent
}

/// The agent, signed in and away.
pub(super) fn away(agent: Agent) -> Agent {
    shown(agent, BuiltIn::Away)
}

/// The agent, signed in and shown as this.
pub(super) fn shown(mut agent: Agent, kind: BuiltIn) -> Agent {
    agent.connection = Connection::Connected { sessions: vec![SessionId { node: 0, boot: 1, number: 9 }] };
    agent.standing = Standing::automatic(kind);
    agent
}

/// The agent, in one team more.
pub(super) fn in_team(mut agent: Agent, team: &str) -> Agent {
    agent.record.teams.insert(team.to_owned());
    agent
}

/// A log of these agents at positions 1, 2, and so on.
pub(super) fn loaded(agents: &[Agent]) -> Loaded {
    let at =
        |(seq, agent): (u64, &Agent)| LoadedAgent { seq, directory_seq: 0, agent: std::sync::Arc::new(agent.clone()) };
    Loaded {
        epoch: "e".to_owned(),
        boot: 1,
        seq: agents.len() as u64,
        agents: (1..).zip(agents).map(at).collect(),
        ..Loaded::default()
    }
}
