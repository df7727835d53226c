//! The feed's frames, put together from entries that were encoded once.

use bytes::{BufMut, Bytes};
use serde::Serialize;

use super::roster::{Roster, Slot};
use crate::domain::directory::Directory;
use crate::engine::Seq;
use crate::sessions::frame::TextBuilder;
use crate::wire::shapes::Summary;
use crate::wire::show::Including;

/// Bytes that a frame's own words take at most, beside entries, presences and summary.
const WORDS: usize = 256;

/// Everything an entry is made from.
pub(super) struct Sources<'a> {
    pub(super) roster: &'a mut Roster,
    pub(super) directory: &'a Directory,
    pub(super) including: Including,
}

impl Sources<'_> {
    pub(super) fn entry(&mut self, slot: Slot) -> Bytes {
        self.roster.encoded(slot, self.directory, self.including)
    }
}

/// A text frame of one JSON object whose fields are written one after the other.
pub(super) struct Object {
    frame: TextBuilder,
}

impl Object {
    pub(super) fn of_type(kind: &str, about: usize) -> Self {
        let mut frame = TextBuilder::with_capacity(WORDS + about);
        frame.payload().put_slice(b"{\"type\":\"");
        frame.payload().put_slice(kind.as_bytes());
        frame.payload().put_u8(b'"');
        Self { frame }
    }

    pub(super) fn field(mut self, name: &str, value: &impl Serialize) -> Self {
        self.name(name);
        // A buffer takes everything, and the values have text keys only.
        drop(serde_json::to_writer(self.frame.payload().writer(), value));
        self
    }

    /// A field whose value is JSON already.
    pub(super) fn json(mut self, name: &str, value: &[u8]) -> Self {
        self.name(name);
        self.frame.payload().put_slice(value);
        self
    }

    /// A field with a list of values that are JSON already.
    pub(super) fn list(mut self, name: &str, values: &[Bytes]) -> Self {
        self.name(name);
        let payload = self.frame.payload();
        payload.put_u8(b'[');
        for (index, value) in values.iter().enumerate() {
            if index > 0 {
                payload.put_u8(b',');
            }
            payload.put_slice(value);
        }
        payload.put_u8(b']');
        self
    }

    pub(super) fn finish(mut self) -> Bytes {
        self.frame.payload().put_u8(b'}');
        self.frame.finish()
    }

    fn name(&mut self, name: &str) {
        let payload = self.frame.payload();
        payload.put_slice(b",\"");
        payload.put_slice(name.as_bytes());
        payload.put_slice(b"\":");
    }
}

/// What a `changes` frame says.
pub(super) struct Changes<'a> {
    pub(super) watch_id: &'a str,
    pub(super) seq: Seq,
    pub(super) agents: Vec<Bytes>,
    pub(super) left: Vec<&'a str>,
    pub(super) presences: Option<&'a [u8]>,
    pub(super) summary: Option<Summary>,
}

impl Changes<'_> {
    pub(super) fn encode(self) -> Bytes {
        let about = self.agents.iter().map(|entry| entry.len() + 1).sum::<usize>();
        let mut object = Object::of_type("changes", about)
            .field("watchId", &self.watch_id)
            .field("seq", &self.seq)
            .list("agents", &self.agents)
            .field("left", &self.left);
        if let Some(presences) = self.presences {
            object = object.json("presences", presences);
        }
        if let Some(summary) = &self.summary {
            object = object.field("summary", summary);
        }
        object.finish()
    }
}

/// What a part of a snapshot says.
pub(super) struct Part<'a> {
    pub(super) watch_id: &'a str,
    pub(super) epoch: &'a str,
    pub(super) seq: Seq,
    pub(super) index: usize,
    pub(super) parts: usize,
    pub(super) agents: Vec<Bytes>,
    /// The catalog and the summary, in the first part.
    pub(super) first: Option<(&'a [u8], &'a [u8])>,
}

impl Part<'_> {
    pub(super) fn encode(self) -> Bytes {
        let first = self.first.map_or(0, |(presences, summary)| presences.len() + summary.len());
        let about = self.agents.iter().map(|entry| entry.len() + 1).sum::<usize>() + first;
        let object = Object::of_type("snapshot", about)
            .field("watchId", &self.watch_id)
            .field("epoch", &self.epoch)
            .field("seq", &self.seq)
            .field("part", &(self.index + 1))
            .field("parts", &self.parts)
            .list("agents", &self.agents);
        match self.first {
            Some((presences, summary)) => object.json("presences", presences).json("summary", summary).finish(),
            None => object.finish(),
        }
    }
}
