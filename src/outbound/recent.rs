//! The newest changes, in memory while somebody follows.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::told::{Told, Wanted};
use crate::engine::Seq;

/// Bytes of changes that are kept in memory: some thousand. Whoever is further behind reads the log.
const MOST_BYTES: usize = 4 * 1024 * 1024;
/// How long changes are kept for followers that have gone: whoever asks again and again is away in between.
const KEPT_FOR: Duration = Duration::from_secs(60);

/// The newest changes. All of those beyond `from` are there.
#[derive(Debug)]
pub(super) struct Recent {
    told: VecDeque<Arc<Told>>,
    bytes: usize,
    from: Seq,
    head: Seq,
    followers: usize,
    left_at: Option<Instant>,
}

impl Recent {
    /// Nothing is known of what is before that position.
    pub fn after(head: Seq) -> Self {
        Self { told: VecDeque::new(), bytes: 0, from: head, head, followers: 0, left_at: None }
    }

    /// The newest position.
    pub fn head(&self) -> Seq {
        self.head
    }

    /// Somebody follows.
    pub fn enters(&mut self) {
        self.followers += 1;
    }

    /// One who followed does no more.
    pub fn leaves(&mut self, now: Instant) {
        self.followers -= 1;
        self.left_at = Some(now);
    }

    /// Whether changes are kept in memory now.
    pub fn is_followed(&self, now: Instant) -> bool {
        self.followers > 0 || self.left_at.is_some_and(|left| now.duration_since(left) < KEPT_FOR)
    }

    /// The log has this change.
    pub fn push(&mut self, told: Told) {
        self.head = told.seq;
        self.bytes += told.bytes();
        self.told.push_back(Arc::new(told));
        while self.bytes > MOST_BYTES
            && let Some(oldest) = self.told.pop_front()
        {
            self.bytes -= oldest.bytes();
            self.from = oldest.seq;
        }
    }

    /// The log has something else there, which nobody is told of.
    pub fn pass(&mut self, seq: Seq) {
        self.head = seq;
    }

    /// The log has a change there that is not kept in memory.
    pub fn forget(&mut self, seq: Seq) {
        *self = Self { followers: self.followers, left_at: self.left_at, ..Self::after(seq) };
    }

    /// What is wanted of so many changes beyond a position, and the position up to which that is all; none if some of
    /// them are not in memory.
    pub fn beyond(&self, after: Seq, most: usize, wanted: &Wanted) -> Option<(Vec<Arc<Told>>, Seq)> {
        if after < self.from {
            return None;
        }
        let first = self.told.partition_point(|told| told.seq <= after);
        let end = self.told.len().min(first.saturating_add(most));
        let some = self.told.range(first..end).filter(|told| told.to(wanted).is_some()).cloned().collect();
        let next = self.told.get(end).map(|_| self.told[end - 1].seq);
        Some((some, next.unwrap_or(self.head)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outbound::test_world::told;

    fn seqs(recent: &Recent, after: Seq, most: usize) -> Option<(Vec<Seq>, Seq)> {
        recent
            .beyond(after, most, &Wanted::default())
            .map(|(some, reached)| (some.iter().map(|told| told.seq).collect(), reached))
    }

    #[test]
    fn what_is_beyond_a_position_is_all_there_or_not_at_all() {
        let mut recent = Recent::after(10);
        recent.push(told(11));
        recent.pass(12);
        recent.push(told(13));
        assert_eq!(seqs(&recent, 9, 5), None);
        assert_eq!(seqs(&recent, 10, 5), Some((vec![11, 13], 13)));
        assert_eq!(seqs(&recent, 10, 1), Some((vec![11], 11)));
        assert_eq!(seqs(&recent, 11, 5), Some((vec![13], 13)));
        let nobody = Wanted { agents: Some([].into()), ..Wanted::default() };
        assert_eq!(recent.beyond(10, 1, &nobody).map(|(some, reached)| (some.len(), reached)), Some((0, 11)));
        recent.pass(14);
        assert_eq!(seqs(&recent, 13, 5), Some((vec![], 14)));
        recent.forget(15);
        assert_eq!(seqs(&recent, 14, 5), None);
        assert_eq!(seqs(&recent, 15, 5), Some((vec![], 15)));
    }

    #[test]
    fn memory_is_bounded_and_the_oldest_goes_first() {
        let mut recent = Recent::after(0);
        let many = 2 * MOST_BYTES / told(1).bytes();
        (1..=many as u64).for_each(|seq| recent.push(told(seq)));
        assert!(recent.bytes <= MOST_BYTES && recent.bytes > MOST_BYTES / 2);
        let (some, _) = recent.beyond(recent.from, usize::MAX, &Wanted::default()).unwrap();
        assert_eq!(some.len() as u64, recent.head - recent.from);
        assert!(recent.beyond(recent.from - 1, 1, &Wanted::default()).is_none());
    }

    #[tokio::test(start_paused = true)]
    async fn changes_are_kept_for_a_while_after_the_last_follower() {
        let mut recent = Recent::after(0);
        assert!(!recent.is_followed(Instant::now()));
        recent.enters();
        assert!(recent.is_followed(Instant::now()));
        recent.leaves(Instant::now());
        assert!(recent.is_followed(Instant::now()));
        tokio::time::advance(KEPT_FOR).await;
        assert!(!recent.is_followed(Instant::now()));
    }
}
