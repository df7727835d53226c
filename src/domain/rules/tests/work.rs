//! What is an accept, a close, a release (rule book, *Work items*).

use super::desk::{Answer, item, of, on_duty, profiles, units, workstream};
use crate::domain::cause::{EventName, SubEventName};
use crate::domain::command::{Terms, WorkEvent, WrapUpChoice};
use crate::domain::record::PresenceEffect;
use crate::domain::standing::Origin;
use crate::domain::time::Timestamp;
use crate::domain::trace::Rule;
use crate::domain::work_item::{Consumption, Stage, WorkItem};

fn active(id: &str, units: u32) -> WorkItem {
    WorkItem {
        id: item(id),
        stage: Stage::Active,
        since: Timestamp(0),
        workstream: None,
        takes: Consumption { units, profiles: Vec::new() },
        presence_effect: PresenceEffect::Moves,
    }
}

#[test]
fn a_6_an_offer_reserves_capacity_and_changes_no_presence() {
    let mut agent = on_duty(1);
    agent.is_offered("w1");
    assert_eq!((agent.shown(), agent.units()), ("available", (0, 1)));
    assert_eq!(agent.last().cause.event, EventName::AssignmentAttempted);
    agent.accepts("w1");
    assert_eq!((agent.shown(), agent.units()), ("do-not-disturb", (1, 0)));
}

#[test]
fn a_6_an_accepted_offer_keeps_its_consumption() {
    let mut agent = on_duty(30).with_workstream(workstream("chat"));
    agent.is_offered_with("w1", Terms { units: Some(20), ..of("chat") });
    agent.accepts_with("w1", units(5));
    assert_eq!(agent.units(), (20, 0));
    assert_eq!(agent.agent.items[0].workstream.as_ref().map(|id| id.as_str()), Some("chat"));
}

#[test]
fn a_6_an_accepted_offer_keeps_its_place() {
    let mut agent = on_duty(30);
    agent.is_offered("w1");
    agent.accepts("w2");
    agent.accepts("w1");
    let order: Vec<&str> = agent.agent.items.iter().map(|item| item.id.as_str()).collect();
    assert_eq!(order, ["w1", "w2"]);
}

#[test]
fn r_80_r_81_r_82_waiting_and_reopened_conversations_hold_nothing() {
    for how in [SubEventName::AgentClosed, SubEventName::AgentDisconnected, SubEventName::AgentReRouted] {
        let mut agent = on_duty(1).holding(&["w1"]);
        agent.gives_back("w1", how);
        assert_eq!((agent.shown(), agent.units(), agent.agent.open_work_items()), ("available", (0, 0), 0));
    }
}

#[test]
fn r_83_a_transfer_gives_back_here_and_takes_there() {
    let mut first = on_duty(1).holding(&["w1"]);
    let mut second = on_duty(1);
    second.is_offered("w1");
    assert_eq!((first.shown(), second.shown()), ("do-not-disturb", "available"));
    second.gets("w1", Terms::default(), SubEventName::Transfer);
    first.gives_back("w1", SubEventName::AgentTransfered);
    assert_eq!((first.shown(), second.shown()), ("available", "do-not-disturb"));
}

#[test]
fn r_84_consulting_and_monitoring_change_nothing() {
    use SubEventName::{ConsultJoined, ConsultLeft, MonitorJoined, MonitorLeft};
    let mut agent = on_duty(1);
    for how in [ConsultJoined, ConsultLeft, MonitorJoined, MonitorLeft] {
        assert_eq!(agent.works("theirs", WorkEvent::SideWork(how)), Answer::Applied, "it is kept in history");
        assert_eq!((agent.shown(), agent.units(), agent.last().cause.sub_event), ("available", (0, 0), Some(how)));
    }
}

#[test]
fn r_85_an_outbound_call_takes_its_profile() {
    let mut agent = super::desk::with_profiles(&[super::desk::blocking("voice", 1)]).on_duty();
    agent.gets("call", profiles(&["voice"]), SubEventName::OutboundCall);
    assert_eq!((agent.shown(), agent.capacity().is_blocked_by_some_profile()), ("do-not-disturb", true));
}

#[test]
fn r_86_stuck_work_is_a_stuck_presence_until_the_work_system_closes_it() {
    let mut agent = on_duty(1).holding(&["w1"]);
    agent.after(30 * 86_400_000).ticks();
    assert_eq!(agent.shown(), "do-not-disturb");
    agent.gives_back("w1", SubEventName::AutoClose);
    assert_eq!(agent.shown(), "available");
}

#[test]
fn r_87_a_customer_who_leaves_before_the_accept_ends_the_offer_without_a_trace_on_the_presence() {
    let mut agent = on_duty(1);
    agent.chooses("busy");
    agent.is_offered("w1");
    agent.gives_back("w1", SubEventName::CustomerDisconnect);
    assert_eq!((agent.shown(), agent.origin(), agent.units()), ("busy", Origin::Agent, (0, 0)));
    assert_eq!(agent.misses("w1"), Answer::Refused("offer_already_ended"));
}

