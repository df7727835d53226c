//! A server with everyone who is connected to it: members, whose state changes, and watchers, who
//! are told. The same people do the same at the hub and at each peer.

use std::net::SocketAddr;
use std::path::Path;
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use hdrhistogram::Histogram;
use serde_json::{Value, json};

use super::admin::token;
use super::crowd::{Crowd, Hears, LinkId};
use super::link::{Dialect, Invitation, Said};
use super::memo::{Frame, Memo};
use super::server::{Kind, Server};
use super::{cores, usage};

/// Connections that are opened at once where the time to open them is not what is measured.
const OPENING: usize = 256;
/// How long anything that is waited for may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// Someone whose state changes.
#[derive(Debug)]
pub struct Member {
    pub name: String,
    pub link: Option<LinkId>,
    pub welcomed: bool,
    /// The version that the last answer named.
    pub version: u64,
    /// When each version after `base` was asked for, and by what.
    base: u64,
    asked: Vec<(Step, Instant)>,
}

/// What makes a new version of a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Choice,
    Drop,
    Return,
}

/// Someone who is told.
#[derive(Debug)]
pub struct Watcher {
    pub link: LinkId,
    pub ready: bool,
    pub closed: Option<Option<u16>>,
    /// The position of the last frame: a later one brings newer versions only.
    seq: u64,
    /// Who is shown offline, and how many that are.
    offline: Vec<u64>,
    pub shown_offline: usize,
    /// Who was ever shown offline.
    ever_offline: Vec<u64>,
    /// Members named in the snapshot.
    pub held: usize,
}

#[derive(Clone, Copy, Debug)]
enum Role {
    Member(usize),
    Watcher(usize),
    System,
}

/// What is heard, and what is known from it.
pub struct Ears {
    roles: Vec<Role>,
    memo: Memo,
    pub members: Vec<Member>,
    pub watchers: Vec<Watcher>,
    pub welcomed: usize,
    pub ready: usize,
    /// Distinct (watcher, agent, version) received, from watchers beyond `uncounted` only.
    pub deliveries: u64,
    /// From when a choice was due to its receipt by a watcher.
    pub latency: Histogram<u64>,
    /// The same of drops and of returns.
    pub drops: Histogram<u64>,
    pub returns: Histogram<u64>,
    /// Events of work systems that were applied, and requests of theirs that were refused.
    pub applied: u64,
    pub refused: u64,
    /// From when a change was due to its answer.
    pub answers: Histogram<u64>,
    pub last_heard: Instant,
    pub errors: Vec<String>,
    /// Watchers before this one are not counted.
    pub uncounted: usize,
}

/// A server, and everyone there.
pub struct House {
    pub kind: Kind,
    pub server: Server,
    pub crowd: Crowd,
    pub ears: Ears,
}

impl House {
    /// Starts a server; nobody is there yet.
    pub fn open(kind: Kind, folder: &Path, settings: &[(&str, &str)]) -> anyhow::Result<Self> {
        // What is started runs where its parent runs.
        cores::pin(cores::SERVER);
        let server = Server::start(kind, folder, settings);
        cores::pin(cores::CLIENT);
        let server = server?;
        Ok(Self { kind, server, crowd: Crowd::new()?, ears: Ears::new()? })
    }

    /// Names members that are connected later. Their numbers go on from those before.
    pub fn expect_members(&mut self, count: usize) {
        for _ in 0..count {
            let number = self.ears.members.len();
            let name = format!("a{number}");
            self.ears.memo.name(&name, number as u32);
            self.ears.members.push(Member {
                name,
                link: None,
                welcomed: false,
                version: 0,
                base: 0,
                asked: Vec::new(),
            });
        }
    }

    /// Every member's connection is gone with the server.
    pub fn forget_members(&mut self) {
        for number in 0..self.ears.members.len() {
            if let Some(link) = self.ears.members[number].link {
                self.crowd.hang_up(link);
            }
            self.ears.gone(number);
        }
    }

    /// Begins to connect a member.
    pub fn connect_member(&mut self, number: usize) -> anyhow::Result<()> {
        let name = &self.ears.members[number].name;
        let link = self.crowd.open(invitation(self.kind, &self.server, "agent", name))?;
        self.ears.assign(link, Role::Member(number));
        self.ears.members[number].link = Some(link);
        Ok(())
    }

