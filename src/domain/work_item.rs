//! Work items as the hub keeps them: what they take, and where they are.

use super::ids::{ProfileId, WorkItemId, WorkstreamId};
use super::record::PresenceEffect;
use super::time::Timestamp;

/// Where a work item is in its life (rule book, *The life of an item*).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Ringing: capacity is reserved, presence unmoved. After `deadline` it is missed.
    Offered {
        /// When the hub itself records the miss.
        deadline: Option<Timestamp>,
    },
    /// Assigned: capacity is taken.
    Active,
    /// Wrap-up that holds capacity, until `deadline` if there is one.
    WrapUp {
        /// When the capacity is given back.
        deadline: Option<Timestamp>,
    },
    /// Wrap-up whose capacity was given back.
    WrapUpReleased,
}

/// What a work item takes of an agent's capacity.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Consumption {
    /// Units.
    pub units: u32,
    /// One of each of these profiles.
    pub profiles: Vec<ProfileId>,
}

/// A conversation, case or call that an agent has been offered or holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkItem {
    /// Which.
    pub id: WorkItemId,
    /// Where in its life, and until when.
    pub stage: Stage,
    /// Since when at this stage.
    pub since: Timestamp,
    /// Of which workstream.
    pub workstream: Option<WorkstreamId>,
    /// What it takes.
    pub takes: Consumption,
    /// Whether it moves the presence.
    pub presence_effect: PresenceEffect,
}

impl WorkItem {
    /// Whether it holds capacity now: assigned, or in a wrap-up that blocks.
    #[must_use]
    pub fn holds_capacity(&self) -> bool {
        match self.stage {
            Stage::Active | Stage::WrapUp { .. } => true,
            Stage::Offered { .. } | Stage::WrapUpReleased => false,
        }
    }

    /// Whether it is an offer.
    #[must_use]
    pub fn is_offer(&self) -> bool {
        matches!(self.stage, Stage::Offered { .. })
    }

    /// When time alone moves it on.
    #[must_use]
    pub fn deadline(&self) -> Option<Timestamp> {
        match self.stage {
            Stage::Offered { deadline } | Stage::WrapUp { deadline } => deadline,
            Stage::Active | Stage::WrapUpReleased => None,
        }
    }
}
