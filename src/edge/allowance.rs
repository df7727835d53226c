//! How much a client may ask: buckets that fill with time, one for each socket, and one for each caller
//! over HTTP.

use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::time::Duration;

use parking_lot::Mutex;

use crate::identity::{Caller, Role};

/// So much at once, and so much each second after that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    at_once: u32,
    a_second: u32,
}

/// Frames of a socket, pings and pongs included. A person does not click faster. Events are not counted
/// here: they wait in a line.
pub const FRAMES: Rate = Rate { at_once: 100, a_second: 20 };
/// Requests of agents and supervisors over HTTP.
const REQUESTS_OF_PEOPLE: Rate = Rate { at_once: 400, a_second: 100 };
/// Requests of work systems and administrators, who route and provision by machine: before each assignment
/// a router asks who is eligible. Events and imports are not counted here either.
const REQUESTS_OF_MACHINES: Rate = Rate { at_once: 2_000, a_second: 1_000 };
/// After so long without a request every bucket is full again.
const ALL_ARE_FULL_AFTER: Duration = Duration::from_secs(4);

/// What is left of it.
#[derive(Debug)]
pub struct Allowance {
    rate: Rate,
    left: u32,
    excess: u32,
    filled_at: Duration,
}

/// What becomes of what is beyond the allowance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Excess {
    /// It is refused.
    Refused,
    /// So much was refused that the client does not listen: the socket is closed.
    Hopeless,
}

impl Allowance {
    /// All of it.
    #[must_use]
    pub fn full(rate: Rate, now: Duration) -> Self {
        Self { rate, left: rate.at_once, excess: 0, filled_at: now }
    }

    /// Takes so much off.
    ///
    /// # Errors
    /// Not so much is left; then nothing is taken.
    pub fn take(&mut self, units: u32, now: Duration) -> Result<(), Excess> {
        let seconds = u32::try_from(now.saturating_sub(self.filled_at).as_secs()).unwrap_or(u32::MAX);
        if seconds > 0 {
            let more = seconds.saturating_mul(self.rate.a_second);
            self.left = self.left.saturating_add(more).min(self.rate.at_once);
            self.filled_at = now;
        }
        if self.left < units {
            self.excess += 1;
            return Err(if self.excess > self.rate.at_once { Excess::Hopeless } else { Excess::Refused });
        }
        self.left -= units;
        self.excess = 0;
        Ok(())
    }
}

/// What each caller may still ask over HTTP.
#[derive(Debug, Default)]
pub struct Requests {
    hashes: RandomState,
    state: Mutex<State>,
}

/// By the hash of the subject. Callers who asked lately, and those who did before: whoever is in neither
/// has all of it, so nothing grows with those who once called.
#[derive(Debug, Default)]
struct State {
    newer: HashMap<u64, Allowance>,
    older: HashMap<u64, Allowance>,
    turned_at: Duration,
}

/// This caller has asked too much; how much is right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("too many requests; {} at once and {} a second after that are right", .0.at_once, .0.a_second)]
pub struct TooMany(Rate);

impl Requests {
    /// Takes so many requests off what the caller may ask: what is large counts as several.
    ///
    /// # Errors
    /// [`TooMany`]
    pub fn take(&self, caller: &Caller, requests: u32, now: Duration) -> Result<(), TooMany> {
        let is_machine = caller.roles.contains(&Role::Integration) || caller.roles.contains(&Role::Admin);
        let rate = if is_machine { REQUESTS_OF_MACHINES } else { REQUESTS_OF_PEOPLE };
        let key = self.hashes.hash_one(&caller.subject);
        let mut state = self.state.lock();
        state.turn(now);
        let before = state.older.remove(&key);
        let allowance = state.newer.entry(key).or_insert_with(|| before.unwrap_or(Allowance::full(rate, now)));
        allowance.rate = rate;
        allowance.take(requests, now).map_err(|_| TooMany(rate))
    }
}

impl State {
    /// Forgets those who have not asked for so long that they have all of it again.
    fn turn(&mut self, now: Duration) {
        if now.saturating_sub(self.turned_at) >= ALL_ARE_FULL_AFTER {
            self.older = std::mem::take(&mut self.newer);
            self.turned_at = now;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::Timestamp;

    #[test]
    fn whoever_floods_is_held_back_then_given_up_and_one_that_calms_down_is_heard_again() {
        let mut allowance = Allowance::full(FRAMES, Duration::ZERO);
        for _ in 0..FRAMES.at_once {
            assert_eq!(allowance.take(1, Duration::ZERO), Ok(()));
        }
        assert_eq!(allowance.take(1, Duration::ZERO), Err(Excess::Refused));
        assert_eq!(allowance.take(1, Duration::from_secs(1)), Ok(()));
        while allowance.take(1, Duration::from_secs(1)).is_ok() {}
        for _ in 1..FRAMES.at_once {
            assert_eq!(allowance.take(1, Duration::from_secs(1)), Err(Excess::Refused));
        }
        assert_eq!(allowance.take(1, Duration::from_secs(1)), Err(Excess::Hopeless));
    }

    fn caller(subject: &str, role: Role) -> Caller {
        Caller {
            subject: subject.to_owned(),
            roles: [role].into_iter().collect(),
            teams: None,
            limit: None,
            name: None,
            expires: Timestamp(0),
            valid_until: Timestamp(0),
            issued: None,
            token_id: String::new(),
            opaque: false,
        }
    }

    /// How much this caller may ask now.
    fn asks(requests: &Requests, caller: &Caller, now: Duration) -> u32 {
        let asked = (0..).take_while(|_| requests.take(caller, 1, now).is_ok()).count();
        u32::try_from(asked).unwrap()
    }

    #[test]
    fn each_caller_has_an_allowance_of_its_own_by_its_role() {
        let requests = Requests::default();
        let at = Duration::from_secs(100);
        assert_eq!(asks(&requests, &caller("ada", Role::Agent), at), 400);
        assert_eq!(asks(&requests, &caller("sam", Role::Supervisor), at), 400);
        assert_eq!(asks(&requests, &caller("acd", Role::Integration), at), 2_000);
        assert_eq!(asks(&requests, &caller("alex", Role::Admin), at), 2_000);
    }

    #[test]
    fn an_allowance_fills_with_time_and_is_forgotten_only_when_full() {
        let requests = Requests::default();
        let ada = caller("ada", Role::Agent);
        let mut now = Duration::from_secs(100);
        assert_eq!(asks(&requests, &ada, now), 400);
        for _ in 0..20 {
            now += Duration::from_secs(1);
            assert_eq!(asks(&requests, &ada, now), 100);
        }
        now += Duration::from_secs(3);
        // Somebody else's request turns the page.
        assert_eq!(requests.take(&caller("bob", Role::Agent), 1, now), Ok(()));
        assert_eq!(asks(&requests, &ada, now), 300);
        for _ in 0..3 {
            now += ALL_ARE_FULL_AFTER;
            assert_eq!(requests.take(&caller("bob", Role::Agent), 1, now), Ok(()));
        }
        let state = requests.state.lock();
        assert_eq!(state.newer.len() + state.older.len(), 1);
    }
}
