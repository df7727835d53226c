//! Capacity in detail (rule book, *Presence from capacity*).

use super::desk::{
    Answer, Desk, blocking, daily, of, off_duty, on_duty, profile, profiles, units, with_profiles, workstream,
};
use crate::domain::capacity::Utilization;
use crate::domain::cause::{EventName, SubEventName};
use crate::domain::command::Terms;
use crate::domain::ids::ProfileId;
use crate::domain::record::{AgentProfile, CapacityProfile, PresenceEffect, Workstream};
use crate::domain::standing::Origin;
use crate::domain::time::Timestamp;
use crate::domain::trace::Rule;

/// An agent with units and profiles, signed in.
fn with_both(units: u32, known: &[CapacityProfile]) -> Desk {
    let mut agent = with_profiles(known);
    agent.is_configured(|record| record.units = Some(units));
    agent.on_duty()
}

#[test]
fn r_30_a_11_any_negative_kind_is_do_not_disturb() {
    let mut agent = with_both(3, &[profile("chat", 1)]);
    agent.accepts_with("w1", profiles(&["chat"]));
    assert_eq!(agent.shown(), "busy", "units are left");
    agent.gets("w2", profiles(&["chat"]), SubEventName::AssignedBySupervisor);
    assert_eq!((agent.shown(), agent.was_decided_by(Rule::CapacityNegative)), ("do-not-disturb", true));
}

#[test]
fn r_31_zero_units_stay_do_not_disturb_after_the_work_is_done() {
    let mut agent = on_duty(0);
    assert_eq!(agent.shown(), "available");
    agent.gets("w1", Terms::default(), SubEventName::AssignedBySupervisor);
    assert_eq!(agent.shown(), "do-not-disturb");
    agent.closes("w1");
    assert_eq!(agent.shown(), "do-not-disturb");
}

#[test]
fn r_32_units_and_profiles_must_both_be_exhausted() {
    let mut agent = with_both(1, &[profile("chat", 2)]);
    let both = || Terms { units: Some(1), ..profiles(&["chat"]) };
    agent.accepts_with("w1", both());
    assert_eq!(agent.shown(), "busy");
    agent.accepts_with("w2", profiles(&["chat"]));
    assert_eq!(agent.shown(), "do-not-disturb");
}

#[test]
fn r_33_several_non_blocking_profiles_must_all_be_consumed() {
    let mut agent = with_profiles(&[profile("chat", 1), profile("voice", 1)]).on_duty();
    agent.accepts_with("w1", profiles(&["chat"]));
    assert_eq!(agent.shown(), "busy");
    agent.accepts_with("w2", profiles(&["voice"]));
    assert_eq!(agent.shown(), "do-not-disturb");
}

#[test]
fn r_34_a_consumed_blocking_profile_decides_and_the_others_do_not_matter() {
    let mut agent = with_profiles(&[profile("chat", 1), blocking("voice", 1)]).on_duty();
    agent.accepts_with("w1", profiles(&["chat"]));
    assert_eq!(agent.shown(), "busy");
    agent.accepts_with("w2", profiles(&["voice"]));
    agent.closes("w1");
    assert_eq!(agent.shown(), "do-not-disturb");
}

#[test]
fn r_35_a_10_units_that_are_left_keep_the_agent_busy_but_blocked() {
    let mut agent = with_both(100, &[blocking("voice", 1), blocking("video", 1)]);
    agent.accepts_with("w1", profiles(&["voice"]));
    assert_eq!((agent.shown(), agent.capacity().is_blocked_by_some_profile()), ("busy", true));
}

#[test]
fn r_36_a_12_a_daily_profile_is_given_back_by_the_end_of_the_day_alone() {
    let mut agent = with_profiles(&[daily("cases", 2)]).on_duty();
    agent.accepts_with("w1", profiles(&["cases"]));
    agent.closes("w1");
    assert_eq!((agent.shown(), agent.capacity().utilization()), ("busy", Utilization::Partial));
    agent.accepts_with("w2", profiles(&["cases"]));
    agent.closes("w2");
    assert_eq!((agent.shown(), agent.capacity().utilization()), ("do-not-disturb", Utilization::Full));
    agent.the_day_ends();
    assert_eq!((agent.shown(), agent.last().cause.event), ("available", EventName::EndOfDayCapacityReset));
    assert_eq!(agent.the_day_ends(), Answer::Unchanged);
}

