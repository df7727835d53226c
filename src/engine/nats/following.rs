//! What comes out of the log, on its way into the database: in its order, in groups.

use std::collections::VecDeque;

use tokio::time::Instant;

use super::consumer::Consumer;
use crate::domain::time::Timestamp;
use crate::engine::Append;
use crate::engine::embedded::ordered::{Ordered, What};
use crate::engine::embedded::pace::{Caller, GATHER};
use crate::engine::words::Heard;

/// Enough to write at once.
const ENOUGH: usize = 512;

/// How far this node has followed the log.
pub(super) struct Following {
    pub consumer: Option<Consumer>,
    /// A consumer is being made.
    pub is_making: bool,
    /// Up to where messages have come.
    pub known: u64,
    /// When the last of them was kept; none if it came in another life, or is to come again.
    pub known_at: Option<Timestamp>,
    /// Up to where they are written and handed over.
    pub written: u64,
    /// The first position that the stream has.
    pub first: u64,
    /// How many messages come behind the last one.
    pub pending: u64,
    /// Nothing is written: the database is being read.
    pub is_held: bool,
    waiting: Vec<Ordered>,
    is_writing: bool,
    started: Option<Instant>,
    /// Whose the last group was, if it was one append.
    alone: Option<Caller>,
    words: VecDeque<Heard>,
}

impl Following {
    pub fn from(known: u64) -> Self {
        Self {
            consumer: None,
            is_making: false,
            known,
            known_at: None,
            written: known,
            first: 0,
            pending: 0,
            is_held: false,
            waiting: Vec::new(),
            is_writing: false,
            started: None,
            alone: None,
            words: VecDeque::new(),
        }
    }

    /// Something came that is to be written.
    pub fn takes(&mut self, ordered: Ordered) {
        self.known = ordered.place.position;
        self.waiting.push(ordered);
    }

    /// A word came.
    pub fn hears(&mut self, heard: Heard) {
        self.known = heard.position;
        self.words.push_back(heard);
    }

    /// Something came that means nothing here.
    pub fn passes(&mut self, position: u64) {
        self.known = position;
    }

    /// When the next group is to be written, at the pace of one machine; none while one is being written, none may be, or
    /// nothing waits.
    pub fn due(&self) -> Option<Instant> {
        if self.is_held || self.is_writing || self.waiting.is_empty() {
            return None;
        }
        let now = Instant::now();
        let paced = self.started.map_or(now, |started| started + GATHER);
        Some(if self.waiting.len() >= ENOUGH || self.is_of_the_same() { now } else { paced })
    }

    /// Whether all that waits is one append of who was alone in the last group, and so may wait for each answer.
    fn is_of_the_same(&self) -> bool {
        let next = lone(&self.waiting);
        self.alone.as_ref().zip(next).is_some_and(|(alone, next)| alone.may_be(&Caller::of(next)))
    }

    /// The next group, and up to where it goes.
    pub fn group(&mut self) -> (Vec<Ordered>, u64) {
        (self.is_writing, self.started) = (true, Some(Instant::now()));
        let group: Vec<Ordered> = match self.waiting.len() > ENOUGH {
            true => self.waiting.drain(..ENOUGH).collect(),
            false => std::mem::take(&mut self.waiting),
        };
        self.alone = lone(&group).map(Caller::of);
        let upto = group.last().map_or(self.written, |last| last.place.position);
        (group, upto)
    }

    /// A group is written.
    pub fn wrote(&mut self, upto: u64) {
        (self.is_writing, self.written) = (false, upto);
    }

    /// A group could not be written: all that came goes, to come again.
    pub fn failed(&mut self) {
        self.is_writing = false;
        self.waiting.clear();
        self.words.clear();
        self.consumer = None;
    }

    /// What is written goes up to there, as the database says.
    pub fn begins_again(&mut self, position: u64) {
        (self.known, self.known_at, self.written) = (position, None, position);
    }

    /// Words whose turn has come: all before them is written.
    pub fn word(&mut self) -> Option<Heard> {
        let is_next = self.words.front().is_some_and(|heard| {
            let waits = self.waiting.first().map_or(u64::MAX, |first| first.place.position);
            heard.position < waits && (!self.is_writing || heard.position <= self.written)
        });
        if is_next { self.words.pop_front() } else { None }
    }

    /// Whether everything that came is written.
    pub fn is_even(&self) -> bool {
        !self.is_writing && self.waiting.is_empty()
    }
}

/// The append, if there is nothing else.
fn lone(group: &[Ordered]) -> Option<&Append> {
    match group {
        [Ordered { what: What::Append { append, .. }, .. }] => Some(append),
        [] | [Ordered { what: What::Beside(..), .. }] | [_, _, ..] => None,
    }
}