#[test]
fn r_88_every_way_of_getting_work_takes_capacity() {
    use SubEventName::{AssignedBySupervisor, AssignmentAccept, AutoAssign, OutboundCall, Pick, Transfer};
    for how in [AssignmentAccept, Pick, AutoAssign, AssignedBySupervisor, Transfer, OutboundCall] {
        let mut agent = on_duty(1);
        agent.gets("w1", Terms::default(), how);
        assert_eq!((agent.shown(), agent.units()), ("do-not-disturb", (1, 0)));
        assert_eq!((agent.agent.cause.event, agent.agent.cause.sub_event), (EventName::SessionAssigned, Some(how)));
    }
}

#[test]
fn r_89_every_way_of_giving_work_back_releases_capacity() {
    use SubEventName::{AutoClose, ConversationClosed, CustomerEndConversation, ForceClose, QueueTransfer};
    for how in [ConversationClosed, ForceClose, AutoClose, CustomerEndConversation, QueueTransfer] {
        let mut agent = on_duty(1).holding(&["w1"]);
        agent.gives_back("w1", how);
        assert_eq!((agent.shown(), agent.agent.cause.sub_event), ("available", Some(how)));
    }
}

#[test]
fn work_of_a_signed_out_agent_survives_and_counts_at_sign_in() {
    let mut agent = super::desk::off_duty(1);
    assert_eq!(agent.gets("w1", Terms::default(), SubEventName::AutoAssign), Answer::Applied);
    assert_eq!((agent.shown(), agent.agent.is_logged_in()), ("offline", false));
    agent.signs_in();
    assert_eq!(agent.shown(), "do-not-disturb");
}

#[test]
fn reconciling_replaces_the_work_items_and_moves_the_presence() {
    let mut agent = on_duty(2).holding(&["w1", "w2"]);
    agent.is_reconciled_to(vec![active("w2", 1)]);
    assert_eq!((agent.shown(), agent.units(), agent.last().cause.event), ("busy", (1, 0), EventName::Reconciled));
    assert_eq!(agent.is_reconciled_to(vec![active("w2", 1)]), Answer::Unchanged);
    agent.is_reconciled_to(Vec::new());
    assert_eq!(agent.shown(), "available");
}

#[test]
fn reconciling_moves_no_pinned_presence() {
    let mut agent = on_duty(2).holding(&["w1"]);
    agent.chooses("away");
    agent.is_reconciled_to(Vec::new());
    assert_eq!((agent.shown(), agent.origin(), agent.units()), ("away", Origin::Agent, (0, 0)));
}

#[test]
fn reconciling_to_the_same_consumption_ends_no_soft_choice() {
    let mut agent = on_duty(2).holding(&["w1"]);
    agent.chooses("available");
    agent.is_reconciled_to(vec![WorkItem { stage: Stage::WrapUp { deadline: None }, ..active("w1", 1) }]);
    assert_eq!((agent.shown(), agent.origin()), ("available", Origin::Agent));
}

#[test]
fn reconciling_gives_an_absent_agent_no_offers() {
    let mut agent = on_duty(2);
    agent.loses_its_network();
    agent.is_reconciled_to(vec![WorkItem { stage: Stage::Offered { deadline: None }, ..active("w1", 1) }]);
    assert_eq!((agent.units(), agent.last().withdrawn.as_slice()), ((0, 0), [item("w1")].as_slice()));
}

#[test]
fn reconciling_ends_the_offers_that_are_gone() {
    let mut agent = on_duty(2);
    agent.is_offered("w1");
    agent.is_reconciled_to(Vec::new());
    assert_eq!((agent.units(), agent.misses("w1")), ((0, 0), Answer::Refused("offer_already_ended")));
}

#[test]
fn reconciling_clears_the_limit_if_the_setting_says_so() {
    let mut agent = on_duty(9).with_policy(|policy| {
        policy.max_open_work_items = 1;
        policy.work_item_limit_auto_clear = true;
    });
    agent.accepts("w1");
    agent.ends_with("w1", WrapUpChoice::Dont, None);
    agent.is_offered("w2");
    assert_eq!(agent.shown(), "do-not-disturb");
    agent.is_reconciled_to(Vec::new());
    assert_eq!((agent.shown(), agent.was_decided_by(Rule::LimitCleared)), ("available", true));
}

#[test]
fn reconciling_names_each_item_once() {
    let mut agent = on_duty(2);
    assert_eq!(agent.is_reconciled_to(vec![active("w1", 1), active("w1", 2)]), Answer::Refused("invalid"));
}

#[test]
fn an_agent_has_at_most_100_work_items() {
    let mut agent = super::desk::Desk::of(|_, _| {}).with_policy(|policy| policy.max_open_work_items = 1_000).on_duty();
    for number in 0..100 {
        agent.accepts(&format!("w{number}"));
    }
    assert_eq!(agent.accepts("w100"), Answer::Refused("invalid"));
    assert_eq!(agent.is_offered("w100"), Answer::Refused("invalid"));
}
