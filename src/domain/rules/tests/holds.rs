//! Missed and rejected notifications, and the limit of open work items (rule book, *Holds*).

use super::desk::{Answer, Desk, custom, item, ms, of, off_duty, on_duty, workstream};
use crate::domain::cause::{Actor, Cause, EventName, SubEventName};
use crate::domain::command::{Terms, WrapUpChoice};
use crate::domain::policy::SignInPolicy;
use crate::domain::presence::BaseStatus;
use crate::domain::record::{PresenceEffect, Workstream};
use crate::domain::standing::{Hold, Origin};
use crate::domain::trace::Rule;

const TEN: [&str; 10] = ["w1", "w2", "w3", "w4", "w5", "w6", "w7", "w8", "w9", "w10"];

fn at_the_limit() -> Desk {
    on_duty(20).holding(&TEN)
}

#[test]
fn r_50_a_missed_notification_makes_the_agent_inactive() {
    let mut agent = on_duty(3);
    agent.is_offered("w1");
    agent.misses("w1");
    assert_eq!((agent.shown(), agent.hold(), agent.origin()), ("inactive", Some(Hold::Missed), Origin::Automatic));
    assert_eq!((agent.units(), agent.agent.cause.event), ((0, 0), EventName::MissedNotification));
}

#[test]
fn r_50_the_hub_itself_records_the_miss_when_the_notification_times_out() {
    let mut agent = on_duty(3);
    agent.is_offered_for("w1", 30_000);
    agent.after(29_999).ticks();
    assert_eq!(agent.shown(), "available");
    agent.after(1).ticks();
    assert_eq!((agent.shown(), &agent.agent.modified_by), ("inactive", &Actor::System));
    assert_eq!(agent.agent.cause.sub_event, Some(SubEventName::AgentTimeout));
    assert_eq!(agent.misses("w1"), Answer::Refused("offer_already_ended"), "it counts once");
}

#[test]
fn r_50_an_answer_at_the_last_moment_is_in_time() {
    let mut agent = on_duty(3);
    agent.is_offered_for("w1", 30_000);
    agent.after(29_999).accepts("w1");
    agent.after(1).ticks();
    assert_eq!(agent.shown(), "busy");
}

#[test]
fn r_50_the_setting_may_be_off() {
    let mut agent = on_duty(3).with_policy(|policy| policy.missed_notifications = false);
    agent.is_offered("w1");
    agent.misses("w1");
    assert_eq!((agent.shown(), agent.units()), ("available", (0, 0)));
    assert!(agent.was_decided_by(Rule::MissedSwitchedOff));
}

#[test]
fn r_52_a_hold_stays_through_work() {
    for mut agent in [on_duty(3).holding(&["w1"]), on_duty(1).holding(&["w1"])] {
        agent.misses("w2");
        agent.closes("w1");
        agent.gets("w3", Terms::default(), SubEventName::Pick);
        assert_eq!((agent.shown(), agent.was_decided_by(Rule::Held)), ("inactive", true));
    }
}

#[test]
fn r_52_a_hold_ends_with_the_session() {
    let mut agent = on_duty(3);
    agent.rejects("w1");
    agent.loses_its_network();
    agent.after(150_001).signs_in();
    assert_eq!((agent.shown(), agent.hold()), ("available", None));
}

#[test]
fn r_53_a_choice_clears_a_hold() {
    for presence in ["available", "do-not-disturb", "offline"] {
        let mut agent = on_duty(3);
        agent.misses("w1");
        agent.chooses(presence);
        assert_eq!((agent.shown(), agent.hold(), agent.origin()), (presence, None, Origin::Agent));
    }
}

#[test]
fn r_54_a_18_a_reset_goes_to_capacity_and_not_to_the_default() {
    let mut agent = off_duty(3).with_default("away").on_duty();
    agent.misses("w1");
    agent.accepts("w2");
    agent.resets();
    assert_eq!((agent.shown(), agent.origin()), ("busy", Origin::Automatic));
    assert_eq!(agent.agent.cause.event, EventName::ResetPresence);
    assert_eq!(agent.resets(), Answer::Refused("nothing_to_reset"));
}

