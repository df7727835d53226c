//! The floor's room: its members, its watchers, and what they are told.

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use bytes::Bytes;
use jiff::Timestamp;
use presence_hub::sessions::frame::Builder;
use serde::Serialize;

use super::outlet::Outlet;

/// About what an entry takes.
const ENTRY_BYTES: usize = 320;
/// About what everything else takes.
const OTHER_BYTES: usize = 64;

/// Who is in what state, and who is to be told.
#[derive(Default)]
pub struct Room {
    tells_at_once: bool,
    members: HashMap<Rc<str>, Member>,
    watchers: BTreeMap<u64, Rc<Outlet>>,
    /// How many watchers there have been.
    numbered: u64,
    /// How many changes there have been.
    seq: u64,
    /// Who changed since the last tick, each once.
    due: Vec<Rc<str>>,
}

/// A member as of its newest change.
#[derive(Default)]
struct Member {
    connections: usize,
    version: u64,
    seq: u64,
    since: Timestamp,
    presence_id: String,
    origin: &'static str,
    event_name: &'static str,
    is_due: bool,
}

/// What a member asks for.
pub struct Choice {
    /// The number of the request, which the answer repeats.
    pub request: u64,
    /// The presence that was chosen.
    pub presence_id: String,
    /// When.
    pub at: Timestamp,
}

impl Room {
    /// An empty one, that waits for no tick if it tells at once.
    pub fn telling_at_once(tells_at_once: bool) -> Self {
        Self { tells_at_once, ..Self::default() }
    }

    /// Tells every watcher what changed, if the room waits for no tick.
    pub fn tell_at_once(&mut self) {
        if self.tells_at_once {
            self.tell();
        }
    }

    /// Takes in a watcher, and returns its number.
    pub fn add_watcher(&mut self, outlet: Rc<Outlet>) -> u64 {
        self.numbered += 1;
        self.watchers.insert(self.numbered, outlet);
        self.numbered
    }

    /// Lets the watcher of that number go.
    pub fn remove_watcher(&mut self, number: u64) {
        self.watchers.remove(&number);
    }

    /// A connection of a member begins.
    pub fn enter(&mut self, id: &Rc<str>, at: Timestamp) {
        self.change(id, |member| {
            member.connections += 1;
            member.since = at;
            "available".clone_into(&mut member.presence_id);
            (member.origin, member.event_name) = ("DEFAULT", "LOGIN");
        });
    }

    /// A connection of a member ends. While another one lives, nothing changes.
    pub fn leave(&mut self, id: &Rc<str>, at: Timestamp) {
        if let Some(member) = self.members.get_mut(id).filter(|member| member.connections > 1) {
            member.connections -= 1;
            return;
        }
        self.change(id, |member| {
            member.connections = 0;
            member.since = at;
            "offline".clone_into(&mut member.presence_id);
            (member.origin, member.event_name) = ("AUTOMATIC", "DISCONNECTED");
        });
    }

    /// A member chose a presence. Returns the answer.
    pub fn choose(&mut self, id: &Rc<str>, choice: Choice) -> Bytes {
        let version = self.change(id, |member| {
            member.since = choice.at;
            member.presence_id = choice.presence_id;
            (member.origin, member.event_name) = ("AGENT", "SET_PRESENCE");
        });
        frame(&Said::Result { id: choice.request, result: Accepted { version } }, OTHER_BYTES)
    }

    /// Returns the member's new version.
    fn change(&mut self, id: &Rc<str>, change: impl FnOnce(&mut Member)) -> u64 {
        let member = self.members.entry(id.clone()).or_default();
        self.seq += 1;
        member.seq = self.seq;
        member.version += 1;
        change(member);
        if !member.is_due {
            member.is_due = true;
            self.due.push(id.clone());
        }
        member.version
    }

    /// Tells every watcher what changed since the last time, if anything did.
    pub fn tell(&mut self) {
        if self.due.is_empty() {
            return;
        }
        let agents: Vec<_> = self.due.iter().map(|id| Entry::of(id, &self.members[id])).collect();
        let about = OTHER_BYTES + ENTRY_BYTES * agents.len();
        let changes = frame(&Said::Changes { watch_id: "w", seq: self.seq, agents, left: [] }, about);
        for id in self.due.drain(..) {
            if let Some(member) = self.members.get_mut(&id) {
                member.is_due = false;
            }
        }
        for watcher in self.watchers.values() {
            watcher.send(changes.clone());
        }
    }
}

/// What is said to everyone who comes in.
pub fn welcome() -> Bytes {
    frame(&Said::Welcome, OTHER_BYTES)
}

fn frame(said: &Said<'_>, about: usize) -> Bytes {
    let mut frame = Builder::with_capacity(about);
    serde_json::to_writer(frame.payload(), said).expect("what the room says is JSON");
    frame.finish()
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
enum Said<'a> {
    Welcome,
    Result { id: u64, result: Accepted },
    Changes { watch_id: &'static str, seq: u64, agents: Vec<Entry<'a>>, left: [(); 0] },
}

#[derive(Serialize)]
struct Accepted {
    version: u64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Entry<'a> {
    agent_id: &'a str,
    name: String,
    teams: [&'static str; 1],
    presence_id: &'a str,
    since: String,
    version: u64,
    seq: u64,
    origin: &'static str,
    event_name: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    is_agent_logged_in: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    active_browser_sessions: Option<usize>,
    modified_by: ModifiedBy<'a>,
}

#[derive(Serialize)]
struct ModifiedBy<'a> {
    r#type: &'static str,
    id: &'a str,
}

impl<'a> Entry<'a> {
    fn of(id: &'a str, member: &'a Member) -> Self {
        let connected = (member.connections > 0).then_some(member.connections);
        Self {
            agent_id: id,
            name: format!("Agent {}", id.get(1..).unwrap_or_default()),
            teams: ["floor"],
            presence_id: &member.presence_id,
            since: format!("{:.3}", member.since),
            version: member.version,
            seq: member.seq,
            origin: member.origin,
            event_name: member.event_name,
            is_agent_logged_in: connected.map(|_| true),
            active_browser_sessions: connected,
            modified_by: ModifiedBy { r#type: "AGENT", id },
        }
    }
}
