//! The record of an agent, and the directory around it.

use super::desk::{Answer, START, custom, ms, of, off_duty, on_duty, profile, with_profiles, workstream};
use crate::domain::agent::Agent;
use crate::domain::cause::{Actor, EventName};
use crate::domain::command::{Ask, Command, Opens, WorkEvent};
use crate::domain::directory::Directory;
use crate::domain::ids::{PresenceId, SessionId, WorkItemId};
use crate::domain::presence::{BaseStatus, Presence};
use crate::domain::record::AgentRecord;
use crate::domain::rules::Under;
use crate::domain::standing::Origin;
use crate::domain::trace::Rule;

fn teams(names: &[&str]) -> std::collections::BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

impl Directory {
    fn retires(&mut self, presence: &str) {
        let known = self.catalog.find(&PresenceId::new(presence).unwrap()).unwrap().clone();
        self.catalog.put(retired(known));
    }

    fn deletes(&mut self, presence: &str) {
        self.catalog.remove(&PresenceId::new(presence).unwrap());
    }
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
fn a_deleted_presence_gives_way_even_while_its_holder_is_disconnected() {
    let mut agent = on_duty(3).with_presence(custom("focus", BaseStatus::BusyDoNotDisturb));
    agent.chooses("focus");
    agent.loses_its_network();
    agent.the_directory_changes(|directory| directory.catalog.remove(&PresenceId::new("focus").unwrap()));
    assert_eq!((agent.shown(), agent.kept().presence.as_str()), ("offline", "do-not-disturb"));
    agent.signs_in();
    assert_eq!((agent.shown(), agent.origin()), ("do-not-disturb", Origin::Agent));
}

#[test]
fn a_planned_presence_that_was_retired_or_deleted_gives_way_to_the_built_in_one_of_its_base() {
    let training = || custom("training", BaseStatus::Away);
    let mut agent = on_duty(3).with_presence(training());
    for gone in [Directory::retires, Directory::deletes] {
        agent.directory.catalog.put(training());
        agent.chooses_for("busy", 60_000, Some("training"));
        agent.the_directory_changes(|directory| gone(directory, "training"));
        let next = agent.kept().next.as_ref().map(|next| next.presence.as_str());
        assert_eq!((agent.shown(), next), ("busy", Some("away")));
        assert_eq!(agent.last().cause.event, EventName::PresenceRetired, "the agent is told");
        agent.after(60_000).ticks();
        assert_eq!((agent.shown(), agent.origin()), ("away", Origin::Agent));
    }
}

#[test]
fn a_planned_presence_that_is_gone_at_its_instant_is_none_the_less_followed_by_one_of_its_base() {
    let mut agent = on_duty(3).with_presence(custom("training", BaseStatus::Away));
    agent.chooses_for("busy", 60_000, Some("training"));
    agent.directory.deletes("training");
    agent.after(60_000).ticks();
    assert_eq!((agent.shown(), agent.origin()), ("away", Origin::Agent));
}

#[test]
fn what_is_gone_from_the_directory_is_gone_from_the_record_and_the_work() {
    let mut agent = with_profiles(&[profile("chat", 2), profile("voice", 1)])
        .with_presence(custom("focus", BaseStatus::Busy))
        .with_workstream(workstream("mail"))
        .with_default("focus")
        .on_duty();
    agent.is_configured(|record| {
        record.selectable = Some(["focus", "away"].map(|id| PresenceId::new(id).unwrap()).into())
    });
    agent.accepts_with("w1", of("mail"));
    agent.the_directory_changes(|directory| {
        directory.deletes("focus");
        directory.profiles.remove("chat");
        directory.workstreams.remove("mail");
    });
    let record = &agent.agent.record;
    assert_eq!((&record.default_presence, record.selectable.as_ref().unwrap().len()), (&None, 1));
    assert_eq!(record.profiles.iter().map(|own| own.profile.as_str()).collect::<Vec<_>>(), ["voice"]);
    let item = &agent.agent.items[0];
    assert_eq!((&item.workstream, item.takes.units), (&None, 1), "what it takes stays");
    assert_eq!(agent.the_directory_changes(|_| {}), Answer::Unchanged);
}

#[test]
fn a_command_under_a_changed_directory_follows_it_first() {
    let mut agent = on_duty(3).with_presence(custom("training", BaseStatus::Away));
    agent.chooses("training");
    agent.directory.deletes("training");
    let command = Command::new(Ask::Work(WorkItemId::new("w1").unwrap(), WorkEvent::Missed), Actor::System);
    let decision = agent.agent.decide_under(Under::Changed(&agent.directory), &command, agent.now).unwrap();
    let steps: Vec<_> = decision.changes.iter().map(|step| step.after.standing.presence.as_str()).collect();
    assert_eq!(steps, ["away", "inactive"]);
}

#[test]
fn a_return_in_time_is_restored_although_the_directory_changed_and_the_hub_looks_late() {
    let mut agent = on_duty(3).with_presence(custom("training", BaseStatus::Away));
    agent.chooses("training");
    agent.loses_its_network();
    agent.directory.deletes("training");
    let accepted = agent.now.plus(ms(150_000));
    let session = SessionId { node: 0, boot: 1, number: 99 };
    let command = Command::new(Ask::OpenSession(session, accepted, Opens::ByItself), Actor::System);
    let late = accepted.plus(ms(5));
    let decision = agent.agent.decide_under(Under::Changed(&agent.directory), &command, late).unwrap();
    assert_eq!(decision.changes.last().unwrap().after.shown_presence(), "away");
}

#[test]
fn a_change_that_leaves_the_base_alone_ends_no_offer_of_one_who_chose_offline() {
    let home = || custom("home", BaseStatus::Offline);
    let mut agent = on_duty(3).with_presence(home());
    agent.chooses("home");
    agent.is_offered("w1");
    let answer =
        agent.the_directory_changes(|directory| directory.catalog.put(Presence { text: "Out".into(), ..home() }));
    assert_eq!((answer, agent.units()), (Answer::Unchanged, (0, 1)));
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
fn a_directory_that_changes_without_its_base_ends_no_offer_of_who_chose_offline() {
    let mut agent = on_duty(3).with_presence(custom("shift-over", BaseStatus::Offline));
    for presence in ["offline", "shift-over"] {
        agent.chooses(presence);
        agent.is_offered(presence);
        agent.the_directory_changes(|directory| directory.policy.restart_grace *= 2);
        agent.is_configured(|record| record.units = record.units.map(|units| units + 1));
        assert_eq!((agent.shown(), agent.units()), (presence, (0, 1)));
    }
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
fn teams_that_were_left_are_forgotten_after_a_week() {
    let mut agent = on_duty(3);
    agent.is_configured(|record| record.teams = teams(&["billing"]));
    agent.is_configured(|record| record.teams = teams(&["sales"]));
    agent.after(7 * 24 * 3_600_000).is_configured(|record| record.teams = teams(&["support"]));
    assert_eq!(agent.agent.former_teams, [("sales".to_owned(), agent.now)]);
}

#[test]
fn a_record_has_room_however_many_teams_were_left_and_all_of_them_are_told() {
    let mut agent = on_duty(3);
    for number in 0..1_000 {
        agent.after(1).is_configured(|record| record.teams = teams(&[&format!("team {number}")]));
    }
    let left = &agent.agent.former_teams;
    assert_eq!(
        (left.len(), left[0].0.as_str(), left[1].0.as_str()),
        (Agent::FORMER_TEAMS, Agent::ANY_TEAM, "team 950")
    );
    for number in 0..1_000 {
        assert!(agent.agent.was_ever_in(&teams(&[&format!("team {number}")])));
    }
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
