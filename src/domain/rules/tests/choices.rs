//! Manual and supervisor changes (rule book, *Choices*).

use super::desk::{Answer, custom, item, off_duty, on_duty, supervisor};
use crate::domain::cause::{Actor, EventName, SubEventName};
use crate::domain::command::{Ask, Choice, Command, Terms};
use crate::domain::presence::BaseStatus;
use crate::domain::standing::Origin;
use crate::domain::trace::Rule;

#[test]
fn r_40_a_chosen_available_or_busy_lasts_until_the_next_accept() {
    for presence in ["available", "busy", "vip"] {
        let mut agent = on_duty(3).with_presence(custom("vip", BaseStatus::Available)).holding(&["w1"]);
        agent.chooses(presence);
        agent.after(3_600_000).ticks();
        assert_eq!((agent.shown(), agent.origin()), (presence, Origin::Agent));
        agent.accepts("w2");
        assert_eq!((agent.shown(), agent.origin()), ("busy", Origin::Automatic));
        assert!(agent.was_decided_by(Rule::SoftChoiceEnds));
    }
}

#[test]
fn r_40_a_chosen_available_or_busy_lasts_until_the_next_close() {
    let mut agent = on_duty(2).holding(&["w1", "w2"]);
    agent.chooses("available");
    assert_eq!(agent.shown(), "available", "even against capacity");
    agent.closes("w1");
    assert_eq!((agent.shown(), agent.origin()), ("busy", Origin::Automatic));
}

#[test]
fn r_41_r_42_a_chosen_do_not_disturb_away_or_offline_stays_through_accept_and_close() {
    for presence in ["do-not-disturb", "away", "offline", "training"] {
        let mut agent = on_duty(3).with_presence(custom("training", BaseStatus::Away)).holding(&["w1"]);
        agent.chooses(presence);
        agent.closes("w1");
        agent.gets("w2", Terms::default(), SubEventName::Pick);
        assert_eq!((agent.shown(), agent.origin()), (presence, Origin::Agent));
        assert!(agent.was_decided_by(Rule::Pinned));
        agent.chooses("available");
        assert_eq!(agent.shown(), "available");
    }
}

#[test]
fn r_43_a_16_a_supervisors_change_lasts_as_long_as_the_agents_own() {
    let mut agent = on_duty(3);
    agent.is_set_by_its_supervisor("away");
    agent.accepts("w1");
    assert_eq!((agent.shown(), agent.origin()), ("away", Origin::Supervisor));
    assert_eq!(agent.agent.modified_by, supervisor());
    agent.chooses("available");
    assert_eq!((agent.shown(), agent.origin()), ("available", Origin::Agent));
    agent.is_set_by_its_supervisor("busy");
    agent.closes("w1");
    assert_eq!((agent.shown(), agent.origin()), ("available", Origin::Automatic));
}

#[test]
fn r_44_a_supervisor_may_reset_a_hold() {
    let mut agent = on_duty(3);
    agent.rejects("w1");
    agent.is_reset_by_its_supervisor();
    assert_eq!((agent.shown(), agent.hold()), ("available", None));
    assert_eq!(agent.agent.modified_by, supervisor());
}

#[test]
fn r_45_a_choice_ends_when_the_agent_becomes_inactive_or_its_window_lapses() {
    let mut missed = on_duty(3);
    missed.chooses("busy");
    missed.misses("w1");
    missed.resets();
    assert_eq!((missed.shown(), missed.origin()), ("available", Origin::Automatic));
    let mut gone = on_duty(3);
    gone.chooses("do-not-disturb");
    gone.signs_out();
    gone.after(150_001).signs_in();
    assert_eq!((gone.shown(), gone.origin()), ("available", Origin::Automatic));
}

#[test]
fn r_46_assigned_work_stays_when_a_presence_is_chosen() {
    let mut agent = on_duty(3).holding(&["w1", "w2"]);
    agent.chooses("offline");
    assert_eq!((agent.agent.open_work_items(), agent.units()), (2, (2, 0)));
}

