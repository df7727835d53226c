//! What is counted of the agents, whenever one changes.

use crate::domain::agent::{Agent, Connection};
use crate::domain::cause::{Cause, EventName, SubEventName};
use crate::telemetry::metrics::{AgentMetrics, DropCause, Within};

/// The agent is as it is `after`, and no longer as it was before.
pub(super) fn agent(metrics: &AgentMetrics, before: Option<&Agent>, after: &Agent) {
    if let Some(before) = before.filter(|before| before.deleted.is_none()) {
        metrics.agents.of(before.shown_base()).dec();
    }
    if after.deleted.is_none() {
        metrics.agents.of(after.shown_base()).inc();
    }
}

/// It came or went, if it did.
pub(super) fn coming_and_going(metrics: &AgentMetrics, before: Option<&Agent>, after: &Agent, cause: Cause) {
    let before = before.map_or(&Connection::SignedOut, |before| &before.connection);
    let counter = match (before, &after.connection) {
        (Connection::SignedOut, Connection::Connected { .. }) => &metrics.sign_ins,
        (Connection::Held { .. }, Connection::Connected { .. }) => metrics.restores.of(Within::Grace),
        (Connection::Disconnected { .. }, Connection::Connected { .. }) => metrics.restores.of(Within::RestoreWindow),
        (Connection::Disconnected { .. }, Connection::SignedOut) if cause.event == EventName::RestoreLapsed => {
            &metrics.lapses
        }
        (
            Connection::Connected { .. } | Connection::Held { .. },
            Connection::SignedOut | Connection::Disconnected { .. },
        ) if cause.event == EventName::Logout => &metrics.sign_outs,
        (
            Connection::Connected { .. } | Connection::Held { .. },
            Connection::SignedOut | Connection::Disconnected { .. },
        ) => {
            // Without a disconnection the agent was disabled or deleted.
            let disconnected = cause.event == EventName::Disconnected;
            let how = if disconnected { cause.sub_event } else { Some(SubEventName::Revoked) };
            metrics.drops.of(DropCause::of(how))
        }
        _ => return,
    };
    counter.inc();
}