#[test]
fn r_55_a_rejected_notification_makes_the_agent_do_not_disturb() {
    let mut agent = on_duty(3);
    agent.is_offered("w1");
    agent.rejects("w1");
    assert_eq!((agent.shown(), agent.hold()), ("do-not-disturb", Some(Hold::Rejected)));
    let mut off = on_duty(3).with_policy(|policy| policy.reject_notifications = false);
    off.rejects("w1");
    assert_eq!((off.shown(), off.hold()), ("available", None));
}

#[test]
fn r_56_a_rejection_by_the_system_changes_no_presence() {
    let mut agent = on_duty(3);
    agent.is_offered("w1");
    agent.loses_the_offer("w1");
    assert_eq!((agent.shown(), agent.units()), ("available", (0, 0)));
    assert!(agent.was_decided_by(Rule::SystemRejection));
}

#[test]
fn r_57_new_work_at_the_limit_makes_the_agent_do_not_disturb_and_is_not_kept() {
    let mut agent = at_the_limit();
    assert_eq!(agent.shown(), "busy", "the tenth is fine");
    assert_eq!(agent.is_offered("w11"), Answer::AppliedWith("work_item_limit"));
    assert_eq!((agent.shown(), agent.hold()), ("do-not-disturb", Some(Hold::WorkItemLimit)));
    assert_eq!((agent.agent.items.len(), agent.agent.cause.event), (10, EventName::WorkItemLimit));
    assert_eq!(agent.rejects("w11"), Answer::Refused("offer_already_ended"), "that offer has ended");
}

#[test]
fn r_57_the_limit_moves_no_pinned_presence() {
    let mut agent = at_the_limit();
    agent.chooses("away");
    assert_eq!(agent.is_offered("w11"), Answer::AppliedWith("work_item_limit"));
    assert_eq!((agent.shown(), agent.hold(), agent.origin()), ("away", None, Origin::Agent));
}

#[test]
fn r_57_an_assignment_at_the_limit_is_kept_and_makes_the_agent_do_not_disturb() {
    for how in [SubEventName::AutoAssign, SubEventName::Pick, SubEventName::AssignedBySupervisor] {
        let mut agent = at_the_limit();
        assert_eq!(agent.gets("w11", Terms::default(), how), Answer::Applied);
        assert_eq!((agent.shown(), agent.hold()), ("do-not-disturb", Some(Hold::WorkItemLimit)));
        assert_eq!((agent.agent.items.len(), agent.units()), (11, (11, 0)));
        assert_eq!(agent.agent.cause, Cause::how(EventName::WorkItemLimit, how));
        assert_eq!(agent.last().work_item, Some(item("w11")));
        agent.resets();
        assert_eq!(agent.shown(), "busy");
        agent.accepts("w12");
        assert_eq!(agent.hold(), Some(Hold::WorkItemLimit), "new work at the limit again");
    }
}

#[test]
fn r_57_accepting_an_earlier_offer_at_the_limit_makes_the_agent_do_not_disturb() {
    let mut agent = on_duty(20).holding(&TEN[..9]);
    agent.is_offered("w11");
    agent.accepts("w10");
    assert_eq!(agent.hold(), None);
    agent.accepts("w11");
    assert_eq!((agent.shown(), agent.hold()), ("do-not-disturb", Some(Hold::WorkItemLimit)));
}

#[test]
fn r_57_an_assignment_at_the_limit_moves_no_pinned_presence() {
    for presence in ["do-not-disturb", "away", "offline"] {
        let mut agent = at_the_limit();
        agent.chooses(presence);
        agent.accepts("w11");
        assert_eq!((agent.shown(), agent.hold(), agent.origin()), (presence, None, Origin::Agent));
        assert_eq!(agent.last().cause.event, EventName::SessionAssigned);
    }
    let mut held = at_the_limit();
    held.misses("w11");
    held.accepts("w12");
    assert_eq!((held.shown(), held.hold()), ("inactive", Some(Hold::Missed)));
}

