//! An agent: the directory's record, what was decided, and what others see of it.

use std::sync::Arc;
use std::time::Duration;

use super::cause::{Actor, Cause, EventName};
use super::daily::DailyUse;
use super::ids::{PresenceId, SessionId};
use super::offer::PastOffers;
use super::presence::{BaseStatus, BuiltIn};
use super::record::AgentRecord;
use super::standing::{Beginning, Standing};
use super::time::Timestamp;
use super::trace::Trace;
use super::work_item::{Stage, WorkItem};

/// Why Offline is held back although no session is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grace {
    /// The page announced its reload.
    Refresh,
    /// The hub itself was away.
    Restart,
}

/// Whether the agent is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Connection {
    /// Not signed in.
    SignedOut,
    /// At least one live session.
    Connected {
        /// Never empty.
        sessions: Vec<SessionId>,
    },
    /// No live session, Offline held back up to and including `until`.
    Held {
        /// Why.
        grace: Grace,
        /// From when the absence counts if nobody returns.
        began: Timestamp,
        /// The last instant of the grace.
        until: Timestamp,
    },
    /// No live session: shown Offline, restored by a return up to and including `until`.
    Disconnected {
        /// The last instant of the restore window.
        until: Timestamp,
    },
}

/// A supervisor signed the agent out, who is not signed in again until they ask for it by hand (P-signed-out).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedOut {
    /// The supervisor.
    pub by: Actor,
    /// Why, in the supervisor's words.
    pub reason: Option<String>,
}

/// An agent: the directory's record, what was decided, and what others see of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agent {
    /// What the directory says. Shared: a decision seldom changes it.
    pub record: Arc<AgentRecord>,
    /// Raised by one with every change; never restarts, not even when the agent is deleted.
    pub version: u64,
    /// When the last change took effect.
    pub changed_at: Timestamp,
    /// Kept through the restore window. Others see [`Agent::shown`].
    pub standing: Standing,
    /// Whether the agent is there.
    pub connection: Connection,
    /// When the presence that others see last changed.
    pub since: Timestamp,
    /// How the standing began, if an interruption came after that (P-restored): the agent is away, or was restored.
    pub interrupted: Option<Box<Beginning>>,
    /// Set while a supervisor's sign-out holds (P-signed-out).
    pub signed_out: Option<Box<SignedOut>>,
    /// What caused the last change of the presence, origin or hold that others see.
    pub cause: Cause,
    /// Who caused it.
    pub modified_by: Actor,
    /// Offered and held work items, in the order they came.
    pub items: Vec<WorkItem>,
    /// Uses of daily profiles, which closing work does not give back.
    pub daily: DailyUse,
    /// Offers that are over.
    pub past_offers: PastOffers,
    /// Teams the agent left, with the time; supervisors of those teams are told that it left, for
    /// [`Agent::FORMER_TEAM_KEPT`]. At most [`Agent::FORMER_TEAMS`]: if it left more, the first is
    /// [`Agent::ANY_TEAM`].
    pub former_teams: Vec<(String, Timestamp)>,
    /// When the agent was deleted; then all else is history.
    pub deleted: Option<Timestamp>,
    /// What the last decision about the presence considered.
    pub trace: Trace,
}

/// What others see of a standing: the standing itself, or Offline while nobody is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown<'a> {
    /// The agent is there, or held in a grace.
    Standing(&'a Standing),
    /// Disconnected or signed out: Offline, automatic, no hold.
    Offline,
}

impl Agent {
    /// How many ended offers are remembered.
    pub const ENDED_OFFERS: usize = 20;
    /// How many teams that an agent left are remembered by name: as many as a record may have.
    pub const FORMER_TEAMS: usize = 50;
    /// How long they are: as long as boards that resume are told of a deletion.
    pub const FORMER_TEAM_KEPT: Duration = Duration::from_secs(7 * 24 * 3_600);
    /// Stands for the teams whose names were too many to keep. No team is called that.
    pub const ANY_TEAM: &str = "";

    /// A new agent: Offline and not signed in. It is version 0 until its first change is kept.
    #[must_use]
    pub fn unborn(record: AgentRecord, now: Timestamp) -> Self {
        Self {
            record: Arc::new(record),
            version: 0,
            changed_at: now,
            standing: Standing::automatic(BuiltIn::Offline),
            connection: Connection::SignedOut,
            interrupted: None,
            signed_out: None,
            since: now,
            cause: Cause::of(EventName::NewUser),
            modified_by: Actor::System,
            items: Vec::new(),
            daily: DailyUse::default(),
            past_offers: PastOffers::default(),
            former_teams: Vec::new(),
            deleted: None,
            trace: Trace::default(),
        }
    }

