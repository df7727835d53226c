//! Choices that end by themselves: `until` and `nextPresenceId` (rule book, *Choices*).

use super::desk::{Answer, choice, item, ms, on_duty};
use crate::domain::cause::{Actor, EventName};
use crate::domain::command::{Ask, Choice};
use crate::domain::presence::BuiltIn;
use crate::domain::standing::{Hold, Origin};

#[test]
fn a_choice_ends_at_its_instant_and_capacity_decides() {
    let mut agent = on_duty(3).holding(&["w1"]);
    agent.chooses_for("away", 60_000, None);
    agent.after(59_999).ticks();
    assert_eq!(agent.shown(), "away");
    agent.after(1).ticks();
    assert_eq!((agent.shown(), agent.origin()), ("busy", Origin::Automatic));
    assert_eq!((agent.agent.cause.event, &agent.agent.modified_by), (EventName::Expired, &Actor::System));
}

#[test]
fn what_was_planned_follows_with_the_same_origin() {
    let mut agent = on_duty(3);
    agent.chooses_for("away", 60_000, Some("do-not-disturb"));
    agent.after(60_000).ticks();
    assert_eq!((agent.shown(), agent.origin()), ("do-not-disturb", Origin::Agent));
    assert_eq!((agent.kept().until, &agent.kept().next), (None, &None));
    agent.accepts("w1");
    assert_eq!(agent.shown(), "do-not-disturb", "it is pinned as if it had been chosen then");
}

#[test]
fn a_choice_that_ends_takes_its_reason_with_it() {
    let mut agent = on_duty(3);
    let (until, reason) = (agent.now.plus(ms(1_000)), "lunch".to_owned());
    let lunch = Choice {
        presence: "away".to_owned(),
        until: Some(until),
        next: Some("available".to_owned()),
        reason: Some(reason),
    };
    agent.asks(Ask::Choose(lunch), Actor::Agent(agent.agent.record.agent.clone()));
    assert_eq!(agent.kept().reason.as_deref(), Some("lunch"));
    agent.after(1_000).ticks();
    assert_eq!((agent.shown(), &agent.kept().reason), ("available", &None));
}

#[test]
fn the_end_of_a_choice_is_dated_at_its_instant_however_late_the_hub_looks() {
    let mut agent = on_duty(3);
    agent.chooses_for("away", 60_000, None);
    let until = agent.now.plus(ms(60_000));
    agent.after(90_000).ticks();
    assert_eq!((agent.last().at, agent.agent.since), (until, until));
}

#[test]
fn a_choice_ends_at_its_instant_also_while_the_agent_is_disconnected() {
    let mut agent = on_duty(3);
    agent.chooses_for("away", 60_000, Some("busy"));
    agent.loses_its_network();
    agent.after(60_000).ticks();
    assert_eq!((agent.shown(), agent.kept().presence.as_str()), ("offline", "busy"));
    assert_eq!(agent.agent.cause.event, EventName::Disconnected, "others see no difference");
    agent.signs_in();
    assert_eq!((agent.shown(), agent.origin()), ("busy", Origin::Agent));
}

#[test]
fn a_planned_offline_ends_what_still_rings() {
    let mut agent = on_duty(3);
    agent.chooses_for("busy", 60_000, Some("offline"));
    agent.is_offered("w1");
    agent.after(60_000).ticks();
    assert_eq!((agent.shown(), agent.last().withdrawn.as_slice()), ("offline", [item("w1")].as_slice()));
}

#[test]
fn a_soft_choice_may_end_before_its_instant() {
    let mut agent = on_duty(3);
    agent.chooses_for("available", 60_000, Some("away"));
    agent.accepts("w1");
    assert_eq!((agent.shown(), agent.agent.next_deadline()), ("busy", None));
}

#[test]
fn a_hold_ends_the_plan() {
    let mut agent = on_duty(3);
    agent.chooses_for("away", 60_000, Some("available"));
    agent.misses("w1");
    agent.after(60_000).ticks();
    assert_eq!((agent.shown(), agent.hold()), ("inactive", Some(Hold::Missed)));
}

#[test]
fn an_instant_that_has_passed_or_a_plan_without_an_instant_is_invalid() {
    let mut agent = on_duty(3);
    assert_eq!(agent.chooses_for("away", 0, None), Answer::Refused("invalid"));
    let herself = Actor::Agent(agent.agent.record.agent.clone());
    assert_eq!(agent.asks(choice("away", None, Some("busy")), herself), Answer::Refused("invalid"));
}

#[test]
fn a_plan_keeps_to_what_the_agent_may_choose() {
    let mut agent = on_duty(3);
    agent.is_configured(|record| record.selectable = Some([BuiltIn::Away.id()].into()));
    assert_eq!(agent.chooses_for("away", 1_000, Some("busy")), Answer::Refused("presence_not_allowed"));
}