#[test]
fn r_57_a_23_the_limit_holds_what_is_kept_and_nothing_of_who_is_signed_out() {
    let mut agent = at_the_limit();
    agent.loses_its_network();
    let mut late = agent.clone();
    agent.accepts("w11");
    assert_eq!((agent.shown(), agent.kept().hold), ("offline", Some(Hold::WorkItemLimit)));
    agent.signs_in();
    assert_eq!((agent.shown(), agent.hold()), ("do-not-disturb", Some(Hold::WorkItemLimit)));
    late.after(150_001).accepts("w11");
    assert_eq!((late.shown(), late.hold(), late.agent.is_logged_in()), ("offline", None, false));
}

#[test]
fn r_57_work_that_affects_no_presence_is_counted_and_moves_nothing_at_the_limit() {
    let mail = Workstream { presence_effect: PresenceEffect::Ignored, ..workstream("mail") };
    let mut agent = at_the_limit().with_workstream(mail);
    agent.accepts_with("m1", of("mail"));
    assert_eq!(agent.is_offered_with("m2", of("mail")), Answer::AppliedWith("work_item_limit"));
    assert_eq!((agent.shown(), agent.hold()), ("busy", None));
    agent.closes("w1");
    assert_eq!(agent.is_offered("w11"), Answer::AppliedWith("work_item_limit"), "the mail is open");
}

#[test]
fn r_57_a_reconciliation_with_new_work_beyond_the_limit_makes_the_agent_do_not_disturb() {
    let mut agent = at_the_limit();
    let mut twelve = agent.clone().holding(&["w11", "w12"]).agent.items;
    agent.is_reconciled_to(twelve.clone());
    assert_eq!((agent.shown(), agent.hold()), ("do-not-disturb", Some(Hold::WorkItemLimit)));
    agent.resets();
    twelve.remove(0);
    agent.is_reconciled_to(twelve);
    assert_eq!((agent.shown(), agent.hold()), ("busy", None), "eleven, and none of them is new");
}

#[test]
fn r_57_an_item_in_wrap_up_is_open_and_an_offer_is_not() {
    let mut agent = on_duty(20).holding(&TEN[..9]);
    agent.is_offered("w10");
    agent.ends_with("w1", WrapUpChoice::Dont, None);
    assert_eq!(agent.is_offered("w11"), Answer::Applied);
    agent.accepts("w10");
    assert_eq!(agent.is_offered("w12"), Answer::AppliedWith("work_item_limit"));
}

#[test]
fn a_19_a_miss_makes_inactive_from_everything_but_offline() {
    for presence in ["available", "busy", "do-not-disturb", "away"] {
        let mut agent = on_duty(3);
        agent.chooses(presence);
        agent.misses("w1");
        assert_eq!(agent.shown(), "inactive");
    }
    for presence in ["offline", "shift-over"] {
        let mut agent = on_duty(3).with_presence(custom("shift-over", BaseStatus::Offline));
        agent.chooses(presence);
        agent.misses("w1");
        agent.rejects("w2");
        assert_eq!((agent.shown(), agent.hold(), agent.origin()), (presence, None, Origin::Agent));
    }
}

#[test]
fn a_19_a_chosen_do_not_disturb_stays_a_chosen_one_when_a_notification_is_rejected() {
    let mut agent = on_duty(3);
    agent.chooses("do-not-disturb");
    agent.rejects("w1");
    assert_eq!((agent.hold(), agent.origin()), (None, Origin::Agent));
    assert_eq!(agent.resets(), Answer::Refused("nothing_to_reset"));
    let policy = |policy: &mut crate::domain::policy::Policy| policy.sign_in_policy = SignInPolicy::DefaultFirst;
    let mut default = off_duty(3).with_policy(policy).with_default("do-not-disturb").on_duty();
    default.rejects("w1");
    assert_eq!((default.hold(), default.origin()), (None, Origin::Default));
}

#[test]
fn a_19_an_automatic_do_not_disturb_becomes_a_hold_when_a_notification_is_rejected() {
    let mut agent = on_duty(1).holding(&["w1"]);
    agent.rejects("w2");
    agent.closes("w1");
    assert_eq!((agent.shown(), agent.hold()), ("do-not-disturb", Some(Hold::Rejected)));
}