    /// What others see.
    #[inline]
    #[must_use]
    pub fn shown(&self) -> Shown<'_> {
        match self.connection {
            Connection::Connected { .. } | Connection::Held { .. } => Shown::Standing(&self.standing),
            Connection::SignedOut | Connection::Disconnected { .. } => Shown::Offline,
        }
    }

    /// The id of the presence that others see.
    #[inline]
    #[must_use]
    pub fn shown_presence(&self) -> &str {
        match self.shown() {
            Shown::Standing(standing) => standing.presence.as_str(),
            Shown::Offline => BuiltIn::Offline.as_str(),
        }
    }

    /// The same as an id to keep.
    #[must_use]
    pub fn shown_presence_id(&self) -> PresenceId {
        match self.shown() {
            Shown::Standing(standing) => standing.presence.clone(),
            Shown::Offline => BuiltIn::Offline.id(),
        }
    }

    /// The base status that others see.
    #[inline]
    #[must_use]
    pub fn shown_base(&self) -> BaseStatus {
        match self.shown() {
            Shown::Standing(standing) => standing.base,
            Shown::Offline => BaseStatus::Offline,
        }
    }

    /// When the agent came into the presence that others see; interruptions that were restored are left out
    /// (P-restored).
    #[must_use]
    pub fn held_since(&self) -> Timestamp {
        // Who was set to Offline while away was seen so before.
        self.restored().map_or(self.since, |began| began.at.min(self.since))
    }

    /// Who brought the agent into it.
    #[must_use]
    pub fn held_by(&self) -> &Actor {
        self.restored().map_or(&self.modified_by, |began| &began.by)
    }

    /// How the standing that others see began, if it was restored since.
    fn restored(&self) -> Option<&Beginning> {
        match self.shown() {
            Shown::Standing(_) => self.interrupted.as_deref(),
            Shown::Offline => None,
        }
    }

    /// Whether the agent is signed in; a disconnected one is, until the window lapses.
    #[must_use]
    pub fn is_logged_in(&self) -> bool {
        !matches!(self.connection, Connection::SignedOut)
    }

    /// The live sessions.
    #[must_use]
    pub fn sessions(&self) -> &[SessionId] {
        match &self.connection {
            Connection::Connected { sessions } => sessions,
            Connection::SignedOut | Connection::Held { .. } | Connection::Disconnected { .. } => &[],
        }
    }

    /// Whether the agent is, or was, in one of these teams; the latter as far as it is remembered.
    #[must_use]
    pub fn was_ever_in(&self, teams: &std::collections::BTreeSet<String>) -> bool {
        self.record.teams.iter().any(|team| teams.contains(team))
            || self.former_teams.iter().any(|(team, _)| team == Self::ANY_TEAM || teams.contains(team))
    }

    /// Work items assigned and not closed; offers are none.
    #[must_use]
    pub fn open_work_items(&self) -> usize {
        self.items.iter().filter(|item| !item.is_offer()).count()
    }

    /// Lets a state that was decided by a clock that was ahead go on from `now`: its times keep their
    /// distance from its last change. What a person chose ends at the instant that was named.
    pub fn brought_back_to(&mut self, now: Timestamp) {
        let ahead = self.changed_at.since(now);
        if ahead.is_zero() {
            return;
        }
        let back = |at: &mut Timestamp| *at = at.minus(ahead);
        back(&mut self.changed_at);
        back(&mut self.since);
        self.interrupted.iter_mut().for_each(|began| back(&mut began.at));
        match &mut self.connection {
            Connection::Held { began, until, .. } => {
                back(began);
                back(until);
            }
            Connection::Disconnected { until } => back(until),
            Connection::SignedOut | Connection::Connected { .. } => {}
        }
        for item in &mut self.items {
            back(&mut item.since);
            match &mut item.stage {
                Stage::Offered { deadline } | Stage::WrapUp { deadline } => deadline.iter_mut().for_each(back),
                Stage::Active | Stage::WrapUpReleased => {}
            }
        }
        self.past_offers.bring_back(ahead);
        self.former_teams.iter_mut().for_each(|(_, left)| back(left));
        self.deleted.iter_mut().for_each(back);
    }

    /// The first instant at which time alone changes something. A nudge only: rules compare the
    /// time themselves.
    #[must_use]
    pub fn next_deadline(&self) -> Option<Timestamp> {
        if self.deleted.is_some() {
            return None;
        }
        // A grace and a window include their last instant.
        let connection = match self.connection {
            Connection::Held { until, .. } | Connection::Disconnected { until, .. } => Some(until.next()),
            Connection::SignedOut | Connection::Connected { .. } => None,
        };
        let items = self.items.iter().filter_map(WorkItem::deadline).min();
        [connection, items, self.standing.until].into_iter().flatten().min()
    }
}
