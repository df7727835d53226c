//! A presence with all that belongs to it: who set it, why, and until when.

use super::cause::Actor;
use super::ids::PresenceId;
use super::presence::{BaseStatus, BuiltIn};
use super::time::Timestamp;

/// Who set a presence. Presence alone is not the state: this decides what work may move.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Origin {
    /// The hub, from capacity or a hold.
    Automatic,
    /// The agent.
    Agent,
    /// A supervisor.
    Supervisor,
    /// The default presence, at sign-in.
    Default,
}

impl Origin {
    /// All four.
    pub const ALL: [Self; 4] = [Self::Automatic, Self::Agent, Self::Supervisor, Self::Default];

    /// The one of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|origin| origin.as_str() == name)
    }

    /// The name on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Automatic => "AUTOMATIC",
            Self::Agent => "AGENT",
            Self::Supervisor => "SUPERVISOR",
            Self::Default => "DEFAULT",
        }
    }
}

/// Why the hub keeps new work from an agent until someone clears it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Hold {
    /// A notification was missed: Inactive.
    Missed,
    /// A notification was rejected: Do not disturb.
    Rejected,
    /// The limit of open work items was reached: Do not disturb.
    WorkItemLimit,
}

impl Hold {
    /// All three.
    pub const ALL: [Self; 3] = [Self::Missed, Self::Rejected, Self::WorkItemLimit];

    /// The one of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|hold| hold.as_str() == name)
    }

    /// The name on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Missed => "MISSED",
            Self::Rejected => "REJECTED",
            Self::WorkItemLimit => "WORK_ITEM_LIMIT",
        }
    }
}

/// A presence with all that belongs to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Which presence.
    pub presence: PresenceId,
    /// Its base status when it was decided; rules read this.
    pub base: BaseStatus,
    /// Who set it.
    pub origin: Origin,
    /// The hold, if one is set; then the origin is automatic.
    pub hold: Option<Hold>,
    /// Why, in the words of the person who set it.
    pub reason: Option<String>,
    /// When it ends by itself.
    pub until: Option<Timestamp>,
    /// What follows at `until`; none means computed from capacity. Boxed, because most have none.
    pub next: Option<Box<Planned>>,
    /// Available although every kind of capacity is zero, because the agent signed in without work
    /// . It stays so until there is work, or capacity and then none again.
    pub spared: bool,
}

/// A presence that is to follow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    /// Which.
    pub presence: PresenceId,
    /// Its base status when it was planned: if the presence is gone by then, the built-in one of
    /// this base follows.
    pub base: BaseStatus,
}

impl Standing {
    /// The built-in presence of this kind, set by the hub without a hold.
    #[must_use]
    pub fn automatic(kind: BuiltIn) -> Self {
        Self {
            presence: kind.id(),
            base: kind.base(),
            origin: Origin::Automatic,
            hold: None,
            reason: None,
            until: None,
            next: None,
            spared: false,
        }
    }

    /// The built-in presence of this kind, set by the hub for a hold.
    #[must_use]
    pub fn held(kind: BuiltIn, hold: Hold) -> Self {
        Self { hold: Some(hold), ..Self::automatic(kind) }
    }

    /// Whether work leaves it alone: a hold, or a Do not disturb, Away or Offline that a person or
    /// the default set.
    #[must_use]
    pub fn is_pinned(&self) -> bool {
        self.hold.is_some() || (self.origin != Origin::Automatic && self.base.is_sticky())
    }
}

/// How a standing began.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Beginning {
    /// When the agent came into its presence.
    pub at: Timestamp,
    /// Who set the standing, as others see it.
    pub by: Actor,
}
