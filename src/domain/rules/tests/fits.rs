//! Which event fits which state of a work item (contract, *What fits what*).

use super::desk::{Answer, Desk, item, of, off_duty, on_duty, profiles};
use crate::domain::cause::SubEventName;
use crate::domain::command::{Terms, WorkEvent, WrapUpChoice};
use crate::domain::work_item::WorkItem;

const ENDS: [WorkEvent; 3] = [WorkEvent::Missed, WorkEvent::Rejected, WorkEvent::Withdrawn];

fn quiet() -> Desk {
    on_duty(3).with_policy(|policy| {
        policy.missed_notifications = false;
        policy.reject_notifications = false;
    })
}

#[test]
fn the_end_of_an_offer_that_was_never_made_applies_once() {
    for end in ENDS {
        let mut agent = quiet();
        assert_eq!(agent.works("w1", end.clone()), Answer::Applied);
        assert_eq!(agent.works("w1", end), Answer::Refused("offer_already_ended"));
    }
}

#[test]
fn the_end_of_an_offer_of_an_item_that_is_held_is_refused() {
    for end in ENDS {
        let mut agent = quiet().holding(&["w1"]);
        assert_eq!(agent.works("w1", end.clone()), Answer::Refused("already_assigned"));
        agent.ends("w1");
        assert_eq!(agent.works("w1", end), Answer::Refused("already_assigned"));
    }
}

#[test]
fn the_end_of_an_offer_that_has_ended_is_a_duplicate_whichever_end_it_was() {
    for first in ENDS {
        for second in ENDS {
            let mut agent = quiet();
            agent.is_offered("w1");
            assert_eq!(agent.works("w1", first.clone()), Answer::Applied);
            assert_eq!(agent.works("w1", second), Answer::Refused("offer_already_ended"));
        }
    }
}

#[test]
fn an_item_may_be_offered_again_after_its_offer_ended() {
    let mut agent = quiet();
    agent.is_offered("w1");
    agent.misses("w1");
    assert_eq!(agent.is_offered("w1"), Answer::Applied);
    assert_eq!(agent.misses("w1"), Answer::Applied);
    assert_eq!(agent.accepts("w1"), Answer::Applied, "late, but it happened");
    assert_eq!(agent.misses("w1"), Answer::Refused("already_assigned"));
}

#[test]
fn a_late_report_counts_once_even_after_the_item_was_taken_and_closed() {
    let mut agent = quiet();
    agent.is_offered("w1");
    agent.misses("w1");
    agent.accepts("w1");
    agent.closes("w1");
    assert_eq!(agent.misses("w1"), Answer::Refused("offer_already_ended"));
}

#[test]
fn the_end_of_an_offer_that_was_accepted_is_a_duplicate_once_the_item_is_closed() {
    for end in ENDS {
        for close in [WorkEvent::Released { how: SubEventName::AgentTransfered }, end.clone()] {
            let mut agent = on_duty(3);
            agent.is_offered("w1");
            agent.accepts("w1");
            if agent.works("w1", close) != Answer::Applied {
                agent.closes("w1");
            }
            assert_eq!(agent.works("w1", end.clone()), Answer::Refused("offer_already_ended"));
            assert_eq!((agent.shown(), agent.hold()), ("available", None));
        }
    }
}

#[test]
fn a_late_report_counts_once_after_hundreds_of_other_offers() {
    let mut agent = on_duty(3);
    let offers: Vec<String> = (0..500).map(|number| format!("w{number}")).collect();
    for (number, offer) in offers.iter().enumerate() {
        agent.after(100_000).is_offered(offer);
        match number % 4 {
            0 => agent.loses_the_offer(offer),
            1 => agent.closes(offer),
            _ => agent.accepts(offer),
        };
        agent.closes(offer);
    }
    for offer in &offers {
        for end in [WorkEvent::Missed, WorkEvent::Rejected] {
            assert_eq!(agent.works(offer, end), Answer::Refused("offer_already_ended"), "{offer}");
        }
    }
    assert_eq!(agent.misses("another"), Answer::Applied, "the hub never heard of it");
    assert_eq!(agent.shown(), "inactive");
}

#[test]
fn an_offer_that_ended_stays_over_when_a_reconciliation_names_its_item() {
    let mut agent = quiet();
    agent.is_offered("w1");
    agent.is_offered("w2");
    agent.misses("w1");
    let mut items = agent.clone().holding(&["w1", "w2"]).agent.items;
    agent.is_reconciled_to(items.clone());
    items.clear();
    agent.is_reconciled_to(items);
    assert_eq!(agent.misses("w1"), Answer::Refused("offer_already_ended"));
    assert_eq!(agent.misses("w2"), Answer::Refused("offer_already_ended"), "it was accepted, as it turned out");
}

