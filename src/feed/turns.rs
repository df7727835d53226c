//! Whose turn it is: when the chunks that wait for their next flush are written to.
//!
//! They take turns, spread over the time that they gather: one after the other without a pause they
//! would keep everything else waiting, commits above all, and their clients would be hit together.
//!
//! How long they gather follows from what a lap of all of them takes: writing has [its share](SHARE) of the time, and
//! boards are told as soon as that allows, at the latest after `[feed] gather`. Few boards are told at once; where
//! the processor is full, writing takes longer, and so does gathering.
//!
//! While commits follow each other closely, the turns come with them. A chunk that is flushed right
//! before a commit shows its changes a whole lap later, although they waited for the commit already;
//! right after it, it shows them at once. So every chunk is flushed with every commit, or every second to fourth,
//! whatever makes up the time to gather, and each commit brings the turns of its share.
//!
//! Those who come [first](super::walk) have half of the turns for themselves: they gather for twice as long as a lap of
//! them alone takes. So whoever watches much that nobody else does makes only himself wait.

use std::time::Duration;

use tokio::time::Instant;

/// The timer counts milliseconds: it may sleep so long beyond the next turn.
const TIMER_SLEEPS: Duration = Duration::from_millis(2);
/// How soon the next commit has to be expected for chunks to wait for it, and how long they do. Under
/// load the engine commits every three milliseconds.
const PATIENCE: Duration = Duration::from_millis(5);
/// What is published after a longer quiet counts as if it had come after this one.
const QUIET: Duration = Duration::from_millis(100);
/// Over how many commits their pace is averaged, and over how many flushes of a chunk what one takes.
const AVERAGED: u32 = 16;
/// What part of the time the walker writes at most, as long as that takes less than `[feed] gather`: three fifths leave
/// commits and sockets their part of a core. Measured at a million deliveries a second.
const SHARE: (u32, u32) = (3, 5);
/// About so long chunks are flushed, or connections brought forward, before it is looked anew who waits.
pub(super) const AT_ONCE: Duration = Duration::from_millis(1);
/// The shortest time to gather: what the timer can count.
const LEAST: Duration = Duration::from_millis(1);

/// When a chunk was flushed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Flushed {
    at: Instant,
    /// The number of the commit before it.
    commit: u64,
}

/// How long the flush of a chunk takes, on average.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Takes(pub(super) Duration);

impl Takes {
    /// One took so long.
    pub(super) fn took(&mut self, so_long: Duration) {
        let before = if self.0.is_zero() { so_long } else { self.0 };
        self.0 = (before * (AVERAGED - 1) + so_long) / AVERAGED;
    }
}

/// The chunks that are told in turn.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Lap {
    pub(super) chunks: usize,
    /// What the flushes of all of them take, and of those that come first.
    pub(super) takes: Duration,
    pub(super) firsts_take: Duration,
}

/// When the chunks that wait may be flushed.
#[derive(Debug)]
pub(super) struct Turns {
    lap: Lap,
    /// How long chunks gather: at most, now, and now those who come first.
    most: Duration,
    gather: Duration,
    firsts_gather: Duration,
    /// When the next one may be, while no commit is expected.
    next: Instant,
    /// Something was published that the walker has not seen.
    published: bool,
    /// How often it saw something published, when it last did, and how long that takes on average.
    commit: u64,
    seen: Instant,
    pace: Duration,
    /// How many chunks the last commit may still bring a turn.
    left: usize,
}

impl Turns {
    pub(super) fn new(most: Duration, now: Instant) -> Self {
        let gather = LEAST.min(most);
        Self {
            lap: Lap::default(),
            most,
            gather,
            firsts_gather: gather,
            next: now,
            published: false,
            commit: 0,
            seen: now,
            pace: QUIET,
            left: 0,
        }
    }

    /// There is something new to be told.
    pub(super) fn publish(&mut self) {
        self.published = true;
    }

