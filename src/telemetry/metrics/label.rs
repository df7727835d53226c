//! By what metrics are told apart: words of closed sets, in the vocabulary of the contract.

use std::borrow::Cow;

use crate::domain::cause::SubEventName;
use crate::domain::presence::BaseStatus;
use crate::domain::role::Role;
use crate::wire::close::CloseCode;
use crate::wire::code::ErrorCode;
use crate::wire::event::EventType;
use crate::wire::limit::Limit;
use crate::wire::shapes::{EventStatus, WebhookStatus};

/// One of a closed set of words.
pub trait Label: Copy + 'static {
    /// What the label is called.
    const NAME: &'static str;
    /// All of them.
    const ALL: &'static [Self];

    /// As it is written.
    fn word(self) -> Cow<'static, str>;

    /// Where it stands among [all](Label::ALL).
    fn place(self) -> usize;
}

/// A label, or two.
pub trait Labels: Copy + 'static {
    /// Every combination, in the order of their places.
    fn all() -> Vec<Self>;

    /// Where it stands among all.
    fn place(self) -> usize;

    /// Names and words.
    fn written(self) -> Vec<(&'static str, String)>;
}

impl<L: Label> Labels for L {
    fn all() -> Vec<Self> {
        L::ALL.to_vec()
    }

    fn place(self) -> usize {
        Label::place(self)
    }

    fn written(self) -> Vec<(&'static str, String)> {
        vec![(L::NAME, self.word().into_owned())]
    }
}

impl<A: Label, B: Label> Labels for (A, B) {
    fn all() -> Vec<Self> {
        A::ALL.iter().flat_map(|a| B::ALL.iter().map(|b| (*a, *b))).collect()
    }

    fn place(self) -> usize {
        Label::place(self.0) * B::ALL.len() + Label::place(self.1)
    }

    fn written(self) -> Vec<(&'static str, String)> {
        vec![(A::NAME, self.0.word().into_owned()), (B::NAME, self.1.word().into_owned())]
    }
}

/// A set of words, in the order in which its type declares them. One that is missing here does not compile.
macro_rules! label {
    ($type:ty, $name:literal, $word:expr, { $($variant:ident)+ }) => {
        impl Label for $type {
            const NAME: &'static str = $name;
            const ALL: &'static [Self] = &[$(Self::$variant),+];

            fn word(self) -> Cow<'static, str> {
                let word: fn(Self) -> Cow<'static, str> = $word;
                word(self)
            }

            fn place(self) -> usize {
                match self {
                    $(Self::$variant)|+ => self as usize,
                }
            }
        }
    };
}

label!(BaseStatus, "status", |status| status.as_str().into(), { Available Busy BusyDoNotDisturb Away Offline });
label!(Role, "role", |role| role.as_str().into(), { Agent Supervisor Observer Analyst Integration Auditor Admin });
label!(CloseCode, "code", |code| code.number().to_string().into(), {
    BrokenProtocol NotUtf8 Restart TryAgainLater NoProtocol Unauthenticated Forbidden UnknownAgent TooSlow
    TooManySessions SignedOut Silent RolesChanged TooLarge TooManyRequests Failed
});
label!(ErrorCode, "code", |code| code.to_string().into(), {
    Malformed UnknownType Unauthenticated Forbidden NotFound MethodNotAllowed RequestTimeout VersionConflict PositionGone
    NotKept PreconditionFailed TooLarge UnsupportedMediaType Invalid UpgradeRequired RateLimited LimitReached Unavailable
    OutcomeUnknown UnknownAgent AgentDisabled UnknownPresence PresenceNotSettable PresenceNotAllowed AgentNotConnected
    NothingToReset UnknownWorkItem AlreadyOffered AlreadyAssigned OfferAlreadyEnded NotEligible WorkItemLimit
    UnknownProfile UnknownWorkstream UnknownActivity UnknownWatch BuiltInPresence InUse SignedOut
});
label!(Limit, "limit", |limit| limit.as_str().into(), {
    Connections Opening SocketsOfAddress SocketsOfSubject HttpConnectionsOfAddress NewConnectionsOfAddress
    BadTokensOfAddress HeadTime BodyTime Frames UnderWay Requests WaitingEvents Watches WatchedNames Followers Exports
    DatabaseCopies NewAgents Agents Presences CapacityProfiles Workstreams Tickets SignIns Sessions
});
label!(EventStatus, "result", |status| match status {
    EventStatus::Applied => "applied",
    EventStatus::Duplicate => "duplicate",
    EventStatus::Rejected => "rejected",
    EventStatus::Unavailable => "unavailable",
}.into(), { Applied Duplicate Rejected Unavailable });