#[test]
fn r_36_an_end_of_day_that_comes_late_or_twice_gives_back_no_use_of_the_next_day() {
    let mut agent = with_profiles(&[daily("cases", 2)]).on_duty();
    let over = agent.now;
    agent.accepts_with("w1", profiles(&["cases"]));
    assert_eq!(agent.a_day_that_was_over_at(over), Answer::Unchanged);
    let over = Timestamp(over.0 + 1);
    agent.a_day_that_was_over_at(over);
    assert_eq!(agent.capacity().profiles[0].meter.used, 0);
    assert_eq!(agent.a_day_that_was_over_at(over), Answer::Unchanged);
}

#[test]
fn r_36_the_end_of_the_day_leaves_open_work_and_chosen_presences_alone() {
    let mut agent = with_profiles(&[daily("cases", 2)]).on_duty();
    agent.accepts_with("w1", profiles(&["cases"]));
    let mut chosen = agent.clone();
    chosen.chooses("available");
    chosen.the_day_ends();
    assert_eq!((chosen.shown(), chosen.origin()), ("available", Origin::Agent));
    agent.the_day_ends();
    assert_eq!(agent.shown(), "busy", "the case is still open");
    agent.closes("w1");
    assert_eq!(agent.shown(), "available");
}

#[test]
fn r_36_an_accepted_offer_uses_the_days_quota_once() {
    let mut agent = with_profiles(&[daily("cases", 3)]).on_duty();
    agent.is_offered_with("w1", profiles(&["cases"]));
    assert_eq!(agent.capacity().profiles[0].meter.available(), 3);
    assert_eq!(agent.capacity().profiles[0].meter.unreserved(), 2);
    agent.accepts("w1");
    agent.closes("w1");
    assert_eq!(agent.capacity().profiles[0].meter.used, 1);
}

/// the presence tells that the quota runs, whichever work used it (A-8 notwithstanding).
#[test]
fn a_12_a_quota_that_runs_is_busy_even_by_work_that_does_not_move_the_presence() {
    let mail = Workstream { presence_effect: PresenceEffect::Ignored, ..workstream("mail") };
    let mut agent = with_profiles(&[daily("cases", 2)]).with_workstream(mail).on_duty();
    agent.accepts_with("m1", Terms { profiles: profiles(&["cases"]).profiles, ..of("mail") });
    assert_eq!(agent.shown(), "busy");
    agent.closes("m1");
    assert_eq!(agent.shown(), "busy");
}

#[test]
fn r_37_an_item_with_several_profiles_consumes_all_of_them() {
    let mut agent = with_profiles(&[daily("total", 5), daily("high", 2)]).on_duty();
    agent.accepts_with("w1", profiles(&["total", "high"]));
    agent.accepts_with("w2", profiles(&["total", "high"]));
    assert_eq!(agent.shown(), "busy", "high is full, total is not");
    let left: Vec<i64> = agent.capacity().profiles.iter().map(|profile| profile.meter.available()).collect();
    assert_eq!(left, [3, 0]);
}

#[test]
fn r_38_the_agents_own_limit_beats_the_profiles() {
    let mut agent = with_profiles(&[profile("chat", 1)]).on_duty();
    let chat = ProfileId::new("chat").unwrap();
    agent.is_configured(|record| record.profiles = vec![AgentProfile { profile: chat, max: Some(2) }]);
    agent.accepts_with("w1", profiles(&["chat"]));
    assert_eq!(agent.shown(), "busy");
}

#[test]
fn a_13_new_limits_move_an_automatic_presence_at_once() {
    let mut agent = on_duty(2).holding(&["w1"]);
    agent.is_configured(|record| record.units = Some(1));
    assert_eq!((agent.shown(), agent.last().cause.event), ("do-not-disturb", EventName::ConfigurationUpdate));
    agent.is_configured(|record| record.units = None);
    assert_eq!(agent.shown(), "busy");
}

