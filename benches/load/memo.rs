//! Frames of changes, each read once.
//!
//! Many watchers are sent the same bytes. A frame that equals one of the last, byte by byte, says
//! the same; only others are parsed. So the client checks every byte of every delivery and still
//! costs less than the server.

use std::collections::{HashMap, VecDeque};
use std::rc::Rc;

use serde::Deserialize;

/// Frames remembered: as many as a server may have under way at once.
const KEPT: usize = 128;

/// An agent's state in a frame.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// The agent's number.
    pub member: u32,
    pub version: u64,
    pub offline: bool,
}

/// What a frame says.
#[derive(Debug, Default)]
pub struct Frame {
    pub bytes: Box<[u8]>,
    pub seq: u64,
    pub entries: Vec<Entry>,
    /// Of a snapshot: whether this was its last part.
    pub last_part: bool,
}

#[derive(Deserialize)]
struct Shape<'a> {
    #[serde(default)]
    seq: u64,
    #[serde(default, borrow)]
    agents: Vec<Agent<'a>>,
    part: Option<u32>,
    parts: Option<u32>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Agent<'a> {
    agent_id: &'a str,
    presence_id: &'a str,
    version: u64,
}

/// The frames read last.
#[derive(Debug, Default)]
pub struct Memo {
    frames: VecDeque<Rc<Frame>>,
    numbers: HashMap<String, u32>,
    pub parsed: u64,
}

impl Memo {
    /// From now on `name` stands for this member.
    pub fn name(&mut self, name: &str, member: u32) {
        self.numbers.insert(name.to_owned(), member);
    }

    /// What a frame says.
    pub fn read(&mut self, bytes: &[u8]) -> Rc<Frame> {
        if let Some(known) = self.frames.iter().find(|frame| *frame.bytes == *bytes) {
            return known.clone();
        }
        self.parsed += 1;
        let shape: Shape<'_> = serde_json::from_slice(bytes).expect("the server sends JSON frames");
        let entry = |agent: &Agent<'_>| {
            let member = *self.numbers.get(agent.agent_id)?;
            Some(Entry { member, version: agent.version, offline: agent.presence_id == "offline" })
        };
        let frame = Rc::new(Frame {
            bytes: bytes.into(),
            seq: shape.seq,
            entries: shape.agents.iter().filter_map(entry).collect(),
            last_part: shape.part == shape.parts,
        });
        self.frames.truncate(KEPT - 1);
        self.frames.push_front(frame.clone());
        frame
    }
}
