//! What nodes say in a log that they share, and what one of them makes of it: who is alive, silent or gone, and whether it
//! knows itself what the log says.
//!
//! Nothing here sends or waits. How words come into the log and out of it is the engine's own matter.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use tokio::time::Instant;
use tracing::warn;

use super::alike;
use super::members::{Peer, PeerState};
pub use super::word::Word;
use super::{Append, LostNode, Members, Release};
use crate::domain::time::Timestamp;

/// So many marks fit into the time after which a node is silent.
const MARKS: u32 = 6;
/// How soon a node that is silent is declared to be gone again, if nobody knows what became of that.
const DECLARED_AGAIN: Duration = Duration::from_secs(1);

/// What is said of a node that another one has declared gone.
pub const DECLARED_GONE: &str = "it was silent for too long, and another node has declared it gone";

/// Which message it is, of all that were ever sent: of this boot of this node, so many.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "each is what it names")]
pub struct By {
    pub node: u16,
    pub boot: u32,
    pub number: u64,
}

/// A word of a node, as it came.
#[derive(Clone, Debug)]
pub struct Heard {
    /// Where it stands in the log.
    pub position: u64,
    /// When it was kept.
    pub at: Timestamp,
    /// The node that it is about.
    pub node: u16,
    /// Which message it is.
    pub by: By,
    /// What it says.
    pub word: Word,
    /// When it came.
    pub came: Instant,
}

/// What is known of another node.
#[derive(Clone, Copy, Debug)]
pub struct Known {
    /// What all rooms know of it.
    pub peer: Peer,
    /// The position of its last word.
    pub last: u64,
    /// When that was kept.
    pub at: Timestamp,
    /// When it came; none if that was too long ago when this node began.
    pub heard: Option<Instant>,
    /// When this node last declared it gone.
    pub declared: Option<Instant>,
}

/// What a word means to whoever hears it.
#[derive(Debug, PartialEq, Eq)]
pub enum Meaning {
    /// Nothing.
    Nothing,
    /// This node cannot go on, and why.
    Over(String),
    /// The mark of this number has come back.
    Back(u64),
    /// These boots are over.
    Lost(Vec<LostNode>),
}

/// This node's marks, and the other nodes.
#[derive(Debug)]
pub struct Nodes {
    /// This node, and its boot; 0 before it has one.
    pub own: (u16, u32),
    /// The position of this node's last word.
    pub last: u64,
    /// The word that is on its way.
    pub on_its_way: Option<u64>,
    /// The other nodes.
    pub peers: BTreeMap<u16, Known>,
    /// When each mark was sent that has not come out of the log.
    sent: HashMap<u64, Instant>,
    marked: Option<Instant>,
    current_since: Option<Instant>,
    /// Questions that wait for a mark that is sent after them: whatever was sent before it is decided when it comes.
    questions: Vec<(u64, Append, Release)>,
    asked: bool,
    /// The newest time of the log.
    pub newest: Timestamp,
    /// This node's settings, and which others have other ones.
    pub settings: alike::Settings,
    silent_after: Duration,
}

impl Nodes {
    /// Before this node has a boot. Others are silent after such a time without a word.
    #[must_use]
    pub fn unborn(node: u16, silent_after: Duration) -> Self {
        Self {
            own: (node, 0),
            last: 0,
            on_its_way: None,
            peers: BTreeMap::new(),
            sent: HashMap::new(),
            marked: None,
            current_since: None,
            questions: Vec::new(),
            asked: false,
            newest: Timestamp(0),
            settings: alike::Settings::default(),
            silent_after,
        }
    }

    /// The time of the log, which never goes back.
    pub fn time(&mut self, at: Timestamp) -> Timestamp {
        self.newest = self.newest.max(at);
        self.newest
    }

    /// This node has begun a boot with the word at `position`. Returns what is known of the nodes that share the log.
    pub fn is_up(&mut self, boot: u32, position: u64) -> Members {
        self.own.1 = boot;
        self.last = position;
        Members::of_a_cluster(self.own.0, boot)
    }

    /// This was the last word of another node when this one began, unless it has said another since.
    pub fn knew(&mut self, members: &Members, node: u16, (position, at): (u64, Timestamp), word: &Word) {
        if self.peers.contains_key(&node) {
            return;
        }
        // As of the newest message.
        let lately = self.newest.since(at) < self.silent_after;
        let state = match (word.is_the_end(), lately) {
            (true, _) => PeerState::Gone,
            (false, true) => PeerState::Alive,
            (false, false) => PeerState::Silent,
        };
        let peer = Peer { boot: word.boot(), state };
        let heard = (state != PeerState::Silent).then(Instant::now);
        self.peers.insert(node, Known { peer, last: position, at, heard, declared: None });
        members.is_known(node, peer);
        is_at(members, node, word);
        if state == PeerState::Alive {
            self.settings.hears(node, word.alike());
        }
    }

