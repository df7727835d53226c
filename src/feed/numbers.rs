//! Numbers of histories, which every client reads that takes deflated frames.
//!
//! Filters are counted for the whole hub. Whoever may see one team would learn from the count how much the others
//! watch, so it is told scrambled, with a key that is another after each start.

use std::hash::{BuildHasher, RandomState};

use super::index::FilterId;

/// With four rounds of a Feistel network nobody without the key can tell its numbers from drawn ones (Luby and Rackoff).
const ROUNDS: u8 = 4;

/// Which number the histories of a filter have: none has that of another.
#[derive(Debug, Default)]
pub(super) struct Numbers {
    key: RandomState,
}

impl Numbers {
    pub(super) fn of(&self, filter: FilterId) -> u32 {
        let [a, b, c, d] = filter.to_be_bytes();
        let (mut left, mut right) = ([a, b], [c, d]);
        for round in 0..ROUNDS {
            let [e, f, ..] = self.key.hash_one((round, right)).to_be_bytes();
            (left, right) = (right, [left[0] ^ e, left[1] ^ f]);
        }
        u32::from_be_bytes([left[0], left[1], right[0], right[1]])
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_two_filters_have_one_number_and_the_numbers_are_spread_over_all_there_are() {
        const FILTERS: u32 = 100_000;
        let numbers = Numbers::default();
        let given: BTreeSet<u32> = (0..FILTERS).map(|filter| numbers.of(filter)).collect();
        assert_eq!(given.len(), FILTERS as usize);
        let below_the_middle = given.range(..1 << 31).count();
        assert!((48_000..52_000).contains(&below_the_middle), "{below_the_middle}");
    }

    #[test]
    fn the_next_number_does_not_follow_from_the_one_before() {
        let numbers = Numbers::default();
        let steps = (0..10_000).map(|filter| numbers.of(filter + 1).wrapping_sub(numbers.of(filter)));
        assert!(steps.collect::<BTreeSet<u32>>().len() > 9_900);
    }
}
