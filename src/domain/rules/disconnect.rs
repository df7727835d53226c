//! Disconnection, graces and the restore window (rule book, *Connection*).

use std::time::Duration;

use super::draft::Draft;
use crate::domain::agent::{Connection, Grace, SignedOut};
use crate::domain::cause::{Actor, Cause, EventName, SubEventName};
use crate::domain::command::Ended;
use crate::domain::ids::SessionId;
use crate::domain::presence::BuiltIn;
use crate::domain::rejection::Rejection;
use crate::domain::standing::Standing;
use crate::domain::time::Timestamp;
use crate::domain::trace::Rule;
use crate::domain::work_item::Stage;

impl Draft<'_> {
    /// A socket ended. Only the agent's last one counts; one that is not among the agent's
    /// sessions belongs to a sign-in that is over and changes nothing.
    pub fn end_session(&mut self, session: SessionId, ended: Ended, at: Timestamp) {
        let Connection::Connected { sessions } = &mut self.agent.connection else {
            return;
        };
        let Some(place) = sessions.iter().position(|one| *one == session) else {
            return;
        };
        sessions.remove(place);
        let others = !sessions.is_empty();
        let grace = self.directory.policy.refresh_grace;
        let how = match ended {
            Ended::At { how, .. } => how,
            Ended::Refreshing { .. } => SubEventName::TabClosed,
        };
        if self.trace.applies(Rule::OtherSessions, others) {
            self.step(at, Cause::how(EventName::ConnectionEnded, how), &Actor::System, None);
            return;
        }
        if let Ended::Refreshing { announced, .. } = ended
            && self.trace.applies(Rule::RefreshHeld, at.since(announced) <= grace)
        {
            self.agent.connection =
                Connection::Held { grace: Grace::Refresh, began: announced, until: announced.plus(grace) };
            self.step(at, Cause::how(EventName::Disconnected, how), &Actor::System, None);
            return;
        }
        self.go_offline(at);
        self.step(at, Cause::how(EventName::Disconnected, how), &Actor::System, None);
    }

    /// Offline at once; what was is kept for the restore window, counted from `from`.
    pub fn go_offline(&mut self, from: Timestamp) {
        self.trace.decided(Rule::OfflineAtOnce);
        self.withdraw_offers();
        self.agent.connection = Connection::Disconnected { until: from.plus(self.directory.policy.restore_window) };
    }

    /// Not signed in, and nothing to come back to.
    pub fn leave(&mut self) {
        self.withdraw_offers();
        self.agent.connection = Connection::SignedOut;
        self.agent.standing = Standing::automatic(BuiltIn::Offline);
    }

    /// The agent signs out of all sessions, or a supervisor does it, which holds (P-signed-out).
    pub fn sign_out(&mut self, at: Timestamp, actor: &Actor, reason: Option<&str>) -> Result<(), Rejection> {
        match self.agent.connection {
            Connection::Connected { .. } | Connection::Held { .. } => {}
            Connection::SignedOut | Connection::Disconnected { .. } => {
                return Err(Rejection::AgentNotConnected);
            }
        }
        if self.trace.applies(Rule::SignedOutForGood, !self.directory.policy.restore_after_sign_out) {
            self.leave();
        } else {
            self.go_offline(at);
        }
        if matches!(actor, Actor::Supervisor(_)) {
            let signed_out = SignedOut { by: actor.clone(), reason: reason.map(str::to_owned) };
            self.agent.signed_out = Some(Box::new(signed_out));
        }
        self.step(at, Cause::how(EventName::Logout, SubEventName::SignedOut), actor, None);
        Ok(())
    }

    /// The hub is back. Sessions of earlier boots are held in the restart grace. Offers and the restore
    /// deadline move by the time the hub was away, because nobody could answer or return; everything
    /// else keeps its instant. An agent with a session on another node notices nothing.
    pub fn hub_returned(&mut self, (node, boot): (u16, u32), down: Duration, at: Timestamp) {
        let held =
            Connection::Held { grace: Grace::Restart, began: at, until: at.plus(self.directory.policy.restart_grace) };
        match &mut self.agent.connection {
            Connection::SignedOut => {}
            Connection::Connected { sessions } => {
                sessions.retain(|session| session.node != node || session.boot == boot);
                if sessions.is_empty() {
                    self.hold_for_restart(held, down);
                }
            }
            Connection::Held { .. } => self.hold_for_restart(held, down),
            Connection::Disconnected { until } => *until = until.plus(down),
        }
        if self.has_moved() {
            self.step(at, Cause::how(EventName::Other, SubEventName::HubRestart), &Actor::System, None);
        }
    }

    /// A node is gone that was last heard at `lost`. An agent who has a session on another one notices nothing.
    pub fn node_lost(&mut self, (node, boot): (u16, u32), lost: Timestamp, at: Timestamp) {
        let Connection::Connected { sessions } = &mut self.agent.connection else { return };
        sessions.retain(|session| session.node != node || session.boot > boot);
        if sessions.is_empty() {
            let until = at.plus(self.directory.policy.restart_grace);
            // Whoever does not return was away since the node was.
            let held = Connection::Held { grace: Grace::Restart, began: lost.min(at), until };
            self.hold_for_restart(held, at.since(lost));
        }
        if self.has_moved() {
            self.step(at, Cause::how(EventName::Other, SubEventName::HubRestart), &Actor::System, None);
        }
    }

    fn hold_for_restart(&mut self, held: Connection, down: Duration) {
        self.trace.decided(Rule::RestartHeld);
        self.agent.connection = held;
        self.postpone_offers(down);
    }

    /// Offers could not be answered for so long: they have that much longer.
    pub fn postpone_offers(&mut self, down: Duration) {
        for item in &mut self.agent.items {
            if let Stage::Offered { deadline: Some(deadline) } = &mut item.stage {
                *deadline = deadline.plus(down);
            }
        }
    }

    /// Every offer ends: nobody is there to see it.
    pub fn withdraw_offers(&mut self) {
        let offers: Vec<_> = self.agent.items.extract_if(.., |item| item.is_offer()).map(|item| item.id).collect();
        if offers.is_empty() {
            return;
        }
        self.trace.decided(Rule::OfferWithdrawn);
        self.withdrawn.extend(offers);
    }
}
