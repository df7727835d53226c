//! Offers that ended because their agent went away, for work systems that were not there to be told.
//!
//! A work system that is connected is told at once. One that comes back is told what ended since it
//! last proved to be there, and after a start of the hub whatever the agents' states still hold. It is
//! told at least once: what nobody knows to have arrived is told again, unless the agent has the item
//! again.

use std::collections::{BTreeMap, VecDeque};
use std::ops::Range;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use parking_lot::{Mutex, MutexGuard};

use super::Door;
use crate::agents::Agents;
use crate::domain::cause::Cause;
use crate::domain::ids::{AgentId, WorkItemId};
use crate::domain::offer::PastOffers;
use crate::engine::LoadedAgent;
use crate::sessions::{Session, frame};
use crate::wire::shapes::HubFrame;
use crate::wire::show;

/// The most offers that are remembered here: what rings on a floor of 100,000, if all of it ends at once.
const MOST: usize = 10_000;
/// The most work systems whose news is known; one that is forgotten is told everything.
const MOST_WORK_SYSTEMS: usize = 1_000;
/// Offers that are told before others get a turn.
const BITE: usize = 64;
/// How soon a socket that took no more is looked at again.
const LOOK_AGAIN_AFTER: Duration = Duration::from_millis(50);

/// Offers that ended because their agent went away, and what each work system knows of them.
///
/// Which of them an agent's item is still one of, and why it ended, is in the agent's state.
#[derive(Debug, Default)]
pub struct Withdrawals {
    state: Mutex<State>,
}

/// Spans are those of [`Clock::running`](crate::clock::Clock::running), which nothing moves.
#[derive(Debug, Default)]
struct State {
    /// In the order in which they were noticed.
    ended: VecDeque<Ended>,
    /// How many are forgotten: the number of the first.
    forgotten: u64,
    /// Up to when each work system was certainly told, by its subject.
    told: BTreeMap<String, Duration>,
}

#[derive(Clone, Debug)]
struct Ended {
    agent: AgentId,
    item: WorkItemId,
    noticed: Duration,
}

impl Withdrawals {
    /// What the agents' states hold at a start, of lives of the hub before this one.
    #[must_use]
    pub fn of_earlier_lives(agents: &[LoadedAgent]) -> Self {
        let mut ended = Vec::new();
        for loaded in agents {
            let agent = &loaded.agent.record.agent;
            ended.extend(loaded.agent.past_offers.withdrawn().iter().map(|one| (one.at, agent, &one.item)));
        }
        ended.sort();
        let withdrawals = Self::default();
        for (_, agent, item) in ended {
            withdrawals.note(agent, std::slice::from_ref(item), Duration::ZERO);
        }
        withdrawals
    }

    /// Offers of these items to `agent` ended now.
    pub fn note(&self, agent: &AgentId, items: &[WorkItemId], now: Duration) {
        let mut state = self.state();
        for item in items {
            let is_over = |one: &Ended| now.saturating_sub(one.noticed) >= PastOffers::REMEMBERED;
            while state.ended.len() >= MOST || state.ended.front().is_some_and(is_over) {
                state.ended.pop_front();
                state.forgotten += 1;
            }
            state.ended.push_back(Ended { agent: agent.clone(), item: item.clone(), noticed: now });
        }
    }

    /// The work system was certainly told of what ended before `until`.
    fn has_told(&self, subject: &str, until: Duration) {
        let mut state = self.state();
        if let Some(told) = state.told.get_mut(subject) {
            *told = until.max(*told);
            return;
        }
        if state.told.len() >= MOST_WORK_SYSTEMS {
            let longest_ago = state.told.iter().min_by_key(|(_, told)| **told).map(|(subject, _)| subject.clone());
            if let Some(subject) = longest_ago {
                state.told.remove(&subject);
            }
        }
        state.told.insert(subject.to_owned(), until);
    }

    /// The numbers of what the work system may not have been told of.
    fn owed_to(&self, subject: &str) -> Range<u64> {
        let state = self.state();
        let told = state.told.get(subject).copied().unwrap_or_default();
        let known = state.ended.partition_point(|one| one.noticed < told);
        state.forgotten + known as u64..state.forgotten + state.ended.len() as u64
    }

    /// The first of these numbers, at most a bite of them; takes their numbers out.
    fn bite(&self, owed: &mut Range<u64>) -> Vec<Ended> {
        let state = self.state();
        let begin = owed.start.max(state.forgotten);
        let end = owed.end.min(begin + BITE as u64);
        owed.start = end.max(begin);
        (begin..end).filter_map(|number| state.ended.get((number - state.forgotten) as usize)).cloned().collect()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock()
    }
}

/// The frame that tells of an offer that ended.
pub(super) fn frame(agent: &AgentId, item: &WorkItemId, cause: Cause) -> bytes::Bytes {
    frame::saying(&HubFrame::OfferWithdrawn {
        agent_id: agent.as_str().to_owned(),
        work_item_id: item.as_str().to_owned(),
        reason: show::withdrawal_reason(cause),
    })
}

/// What a work system that came back is told, and when it knows.
pub(super) struct News {
    door: Arc<Door>,
    session: Arc<Session>,
    /// When all that it missed was on its way.
    told: OnceLock<Duration>,
}

