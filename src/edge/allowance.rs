//! How much may be asked: buckets that fill with time, one for each socket, for each caller over HTTP, and for
//! each address.

use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::fmt;
use std::hash::{BuildHasher, Hash};
use std::time::Duration;

use parking_lot::Mutex;

use crate::config::LimitSettings;
use crate::identity::{Caller, Role};

/// So much at once, and so much each second after that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    at_once: u32,
    a_second: u32,
}

impl Rate {
    /// What `setting` says in this many seconds at once, and what it says each second.
    const fn of(setting: u32, seconds: u32) -> Self {
        Self { at_once: setting.saturating_mul(seconds), a_second: setting }
    }

    /// Frames of a socket, pings and pongs included. Events are not counted here: they wait in a line.
    #[must_use]
    pub const fn of_frames(limits: &LimitSettings) -> Self {
        Self::of(limits.frames_per_socket, 5)
    }

    /// Requests of people over HTTP.
    #[must_use]
    pub const fn of_people(limits: &LimitSettings) -> Self {
        Self::of(limits.requests_per_person, 4)
    }

    /// Requests of work systems and administrators. Events and imports are not counted here either.
    #[must_use]
    pub const fn of_machines(limits: &LimitSettings) -> Self {
        Self::of(limits.requests_per_machine, 2)
    }

    /// Connections that an address opens.
    #[must_use]
    pub const fn of_new_connections(limits: &LimitSettings) -> Self {
        Self::of(limits.new_connections_per_address, 20)
    }

    /// Tokens of an address that were not believed.
    #[must_use]
    pub const fn of_bad_tokens(limits: &LimitSettings) -> Self {
        Self::of(limits.bad_tokens_per_address, 5)
    }

    /// So many in a minute, which may all come at once. Of fewer than sixty, one a second comes back.
    #[must_use]
    pub const fn a_minute(setting: u32) -> Self {
        Self { at_once: setting, a_second: setting.div_ceil(60) }
    }

    /// After so long without a request a bucket is full again.
    fn fills_in(self) -> Duration {
        Duration::from_secs(self.at_once.div_ceil(self.a_second).into())
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at once and {} a second after that", self.at_once, self.a_second)
    }
}

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
        self.fill(now);
        if self.left < units {
            self.excess = self.excess.saturating_add(1);
            return Err(if self.excess > self.rate.at_once { Excess::Hopeless } else { Excess::Refused });
        }
        self.left -= units;
        self.excess = 0;
        Ok(())
    }

    fn is_left(&mut self, now: Duration) -> bool {
        self.fill(now);
        self.left > 0
    }

    fn fill(&mut self, now: Duration) {
        let seconds = u32::try_from(now.saturating_sub(self.filled_at).as_secs()).unwrap_or(u32::MAX);
        if seconds > 0 {
            let more = seconds.saturating_mul(self.rate.a_second);
            self.left = self.left.saturating_add(more).min(self.rate.at_once);
            self.filled_at = now;
        }
    }
}

/// What each of many may still ask, all by one rate or by rates that fill in the same time.
#[derive(Debug)]
pub struct Buckets {
    hashes: RandomState,
    /// After so long without a request every bucket is full again.
    all_are_full_after: Duration,
    state: Mutex<State>,
}

/// By the hash of who asks. Those who asked lately, and those who did before: whoever is in neither
/// has all of it, so nothing grows with those who once asked.
#[derive(Debug, Default)]
struct State {
    newer: HashMap<u64, Allowance>,
    older: HashMap<u64, Allowance>,
    turned_at: Duration,
}

/// How many who asked lately are told apart: ten times an office. If there are more, those of before are forgotten,
/// and so may ask anew.
const MOST_TOLD_APART: usize = 100_000;

impl Buckets {
    /// All are full. They fill as long as the slowest of `rates`.
    #[must_use]
    pub fn full(rates: &[Rate]) -> Self {
        let all_are_full_after = rates.iter().map(|rate| rate.fills_in()).max().unwrap_or_default();
        Self { hashes: RandomState::new(), all_are_full_after, state: Mutex::default() }
    }

    /// Takes so much off what `who` may ask by this rate.
    ///
    /// # Errors
    /// Not so much is left; then nothing is taken.
    pub fn take(&self, who: impl Hash, rate: Rate, units: u32, now: Duration) -> Result<(), Excess> {
        let key = self.hashes.hash_one(who);
        let mut state = self.state.lock();
        state.turn(self.all_are_full_after, now);
        let before = state.older.remove(&key);
        let allowance = state.newer.entry(key).or_insert_with(|| before.unwrap_or(Allowance::full(rate, now)));
        allowance.rate = rate;
        allowance.take(units, now)
    }

    /// Whether something is left of what `who` may ask.
    pub fn has_left(&self, who: impl Hash, now: Duration) -> bool {
        let key = self.hashes.hash_one(who);
        let mut state = self.state.lock();
        let State { newer, older, .. } = &mut *state;
        newer.get_mut(&key).or_else(|| older.get_mut(&key)).is_none_or(|allowance| allowance.is_left(now))
    }
}