    /// Connects the first `count` members, and waits until all are in.
    pub fn connect_members(&mut self, count: usize) -> anyhow::Result<()> {
        for number in 0..count {
            self.connect_member(number)?;
            self.wait("members to be welcomed", |ears| ears.welcomed + OPENING > number)?;
        }
        self.wait("members to be welcomed", |ears| ears.welcomed >= count)
    }

    /// Connects a watcher of the hub with this filter (peers have one room), and goes on.
    pub fn connect_watcher(&mut self, receive_buffer: Option<usize>) -> anyhow::Result<usize> {
        let number = self.ears.watchers.len();
        let invitation = invitation(self.kind, &self.server, "supervisor", &format!("s{number}"));
        let link = self.crowd.open(Invitation { receive_buffer, ..invitation })?;
        self.ears.assign(link, Role::Watcher(number));
        self.ears.watchers.push(Watcher {
            link,
            ready: false,
            closed: None,
            seq: 0,
            offline: Vec::new(),
            shown_offline: 0,
            ever_offline: Vec::new(),
            held: 0,
        });
        Ok(number)
    }

    /// Asks for a watch; only the hub has to be asked.
    pub fn watch(&mut self, watcher: usize, filter: &Value) {
        if self.kind == Kind::Hub {
            let frame = json!({ "type": "watch", "id": 1, "filter": filter });
            self.crowd.send(self.ears.watchers[watcher].link, frame.to_string().as_bytes());
        }
    }

    /// Connects watchers, and waits until each knows where everyone stands.
    pub fn connect_watchers(&mut self, count: usize, filter: impl Fn(usize) -> Value) -> anyhow::Result<()> {
        for number in 0..count {
            let watcher = self.connect_watcher(None)?;
            self.watch(watcher, &filter(number));
            self.wait("watchers to be ready", |ears| ears.ready + OPENING > watcher)?;
        }
        self.wait("watchers to be ready", |ears| ears.ready == ears.watchers.len())
    }

