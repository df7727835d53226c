//! Sign-in and return (rule book, *Sign-in* and *Connection*).

use super::automatic::base_from_capacity;
use super::draft::Draft;
use crate::domain::agent::Connection;
use crate::domain::cause::{Actor, Cause, EventName};
use crate::domain::command::Opens;
use crate::domain::ids::SessionId;
use crate::domain::policy::SignInPolicy;
use crate::domain::presence::{BaseStatus, BuiltIn, Presence};
use crate::domain::rejection::Rejection;
use crate::domain::standing::{Origin, Standing};
use crate::domain::time::Timestamp;
use crate::domain::trace::Rule;

impl<'d> Draft<'d> {
    /// A socket was accepted. Windows and graces that were over by then are settled already, so
    /// whatever is left of them brings back what was.
    pub fn open_session(
        &mut self,
        session: SessionId,
        opens: Opens,
        at: Timestamp,
        actor: &Actor,
    ) -> Result<(), Rejection> {
        if !self.agent.record.enabled {
            return Err(Rejection::AgentDisabled);
        }
        // A page that is reloaded, or that another tab brings along, does not undo what a supervisor did.
        if opens == Opens::ByItself && self.agent.signed_out.is_some() {
            return Err(Rejection::SignedOut);
        }
        self.agent.signed_out = None;
        let event = match &mut self.agent.connection {
            // One more tab: one shared presence.
            Connection::Connected { sessions } => {
                if !sessions.contains(&session) {
                    sessions.push(session);
                    self.trace.decided(Rule::OtherSessions);
                    self.step(at, Cause::of(EventName::ConnectionAdded), actor, None);
                }
                return Ok(());
            }
            // Never shown Offline, so nothing changes for others.
            Connection::Held { .. } => EventName::Reconnect,
            Connection::Disconnected { .. } => {
                self.trace.decided(Rule::Restored);
                EventName::Reconnect
            }
            Connection::SignedOut => {
                self.agent.standing = self.fresh_standing();
                EventName::Login
            }
        };
        self.agent.connection = Connection::Connected { sessions: vec![session] };
        self.step(at, Cause::of(event), actor, None);
        Ok(())
    }

    /// The presence of a fresh sign-in.
    fn fresh_standing(&mut self) -> Standing {
        let default = self.default_presence();
        let capacity = self.presence_capacity();
        let idle = capacity.holding == 0 && !capacity.is_used();
        let passes = match self.directory.policy.sign_in_policy {
            SignInPolicy::CapacityFirst => {
                let absent = matches!(default.base, BaseStatus::Away | BaseStatus::Offline);
                self.trace.applies(Rule::DefaultPassesThrough, absent)
            }
            SignInPolicy::DefaultFirst => {
                self.trace.applies(Rule::DefaultWithoutWork, capacity.holding == 0)
                    || self.trace.applies(Rule::DefaultStickyWithWork, default.base.is_sticky())
            }
        };
        if passes {
            return standing_of(default, Origin::Default);
        }
        // Zero units and no work is Available here, not Do not disturb.
        let base = if self.trace.applies(Rule::SignInUnused, idle) {
            BaseStatus::Available
        } else {
            self.trace.decided(Rule::SignInFromCapacity);
            base_from_capacity(&capacity, &mut self.trace)
        };
        if self.trace.applies(Rule::DefaultRecordKept, default.base == base && !default.built_in) {
            return Standing { spared: idle && capacity.is_exhausted(), ..standing_of(default, Origin::Automatic) };
        }
        Standing { spared: idle && capacity.is_exhausted(), ..Standing::automatic(BuiltIn::of(base)) }
    }

    /// The agent's default presence; Available if there is none or it cannot be used.
    fn default_presence(&mut self) -> &'d Presence {
        let catalog = &self.directory.catalog;
        let Some(id) = &self.agent.record.default_presence else {
            return catalog.built_in(BaseStatus::Available);
        };
        let usable = catalog.find(id).filter(|presence| presence.enabled && presence.id != BuiltIn::Inactive.id());
        self.trace.applies(Rule::DefaultUnusable, usable.is_none());
        usable.unwrap_or_else(|| catalog.built_in(BaseStatus::Available))
    }
}

/// A presence as the agent's own, without reason or end.
fn standing_of(presence: &Presence, origin: Origin) -> Standing {
    Standing {
        presence: presence.id.clone(),
        base: presence.base,
        origin,
        hold: None,
        reason: None,
        until: None,
        next: None,
        spared: false,
    }
}
