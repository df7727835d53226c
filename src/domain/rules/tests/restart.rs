//! The hub's own absence (rule book, *The hub's own absence*).

use super::desk::{Answer, Desk, item, ms, on_duty};
use crate::domain::agent::{Connection, Grace};
use crate::domain::cause::{Actor, EventName, SubEventName};
use crate::domain::command::{Ask, WrapUpChoice};
use crate::domain::ids::SessionId;

fn away() -> Desk {
    let mut agent = on_duty(3);
    agent.chooses("away");
    agent
}

#[test]
fn an_agent_who_returns_within_the_restart_grace_was_never_shown_offline() {
    let mut agent = away();
    let since = agent.agent.since;
    agent.the_hub_is_away(60_000);
    assert_eq!(agent.shown(), "away");
    agent.after(10_000).signs_in();
    assert_eq!((agent.shown(), agent.agent.since), ("away", since));
    assert_eq!(agent.agent.cause.event, EventName::SetPresence);
}

#[test]
fn an_agent_who_does_not_return_within_the_restart_grace_is_disconnected_and_the_window_counts_from_its_end() {
    let mut agent = away();
    agent.the_hub_is_away(60_000);
    let grace_ends = agent.now.plus(ms(10_000));
    agent.after(10_001).ticks();
    assert_eq!((agent.shown(), agent.agent.since), ("offline", grace_ends));
    assert_eq!(agent.agent.cause.sub_event, Some(SubEventName::HubRestart));
    let mut late = agent.clone();
    agent.after(149_999).signs_in();
    assert_eq!(agent.shown(), "away");
    late.after(150_000).signs_in();
    assert_eq!(late.shown(), "available");
}

#[test]
fn offers_live_through_the_restart_grace_and_wait_for_the_hub() {
    let mut agent = on_duty(3);
    agent.is_offered_for("w1", 30_000);
    agent.is_offered("w2");
    agent.after(10_000).the_hub_is_away(60_000);
    assert_eq!((agent.shown(), agent.units(), agent.last().withdrawn.len()), ("available", (0, 2), 0));
    agent.after(10_000).signs_in();
    assert_eq!(agent.accepts("w2"), Answer::Applied);
    agent.after(9_999).ticks();
    assert_eq!(agent.units(), (1, 1));
    agent.after(1).ticks();
    assert_eq!(agent.shown(), "inactive");
    assert_eq!(agent.misses("w1"), Answer::Refused("offer_already_ended"));
}

#[test]
fn offers_to_who_does_not_return_end_with_the_restart_grace() {
    let mut agent = on_duty(3);
    agent.is_offered_for("w1", 30_000);
    agent.the_hub_is_away(60_000);
    agent.after(10_001).ticks();
    assert_eq!(
        (agent.shown(), agent.units(), agent.last().withdrawn.as_slice()),
        ("offline", (0, 0), &[item("w1")][..])
    );
    assert_eq!(agent.last().cause.sub_event, Some(SubEventName::HubRestart));
    assert_eq!(agent.misses("w1"), Answer::Refused("offer_already_ended"));
}

#[test]
fn an_offer_that_times_out_within_the_restart_grace_is_a_miss_as_in_that_of_a_refresh() {
    let mut agent = on_duty(3);
    agent.is_offered_for("w1", 30_000);
    agent.after(25_000).the_hub_is_away(60_000);
    agent.after(5_000).ticks();
    assert_eq!((agent.shown(), agent.units()), ("inactive", (0, 0)));
}

#[test]
fn an_offer_that_timed_out_before_the_hub_stopped_was_missed() {
    let mut agent = on_duty(3);
    agent.is_offered_for("w1", 30_000);
    agent.after(40_000).the_hub_is_away(60_000);
    assert_eq!(agent.shown(), "inactive");
}

#[test]
fn the_restore_window_waits_for_the_hub() {
    let mut agent = away();
    agent.loses_its_network();
    agent.after(100_000).the_hub_is_away(600_000);
    agent.after(50_000);
    let mut late = agent.clone();
    agent.signs_in();
    assert_eq!(agent.shown(), "away");
    late.after(1).signs_in();
    assert_eq!(late.shown(), "available");
}

#[test]
fn a_window_that_lapsed_before_the_hub_stopped_has_lapsed() {
    let mut agent = away();
    agent.loses_its_network();
    agent.after(150_001).the_hub_is_away(60_000);
    assert!(!agent.agent.is_logged_in());
}

#[test]
fn wrap_up_and_chosen_times_run_on_and_keep_their_instants() {
    let mut agent = on_duty(1).holding(&["w1"]);
    agent.ends_with("w1", WrapUpChoice::Custom, Some(ms(30_000)));
    let mut chosen = away();
    chosen.chooses_for("busy", 30_000, Some("do-not-disturb"));
    for (mut desk, presence) in [(agent, "available"), (chosen, "do-not-disturb")] {
        let instant = desk.now.plus(ms(30_000));
        desk.the_hub_is_away(60_000);
        assert_eq!((desk.shown(), desk.agent.since), (presence, instant));
    }
}

#[test]
fn a_reload_that_the_hub_slept_through_gets_the_restart_grace() {
    let mut agent = away();
    agent.refreshes();
    agent.the_hub_is_away(60_000);
    assert!(matches!(agent.agent.connection, Connection::Held { grace: Grace::Restart, .. }));
    agent.after(10_000).signs_in();
    assert_eq!(agent.shown(), "away");
}

#[test]
fn a_restart_changes_nothing_for_an_agent_who_was_not_signed_in() {
    let mut agent = super::desk::off_duty(3);
    assert_eq!(agent.the_hub_is_away(60_000), Answer::Unchanged);
}

#[test]
fn an_agent_with_a_session_on_another_node_keeps_its_presence_and_its_offers() {
    let mut agent = on_duty(3);
    let now = agent.now;
    agent.opens(SessionId { node: 7, boot: 1, number: 1 }, now);
    agent.is_offered("w1");
    agent.the_hub_is_away(1_000);
    assert_eq!((agent.shown(), agent.agent.sessions().len(), agent.units()), ("available", 1, (0, 1)));
    let returned = Ask::HubReturned { node: 7, boot: 2, down: ms(0) };
    agent.asks(returned, Actor::System);
    assert!(matches!(agent.agent.connection, Connection::Held { .. }));
    assert_eq!(agent.units(), (0, 1));
}
