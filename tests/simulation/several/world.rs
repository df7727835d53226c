//! The world of several nodes: their machines, one log, and everyone who uses them.
//!
//! Its time goes from one moment to the next. In between each hub lives in its own runtime; at each, what was sent arrives,
//! and everyone listens.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use presence_hub::clock::Seen;
use presence_hub::config::Config;
use presence_hub::domain::time::{Standstill, Timestamp};
use presence_hub::engine::Engine;
use presence_hub::engine::shared::{Cut, Disk, Link};
use presence_hub::identity::{Identity, Role};
use serde_json::Value;

use super::BEGINNING;
use super::letters::{Letters, Told};
use super::people::{Outstanding, Page, Sends};
use super::place::Place;
use super::step::{AGENTS, NODES, Step};
use crate::board::Board;
use crate::book::{Book, Broken};
use crate::house;
use crate::people::{agent_name, token_id};
use crate::writes::Writes;

/// How long a moment lasts while something is on its way, and else, in milliseconds.
const MOMENT: u64 = 5;
const LONG_MOMENT: u64 = 40;
/// How long a machine takes to start a hub again that has ended, in milliseconds.
const AWAY: u64 = 1_200;
/// How long a hub is not current before it looks whether another serves, and before it gives up if it is cut off from
/// all, in milliseconds: as `server/cut_off.rs` has it.
const ASKS_AFTER: u64 = 1_000;
const ALONE_AFTER: u64 = 8_000;
/// One in so many seeds has a hundred times as many agents.
const CROWDED: u64 = 200;
const CROWD: u16 = 100 * AGENTS as u16;
/// How far wall clocks are from that of the world, in milliseconds: of every other seed so far that what one node decides
/// the others have heard before it is time for them, else so near that all decide at once.
const SKEWS: [[i64; NODES as usize]; 2] = [[0, 1, -1], [0, 60, -45]];

pub struct World {
    pub config: Config,
    pub disk: Disk,
    /// Milliseconds since the beginning.
    pub now: u64,
    pub places: Vec<Place>,
    pub pages: Vec<Page>,
    /// A supervisor's board at each node.
    pub boards: Vec<Board>,
    pub requests: Vec<Outstanding>,
    pub book: Book,
    pub writes: Writes,
    /// Requests that were sent: names each of them.
    pub asked: u64,
    pub newest_event: Option<Value>,
    /// Up to which position of the log it was read.
    pub read: u64,
    pub operations: BTreeSet<String>,
    /// Boots that were declared gone, and when, since the beginning.
    pub gone: BTreeMap<(u16, u32), Duration>,
    /// How many appends that the log has refused were looked at.
    pub refused: usize,
    /// When anything was last not as it should be.
    pub disturbed: u64,
    /// All times in which something was not.
    pub disturbances: Vec<(u64, u64)>,
    pub is_slow: [bool; NODES as usize],
    /// How many agents there are.
    pub agents: u16,
    /// What the endpoint of the webhook was told.
    pub letters: Letters,
    pub told: Told,
    /// How many tokens of each agent somebody set out to revoke.
    pub tokens_revoked: BTreeMap<u8, u32>,
    /// Tokens of which an administrator was answered that they are revoked, by their names.
    pub revoked: BTreeMap<String, u64>,
    /// When each was erased.
    pub erased: BTreeMap<String, u64>,
    /// What was sent of each event, by the time that it reports.
    pub events: BTreeMap<String, Sends>,
    identity: Identity,
    tokens: BTreeMap<String, String>,
}