#[test]
fn a_repeated_offer_and_an_offer_of_an_item_that_is_held_are_refused() {
    let mut agent = on_duty(3);
    agent.is_offered("w1");
    assert_eq!(agent.is_offered("w1"), Answer::Refused("already_offered"));
    agent.accepts("w1");
    assert_eq!(agent.is_offered("w1"), Answer::Refused("already_assigned"));
}

#[test]
fn a_second_assignment_is_refused_in_wrap_up_too() {
    let mut agent = on_duty(3).holding(&["w1"]);
    assert_eq!(agent.accepts("w1"), Answer::Refused("already_assigned"));
    agent.ends_with("w1", WrapUpChoice::Dont, None);
    assert_eq!(agent.accepts("w1"), Answer::Refused("already_assigned"));
}

#[test]
fn releases_and_wrap_up_of_an_unknown_item_are_refused() {
    let mut agent = on_duty(3);
    assert_eq!(agent.closes("w1"), Answer::Refused("unknown_work_item"));
    assert_eq!(agent.ends("w1"), Answer::Refused("unknown_work_item"));
    agent.is_offered("w1");
    assert_eq!(agent.ends("w1"), Answer::Refused("unknown_work_item"), "an offer has nothing to wrap up");
    agent.accepts("w1");
    agent.closes("w1");
    assert_eq!(agent.closes("w1"), Answer::Refused("unknown_work_item"));
}

#[test]
fn unknown_workstreams_and_profiles_are_refused() {
    let mut agent = on_duty(3);
    assert_eq!(agent.is_offered_with("w1", of("nowhere")), Answer::Refused("unknown_workstream"));
    assert_eq!(agent.accepts_with("w1", profiles(&["nothing"])), Answer::Refused("unknown_profile"));
}

#[test]
fn an_item_takes_ten_profiles_at_most_and_more_are_not_even_looked_at() {
    let mut agent = on_duty(3);
    let many: Vec<String> = (0..200_000).map(|number| format!("p{number}")).collect();
    let many = profiles(&many.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(agent.accepts_with("w1", many.clone()), Answer::Refused("invalid"), "not `unknown_profile`");
    assert_eq!(agent.is_offered_with("w1", many.clone()), Answer::Refused("invalid"));
    agent.is_offered("w1");
    assert_eq!(agent.accepts_with("w1", many.clone()), Answer::Refused("invalid"), "its offer took less");
    let mut items = agent.agent.items.clone();
    items[0].takes.profiles = many.profiles.unwrap();
    assert_eq!(agent.is_reconciled_to(items), Answer::Refused("invalid"));
}

#[test]
fn a_reconciliation_to_more_items_than_an_agent_can_have_is_not_even_looked_at() {
    let mut agent = on_duty(3).holding(&["w1"]);
    let one = agent.agent.items[0].clone();
    let items = (0..100_000).map(|number| WorkItem { id: item(&format!("w{number}")), ..one.clone() });
    assert_eq!(agent.is_reconciled_to(items.collect()), Answer::Refused("invalid"));
}

#[test]
fn a_workstream_that_is_gone_does_not_keep_its_offer_from_being_accepted() {
    let mut agent = on_duty(3).with_workstream(super::desk::workstream("chat"));
    agent.is_offered_with("w1", of("chat"));
    agent.the_directory_changes(|directory| directory.workstreams.clear());
    assert_eq!(agent.accepts("w1"), Answer::Applied);
}

#[test]
fn events_for_a_signed_out_agent_apply() {
    let mut agent = off_duty(3);
    assert_eq!(agent.accepts("w1"), Answer::Applied);
    assert_eq!(agent.ends("w1"), Answer::Applied);
    assert_eq!(agent.closes("w1"), Answer::Applied);
}

#[test]
fn a_disabled_agent_only_gives_work_back() {
    let mut agent = on_duty(3).holding(&["w1", "w2"]);
    agent.is_offered("w3");
    agent.is_configured(|record| record.enabled = false);
    for refused in [
        agent.is_offered("w4"),
        agent.gets("w4", Terms::default(), SubEventName::AutoAssign),
        agent.misses("w4"),
        agent.works("w4", WorkEvent::SideWork(SubEventName::ConsultJoined)),
    ] {
        assert_eq!(refused, Answer::Refused("agent_disabled"));
    }
    assert_eq!(agent.misses("w3"), Answer::Refused("offer_already_ended"), "its offer ended when it was disabled");
    assert_eq!(agent.ends("w1"), Answer::Applied, "so that its capacity comes back");
    assert_eq!((agent.closes("w1"), agent.closes("w2")), (Answer::Applied, Answer::Applied));
}
