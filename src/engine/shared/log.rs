//! The log that simulated nodes share: what it has kept, and how it judges what comes.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use crate::domain::ids::AgentId;
use crate::domain::time::Timestamp;
use crate::engine::embedded::ordered::{position_of, seq_of};
use crate::engine::words::{By, Word};
use crate::engine::{
    Beside, DELETIONS_TOLD, Entry, Ledger, LedgerChange, LedgerRecord, Ledgers, Loaded, LoadedAgent, OperationId,
    REMEMBERED, Recalled, Seq, Subject, stored,
};

/// What a message says.
#[derive(Clone, Debug)]
pub(super) enum Says {
    /// Entries of one subject, as they are stored.
    Entries { subject: Subject, texts: Vec<String>, operation: Option<OperationId> },
    /// Something beside the log.
    Beside(Beside),
    /// A word about this node.
    Word(u16, Word),
    /// Nothing: it asks for the last word about this node.
    LastWord(u16),
    /// Nothing: messages of this subject that stand before a position leave the log.
    Purge(Subject, u64),
}

impl Says {
    /// Whether it is kept only behind what its sender knows.
    pub fn is_guarded(&self) -> bool {
        matches!(self, Self::Entries { .. } | Self::Word(..))
    }
}

/// A message on its way to the log.
#[derive(Clone, Debug)]
pub(super) struct Sent {
    pub by: By,
    pub says: Says,
    /// The position that it has to follow, of whatever guards it.
    pub last: u64,
    /// When it was sent, since the beginning of the simulation.
    pub at: Duration,
}

/// A message that was kept.
#[derive(Clone, Debug)]
pub(super) struct Message {
    pub position: u64,
    pub at: Timestamp,
    pub sent: Duration,
    pub kept: Duration,
    pub by: By,
    pub says: Says,
}

/// What the log says of a message.
#[derive(Clone, Debug)]
pub(super) enum Judged {
    Kept {
        position: u64,
    },
    Overtaken {
        last: u64,
    },
    /// To be sent again.
    Undecided,
    LastWord(Option<(u64, By, Word)>),
}

#[derive(Debug, Default)]
pub(super) struct Log {
    messages: Vec<Message>,
    /// Where each subject has messages.
    places: HashMap<Subject, Vec<u64>>,
    directory: u64,
    words: BTreeMap<u16, u64>,
    operations: HashMap<String, u64>,
    /// What was refused, and the position of what was kept before it.
    refused: Vec<(Sent, u64)>,
    /// How many messages have left it from its beginning. They are still here: whoever was there has them.
    left: u64,
    /// Up to where the messages of each have left it.
    purged: HashMap<Subject, u64>,
    /// Where each was erased.
    erased: HashMap<Subject, Vec<u64>>,
}

impl Log {
    /// The first position that it has.
    pub fn first(&self) -> u64 {
        self.left + 1
    }

    /// What was kept longer than `window` before the last message leaves it.
    pub fn purge_older_than(&mut self, window: Duration) {
        let Some(oldest) = self.messages.last().map(|last| last.at.minus(window)) else { return };
        self.left = self.left.max(self.messages.partition_point(|message| message.at < oldest) as u64);
    }

    /// The last message that it still has of a subject, as its guard knows it.
    pub fn last_in_it(&self, subject: &Subject) -> u64 {
        let last = self.places.get(subject).and_then(|places| places.last().copied()).unwrap_or(0);
        let was_purged = self.purged.get(subject).is_some_and(|purged| last <= *purged);
        if was_purged { 0 } else { self.unless_gone(last) }
    }

    /// The position of a message, if it has not left.
    fn unless_gone(&self, position: u64) -> u64 {
        if position > self.left { position } else { 0 }
    }

    /// The newest position.
    pub fn end(&self) -> u64 {
        self.messages.len() as u64
    }

    /// The message at a position.
    pub fn at(&self, position: u64) -> Option<&Message> {
        self.messages.get(usize::try_from(position.checked_sub(1)?).ok()?)
    }

    /// What was refused, and the position of what was kept before it.
    pub fn refused(&self) -> &[(Sent, u64)] {
        &self.refused
    }

    pub fn messages(&self) -> &[Message] {
        &self.messages
    }

