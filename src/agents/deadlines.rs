//! When time alone changes something: one ordered set, one sleeper.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use parking_lot::{Mutex, MutexGuard};
use tokio::sync::Notify;

use super::{Agents, BITE};
use crate::domain::cause::Actor;
use crate::domain::command::{Ask, Command};
use crate::domain::ids::AgentId;
use crate::domain::time::Timestamp;

/// How long after a deadline its nudge comes. What time brings is dated to the deadline all the same,
/// and boards see it well within 100 ms.
const LATE_BY: Duration = Duration::from_millis(20);
/// If a pause of [`LATE_BY`] lasts longer than this, the hub is behind: what it has not read yet may have
/// come before the deadline.
const BEHIND: Duration = Duration::from_millis(100);
/// How late the nudge may become because others go first.
const LATEST_BY: Duration = Duration::from_secs(10);

/// Every agent's next deadline. A nudge only: rules compare the time themselves.
#[derive(Default)]
pub(super) struct Deadlines {
    waiting: Mutex<Waiting>,
    earlier: Notify,
}

#[derive(Default)]
struct Waiting {
    by_time: BTreeSet<(Timestamp, AgentId)>,
    by_agent: HashMap<AgentId, Timestamp>,
}

impl Deadlines {
    /// The agent's next deadline, in place of the one before.
    pub fn set(&self, agent: &AgentId, deadline: Option<Timestamp>) {
        let mut waiting = self.waiting();
        let first = waiting.by_time.first().map(|(at, _)| *at);
        let before = match deadline {
            Some(at) => waiting.by_agent.insert(agent.clone(), at),
            None => waiting.by_agent.remove(agent),
        };
        if let Some(at) = before {
            waiting.by_time.remove(&(at, agent.clone()));
        }
        if let Some(at) = deadline {
            waiting.by_time.insert((at, agent.clone()));
            if first.is_none_or(|first| at < first) {
                self.earlier.notify_one();
            }
        }
    }

    /// The first deadline of all.
    pub fn first(&self) -> Option<Timestamp> {
        self.waiting().by_time.first().map(|(at, _)| *at)
    }

    /// Takes out agents whose deadline has passed, a bite of them; none when there are no more.
    pub(super) fn take_due(&self, now: Timestamp) -> Vec<AgentId> {
        let mut waiting = self.waiting();
        let mut due = Vec::new();
        while due.len() < BITE && waiting.by_time.first().is_some_and(|(at, _)| *at <= now) {
            if let Some((_, agent)) = waiting.by_time.pop_first() {
                waiting.by_agent.remove(&agent);
                due.push(agent);
            }
        }
        due
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock()
    }
}

impl Agents {
    /// Sockets that came before the deadline are let in first, however late the hub reads them.
    async fn wait_for_those_who_came_in_time(&self) {
        let (deadline, passed) = (self.shared.arrivals.now(), self.clock().running());
        let mut began = passed;
        loop {
            tokio::time::sleep(LATE_BY).await;
            let now = self.clock().running();
            let keeps_up = now.saturating_sub(began) < BEHIND;
            let all_in = keeps_up && self.shared.arrivals.are_in(deadline);
            if all_in || now.saturating_sub(passed) >= LATEST_BY {
                return;
            }
            began = now;
        }
    }

    /// Decides a tick for every agent whose deadline has passed, for ever. Sleeps until the first of them;
    /// costs nothing while nothing is due.
    pub async fn keep_deadlines(self) {
        let deadlines = &self.shared.deadlines;
        loop {
            let earlier = deadlines.earlier.notified();
            match deadlines.first() {
                Some(first) => tokio::select! {
                    biased;
                    () = earlier => continue,
                    () = self.clock().sleep_until(first) => self.wait_for_those_who_came_in_time().await,
                },
                None => {
                    earlier.await;
                    continue;
                }
            }
            loop {
                let due = deadlines.take_due(self.clock().now());
                if due.is_empty() {
                    break;
                }
                for agent in due {
                    let agents = self.clone();
                    // Turns in tasks of their own, so that those due together are kept together.
                    tokio::spawn(async move {
                        agents.wait_for_the_turn(&agent).await;
                        agents.keep_at_it(&agent, Command::new(Ask::Tick, Actor::System)).await;
                    });
                }
                tokio::task::yield_now().await;
            }
        }
    }
}
