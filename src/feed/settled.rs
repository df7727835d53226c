//! Which position a client may be told.
//!
//! A client that resumes, from this life of the hub or from a later one, names a position, and counts
//! on having been shown all that was changed up to it. What a change of the directory changes about
//! agents is shown at places behind it, whenever the feed comes to them. Until a client was shown all
//! of that, it is told no position beyond the change.

use std::collections::VecDeque;

use super::place::Place;
use crate::engine::Seq;

/// Changes that are remembered one by one; of more, the oldest count as one.
const REMEMBERED: usize = 64;

/// Changes of the directory that were followed agent by agent, and where that ended.
#[derive(Debug, Default)]
pub(super) struct Settled {
    followed: VecDeque<Followed>,
    version: u64,
}

#[derive(Debug)]
struct Followed {
    /// The position of the change.
    since: Seq,
    /// The last place at which it is shown; none while the feed is on its way.
    until: Option<Place>,
}

impl Settled {
    /// A change at this position is being followed.
    pub(super) fn begin(&mut self, since: Seq) {
        self.version += 1;
        if self.followed.len() == REMEMBERED
            && let Some(oldest) = self.followed.pop_front()
            && let Some(next) = self.followed.front_mut()
        {
            next.since = next.since.min(oldest.since);
        }
        self.followed.push_back(Followed { since, until: None });
    }

    /// All that was being followed is shown, up to this place.
    pub(super) fn end(&mut self, until: Place) {
        self.version += 1;
        for followed in &mut self.followed {
            followed.until.get_or_insert(until);
        }
    }

    /// The position that a client may be told once it was sent all up to a place.
    pub(super) fn seq_of(&self, place: Place) -> Seq {
        let open = self.followed.iter().filter(|followed| followed.until.is_none_or(|until| until > place));
        open.fold(place.seq, |seq, followed| seq.min(followed.since.saturating_sub(1)))
    }

    /// Raised by one whenever a place may lead to another position.
    pub(super) fn version(&self) -> u64 {
        self.version
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_was_not_shown_all_of_a_change_is_told_a_position_before_it() {
        let mut settled = Settled::default();
        settled.begin(10);
        assert_eq!([9, 10, 12].map(|seq| settled.seq_of(Place::of(seq))), [9, 9, 9]);
        settled.end(Place::behind(12, 3));
        let (lags, has_all) = (Place::behind(12, 2), Place::behind(12, 3));
        assert_eq!((settled.seq_of(lags), settled.seq_of(has_all)), (9, 12));
        settled.begin(20);
        assert_eq!(settled.seq_of(Place::of(30)), 19);
    }

    #[test]
    fn of_very_many_the_oldest_count_as_one() {
        let mut settled = Settled::default();
        for seq in 1..1_000 {
            settled.begin(seq * 10);
            settled.end(Place::behind(seq * 10, 1));
        }
        assert_eq!(settled.followed.len(), REMEMBERED);
        assert_eq!((settled.seq_of(Place::of(10)), settled.seq_of(Place::of(10_000))), (9, 10_000));
    }
}