    /// Keeps a message if it may be kept.
    pub fn judge(&mut self, sent: Sent, at: Timestamp, now: Duration) -> Judged {
        let newest = match &sent.says {
            Says::Entries { subject: subject @ Subject::Agent(_), .. } => self.last_in_it(subject),
            Says::Entries { .. } => self.unless_gone(self.directory),
            Says::Word(node, _) => self.unless_gone(self.words.get(node).copied().unwrap_or(0)),
            Says::Purge(subject, before) => {
                self.purged.insert(subject.clone(), before.saturating_sub(1));
                return Judged::Kept { position: 0 };
            }
            Says::Beside(_) => sent.last,
            Says::LastWord(node) => {
                return Judged::LastWord(self.last_word(*node).map(|(at, by, word, _)| (at, by, word)));
            }
        };
        if newest != sent.last {
            self.refused.push((sent, newest));
            return Judged::Overtaken { last: newest };
        }
        let position = self.end() + 1;
        match &sent.says {
            Says::Entries { subject, operation, .. } => {
                self.places.entry(subject.clone()).or_default().push(position);
                if !matches!(subject, Subject::Agent(_)) {
                    self.directory = position;
                }
                self.operations.extend(operation.iter().map(|operation| (operation.0.clone(), position)));
            }
            Says::Word(node, _) => drop(self.words.insert(*node, position)),
            Says::Beside(Beside::Erase(erase)) => {
                if let Ok(agent) = AgentId::new(&erase.id)
                    && self.is_deleted(&agent)
                {
                    self.erased.entry(Subject::Agent(agent)).or_default().push(position);
                }
            }
            Says::Beside(_) | Says::LastWord(_) | Says::Purge(..) => {}
        }
        // The log's time never goes back.
        let at = self.messages.last().map_or(at, |last| last.at.max(at));
        let Sent { by, says, at: sent, .. } = sent;
        self.messages.push(Message { position, at, sent, kept: now, by, says });
        Judged::Kept { position }
    }

    /// The newest position of a subject, as somebody knows it who has followed the log up to `known`; 0 for none.
    pub fn newest(&self, subject: &Subject, known: u64) -> u64 {
        let up_to_known = |places: &[u64]| places[..places.partition_point(|place| *place <= known)].last().copied();
        let last = |places: &HashMap<Subject, Vec<u64>>| places.get(subject).and_then(|places| up_to_known(places));
        let (newest, erased) = (last(&self.places).unwrap_or(0), last(&self.erased).unwrap_or(0));
        if newest > erased { newest } else { 0 }
    }

    /// Whether an agent was there and is deleted.
    fn is_deleted(&self, agent: &AgentId) -> bool {
        self.agent(agent.clone(), u64::MAX).is_some_and(|known| known.agent.deleted.is_some())
    }

    /// The position of a subject's newest entry, as an append expects it.
    pub fn newest_entry(&self, subject: &Subject, known: u64) -> Seq {
        self.last_entry(self.newest(subject, known)).map_or(0, |(seq, _)| seq)
    }

    /// The position of the directory's newest entry, in the same way.
    pub fn newest_of_directory(&self, known: u64) -> Seq {
        let records = self.places.keys().filter(|subject| !matches!(subject, Subject::Agent(_)));
        records.map(|subject| self.newest_entry(subject, known)).max().unwrap_or(0)
    }

    /// The position of a subject's newest entry before a message.
    fn last_before(&self, subject: &Subject, position: u64) -> Seq {
        let places = self.places.get(subject).map_or(&[][..], Vec::as_slice);
        let before = places[..places.partition_point(|place| *place < position)].last();
        before.and_then(|before| self.last_entry(*before)).map_or(0, |(seq, _)| seq)
    }

    /// The last entry of a message.
    fn last_entry(&self, position: u64) -> Option<(Seq, Entry)> {
        let Says::Entries { texts, .. } = &self.at(position)?.says else { return None };
        let entry = stored::decode(texts.last()?).ok()?;
        Some((seq_of(position, texts.len() - 1), entry))
    }

    /// The last word about a node, with its position, who sent it and when it was kept.
    pub fn last_word(&self, node: u16) -> Option<(u64, By, Word, Timestamp)> {
        let message = self.at(self.unless_gone(*self.words.get(&node)?))?;
        match &message.says {
            Says::Word(_, word) => Some((message.position, message.by, word.clone(), message.at)),
            Says::Entries { .. } | Says::Beside(_) | Says::LastWord(_) | Says::Purge(..) => None,
        }
    }

