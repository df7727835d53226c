//! Those who may get work at all, in order, kept as agents change; and the lines of questions.
//!
//! A change of an agent moves one rank in the order and adds one piece of news. Lines read the news when
//! their question is asked again, so that lines that nobody asks for cost nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use parking_lot::{Mutex, MutexGuard};

use super::STEPS;
use super::line::Line;
use super::news::{Moved, News};
use super::rank::Rank;
use crate::domain::agent::Agent;
use crate::domain::ids::{AgentId, WorkstreamId};
use crate::domain::rules::eligibility::may_get_some_work;
use crate::engine::Seq;

/// Questions whose lines are kept; those asked last stay. Far more than routers ask.
const LINES: usize = if cfg!(test) { 4 } else { 64 };

/// Who may get work at all, and the lines of those who were asked for.
#[derive(Debug, Default)]
pub struct Index {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    order: BTreeSet<Rank>,
    news: News,
    lines: BTreeMap<Question, KeptLine>,
    /// How many questions were asked.
    asked: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Question {
    workstream: WorkstreamId,
    /// The name of the selection.
    selection: String,
}

#[derive(Debug)]
struct KeptLine {
    line: Arc<Mutex<Line>>,
    /// When the question was asked last: the number of that asking.
    asked_last: u64,
}

impl Index {
    /// The agents as they were loaded.
    pub fn of<'a>(agents: impl Iterator<Item = &'a Agent>) -> Self {
        let order = agents.filter_map(rank).collect();
        Self { state: Mutex::new(State { order, ..State::default() }) }
    }

    /// An agent's state has changed.
    pub fn changed(&self, before: Option<&Agent>, after: &Agent) {
        let moved = Moved { before: before.and_then(rank), after: rank(after) };
        if moved.before.is_none() && moved.after.is_none() {
            return;
        }
        let mut state = self.state();
        if moved.before != moved.after {
            if let Some(rank) = &moved.before {
                state.order.remove(rank);
            }
            state.order.extend(moved.after.clone());
        }
        if !state.lines.is_empty() {
            state.news.add(moved);
        }
    }

    /// The line of a question; a new one if it was not asked lately.
    pub fn line(&self, workstream: &WorkstreamId, selection: &str) -> Arc<Mutex<Line>> {
        let mut state = self.state();
        state.asked += 1;
        let asked_last = state.asked;
        let question = Question { workstream: workstream.clone(), selection: selection.to_owned() };
        if let Some(kept) = state.lines.get_mut(&question) {
            kept.asked_last = asked_last;
            return Arc::clone(&kept.line);
        }
        if state.lines.len() == LINES
            && let Some((longest_ago, _)) = state.lines.iter().min_by_key(|(_, kept)| kept.asked_last)
        {
            let longest_ago = longest_ago.clone();
            state.lines.remove(&longest_ago);
        }
        let line = Arc::new(Mutex::new(Line::default()));
        state.lines.insert(question, KeptLine { line: Arc::clone(&line), asked_last });
        line
    }

    /// Brings a line forward by one bite. Returns the first `most` ranks behind `after`, or all there
    /// are, once the line knows them. `passes` decides under the directory at `directory`.
    pub fn bite(
        &self,
        line: &Mutex<Line>,
        directory: Seq,
        passes: impl Fn(&AgentId) -> bool,
        after: Option<&Rank>,
        most: usize,
    ) -> Option<Vec<Rank>> {
        let state = self.state();
        let mut line = line.lock();
        let steps = line.hear(&state.news, directory, &passes, STEPS);
        if !line.heard_all(&state.news) {
            return None;
        }
        if let Some(found) = line.find(after, most) {
            return Some(found);
        }
        line.walk(&state.order, &passes, steps);
        line.find(after, most)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock()
    }
}

/// The agent's rank, if there is any work that it may get.
fn rank(agent: &Agent) -> Option<Rank> {
    may_get_some_work(agent).then(|| Rank::of(agent))
}
