//! The checker: it knows what clients saw, and reads the three databases at the end.

mod acks;
mod boards;
mod databases;
mod eligible;
mod offline;
mod spoiled;

use std::collections::BTreeMap;

use crate::boards::Row as Shown;
use crate::logs::{Row, State};
use crate::record::Seen;

/// Everything that is judged.
#[derive(Clone)]
pub struct Case {
    pub seen: Seen,
    /// When the fault was, and which hubs were lost by it.
    pub at: i64,
    pub lost: Vec<usize>,
    /// When that was over: one that was only cut off may serve again, and its agents get work.
    pub found: i64,
    /// The log of each hub.
    pub logs: Vec<Vec<Row>>,
    /// What each board shows at the end.
    pub boards: Vec<BTreeMap<String, Shown>>,
}

/// A promise that was broken, and the evidence.
pub type Violation = String;

impl Case {
    /// What was broken; of a case that is clean, what the checker would not have found.
    pub fn judge(&self) -> Vec<Violation> {
        let broken = self.broken();
        if broken.is_empty() { spoiled::unseen(self) } else { broken }
    }

    fn broken(&self) -> Vec<Violation> {
        let (seen, states) = (&self.seen, self.states());
        [
            seen.broken.clone(),
            databases::are_equal(&self.logs),
            databases::have_no_gap(&states),
            databases::have_operations_once(&self.logs),
            acks::are_kept(&seen.acks, &self.logs),
            acks::are_in_order(&seen.acks, &states),
            boards::equal_the_log(&self.boards, &states),
            boards::show_nobody_offline_who_answers(&seen.shown, &seen.lives),
            offline::is_nobody_who_answers(&states, &seen.lives),
            offline::comes_not_before_the_grace(&states, &seen.lives, self),
            eligible::is_nobody_of_a_lost_hub(self),
        ]
        .concat()
    }

    /// What the first log says of agents, in order.
    fn states(&self) -> Vec<(Row, State)> {
        let rows = self.logs.first().into_iter().flatten();
        rows.filter_map(|row| row.state().map(|state| (row.clone(), state))).collect()
    }
}

pub use eligible::unroutable_after;
pub use offline::least_grace;
pub use spoiled::untried;