    /// Hears a word.
    pub fn hears(&mut self, members: &Members, heard: &Heard) -> Meaning {
        if heard.node == self.own.0 { self.hears_of_itself(heard) } else { self.hears_of(members, heard) }
    }

    fn hears_of_itself(&mut self, heard: &Heard) -> Meaning {
        let (node, boot) = self.own;
        match &heard.word {
            // Behind these the log is to keep no word of this boot any more, so they are not what its next word follows.
            Word::Gone { boot: gone, .. } if *gone >= boot => return Meaning::Over(DECLARED_GONE.to_owned()),
            Word::Up { boot: up, .. } if *up > boot => {
                return Meaning::Over(format!("another hub has taken the number {node}"));
            }
            Word::Up { .. } | Word::Mark { .. } | Word::Leaving { .. } | Word::Gone { .. } => {}
        }
        self.last = self.last.max(heard.position);
        match &heard.word {
            Word::Up { .. } | Word::Mark { .. } if (heard.by.node, heard.by.boot) == (node, boot) => {
                Meaning::Back(heard.by.number)
            }
            Word::Up { .. } | Word::Mark { .. } | Word::Leaving { .. } | Word::Gone { .. } => Meaning::Nothing,
        }
    }

    fn hears_of(&mut self, members: &Members, heard: &Heard) -> Meaning {
        let Heard { position, at, node, word, came, .. } = heard;
        let before = self.peers.get(node).copied();
        if before.is_some_and(|before| before.last >= *position) {
            return Meaning::Nothing;
        }
        let (boot, over) = (word.boot(), word.is_the_end());
        let peer = Peer { boot, state: if over { PeerState::Gone } else { PeerState::Alive } };
        let mut lost = Vec::new();
        // A boot that ended without a word is over with the next one.
        if let Some(before) = before.filter(|before| before.peer.boot < boot && before.peer.state != PeerState::Gone) {
            lost.push(LostNode { node: *node, boot: before.peer.boot, at: before.at });
        }
        let known = Known { peer, last: *position, at: *at, heard: Some(*came), declared: None };
        self.peers.insert(*node, known);
        is_at(members, *node, word);
        if !over {
            self.settings.hears(*node, word.alike());
        }
        members.is_known(*node, peer);
        if over && before.is_none_or(|before| before.peer.boot < boot || before.peer.state != PeerState::Gone) {
            lost.push(LostNode { node: *node, boot, at: word.heard(*at) });
        }
        Meaning::Lost(lost)
    }

    /// The mark of this number has come back. Whether this node is current from now on and was not before, and the
    /// questions that are decided with it.
    pub fn is_back(&mut self, members: &Members, number: u64) -> (bool, Vec<(Append, Release)>) {
        let Some(sent) = self.sent.remove(&number) else { return (false, Vec::new()) };
        self.sent.retain(|other, _| *other > number);
        self.on_its_way = self.on_its_way.filter(|on_its_way| *on_its_way > number);
        let was_current = members.is_current();
        if !was_current {
            // Before anybody is told again who may get work.
            self.finds_who_is_silent(members);
        }
        // Others declare this node gone after `silent_after` at the earliest, and count from when the mark came to them.
        members.are_current_until(sent + self.silent_after - self.mark_every());
        let is_new = !was_current || self.current_since.is_none();
        if is_new {
            self.current_since = Some(Instant::now());
        }
        let (answered, waiting): (Vec<_>, Vec<_>) = self.questions.drain(..).partition(|(after, ..)| *after <= number);
        self.questions = waiting;
        self.asked = self.questions.iter().any(|(after, ..)| *after == u64::MAX);
        (is_new, answered.into_iter().map(|(_, append, release)| (append, release)).collect())
    }

    fn mark_every(&self) -> Duration {
        self.silent_after / MARKS
    }

    /// Whether it is time to mark the log: it is a while since the last mark.
    #[must_use]
    pub fn is_to_mark(&self) -> bool {
        self.on_its_way.is_none() && self.marked.is_none_or(|marked| marked.elapsed() >= self.mark_every())
    }

    /// Whether somebody asks, so that the log is to be marked at once.
    pub fn is_asked(&mut self) -> bool {
        std::mem::take(&mut self.asked) && self.on_its_way.is_none()
    }

