//! Why the hub refused something, as a program reads it.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::domain::change::Remark;
use crate::domain::rejection::Rejection;

/// Why something was refused. The code is stable; the words beside it are for people and may change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// The request, the frame or the event cannot be read: it is no JSON, or not of the kind that belongs there.
    Malformed,
    /// No frame, or no assignment event, has this `type`.
    UnknownType,
    /// Credentials are missing, expired, revoked or signed by somebody unknown.
    Unauthenticated,
    /// The caller's roles or teams, or the page's origin, do not allow it. The words name the role that does.
    Forbidden,
    /// The address, or the record that it names, does not exist.
    NotFound,
    /// The address exists and does not answer to this method; the header `Allow` lists those it answers to.
    MethodNotAllowed,
    /// The body did not come in time. The connection ends.
    RequestTimeout,
    /// Somebody else changed the agent meanwhile: `ifVersion` is not its version any more. Read it and decide again.
    VersionConflict,
    /// The position to go on from is older than what is kept, of another log, or beyond the newest. `beginAfter` is
    /// the oldest that is kept.
    PositionGone,
    /// The time that is asked about begins before what is kept; the words say from when on it is.
    NotKept,
    /// The record is not as `If-Match` or `If-None-Match` expected. Read it and decide again.
    PreconditionFailed,
    /// The body, the batch or the list is larger than allowed. Send it in parts.
    TooLarge,
    /// The body's media type or its encoding is not understood here.
    UnsupportedMediaType,
    /// A field has a value that cannot be; `field` names it.
    Invalid,
    /// This address speaks WebSocket only.
    UpgradeRequired,
    /// The caller asked too much. Send it again after `Retry-After`.
    RateLimited,
    /// There are as many of these as the hub's settings allow. Nothing was made; whoever runs the hub can allow more.
    LimitReached,
    /// The hub could not keep it now. Nothing was changed; send it again.
    Unavailable,
    /// The hub cannot tell whether it was kept. Ask again with the same `id`, or read what became of it.
    OutcomeUnknown,
    /// No agent has this id. Events make no agents.
    UnknownAgent,
    /// The agent's record is disabled.
    AgentDisabled,
    /// No enabled presence has this id.
    UnknownPresence,
    /// Only the hub sets this presence.
    PresenceNotSettable,
    /// The agent's record does not list this presence among those it may choose.
    PresenceNotAllowed,
    /// The agent has no open session, so its presence cannot be set. An offer to it ends at once.
    AgentNotConnected,
    /// The agent has no hold that could be reset.
    NothingToReset,
    /// The agent does not hold this work item.
    UnknownWorkItem,
    /// The work item is already offered to this agent.
    AlreadyOffered,
    /// The agent already holds this work item.
    AlreadyAssigned,
    /// The offer has ended before. Events are answered `duplicate` instead.
    OfferAlreadyEnded,
    /// The event asked for it with `ifEligible`, and the agent is not eligible.
    NotEligible,
    /// The agent has as many open work items as it may. The offer was applied and not kept.
    WorkItemLimit,
    /// No capacity profile has this id.
    UnknownProfile,
    /// No workstream has this id.
    UnknownWorkstream,
    /// No activity has this id.
    UnknownActivity,
    /// The socket has no watch of this id.
    UnknownWatch,
    /// The six presences that ship cannot be changed or deleted.
    BuiltInPresence,
    /// The id is taken, something still refers to the record, or the agent to be erased is still there.
    InUse,
    /// A supervisor signed the agent out, who can be signed in again by hand: the socket is opened with
    /// `signIn=byHand`.
    SignedOut,
}

