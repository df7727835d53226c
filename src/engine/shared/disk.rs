//! What all simulated nodes share: the log, and the ways to it. Whoever plays the simulation moves its time.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::{Mutex, MutexGuard};
use tokio::sync::Notify;

use super::database::{Database, Followed};
use super::log::{Judged, Log, Says, Sent};
use super::network::{Came, Cut, Dice, Link, Met, Ways};
use crate::domain::change::Change;
use crate::domain::time::Timestamp;
use crate::engine::embedded::ordered::{position_of, seq_of};
use crate::engine::memory::Stored;
use crate::engine::words::{By, Word};
use crate::engine::{Beside, Entry, Seq, Subject, stored};

/// One log and the ways to it. Clones share it.
#[derive(Clone, Debug)]
pub struct Disk {
    shared: Arc<Mutex<Shared>>,
}

#[derive(Debug)]
pub(super) struct Shared {
    pub log: Log,
    ways: BTreeMap<u16, Ways>,
    dice: Dice,
    /// How long the simulation has run.
    now: Duration,
    began: Timestamp,
    /// How many messages were ever numbered.
    numbers: u64,
    /// What each node has on its disk.
    pub databases: BTreeMap<u16, Database>,
}

/// Something that was kept, and by whom.
#[derive(Clone, Debug)]
pub struct Kept {
    /// Where it stands.
    pub position: u64,
    /// The node and its boot.
    pub by: (u16, u32),
    /// When it was sent, since the beginning of the simulation.
    pub sent: Duration,
    /// When it was kept.
    pub kept: Duration,
    /// What it says.
    pub what: What,
}

/// What was kept.
#[derive(Clone, Debug)]
pub enum What {
    /// Entries of this subject, for this operation.
    Entries(Subject, Vec<Stored>, Option<String>),
    /// That a boot of a node is over.
    Gone(u16, u32),
    /// Any other word about a node.
    Word(u16),
    /// Something beside the log.
    Beside(Beside),
}

impl Disk {
    /// An empty log. Its time begins at `began`, and chance is that of the seed.
    #[must_use]
    pub fn new(seed: u64, began: Timestamp) -> Self {
        let (ways, databases) = (BTreeMap::new(), BTreeMap::new());
        let shared =
            Shared { log: Log::default(), ways, dice: Dice(seed), now: Duration::ZERO, began, numbers: 0, databases };
        Self { shared: Arc::new(Mutex::new(shared)) }
    }

    /// It is so late now: what was sent arrives at the log, in the order of time, and what it has kept comes to the nodes.
    pub fn reach(&self, now: Duration) {
        let mut shared = self.lock();
        let Shared { log, ways, dice, began, .. } = &mut *shared;
        loop {
            let due = ways.iter().filter_map(|(node, way)| way.arrives().map(|at| (at, *node)));
            let Some((at, node)) = due.min().filter(|(at, _)| *at <= now) else { break };
            let Some(way) = ways.get_mut(&node) else { break };
            let (Some(sent), met) = (way.arrived(), way.meets(dice)) else { break };
            let Some(met) = met else { continue };
            let (number, before) = (sent.by.number, log.end());
            let judged = match met {
                Met::Undecided if sent.says.is_guarded() => Judged::Undecided,
                Met::Undecided | Met::Log => log.judge(sent, began.plus(at), at),
            };
            for (other, way) in ways.iter_mut() {
                if *other == node {
                    way.is_answered(number, judged.clone(), at, dice);
                }
                if log.end() > before {
                    way.is_told(log.end(), at, dice);
                }
            }
        }
        ways.values_mut().for_each(|way| way.deliver(now));
        shared.now = now;
    }

