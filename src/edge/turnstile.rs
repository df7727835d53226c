//! The line in which batches wait: one for each caller, served in turn.
//!
//! Only so many events of batches are under way at once: few while people are about, well below what the
//! engine commits in a few milliseconds. People, ends of sessions and deadlines do not pass here, so they never find much
//! before them; and whoever sends much waits for its own share, not before others.
//!
//! What one caller asks of one agent passes one by one, in the order it came. So nobody has more
//! than one thing before an agent's turn, however much it sends about that agent.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use parking_lot::{Mutex, MutexGuard};
use tokio::sync::oneshot;

use crate::agents::PeopleAbout;
use crate::domain::ids::AgentId;

/// How many may be through at once beside people: what a commit takes then, twice, so that the next waits
/// while one is written. Measured (*crowded*): with 128 people wait a third longer, for no more events.
pub const BESIDE_PEOPLE: usize = 64;
/// How many while no people are about: what a commit takes then, twice. Measured (*events*, over sockets):
/// with 64 half as many events pass.
const ALONE: usize = 512;

/// How many of one caller are called in a row. One by one, batches of many callers would all end together,
/// and while the next are understood nothing would be kept.
const A_TURN: usize = 16;

/// The line in which batches wait. Clones share it.
#[derive(Clone, Debug)]
pub struct Turnstile {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    most_waiting: usize,
    people: PeopleAbout,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    /// How many have a place.
    through: usize,
    /// Callers with somebody ready, each once, in the order of their turns.
    turns: VecDeque<Arc<str>>,
    /// How many of the first were called in this turn.
    in_a_row: usize,
    lines: HashMap<Arc<str>, Line>,
}

/// One caller's.
#[derive(Debug, Default)]
struct Line {
    /// Who waits for nothing but a place.
    ready: VecDeque<Ticket>,
    /// For each agent that somebody is ready or through for: who stands behind, in order.
    behind: HashMap<AgentId, VecDeque<Ticket>>,
    /// All of them, those who are through included.
    entered: usize,
}

#[derive(Debug)]
struct Ticket {
    agent: AgentId,
    call: oneshot::Sender<Place>,
}

/// This caller has so much waiting that more is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Crowded {
    /// How much waits.
    pub waiting: usize,
}

/// Somebody in the line. Dropped, it leaves.
#[derive(Debug)]
pub struct Entry {
    called: oneshot::Receiver<Place>,
}

/// A place behind the turnstile; dropping it calls the next.
#[derive(Debug)]
pub struct Place {
    shared: Arc<Shared>,
    caller: Arc<str>,
    agent: AgentId,
    held: Held,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Held {
    Yes,
    No,
}

impl Turnstile {
    /// Nobody is there. Beyond `most_waiting` of one caller, more is not taken.
    #[must_use]
    pub fn new(most_waiting: u32, people: PeopleAbout) -> Self {
        let state = State { through: 0, turns: VecDeque::new(), in_a_row: 0, lines: HashMap::new() };
        let shared = Shared { most_waiting: most_waiting as usize, people, state: Mutex::new(state) };
        Self { shared: Arc::new(shared) }
    }

    /// Whether this caller may enter more: asked once for each batch, before it is understood.
    ///
    /// # Errors
    /// [`Crowded`]
    pub fn admit(&self, caller: &str) -> Result<(), Crowded> {
        let waiting = self.shared.state().lines.get(caller).map_or(0, |line| line.entered);
        if waiting >= self.shared.most_waiting { Err(Crowded { waiting }) } else { Ok(()) }
    }

    /// Whether something of this caller about this agent is in the line or through.
    pub fn has(&self, caller: &str, agent: &AgentId) -> bool {
        self.shared.state().lines.get(caller).is_some_and(|line| line.behind.contains_key(agent))
    }

