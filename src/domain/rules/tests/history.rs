//! What history is made of: the changes that decisions return (rule book, *History*).

use super::desk::{Answer, on_duty};
use crate::domain::cause::{Actor, EventName};
use crate::domain::command::{Ask, Command, WorkEvent};

#[test]
fn r_90_a_31_a_change_of_capacity_alone_is_a_change() {
    let mut agent = on_duty(3).holding(&["w1"]);
    let version = agent.agent.version;
    let since = agent.agent.since;
    agent.after(1_000).accepts("w2");
    assert_eq!((agent.shown(), agent.agent.version, agent.agent.since), ("busy", version + 1, since));
    assert_eq!(agent.last().cause.event, EventName::SessionAssigned);
}

#[test]
fn r_90_every_change_says_what_caused_it_who_did_and_which_work_item_it_was_about() {
    let mut agent = on_duty(3);
    agent.accepts("w1");
    let last = agent.last();
    assert_eq!(last.actor, Actor::Integration("router".to_owned()));
    assert_eq!(last.work_item.as_ref().map(|id| id.as_str()), Some("w1"));
    assert_eq!((last.at, last.after.changed_at), (agent.now, agent.now));
}

#[test]
fn r_91_a_presence_lasts_from_one_change_to_the_next_without_gap() {
    let mut agent = on_duty(1);
    agent.after(500).accepts("w1");
    agent.after(500).closes("w1");
    let starts: Vec<i64> = agent.log.iter().map(|change| change.at.0 - agent.log[0].at.0).collect();
    assert_eq!(starts, [0, 0, 500, 1_000]);
    assert!(agent.log.windows(2).all(|pair| pair[0].at <= pair[1].at));
}

#[test]
fn a_34_events_of_one_instant_keep_the_order_in_which_they_came() {
    let mut closed_first = on_duty(1).holding(&["w1"]);
    let mut rejected_first = closed_first.clone();
    closed_first.closes("w1");
    closed_first.rejects("w2");
    rejected_first.rejects("w2");
    rejected_first.closes("w1");
    assert_eq!((closed_first.shown(), rejected_first.shown()), ("do-not-disturb", "do-not-disturb"));
    assert_eq!(closed_first.agent.version, rejected_first.agent.version);
}

#[test]
fn the_time_a_work_system_reports_is_kept_and_dates_nothing() {
    let mut agent = on_duty(3);
    let mut command =
        Command::new(Ask::Work(super::desk::item("w1"), WorkEvent::Missed), Actor::Integration("router".to_owned()));
    command.reported_time = Some("2001-01-01T00:00:00Z".to_owned());
    assert_eq!(agent.commands(&command), Answer::Applied);
    assert_eq!(agent.last().reported_time.as_deref(), Some("2001-01-01T00:00:00Z"));
    assert_eq!(agent.last().at, agent.now);
}