    /// Whether anything is on its way.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        self.lock().ways.values().any(Ways::is_busy)
    }

    /// The ways of a node are so from now on.
    pub fn link(&self, node: u16, link: Link) {
        self.lock().ways.entry(node).or_default().link = link;
    }

    /// The ways of a node are cut in this way from now on.
    pub fn cut(&self, node: u16, cut: Cut) {
        let mut shared = self.lock();
        let Shared { ways, dice, now, .. } = &mut *shared;
        ways.entry(node).or_default().is_cut(cut, *now, dice);
    }

    /// A node lives no more.
    pub fn is_gone(&self, node: u16) {
        let mut shared = self.lock();
        let Shared { ways, dice, .. } = &mut *shared;
        ways.entry(node).or_default().is_gone(dice);
    }

    /// All entries beyond a position, in the order of the log.
    #[must_use]
    pub fn beyond(&self, seq: Seq) -> Vec<Stored> {
        let kept = self.kept_beyond(position_of(seq).saturating_sub(1));
        let entries = kept.into_iter().flat_map(|kept| match kept.what {
            What::Entries(_, entries, _) => entries,
            What::Gone(..) | What::Word(_) | What::Beside(_) => Vec::new(),
        });
        entries.filter(|entry| entry.seq > seq).collect()
    }

    /// The changes of agents beyond a position, up to where somebody has followed the log.
    pub(super) fn changes_beyond(&self, after: Seq, known: u64) -> Vec<(Seq, Change)> {
        let entries = self.beyond(after).into_iter().filter(|stored| position_of(stored.seq) <= known);
        entries
            .filter_map(|Stored { seq, text, .. }| match stored::decode(&text) {
                Ok(Entry::Agent { change, .. }) => Some((seq, *change)),
                Ok(Entry::Directory { .. }) | Err(_) => None,
            })
            .collect()
    }

    /// All that was kept beyond a position.
    #[must_use]
    pub fn kept_beyond(&self, position: u64) -> Vec<Kept> {
        let shared = self.lock();
        let messages = shared.log.messages().iter().skip(usize::try_from(position).unwrap_or(usize::MAX));
        messages
            .map(|message| {
                let By { node, boot, .. } = message.by;
                let what = what(&message.says, message.position, message.at);
                Kept { position: message.position, by: (node, boot), sent: message.sent, kept: message.kept, what }
            })
            .collect()
    }

    /// What was kept longer than `window` before the last message leaves the log.
    pub fn purge_older_than(&self, window: Duration) {
        self.lock().log.purge_older_than(window);
    }

    /// A node that does not live begins with a copy of what another has on its disk.
    pub fn copy(&self, from: u16, to: u16) {
        let mut shared = self.lock();
        let copy = shared.databases.get(&from).map(Database::copy);
        if let Some(copy) = copy {
            shared.databases.insert(to, copy);
        }
    }

    /// Whether the log still has anything of a subject.
    #[must_use]
    pub fn still_has(&self, subject: &Subject) -> bool {
        self.lock().log.last_in_it(subject) > 0
    }

    /// Whether a node needs a copy: the log begins too late for it.
    #[must_use]
    pub fn is_behind(&self, node: u16) -> bool {
        let shared = self.lock();
        let known = shared.databases.get(&node).map_or(0, |database| database.known);
        known + 1 < shared.log.first()
    }

    /// All that a node has on its disk of what stands beside the log, and of the history, in words.
    #[must_use]
    pub fn says(&self, node: u16) -> Vec<String> {
        self.lock().databases.get(&node).map(Database::says).unwrap_or_default()
    }

    /// All that was refused, but for the first `known` of it. Each has the position of what was kept before it.
    #[must_use]
    pub fn refused_beyond(&self, known: usize) -> Vec<Kept> {
        let shared = self.lock();
        let refused = shared.log.refused().iter().skip(known);
        refused
            .map(|(sent, last)| {
                let By { node, boot, .. } = sent.by;
                let what = what(&sent.says, *last, shared.began);
                Kept { position: *last, by: (node, boot), sent: sent.at, kept: sent.at, what }
            })
            .collect()
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, Shared> {
        self.shared.lock()
    }
}

fn what(says: &Says, position: u64, at: Timestamp) -> What {
    match says {
        Says::Entries { subject, texts, operation } => {
            let stored = texts.iter().enumerate();
            let stored =
                stored.map(|(index, text)| Stored { seq: seq_of(position, index), at, text: text.clone() }).collect();
            What::Entries(subject.clone(), stored, operation.as_ref().map(|operation| operation.0.clone()))
        }
        Says::Word(node, Word::Gone { boot, .. }) => What::Gone(*node, *boot),
        Says::Word(node, _) | Says::LastWord(node) => What::Word(*node),
        Says::Beside(what) => What::Beside(what.clone()),
        Says::Purge(subject, _) => What::Entries(subject.clone(), Vec::new(), None),
    }
}

impl Shared {
    /// A node begins to live. What comes for it is told to `wake`.
    pub fn joins(&mut self, node: u16, wake: Arc<Notify>) {
        self.ways.entry(node).or_default().is_up(wake);
    }

    /// The number of the next message, of all that are ever sent.
    pub fn number(&mut self) -> u64 {
        self.numbers += 1;
        self.numbers
    }

    /// How long the simulation has run.
    pub fn now(&self) -> Duration {
        self.now
    }

    pub fn is_cut_off(&self, node: u16) -> bool {
        self.ways.get(&node).is_some_and(|way| way.cut != Cut::Nowhere)
    }

    /// What a node has on its disk.
    pub fn database(&mut self, node: u16) -> &mut Database {
        self.databases.entry(node).or_default()
    }

    /// A node has followed the log up to here, and so has what it has on its disk.
    pub fn follows(&mut self, node: u16, position: u64) -> Followed {
        let Self { log, databases, .. } = self;
        databases.entry(node).or_default().follows(log, position)
    }

    /// What has come to a node and was not read.
    pub fn read(&mut self, node: u16) -> Vec<Came> {
        self.ways.get_mut(&node).map(|way| way.inbox.drain(..).collect()).unwrap_or_default()
    }

    /// This has come to a node before what else has, and is to be read again.
    pub fn is_unread(&mut self, node: u16, unread: Vec<Came>) {
        if let Some(way) = self.ways.get_mut(&node) {
            let since = std::mem::replace(&mut way.inbox, unread.into());
            way.inbox.extend(since);
        }
    }

    pub fn sends(&mut self, sent: Sent) {
        let Self { ways, dice, .. } = self;
        ways.entry(sent.by.node).or_default().sends(sent, dice);
    }
}
