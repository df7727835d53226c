//! One simulated node: what it has sent and waits for, and what it makes of what comes. As the thread of a node in a real
//! cluster ([`nats`](crate::engine::nats)), without a thread.

mod sending;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use tokio::time::Instant;

use super::database::Followed;
use super::disk::Disk;
use super::log::{Message, Says, guard};
use super::network::Came;
use crate::clock::Clock;
use crate::domain::ids::{AgentId, PSEUDONYM};
use crate::engine::embedded::ordered::{MOST_ENTRIES, seq_of};
use crate::engine::words::{Heard, Meaning, Nodes, Word};
use crate::engine::{
    Append, Beside, Entry, Erase, FromPeer, Kept, LostNode, Members, Outcome, Release, Reply, Subject, stored,
};
use sending::OnItsWay;

/// How long somebody waits for the log. Then nobody knows; the log will tell.
const PATIENCE: Duration = Duration::from_secs(2);
/// How long a node that leaves waits for what is on its way, and for its last word.
const FAREWELL: Duration = Duration::from_secs(1);
/// What is said of a node that has left.
const STOPPED: &str = "it was stopped";

/// Who waits for something that was sent.
enum Waiting {
    Append(Append, Option<Release>),
    Beside(Option<Reply>),
    /// This node's own word.
    Word,
    /// Nobody.
    Nobody,
}

/// What goes to the other rooms.
pub(super) enum Out {
    Group(Vec<Kept>),
    Peer(FromPeer),
}

pub(super) struct Node {
    pub disk: Disk,
    pub members: Members,
    pub nodes: Nodes,
    /// Up to where it has followed the log.
    pub known: u64,
    pub clock: Clock,
    sent: BTreeMap<u64, OnItsWay>,
    /// What is to be sent again, by when.
    again: BTreeSet<(Instant, u64)>,
    /// The first position of the log, as this node knows it.
    first: u64,
    /// How late it was when this node began, since the beginning of the simulation.
    born: (Duration, Instant),
    /// It takes nothing more, and says nothing but its last word.
    pub is_leaving: bool,
    /// The number of its last word, and since when it leaves.
    goodbye: Option<u64>,
    left: Option<Instant>,
    /// Why it has ended.
    pub over: Option<String>,
}

impl Node {
    pub fn new(disk: Disk, nodes: Nodes, clock: Clock) -> Self {
        let born = (disk.lock().now(), Instant::now());
        Self {
            disk,
            members: Members::default(),
            nodes,
            known: 0,
            clock,
            sent: BTreeMap::new(),
            again: BTreeSet::new(),
            first: 0,
            born,
            is_leaving: false,
            goodbye: None,
            left: None,
            over: None,
        }
    }

    pub fn append(&mut self, append: Append, release: Release) {
        if self.over.is_some() || self.is_leaving || !self.members.is_current() {
            return release.with(Outcome::Unavailable);
        }
        if append.entries.is_empty() {
            self.nodes.asks(append, release);
            if self.nodes.is_asked() {
                self.mark();
            }
            return;
        }
        let now = self.clock.now();
        let recalled = |operation| self.disk.lock().log.recall(operation, self.known, now);
        if let Some(recalled) = append.operation.as_ref().and_then(recalled) {
            return release.with(Outcome::Duplicate(recalled));
        }
        let texts: Result<Vec<String>, _> =
            append.entries.iter().map(|entry| stored::encode(entry, append.limit)).collect();
        let Some(texts) = texts.ok().filter(|texts| texts.len() <= MOST_ENTRIES) else {
            return release.with(Outcome::TooLarge);
        };
        let (subject, operation) = (append.subject.clone(), append.operation.clone());
        let last = guard(&subject, append.expected, append.directory);
        let last = if last < self.first { 0 } else { last };
        let says = Says::Entries { subject, texts, operation };
        self.sends(says, last, Waiting::Append(append, Some(release)));
    }

    pub fn keep(&mut self, what: Beside, reply: Reply) {
        if self.over.is_some() || self.is_leaving || !self.members.is_current() {
            return reply.refuse("this node does not know now what the log says");
        }
        let what = match what {
            // Every node is to put the same in the place of a name.
            Beside::Erase(erase) if erase.pseudonym.is_none() => {
                let pseudonym = format!("{PSEUDONYM}{:012x}", self.disk.lock().number());
                Beside::Erase(Erase { pseudonym: Some(pseudonym), ..erase })
            }
            what @ (Beside::Erase(_)
            | Beside::Note(_)
            | Beside::Webhooks(..)
            | Beside::Ledger(..)
            | Beside::Told(_)) => what,
        };
        self.sends(Says::Beside(what), 0, Waiting::Beside(Some(reply)));
    }

