//! Boards: at the end they show what the log says, and never an agent Offline whose socket answers.

use std::collections::BTreeMap;

use super::Violation;
use crate::boards::Row as Row_;
use crate::logs::{Row, State};
use crate::record::{Life, Shown};

/// How far a board may be behind.
const BEHIND: i64 = 2_000;

pub fn equal_the_log(boards: &[BTreeMap<String, Row_>], states: &[(Row, State)]) -> Vec<Violation> {
    let newest: BTreeMap<&str, Row_> = states
        .iter()
        .map(|(row, state)| {
            let shown = Row_ { version: state.version, seq: row.seq, presence: state.presence.clone() };
            (state.agent.as_str(), shown)
        })
        .collect();
    let mut broken = Vec::new();
    for (number, board) in boards.iter().enumerate() {
        for (agent, kept) in &newest {
            let shown = board.get(*agent);
            if shown != Some(kept) {
                broken.push(format!("board {number} shows {agent} as {shown:?}, the log says {kept:?}"));
            }
        }
        let strangers = board.keys().filter(|agent| !newest.contains_key(agent.as_str()));
        broken.extend(strangers.map(|agent| format!("board {number} shows {agent}, whom the log does not know")));
    }
    broken
}

pub fn show_nobody_offline_who_answers(shown: &[Shown], lives: &[Life]) -> Vec<Violation> {
    let mut broken = Vec::new();
    for shown in shown {
        let answering = lives
            .iter()
            .find(|life| life.agent == shown.agent && life.opened + BEHIND < shown.at && shown.at < life.heard);
        if let Some(life) = answering {
            broken.push(format!(
                "board {} at hub {} showed somebody Offline who answered: {shown:?}, {life:?}",
                shown.board,
                shown.hub + 1
            ));
        }
    }
    broken
}
