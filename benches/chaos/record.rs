//! What clients saw and did, with the times of one clock.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use parking_lot::Mutex;

/// Milliseconds of the wall clock, which hubs and servers of the same machine share.
pub fn now() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}

/// A change that was acknowledged.
#[allow(dead_code, reason = "evidence, which is printed")]
#[derive(Clone, Debug)]
pub struct Ack {
    pub agent: String,
    /// Of an event, by what it is known.
    pub operation: Option<String>,
    pub version: u64,
    /// Where it stands, if the answer says so.
    pub seq: Option<u64>,
    /// When it was first sent.
    pub sent: i64,
    pub answered: i64,
    pub hub: usize,
    pub answer: String,
}

/// How a socket ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// With this code.
    Closed(u16),
    /// Without one.
    Lost,
    /// Nothing came for too long.
    Silent,
    /// The client let it go without a word.
    Dropped,
    /// It was there to the end.
    Open,
}

/// A socket of an agent.
#[derive(Clone, Debug)]
pub struct Life {
    pub agent: String,
    pub hub: usize,
    /// When it was welcomed.
    pub opened: i64,
    /// When something last came.
    pub heard: i64,
    pub ended: i64,
    pub end: End,
}

/// An attempt to open a socket, or the end of one.
#[derive(Clone, Debug)]
pub struct Attempt {
    pub agent: String,
    pub at: i64,
}

/// A board showed an agent Offline.
#[allow(dead_code, reason = "evidence, which is printed")]
#[derive(Clone, Debug)]
pub struct Shown {
    pub board: usize,
    pub hub: usize,
    pub at: i64,
    pub agent: String,
    pub frame: String,
}

/// An answer about who is eligible.
#[derive(Clone, Debug)]
pub struct Listed {
    pub hub: usize,
    pub sent: i64,
    pub answered: i64,
    pub agents: BTreeSet<String>,
}

/// How many of what.
#[derive(Default)]
pub struct Counts {
    pub events: AtomicU64,
    pub commands: AtomicU64,
    pub duplicates: AtomicU64,
    pub refused: AtomicU64,
    pub unavailable: AtomicU64,
    pub unknown: AtomicU64,
    pub unheard: AtomicU64,
}

/// All of it. Clones share it.
#[derive(Clone, Default)]
pub struct Record(Arc<Inner>);

#[derive(Default)]
pub struct Inner {
    pub acks: Mutex<Vec<Ack>>,
    pub lives: Mutex<Vec<Life>>,
    pub attempts: Mutex<Vec<Attempt>>,
    /// Attempts that were given up because no welcome came in time. The hub may have begun a session, which is lost then.
    pub given_up: Mutex<Vec<Attempt>>,
    pub shown: Mutex<Vec<Shown>>,
    pub listed: Mutex<Vec<Listed>>,
    /// What a client saw that breaks a promise by itself.
    pub broken: Mutex<Vec<String>>,
    /// What is no violation, and worth a line.
    pub notes: Mutex<Vec<String>>,
    pub counts: Counts,
}

impl std::ops::Deref for Record {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

/// What was seen, up to a moment.
#[derive(Clone)]
pub struct Seen {
    pub acks: Vec<Ack>,
    pub lives: Vec<Life>,
    pub attempts: Vec<Attempt>,
    pub given_up: Vec<Attempt>,
    pub shown: Vec<Shown>,
    pub listed: Vec<Listed>,
    pub broken: Vec<String>,
}

impl Record {
    /// What was seen up to now.
    pub fn seen(&self) -> Seen {
        Seen {
            acks: self.acks.lock().clone(),
            lives: self.lives.lock().clone(),
            attempts: self.attempts.lock().clone(),
            given_up: self.given_up.lock().clone(),
            shown: self.shown.lock().clone(),
            listed: self.listed.lock().clone(),
            broken: self.broken.lock().clone(),
        }
    }
}

/// One more.
pub fn count(counter: &AtomicU64) {
    counter.fetch_add(1, Ordering::Relaxed);
}

/// Numbers that look random and are the same for the same seed.
pub struct Random(pub u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end.max(1) as u64).unwrap_or(0)
    }
}
