//! What holds after every decision, whatever was asked (rule book, *What always holds*).

use std::collections::BTreeSet;

use crate::domain::agent::{Agent, Connection, Shown};
use crate::domain::capacity::{Capacity, Counting};
use crate::domain::cause::{Actor, EventName, SubEventName};
use crate::domain::change::{Change, Decision};
use crate::domain::directory::Directory;
use crate::domain::offer::PastOffers;
use crate::domain::presence::{BaseStatus, BuiltIn};
use crate::domain::record::PresenceEffect;
use crate::domain::rules::automatic::base_from_capacity;
use crate::domain::standing::{Hold, Origin};
use crate::domain::time::Timestamp;
use crate::domain::trace::Trace;

/// Holds a decision against all laws.
pub fn hold(before: &Agent, decision: &Decision, now: Timestamp, directory: &Directory) {
    let mut before = before;
    for change in &decision.changes {
        a_change_is_one_step(before, change);
        what_moves_has_a_reason(before, change);
        work_moves_no_pinned_presence(before, change, directory);
        new_work_beyond_the_limit_holds(before, change, directory);
        nothing_but_going_away_ends_offers(before, change);
        offers_and_side_work_change_no_presence(before, change);
        before = &change.after;
    }
    if let Some(last) = decision.changes.last() {
        a_state_makes_sense(&last.after);
        an_automatic_presence_follows_capacity(&last.after, directory);
        nobody_stands_on_what_does_not_exist(&last.after, directory);
        let overdue = last.after.next_deadline().filter(|deadline| *deadline <= now);
        assert_eq!(overdue, None, "nothing is overdue after a decision");
    }
}

fn a_change_is_one_step(before: &Agent, change: &Change) {
    let after = &change.after;
    assert_eq!(after.version, before.version + 1, "the version rises by one");
    assert_eq!(after.changed_at, change.at, "the state dates from the change");
    assert!(after.changed_at >= before.changed_at, "time never goes back");
    assert!(after.since <= after.changed_at, "a presence is not shown before it is decided");
    for offer in &change.withdrawn {
        assert!(!after.items.iter().any(|item| item.id == *offer), "a withdrawn offer is gone");
        assert!(after.past_offers.contains(offer), "a withdrawn offer is remembered");
        let told = after.past_offers.withdrawn().iter().any(|one| one.item == *offer && one.cause == change.cause);
        assert!(told, "and work systems will be told why");
    }
}

fn what_moves_has_a_reason(before: &Agent, change: &Change) {
    let after = &change.after;
    let moved = |agent: &Agent| (agent.standing.presence.clone(), agent.standing.origin, agent.standing.hold);
    if moved(before) != moved(after) || before.shown_presence() != after.shown_presence() {
        assert!(
            !change.trace.considered().is_empty() && after.trace == change.trace,
            "a presence that moved has a rule that moved it: {change:?}"
        );
    }
    if before.shown() != after.shown() {
        assert_eq!(after.cause, change.cause, "others see why");
        let by = [&change.actor, &Actor::System];
        assert!(by.contains(&&after.modified_by), "others see who did it: {change:?}");
    }
    if before.shown_presence() == after.shown_presence() && change.cause.event != EventName::NewUser {
        assert_eq!(before.since, after.since, "`since` restarts only with the presence that others see");
        assert_eq!(before.held_since(), after.held_since(), "what goes on began when it began");
    }
    assert!(after.held_since() <= after.since, "a presence is held before others see it, not after: {change:?}");
    if let (Connection::Disconnected { .. }, Some(began)) = (&before.connection, &before.interrupted)
        && after.shown() == Shown::Standing(&before.standing)
    {
        assert_eq!(
            (after.held_since(), after.held_by()),
            (began.at.min(after.since), &began.by),
            "what is restored goes on"
        );
    }
    let away = matches!(after.connection, Connection::Disconnected { .. });
    assert!(!away || after.interrupted.is_some(), "what is kept has a beginning: {change:?}");
}

fn work_moves_no_pinned_presence(before: &Agent, change: &Change, directory: &Directory) {
    let by_work = matches!(
        change.cause.event,
        EventName::SessionAssigned
            | EventName::WorkItemLimit
            | EventName::SessionClosed
            | EventName::WrapUpEnded
            | EventName::Reconciled
    );
    let clears = directory.policy.work_item_limit_auto_clear && before.standing.hold == Some(Hold::WorkItemLimit);
    if by_work && before.standing.is_pinned() && !clears {
        assert_eq!(before.standing, change.after.standing, "work moves no pinned presence");
    }
}

fn new_work_beyond_the_limit_holds(before: &Agent, change: &Change, directory: &Directory) {
    let after = &change.after;
    let was_open: BTreeSet<_> = before.items.iter().filter(|item| !item.is_offer()).map(|item| &item.id).collect();
    let came_in = after
        .items
        .iter()
        .any(|item| !item.is_offer() && item.presence_effect == PresenceEffect::Moves && !was_open.contains(&item.id));
    let beyond = after.open_work_items() > directory.policy.max_open_work_items as usize;
    if came_in && beyond && after.is_logged_in() && !before.standing.is_pinned() {
        assert_eq!(after.standing.hold, Some(Hold::WorkItemLimit), "new work beyond the limit is held: {change:?}");
    }
}