    /// Asks for a change of a member's state in the member's name, and notes when it was due.
    pub fn choose(&mut self, number: usize, presence: &str, due: Instant) -> anyhow::Result<()> {
        let member = &mut self.ears.members[number];
        member.asked.push((Step::Choice, due));
        let id = member.asked.len();
        let link = member.link.context("the member is connected")?;
        let frame = format!(r#"{{"type":"setPresence","id":{id},"presenceId":"{presence}"}}"#);
        self.crowd.send(link, frame.as_bytes());
        Ok(())
    }

    /// A member's connection breaks without a good-bye.
    pub fn drop_member(&mut self, number: usize, due: Instant) {
        self.ears.members[number].asked.push((Step::Drop, due));
        if let Some(link) = self.ears.members[number].link {
            self.crowd.hang_up(link);
            self.ears.gone(number);
        }
    }

    /// A member comes back.
    pub fn return_member(&mut self, number: usize, due: Instant) -> anyhow::Result<()> {
        self.ears.members[number].asked.push((Step::Return, due));
        self.connect_member(number)
    }

    /// Connects a work system of the hub.
    pub fn connect_system(&mut self, name: &str) -> anyhow::Result<LinkId> {
        let link = self.crowd.open(invitation(self.kind, &self.server, "integration", name))?;
        self.ears.assign(link, Role::System);
        Ok(link)
    }

    /// Lets every connected member choose once, so that their versions are known and all is warm.
    /// Ends when each watcher was told each choice.
    pub fn warm_up(&mut self, members: usize) -> anyhow::Result<()> {
        for number in 0..members {
            self.choose(number, "busy", Instant::now())?;
            if number % OPENING == 0 {
                self.wait("warm-up", |ears| ears.members[..number].iter().all(|member| member.version > 0))?;
            }
        }
        let all = (members * (self.ears.watchers.len() - self.ears.uncounted)) as u64;
        self.wait("the warm-up to be told", |ears| {
            ears.deliveries >= all && ears.members[..members].iter().all(|member| member.version > 0)
        })?;
        for member in &mut self.ears.members[..members] {
            member.base = member.version;
            member.asked.clear();
        }
        self.ears.deliveries = 0;
        self.ears.latency.reset();
        self.ears.answers.reset();
        Ok(())
    }

    /// Hears until something is so.
    pub fn wait(&mut self, what: &str, is_so: impl Fn(&Ears) -> bool) -> anyhow::Result<()> {
        let until = Instant::now() + PATIENCE;
        while !is_so(&self.ears) {
            if Instant::now() > until {
                let ears = &self.ears;
                bail!(
                    "{:?}: waited {PATIENCE:?} for {what} ({} welcomed, {} ready, {} deliveries, errors: {:?})",
                    self.kind,
                    ears.welcomed,
                    ears.ready,
                    ears.deliveries,
                    ears.errors.iter().take(3).collect::<Vec<_>>(),
                );
            }
            self.crowd.turn(Instant::now() + Duration::from_millis(5), &mut self.ears)?;
        }
        Ok(())
    }

    /// Hears for so long.
    pub fn pass(&mut self, span: Duration) -> anyhow::Result<()> {
        let until = Instant::now() + span;
        while Instant::now() < until {
            self.crowd.turn(until, &mut self.ears)?;
        }
        Ok(())
    }

    /// Processor time that the server has used.
    pub fn cpu(&self) -> anyhow::Result<Duration> {
        Ok(Duration::from_nanos(usage::cpu_nanos(self.server.pid())?))
    }

    /// Memory of the server that is resident.
    pub fn resident(&self) -> anyhow::Result<u64> {
        usage::resident_bytes(self.server.pid())
    }
}

fn invitation(kind: Kind, server: &Server, role: &str, name: &str) -> Invitation {
    let address = server.address();
    let (dialect, request) = match kind {
        Kind::Hub => (Dialect::Plain, socket_request(address, &token(name, role))),
        Kind::Floor | Kind::Ws | Kind::SocketIo => {
            let role = if role == "agent" { "member" } else { "watcher" };
            let query = format!("role={role}&id={name}");
            if kind == Kind::SocketIo {
                let path = format!("/socket.io/?EIO=4&transport=websocket&{query}");
                (Dialect::SocketIo, upgrade_request(address, &path, ""))
            } else {
                (Dialect::Plain, upgrade_request(address, &format!("/?{query}"), ""))
            }
        }
    };
    Invitation { address, request, dialect, receive_buffer: None }
}

/// Asks the hub for a socket in the name of a token.
pub fn socket_request(address: SocketAddr, token: &str) -> String {
    upgrade_request(address, "/ws", &format!("Authorization: Bearer {token}\r\n"))
}

fn upgrade_request(address: SocketAddr, path: &str, headers: &str) -> String {
    format!(
        "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{headers}\r\n"
    )
}

impl Ears {
    fn new() -> anyhow::Result<Self> {
        Ok(Self {
            roles: Vec::new(),
            memo: Memo::default(),
            members: Vec::new(),
            watchers: Vec::new(),
            welcomed: 0,
            ready: 0,
            deliveries: 0,
            latency: latencies()?,
            drops: latencies()?,
            returns: latencies()?,
            applied: 0,
            refused: 0,
            answers: latencies()?,
            last_heard: Instant::now(),
            errors: Vec::new(),
            uncounted: 0,
        })
    }

    fn assign(&mut self, link: LinkId, role: Role) {
        assert_eq!(link.0, self.roles.len(), "everyone in the crowd has a role");
        self.roles.push(role);
    }

    fn watcher_hears(&mut self, number: usize, payload: &[u8], at: Instant) {
        if payload.starts_with(br#"{"type":"changes""#) {
            let frame = self.memo.read(payload);
            self.told(number, &frame, at);
        } else if payload.starts_with(br#"{"type":"snapshot""#) {
            let frame = self.memo.read(payload);
            let watcher = &mut self.watchers[number];
            watcher.held += frame.entries.len();
            for entry in &frame.entries {
                watcher.show(entry.member, entry.offline);
            }
            if frame.last_part && !watcher.ready {
                watcher.ready = true;
                self.ready += 1;
            }
        } else if payload.starts_with(br#"{"type":"welcome""#) && !self.watchers[number].ready {
            // A peer has no snapshot; the hub's watchers are ready when they hold theirs.
            self.peer_watcher_is_in(number, payload);
        } else if payload.starts_with(br#"{"type":"error""#) {
            self.errors.push(String::from_utf8_lossy(payload).into_owned());
        }
    }

    fn peer_watcher_is_in(&mut self, number: usize, welcome: &[u8]) {
        if memchr::memmem::find(welcome, b"sessionId").is_none() {
            self.watchers[number].ready = true;
            self.ready += 1;
        }
    }

