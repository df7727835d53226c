//! What is remembered of offers that are over.

use std::time::Duration;

use super::cause::Cause;
use super::ids::WorkItemId;
use super::rules::MAX_WORK_ITEMS;
use super::time::Timestamp;

/// An offer that ended because the agent was disconnected or went away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Withdrawal {
    /// What was offered.
    pub item: WorkItemId,
    /// When it ended.
    pub at: Timestamp,
    /// Why.
    pub cause: Cause,
}

/// What an agent's state remembers of offers that are over.
///
/// Of each that ended in the last 24 hours, however it did, the fingerprint of its item: so a late
/// report of the end counts once, and a long day takes a few hundred bytes of each entry. Of the
/// newest that were withdrawn, all that work systems have to be told, which may have been away.
///
/// Boxed, because most agents have none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PastOffers(Option<Box<Past>>);

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Past {
    /// When the first of `newer` ended. A day later they become the older ones, which are forgotten
    /// when the next become that.
    since: Timestamp,
    newer: Vec<u32>,
    older: Vec<u32>,
    /// Oldest first.
    withdrawn: Vec<Withdrawal>,
}

impl PastOffers {
    /// How long an offer that ended is remembered at least.
    pub const REMEMBERED: Duration = Duration::from_secs(24 * 3_600);
    /// The most that are remembered: far more than a person is offered in a day, and 4 KiB of an entry.
    pub const MOST: usize = 512;
    /// The most that are still to be told: all that can ring at once, unless their names are so long
    /// that they would fill the entry.
    pub const MOST_WITHDRAWN: usize = MAX_WORK_ITEMS;
    const MOST_WITHDRAWN_BYTES: usize = 4 * 1024;

    /// What was kept, read back.
    #[must_use]
    pub fn from_kept(since: Timestamp, newer: Vec<u32>, older: Vec<u32>, withdrawn: Vec<Withdrawal>) -> Self {
        let past = Past { since, newer, older, withdrawn };
        Self((past != Past::default()).then(|| Box::new(past)))
    }

    /// When the first of the newer ones ended, the newer and the older fingerprints: for keeping.
    #[must_use]
    pub fn kept(&self) -> (Timestamp, &[u32], &[u32]) {
        self.0.as_ref().map_or((Timestamp::default(), &[], &[]), |past| (past.since, &past.newer, &past.older))
    }

    /// All of it happened this much earlier.
    pub fn bring_back(&mut self, ahead: Duration) {
        let Some(past) = &mut self.0 else { return };
        past.since = past.since.minus(ahead);
        for withdrawal in &mut past.withdrawn {
            withdrawal.at = withdrawal.at.minus(ahead);
        }
    }

    /// Whether an offer of this item has ended.
    #[must_use]
    pub fn contains(&self, item: &WorkItemId) -> bool {
        let Some(past) = &self.0 else { return false };
        let print = fingerprint(item);
        past.newer.contains(&print) || past.older.contains(&print)
    }

    /// Offers that were withdrawn, oldest first, and that work systems may not have been told of.
    #[must_use]
    pub fn withdrawn(&self) -> &[Withdrawal] {
        self.0.as_ref().map_or(&[], |past| &past.withdrawn)
    }

    /// An offer of this item ended.
    pub fn remember(&mut self, item: &WorkItemId, at: Timestamp) {
        let past = self.0.get_or_insert_default();
        let age = at.since(past.since);
        if age >= Self::REMEMBERED {
            past.older = std::mem::take(&mut past.newer);
            if age >= Self::REMEMBERED * 2 {
                past.older.clear();
            }
            past.since = at;
        }
        past.withdrawn.retain(|known| at.since(known.at) < Self::REMEMBERED);
        let print = fingerprint(item);
        past.older.retain(|known| *known != print);
        past.newer.retain(|known| *known != print);
        if past.newer.len() + past.older.len() == Self::MOST {
            let oldest = if past.older.is_empty() { &mut past.newer } else { &mut past.older };
            oldest.remove(0);
        }
        past.newer.push(print);
    }

    /// The offer of this item was withdrawn.
    pub fn withdraw(&mut self, withdrawal: Withdrawal) {
        self.remember(&withdrawal.item, withdrawal.at);
        self.came_back(&withdrawal.item);
        let Past { withdrawn, .. } = &mut **self.0.get_or_insert_default();
        withdrawn.push(withdrawal);
        let (mut kept, mut bytes) = (0, 0);
        for one in withdrawn.iter().rev() {
            bytes += one.item.as_str().len();
            if kept == Self::MOST_WITHDRAWN || bytes > Self::MOST_WITHDRAWN_BYTES {
                break;
            }
            kept += 1;
        }
        withdrawn.drain(..withdrawn.len() - kept);
    }