impl News {
    /// For a session that was just welcomed: what ends from now on, it is told of at once. What few
    /// offers it missed stand right behind its welcome.
    pub fn of(door: &Arc<Door>, session: &Arc<Session>) -> Arc<Self> {
        let news = Arc::new(Self { door: door.clone(), session: session.clone(), told: OnceLock::new() });
        let mut owed = door.withdrawals.owed_to(&session.who().subject);
        news.tell_some(&mut owed);
        if owed.is_empty() {
            news.all_is_told();
        } else {
            tokio::spawn(news.clone().tell(owed));
        }
        news
    }

    async fn tell(self: Arc<Self>, mut owed: Range<u64>) {
        let outlet = self.session.outlet();
        while !owed.is_empty() {
            tokio::task::yield_now().await;
            while outlet.is_blocked() && !outlet.is_closed() {
                tokio::time::sleep(LOOK_AGAIN_AFTER).await;
            }
            if outlet.is_closed() {
                return;
            }
            self.tell_some(&mut owed);
        }
        self.all_is_told();
    }

    fn tell_some(&self, owed: &mut Range<u64>) {
        for Ended { agent, item, .. } in self.door.withdrawals.bite(owed) {
            if let Some(cause) = still_news(&self.door.agents, &agent, &item) {
                self.session.outlet().send(frame(&agent, &item, cause));
            }
        }
    }

    fn all_is_told(&self) {
        self.told.get_or_init(|| self.door.agents.clock().running());
    }

    /// A pong came. It answers a ping that is no older than the patience with silence, and the client
    /// has read what was sent before that.
    pub fn pong(&self) {
        let proven = self.door.agents.clock().running().saturating_sub(self.door.limits.ping_timeout);
        if self.told.get().is_some_and(|told| *told <= proven) {
            self.door.withdrawals.has_told(&self.session.who().subject, proven);
        }
    }
}

/// Why the offer ended, unless the agent has the item again or it was too long ago.
fn still_news(agents: &Agents, agent: &AgentId, item: &WorkItemId) -> Option<Cause> {
    let known = agents.find(agent)?;
    let withdrawal = known.agent.past_offers.withdrawn().iter().find(|one| one.item == *item)?;
    let age = agents.clock().now().since(withdrawal.at);
    (age < PastOffers::REMEMBERED).then_some(withdrawal.cause)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn ada() -> AgentId {
        AgentId::new("ada").unwrap()
    }

    fn items(numbers: std::ops::Range<usize>) -> Vec<WorkItemId> {
        numbers.map(|number| WorkItemId::new(format!("w{number}")).unwrap()).collect()
    }

    /// What a work system is owed, bite by bite.
    fn owed(withdrawals: &Withdrawals, subject: &str) -> Vec<WorkItemId> {
        let mut range = withdrawals.owed_to(subject);
        let mut owed = Vec::new();
        while !range.is_empty() {
            let bite = withdrawals.bite(&mut range);
            assert!(bite.len() <= BITE);
            owed.extend(bite.into_iter().map(|one| one.item));
        }
        owed
    }

    #[test]
    fn who_was_not_told_is_owed_all_and_who_was_what_ended_since() {
        let withdrawals = Withdrawals::default();
        withdrawals.note(&ada(), &items(0..200), SECOND);
        withdrawals.note(&ada(), &items(200..300), SECOND * 10);
        withdrawals.has_told("acd", SECOND * 9);
        withdrawals.has_told("acd", SECOND * 5);
        assert_eq!(owed(&withdrawals, "acd"), items(200..300));
        assert_eq!(owed(&withdrawals, "crm"), items(0..300));
        withdrawals.has_told("acd", SECOND * 11);
        assert_eq!(owed(&withdrawals, "acd"), []);
    }

    #[test]
    fn only_so_many_are_remembered_and_only_for_a_day() {
        let withdrawals = Withdrawals::default();
        withdrawals.note(&ada(), &items(0..MOST + 10), SECOND);
        assert_eq!(owed(&withdrawals, "acd"), items(10..MOST + 10));
        withdrawals.note(&ada(), &items(0..3), SECOND + PastOffers::REMEMBERED);
        assert_eq!(owed(&withdrawals, "acd"), items(0..3));
    }

    #[test]
    fn what_is_forgotten_while_it_is_told_is_passed_over() {
        let withdrawals = Withdrawals::default();
        withdrawals.note(&ada(), &items(0..MOST), SECOND);
        let mut range = withdrawals.owed_to("acd");
        withdrawals.bite(&mut range);
        withdrawals.note(&ada(), &items(0..100), SECOND);
        assert_eq!(withdrawals.bite(&mut range)[0].item, items(100..101)[0]);
        withdrawals.note(&ada(), &items(0..MOST), SECOND);
        assert_eq!(withdrawals.bite(&mut range).len(), 0);
        assert!(range.is_empty());
    }

    #[test]
    fn of_many_work_systems_the_one_that_was_told_longest_ago_is_told_everything() {
        let withdrawals = Withdrawals::default();
        withdrawals.note(&ada(), &items(0..1), Duration::ZERO);
        for number in 0..=MOST_WORK_SYSTEMS as u32 {
            withdrawals.has_told(&format!("acd-{number}"), SECOND * (number + 1));
        }
        assert_eq!(owed(&withdrawals, "acd-0"), items(0..1));
        assert_eq!(owed(&withdrawals, "acd-1"), []);
    }
}