    fn told(&mut self, number: usize, frame: &Rc<Frame>, at: Instant) {
        let watcher = &mut self.watchers[number];
        assert!(frame.seq > watcher.seq, "positions rise: {} after {}", frame.seq, watcher.seq);
        watcher.seq = frame.seq;
        for entry in &frame.entries {
            watcher.show(entry.member, entry.offline);
        }
        if number < self.uncounted {
            return;
        }
        self.last_heard = at;
        self.deliveries += frame.entries.len() as u64;
        for entry in &frame.entries {
            let member = &self.members[entry.member as usize];
            let place = entry.version.checked_sub(member.base + 1).and_then(|place| member.asked.get(place as usize));
            if let Some((step, asked)) = place {
                let latency = match step {
                    Step::Choice => &mut self.latency,
                    Step::Drop => &mut self.drops,
                    Step::Return => &mut self.returns,
                };
                latency.saturating_record(at.saturating_duration_since(*asked).as_nanos() as u64);
            }
        }
    }

    fn member_hears(&mut self, number: usize, payload: &[u8], at: Instant) {
        if payload.starts_with(br#"{"type":"result""#) {
            let answer: Answer = serde_json::from_slice(payload).expect("results are JSON");
            let member = &mut self.members[number];
            member.version = answer.result.version;
            if let Some((_, asked)) = answer.id.checked_sub(1).and_then(|place| member.asked.get(place)) {
                self.answers.saturating_record(at.saturating_duration_since(*asked).as_nanos() as u64);
            }
        } else if payload.starts_with(br#"{"type":"welcome""#) && !self.members[number].welcomed {
            self.members[number].welcomed = true;
            self.welcomed += 1;
        } else if payload.starts_with(br#"{"type":"error""#) {
            self.errors.push(String::from_utf8_lossy(payload).into_owned());
        }
    }

    fn system_hears(&mut self, payload: &[u8]) {
        if payload.starts_with(br#"{"type":"error""#) {
            self.refused += 1;
        }
        self.applied += memchr::memmem::find_iter(payload, br#""status":"applied""#).count() as u64;
    }

    /// A member was hung up on.
    pub fn gone(&mut self, number: usize) {
        let member = &mut self.members[number];
        member.link = None;
        if std::mem::take(&mut member.welcomed) {
            self.welcomed -= 1;
        }
    }
}

#[derive(serde::Deserialize)]
struct Answer {
    id: usize,
    result: Versioned,
}

#[derive(serde::Deserialize)]
struct Versioned {
    version: u64,
}

impl Watcher {
    /// How many it was ever shown offline.
    pub fn ever_shown_offline(&self) -> usize {
        self.ever_offline.iter().map(|word| word.count_ones() as usize).sum()
    }

    fn show(&mut self, member: u32, offline: bool) {
        let (word, bit) = ((member / 64) as usize, 1 << (member % 64));
        if self.offline.len() <= word {
            self.offline.resize(word + 1, 0);
            self.ever_offline.resize(word + 1, 0);
        }
        match (self.offline[word] & bit != 0, offline) {
            (false, true) => {
                self.offline[word] |= bit;
                self.ever_offline[word] |= bit;
                self.shown_offline += 1;
            }
            (true, false) => {
                self.offline[word] &= !bit;
                self.shown_offline -= 1;
            }
            (true, true) | (false, false) => {}
        }
    }
}

impl Hears for Ears {
    fn hear(&mut self, link: LinkId, said: Said<'_>, at: Instant) {
        match (self.roles[link.0], said) {
            (Role::Watcher(number), Said::Frame(payload)) => self.watcher_hears(number, payload, at),
            (Role::Member(number), Said::Frame(payload)) => self.member_hears(number, payload, at),
            (Role::System, Said::Frame(payload)) => self.system_hears(payload),
            (Role::System, Said::Closed(code)) => self.errors.push(format!("a work system was closed with {code:?}")),
            (Role::Watcher(number), Said::Closed(code)) => self.watchers[number].closed = Some(code),
            (Role::Member(number), Said::Closed(code)) => {
                self.errors.push(format!("{} was closed with {code:?}", self.members[number].name));
                self.gone(number);
            }
            (_, Said::Opened | Said::Answer(..)) => {}
        }
    }
}

/// Latencies in nanoseconds, from one microsecond to a minute, to three digits.
pub fn latencies() -> anyhow::Result<Histogram<u64>> {
    Ok(Histogram::new_with_bounds(1_000, 60_000_000_000, 3)?)
}
