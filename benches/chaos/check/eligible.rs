//! Who gets work: nobody of a hub that was killed or cut off, from four seconds after that.

use std::collections::BTreeSet;

use super::{Case, Violation};
use crate::record::Listed;

/// From when on no other hub gives an agent of a lost one out.
const UNROUTABLE_AFTER: i64 = 4_000;

/// What another hub said of agents who were at a lost hub and had not tried to go elsewhere: when, and of whom.
fn given_out(case: &Case) -> Vec<(Listed, BTreeSet<String>)> {
    let there: Vec<&str> = case
        .seen
        .lives
        .iter()
        .filter(|life| case.lost.contains(&life.hub) && life.opened < case.at && life.ended >= case.at)
        .map(|life| life.agent.as_str())
        .collect();
    let while_lost = case.seen.listed.iter().filter(|listed| case.at <= listed.sent && listed.answered <= case.found);
    let of_others = while_lost.filter(|listed| !case.lost.contains(&listed.hub));
    of_others
        .filter_map(|listed| {
            let stayed = there.iter().filter(|agent| {
                listed.agents.contains(**agent)
                    && !case
                        .seen
                        .attempts
                        .iter()
                        .any(|it| it.agent == **agent && case.at <= it.at && it.at <= listed.answered)
            });
            let stayed: BTreeSet<String> = stayed.map(|agent| (*agent).to_owned()).collect();
            (!stayed.is_empty()).then(|| (listed.clone(), stayed))
        })
        .collect()
}

pub fn is_nobody_of_a_lost_hub(case: &Case) -> Vec<Violation> {
    let late = given_out(case).into_iter().filter(|(listed, _)| listed.sent > case.at + UNROUTABLE_AFTER);
    late.map(|(listed, agents)| {
        format!("hub {} gave out {agents:?} {} ms after their hub was lost", listed.hub + 1, listed.sent - case.at)
    })
    .collect()
}

/// How long after the fault an agent of a lost hub was last given out by another one.
pub fn unroutable_after(case: &Case) -> Option<i64> {
    let last = given_out(case).into_iter().map(|(listed, _)| listed.sent - case.at).max();
    (!case.lost.is_empty()).then(|| last.unwrap_or(0))
}
