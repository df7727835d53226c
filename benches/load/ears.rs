//! What everyone at a server hears, and what is known from it: who is in, who is shown how, and how long
//! each change took.

use std::rc::Rc;
use std::time::Instant;

use hdrhistogram::Histogram;

use super::crowd::{Hears, LinkId};
use super::inflating::{Inflating, Window};
use super::link::Said;
use super::memo::{Frame, Memo};

/// Someone whose state changes.
#[derive(Debug)]
pub struct Member {
    pub name: String,
    /// The hub of a cluster that it connects to.
    pub hub: usize,
    pub link: Option<LinkId>,
    pub welcomed: bool,
    /// The version that the last answer named.
    pub version: u64,
    /// When each version after `base` was asked for, and by what.
    pub base: u64,
    pub asked: Vec<(Step, Instant)>,
    /// When the last answer came, and of which version.
    pub answered: Option<(u64, Instant)>,
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
    pub seq: u64,
    /// Who is shown offline, and how many that are.
    pub offline: Vec<u64>,
    pub shown_offline: usize,
    /// Who was ever shown offline.
    pub ever_offline: Vec<u64>,
    /// Members named in the snapshot.
    pub held: usize,
    /// What was told of a history last.
    pub history: Option<Window>,
    /// What came last of what is watched.
    pub last: Option<Rc<Frame>>,
}

/// Who is at the other end of a link.
#[derive(Clone, Copy, Debug)]
pub enum Role {
    Member(usize),
    Watcher(usize),
    System,
}

/// What is heard, and what is known from it.
pub struct Ears {
    roles: Vec<Role>,
    pub memo: Memo,
    inflating: Inflating,
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
    /// From when a choice was due to its receipt by a watcher of another hub, and from its answer to that: none if the
    /// watcher was first.
    pub elsewhere: Histogram<u64>,
    pub behind: Histogram<u64>,
    /// The hubs that members and watchers are spread over.
    hubs: usize,
    /// Members who were sent away, and are to connect to another hub: their own ended as planned, or one took no more at
    /// that moment.
    pub moving: Vec<usize>,
    /// Whether members who are sent away come again.
    pub come_again: bool,
    pub last_heard: Instant,
    pub errors: Vec<String>,
    /// The hub's welcome to a watcher.
    pub welcome: Box<[u8]>,
    /// Watchers before this one are not counted.
    pub uncounted: usize,
}

impl Ears {
    /// Of people who are spread over so many hubs.
    pub fn of(hubs: usize) -> anyhow::Result<Self> {
        Ok(Self {
            roles: Vec::new(),
            memo: Memo::default(),
            inflating: Inflating::default(),
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
            elsewhere: latencies()?,
            behind: latencies()?,
            hubs,
            moving: Vec::new(),
            come_again: false,
            last_heard: Instant::now(),
            errors: Vec::new(),
            welcome: Box::default(),
            uncounted: 0,
        })
    }

    pub fn assign(&mut self, link: LinkId, role: Role) {
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
            watcher.last = Some(frame.clone());
            if frame.last_part && !watcher.ready {
                watcher.ready = true;
                self.ready += 1;
            }
        } else if payload.starts_with(br#"{"type":"welcome""#) && !self.watchers[number].ready {
            self.welcome = payload.into();
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
        watcher.last = Some(frame.clone());
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
                let took = at.saturating_duration_since(*asked).as_nanos() as u64;
                latency.saturating_record(took);
                if number % self.hubs != member.hub {
                    self.elsewhere.saturating_record(took);
                    let answered = member.answered.filter(|(version, _)| *version == entry.version);
                    let behind = answered.map_or(0, |(_, answered)| at.duration_since(answered).as_nanos() as u64);
                    self.behind.saturating_record(behind);
                }
            }
        }
    }

    fn member_hears(&mut self, number: usize, payload: &[u8], at: Instant) {
        if payload.starts_with(br#"{"type":"result""#) {
            let answer: Answer = serde_json::from_slice(payload).expect("results are JSON");
            let member = &mut self.members[number];
            member.version = answer.result.version;
            member.answered = Some((answer.result.version, at));
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
            (Role::Watcher(number), Said::Deflated(message)) => {
                let json = self.inflating.read(&mut self.watchers[number].history, message);
                self.watcher_hears(number, &json, at);
            }
            (Role::Member(number), Said::Frame(payload)) => self.member_hears(number, payload, at),
            (Role::System, Said::Frame(payload)) => self.system_hears(payload),
            (Role::System, Said::Closed(code)) => self.errors.push(format!("a work system was closed with {code:?}")),
            (Role::Watcher(number), Said::Closed(code)) => self.watchers[number].closed = Some(code),
            (Role::Member(number), Said::Closed(_)) if self.come_again => {
                self.gone(number);
                self.moving.push(number);
            }
            (Role::Member(number), Said::Closed(code)) => {
                self.errors.push(format!("{} was closed with {code:?}", self.members[number].name));
                self.gone(number);
            }
            (_, Said::Opened | Said::Answer(..)) | (Role::Member(_) | Role::System, Said::Deflated(_)) => {}
        }
    }
}

/// Latencies in nanoseconds, from one microsecond to a minute, to three digits.
pub fn latencies() -> anyhow::Result<Histogram<u64>> {
    Ok(Histogram::new_with_bounds(1_000, 60_000_000_000, 3)?)
}
