//! Disconnection, return, and several tabs (rule book, *Connection*).

use super::desk::{Answer, Desk, START, off_duty, on_duty, supervisor};
use crate::domain::agent::Connection;
use crate::domain::cause::{Actor, EventName, SubEventName};
use crate::domain::command::Ended;
use crate::domain::ids::SessionId;
use crate::domain::network::Network;
use crate::domain::standing::{Hold, Origin};
use crate::domain::trace::Rule;

#[test]
fn r_70_who_is_disconnected_is_offline_at_once_and_what_was_is_kept() {
    let mut agent = on_duty(3);
    agent.chooses("do-not-disturb");
    agent.after(1_000).loses_its_network();
    assert_eq!((agent.shown(), agent.agent.since), ("offline", agent.now));
    assert_eq!((agent.kept().presence.as_str(), agent.origin()), ("do-not-disturb", Origin::Agent));
    assert_eq!(agent.agent.cause.event, EventName::Disconnected);
}

#[test]
fn r_71_a_return_within_the_window_restores_what_was_with_its_rules() {
    let mut agent = on_duty(3);
    agent.chooses("do-not-disturb");
    agent.loses_its_network();
    agent.after(60_000).signs_in();
    assert_eq!((agent.shown(), agent.origin(), agent.agent.since), ("do-not-disturb", Origin::Agent, agent.now));
    assert_eq!(agent.agent.cause.event, EventName::Reconnect);
    agent.accepts("w1");
    assert_eq!(agent.shown(), "do-not-disturb");
}

#[test]
fn what_is_restored_began_when_it_was_set_and_by_whom() {
    let mut agent = on_duty(3);
    agent.after(1_000).chooses("do-not-disturb");
    let chosen = agent.now;
    let by_agent = agent.agent.modified_by.clone();
    let held = |agent: &Desk| (agent.agent.held_since(), agent.agent.held_by().clone());
    assert_eq!(held(&agent), (chosen, by_agent.clone()));
    agent.after(60_000).loses_its_network();
    assert_eq!(held(&agent), (agent.now, Actor::System), "Offline is what others see");
    agent.after(60_000).signs_in();
    assert_eq!((agent.agent.since, held(&agent)), (agent.now, (chosen, by_agent.clone())));
    agent.after(1_000).loses_its_network();
    agent.after(1_000).signs_in();
    assert_eq!(held(&agent), (chosen, by_agent), "a second interruption changes nothing");
    agent.after(1_000).is_set_by_its_supervisor("do-not-disturb");
    assert_eq!(held(&agent), (chosen, supervisor()), "the same presence is somebody else's now");
    agent.after(1_000).chooses("away");
    assert_eq!(held(&agent).0, agent.now);
    agent.loses_its_network();
    agent.after(150_001).signs_in();
    assert_eq!(held(&agent).0, agent.now, "a late return begins anew");
}

#[test]
fn what_work_made_of_an_absence_began_in_it() {
    let mut agent = on_duty(1);
    agent.after(1_000).loses_its_network();
    agent.after(1_000).accepts("w1");
    let full = agent.now;
    agent.after(1_000).signs_in();
    assert_eq!((agent.shown(), agent.agent.held_since(), agent.agent.since), ("do-not-disturb", full, agent.now));
}

#[test]
fn r_71_a_hold_is_restored_too() {
    let mut agent = on_duty(3);
    agent.misses("w1");
    agent.loses_its_network();
    agent.signs_in();
    assert_eq!((agent.shown(), agent.hold()), ("inactive", Some(Hold::Missed)));
}

#[test]
fn r_72_a_late_return_is_a_fresh_sign_in() {
    let mut agent = off_duty(3).with_default("away").on_duty();
    agent.chooses("busy");
    agent.loses_its_network();
    agent.after(150_001).signs_in();
    assert_eq!((agent.shown(), agent.origin()), ("away", Origin::Default));
    assert_eq!(agent.agent.cause.event, EventName::Login);
}

#[test]
fn a_22_the_window_includes_its_last_millisecond() {
    let lost = || {
        let mut agent = on_duty(3);
        agent.chooses("do-not-disturb");
        agent.loses_its_network();
        agent
    };
    for (late, presence) in [(150_000, "do-not-disturb"), (150_001, "available")] {
        let mut untouched = lost();
        untouched.after(late).signs_in();
        let mut ticked = lost();
        ticked.after(late).ticks();
        ticked.signs_in();
        assert_eq!((untouched.shown(), ticked.shown()), (presence, presence), "after {late} ms");
    }
}

#[test]
fn a_22_a_return_counts_from_when_its_socket_was_accepted() {
    let mut agent = on_duty(3);
    agent.chooses("away");
    agent.loses_its_network();
    agent.after(150_000);
    let accepted = agent.now;
    agent.after(2_000).opens(SessionId { node: 0, boot: 1, number: 9 }, accepted);
    assert_eq!((agent.shown(), agent.last().at), ("away", accepted));
}