    /// A mark was sent, as the message of this number; none if it could not be.
    pub fn has_marked(&mut self, number: Option<u64>) {
        self.marked = Some(Instant::now());
        let Some(number) = number else { return };
        self.on_its_way = Some(number);
        self.sent.insert(number, Instant::now());
        self.questions.iter_mut().for_each(|(after, ..)| *after = (*after).min(number));
    }

    /// The first word was sent.
    pub fn sent_up(&mut self, number: u64, at: Instant) {
        self.sent.insert(number, at);
    }

    /// The word of this number is not on its way any more.
    pub fn is_lost(&mut self, number: u64) {
        if self.on_its_way == Some(number) {
            self.on_its_way = None;
        }
    }

    /// A mark of which nothing was heard is sent again.
    pub fn words_are_late(&mut self) {
        let patience = self.silent_after / 3;
        if let Some(number) = self.on_its_way
            && self.sent.get(&number).is_none_or(|sent| sent.elapsed() >= patience)
        {
            self.on_its_way = None;
        }
    }

    /// The log says that this node's last word is this one; none if it knows none. Whether it is one of this boot.
    pub fn last_word_is(&mut self, last: Option<(u64, By, &Word)>) -> bool {
        self.on_its_way = None;
        let Some((position, by, word)) = last else {
            self.last = 0;
            return true;
        };
        let is_own = (by.node, by.boot) == self.own && !word.is_the_end();
        if is_own {
            self.last = position;
        }
        is_own
    }

    /// This node is not current. Whether it was, and the questions that nobody can answer now.
    pub fn is_not_current(&mut self) -> (bool, Vec<Release>) {
        let was = self.current_since.take().is_some();
        (was, self.questions.drain(..).map(|(_, _, release)| release).collect())
    }

    /// Whoever was not heard for too long is silent, also if nobody could be heard meanwhile: it gets no work at once. What
    /// a lost node said last may come late, such as behind an election: so the time of the log counts too.
    pub fn finds_who_is_silent(&mut self, members: &Members) {
        let (after, newest) = (self.silent_after, self.newest);
        let is_old = |known: &Known| newest.since(known.at) >= after;
        let is_silent = |known: &Known| is_old(known) || known.heard.is_none_or(|heard| heard.elapsed() >= after);
        let there = self.peers.iter_mut().filter(|(_, known)| known.peer.state == PeerState::Alive);
        for (node, known) in there.filter(|(_, known)| is_silent(known)) {
            warn!(node, boot = known.peer.boot, "a node is silent");
            known.peer.state = PeerState::Silent;
            members.is_known(*node, known.peer);
        }
    }

    /// Who is to be declared gone: whoever is silent once this node has heard the log for as long. When the log has a
    /// leader again, some come back later than others.
    #[must_use]
    pub fn to_be_declared(&self) -> Vec<u16> {
        let Some(since) = self.current_since else { return Vec::new() };
        let after = self.silent_after;
        let silent = self.peers.iter().filter(|(_, known)| known.peer.state == PeerState::Silent);
        let gone = silent.filter(|(_, known)| known.heard.is_none_or(|heard| heard.max(since).elapsed() >= after));
        gone.map(|(node, _)| *node).collect()
    }

    /// What is to be said of a silent node, if it is time to, and the last word of it that this must follow.
    pub fn declare(&mut self, node: u16) -> Option<(Word, u64)> {
        let known = self.peers.get_mut(&node)?;
        let is_due = known.declared.is_none_or(|declared| declared.elapsed() >= DECLARED_AGAIN);
        if is_due {
            known.declared = Some(Instant::now());
        }
        is_due.then_some((Word::Gone { boot: known.peer.boot, heard: known.at.0 }, known.last))
    }

    /// Whether a subject's newest position is the one that is expected: answered once a mark has come back.
    pub fn asks(&mut self, append: Append, release: Release) {
        self.questions.push((u64::MAX, append, release));
        self.asked = true;
    }

    /// What the life before has left: when the hub was last alive if no node was, else since when this node was away.
    /// `before` is when this node's life before was over, and `others` when the other nodes were last heard.
    #[must_use]
    pub fn absence(
        &self,
        before: Option<Timestamp>,
        others: impl Iterator<Item = Timestamp>,
    ) -> (Option<Timestamp>, Option<Timestamp>) {
        if self.peers.values().any(|known| known.peer.state == PeerState::Alive) {
            return (None, Some(before.unwrap_or(Timestamp(0))));
        }
        (others.chain(before).max(), None)
    }
}

fn is_at(members: &Members, node: u16, word: &Word) {
    if let Some(address) = word.address() {
        members.is_at(node, address);
    }
}

#[cfg(test)]
#[path = "words_tests.rs"]
mod tests;
