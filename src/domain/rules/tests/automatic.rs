//! Automatic presence from capacity (rule book, *Presence from capacity*).

use super::desk::{Answer, Desk, blocking, ms, of, on_duty, profile, profiles, units, with_profiles, workstream};
use crate::domain::cause::{EventName, SubEventName};
use crate::domain::command::WrapUpChoice;
use crate::domain::record::{PresenceEffect, Workstream, WrapUpBlock};
use crate::domain::standing::Origin;
use crate::domain::trace::Rule;

#[test]
fn r_20_r_21_r_22_unused_partly_and_fully_used() {
    let mut agent = on_duty(2);
    assert_eq!(agent.shown(), "available");
    agent.accepts("w1");
    assert_eq!((agent.shown(), agent.was_decided_by(Rule::CapacityPartlyUsed)), ("busy", true));
    agent.accepts("w2");
    assert_eq!((agent.shown(), agent.was_decided_by(Rule::CapacityExhausted)), ("do-not-disturb", true));
    agent.closes("w1");
    assert_eq!(agent.shown(), "busy");
    agent.closes("w2");
    assert_eq!((agent.shown(), agent.was_decided_by(Rule::CapacityUnused)), ("available", true));
}

#[test]
fn a_4_an_automatic_do_not_disturb_is_released_and_a_chosen_one_is_not() {
    let mut automatic = on_duty(1).holding(&["w1"]);
    let mut chosen = automatic.clone();
    chosen.chooses("do-not-disturb");
    automatic.closes("w1");
    chosen.closes("w1");
    assert_eq!((automatic.shown(), chosen.shown()), ("available", "do-not-disturb"));
}

#[test]
fn r_23_a_8_an_item_of_weight_0_makes_the_agent_busy() {
    let mut agent = on_duty(3);
    agent.accepts_with("w1", units(0));
    assert_eq!((agent.shown(), agent.was_decided_by(Rule::WorkIsOpen)), ("busy", true));
    agent.closes("w1");
    assert_eq!(agent.shown(), "available");
}

fn reads_mail() -> Desk {
    let mail = Workstream { presence_effect: PresenceEffect::Ignored, units: Some(2), ..workstream("mail") };
    on_duty(3).with_workstream(mail).with_workstream(workstream("chat"))
}

#[test]
fn a_8_work_that_does_not_move_the_presence_takes_capacity_all_the_same() {
    let mut agent = reads_mail();
    agent.accepts_with("m1", of("mail"));
    assert_eq!((agent.shown(), agent.units()), ("available", (2, 0)));
    assert!(agent.was_decided_by(Rule::NoEffect));
}

#[test]
fn a_8_the_presence_ignores_work_that_does_not_move_it() {
    let mut agent = reads_mail();
    agent.accepts_with("m1", of("mail"));
    agent.accepts_with("c1", of("chat"));
    assert_eq!(agent.shown(), "busy", "2 + 1 of 3 units are used, 1 of them moves the presence");
    agent.closes("c1");
    assert_eq!(agent.shown(), "available");
}

#[test]
fn a_8_work_that_does_not_move_the_presence_ends_no_soft_choice() {
    let mut agent = reads_mail();
    agent.chooses("busy");
    agent.accepts_with("m1", of("mail"));
    agent.closes("m1");
    assert_eq!((agent.shown(), agent.origin()), ("busy", Origin::Agent));
}

#[test]
fn a_8_an_offer_without_a_workstream_takes_on_that_of_its_assignment() {
    let mut agent = reads_mail();
    agent.is_offered("m1");
    agent.accepts_with("m1", of("mail"));
    assert_eq!((agent.shown(), agent.units()), ("available", (1, 0)));
    agent.is_offered_with("m2", of("mail"));
    agent.accepts_with("m2", of("chat"));
    assert_eq!(agent.shown(), "available", "an offer that named its workstream keeps it");
    agent.is_offered("c1");
    agent.accepts("c1");
    assert_eq!(agent.shown(), "busy");
}

#[test]
fn r_24_an_item_takes_the_units_its_workstream_states() {
    let mut agent = on_duty(15).with_workstream(Workstream { units: Some(5), ..workstream("voice") });
    agent.accepts_with("w1", of("voice"));
    agent.accepts_with("w2", of("voice"));
    assert_eq!((agent.shown(), agent.units()), ("busy", (10, 0)));
    agent.accepts_with("w3", of("voice"));
    assert_eq!((agent.shown(), agent.units()), ("do-not-disturb", (15, 0)));
}

#[test]
fn r_24_an_item_takes_one_of_each_profile() {
    let mut agent = with_profiles(&[profile("chat", 2), profile("vip", 1)]).on_duty();
    agent.accepts_with("w1", profiles(&["chat", "vip"]));
    let used: Vec<u32> = agent.capacity().profiles.iter().map(|profile| profile.meter.used).collect();
    assert_eq!(used, [1, 1]);
}

