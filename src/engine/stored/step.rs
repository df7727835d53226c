//! One step of an agent's life, as it is stored.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::agent::StoredAgent;
use super::cause::{StoredActor, StoredCause};
use super::name::{Name, names, unnamed};
use super::trace::{trace_of_texts, trace_to_texts};
use crate::domain::cause::EventName;
use crate::domain::change::{Change, Moves};
use crate::domain::ids::WorkItemId;
use crate::domain::network::Network;
use crate::domain::time::Timestamp;
use crate::engine::Seq;

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct StoredStep {
    directory_seq: Seq,
    at: i64,
    cause: StoredCause,
    actor: StoredActor,
    /// Whether others see their presence as it was. Of entries from before this was kept, nobody knows.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    beside: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    work_item: Option<Name<WorkItemId>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    withdrawn: Vec<Name<WorkItemId>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reported_time: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    network: Option<Name<Network>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// Left out when it is the one that the agent keeps, as it mostly is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    trace: Option<Vec<String>>,
    after: StoredAgent,
}

/// What the first form did not tell apart: a further tab that comes or goes is no sign-in and no disconnection.
pub(super) fn tell_tabs_apart(change: &mut Change) {
    let (sessions, event) = (change.after.sessions().len(), &mut change.cause.event);
    if *event == EventName::Login && sessions > 1 {
        *event = EventName::ConnectionAdded;
    } else if *event == EventName::Disconnected && sessions > 0 {
        *event = EventName::ConnectionEnded;
    }
}

impl StoredStep {
    pub(super) fn of(change: &Change, directory_seq: Seq) -> Self {
        Self {
            directory_seq,
            at: change.at.0,
            cause: StoredCause::of(change.cause),
            actor: StoredActor::of(&change.actor),
            beside: change.moves == Moves::Beside,
            work_item: change.work_item.clone().map(Name),
            withdrawn: names(&change.withdrawn),
            reported_time: change.reported_time.clone(),
            network: change.network.map(Name),
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
            moves: if self.beside { Moves::Beside } else { Moves::Presence },
            work_item: self.work_item.map(|name| name.0),
            withdrawn: unnamed(self.withdrawn),
            reported_time: self.reported_time,
            network: self.network.map(|name| name.0),
            reason: self.reason,
            trace: self.trace.map_or_else(|| after.trace.clone(), |texts| trace_of_texts(&texts)),
            after,
        };
        (change, self.directory_seq)
    }
}