/// Over what something was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channel {
    /// A request over HTTP.
    Http,
    /// A frame, or the socket itself.
    Socket,
}

label!(Channel, "channel", |channel| match channel {
    Channel::Http => "http",
    Channel::Socket => "socket",
}.into(), { Http Socket });

/// Within what an agent came back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Within {
    /// A grace: it was never shown Offline.
    Grace,
    /// The restore window: it was shown Offline meanwhile.
    RestoreWindow,
}

label!(Within, "within", |within| match within {
    Within::Grace => "grace",
    Within::RestoreWindow => "restore_window",
}.into(), { Grace RestoreWindow });

/// The type of an event; none for one that cannot be read.
impl Label for Option<EventType> {
    const NAME: &'static str = "type";
    const ALL: &'static [Self] = &{
        let mut all = [None; EventType::ALL.len() + 1];
        let mut place = 0;
        while place < EventType::ALL.len() {
            all[place] = Some(EventType::ALL[place]);
            place += 1;
        }
        all
    };

    fn word(self) -> Cow<'static, str> {
        self.map_or("unreadable", EventType::as_str).into()
    }

    fn place(self) -> usize {
        self.map_or(EventType::ALL.len(), |kind| kind as usize)
    }
}

/// What became of a try to deliver a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// The endpoint took it.
    Delivered,
    /// It did not, or it could not be reached.
    Failed,
}

label!(Delivery, "outcome", |outcome| match outcome {
    Delivery::Delivered => "delivered",
    Delivery::Failed => "failed",
}.into(), { Delivered Failed });

label!(WebhookStatus, "status", |status| match status {
    WebhookStatus::Active => "active",
    WebhookStatus::Failing => "failing",
    WebhookStatus::Off => "off",
    WebhookStatus::Disabled => "disabled",
}.into(), { Active Failing Off Disabled });

/// Why an agent is no longer connected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DropCause(SubEventName);

impl DropCause {
    /// As the log says it.
    #[must_use]
    pub fn of(cause: Option<SubEventName>) -> Self {
        let known = Self::ALL.iter().copied().find(|known| Some(known.0) == cause);
        known.unwrap_or(Self(SubEventName::Unknown))
    }
}

impl Label for DropCause {
    const NAME: &'static str = "cause";
    const ALL: &'static [Self] = &[
        Self(SubEventName::TabClosed),
        Self(SubEventName::SignedOut),
        Self(SubEventName::NetworkLost),
        Self(SubEventName::PageAsleep),
        Self(SubEventName::HubRestart),
        Self(SubEventName::Revoked),
        Self(SubEventName::Unknown),
    ];

    fn word(self) -> Cow<'static, str> {
        self.0.as_str().into()
    }

    fn place(self) -> usize {
        Self::ALL.iter().position(|known| *known == self).unwrap_or(Self::ALL.len() - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hold_the_order<L: Labels + std::fmt::Debug>() {
        for (place, label) in L::all().into_iter().enumerate() {
            assert_eq!(label.place(), place, "{label:?}");
        }
    }

    #[test]
    fn each_stands_where_its_type_declares_it() {
        hold_the_order::<BaseStatus>();
        hold_the_order::<Role>();
        hold_the_order::<CloseCode>();
        hold_the_order::<(Channel, ErrorCode)>();
        hold_the_order::<(Option<EventType>, EventStatus)>();
        hold_the_order::<Limit>();
        hold_the_order::<Within>();
        hold_the_order::<DropCause>();
        hold_the_order::<Delivery>();
        hold_the_order::<WebhookStatus>();
    }

    #[test]
    fn a_cause_that_ends_no_session_is_unknown() {
        assert_eq!(DropCause::of(Some(SubEventName::NetworkLost)).word(), "NETWORK_LOST");
        assert_eq!(DropCause::of(Some(SubEventName::Pick)).word(), "UNKNOWN");
        assert_eq!(DropCause::of(None).word(), "UNKNOWN");
    }
}