#[test]
fn a_14_choosing_what_is_shown_makes_it_the_agents_own() {
    let mut agent = on_duty(1).holding(&["w1"]);
    agent.after(1_000);
    let since = agent.agent.since;
    assert_eq!(agent.chooses("do-not-disturb"), Answer::Applied);
    assert_eq!((agent.origin(), agent.agent.since), (Origin::Agent, since));
    assert_eq!(agent.agent.cause.event, EventName::SetPresence);
    agent.closes("w1");
    assert_eq!(agent.shown(), "do-not-disturb");
    assert_eq!(agent.chooses("do-not-disturb"), Answer::Unchanged);
}

#[test]
fn a_15_a_sticky_choice_beats_negative_capacity() {
    let mut agent = on_duty(1).holding(&["w1"]);
    agent.chooses("away");
    agent.gets("w2", Terms::default(), SubEventName::AssignedBySupervisor);
    assert_eq!((agent.shown(), agent.capacity().is_negative()), ("away", true));
}

#[test]
fn a_17_a_supervisor_changes_what_a_disconnected_agent_returns_to() {
    let mut agent = on_duty(3);
    agent.loses_its_network();
    assert_eq!(agent.is_set_by_its_supervisor("away"), Answer::Applied);
    assert_eq!((agent.shown(), agent.kept().presence.as_str()), ("offline", "away"));
    assert_eq!(agent.agent.cause.event, EventName::Disconnected, "others see why it is Offline");
    agent.signs_in();
    assert_eq!((agent.shown(), agent.origin()), ("away", Origin::Supervisor));
}

#[test]
fn a_17_nobody_makes_an_absent_agent_available() {
    let mut agent = off_duty(3);
    assert_eq!(agent.is_set_by_its_supervisor("available"), Answer::Refused("agent_not_connected"));
    assert_eq!(agent.chooses("available"), Answer::Refused("agent_not_connected"));
    agent.signs_in();
    agent.loses_its_network();
    assert_eq!(agent.chooses("available"), Answer::Refused("agent_not_connected"));
}

/// A-20: going Offline is going away.
#[test]
fn a_20_choosing_offline_ends_what_still_rings() {
    let mut agent = on_duty(3);
    agent.is_offered("w1");
    agent.chooses("away");
    assert_eq!(agent.units(), (0, 1), "who is Away can still answer");
    agent.chooses("offline");
    assert_eq!((agent.units(), agent.last().withdrawn.as_slice()), ((0, 0), [item("w1")].as_slice()));
    assert_eq!(agent.misses("w1"), Answer::Refused("offer_already_ended"));
}

#[test]
fn a_34_a_choice_may_depend_on_the_version_that_was_seen() {
    let mut agent = on_duty(3);
    let seen = agent.agent.version;
    agent.accepts("w1");
    let choice = Choice { presence: "away".to_owned(), until: None, next: None, reason: None };
    let mut command = Command::new(Ask::Choose(choice), Actor::Agent(agent.agent.record.agent.clone()));
    command.if_version = Some(seen);
    assert_eq!(agent.commands(&command), Answer::Refused("version_conflict"));
    command.if_version = Some(agent.agent.version);
    assert_eq!(agent.commands(&command), Answer::Applied);
}

#[test]
fn a_reason_is_kept_with_the_choice_and_has_500_characters() {
    let mut agent = on_duty(3);
    let because = |reason: String| {
        Ask::Choose(Choice { presence: "away".to_owned(), until: None, next: None, reason: Some(reason) })
    };
    assert_eq!(agent.asks(because("r".repeat(501)), supervisor()), Answer::Refused("invalid"));
    assert_eq!(agent.asks(because("r".repeat(500)), supervisor()), Answer::Applied);
    agent.chooses("available");
    assert_eq!(agent.kept().reason, None);
}
