//! The ways between nodes and the log: how long they take, and where they are cut.

use std::collections::{BTreeMap, VecDeque};
use std::ops::RangeInclusive;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;

use super::log::{Judged, Sent};

/// How long the ways of a node take, in milliseconds, and what is lost on them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// What it sends, to the log.
    pub sends: RangeInclusive<u64>,
    /// What the log says of that, back to it. The answer may come before what it is about, or after.
    pub answers: RangeInclusive<u64>,
    /// What the log has kept, to the node. It comes in order: what is fast waits for what is slow before it.
    pub hears: RangeInclusive<u64>,
    /// Of so many answers in a hundred nothing is ever heard.
    pub answers_lost: u64,
    /// So much in a hundred that it sends is lost on the way: nobody says so.
    pub lost: u64,
    /// Of so much in a hundred that it sends the log says that it is to be sent again.
    pub undecided: u64,
}

impl Default for Link {
    fn default() -> Self {
        Self { sends: 1..=3, answers: 1..=3, hears: 1..=4, answers_lost: 0, lost: 0, undecided: 0 }
    }
}

/// Which ways of a node are cut.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Cut {
    /// None.
    #[default]
    Nowhere,
    /// What it sends does not arrive: some of it is lost, the rest arrives once the cut is over.
    Sends,
    /// It hears nothing until the cut is over, and some answers never.
    Hears,
    /// Both.
    Both,
}

impl Cut {
    fn of_sends(self) -> bool {
        matches!(self, Self::Sends | Self::Both)
    }

    fn of_hears(self) -> bool {
        matches!(self, Self::Hears | Self::Both)
    }
}

/// The dice of a seed (`SplitMix64`): the same throws on every machine.
#[derive(Clone, Copy, Debug)]
pub(super) struct Dice(pub u64);

impl Dice {
    fn throw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut throw = self.0;
        throw = (throw ^ (throw >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        throw = (throw ^ (throw >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        throw ^ (throw >> 31)
    }

    fn within(&mut self, range: &RangeInclusive<u64>) -> Duration {
        let span = range.end().saturating_sub(*range.start()) + 1;
        Duration::from_millis(range.start() + self.throw() % span)
    }

    /// True so many times in a hundred.
    fn in_a_hundred(&mut self, times: u64) -> bool {
        self.throw() % 100 < times
    }
}

/// Of so many messages in a hundred that are cut off, or whose sender is killed, nothing arrives.
const LOST: u64 = 40;

/// What has come to a node.
#[derive(Debug)]
pub(super) enum Came {
    Answer(u64, Judged),
    /// The message at this position.
    Message(u64),
}

/// What something that was sent meets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Met {
    /// The log, which judges it.
    Log,
    /// A log that cannot judge it now.
    Undecided,
}

/// The ways of one node.
#[derive(Debug, Default)]
pub(super) struct Ways {
    pub link: Link,
    pub cut: Cut,
    /// What it has sent, by when it arrives.
    to_log: VecDeque<(Duration, Sent)>,
    answers: BTreeMap<(Duration, u64), Judged>,
    /// Positions, by when they come.
    to_node: VecDeque<(Duration, u64)>,
    /// What has come and is not read.
    pub inbox: VecDeque<Came>,
    /// Wakes the node; none while it does not live.
    pub wake: Option<Arc<Notify>>,
}

impl Ways {
    /// A node sends something.
    pub fn sends(&mut self, sent: Sent, dice: &mut Dice) {
        let arrives = sent.at + dice.within(&self.link.sends);
        let arrives = self.to_log.back().map_or(arrives, |(before, _)| arrives.max(*before));
        self.to_log.push_back((arrives, sent));
    }

    /// When the next thing arrives at the log.
    pub fn arrives(&self) -> Option<Duration> {
        self.to_log.front().map(|(at, _)| *at).filter(|_| !self.cut.of_sends())
    }

    pub fn arrived(&mut self) -> Option<Sent> {
        self.to_log.pop_front().map(|(_, sent)| sent)
    }

    /// What becomes on the way of something that has arrived; none if it is lost.
    pub fn meets(&self, dice: &mut Dice) -> Option<Met> {
        if dice.in_a_hundred(self.link.lost) {
            return None;
        }
        Some(if dice.in_a_hundred(self.link.undecided) { Met::Undecided } else { Met::Log })
    }

    /// The log says something of what the node has sent.
    pub fn is_answered(&mut self, number: u64, judged: Judged, now: Duration, dice: &mut Dice) {
        let lost = self.link.answers_lost + if self.cut.of_hears() { LOST } else { 0 };
        if !dice.in_a_hundred(lost) && self.wake.is_some() {
            self.answers.insert((now + dice.within(&self.link.answers), number), judged);
        }
    }

    /// The log has kept something.
    pub fn is_told(&mut self, position: u64, now: Duration, dice: &mut Dice) {
        if self.wake.is_some() {
            let comes = now + dice.within(&self.link.hears);
            let comes = self.to_node.back().map_or(comes, |(before, _)| comes.max(*before));
            self.to_node.push_back((comes, position));
        }
    }

    /// What is due comes to the node.
    pub fn deliver(&mut self, now: Duration) {
        if self.cut.of_hears() {
            return;
        }
        let before = self.inbox.len();
        while self.to_node.front().is_some_and(|(at, _)| *at <= now) {
            self.inbox.extend(self.to_node.pop_front().map(|(_, position)| Came::Message(position)));
        }
        while self.answers.first_key_value().is_some_and(|((at, _), _)| *at <= now) {
            self.inbox.extend(self.answers.pop_first().map(|((_, number), judged)| Came::Answer(number, judged)));
        }
        if self.inbox.len() > before
            && let Some(wake) = &self.wake
        {
            wake.notify_one();
        }
    }

    /// The ways are cut in this way from now on. What a cut held back that is over comes now, or never.
    pub fn is_cut(&mut self, cut: Cut, now: Duration, dice: &mut Dice) {
        let (sends, hears) = (self.cut.of_sends() && !cut.of_sends(), self.cut.of_hears() && !cut.of_hears());
        self.cut = cut;
        if sends {
            for (arrives, sent) in std::mem::take(&mut self.to_log) {
                if arrives > now || !dice.in_a_hundred(LOST) {
                    self.to_log.push_back((arrives.max(now), sent));
                }
            }
        }
        if hears {
            self.to_node.iter_mut().for_each(|(comes, _)| *comes = now.max(*comes));
        }
    }

    /// Its node lives no more. Some of what it has sent arrives all the same.
    pub fn is_gone(&mut self, dice: &mut Dice) {
        self.wake = None;
        self.to_log.retain(|_| !dice.in_a_hundred(LOST));
        self.answers.clear();
        self.to_node.clear();
        self.inbox.clear();
    }

    /// Its node begins to live, and is told to `wake` what comes.
    pub fn is_up(&mut self, wake: Arc<Notify>) {
        self.answers.clear();
        self.to_node.clear();
        self.inbox.clear();
        self.wake = Some(wake);
    }

    /// Whether something is on its way.
    pub fn is_busy(&self) -> bool {
        let comes = !self.to_node.is_empty() || !self.answers.is_empty();
        (!self.to_log.is_empty() && !self.cut.of_sends()) || (comes && !self.cut.of_hears())
    }
}