    /// The walker looks which chunks of a lap are due.
    pub(super) fn look(&mut self, now: Instant, lap: Lap) {
        self.lap = lap;
        self.gather = gather_for(lap.takes).min(self.most);
        self.firsts_gather = gather_for(lap.firsts_take * 2).min(self.gather);
        if std::mem::take(&mut self.published) {
            let since = now.saturating_duration_since(self.seen).min(QUIET);
            self.pace = (self.pace * (AVERAGED - 1) + since) / AVERAGED;
            self.seen = now;
            self.commit += 1;
            self.left = lap.chunks.div_ceil(usize::try_from(self.commits_in(self.gather)).unwrap_or(usize::MAX));
        }
    }

    /// Whatever comes nearest to the time to gather, rather above it than below.
    fn commits_in(&self, gather: Duration) -> u64 {
        let commits = (gather + self.pace * 3 / 4).as_nanos() / self.pace.as_nanos().max(1);
        u64::try_from(commits).unwrap_or(u64::MAX).max(1)
    }

    /// When the next commit is given up, if one is expected.
    fn expected(&self, now: Instant) -> Option<Instant> {
        Some(self.seen + PATIENCE).filter(|at| self.pace <= PATIENCE && now < *at)
    }

    /// A chunk is flushed now.
    pub(super) fn flushed(&self, now: Instant) -> Flushed {
        Flushed { at: now, commit: self.commit }
    }

    /// Whether a chunk has gathered what its next flush is to show.
    ///
    /// # Errors
    /// When to ask again, if it has not.
    pub(super) fn has_gathered(&self, flushed: Flushed, is_first: bool, now: Instant) -> Result<(), Instant> {
        let gather = if is_first { self.firsts_gather } else { self.gather };
        let (gathered, at) = match self.expected(now) {
            Some(at) => (self.commit - flushed.commit >= self.commits_in(gather), at),
            None => (flushed.at + gather <= now, flushed.at + gather),
        };
        if gathered { Ok(()) } else { Err(at) }
    }

    /// Whether a chunk was not told of anything for so long that its next news is told at once.
    pub(super) fn was_quiet(&self, flushed: Flushed, now: Instant) -> bool {
        flushed.at + self.gather <= now
    }

    /// Takes a turn of the lap.
    ///
    /// # Errors
    /// When to ask again, if there is none now.
    pub(super) fn take(&mut self, now: Instant) -> Result<(), Instant> {
        if let Some(at) = self.expected(now) {
            self.left = self.left.checked_sub(1).ok_or(at)?;
            return Ok(());
        }
        if self.next > now {
            return Err(self.next);
        }
        let turn = self.gather / u32::try_from(self.lap.chunks.max(1)).unwrap_or(u32::MAX);
        // Turns that passed while the timer slept are made up for, but not those of a quiet time.
        self.next = self.next.max(now.checked_sub(TIMER_SLEEPS + turn).unwrap_or(now)) + turn;
        Ok(())
    }
}