impl ErrorCode {
    /// The HTTP status that goes with it, unless the path names what is unknown: then it is 404.
    #[must_use]
    pub fn status(self) -> u16 {
        match self {
            Self::Malformed | Self::UnknownType => 400,
            Self::Unauthenticated => 401,
            Self::Forbidden => 403,
            Self::NotFound | Self::UnknownWatch => 404,
            Self::MethodNotAllowed => 405,
            Self::RequestTimeout => 408,
            Self::VersionConflict
            | Self::AgentNotConnected
            | Self::NothingToReset
            | Self::AlreadyOffered
            | Self::AlreadyAssigned
            | Self::OfferAlreadyEnded
            | Self::NotEligible
            | Self::WorkItemLimit
            | Self::BuiltInPresence
            | Self::InUse
            | Self::LimitReached
            | Self::SignedOut => 409,
            Self::PositionGone | Self::NotKept => 410,
            Self::PreconditionFailed => 412,
            Self::TooLarge => 413,
            Self::UnsupportedMediaType => 415,
            Self::Invalid
            | Self::UnknownAgent
            | Self::AgentDisabled
            | Self::UnknownPresence
            | Self::PresenceNotSettable
            | Self::PresenceNotAllowed
            | Self::UnknownWorkItem
            | Self::UnknownProfile
            | Self::UnknownWorkstream
            | Self::UnknownActivity => 422,
            Self::UpgradeRequired => 426,
            Self::RateLimited => 429,
            Self::Unavailable | Self::OutcomeUnknown => 503,
        }
    }

    /// The field that a refusal of this code is about unless it says otherwise; none if no field is, or if
    /// only the refusal can say which.
    #[must_use]
    pub fn usual_field(self) -> Option<&'static str> {
        match self {
            Self::UnknownAgent | Self::AgentDisabled => Some("agentId"),
            Self::UnknownPresence | Self::PresenceNotSettable | Self::PresenceNotAllowed => Some("presenceId"),
            Self::UnknownWorkItem => Some("workItemId"),
            Self::UnknownProfile => Some("profiles"),
            Self::UnknownWorkstream => Some("workstreamId"),
            Self::UnknownActivity => Some("activityId"),
            Self::Malformed
            | Self::UnknownType
            | Self::Unauthenticated
            | Self::Forbidden
            | Self::NotFound
            | Self::MethodNotAllowed
            | Self::RequestTimeout
            | Self::VersionConflict
            | Self::PositionGone
            | Self::NotKept
            | Self::PreconditionFailed
            | Self::TooLarge
            | Self::UnsupportedMediaType
            | Self::Invalid
            | Self::UpgradeRequired
            | Self::RateLimited
            | Self::LimitReached
            | Self::Unavailable
            | Self::OutcomeUnknown
            | Self::AgentNotConnected
            | Self::NothingToReset
            | Self::AlreadyOffered
            | Self::AlreadyAssigned
            | Self::OfferAlreadyEnded
            | Self::NotEligible
            | Self::WorkItemLimit
            | Self::UnknownWatch
            | Self::BuiltInPresence
            | Self::InUse
            | Self::SignedOut => None,
        }
    }

    /// Whether the client spoke the protocol, although it was refused.
    #[must_use]
    pub fn is_understood(self) -> bool {
        !matches!(self, Self::Malformed | Self::UnknownType)
    }
}

/// As it stands on the wire.
impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}

impl From<&Rejection> for ErrorCode {
    fn from(rejection: &Rejection) -> Self {
        match rejection {
            Rejection::UnknownAgent => Self::UnknownAgent,
            Rejection::AgentDisabled => Self::AgentDisabled,
            Rejection::UnknownPresence { .. } => Self::UnknownPresence,
            Rejection::PresenceNotSettable { .. } => Self::PresenceNotSettable,
            Rejection::PresenceNotAllowed { .. } => Self::PresenceNotAllowed,
            Rejection::SignedOut => Self::SignedOut,
            Rejection::AgentNotConnected => Self::AgentNotConnected,
            Rejection::NothingToReset => Self::NothingToReset,
            Rejection::VersionConflict { .. } => Self::VersionConflict,
            Rejection::UnknownWorkItem => Self::UnknownWorkItem,
            Rejection::AlreadyOffered => Self::AlreadyOffered,
            Rejection::AlreadyAssigned => Self::AlreadyAssigned,
            Rejection::OfferAlreadyEnded => Self::OfferAlreadyEnded,
            Rejection::NotEligible { .. } => Self::NotEligible,
            Rejection::UnknownProfile(_) => Self::UnknownProfile,
            Rejection::UnknownWorkstream(_) => Self::UnknownWorkstream,
            Rejection::Invalid(_) => Self::Invalid,
        }
    }
}

impl From<Remark> for ErrorCode {
    fn from(remark: Remark) -> Self {
        match remark {
            Remark::WorkItemLimit => Self::WorkItemLimit,
            Remark::AgentNotConnected => Self::AgentNotConnected,
        }
    }
}