    /// Says the first word of a boot.
    pub fn say_up(&mut self, boot: u32, last: u64) -> u64 {
        self.nodes.own.1 = boot;
        let node = self.nodes.own.0;
        let number = self.sends(Says::Word(node, Word::Up { boot, address: None, alike: None }), last, Waiting::Nobody);
        self.nodes.own.1 = 0;
        number
    }

    /// Takes nothing more.
    pub fn leaves(&mut self) {
        self.is_leaving = true;
        self.left.get_or_insert_with(Instant::now);
    }

    /// Goes on to leave: waits for what is on its way, says the last word, and ends once that is kept.
    fn goes(&mut self) {
        let Some(left) = self.left.filter(|_| self.over.is_none()) else { return };
        let is_out_of_patience = left.elapsed() >= FAREWELL;
        match self.goodbye {
            None if self.is_waited_for() && !is_out_of_patience => {}
            None => {
                let (node, boot) = self.nodes.own;
                let word = Says::Word(node, Word::Leaving { boot });
                self.goodbye = Some(self.sends(word, self.nodes.last, Waiting::Nobody));
            }
            Some(goodbye) if self.waits_for(goodbye) && left.elapsed() < 2 * FAREWELL => {}
            Some(_) => self.over = Some(STOPPED.to_owned()),
        }
    }

    fn mark(&mut self) {
        let (node, boot) = self.nodes.own;
        let number = self.sends(
            Says::Word(node, Word::Mark { boot, address: None, alike: None }),
            self.nodes.last,
            Waiting::Word,
        );
        self.nodes.has_marked(Some(number));
    }

    /// Looks who waits for too long, and who is silent; marks the log when it is time.
    pub fn look(&mut self) {
        self.sends_again();
        self.goes();
        let impatient = self.sent.values_mut().filter(|sent| sent.at.elapsed() >= PATIENCE);
        impatient.for_each(|sent| match &mut sent.what {
            // Dropped, it says that nobody knows.
            Waiting::Append(_, release) => drop(release.take()),
            Waiting::Beside(reply) => {
                reply.take().into_iter().for_each(|reply| reply.refuse("the log did not answer in time"));
            }
            Waiting::Word | Waiting::Nobody => {}
        });
        self.nodes.words_are_late();
        if self.nodes.is_to_mark() && !self.is_leaving {
            self.mark();
        }
        if !self.members.is_current() {
            let (_, asked) = self.nodes.is_not_current();
            asked.into_iter().for_each(|release| release.with(Outcome::Unavailable));
            return;
        }
        self.nodes.finds_who_is_silent(&self.members);
        for node in self.nodes.to_be_declared() {
            if let Some((word, last)) = self.nodes.declare(node) {
                self.sends(Says::Word(node, word), last, Waiting::Nobody);
            }
        }
    }

    /// Reads what has come.
    pub fn read(&mut self) -> Vec<Out> {
        let (mut out, mut group) = (Vec::new(), Vec::new());
        let came = self.disk.lock().read(self.nodes.own.0);
        for came in came {
            if self.over.is_some() {
                break;
            }
            match came {
                Came::Answer(number, judged) => self.is_judged(number, judged),
                Came::Message(position) => {
                    let message = self.disk.lock().log.at(position).cloned();
                    message.into_iter().for_each(|message| self.comes(message, &mut group, &mut out));
                }
            }
        }
        if !group.is_empty() {
            out.push(Out::Group(group));
        }
        out
    }

    /// Follows the log past a message that nobody hears of.
    pub fn follows(&mut self, position: u64) {
        self.known = position;
        let mut shared = self.disk.lock();
        shared.follows(self.nodes.own.0, position);
        let at = shared.log.at(position).map(|message| message.at);
        drop(shared);
        if let Some(at) = at {
            self.nodes.time(at);
        }
    }