impl World {
    pub fn new(seed: u64) -> Self {
        let config = house::settings();
        let identity = house::identity(&config);
        Self {
            config,
            disk: Disk::new(seed, BEGINNING),
            now: 0,
            places: (1..)
                .zip(SKEWS[usize::from(seed % 2 == 1)])
                .map(|(number, skew)| Place::of(number, skew))
                .collect(),
            pages: Vec::new(),
            boards: (0..NODES).map(|_| Board::closed()).collect(),
            requests: Vec::new(),
            book: Book::default(),
            writes: Writes::default(),
            asked: 0,
            newest_event: None,
            read: 0,
            operations: BTreeSet::new(),
            gone: BTreeMap::new(),
            refused: 0,
            disturbed: 0,
            disturbances: vec![(0, 0)],
            is_slow: [false; NODES as usize],
            agents: if seed % CROWDED == CROWDED - 1 { CROWD } else { u16::from(AGENTS) },
            letters: Letters::default(),
            told: Told::default(),
            tokens_revoked: BTreeMap::new(),
            revoked: BTreeMap::new(),
            erased: BTreeMap::new(),
            events: BTreeMap::new(),
            identity,
            tokens: BTreeMap::new(),
        }
    }

    /// Plays a plan to its end.
    pub fn play(&mut self, plan: &[Step]) -> Result<(), Broken> {
        self.pass(5_000)?;
        self.the_crowd_comes();
        for step in plan {
            match step {
                Step::Passes { millis } => self.pass(u64::from(*millis))?,
                Step::Calms => self.check_when_calm()?,
                Step::Kills { node, away } => self.ends(*node, u64::from(*away)),
                Step::Stops(node) => {
                    let now = self.now;
                    if !self.place(*node).stands() {
                        self.place(*node).says_goodbye(now, true);
                    }
                }
                Step::StandsStill { node, millis } => {
                    let now = self.now;
                    self.place(*node).stands_still(now, u64::from(*millis));
                }
                Step::Cuts(node, cut) => self.cuts(*node, *cut),
                Step::Link(node, ways) => {
                    self.is_slow[usize::from(*node)] = *ways != super::step::Ways::Fast;
                    let number = self.place(*node).number;
                    self.disk.link(number, ways.link());
                }
                Step::Clock(node, millis) => self.place(*node).sets_clock(i64::from(*millis)),
                Step::Purges(seconds) => self.disk.purge_older_than(Duration::from_secs(u64::from(*seconds))),
                step => self.someone_acts(step),
            }
            self.listen()?;
        }
        self.check_when_calm()
    }

    pub fn place(&mut self, node: u8) -> &mut Place {
        &mut self.places[usize::from(node)]
    }

    fn cuts(&mut self, node: u8, cut: Cut) {
        let (disk, now) = (self.disk.clone(), self.now);
        self.place(node).is_cut(&disk, cut, now);
    }

    /// The hub of a node ends, and is started again after so long.
    fn ends(&mut self, node: u8, away: u64) {
        let (disk, now) = (self.disk.clone(), self.now);
        self.place(node).is_killed(&disk, now, away);
        self.boards[usize::from(node)].socket = None;
        self.is_disturbed();
    }

    /// Everything is mended.
    pub fn mend(&mut self) {
        for node in 0..NODES {
            self.cuts(node, Cut::Nowhere);
            let now = self.now;
            let place = self.place(node);
            place.stands_until = place.stands_until.map(|_| now);
            place.starts_at = place.starts_at.min(now);
            let number = place.number;
            self.disk.link(number, Link::default());
        }
        self.is_slow = Default::default();
    }

    /// Lets time pass.
    pub fn pass(&mut self, millis: u64) -> Result<(), Broken> {
        let end = self.now + millis;
        while self.now < end {
            let moment = if self.disk.is_busy() { MOMENT } else { LONG_MOMENT };
            self.now = (self.now + moment).min(end);
            let now = self.now;
            for node in 0..NODES {
                if self.place(node).life.is_none() && self.place(node).starts_at <= now {
                    let (config, disk) = (self.config.clone(), self.disk.clone());
                    let letters = self.letters.clone();
                    self.place(node).starts(&config, &disk, &letters, now);
                }
                self.place(node).lives_until(now);
            }
            self.disk.reach(Duration::from_millis(now));
            (0..NODES).for_each(|node| self.looks_after(node));
            self.notice_disturbances();
            self.listen()?;
            self.letters_come()?;
            self.sessions_of_the_gone_have_ended()?;
            self.pages_come_and_go();
        }
        Ok(())
    }

