use proptest::prelude::*;

use super::samples::{actors, changes, directory_changes, times};
use super::*;
use crate::domain::agent::Agent;
use crate::domain::cause::{Actor, Cause, EventName, SubEventName};
use crate::domain::change::{Change, Moves};
use crate::domain::ids::{AgentId, WorkItemId};
use crate::domain::presence::BaseStatus;
use crate::domain::record::AgentRecord;
use crate::domain::standing::{Hold, Origin};
use crate::domain::time::Timestamp;

proptest! {
    #[test]
    fn a_step_of_an_agent_comes_back_as_it_was(change in changes(), directory_seq: u32) {
        let entry = Entry::Agent { change: Box::new(change), directory_seq: directory_seq.into() };
        prop_assert_eq!(decode(&encode(&entry, SizeLimit::Reserve).unwrap()).unwrap(), entry);
    }

    #[test]
    fn a_change_of_the_directory_comes_back_as_it_was(change in directory_changes(), at in times(), actor in actors()) {
        let entry = Entry::Directory { change, at, actor };
        prop_assert_eq!(decode(&encode(&entry, SizeLimit::Reserve).unwrap()).unwrap(), entry);
    }
}

#[test]
fn every_name_is_read_back() {
    fn read_back<T: name::Named + PartialEq>(all: &[T]) {
        for one in all {
            let mut text = String::new();
            one.write(&mut text).unwrap();
            assert!(T::read(&text).as_ref() == Some(one), "{text}");
        }
    }
    read_back(EventName::ALL);
    read_back(SubEventName::ALL);
    read_back(&BaseStatus::ALL);
    read_back(&[Origin::Automatic, Origin::Agent, Origin::Supervisor, Origin::Default]);
    read_back(&[Hold::Missed, Hold::Rejected, Hold::WorkItemLimit]);
}

#[test]
fn fields_that_are_absent_are_not_stored() {
    let agent = Agent::unborn(AgentRecord::new(AgentId::new("anna").unwrap(), "Anna"), Timestamp(1));
    let change = Change {
        at: Timestamp(1),
        cause: Cause::of(EventName::NewUser),
        actor: Actor::System,
        moves: Moves::Presence,
        work_item: None,
        withdrawn: Vec::new(),
        reported_time: None,
        network: None,
        reason: None,
        trace: agent.trace.clone(),
        after: agent.into(),
    };
    let text = encode(&Entry::Agent { change: Box::new(change), directory_seq: 0 }, SizeLimit::Usual).unwrap();
    assert_eq!(
        text,
        r#"{"v":2,"entry":{"agent":{"directorySeq":0,"at":1,"cause":{"event":"NEW_USER"},"actor":"system","after":{"record":{"agent":"anna","name":"Anna"},"version":0,"changedAt":1,"standing":{"presence":"offline","base":"OFFLINE","origin":"automatic"},"connection":"signedOut","since":1,"cause":{"event":"NEW_USER"},"by":"system"}}}}"#
    );
}

#[test]
fn offers_that_an_older_hub_remembered_by_name_are_remembered() {
    let text = r#"{"v":1,"entry":{"agent":{"directorySeq":0,"at":1,"cause":{"event":"NEW_USER"},"actor":"system","after":{"record":{"agent":"anna","name":"Anna"},"version":0,"changedAt":1,"standing":{"presence":"offline","base":"OFFLINE","origin":"automatic"},"connection":"signedOut","since":1,"cause":{"event":"NEW_USER"},"by":"system","endedOffers":["w1","w2"]}}}}"#;
    let Entry::Agent { change, .. } = decode(text).unwrap() else { panic!("an agent's") };
    let past = &change.after.past_offers;
    let knows = |item: &str| past.contains(&WorkItemId::new(item).unwrap());
    assert_eq!((knows("w1"), knows("w2"), knows("w3")), (true, true, false));
    assert_eq!(past.withdrawn(), []);
}

#[test]
fn tabs_that_an_older_hub_took_for_sign_ins_and_disconnections_are_told_apart() {
    let cause_of = |form: u32, event: &str, connection: &str| {
        let text = format!(
            r#"{{"v":{form},"entry":{{"agent":{{"directorySeq":0,"at":1,"cause":{{"event":"{event}"}},"actor":"system","after":{{"record":{{"agent":"anna","name":"Anna"}},"version":0,"changedAt":1,"standing":{{"presence":"offline","base":"OFFLINE","origin":"automatic"}},"connection":{connection},"since":1,"cause":{{"event":"NEW_USER"}},"by":"system"}}}}}}}}"#
        );
        let Entry::Agent { change, .. } = decode(&text).unwrap() else { panic!("an agent's") };
        change.cause.event.as_str()
    };
    let (one, two) = (r#"{"connected":["0-1-1"]}"#, r#"{"connected":["0-1-1","0-1-2"]}"#);
    assert_eq!((cause_of(1, "LOGIN", one), cause_of(1, "LOGIN", two)), ("LOGIN", "CONNECTION_ADDED"));
    assert_eq!(cause_of(1, "DISCONNECTED", one), "CONNECTION_ENDED");
    assert_eq!(cause_of(1, "DISCONNECTED", r#"{"disconnected":{"until":9}}"#), "DISCONNECTED");
    assert_eq!(cause_of(2, "LOGIN", two), "LOGIN");
}

#[test]
fn a_newer_form_is_told_apart_from_damage() {
    assert!(matches!(decode(r#"{"v":3,"something":"else"}"#), Err(Unreadable::Newer(3))));
    assert!(matches!(decode(r#"{"v":1,"something":"else"}"#), Err(Unreadable::Damaged(_))));
    assert!(matches!(decode("{"), Err(Unreadable::Damaged(_))));
}