#[test]
fn r_77_after_the_window_the_agent_is_signed_out_and_all_is_forgotten() {
    let mut agent = on_duty(3);
    agent.chooses("do-not-disturb");
    agent.loses_its_network();
    agent.after(150_000).ticks();
    assert!(agent.agent.is_logged_in());
    agent.after(1).ticks();
    assert_eq!((agent.shown(), agent.agent.is_logged_in()), ("offline", false));
    assert_eq!((agent.origin(), agent.agent.cause.event), (Origin::Automatic, EventName::RestoreLapsed));
}

#[test]
fn r_73_r_76_whatever_ends_the_last_session_is_a_disconnection() {
    use SubEventName::{DeviceClosed, NetworkLost, PageAsleep, Revoked, TabClosed, Unknown};
    for how in [TabClosed, NetworkLost, PageAsleep, DeviceClosed, Revoked, Unknown] {
        let mut agent = on_duty(3);
        agent.ends_by(how);
        assert_eq!((agent.shown(), agent.agent.cause.sub_event), ("offline", Some(how)));
    }
    let mut agent = on_duty(3);
    agent.signs_out();
    assert_eq!((agent.shown(), agent.agent.cause.event), ("offline", EventName::Logout));
}

#[test]
fn r_74_a_25_several_tabs_share_one_presence_and_only_the_last_one_counts() {
    let mut agent = on_duty(3);
    agent.chooses("away");
    agent.signs_in();
    assert_eq!((agent.shown(), agent.agent.sessions().len()), ("away", 2));
    assert_eq!(agent.last().cause.event, EventName::ConnectionAdded, "nobody takes it for a sign-in");
    agent.closes_its_tab();
    assert_eq!((agent.shown(), agent.was_decided_by(Rule::OtherSessions)), ("away", true));
    assert_eq!(agent.last().cause.event, EventName::ConnectionEnded, "nobody takes it for a drop");
    assert_eq!(agent.agent.cause.event, EventName::SetPresence);
    agent.closes_its_tab();
    assert_eq!(agent.shown(), "offline");
}

#[test]
fn the_change_with_which_a_session_ends_names_its_network() {
    let mut agent = on_duty(3);
    agent.signs_in();
    let network = Some(Network::V4([203, 0, 113]));
    for event in [EventName::ConnectionEnded, EventName::Disconnected] {
        agent.oldest_session(Ended::At { at: agent.now, how: SubEventName::NetworkLost, network });
        assert_eq!((agent.last().cause.event, agent.last().network), (event, network));
    }
    agent.signs_in();
    assert_eq!(agent.last().network, None);
}

#[test]
fn a_25_a_session_ends_once() {
    let mut agent = on_duty(3);
    let old = agent.agent.sessions()[0];
    agent.loses_its_network();
    agent.signs_in();
    let now = agent.now;
    let again = crate::domain::command::Ask::EndSession(
        old,
        Ended::At { at: now, how: SubEventName::NetworkLost, network: None },
    );
    assert_eq!(agent.asks(again, crate::domain::cause::Actor::System), Answer::Unchanged);
    assert_eq!(agent.shown(), "available");
}

#[test]
fn r_75_a_26_an_announced_reload_is_never_shown_offline() {
    let mut agent = on_duty(3);
    agent.is_offered("w1");
    agent.refreshes();
    assert_eq!((agent.shown(), agent.agent.is_logged_in()), ("available", true));
    assert_eq!(agent.units(), (0, 1), "offers stay");
    agent.after(5_000).signs_in();
    assert_eq!((agent.shown(), agent.agent.since), ("available", START));
    assert_eq!(agent.units(), (0, 1));
}

#[test]
fn a_26_who_does_not_return_is_offline_from_the_announcement() {
    let mut agent = on_duty(3);
    agent.chooses("away");
    let announced = agent.now;
    agent.refreshes();
    agent.after(5_000).ticks();
    assert_eq!(agent.shown(), "away");
    agent.after(1).ticks();
    assert_eq!((agent.shown(), agent.agent.since), ("offline", announced));
    assert_eq!(agent.agent.cause.sub_event, Some(SubEventName::TabClosed));
    agent.after(150_000 - 5_001).signs_in();
    assert_eq!(agent.shown(), "away", "150,000 ms after the announcement");
}

#[test]
fn a_26_offline_dates_from_the_announcement_whatever_work_did_meanwhile() {
    let mut agent = on_duty(3).holding(&["w1"]);
    let announced = agent.now;
    agent.refreshes();
    agent.after(3_000).closes("w1");
    agent.after(3_000).ticks();
    assert_eq!((agent.shown(), agent.agent.since), ("offline", announced));
    assert_eq!(agent.last().at, announced.plus(super::desk::ms(3_000)), "history never goes back");
}