/// The time of which writing for so long is its share.
fn gather_for(writing: Duration) -> Duration {
    (writing.saturating_mul(SHARE.1) / SHARE.0).max(LEAST)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GATHER: Duration = Duration::from_millis(12);

    fn after(now: Instant, millis: u64) -> Instant {
        now + Duration::from_millis(millis)
    }

    /// Eight chunks that all come first, and take so long each.
    fn lap(each: Duration) -> Lap {
        Lap { chunks: 8, takes: each * 8, firsts_take: each * 8 }
    }

    /// Turns of chunks that take so long to flush that they gather for as long as they may.
    fn busy(now: Instant) -> Turns {
        let mut turns = Turns::new(GATHER, now);
        turns.look(now, lap(Duration::from_millis(1)));
        turns
    }

    fn commit(turns: &mut Turns, now: Instant) {
        turns.publish();
        turns.look(now, lap(Duration::from_millis(1)));
    }

    /// Turns after commits every three milliseconds, and when the last of them was seen.
    fn in_step() -> (Turns, Instant) {
        let mut now = Instant::now();
        let mut turns = busy(now);
        for _ in 0..100 {
            now = after(now, 3);
            commit(&mut turns, now);
        }
        (turns, now)
    }

    #[test]
    fn without_commits_they_are_spread_over_time() {
        let now = Instant::now();
        let mut turns = busy(now);
        let mut taken = 0;
        for millis in 0..12 {
            while turns.take(after(now, millis)).is_ok() {
                taken += 1;
            }
            assert!(taken <= 1 + millis * 2 / 3 + 2, "{taken} turns in {millis} ms");
        }
        assert!(taken >= 8);
    }

    #[test]
    fn each_commit_brings_its_share_of_a_lap() {
        let (mut turns, now) = in_step();
        assert_eq!(turns.take(now), Ok(()));
        assert_eq!(turns.take(now), Ok(()));
        assert_eq!(turns.take(now), Err(now + PATIENCE));
        commit(&mut turns, after(now, 3));
        assert_eq!(turns.take(after(now, 3)), Ok(()));
    }

    #[test]
    fn a_chunk_is_flushed_with_every_fourth_commit_even_if_they_come_unevenly() {
        let (mut turns, mut now) = in_step();
        let flushed = turns.flushed(after(now, 1));
        for millis in [2, 2, 3] {
            now = after(now, millis);
            commit(&mut turns, now);
            assert_eq!(turns.has_gathered(flushed, true, now), Err(now + PATIENCE));
        }
        now = after(now, 4);
        commit(&mut turns, now);
        assert_eq!(turns.has_gathered(flushed, true, now), Ok(()));
    }

    #[test]
    fn a_commit_that_does_not_come_is_given_up() {
        let (mut turns, now) = in_step();
        let flushed = turns.flushed(now);
        let (late, later) = (now + PATIENCE, now + GATHER);
        assert_eq!(turns.has_gathered(flushed, true, late), Err(later));
        assert_eq!(turns.has_gathered(flushed, true, later), Ok(()));
        assert_eq!(turns.take(later), Ok(()));
    }

    #[test]
    fn chunks_gather_as_long_as_writing_has_its_share_of_the_time_and_no_longer_than_they_may() {
        let now = Instant::now();
        let mut turns = Turns::new(GATHER, now);
        let gathers = |turns: &mut Turns, takes: Duration| {
            turns.look(now, lap(takes));
            turns.gather
        };
        assert_eq!(gathers(&mut turns, Duration::from_micros(30)), LEAST);
        let half = gathers(&mut turns, Duration::from_micros(450));
        assert!(half > Duration::from_micros(5_900) && half < Duration::from_micros(6_050), "{half:?}");
        assert_eq!(gathers(&mut turns, Duration::from_millis(2)), GATHER);
        assert_eq!(gathers(&mut turns, Duration::ZERO), LEAST);
    }

    #[test]
    fn those_who_come_first_do_not_wait_for_all_others() {
        let now = Instant::now();
        let mut turns = Turns::new(GATHER, now);
        let lap = |firsts_take| Lap { chunks: 640, takes: Duration::from_millis(13), firsts_take };
        turns.look(now, lap(Duration::from_micros(600)));
        let flushed = turns.flushed(now);
        assert_eq!(turns.has_gathered(flushed, true, after(now, 2)), Ok(()));
        assert_eq!(turns.has_gathered(flushed, false, after(now, 2)), Err(now + GATHER));
        // Where those who come first take the most, the others have their turns all the same.
        turns.look(now, lap(Duration::from_millis(8)));
        assert_eq!(turns.has_gathered(flushed, true, after(now, 2)), Err(now + GATHER));
    }

    #[test]
    fn what_a_flush_takes_is_averaged() {
        let mut takes = Takes::default();
        takes.took(Duration::from_micros(160));
        assert_eq!(takes.0, Duration::from_micros(160));
        takes.took(Duration::from_micros(320));
        assert_eq!(takes.0, Duration::from_micros(170));
    }

    #[test]
    fn what_comes_after_quiet_is_told_at_once() {
        let (mut turns, now) = in_step();
        let flushed = turns.flushed(now);
        assert!(!turns.was_quiet(flushed, after(now, 11)));
        commit(&mut turns, after(now, 1_000));
        assert!(turns.was_quiet(flushed, after(now, 1_000)));
    }
}
