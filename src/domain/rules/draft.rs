//! A decision in the making.

use std::sync::Arc;

use crate::domain::agent::{Agent, Connection};
use crate::domain::cause::{Actor, Cause, EventName};
use crate::domain::change::{Change, Moves};
use crate::domain::directory::Directory;
use crate::domain::ids::WorkItemId;
use crate::domain::offer::Withdrawal;
use crate::domain::standing::Beginning;
use crate::domain::time::Timestamp;
use crate::domain::trace::Trace;

/// A decision in the making: the steps already taken, and the state being worked on.
pub(super) struct Draft<'a> {
    /// What the rules read besides the agent.
    pub directory: &'a Directory,
    /// The state being worked on.
    pub agent: Agent,
    /// What this step has considered so far.
    pub trace: Trace,
    /// Offers that this step ended because the agent was disconnected or went away.
    pub withdrawn: Vec<WorkItemId>,
    /// Offers that this step ended in any other way.
    pub over: Vec<WorkItemId>,
    /// The state before the first step.
    origin: &'a Agent,
    steps: Vec<Change>,
}

impl<'a> Draft<'a> {
    pub fn of(agent: &'a Agent, directory: &'a Directory) -> Self {
        Self {
            directory,
            agent: agent.clone(),
            trace: Trace::default(),
            withdrawn: Vec::new(),
            over: Vec::new(),
            origin: agent,
            steps: Vec::new(),
        }
    }

    /// Whether this step has anything to say: the state being worked on differs from the one before it,
    /// or an offer ended.
    pub fn has_moved(&self) -> bool {
        !self.over.is_empty() || !self.withdrawn.is_empty() || self.agent != *self.before()
    }

    /// The state before this step.
    fn before(&self) -> &Agent {
        self.steps.last().map_or(self.origin, |step| &step.after)
    }

    /// Ends a step: what was worked on becomes the next state, caused by `cause` and `actor`.
    pub fn step(&mut self, at: Timestamp, cause: Cause, actor: &Actor, work_item: Option<&WorkItemId>) {
        let before = self.steps.last().map_or(self.origin, |step| &*step.after);
        let agent = &mut self.agent;
        agent.version = before.version + 1;
        agent.changed_at = at.max(agent.changed_at);
        for item in self.over.drain(..) {
            agent.past_offers.remember(&item, agent.changed_at);
        }
        for item in &self.withdrawn {
            agent.past_offers.withdraw(Withdrawal { item: item.clone(), at: agent.changed_at, cause });
        }
        let considered = std::mem::take(&mut self.trace);
        // What only happened beside the presence does not explain it; what decided it still does.
        if considered.is_about_presence() || before.trace.considered().is_empty() {
            agent.trace = considered.clone();
        }
        if agent.shown_presence() != before.shown_presence() {
            // This may be before the last change: a page that announced its reload and never came back is
            // Offline from its announcement, although its work may have changed since.
            agent.since = at;
        }
        agent.interrupted = interrupted(before, agent, Beginning { at, by: shown_actor(actor, cause.event) });
        let mut moves = Moves::Beside;
        if agent.shown() != before.shown() || there(agent) != there(before) {
            moves = Moves::Presence;
            agent.cause = cause;
            agent.modified_by = shown_actor(actor, cause.event);
        }
        self.steps.push(Change {
            at: agent.changed_at,
            cause,
            actor: actor.clone(),
            moves,
            work_item: work_item.cloned(),
            withdrawn: std::mem::take(&mut self.withdrawn),
            reported_time: None,
            network: None,
            reason: None,
            trace: considered,
            after: Arc::new(agent.clone()),
        });
    }

    /// The steps taken.
    pub fn into_steps(self) -> Vec<Change> {
        self.steps
    }
}

/// Whom others see as the one who changed a presence: a person who decided it. What the hub computed
/// from work or at sign-in, the hub did; the entry itself keeps who reported the work.
fn shown_actor(actor: &Actor, event: EventName) -> Actor {
    match (actor, event) {
        (Actor::Agent(_), EventName::Login | EventName::Reconnect) => Actor::System,
        (Actor::Integration(_), EventName::Reconciled) => actor.clone(),
        (Actor::Integration(_), _) => Actor::System,
        (Actor::System | Actor::Agent(_) | Actor::Supervisor(_) | Actor::Admin(_), _) => actor.clone(),
    }
}

/// How the standing began, as far as `since` does not tell it (P-restored). `now` is this step, in case it is what began
/// the standing.
fn interrupted(before: &Agent, after: &Agent, now: Beginning) -> Option<Box<Beginning>> {
    let kept = match (there(before), there(after)) {
        (There::SignedOut, _) | (_, There::SignedOut) => return None,
        (There::Yes, There::Disconnected) => {
            Some(Box::new(Beginning { at: before.held_since(), by: before.held_by().clone() }))
        }
        (There::Yes, There::Yes) | (There::Disconnected, There::Disconnected | There::Yes) => {
            before.interrupted.clone()
        }
    };
    let began = kept?;
    if before.standing == after.standing {
        Some(began)
    } else if before.standing.presence == after.standing.presence {
        Some(Box::new(Beginning { by: now.by, ..*began }))
    } else {
        // From now on `since` tells it, unless others see Offline.
        (there(after) == There::Disconnected).then(|| Box::new(now))
    }
}

/// Whether the agent is there, in the three ways that others can tell apart.
#[derive(PartialEq, Eq)]
enum There {
    Yes,
    Disconnected,
    SignedOut,
}

fn there(agent: &Agent) -> There {
    match agent.connection {
        Connection::Connected { .. } | Connection::Held { .. } => There::Yes,
        Connection::Disconnected { .. } => There::Disconnected,
        Connection::SignedOut => There::SignedOut,
    }
}