fn nothing_but_going_away_ends_offers(before: &Agent, change: &Change) {
    let after = &change.after;
    let there = |agent: &Agent| agent.shown() != Shown::Offline && agent.standing.base != BaseStatus::Offline;
    let chosen = matches!(change.cause.event, EventName::SetPresence | EventName::Expired);
    let goes = after.shown() == Shown::Offline || chosen || there(before);
    if !change.withdrawn.is_empty() {
        assert!(goes && !there(after), "offers end only with who goes away: {change:?}");
    }
}

fn offers_and_side_work_change_no_presence(before: &Agent, change: &Change) {
    let side = [
        SubEventName::SystemReject,
        SubEventName::ConsultJoined,
        SubEventName::ConsultLeft,
        SubEventName::MonitorJoined,
        SubEventName::MonitorLeft,
    ];
    let quiet = change.cause.event == EventName::AssignmentAttempted
        || change.cause.sub_event.is_some_and(|how| side.contains(&how));
    if quiet {
        assert_eq!(before.standing, change.after.standing, "offers and side work change no presence");
    }
}

fn a_state_makes_sense(agent: &Agent) {
    match &agent.connection {
        Connection::Connected { sessions } => {
            let different: BTreeSet<_> = sessions.iter().collect();
            assert!(!sessions.is_empty() && different.len() == sessions.len(), "sessions are there, and differ");
        }
        Connection::Held { began, until, .. } => assert!(began <= until, "a grace ends after it begins"),
        Connection::Disconnected { .. } | Connection::SignedOut => {
            assert_eq!(agent.shown_presence(), BuiltIn::Offline.as_str(), "who is not there is Offline");
            assert_eq!(agent.shown(), Shown::Offline);
            assert!(!agent.items.iter().any(|item| item.is_offer()), "who is not there has no offers");
        }
    }
    if agent.signed_out.is_some() {
        assert!(agent.sessions().is_empty(), "whom a supervisor signed out is not there");
    }
    let standing = &agent.standing;
    let inactive = standing.presence == BuiltIn::Inactive.id();
    assert_eq!(inactive, standing.hold == Some(Hold::Missed), "Inactive if and only if a notification was missed");
    if let Some(hold) = standing.hold {
        assert_eq!(standing.origin, Origin::Automatic, "a hold is the hub's");
        assert_eq!(standing.base == BaseStatus::BusyDoNotDisturb, hold != Hold::Missed, "its base is Do not disturb");
        assert_eq!(standing.until, None, "a hold does not end by itself");
    }
    assert!(standing.next.is_none() || standing.until.is_some(), "what follows needs an instant");
    if matches!(agent.connection, Connection::SignedOut) {
        assert_eq!((standing.origin, standing.base), (Origin::Automatic, BaseStatus::Offline), "nothing is kept");
    }
    let (_, newer, older) = agent.past_offers.kept();
    assert!(newer.len() + older.len() <= PastOffers::MOST, "so many ended offers are remembered");
    let told = agent.past_offers.withdrawn();
    assert!(told.iter().all(|one| !agent.items.iter().any(|item| item.id == one.item)), "what is held is no news");
    let ids: BTreeSet<_> = agent.items.iter().map(|item| &item.id).collect();
    assert_eq!(ids.len(), agent.items.len(), "an agent holds a work item once");
}

fn nobody_stands_on_what_does_not_exist(agent: &Agent, directory: &Directory) {
    let standing = &agent.standing;
    for (presence, base) in std::iter::once((&standing.presence, standing.base))
        .chain(standing.next.as_ref().map(|next| (&next.presence, next.base)))
    {
        let known = directory.catalog.find(presence);
        assert!(known.is_some_and(|known| known.enabled && known.base == base), "{presence} can be held as {base:?}");
    }
    for item in &agent.items {
        let known = item.workstream.as_ref().is_none_or(|id| directory.workstreams.contains_key(id));
        assert!(known, "there is work of a workstream that is gone: {item:?}");
    }
}

fn an_automatic_presence_follows_capacity(agent: &Agent, directory: &Directory) {
    let standing = &agent.standing;
    let follows = agent.is_logged_in() && standing.origin == Origin::Automatic && standing.hold.is_none();
    if !follows {
        return;
    }
    let capacity = Capacity::of(agent, directory, Counting::MovesPresence);
    // Who signs in without work and without any capacity is Available all the same.
    let idle_without_capacity = standing.spared
        && capacity.holding == 0
        && !capacity.is_used()
        && capacity.is_exhausted()
        && standing.base == BaseStatus::Available;
    let base = base_from_capacity(&capacity, &mut Trace::default());
    assert!(
        base == standing.base || idle_without_capacity,
        "capacity asks for {base:?}, kept is {standing:?} ({:?})",
        agent.cause
    );
}