    fn comes(&mut self, message: Message, group: &mut Vec<Kept>, out: &mut Vec<Out>) {
        let Message { position, at, by, says, .. } = message;
        self.known = position;
        let followed = self.disk.lock().follows(self.nodes.own.0, position);
        self.clock.observe(at);
        let at = self.nodes.time(at);
        let own = if (by.node, by.boot) == self.nodes.own { self.sent.remove(&by.number) } else { None };
        match says {
            Says::Entries { texts, .. } => {
                let (entries, mut release) = match own.map(|sent| sent.what) {
                    Some(Waiting::Append(append, release)) => (append.entries, release),
                    Some(Waiting::Beside(_) | Waiting::Word | Waiting::Nobody) | None => (decoded(&texts), None),
                };
                let (last, is_of_a_peer) = (entries.len() - 1, release.is_none());
                group.extend(entries.into_iter().enumerate().map(|(index, entry)| {
                    let release = if index == last { release.take() } else { None };
                    Kept { seq: seq_of(position, index), entry, release, is_of_a_peer }
                }));
            }
            Says::Beside(what) => {
                let reply = match own.map(|sent| sent.what) {
                    Some(Waiting::Beside(reply)) => reply,
                    Some(Waiting::Append(..) | Waiting::Word | Waiting::Nobody) | None => None,
                };
                self.kept_beside(position, what, reply, followed, out);
            }
            Says::Word(node, word) => {
                // All before it goes first.
                if !group.is_empty() {
                    out.push(Out::Group(std::mem::take(group)));
                }
                let heard = Heard { position, at, node, by, word, came: Instant::now() };
                if self.nodes.own.1 > 0 {
                    out.extend(self.hears(&heard).into_iter().map(|lost| Out::Peer(FromPeer::Lost(lost))));
                }
            }
            Says::LastWord(_) | Says::Purge(..) => {}
        }
    }

    fn kept_beside(
        &mut self,
        position: u64,
        what: Beside,
        reply: Option<Reply>,
        followed: Followed,
        out: &mut Vec<Out>,
    ) {
        if let (Beside::Erase(erase), Followed::Erased(Ok(_))) = (&what, &followed)
            && (reply.is_some() || self.members.is_first())
            && let Ok(agent) = AgentId::new(&erase.id)
        {
            self.sends(Says::Purge(Subject::Agent(agent), position), 0, Waiting::Nobody);
        }
        match (reply, followed) {
            (None, Followed::Erased(Err(_))) => {}
            (None, _) => out.push(Out::Peer(FromPeer::Kept(what))),
            (Some(reply), Followed::Kept) => reply.done(Ok(())),
            (Some(reply), Followed::Told(became)) => reply.told(Ok(became)),
            (Some(reply), Followed::Erased(erased)) => reply.erased(erased),
        }
    }

    fn hears(&mut self, heard: &Heard) -> Vec<LostNode> {
        match self.nodes.hears(&self.members, heard) {
            Meaning::Nothing => {}
            Meaning::Over(why) => self.over = Some(why),
            Meaning::Back(number) => {
                let (_, answered) = self.nodes.is_back(&self.members, number);
                for (append, release) in answered {
                    let is_of_an_agent = matches!(append.subject, Subject::Agent(_));
                    let newest = match is_of_an_agent {
                        true => self.disk.lock().log.newest_entry(&append.subject, self.known),
                        false => self.disk.lock().log.newest_of_directory(self.known),
                    };
                    release.with(match newest == if is_of_an_agent { append.expected } else { append.directory } {
                        true => Outcome::Kept { seq: newest },
                        false => Outcome::Conflict { newest },
                    });
                }
                if self.nodes.is_asked() {
                    self.mark();
                }
            }
            Meaning::Lost(lost) => return lost,
        }
        Vec::new()
    }

    /// Whether somebody waits, or a word is on its way.
    fn is_waited_for(&self) -> bool {
        let waits = |what: &Waiting| match what {
            Waiting::Append(_, release) => release.is_some(),
            Waiting::Beside(reply) => reply.is_some(),
            Waiting::Word | Waiting::Nobody => false,
        };
        self.nodes.on_its_way.is_some() || self.sent.values().any(|sent| waits(&sent.what))
    }

    /// Whether the message of this number is still not heard of.
    fn waits_for(&self, number: u64) -> bool {
        self.sent.contains_key(&number)
    }

    /// It is over: nothing is taken any more, and nobody knows what becomes of what was sent.
    pub fn ends(&mut self, why: &str) {
        self.over.get_or_insert_with(|| why.to_owned());
        self.members.are_current_until(Instant::now());
        self.sent.clear();
        drop(self.nodes.is_not_current());
    }
}

/// Entries as the log has them. Its own texts can be read.
fn decoded(texts: &[String]) -> Vec<Entry> {
    texts.iter().filter_map(|text| stored::decode(text).ok()).collect()
}
