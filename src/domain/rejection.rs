//! What a person or a work system may do wrong.

use super::presence::InvalidField;

/// A command that was refused. Nothing has changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// No agent has that id.
    #[error("no agent has this id")]
    UnknownAgent,
    /// The agent's record is disabled.
    #[error("the agent is disabled")]
    AgentDisabled,
    /// No enabled presence has that id.
    #[error("no enabled presence is called `{name}`")]
    UnknownPresence {
        /// The field that names it, as the contract calls it.
        field: &'static str,
        /// What it is called there.
        name: String,
    },
    /// Only the hub sets this presence.
    #[error("the presence `{name}` is set by the hub and cannot be chosen")]
    PresenceNotSettable {
        /// The field that names it, as the contract calls it.
        field: &'static str,
        /// What it is called there.
        name: String,
    },
    /// The agent's record does not list it.
    #[error("this agent may not choose the presence `{name}`")]
    PresenceNotAllowed {
        /// The field that names it, as the contract calls it.
        field: &'static str,
        /// What it is called there.
        name: String,
    },
    /// A supervisor signed the agent out, and nobody has asked by hand to be signed in again (P-signed-out).
    #[error("a supervisor signed the agent out; it can be signed in again by hand only")]
    SignedOut,
    /// The agent has no live session.
    #[error("the agent is not signed in")]
    AgentNotConnected,
    /// There is no hold to reset.
    #[error("there is no hold to reset")]
    NothingToReset,
    /// The caller decided on an older version.
    #[error("the version is {newest}, not {expected}")]
    VersionConflict {
        /// What the caller expected.
        expected: u64,
        /// What it is.
        newest: u64,
    },
    /// The agent does not hold the work item.
    #[error("the agent does not hold this work item")]
    UnknownWorkItem,
    /// The work item is already offered to the agent.
    #[error("the work item is already offered to this agent")]
    AlreadyOffered,
    /// The agent already holds the work item.
    #[error("the agent already holds this work item")]
    AlreadyAssigned,
    /// The offer has already ended; the event says nothing new.
    #[error("this offer has already ended")]
    OfferAlreadyEnded,
    /// `ifEligible` was asked for and the agent is not eligible.
    #[error("the agent is not eligible: {}", reasons.iter().map(|reason| reason.as_str()).collect::<Vec<_>>().join(", "))]
    NotEligible {
        /// Why.
        reasons: Vec<super::rules::eligibility::Reason>,
    },
    /// No capacity profile has that id.
    #[error("no capacity profile is called `{0}`")]
    UnknownProfile(String),
    /// No workstream has that id.
    #[error("no workstream is called `{0}`")]
    UnknownWorkstream(String),
    /// A field has a value that cannot be.
    #[error(transparent)]
    Invalid(#[from] InvalidField),
}
