//! The record of an agent, and the directory around it.

use super::desk::{Answer, START, custom, off_duty, on_duty};
use crate::domain::agent::Origin;
use crate::domain::cause::{Actor, EventName};
use crate::domain::ids::PresenceId;
use crate::domain::presence::{BaseStatus, Presence};
use crate::domain::record::AgentRecord;
use crate::domain::trace::Rule;

fn teams(names: &[&str]) -> std::collections::BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn retired(presence: Presence) -> Presence {
    Presence { enabled: false, ..presence }
}

#[test]
fn a_retired_presence_gives_way_to_the_built_in_one_of_its_base_and_keeps_its_origin() {
    let training = || custom("training", BaseStatus::Away);
    let mut agent = on_duty(3).with_presence(training());
    agent.chooses_for("training", 60_000, None);
    let until = agent.kept().until;
    agent.the_directory_changes(|directory| directory.catalog.put(retired(training())));
    assert_eq!((agent.shown(), agent.origin(), agent.kept().until), ("away", Origin::Agent, until));
    assert_eq!(agent.agent.cause.event, EventName::PresenceRetired);
    assert_eq!(agent.chooses("training"), Answer::Refused("unknown_presence"));
}

#[test]
fn a_deleted_presence_does_too_even_while_its_holder_is_disconnected() {
    let mut agent = on_duty(3).with_presence(custom("focus", BaseStatus::BusyDoNotDisturb));
    agent.chooses("focus");
    agent.loses_its_network();
    agent.the_directory_changes(|directory| directory.catalog.remove(&PresenceId::new("focus").unwrap()));
    assert_eq!((agent.shown(), agent.kept().presence.as_str()), ("offline", "do-not-disturb"));
    agent.signs_in();
    assert_eq!((agent.shown(), agent.origin()), ("do-not-disturb", Origin::Agent));
}

#[test]
fn a_planned_presence_that_was_retired_leaves_the_end_to_capacity() {
    let training = || custom("training", BaseStatus::Away);
    let mut agent = on_duty(3).with_presence(training());
    agent.chooses_for("busy", 60_000, Some("training"));
    agent.the_directory_changes(|directory| directory.catalog.put(retired(training())));
    assert_eq!((agent.shown(), &agent.kept().next), ("busy", &None));
    agent.after(60_000).ticks();
    assert_eq!(agent.shown(), "available");
}

#[test]
fn a_base_that_was_changed_is_followed() {
    let mut agent = on_duty(3).with_presence(custom("desk", BaseStatus::Away));
    agent.chooses("desk");
    agent.is_offered("w1");
    agent.the_directory_changes(|directory| directory.catalog.put(custom("desk", BaseStatus::Offline)));
    assert_eq!((agent.shown(), agent.agent.shown_base()), ("desk", BaseStatus::Offline));
    assert_eq!((agent.units(), agent.last().withdrawn.len()), ((0, 0), 1));
}

#[test]
fn an_automatic_custom_presence_whose_base_was_changed_gives_way_to_capacity() {
    let mut agent = off_duty(3).with_presence(custom("vip", BaseStatus::Available)).with_default("vip").on_duty();
    agent.the_directory_changes(|directory| directory.catalog.put(custom("vip", BaseStatus::Away)));
    assert_eq!((agent.shown(), agent.origin()), ("available", Origin::Automatic));
}

#[test]
fn a_disabled_agent_is_signed_out_and_cannot_return() {
    let mut agent = on_duty(3).holding(&["w1"]);
    agent.chooses("do-not-disturb");
    agent.is_configured(|record| record.enabled = false);
    assert_eq!((agent.shown(), agent.agent.is_logged_in()), ("offline", false));
    assert!(agent.was_decided_by(Rule::AgentDisabled));
    assert_eq!(agent.signs_in(), Answer::Refused("agent_disabled"));
    agent.is_configured(|record| record.enabled = true);
    agent.signs_in();
    assert_eq!((agent.shown(), agent.origin()), ("busy", Origin::Automatic), "its work stayed, its choice did not");
}

#[test]
fn the_same_record_again_changes_nothing() {
    let mut agent = on_duty(3);
    assert_eq!(agent.is_configured(|_| {}), Answer::Unchanged);
}

#[test]
fn teams_that_were_left_are_remembered_until_the_agent_is_back() {
    let mut agent = on_duty(3);
    agent.is_configured(|record| record.teams = teams(&["billing", "sales"]));
    agent.after(1_000).is_configured(|record| record.teams = teams(&["sales"]));
    assert_eq!(agent.agent.former_teams, [("billing".to_owned(), agent.now)]);
    agent.is_configured(|record| record.teams = teams(&["billing"]));
    assert_eq!(agent.agent.former_teams, [("sales".to_owned(), agent.now)]);
}

#[test]
fn a_deleted_agent_leaves_its_teams_its_work_and_its_presence() {
    let mut agent = on_duty(3).holding(&["w1"]);
    agent.is_configured(|record| record.teams = teams(&["billing"]));
    agent.is_offered("w2");
    agent.after(1_000).is_deleted();
    assert_eq!((agent.shown(), agent.agent.deleted), ("offline", Some(agent.now)));
    assert_eq!(agent.agent.former_teams, [("billing".to_owned(), agent.now)]);
    assert_eq!((agent.agent.items.len(), agent.last().withdrawn.len()), (0, 1));
    assert_eq!(agent.agent.next_deadline(), None);
    assert_eq!(agent.signs_in(), Answer::Refused("unknown_agent"));
    assert_eq!(agent.is_deleted(), Answer::Refused("unknown_agent"));
}

#[test]
fn an_agent_created_again_goes_on_from_its_version() {
    let mut agent = on_duty(3).holding(&["w1"]);
    agent.is_deleted();
    let version = agent.agent.version;
    let record = AgentRecord::new(agent.agent.record.agent.clone(), "Ada again");
    agent.after(1_000).is_configured(|old| *old = record);
    assert_eq!((agent.agent.version, agent.agent.deleted), (version + 1, None));
    assert_eq!((agent.shown(), agent.agent.is_logged_in()), ("offline", false));
    assert_eq!((agent.agent.cause.event, &agent.agent.modified_by), (EventName::NewUser, &Actor::System));
    assert_eq!((agent.agent.since > START, agent.agent.since), (true, agent.now));
    agent.signs_in();
    assert_eq!(agent.shown(), "available");
}
