//! The subjects of the stream: one for each thing that entries are about, one for each node, one for all else.

use std::fmt::Write as _;

use crate::engine::Subject;

/// Names the subjects of a stream, whose own name they begin with.
#[derive(Clone, Debug)]
pub(super) struct Subjects {
    stream: String,
}

/// What a subject of the stream is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// An agent, or a record of the directory.
    Entries,
    /// A node.
    Node(u16),
    /// All that stands beside the log.
    Beside,
}

impl Subjects {
    pub fn of(stream: &str) -> Self {
        Self { stream: stream.to_owned() }
    }

    /// All of them.
    pub fn all(&self) -> String {
        format!("{}.>", self.stream)
    }

    /// Those of the directory: each of its changes is guarded against all others.
    pub fn directory(&self) -> String {
        format!("{}.d.>", self.stream)
    }

    /// Those of nodes.
    pub fn nodes(&self) -> String {
        format!("{}.n.*", self.stream)
    }

    pub fn node(&self, node: u16) -> String {
        format!("{}.n.{node}", self.stream)
    }

    pub fn beside(&self) -> String {
        format!("{}.b", self.stream)
    }

    pub fn entries(&self, subject: &Subject) -> String {
        let stream = &self.stream;
        match subject {
            Subject::Agent(id) => format!("{stream}.a.{}", escaped(id.as_str())),
            Subject::Presence(id) => format!("{stream}.d.presence.{}", escaped(id.as_str())),
            Subject::Profile(id) => format!("{stream}.d.profile.{}", escaped(id.as_str())),
            Subject::Workstream(id) => format!("{stream}.d.workstream.{}", escaped(id.as_str())),
            Subject::Settings => format!("{stream}.d.settings"),
        }
    }

    /// What a subject is; none if it is none of the stream's.
    pub fn kind(&self, subject: &str) -> Option<Kind> {
        let rest = subject.strip_prefix(&self.stream)?.strip_prefix('.')?;
        let (kind, rest) = rest.split_once('.').unwrap_or((rest, ""));
        match kind {
            "a" | "d" => Some(Kind::Entries),
            "b" => Some(Kind::Beside),
            "n" => rest.parse().ok().map(Kind::Node),
            _ => None,
        }
    }
}

/// An id as a token of a subject: what has a meaning there stands as its bytes.
fn escaped(id: &str) -> String {
    let mut token = String::with_capacity(id.len());
    for byte in id.bytes() {
        if byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_' {
            token.push(char::from(byte));
        } else {
            // A string takes everything.
            let _ = write!(token, "={byte:02X}");
        }
    }
    token
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::AgentId;

    #[test]
    fn every_id_is_one_token_of_its_own() {
        let subjects = Subjects::of("HUB");
        let of = |id: &str| subjects.entries(&Subject::Agent(AgentId::new(id).unwrap()));
        assert_eq!(of("ada"), "HUB.a.ada");
        assert_eq!(of("ada.king@example.org"), "HUB.a.ada=2Eking=40example=2Eorg");
        assert_ne!(of("a=2E"), of("a."));
        assert_eq!(subjects.kind("HUB.a.ada"), Some(Kind::Entries));
        assert_eq!(subjects.kind("HUB.n.12"), Some(Kind::Node(12)));
        assert_eq!(subjects.kind("HUB.b"), Some(Kind::Beside));
        assert_eq!((subjects.kind("HUB.n.x"), subjects.kind("HUBS.a.ada")), (None, None));
    }
}