#[test]
fn a_19_the_latest_of_missed_and_rejected_wins() {
    let mut agent = on_duty(3);
    agent.rejects("w1");
    agent.misses("w2");
    assert_eq!(agent.hold(), Some(Hold::Missed));
    agent.rejects("w3");
    assert_eq!((agent.shown(), agent.hold()), ("do-not-disturb", Some(Hold::Rejected)));
}

#[test]
fn a_20_an_offer_ends_the_moment_the_agent_goes_offline_and_is_no_miss() {
    let mut agent = on_duty(3);
    agent.is_offered_for("w1", 30_000);
    agent.loses_its_network();
    assert_eq!(agent.last().withdrawn, [item("w1")]);
    agent.after(30_000).ticks();
    assert_eq!((agent.hold(), agent.misses("w1")), (None, Answer::Refused("offer_already_ended")));
    agent.signs_in();
    assert_eq!(agent.shown(), "available");
}

#[test]
fn a_20_an_offer_to_an_absent_agent_ends_at_once() {
    let mut disconnected = on_duty(3);
    disconnected.loses_its_network();
    for mut agent in [off_duty(3), disconnected] {
        assert_eq!(agent.is_offered("w1"), Answer::AppliedWith("agent_not_connected"));
        assert_eq!((agent.units(), agent.last().withdrawn.as_slice()), ((0, 0), [item("w1")].as_slice()));
        assert_eq!(agent.misses("w2"), Answer::Applied, "an offer that the hub never heard of");
        assert_eq!((agent.hold(), agent.was_decided_by(Rule::NotSeen)), (None, true));
    }
}

#[test]
fn a_20_absence_is_told_before_the_limit() {
    let mut agent = at_the_limit();
    agent.loses_its_network();
    assert_eq!(agent.is_offered("w11"), Answer::AppliedWith("agent_not_connected"));
    assert_eq!(agent.hold(), None);
}

#[test]
fn a_21_the_hold_of_the_limit_stays_until_it_is_reset() {
    let mut agent = at_the_limit();
    agent.is_offered("w11");
    agent.closes("w1");
    assert_eq!(agent.hold(), Some(Hold::WorkItemLimit));
    agent.resets();
    assert_eq!(agent.shown(), "busy");
}

#[test]
fn a_21_closing_work_ends_the_hold_of_the_limit_if_the_setting_says_so() {
    let mut agent = at_the_limit().with_policy(|policy| policy.work_item_limit_auto_clear = true);
    agent.is_offered("w11");
    agent.ends("w1");
    assert_eq!(agent.hold(), Some(Hold::WorkItemLimit), "it is still open");
    agent.closes("w1");
    assert_eq!((agent.shown(), agent.hold()), ("busy", None));
    assert!(agent.was_decided_by(Rule::LimitCleared));
}

#[test]
fn a_21_the_limit_is_cleared_below_it_and_not_at_it() {
    let mut agent = at_the_limit().with_policy(|policy| policy.work_item_limit_auto_clear = true);
    agent.gets("w11", Terms::default(), SubEventName::AssignedBySupervisor);
    agent.is_offered("w12");
    agent.closes("w1");
    assert_eq!(agent.hold(), Some(Hold::WorkItemLimit));
    agent.closes("w2");
    assert_eq!(agent.hold(), None);
}

#[test]
fn a_21_closing_an_item_that_held_nothing_clears_the_limit_too() {
    let mut agent = at_the_limit().with_policy(|policy| policy.work_item_limit_auto_clear = true);
    agent.ends_with("w1", WrapUpChoice::Custom, Some(ms(1_000)));
    agent.after(1_000).is_offered("w11");
    assert_eq!(agent.hold(), Some(Hold::WorkItemLimit));
    agent.closes("w1");
    assert_eq!(agent.hold(), None);
}

#[test]
fn a_21_other_holds_are_not_cleared_by_closing_work() {
    let mut agent = at_the_limit().with_policy(|policy| policy.work_item_limit_auto_clear = true);
    agent.misses("w11");
    agent.closes("w1");
    assert_eq!(agent.hold(), Some(Hold::Missed));
}
