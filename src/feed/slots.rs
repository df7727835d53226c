//! Sets of agents, as bits by their slots.

/// An agent's place in the roster, until the agent is forgotten; then it is the next new one's.
pub(super) type Slot = u32;

/// A set of slots.
#[derive(Clone, Debug, Default)]
pub(super) struct Slots {
    bits: Vec<u64>,
    len: usize,
    /// No word before this one holds any.
    first: usize,
}

impl Slots {
    /// All of the first so many.
    pub(super) fn all(count: usize) -> Self {
        let mut bits = vec![u64::MAX; count / 64];
        if !count.is_multiple_of(64) {
            bits.push((1 << (count % 64)) - 1);
        }
        Self { bits, len: count, first: 0 }
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }

    pub(super) fn contains(&self, slot: Slot) -> bool {
        let (word, bit) = at(slot);
        self.bits.get(word).is_some_and(|bits| bits & bit != 0)
    }

    pub(super) fn insert(&mut self, slot: Slot) {
        let (word, bit) = at(slot);
        if self.bits.len() <= word {
            self.bits.resize(word + 1, 0);
        }
        if self.bits[word] & bit == 0 {
            self.bits[word] |= bit;
            self.len += 1;
            self.first = self.first.min(word);
        }
    }

    pub(super) fn remove(&mut self, slot: Slot) {
        let (word, bit) = at(slot);
        if let Some(bits) = self.bits.get_mut(word).filter(|bits| **bits & bit != 0) {
            *bits &= !bit;
            self.len -= 1;
        }
    }

    /// Takes the lowest one out.
    #[inline]
    pub(super) fn pop(&mut self) -> Option<Slot> {
        while let Some(bits) = self.bits.get_mut(self.first) {
            if *bits != 0 {
                let bit = bits.trailing_zeros();
                *bits &= *bits - 1;
                self.len -= 1;
                return Slot::try_from(self.first * 64).ok().map(|word| word + bit);
            }
            self.first += 1;
        }
        None
    }

    /// From the lowest to the highest.
    pub(super) fn iter(&self) -> impl Iterator<Item = Slot> {
        let slots = self.bits.iter().zip(0_u32..);
        slots.flat_map(|(bits, word)| (0..64).filter(move |bit| bits >> bit & 1 == 1).map(move |bit| word * 64 + bit))
    }
}

impl FromIterator<Slot> for Slots {
    fn from_iter<I: IntoIterator<Item = Slot>>(slots: I) -> Self {
        let mut set = Self::default();
        for slot in slots {
            set.insert(slot);
        }
        set
    }
}

fn at(slot: Slot) -> (usize, u64) {
    ((slot / 64) as usize, 1 << (slot % 64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_are_taken_out_from_the_lowest_to_the_highest() {
        for count in [0, 1, 63, 64, 65, 130] {
            let mut slots = Slots::all(count);
            assert_eq!(slots.len(), count);
            slots.remove(2);
            let left: Vec<Slot> = slots.iter().collect();
            assert_eq!(std::iter::from_fn(|| slots.pop()).collect::<Vec<_>>(), left);
            assert_eq!((slots.len(), slots.contains(0)), (0, false));
        }
        let mut slots: Slots = [200, 3].into_iter().collect();
        assert_eq!(slots.pop(), Some(3));
        slots.insert(1);
        assert_eq!((slots.pop(), slots.pop(), slots.pop()), (Some(1), Some(200), None));
    }
}