#[test]
fn a_13_new_limits_leave_chosen_and_held_presences_alone() {
    let mut chosen = on_duty(2).holding(&["w1"]);
    chosen.chooses("available");
    chosen.is_configured(|record| record.units = Some(1));
    assert_eq!((chosen.shown(), chosen.origin()), ("available", Origin::Agent));
    let mut held = on_duty(2);
    held.misses("w1");
    held.is_configured(|record| record.units = Some(1));
    assert_eq!(held.shown(), "inactive");
}

#[test]
fn a_13_a_profile_of_the_directory_moves_an_automatic_presence_too() {
    let mut agent = with_profiles(&[profile("chat", 2)]).on_duty();
    agent.accepts_with("w1", profiles(&["chat"]));
    agent.the_directory_changes(|directory| {
        directory.profiles.insert(ProfileId::new("chat").unwrap(), profile("chat", 1));
    });
    assert_eq!(agent.shown(), "do-not-disturb");
    let unmoved = agent.the_directory_changes(|_| {});
    assert_eq!(unmoved, Answer::Unchanged);
}

#[test]
fn a_13_a_35_only_other_limits_move_who_signed_in_with_no_capacity() {
    let mut agent = with_profiles(&[profile("chat", 0)]).on_duty();
    agent.is_configured(|record| record.units = Some(0));
    agent.is_configured(|record| record.units = None);
    assert_eq!(agent.shown(), "do-not-disturb", "other limits");

    let mut agent = with_profiles(&[profile("chat", 0)]).on_duty();
    assert_eq!(agent.shown(), "available");
    agent.is_configured(|record| record.teams = ["billing".to_owned()].into());
    agent.is_configured(|record| record.profiles[0].max = Some(0));
    agent.the_directory_changes(|directory| {
        drop(directory.profiles.insert(ProfileId::new("new").unwrap(), profile("new", 1)))
    });
    agent.loses_its_network();
    agent.signs_in();
    assert_eq!(agent.shown(), "available", "the same limits");
    agent.is_configured(|record| record.profiles[0].max = None);
    for (max, shown) in [(1, "available"), (0, "do-not-disturb"), (1, "available")] {
        agent.the_directory_changes(|directory| {
            drop(directory.profiles.insert(ProfileId::new("chat").unwrap(), profile("chat", max)))
        });
        assert_eq!(agent.shown(), shown, "{max}");
    }
}

#[test]
fn an_item_takes_what_its_event_names_else_its_workstreams_else_one_unit() {
    let voice = Workstream { units: Some(30), profiles: profiles(&["p"]).profiles.unwrap(), ..workstream("voice") };
    let both = |id: &str, terms: Terms| {
        let mut agent = with_both(100, &[profile("p", 10), profile("q", 10)]).with_workstream(voice.clone());
        agent.accepts_with(id, terms);
        let used: Vec<u32> = agent.capacity().profiles.iter().map(|profile| profile.meter.used).collect();
        (agent.units().0, used)
    };
    assert_eq!(both("nothing named", Terms::default()), (1, vec![0, 0]));
    assert_eq!(both("its workstream", of("voice")), (30, vec![1, 0]));
    assert_eq!(both("units named", Terms { units: Some(7), ..of("voice") }), (7, vec![1, 0]));
    assert_eq!(both("profiles named", Terms { profiles: profiles(&["q"]).profiles, ..of("voice") }), (0, vec![0, 1]));
    let all = Terms { units: Some(7), profiles: profiles(&["q"]).profiles, ..of("voice") };
    assert_eq!(both("both named", all), (7, vec![0, 1]));
}

#[test]
fn a_profile_or_units_that_the_agent_does_not_have_are_not_counted() {
    let mut agent = off_duty(3);
    agent.directory.profiles.insert(ProfileId::new("chat").unwrap(), profile("chat", 1));
    agent.signs_in();
    agent.accepts_with("w1", profiles(&["chat"]));
    assert_eq!((agent.shown(), agent.units()), ("busy", (0, 0)));
    let mut unlimited = with_profiles(&[profile("chat", 2)]).on_duty();
    unlimited.accepts_with("w1", units(500));
    assert_eq!((unlimited.shown(), unlimited.capacity().units), ("busy", None));
}