    /// What the process around a hub does.
    fn looks_after(&mut self, node: u8) {
        let now = self.now;
        let others_serve = (0..NODES).any(|other| other != node && self.place(other).is_current());
        let is_behind = self.disk.is_behind(u16::from(node) + 1);
        let place = self.place(node);
        if place.stands() {
            return;
        }
        if is_behind && place.life.is_some() && place.with(|_| ()).is_none() {
            return self.begins_with_a_copy(node);
        }
        if place.could_not_begin().is_some() || place.ends_at.is_some_and(|ends| ends <= now) {
            return self.ends(node, AWAY);
        }
        if place.ends_at.is_none() && place.is_lost().is_some() {
            place.says_goodbye(now, false);
        }
        match place.with(|begun| begun.engine.members().is_current()) {
            Some(false) => {
                let for_so_long = now - *place.not_current_since.get_or_insert(now);
                let hears_others = others_serve && place.cut != Cut::Both;
                if (for_so_long >= ASKS_AFTER && hears_others) || for_so_long >= ALONE_AFTER {
                    place.says_goodbye(now, false);
                }
            }
            Some(true) | None => place.not_current_since = None,
        }
    }

    /// Whoever runs a node that the log begins too late for copies what another has.
    fn begins_with_a_copy(&mut self, node: u8) {
        self.ends(node, AWAY);
        let number = self.place(node).number;
        let mut others = self.places.iter().map(|place| place.number).filter(|other| *other != number);
        if let Some(other) = others.find(|other| !self.disk.is_behind(*other)) {
            self.disk.copy(other, number);
        }
    }

    fn notice_disturbances(&mut self) {
        let now = self.now;
        for (place, is_slow) in self.places.iter_mut().zip(self.is_slow) {
            let is_steady = !is_slow && place.cut == Cut::Nowhere && place.ends_at.is_none() && place.is_current();
            place.steady_since = if is_steady { place.steady_since.or(Some(now)) } else { None };
        }
        if self.places.iter().any(|place| place.steady_since.is_none()) {
            self.is_disturbed();
        }
    }

    fn is_disturbed(&mut self) {
        self.disturbed = self.now;
        match self.disturbances.last_mut() {
            Some((_, ended)) if self.now <= *ended + LONG_MOMENT => *ended = self.now,
            Some(_) | None => self.disturbances.push((self.now, self.now)),
        }
    }

    /// Whether anything was not as it should be so shortly before or after a time, in milliseconds.
    pub fn was_disturbed_about(&self, time: u64, span: u64) -> bool {
        self.disturbances.iter().any(|(began, ended)| *began <= time + span && time <= ended + span)
    }

    /// The times in which hubs stood still, on any machine.
    pub fn standstills(&self) -> Vec<Standstill> {
        let living = self
            .places
            .iter()
            .filter_map(|place| place.with(|begun| begun.clock.standstills_since(&mut Seen::default())));
        let before = self.places.iter().flat_map(|place| place.stood.iter().copied());
        let mut all: Vec<Standstill> = living.flatten().chain(before).collect();
        all.sort_by_key(|standstill| (standstill.began, standstill.lasted));
        all
    }

    /// A token, made once for each subject.
    pub fn token(&mut self, subject: &str, role: Role) -> String {
        self.token_named(subject, role, None)
    }

    /// The agent's token of this number.
    pub fn token_of_agent(&mut self, agent: u16, token: u32) -> String {
        self.token_named(&agent_name(agent), Role::Agent, Some(token_id(agent, token)))
    }

    fn token_named(&mut self, subject: &str, role: Role, id: Option<String>) -> String {
        let key = id.clone().unwrap_or_else(|| subject.to_owned());
        if let Some(token) = self.tokens.get(&key) {
            return token.clone();
        }
        let mut claims = house::claims(subject, &[role], BEGINNING);
        claims.jti = id;
        let token = self.identity.issue(&claims).expect("a secret signs");
        self.tokens.insert(key, token.clone());
        token
    }

    /// The time of the world.
    pub fn time(&self) -> Timestamp {
        BEGINNING.plus(Duration::from_millis(self.now))
    }
}