    /// The agent has the item again: that an earlier offer of it was withdrawn is no news any more.
    pub fn came_back(&mut self, item: &WorkItemId) {
        if let Some(past) = &mut self.0 {
            past.withdrawn.retain(|known| known.item != *item);
        }
    }
}

/// A number that two different items of an agent's day share in one case of millions. It is kept with the
/// agent, so how it is computed never changes: FNV-1a of 64 bits, folded to 32.
fn fingerprint(item: &WorkItemId) -> u32 {
    const BASIS: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0100_0000_01b3;
    let hash = item.as_str().bytes().fold(BASIS, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(PRIME));
    let (high, low) = ((hash >> 32) as u32, hash as u32);
    high ^ low
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 24 * 3_600_000;

    fn item(number: usize) -> WorkItemId {
        WorkItemId::new(format!("w{number}")).unwrap()
    }

    fn ended(ends: &[(usize, i64)]) -> PastOffers {
        let mut past = PastOffers::default();
        for (number, at) in ends {
            past.remember(&item(*number), Timestamp(*at));
        }
        past
    }

    #[test]
    fn an_end_is_remembered_for_a_day_and_forgotten_after_two() {
        let now = 100 * DAY;
        let past = ended(&[(1, now), (2, now + DAY - 1), (3, now + DAY)]);
        assert!(past.contains(&item(1)) && past.contains(&item(2)) && past.contains(&item(3)));
        let past = ended(&[(1, now), (2, now + DAY - 1), (3, now + DAY), (4, now + 2 * DAY)]);
        assert!(!past.contains(&item(1)) && !past.contains(&item(2)));
        assert!(past.contains(&item(3)) && past.contains(&item(4)));
        let past = ended(&[(1, now), (2, now + 2 * DAY)]);
        assert!(!past.contains(&item(1)));
    }

    #[test]
    fn of_more_than_can_be_remembered_the_oldest_are_forgotten() {
        let now = 100 * DAY;
        let ends: Vec<(usize, i64)> = (0..=PastOffers::MOST).map(|number| (number, now)).collect();
        let mut past = ended(&ends);
        assert!(!past.contains(&item(0)) && past.contains(&item(1)));
        past.remember(&item(1), Timestamp(now + DAY));
        past.remember(&item(PastOffers::MOST + 1), Timestamp(now + DAY));
        assert!(!past.contains(&item(2)) && past.contains(&item(3)) && past.contains(&item(1)));
        let (_, newer, older) = past.kept();
        assert_eq!((newer.len(), older.len()), (2, PastOffers::MOST - 2));
    }

    #[test]
    fn a_fingerprint_never_changes() {
        assert_eq!(fingerprint(&WorkItemId::new("a").unwrap()), 0xaf63_dc4c ^ 0x8601_ec8c);
    }

    #[test]
    fn the_newest_withdrawals_are_told_unless_the_item_came_back_or_a_day_has_passed() {
        let cause = Cause::of(crate::domain::cause::EventName::Disconnected);
        let withdrawal = |number, at| Withdrawal { item: item(number), at: Timestamp(at), cause };
        let numbers = |past: &PastOffers| -> Vec<String> {
            past.withdrawn().iter().map(|one| one.item.as_str().to_owned()).collect()
        };
        let mut past = PastOffers::default();
        for number in 0..=PastOffers::MOST_WITHDRAWN {
            past.withdraw(withdrawal(number, 0));
        }
        assert_eq!((numbers(&past).len(), numbers(&past)[0].as_str()), (PastOffers::MOST_WITHDRAWN, "w1"));
        past.came_back(&item(1));
        assert_eq!(numbers(&past)[0], "w2");
        let long = |number: usize| WorkItemId::new(format!("{number:0100}")).unwrap();
        let mut named_at_length = past.clone();
        for number in 0..50 {
            named_at_length.withdraw(Withdrawal { item: long(number), at: Timestamp(0), cause });
        }
        assert_eq!(named_at_length.withdrawn()[0].item, long(10), "40 names of 100 bytes are 4,000 bytes");
        assert_eq!(named_at_length.withdrawn().len(), 40);
        past.withdraw(withdrawal(2, DAY - 1));
        assert_eq!(numbers(&past).last().unwrap(), "w2");
        past.withdraw(withdrawal(99, DAY));
        assert_eq!(numbers(&past), ["w2", "w99"]);
    }
}