    /// All nodes about which there are words.
    pub fn nodes(&self) -> Vec<u16> {
        self.words.keys().copied().collect()
    }

    /// What is remembered of an operation by somebody who has followed the log up to `known`.
    pub fn recall(&self, operation: &OperationId, known: u64, now: Timestamp) -> Option<Recalled> {
        let position = self.operations.get(&operation.0).copied().filter(|position| *position <= known)?;
        if now.since(self.at(position)?.at) >= REMEMBERED {
            return None;
        }
        match self.last_entry(position)? {
            (_, Entry::Agent { change, .. }) => Some(Recalled::of(&change)),
            (_, Entry::Directory { .. }) => None,
        }
    }

    /// An agent's newest state, as somebody knows it who has followed the log up to `known`.
    pub fn agent(&self, agent: AgentId, known: u64) -> Option<LoadedAgent> {
        match self.last_entry(self.newest(&Subject::Agent(agent), known))? {
            (seq, Entry::Agent { change, directory_seq }) => {
                Some(LoadedAgent { seq, directory_seq, agent: change.after })
            }
            (_, Entry::Directory { .. }) => None,
        }
    }

    /// All that a node holds which begins a boot and has followed the log up to `known`.
    pub fn load(&self, known: u64, boot: u32, now: Timestamp) -> Loaded {
        let mut loaded = Loaded { epoch: "simulated".to_owned(), boot, ..Loaded::default() };
        let mut ledgers: BTreeMap<(Ledger, String), LedgerRecord> = BTreeMap::new();
        for message in self.messages.iter().take_while(|message| message.position <= known) {
            match &message.says {
                Says::Entries { texts, .. } => loaded.seq = seq_of(message.position, texts.len() - 1),
                Says::Beside(Beside::Ledger(ledger, changes, _)) => {
                    for change in changes.iter().cloned() {
                        match change {
                            LedgerChange::Put(kept) => ledgers.insert((*ledger, kept.id.clone()), kept),
                            LedgerChange::Removed { id } => ledgers.remove(&(*ledger, id)),
                        };
                    }
                }
                Says::Beside(_) | Says::Word(..) | Says::LastWord(_) | Says::Purge(..) => {}
            }
        }
        let mut newest: Vec<u64> = self.places.keys().map(|subject| self.newest(subject, known)).collect();
        newest.retain(|newest| *newest > 0);
        newest.sort_unstable();
        for (seq, entry) in newest.into_iter().filter_map(|position| self.last_entry(position)) {
            match entry {
                Entry::Agent { change, .. }
                    if change.after.deleted.is_some_and(|at| now.since(at) > DELETIONS_TOLD) =>
                {
                    loaded.forgotten = loaded.forgotten.max(seq);
                }
                Entry::Agent { change, directory_seq } => {
                    loaded.agents.push(LoadedAgent { seq, directory_seq, agent: change.after });
                }
                Entry::Directory { change, .. } => {
                    loaded.directory_seq = seq;
                    loaded.directory.push((seq, change));
                }
            }
        }
        // Boards are told of them no more.
        for (subject, erased) in &self.erased {
            let last =
                erased.iter().filter(|erased| **erased <= known).map(|erased| self.last_before(subject, *erased));
            loaded.forgotten = last.chain([loaded.forgotten]).max().unwrap_or(0);
        }
        loaded.ledgers = by_ledger(ledgers);
        loaded
    }

    /// When anything was last kept.
    pub fn last_at(&self) -> Option<Timestamp> {
        self.messages.last().map(|last| last.at)
    }
}

fn by_ledger(records: BTreeMap<(Ledger, String), LedgerRecord>) -> Ledgers {
    let mut ledgers = Ledgers::new();
    for ((ledger, _), record) in records {
        ledgers.entry(ledger).or_default().push(record);
    }
    ledgers
}

/// The position that an append has to follow.
pub(super) fn guard(subject: &Subject, expected: Seq, directory: Seq) -> u64 {
    match subject {
        Subject::Agent(_) => position_of(expected),
        Subject::Presence(_) | Subject::Profile(_) | Subject::Workstream(_) | Subject::Settings => {
            position_of(directory)
        }
    }
}
