//! Names of things. Each is a type of its own, so that they cannot be swapped.

use std::fmt;
use std::sync::Arc;

/// The longest id anything may have, in bytes. Long enough for a GUID, a mail address, or the ARN of a
/// contact in Amazon Connect.
pub const MAX_ID_BYTES: usize = 256;

/// Why a text cannot be an id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an id has 1 to 256 bytes and no control characters")]
pub struct InvalidId;

/// An id that the program itself names. It is checked when the program is compiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Literal(&'static str);

impl Literal {
    /// For use in a `const`, where a text that is no id does not compile.
    pub(super) const fn new(text: &'static str) -> Self {
        let bytes = text.as_bytes();
        assert!(!bytes.is_empty() && bytes.len() <= MAX_ID_BYTES, "an id has 1 to 256 bytes");
        let mut place = 0;
        while place < bytes.len() {
            assert!(bytes[place].is_ascii_graphic(), "an id of the program has letters, digits and signs only");
            place += 1;
        }
        Self(text)
    }

    /// The id as it is written.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.0
    }
}

/// What the pseudonym of somebody who was erased begins with; twelve hexadecimal digits follow.
pub const PSEUDONYM: &str = "erased-";

/// Whether an id stands for somebody who was erased.
#[must_use]
pub fn is_pseudonym(id: &str) -> bool {
    let digits = id.strip_prefix(PSEUDONYM).unwrap_or_default();
    digits.len() == 12 && digits.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'))
}

/// Whether a new record may have this id. Blank ones cannot be told apart on a screen, and the path of a URL
/// does not take `.` and `..` for names.
#[must_use]
pub fn is_fit_for_a_record(id: &str) -> bool {
    !id.trim().is_empty() && id != "." && id != ".."
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Arc<str>);

        impl $name {
            /// An id from its text.
            ///
            /// # Errors
            /// [`InvalidId`] if it is empty, longer than [`MAX_ID_BYTES`] or has control characters.
            pub fn new(text: impl AsRef<str>) -> Result<Self, InvalidId> {
                let text = text.as_ref();
                if text.is_empty() || text.len() > MAX_ID_BYTES || text.chars().any(char::is_control) {
                    return Err(InvalidId);
                }
                Ok(Self(text.into()))
            }

            /// The id as it is written.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The same, shared.
            #[must_use]
            pub fn text(&self) -> Arc<str> {
                Arc::clone(&self.0)
            }
        }

        impl From<Literal> for $name {
            fn from(literal: Literal) -> Self {
                Self(literal.0.into())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{:?}", &*self.0)
            }
        }

        impl std::borrow::Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }
    };
}

id!(
    /// An agent.
    AgentId
);
id!(
    /// A presence of the catalog.
    PresenceId
);
id!(
    /// A capacity profile.
    ProfileId
);
id!(
    /// A workstream.
    WorkstreamId
);
id!(
    /// An activity that agents are planned to do.
    ActivityId
);
id!(
    /// A conversation, case or call, as the work system names it.
    WorkItemId
);

/// One live WebSocket: which node held it, in which of that node's lives, and its number there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SessionId {
    /// The node; 0 on a single machine.
    pub node: u16,
    /// Raised by one at each start of the node.
    pub boot: u32,
    /// Counted from 1 within a boot.
    pub number: u64,
}

impl fmt::Display for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}-{}", self.node, self.boot, self.number)
    }
}

impl std::str::FromStr for SessionId {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let mut parts = text.splitn(3, '-');
        let mut part = || parts.next().ok_or(InvalidId);
        Ok(Self {
            node: part()?.parse().map_err(|_| InvalidId)?,
            boot: part()?.parse().map_err(|_| InvalidId)?,
            number: part()?.parse().map_err(|_| InvalidId)?,
        })
    }
}
