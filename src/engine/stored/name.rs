//! Ids and vocabularies as they are stored: by name.

use std::fmt;
use std::marker::PhantomData;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::domain::agent::Grace;
use crate::domain::audit::{Deed, Outcome};
use crate::domain::cause::{EventName, SubEventName};
use crate::domain::ids::{ActivityId, AgentId, PresenceId, ProfileId, SessionId, WorkItemId, WorkstreamId};
use crate::domain::network::Network;
use crate::domain::policy::SignInPolicy;
use crate::domain::presence::BaseStatus;
use crate::domain::record::{PresenceEffect, ResetDuration};
use crate::domain::role::Role;
use crate::domain::standing::{Hold, Origin};

/// Something with a name that never changes.
pub(super) trait Named: Sized {
    fn write(&self, f: &mut dyn fmt::Write) -> fmt::Result;
    fn read(name: &str) -> Option<Self>;
}

/// Stored by its name.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Name<T>(pub T);

impl<T: Named> fmt::Display for Name<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.write(f)
    }
}

impl<T: Named> Serialize for Name<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de, T: Named> Deserialize<'de> for Name<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(NameVisitor(PhantomData))
    }
}

struct NameVisitor<T>(PhantomData<T>);

impl<T: Named> de::Visitor<'_> for NameVisitor<T> {
    type Value = Name<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a known name")
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<Name<T>, E> {
        T::read(name).map(Name).ok_or_else(|| E::invalid_value(de::Unexpected::Str(name), &self))
    }
}

/// Each of these, wrapped for storing.
pub(super) fn names<'a, T: Clone + 'a>(all: impl IntoIterator<Item = &'a T>) -> Vec<Name<T>> {
    all.into_iter().cloned().map(Name).collect()
}

/// Each of these, taken out again.
pub(super) fn unnamed<T, C: FromIterator<T>>(all: Vec<Name<T>>) -> C {
    all.into_iter().map(|name| name.0).collect()
}

macro_rules! ids {
    ($($id:ident)*) => { $(
        impl Named for $id {
            fn write(&self, f: &mut dyn fmt::Write) -> fmt::Result {
                f.write_str(self.as_str())
            }

            fn read(name: &str) -> Option<Self> {
                Self::new(name).ok()
            }
        }
    )* };
}

ids! { ActivityId AgentId PresenceId ProfileId WorkstreamId WorkItemId }

macro_rules! vocabularies {
    ($($vocabulary:ident)*) => { $(
        impl Named for $vocabulary {
            fn write(&self, f: &mut dyn fmt::Write) -> fmt::Result {
                f.write_str(self.as_str())
            }

            fn read(name: &str) -> Option<Self> {
                Self::parse(name)
            }
        }
    )* };
}

vocabularies! { EventName SubEventName BaseStatus Deed Outcome Role }

impl Named for SessionId {
    fn write(&self, f: &mut dyn fmt::Write) -> fmt::Result {
        write!(f, "{self}")
    }

    fn read(name: &str) -> Option<Self> {
        name.parse().ok()
    }
}

impl Named for Network {
    fn write(&self, f: &mut dyn fmt::Write) -> fmt::Result {
        write!(f, "{self}")
    }

    fn read(name: &str) -> Option<Self> {
        Self::parse(name)
    }
}

macro_rules! choices {
    ($($choice:ident { $($variant:ident = $name:literal,)* })*) => { $(
        impl Named for $choice {
            fn write(&self, f: &mut dyn fmt::Write) -> fmt::Result {
                f.write_str(match self { $(Self::$variant => $name,)* })
            }

            fn read(name: &str) -> Option<Self> {
                match name {
                    $($name => Some(Self::$variant),)*
                    _ => None,
                }
            }
        }
    )* };
}

choices! {
    Origin { Automatic = "automatic", Agent = "agent", Supervisor = "supervisor", Default = "default", }
    Hold { Missed = "missed", Rejected = "rejected", WorkItemLimit = "workItemLimit", }
    Grace { Refresh = "refresh", Restart = "restart", }
    SignInPolicy { CapacityFirst = "capacityFirst", DefaultFirst = "defaultFirst", }
    ResetDuration { Immediate = "immediate", Daily = "daily", }
    PresenceEffect { Moves = "moves", Ignored = "ignored", }
}
