//! Who is Offline in the log: nobody whose socket answers, and nobody before the restart grace whose hub was lost.

use std::collections::BTreeMap;

use super::{Case, Violation};
use crate::logs::{Row, State};
use crate::record::{End, Life};

/// What a hub needs to keep that somebody came, and what clocks of a client and a server may say apart.
const KEEPS_WITHIN: i64 = 300;
/// The restart grace, less what a client may have heard before its hub last marked the log.
const GRACE: i64 = 10_000 - 1_000;
/// How long after its end a socket may be noticed as lost: pings.
const NOTICED_WITHIN: i64 = 12_000;

/// The entries that make somebody Offline.
fn goings(states: &[(Row, State)]) -> Vec<(&Row, &State)> {
    let mut before: BTreeMap<&str, &str> = BTreeMap::new();
    let mut goings = Vec::new();
    for (row, state) in states {
        let was = before.insert(&state.agent, &state.presence);
        if state.presence == "offline" && was.is_some_and(|was| was != "offline") {
            goings.push((row, state));
        }
    }
    goings
}

pub fn is_nobody_who_answers(states: &[(Row, State)], lives: &[Life]) -> Vec<Violation> {
    let mut broken = Vec::new();
    for (row, state) in goings(states) {
        let answering = lives.iter().find(|life| {
            life.agent == state.agent && life.opened + KEEPS_WITHIN < row.at && row.at + KEEPS_WITHIN < life.heard
        });
        if let Some(life) = answering {
            broken.push(format!("Offline while its socket answered: {state:?} at {} ({}), {life:?}", row.seq, row.at));
        }
    }
    broken
}

/// The least time, in milliseconds, that somebody who was shown Offline because of a hub had to come back before.
pub fn least_grace(case: &Case) -> Option<i64> {
    let states = case.states();
    let of_hubs = goings(&states).into_iter().filter(|(_, state)| state.sub_event == "HUB_RESTART");
    let graces = of_hubs.filter_map(|(row, state)| {
        let own = case.seen.lives.iter().filter(|life| life.agent == state.agent && life.opened < row.at);
        own.max_by_key(|life| life.opened).map(|last| row.at - last.ended)
    });
    graces.min()
}

pub fn comes_not_before_the_grace(states: &[(Row, State)], lives: &[Life], case: &Case) -> Vec<Violation> {
    let mut broken = Vec::new();
    for (row, state) in goings(states) {
        let own = lives.iter().filter(|life| life.agent == state.agent && life.opened < row.at);
        let last: Option<&Life> = own.clone().max_by_key(|life| life.opened);
        let gave_up =
            case.seen.given_up.iter().any(|it| {
                it.agent == state.agent && it.at <= row.at + KEEPS_WITHIN && row.at <= it.at + NOTICED_WITHIN
            });
        if gave_up && state.sub_event != "HUB_RESTART" {
            continue;
        }
        let Some(last) = last else {
            broken.push(format!("Offline without ever having been there: {state:?} at {}", row.seq));
            continue;
        };
        if state.sub_event == "HUB_RESTART" {
            // The agents of a hub that was cut off have the grace from then on, although it keeps their sockets for a while.
            let is_of_a_lost_hub = case.lost.contains(&last.hub) && last.opened < case.at;
            let since = if is_of_a_lost_hub { last.heard.min(case.at) } else { last.heard };
            if row.at < since + GRACE {
                let after = row.at - since;
                broken.push(format!(
                    "Offline {after} ms after its hub was last heard: {state:?} at {}, {last:?}",
                    row.seq
                ));
            }
            continue;
        }
        let is_lost = own.clone().any(|life| {
            let is_noticed = life.ended - KEEPS_WITHIN <= row.at && row.at <= life.ended + NOTICED_WITHIN;
            let lived = !case.lost.contains(&life.hub) || life.ended < case.at;
            is_noticed
                && lived
                && (life.end == End::Dropped || life.end == End::Silent || life.end == End::Closed(4411))
        });
        let is_own = own.clone().any(|life| life.end == End::Dropped && life.ended <= row.at + KEEPS_WITHIN);
        if !is_lost && !is_own {
            broken.push(format!(
                "Offline without a socket lost to a hub that lived: {state:?} at {} ({}), {last:?}",
                row.seq, row.at
            ));
        }
    }
    broken
}