#[test]
fn a_26_the_grace_includes_its_last_millisecond() {
    let mut agent = on_duty(3);
    let announced = agent.now;
    agent.after(5_000);
    let at = agent.now;
    agent.oldest_session(Ended::Refreshing { announced, at });
    assert_eq!(agent.shown(), "available");
}

#[test]
fn a_26_the_restore_window_counts_from_the_announced_reload() {
    let mut agent = on_duty(3);
    agent.chooses("away");
    agent.refreshes();
    agent.after(150_001).signs_in();
    assert_eq!(agent.shown(), "available");
}

#[test]
fn a_26_an_announcement_holds_nothing_back_once_its_grace_is_over() {
    let mut agent = on_duty(3);
    let announced = agent.now;
    agent.after(5_001);
    let at = agent.now;
    agent.oldest_session(Ended::Refreshing { announced, at });
    assert_eq!((agent.shown(), agent.agent.since), ("offline", at));
}

#[test]
fn a_26_a_reload_of_one_of_two_tabs_is_nothing() {
    let mut agent = on_duty(3);
    agent.signs_in();
    agent.refreshes();
    agent.after(60_000).ticks();
    assert_eq!(agent.shown(), "available");
}

#[test]
fn r_78_a_conversation_outlives_its_tab() {
    let mut agent = on_duty(3).holding(&["w1"]);
    agent.closes_its_tab();
    agent.after(600_000).signs_in();
    assert_eq!((agent.shown(), agent.units()), ("busy", (1, 0)));
}

#[test]
fn r_79_an_offer_is_the_agents_whatever_tab_accepts_it() {
    let mut agent = on_duty(3);
    agent.signs_in();
    agent.is_offered("w1");
    agent.closes_its_tab();
    agent.accepts("w1");
    assert_eq!((agent.units(), agent.accepts("w1")), ((1, 0), Answer::Refused("already_assigned")));
}

#[test]
fn a_23_what_is_kept_follows_work_meanwhile() {
    let mut agent = on_duty(2).holding(&["w1"]);
    agent.loses_its_network();
    agent.closes("w1");
    assert_eq!((agent.shown(), agent.kept().presence.as_str()), ("offline", "available"));
    agent.accepts("w2");
    agent.accepts("w3");
    agent.signs_in();
    assert_eq!(agent.shown(), "do-not-disturb");
}

#[test]
fn a_24_signing_out_opens_the_window_unless_the_setting_says_otherwise() {
    let mut agent = on_duty(3);
    agent.chooses("do-not-disturb");
    let mut for_good = agent.clone().with_policy(|policy| policy.restore_after_sign_out = false);
    agent.signs_out();
    assert!(agent.agent.is_logged_in());
    agent.after(60_000).signs_in();
    assert_eq!(agent.shown(), "do-not-disturb");
    for_good.signs_out();
    assert!(!for_good.agent.is_logged_in());
    for_good.after(60_000).signs_in();
    assert_eq!(for_good.shown(), "available");
}

#[test]
fn a_24_signing_out_ends_every_session() {
    let mut agent = on_duty(3);
    agent.signs_in();
    agent.signs_out();
    assert_eq!((agent.shown(), agent.agent.sessions().len()), ("offline", 0));
    assert_eq!(agent.signs_out(), Answer::Refused("agent_not_connected"));
}

#[test]
fn who_a_supervisor_signed_out_comes_back_by_hand_only() {
    let mut agent = on_duty(3);
    agent.chooses("away");
    agent.is_signed_out_by_a_supervisor("cover is here");
    assert_eq!(agent.shown(), "offline");
    assert_eq!(agent.signs_in(), Answer::Refused("signed_out"), "a page that comes back by itself");
    let mut later = agent.clone();
    agent.after(60_000).signs_in_by_hand();
    assert_eq!(agent.shown(), "away", "within the window what was comes back (A-24)");
    agent.closes_its_tab();
    agent.signs_in();
    assert_eq!(agent.shown(), "away", "it holds once");
    later.after(200_000);
    assert_eq!(later.signs_in(), Answer::Refused("signed_out"), "the window does not end it");
    later.signs_in_by_hand();
    assert_eq!(later.shown(), "available");
    later.signs_out();
    later.signs_in();
    assert_eq!(later.shown(), "available", "who signs out by themselves may come back as they like");
}

#[test]
fn a_30_signed_in_and_offline_are_different_things() {
    let mut chosen = on_duty(3);
    chosen.chooses("offline");
    assert_eq!((chosen.shown(), chosen.agent.is_logged_in()), ("offline", true));
    assert!(matches!(chosen.agent.connection, Connection::Connected { .. }));
    let out = off_duty(3);
    assert_eq!((out.shown(), out.agent.is_logged_in()), ("offline", false));
}