    /// Stands in the caller's line, to do something about `agent`.
    pub fn enter(&self, caller: &Arc<str>, agent: &AgentId) -> Entry {
        let (call, called) = oneshot::channel();
        let ticket = Ticket { agent: agent.clone(), call };
        let mut state = self.shared.state();
        let line = state.lines.entry(caller.clone()).or_default();
        line.entered += 1;
        match line.behind.get_mut(agent) {
            Some(behind) => behind.push_back(ticket),
            None => {
                line.behind.insert(agent.clone(), VecDeque::new());
                state.make_ready(caller, ticket);
                self.shared.call(&mut state);
            }
        }
        Entry { called }
    }
}

impl Entry {
    /// Waits for a place.
    pub async fn pass(self) -> Option<Place> {
        // Whoever stands in the line is called in the end, unless the hub itself ends.
        self.called.await.ok()
    }
}

impl Shared {
    /// Calls those whose turn it is, as long as there are places.
    fn call(self: &Arc<Self>, state: &mut State) {
        let places = if self.people.are_about() { BESIDE_PEOPLE } else { ALONE };
        while state.through < places {
            let Some((caller, ticket)) = state.take_next() else { return };
            let Ticket { agent, call } = ticket;
            let place = Place { shared: self.clone(), caller: caller.clone(), agent, held: Held::Yes };
            state.through += 1;
            if let Err(mut unwanted) = call.send(place) {
                unwanted.held = Held::No;
                state.leave(&caller, &unwanted.agent);
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock()
    }
}

impl State {
    fn make_ready(&mut self, caller: &Arc<str>, ticket: Ticket) {
        let Some(line) = self.lines.get_mut(caller) else { return };
        if line.ready.is_empty() {
            self.turns.push_back(caller.clone());
        }
        line.ready.push_back(ticket);
    }

    fn take_next(&mut self) -> Option<(Arc<str>, Ticket)> {
        let caller = self.turns.pop_front()?;
        let ready = &mut self.lines.get_mut(&caller)?.ready;
        let ticket = ready.pop_front()?;
        self.in_a_row += 1;
        let is_over = ready.is_empty() || self.in_a_row == A_TURN;
        if !ready.is_empty() {
            if is_over { self.turns.push_back(caller.clone()) } else { self.turns.push_front(caller.clone()) }
        }
        if is_over {
            self.in_a_row = 0;
        }
        Some((caller, ticket))
    }

    /// Gives a place back: whoever stands behind about the same agent becomes ready.
    fn leave(&mut self, caller: &Arc<str>, agent: &AgentId) {
        self.through -= 1;
        let Some(line) = self.lines.get_mut(caller) else { return };
        line.entered -= 1;
        match line.behind.get_mut(agent).and_then(VecDeque::pop_front) {
            Some(next) => self.make_ready(caller, next),
            None => {
                line.behind.remove(agent);
                if line.entered == 0 {
                    self.lines.remove(caller);
                }
            }
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if self.held == Held::Yes {
            let mut state = self.shared.state();
            state.leave(&self.caller, &self.agent);
            self.shared.call(&mut state);
        }
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt;

    use super::*;
    use crate::clock::Clock;
    use crate::domain::time::Timestamp;

    const MOST: u32 = 1_000;

    struct Queue {
        turnstile: Turnstile,
        people: PeopleAbout,
        entered: Vec<(String, Entry)>,
        through: Vec<Place>,
    }

    impl Queue {
        fn new() -> Self {
            let people = PeopleAbout::nobody(Clock::starting_at(Timestamp(0)));
            let turnstile = Turnstile::new(MOST, people.clone());
            Self { turnstile, people, entered: Vec::new(), through: Vec::new() }
        }

        fn enters(&mut self, caller: &str, agent: &str) {
            let entry = self.turnstile.enter(&Arc::from(caller), &AgentId::new(agent).unwrap());
            self.entered.push((format!("{caller} about {agent}"), entry));
        }

        /// Who is called now.
        fn called(&mut self) -> Vec<String> {
            let mut called = Vec::new();
            for (name, mut entry) in std::mem::take(&mut self.entered) {
                match (&mut entry.called).now_or_never() {
                    Some(place) => {
                        self.through.push(place.unwrap());
                        called.push(name);
                    }
                    None => self.entered.push((name, entry)),
                }
            }
            called
        }

        fn full() -> Self {
            let mut queue = Self::new();
            queue.people.come();
            for number in 0..BESIDE_PEOPLE {
                queue.enters("first", &format!("a{number}"));
            }
            assert_eq!(queue.called().len(), BESIDE_PEOPLE);
            queue
        }

        /// So many who are through have done what they came for.
        fn leave(&mut self, many: usize) {
            self.through.drain(..many);
        }
    }

    #[test]
    fn a_caller_with_much_waits_for_its_share_and_one_with_little_does_not_wait_for_it() {
        let mut queue = Queue::full();
        for number in 0..100 {
            queue.enters("busy", &format!("b{number}"));
        }
        queue.enters("calm", "c0");
        queue.enters("calm", "c1");
        assert_eq!(queue.called(), [""; 0]);
        queue.leave(A_TURN + 3);
        let busy = |numbers: std::ops::Range<usize>| numbers.map(|number| format!("busy about b{number}"));
        let calm = ["calm about c0".to_owned(), "calm about c1".to_owned()];
        // In the order in which they came, not in which they were called.
        let expected: Vec<_> = busy(0..A_TURN + 1).chain(calm).collect();
        assert_eq!(queue.called(), expected);
        queue.leave(3);
        assert_eq!(queue.called(), busy(A_TURN + 1..A_TURN + 4).collect::<Vec<_>>());
    }

    #[test]
    fn what_a_caller_asks_of_one_agent_passes_one_by_one_in_its_order() {
        let mut queue = Queue::new();
        for agent in ["ada", "ada", "bob", "ada"] {
            queue.enters("acd", agent);
        }
        queue.enters("other", "ada");
        assert_eq!(queue.called(), ["acd about ada", "acd about bob", "other about ada"]);
        queue.through.remove(0);
        assert_eq!(queue.called(), ["acd about ada"]);
        queue.through.clear();
        assert_eq!(queue.called(), ["acd about ada"]);
        queue.through.clear();
        assert!(queue.turnstile.shared.state().lines.is_empty());
    }

    #[test]
    fn who_has_left_the_line_is_passed_over_and_keeps_nobody() {
        let mut queue = Queue::full();
        for agent in ["ada", "ada", "bob", "ada"] {
            queue.enters("acd", agent);
        }
        queue.entered.drain(..3);
        queue.leave(1);
        assert_eq!(queue.called(), ["acd about ada"]);
        queue.through.clear();
        let state = queue.turnstile.shared.state();
        assert_eq!((state.through, state.lines.len(), state.turns.len()), (0, 0, 0));
    }

    #[test]
    fn one_who_has_too_much_waiting_is_told_so_and_others_are_not() {
        let mut queue = Queue::new();
        for number in 0..MOST {
            assert_eq!(queue.turnstile.admit("busy"), Ok(()));
            queue.enters("busy", &format!("b{number}"));
        }
        assert_eq!(queue.turnstile.admit("busy"), Err(Crowded { waiting: MOST as usize }));
        assert_eq!(queue.turnstile.admit("calm"), Ok(()));
        queue.entered.clear();
        queue.through.clear();
        assert_eq!(queue.turnstile.admit("busy"), Ok(()));
    }
}
