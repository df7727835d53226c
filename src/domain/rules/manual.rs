//! Choices of agents and supervisors, and how long each lasts (rule book, *Choices*).

use super::draft::Draft;
use crate::domain::agent::{Agent, Connection};
use crate::domain::cause::{Actor, Cause, EventName};
use crate::domain::command::Choice;
use crate::domain::directory::Directory;
use crate::domain::field::line;
use crate::domain::presence::{BaseStatus, InvalidField, Presence};
use crate::domain::rejection::Rejection;
use crate::domain::standing::{Origin, Planned, Standing};
use crate::domain::time::Timestamp;
use crate::domain::trace::Rule;

/// The longest reason, in characters; as long as a description.
pub const MAX_REASON: usize = 500;

impl Draft<'_> {
    /// The agent, or a supervisor for the agent, sets a presence.
    pub fn choose(&mut self, choice: &Choice, at: Timestamp, actor: &Actor) -> Result<(), Rejection> {
        let origin = match actor {
            Actor::Agent(_) => Origin::Agent,
            Actor::Supervisor(_) | Actor::System | Actor::Integration(_) | Actor::Admin(_) => Origin::Supervisor,
        };
        let presence = choosable(self.directory, &self.agent, "presenceId", &choice.presence, origin)?;
        let next = match &choice.next {
            Some(next) => {
                let presence = choosable(self.directory, &self.agent, "nextPresenceId", next, origin)?;
                Some(Box::new(Planned { presence: presence.id.clone(), base: presence.base }))
            }
            None => None,
        };
        check(choice, at)?;
        match self.agent.connection {
            Connection::Connected { .. } | Connection::Held { .. } => {}
            // A supervisor's change applies to what will be restored; nobody else is there.
            Connection::Disconnected { .. } if origin == Origin::Supervisor => {}
            Connection::Disconnected { .. } | Connection::SignedOut => {
                return Err(Rejection::AgentNotConnected);
            }
        }
        let standing = Standing {
            presence: presence.id.clone(),
            base: presence.base,
            origin,
            hold: None,
            reason: choice.reason.clone(),
            until: choice.until,
            next,
            spared: false,
        };
        if standing == self.agent.standing {
            return Ok(());
        }
        self.trace.decided(match origin {
            Origin::Agent => Rule::ChosenByAgent,
            Origin::Supervisor | Origin::Automatic | Origin::Default => Rule::ChosenBySupervisor,
        });
        self.agent.standing = standing;
        self.withdraw_if_offline();
        self.step(at, Cause::of(EventName::SetPresence), actor, None);
        Ok(())
    }

    /// Going Offline on purpose ends what still rings, as being disconnected does.
    fn withdraw_if_offline(&mut self) {
        if self.agent.standing.base == BaseStatus::Offline {
            self.withdraw_offers();
        }
    }

    /// The chosen time is over: what was planned follows, or capacity decides. The reason was for
    /// what is over.
    pub fn choice_expired(&mut self, at: Timestamp) {
        let standing = &mut self.agent.standing;
        standing.until = None;
        standing.reason = None;
        if let Some(next) = standing.next.take() {
            self.trace.decided(Rule::ChosenNext);
            let follows = self.directory.catalog.left_of(&next.presence, next.base);
            standing.presence = follows.id.clone();
            standing.base = follows.base;
            self.withdraw_if_offline();
        } else {
            self.trace.decided(Rule::ChoiceExpired);
            self.follow_capacity();
        }
        self.step(at, Cause::of(EventName::Expired), &Actor::System, None);
    }

    /// Clears a hold; the presence follows capacity, not the default.
    pub fn reset(&mut self, at: Timestamp, actor: &Actor) -> Result<(), Rejection> {
        if self.agent.standing.hold.is_none() {
            return Err(Rejection::NothingToReset);
        }
        self.trace.decided(Rule::HoldReset);
        self.follow_capacity();
        self.step(at, Cause::of(EventName::ResetPresence), actor, None);
        Ok(())
    }

    /// A retired or deleted presence is nobody's, now or planned: the built-in one of the same base
    /// takes its place, origin kept. A base status that was changed is followed.
    pub fn follow_catalog(&mut self) -> Retired {
        let catalog = &self.directory.catalog;
        let standing = &mut self.agent.standing;
        let held = catalog.left_of(&standing.presence, standing.base);
        let mut retired = held.id != standing.presence;
        standing.presence = held.id.clone();
        if let Some(next) = &mut standing.next {
            let follows = catalog.left_of(&next.presence, next.base);
            retired |= follows.id != next.presence;
            **next = Planned { presence: follows.id.clone(), base: follows.base };
        }
        let base = std::mem::replace(&mut standing.base, held.base);
        if retired {
            self.trace.decided(Rule::PresenceRetired);
        }
        if base != held.base {
            // Capacity decides what is automatic.
            self.follow_limits();
            // Offers end when this base becomes Offline. An agent who was Offline before keeps the offers that
            // came since.
            self.withdraw_if_offline();
        }
        if retired { Retired::Yes } else { Retired::No }
    }
}

/// Whether the presence that was held, or planned, has been retired.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Retired {
    Yes,
    No,
}

/// The presence that a person names in `field`, if that person may set it.
fn choosable<'d>(
    directory: &'d Directory,
    agent: &Agent,
    field: &'static str,
    name: &str,
    origin: Origin,
) -> Result<&'d Presence, Rejection> {
    let presence = directory.catalog.named(name);
    let name = || name.to_owned();
    let presence = presence.ok_or_else(|| Rejection::UnknownPresence { field, name: name() })?;
    if !presence.can_user_set {
        return Err(Rejection::PresenceNotSettable { field, name: name() });
    }
    // The agent's list binds the agent; a supervisor may set whatever a person may set.
    if origin == Origin::Agent && !directory.may_choose(&agent.record, presence) {
        return Err(Rejection::PresenceNotAllowed { field, name: name() });
    }
    Ok(presence)
}

fn check(choice: &Choice, at: Timestamp) -> Result<(), InvalidField> {
    if choice.until.is_some_and(|until| until <= at) {
        return Err(InvalidField::new("until", "has passed; an instant in the future is right"));
    }
    if choice.next.is_some() && choice.until.is_none() {
        return Err(InvalidField::new("nextPresenceId", "needs `until`, the instant at which it follows"));
    }
    check_reason(choice.reason.as_deref())
}

/// Whether a reason can be kept.
pub(super) fn check_reason(reason: Option<&str>) -> Result<(), InvalidField> {
    reason.map_or(Ok(()), |reason| line("reason", reason, 0, MAX_REASON))
}
