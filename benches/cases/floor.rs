//! A floor of agents as a contact centre has them: records with teams and capacity, and open work.

use std::sync::Arc;

use presence_hub::domain::agent::Agent;
use presence_hub::domain::cause::{Actor, SubEventName};
use presence_hub::domain::change::Decision;
use presence_hub::domain::command::{Ask, Command, Ended, Opens, Terms, WorkEvent};
use presence_hub::domain::directory::Directory;
use presence_hub::domain::ids::{AgentId, PresenceId, ProfileId, SessionId, WorkItemId, WorkstreamId};
use presence_hub::domain::presence::{BaseStatus, BuiltIn, Presence};
use presence_hub::domain::record::{
    AgentProfile, AgentRecord, CapacityProfile, PresenceEffect, ResetDuration, Workstream, WrapUpBlock,
};
use presence_hub::domain::time::Timestamp;

/// The instant at which everything is measured.
pub const NOW: Timestamp = Timestamp(1_800_000_000_000);
/// Teams of the floor; each agent is in two.
pub const TEAMS: usize = 100;
/// Skills of the floor; each agent has three.
pub const SKILLS: usize = 100;
/// Units that an agent has; a work item takes one.
pub const UNITS: u32 = 4;

/// Custom presences, and as many workstreams and profiles.
const RECORDS: usize = 12;

/// A directory with a dozen of everything.
pub fn directory() -> Directory {
    let mut directory = Directory::default();
    for number in 0..RECORDS {
        let profile = profile(number);
        let stream = Workstream {
            id: WorkstreamId::new(format!("stream-{number}")).unwrap(),
            name: format!("Stream {number}"),
            allowed: [BaseStatus::Available, BaseStatus::Busy].into(),
            units: Some(1),
            profiles: vec![profile.id.clone()],
            wrap_up: WrapUpBlock::Always,
            presence_effect: PresenceEffect::Moves,
        };
        directory.catalog.put(Presence {
            id: PresenceId::new(format!("presence-{number}")).unwrap(),
            name: format!("Presence {number}"),
            text: format!("In presence {number}"),
            built_in: false,
            ..Presence::built_in(BuiltIn::Away)
        });
        directory.profiles.insert(profile.id.clone(), profile);
        directory.workstreams.insert(stream.id.clone(), stream);
    }
    directory
}

/// A profile that holds more than an agent's units allow.
pub fn profile(number: usize) -> CapacityProfile {
    CapacityProfile {
        id: ProfileId::new(format!("profile-{number}")).unwrap(),
        name: format!("Profile {number}"),
        default_max: 2 * UNITS,
        block_assignment: false,
        reset: ResetDuration::Immediate,
    }
}

/// An agent who was created and has not signed in.
pub fn absent(number: usize, directory: &Directory) -> Agent {
    let id = AgentId::new(format!("agent-{number:05}@example.com")).unwrap();
    let record = AgentRecord {
        teams: [0, 1].map(|step| team(number + step)).into(),
        queues: [0, 1, 2].map(|step| format!("queue-{}", (number + step) % TEAMS)).into(),
        skills: [0, 1, 2].map(|step| skill(number + step)).into(),
        units: Some(UNITS),
        profiles: [0, 1].map(|step| AgentProfile { profile: profile((number + step) % RECORDS).id, max: None }).into(),
        ..AgentRecord::new(id, format!("Agent Number {number}"))
    };
    let unborn = Agent::unborn(record.clone(), NOW);
    after(&unborn, &Command::new(Ask::Configure(Arc::new(record)), Actor::Admin("admin".to_owned())), directory)
}

/// An agent who is signed in and has one work item less than fills its units.
pub fn at_work(number: usize, directory: &Directory) -> Agent {
    let mut agent = after(&absent(number, directory), &signs_in(number, NOW), directory);
    for item in 1..UNITS {
        agent = after(&agent, &is_assigned(number, item), directory);
    }
    agent
}

/// The agent's browser opened its socket.
pub fn signs_in(number: usize, at: Timestamp) -> Command {
    Command::new(Ask::OpenSession(session(number), at, Opens::ByItself), Actor::System)
}

/// The agent's socket was found dead.
pub fn loses_its_network(number: usize) -> Command {
    let ended = Ended::At { at: NOW, how: SubEventName::NetworkLost, network: None };
    Command::new(Ask::EndSession(session(number), ended), Actor::System)
}

/// A work item of the agent's first profile and workstream.
pub fn is_assigned(number: usize, item: u32) -> Command {
    let id = WorkItemId::new(format!("chat-{number}-{item}")).unwrap();
    let workstream = Some(WorkstreamId::new(format!("stream-{}", number % RECORDS)).unwrap());
    let terms = Terms { workstream, ..Terms::default() };
    let event = WorkEvent::Assigned { terms, how: SubEventName::AssignmentAccept };
    Command::new(Ask::Work(id, event), Actor::Integration("router".to_owned()))
}

/// The agent's only session.
fn session(number: usize) -> SessionId {
    SessionId { node: 0, boot: 1, number: number as u64 + 1 }
}

/// The agent after a command that changes something.
pub fn after(agent: &Agent, command: &Command, directory: &Directory) -> Agent {
    let Decision { mut changes, .. } = agent.decide(command, NOW, directory).unwrap();
    Agent::clone(&changes.pop().unwrap().after)
}

/// The name of a team.
pub fn team(number: usize) -> String {
    format!("team-{}", number % TEAMS)
}

/// The name of a skill.
pub fn skill(number: usize) -> String {
    format!("skill-{}", number % SKILLS)
}