#[test]
fn r_25_only_capacity_taken_or_given_back_recomputes() {
    let mut agent = on_duty(1).holding(&["w1"]);
    agent.chooses("available");
    agent.is_offered("w2");
    agent.loses_the_offer("w2");
    agent.ends("w1");
    assert_eq!((agent.shown(), agent.origin()), ("available", Origin::Agent));
    agent.closes("w1");
    assert_eq!((agent.shown(), agent.origin()), ("available", Origin::Automatic));
}

#[test]
fn r_26_r_27_always_block_holds_capacity_until_the_item_is_closed() {
    let mut agent = on_duty(1).holding(&["w1"]);
    agent.ends("w1");
    assert_eq!((agent.shown(), agent.units(), agent.last().cause.event), ("do-not-disturb", (1, 0), EventName::Other));
    agent.after(86_400_000).ticks();
    assert_eq!(agent.shown(), "do-not-disturb");
    agent.closes("w1");
    assert_eq!((agent.shown(), agent.units()), ("available", (0, 0)));
}

#[test]
fn r_28_dont_block_gives_capacity_back_at_once() {
    let mut agent = on_duty(1).holding(&["w1"]);
    agent.ends_with("w1", WrapUpChoice::Dont, None);
    assert_eq!((agent.shown(), agent.units(), agent.agent.open_work_items()), ("available", (0, 0), 1));
    assert_eq!(agent.last().cause.event, EventName::SessionClosed);
    assert_eq!(agent.last().cause.sub_event, Some(SubEventName::AgentEndConversation));
    agent.chooses("busy");
    agent.closes("w1");
    assert_eq!((agent.shown(), agent.origin()), ("busy", Origin::Agent), "closing it gives nothing back");
}

#[test]
fn r_29_custom_gives_capacity_back_when_its_time_is_over() {
    let mut agent = on_duty(1).holding(&["w1"]);
    agent.ends_with("w1", WrapUpChoice::Custom, Some(ms(30_000)));
    agent.after(29_999).ticks();
    assert_eq!(agent.shown(), "do-not-disturb");
    agent.after(1).ticks();
    assert_eq!((agent.shown(), agent.units()), ("available", (0, 0)));
    assert_eq!(agent.last().cause.event, EventName::WrapUpEnded);
}

#[test]
fn r_29_a_custom_wrap_up_may_be_closed_before_its_time() {
    let mut agent = on_duty(1).holding(&["w1"]);
    agent.ends_with("w1", WrapUpChoice::Custom, Some(ms(30_000)));
    agent.closes("w1");
    assert_eq!(agent.shown(), "available");
    agent.after(30_000);
    assert_eq!(agent.ticks(), Answer::Unchanged);
}

#[test]
fn r_29_the_workstream_says_how_wrap_up_blocks_unless_the_event_does() {
    let voice = Workstream { wrap_up: WrapUpBlock::Custom(ms(60_000)), ..workstream("voice") };
    let mut agent = on_duty(1).with_workstream(voice);
    agent.accepts_with("w1", of("voice"));
    let mut always = agent.clone();
    agent.ends("w1");
    assert_eq!(agent.agent.next_deadline(), Some(agent.now.plus(ms(60_000))));
    always.ends_with("w1", WrapUpChoice::Always, None);
    assert_eq!(always.agent.next_deadline(), None);
}

#[test]
fn r_29_custom_needs_a_time() {
    let mut agent = on_duty(1).holding(&["w1"]);
    assert_eq!(agent.ends_with("w1", WrapUpChoice::Custom, None), Answer::Refused("invalid"));
}

#[test]
fn a_5_a_wrap_up_that_gives_no_capacity_back_does_not_count_as_a_close() {
    let mut agent = on_duty(3).holding(&["w1"]);
    agent.chooses("available");
    agent.ends("w1");
    assert_eq!((agent.shown(), agent.origin()), ("available", Origin::Agent));
    assert!(agent.was_decided_by(Rule::ReleasedNothing));
}

#[test]
fn a_7_too_little_capacity_for_anything_is_busy() {
    let mut agent = on_duty(10);
    agent.accepts_with("w1", units(9));
    assert_eq!(agent.shown(), "busy");
}

#[test]
fn a_9_no_capacity_configured_is_unlimited() {
    let mut agent = Desk::of(|_, _| {}).on_duty();
    for id in ["w1", "w2", "w3", "w4", "w5"] {
        agent.accepts_with(id, units(1_000));
        assert_eq!(agent.shown(), "busy");
    }
}

#[test]
fn a_28_full_is_do_not_disturb_and_not_busy() {
    let mut agent = on_duty(90);
    agent.accepts_with("w1", units(90));
    assert_eq!(agent.shown(), "do-not-disturb");
}

#[test]
fn r_39_an_escalation_to_voice_attaches_a_blocking_profile() {
    let mut agent = with_profiles(&[profile("chat", 3), blocking("escalated", 1)]).on_duty();
    agent.accepts_with("c1", profiles(&["chat"]));
    assert_eq!((agent.shown(), agent.capacity().is_blocked_by_some_profile()), ("busy", false));
    agent.accepts_with("c1-voice", profiles(&["escalated"]));
    assert_eq!((agent.shown(), agent.capacity().is_blocked_by_some_profile()), ("do-not-disturb", true));
}
