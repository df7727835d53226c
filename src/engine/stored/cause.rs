//! Why something changed and who changed it, as it is stored.

use serde::{Deserialize, Serialize};

use super::name::Name;
use crate::domain::cause::{Actor, Cause, EventName, SubEventName};
use crate::domain::ids::AgentId;

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct StoredCause {
    event: Name<EventName>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sub_event: Option<Name<SubEventName>>,
}

impl StoredCause {
    pub(super) fn of(cause: Cause) -> Self {
        Self { event: Name(cause.event), sub_event: cause.sub_event.map(Name) }
    }

    pub(super) fn into_domain(self) -> Cause {
        Cause { event: self.event.0, sub_event: self.sub_event.map(|name| name.0) }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum StoredActor {
    System,
    Agent(Name<AgentId>),
    Supervisor(String),
    Integration(String),
    Admin(String),
}

impl StoredActor {
    pub(super) fn of(actor: &Actor) -> Self {
        match actor {
            Actor::System => Self::System,
            Actor::Agent(agent) => Self::Agent(Name(agent.clone())),
            Actor::Supervisor(subject) => Self::Supervisor(subject.clone()),
            Actor::Integration(subject) => Self::Integration(subject.clone()),
            Actor::Admin(subject) => Self::Admin(subject.clone()),
        }
    }

    pub(super) fn into_domain(self) -> Actor {
        match self {
            Self::System => Actor::System,
            Self::Agent(agent) => Actor::Agent(agent.0),
            Self::Supervisor(subject) => Actor::Supervisor(subject),
            Self::Integration(subject) => Actor::Integration(subject),
            Self::Admin(subject) => Actor::Admin(subject),
        }
    }
}