impl State {
    /// Forgets those who have not asked for so long that they have all of it again.
    fn turn(&mut self, all_are_full_after: Duration, now: Duration) {
        let is_over = now.saturating_sub(self.turned_at) >= all_are_full_after;
        if is_over || self.newer.len() >= MOST_TOLD_APART {
            self.older = std::mem::take(&mut self.newer);
            self.turned_at = now;
        }
    }
}

/// What each caller may still ask over HTTP.
#[derive(Debug)]
pub struct Requests {
    people: Rate,
    machines: Rate,
    buckets: Buckets,
}

/// This caller has asked too much; how much is right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("too many requests; {0} are right")]
pub struct TooMany(Rate);

impl Requests {
    /// As these settings say.
    #[must_use]
    pub fn of(limits: &LimitSettings) -> Self {
        let (people, machines) = (Rate::of_people(limits), Rate::of_machines(limits));
        Self { people, machines, buckets: Buckets::full(&[people, machines]) }
    }

    /// Takes so many requests off what the caller may ask: what is large counts as several.
    ///
    /// # Errors
    /// [`TooMany`]
    pub fn take(&self, caller: &Caller, requests: u32, now: Duration) -> Result<(), TooMany> {
        let is_machine = caller.roles.contains(Role::Integration) || caller.roles.contains(Role::Admin);
        let rate = if is_machine { self.machines } else { self.people };
        self.buckets.take(&caller.subject, rate, requests, now).map_err(|_| TooMany(rate))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::Timestamp;

    #[test]
    fn whoever_floods_is_held_back_then_given_up_and_one_that_calms_down_is_heard_again() {
        let frames = Rate::of_frames(&LimitSettings::default());
        let mut allowance = Allowance::full(frames, Duration::ZERO);
        for _ in 0..frames.at_once {
            assert_eq!(allowance.take(1, Duration::ZERO), Ok(()));
        }
        assert_eq!(allowance.take(1, Duration::ZERO), Err(Excess::Refused));
        assert_eq!(allowance.take(1, Duration::from_secs(1)), Ok(()));
        while allowance.take(1, Duration::from_secs(1)).is_ok() {}
        for _ in 1..frames.at_once {
            assert_eq!(allowance.take(1, Duration::from_secs(1)), Err(Excess::Refused));
        }
        assert_eq!(allowance.take(1, Duration::from_secs(1)), Err(Excess::Hopeless));
    }

    fn caller(subject: &str, role: Role) -> Caller {
        Caller {
            subject: subject.to_owned(),
            roles: [role].into_iter().collect(),
            teams: None,
            limited: false,
            name: None,
            expires: Timestamp(0),
            valid_until: Timestamp(0),
            issued: None,
            token_id: String::new(),
            opaque: false,
            key: None,
        }
    }

    /// How much this caller may ask now.
    fn asks(requests: &Requests, caller: &Caller, now: Duration) -> u32 {
        let asked = (0..).take_while(|_| requests.take(caller, 1, now).is_ok()).count();
        u32::try_from(asked).unwrap()
    }

    #[test]
    fn each_caller_has_an_allowance_of_its_own_by_its_role() {
        let requests = Requests::of(&LimitSettings::default());
        let at = Duration::from_secs(100);
        assert_eq!(asks(&requests, &caller("ada", Role::Agent), at), 400);
        assert_eq!(asks(&requests, &caller("sam", Role::Supervisor), at), 400);
        assert_eq!(asks(&requests, &caller("acd", Role::Integration), at), 2_000);
        assert_eq!(asks(&requests, &caller("alex", Role::Admin), at), 2_000);
    }

    #[test]
    fn an_allowance_fills_with_time_and_is_forgotten_only_when_full() {
        let requests = Requests::of(&LimitSettings::default());
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
            now += requests.buckets.all_are_full_after;
            assert_eq!(requests.take(&caller("bob", Role::Agent), 1, now), Ok(()));
        }
        let state = requests.buckets.state.lock();
        assert_eq!(state.newer.len() + state.older.len(), 1);
    }

    #[test]
    fn who_is_not_told_apart_any_more_has_all_of_it_again_and_nothing_grows_without_end() {
        let rate = Rate::of(1, 1);
        let buckets = Buckets::full(&[rate]);
        for who in 0..3 * MOST_TOLD_APART {
            assert_eq!(buckets.take(who, rate, 1, Duration::ZERO), Ok(()));
        }
        let last = 3 * MOST_TOLD_APART - 1;
        assert!(!buckets.has_left(last, Duration::ZERO) && buckets.has_left(0, Duration::ZERO));
        assert!(buckets.has_left(last, Duration::from_secs(1)));
        let state = buckets.state.lock();
        assert!(state.newer.len() + state.older.len() <= 2 * MOST_TOLD_APART);
    }
}
