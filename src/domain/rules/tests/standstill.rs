//! The hub stood still, or its clock was ahead (`clock`): nobody loses by it.

use super::desk::{Answer, Desk, ms, off_duty, on_duty};
use crate::domain::agent::Connection;
use crate::domain::cause::{EventName, SubEventName};
use crate::domain::command::{Ended, WrapUpChoice};

fn away() -> Desk {
    let mut agent = on_duty(3);
    agent.chooses("away");
    agent
}

/// Who was away still is after so many milliseconds, and begins anew one later.
fn has_so_long_to_come_back(mut agent: Desk, left: u64) {
    let mut late = agent.clone();
    agent.after(left).signs_in();
    assert_eq!(agent.shown(), "away");
    late.after(left + 1).signs_in();
    assert_eq!(late.shown(), "available");
}

#[test]
fn an_acceptance_that_waited_is_applied_and_not_missed() {
    let mut agent = on_duty(3);
    agent.is_offered_for("w1", 30_000);
    agent.after(10_000).the_hub_stands_still(300_000);
    let mut missed = agent.clone();
    assert_eq!(agent.after(19_999).accepts("w1"), Answer::Applied);
    assert_eq!((agent.shown(), agent.units()), ("busy", (1, 0)));
    missed.after(20_000).ticks();
    assert_eq!(missed.shown(), "inactive");
}

#[test]
fn an_agent_who_comes_back_while_the_hub_stands_still_finds_what_was_left() {
    let mut agent = away();
    agent.loses_its_network();
    agent.after(5_000).the_hub_stands_still(300_000);
    has_so_long_to_come_back(agent, 145_000);
}

#[test]
fn a_tick_after_a_standstill_moves_the_window_and_ends_nothing() {
    let mut agent = away();
    agent.loses_its_network();
    let left = agent.now;
    agent.after(5_000).the_hub_stands_still(300_000).ticks();
    assert_eq!(agent.agent.connection, Connection::Disconnected { until: left.plus(ms(450_000)) });
    assert_eq!(agent.last().cause.event, EventName::Other);
    assert_eq!(agent.agent.cause.event, EventName::Disconnected, "the presence has not moved");
    assert_eq!(agent.ticks(), Answer::Unchanged);
}

#[test]
fn a_reload_is_not_held_against_a_page_that_the_hub_did_not_hear() {
    let mut agent = away();
    agent.refreshes();
    agent.the_hub_stands_still(60_000).signs_in();
    assert_eq!(agent.shown(), "away");
    assert!(!agent.log.iter().any(|change| change.after.shown_presence() == "offline" && change.after.is_logged_in()));
}

#[test]
fn what_was_due_before_the_standstill_has_happened() {
    let mut agent = on_duty(3);
    agent.is_offered_for("w1", 30_000);
    agent.after(30_000).the_hub_stands_still(60_000).ticks();
    assert_eq!(agent.shown(), "inactive");
    let mut left = away();
    left.loses_its_network();
    left.after(150_001).the_hub_stands_still(60_000).signs_in();
    assert_eq!(left.shown(), "available");
}

#[test]
fn what_another_node_has_decided_since_does_not_wait_for_it() {
    let mut agent = away();
    agent.the_hub_stands_still(60_000).after(1_000).at_another_node(|agent| {
        agent.loses_its_network();
    });
    has_so_long_to_come_back(agent, 150_000);
}

#[test]
fn what_another_node_has_decided_meanwhile_waits_for_the_rest_of_it() {
    let mut agent = away();
    agent.the_hub_stands_still(60_000);
    let after = agent.now;
    agent.now = after.minus(ms(20_000));
    agent.at_another_node(|agent| {
        agent.loses_its_network();
    });
    agent.now = after;
    has_so_long_to_come_back(agent, 150_000);
}

#[test]
fn wrap_up_and_chosen_times_run_on_and_keep_their_instants() {
    let mut agent = on_duty(1).holding(&["w1"]);
    agent.ends_with("w1", WrapUpChoice::Custom, Some(ms(30_000)));
    let mut chosen = away();
    chosen.chooses_for("busy", 30_000, Some("do-not-disturb"));
    for (mut desk, presence) in [(agent, "available"), (chosen, "do-not-disturb")] {
        let instant = desk.now.plus(ms(30_000));
        desk.the_hub_stands_still(60_000).ticks();
        assert_eq!((desk.shown(), desk.agent.since), (presence, instant));
    }
}

#[test]
fn a_session_that_ended_before_a_standstill_and_is_decided_after_it_has_a_window_that_waits() {
    let mut agent = away();
    let ended = Ended::At { at: agent.now, how: SubEventName::NetworkLost, network: None };
    agent.after(1_000).the_hub_stands_still(300_000).oldest_session(ended);
    agent.after(149_000).signs_in();
    assert_eq!(agent.shown(), "away");
}

#[test]
fn deadlines_wait_for_each_of_several_standstills() {
    let mut agent = away();
    agent.loses_its_network();
    for _ in 0..3 {
        agent.after(40_000).the_hub_stands_still(100_000);
    }
    has_so_long_to_come_back(agent, 30_000);
}

#[test]
fn a_standstill_changes_nothing_for_an_agent_without_a_deadline() {
    for mut agent in [on_duty(3).holding(&["w1"]), off_duty(3)] {
        assert_eq!(agent.the_hub_stands_still(60_000).ticks(), Answer::Unchanged);
    }
}

#[test]
fn a_state_of_a_clock_that_was_ahead_goes_on_from_now_and_keeps_what_was_left() {
    const DAY: u64 = 86_400_000;
    let mut agent = away();
    agent.after(DAY).is_offered("w1");
    agent.loses_its_network();
    let tomorrow = agent.now;
    agent.now = agent.now.minus(ms(DAY));
    agent.agent.brought_back_to(agent.now);
    assert_eq!((agent.agent.since, agent.agent.changed_at), (agent.now, agent.now));
    assert_eq!(agent.agent.connection, Connection::Disconnected { until: agent.now.plus(ms(150_000)) });
    assert_eq!(agent.agent.past_offers.withdrawn()[0].at, agent.now);
    let mut seen = agent.agent.clone();
    seen.brought_back_to(tomorrow);
    assert_eq!(seen, agent.agent, "what is not ahead stays");
    has_so_long_to_come_back(agent, 150_000);
}
