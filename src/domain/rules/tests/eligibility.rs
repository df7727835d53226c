//! Presence in routing, and `ifEligible` (rule book, *Eligibility*).

use super::desk::{
    Answer, blocking, if_eligible, of, off_duty, on_duty, profile, profiles, units, with_profiles, workstream,
};
use crate::domain::cause::SubEventName;
use crate::domain::command::Terms;
use crate::domain::presence::BaseStatus;
use crate::domain::record::Workstream;
use crate::domain::rules::eligibility::Reason;

#[test]
fn r_60_only_agents_whose_base_is_allowed_get_work() {
    let mut agent = on_duty(3).with_workstream(workstream("chat"));
    assert_eq!(agent.obstacles("chat"), []);
    for (presence, obstacles) in [("busy", vec![]), ("away", vec![Reason::PresenceNotAllowed])] {
        agent.chooses(presence);
        assert_eq!(agent.obstacles("chat"), obstacles);
    }
}

#[test]
fn r_61_available_while_full_gets_nothing() {
    let mut agent = on_duty(1).with_workstream(workstream("chat")).holding(&["w1"]);
    agent.chooses("available");
    assert_eq!(agent.obstacles("chat"), [Reason::Capacity]);
}

#[test]
fn r_61_offers_count_as_used() {
    let mut agent = on_duty(2).with_workstream(Workstream { units: Some(2), ..workstream("chat") });
    agent.is_offered("w1");
    assert_eq!((agent.shown(), agent.obstacles("chat")), ("available", vec![Reason::Capacity]));
    let mut profiled = with_profiles(&[profile("chat", 1)]).on_duty();
    let chat = Workstream { profiles: profiles(&["chat"]).profiles.unwrap(), ..workstream("chat") };
    profiled = profiled.with_workstream(chat);
    profiled.is_offered_with("w1", of("chat"));
    assert_eq!(profiled.obstacles("chat"), [Reason::Capacity]);
}

#[test]
fn r_62_r_63_r_64_assignments_that_happened_apply_whatever_presence_and_capacity_say() {
    for how in [SubEventName::AssignedBySupervisor, SubEventName::Pick, SubEventName::AutoAssign] {
        let mut agent = on_duty(1).holding(&["w1"]);
        agent.chooses("away");
        assert_eq!(agent.gets("w2", Terms::default(), how), Answer::Applied);
        assert_eq!(agent.units(), (2, 0));
    }
}

#[test]
fn r_66_a_27_nobody_with_a_hold_gets_work_even_where_its_base_is_allowed() {
    let all = Workstream { allowed: BaseStatus::ALL.into(), ..workstream("all") };
    let mut missed = on_duty(3).with_workstream(all);
    let mut rejected = missed.clone();
    missed.misses("w1");
    rejected.rejects("w1");
    assert_eq!((missed.obstacles("all"), rejected.obstacles("all")), (vec![Reason::Hold], vec![Reason::Hold]));
}

#[test]
fn r_67_a_workstream_that_allows_no_presence_finds_nobody() {
    let nobody = Workstream { allowed: [].into(), ..workstream("nobody") };
    assert_eq!(on_duty(3).with_workstream(nobody).obstacles("nobody"), [Reason::PresenceNotAllowed]);
}

#[test]
fn r_35_a_consumed_blocking_profile_stops_all_assignment() {
    let mut agent = with_profiles(&[profile("chat", 3), blocking("voice", 1)]).on_duty();
    let chat = Workstream { profiles: profiles(&["chat"]).profiles.unwrap(), ..workstream("chat") };
    agent = agent.with_workstream(chat);
    agent.accepts_with("w1", profiles(&["voice"]));
    agent.chooses("available");
    assert_eq!(agent.obstacles("chat"), [Reason::BlockedByProfile]);
}

#[test]
fn r_57_nobody_at_the_limit_gets_work() {
    let mut agent = on_duty(9).with_workstream(workstream("chat")).with_policy(|policy| policy.max_open_work_items = 2);
    agent.accepts("w1");
    assert_eq!(agent.obstacles("chat"), []);
    agent.accepts("w2");
    assert_eq!(agent.obstacles("chat"), [Reason::WorkItemLimit]);
}

#[test]
fn an_agent_without_a_session_gets_nothing_whatever_is_shown() {
    let mut agent = on_duty(3).with_workstream(workstream("chat"));
    agent.refreshes();
    assert_eq!((agent.shown(), agent.obstacles("chat")), ("available", vec![Reason::NotConnected]));
    agent.after(5_001).ticks();
    assert_eq!(agent.obstacles("chat"), [Reason::NotConnected, Reason::PresenceNotAllowed]);
    let disabled = off_duty(3).with_workstream(workstream("chat"));
    let mut disabled = disabled;
    disabled.is_configured(|record| record.enabled = false);
    assert_eq!(disabled.obstacles("chat"), [Reason::Disabled, Reason::NotConnected, Reason::PresenceNotAllowed]);
}

#[test]
fn zero_units_get_nothing_not_even_an_item_that_takes_none() {
    let agent = on_duty(0).with_workstream(Workstream { units: Some(0), ..workstream("chat") });
    assert_eq!(agent.obstacles("chat"), [Reason::Capacity]);
}

#[test]
fn if_eligible_applies_only_to_an_eligible_agent() {
    let mut agent = on_duty(1).with_workstream(workstream("chat"));
    assert_eq!(agent.is_offered_with("w1", if_eligible(of("chat"))), Answer::Applied);
    assert_eq!(agent.is_offered_with("w2", if_eligible(of("chat"))), Answer::Refused("not_eligible"));
    assert_eq!(agent.gets("w3", if_eligible(of("chat")), SubEventName::Pick), Answer::Refused("not_eligible"));
    agent.chooses("away");
    assert_eq!(agent.is_offered_with("w4", if_eligible(of("chat"))), Answer::Refused("not_eligible"));
}

#[test]
fn if_eligible_counts_the_items_own_reservation_for_it() {
    let mut agent = on_duty(1).with_workstream(workstream("chat"));
    agent.is_offered_with("w1", of("chat"));
    assert_eq!(agent.accepts_with("w1", if_eligible(of("chat"))), Answer::Applied);
    assert_eq!(agent.accepts_with("w1", if_eligible(of("chat"))), Answer::Refused("already_assigned"));
}

#[test]
fn if_eligible_needs_a_workstream() {
    let mut agent = on_duty(1);
    assert_eq!(agent.is_offered_with("w1", if_eligible(units(1))), Answer::Refused("invalid"));
}

#[test]
fn if_eligible_asks_for_what_the_event_names() {
    let mut agent = on_duty(3).with_workstream(workstream("chat"));
    let terms = |units| Terms { units: Some(units), ..if_eligible(of("chat")) };
    assert_eq!(agent.is_offered_with("w1", terms(4)), Answer::Refused("not_eligible"));
    assert_eq!(agent.is_offered_with("w1", terms(3)), Answer::Applied);
}
