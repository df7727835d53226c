//! Sign-in (rule book, *Sign-in*).

use super::desk::{Answer, Desk, START, custom, daily, off_duty, profiles, with_profiles};
use crate::domain::agent::Agent;
use crate::domain::cause::{Actor, EventName};
use crate::domain::policy::SignInPolicy;
use crate::domain::presence::{BaseStatus, BuiltIn};
use crate::domain::record::AgentRecord;
use crate::domain::standing::Origin;
use crate::domain::trace::Rule;

fn default_first(units: u32) -> Desk {
    off_duty(units).with_policy(|policy| policy.sign_in_policy = SignInPolicy::DefaultFirst)
}

fn signs_in(desk: Desk) -> (String, Origin) {
    let desk = desk.on_duty();
    (desk.shown().to_owned(), desk.origin())
}

fn is(presence: &str, origin: Origin) -> (String, Origin) {
    (presence.to_owned(), origin)
}

#[test]
fn r_10_the_default_presence_is_the_agents_own() {
    let away = off_duty(3).with_default("away").on_duty();
    assert_eq!((away.shown(), away.last().cause.event), ("away", EventName::Login));
    assert_eq!(off_duty(3).on_duty().shown(), "available");
}

#[test]
fn r_11_a_default_of_base_away_or_offline_is_taken_whatever_the_load() {
    for default in ["away", "offline"] {
        let full = || off_duty(1).with_default(default).holding(&["w1", "w2"]);
        assert_eq!(signs_in(full()), is(default, Origin::Default));
        let mut agent = full().on_duty();
        agent.closes("w1");
        agent.closes("w2");
        assert_eq!(agent.shown(), default, "accept and close do not move it");
    }
}

#[test]
fn r_12_any_other_default_yields_to_capacity() {
    for default in ["available", "busy", "do-not-disturb"] {
        assert_eq!(signs_in(off_duty(3).with_default(default)), is("available", Origin::Automatic));
        let partly = off_duty(3).with_default(default).holding(&["w1"]);
        assert_eq!(signs_in(partly), is("busy", Origin::Automatic));
        let full = off_duty(1).with_default(default).holding(&["w1"]);
        assert_eq!(signs_in(full), is("do-not-disturb", Origin::Automatic));
    }
}

#[test]
fn r_13_without_a_default_the_agent_is_available() {
    assert_eq!(signs_in(off_duty(3)), is("available", Origin::Automatic));
}

#[test]
fn r_14_default_first_takes_any_default_when_no_work_is_open() {
    for default in ["available", "busy", "do-not-disturb", "away", "offline"] {
        assert_eq!(signs_in(default_first(3).with_default(default)), is(default, Origin::Default));
    }
}

#[test]
fn r_14_default_first_takes_a_sticky_default_even_with_work() {
    for default in ["do-not-disturb", "away", "offline"] {
        assert_eq!(signs_in(default_first(3).with_default(default).holding(&["w1"])), is(default, Origin::Default));
    }
}

#[test]
fn r_14_default_first_lets_a_soft_default_yield_to_capacity_with_work() {
    for default in ["available", "busy"] {
        let partly = default_first(3).with_default(default).holding(&["w1"]);
        assert_eq!(signs_in(partly), is("busy", Origin::Automatic));
    }
}

#[test]
fn r_14_a_days_quota_is_no_open_work() {
    let mut agent = with_profiles(&[daily("cases", 5)]).with_default("available");
    agent.directory.policy.sign_in_policy = SignInPolicy::DefaultFirst;
    agent.accepts_with("c1", profiles(&["cases"]));
    agent.closes("c1");
    assert_eq!(signs_in(agent), is("available", Origin::Default));
}

#[test]
fn r_14_a_soft_default_lasts_until_the_next_accept_or_close() {
    let mut agent = default_first(3).with_default("busy").on_duty();
    agent.accepts("w1");
    agent.closes("w1");
    assert_eq!((agent.shown(), agent.origin()), ("available", Origin::Automatic));
}

#[test]
fn r_15_the_base_of_a_custom_default_decides() {
    let shift_over = off_duty(3).with_presence(custom("shift-over", BaseStatus::Offline)).with_default("shift-over");
    assert_eq!(signs_in(shift_over.holding(&["w1"])), is("shift-over", Origin::Default));
    let focus = off_duty(3).with_presence(custom("focus", BaseStatus::BusyDoNotDisturb)).with_default("focus");
    assert_eq!(signs_in(focus), is("available", Origin::Automatic));
}

#[test]
fn r_17_a_new_agent_is_offline_not_signed_in_and_set_by_the_system() {
    let agent = off_duty(3);
    assert_eq!((agent.shown(), agent.agent.is_logged_in()), ("offline", false));
    assert_eq!((agent.agent.cause.event, &agent.agent.modified_by), (EventName::NewUser, &Actor::System));
    assert_eq!((agent.agent.version, agent.agent.since), (1, START));
}

#[test]
fn r_17_an_agent_that_was_never_created_is_unknown() {
    let mut nobody = off_duty(3);
    nobody.agent = Agent::unborn(AgentRecord::new(nobody.agent.record.agent.clone(), "Ada"), START);
    assert_eq!(nobody.signs_in(), Answer::Refused("unknown_agent"));
    assert_eq!(nobody.accepts("w1"), Answer::Refused("unknown_agent"));
}

#[test]
fn a_1_the_policy_decides_what_a_busy_default_is_worth() {
    assert_eq!(signs_in(off_duty(3).with_default("busy")), is("available", Origin::Automatic));
    assert_eq!(signs_in(default_first(3).with_default("busy")), is("busy", Origin::Default));
}

#[test]
fn a_2_a_custom_default_is_kept_if_capacity_leads_to_its_base() {
    let vip = || off_duty(3).with_presence(custom("vip", BaseStatus::Available)).with_default("vip");
    assert_eq!(signs_in(vip()), is("vip", Origin::Automatic));
    assert_eq!(signs_in(vip().holding(&["w1"])), is("busy", Origin::Automatic));
    let mut agent = vip().on_duty();
    agent.accepts("w1");
    agent.closes("w1");
    assert_eq!(agent.shown(), "available", "later recomputations yield the built-in presences");
}

#[test]
fn a_3_an_unusable_default_falls_back_to_available() {
    let inactive = off_duty(3).with_default("inactive").on_duty();
    assert_eq!((inactive.shown(), inactive.was_decided_by(Rule::DefaultUnusable)), ("available", true));
    let mut retired = custom("old", BaseStatus::Away);
    retired.enabled = false;
    assert_eq!(signs_in(off_duty(3).with_presence(retired).with_default("old")), is("available", Origin::Automatic));
    assert_eq!(signs_in(off_duty(3).with_default("never-existed")), is("available", Origin::Automatic));
}

#[test]
fn a_35_zero_units_and_no_work_is_available_at_sign_in() {
    assert_eq!(signs_in(off_duty(0)), is("available", Origin::Automatic));
    assert_eq!(BuiltIn::of(BaseStatus::Available).as_str(), "available");
}
