//! One step of an agent's life, as it is stored.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::agent::{StoredAgent, trace_of_texts, trace_to_texts};
use super::name::{Name, names, unnamed};
use crate::domain::cause::{Actor, Cause, EventName, SubEventName};
use crate::domain::change::Change;
use crate::domain::ids::{AgentId, WorkItemId};
use crate::domain::time::Timestamp;
use crate::engine::Seq;

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct StoredStep {
    directory_seq: Seq,
    at: i64,
    cause: StoredCause,
    actor: StoredActor,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    work_item: Option<Name<WorkItemId>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    withdrawn: Vec<Name<WorkItemId>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reported_time: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// Left out when it is the one that the agent keeps, as it mostly is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    trace: Option<Vec<String>>,
    after: StoredAgent,
}

impl StoredStep {
    pub(super) fn of(change: &Change, directory_seq: Seq) -> Self {
        Self {
            directory_seq,
            at: change.at.0,
            cause: StoredCause::of(change.cause),
            actor: StoredActor::of(&change.actor),
            work_item: change.work_item.clone().map(Name),
            withdrawn: names(&change.withdrawn),
            reported_time: change.reported_time.clone(),
            reason: change.reason.clone(),
            trace: (change.trace != change.after.trace).then(|| trace_to_texts(&change.trace)),
            after: StoredAgent::of(&change.after),
        }
    }

    pub(super) fn into_domain(self) -> (Change, Seq) {
        let after = Arc::new(self.after.into_domain());
        let change = Change {
            at: Timestamp(self.at),
            cause: self.cause.into_domain(),
            actor: self.actor.into_domain(),
            work_item: self.work_item.map(|name| name.0),
            withdrawn: unnamed(self.withdrawn),
            reported_time: self.reported_time,
            reason: self.reason,
            trace: self.trace.map_or_else(|| after.trace.clone(), |texts| trace_of_texts(&texts)),
            after,
        };
        (change, self.directory_seq)
    }
}

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
