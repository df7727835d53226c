//! What time brings, with the real keepers and a paused clock.

use std::time::Duration;

use super::time_world::World;
use super::{DirectoryRefusal, DirectoryView};
use crate::domain::agent::Connection;
use crate::domain::cause::Actor;
use crate::domain::command::{Ask, Opens, Terms, WorkEvent};
use crate::domain::ids::{ProfileId, WorkItemId};
use crate::domain::policy::{DailyReset, PolicyOverrides};
use crate::domain::record::{AgentProfile, AgentRecord, CapacityProfile, ResetDuration};
use crate::domain::time::Timestamp;

const SECOND: Duration = Duration::from_secs(1);

fn offered(timeout: Duration) -> Ask {
    Ask::Work(item(), WorkEvent::Offered { terms: Terms::default(), timeout: Some(timeout) })
}

fn accepted() -> Ask {
    let how = crate::domain::cause::SubEventName::AssignmentAccept;
    Ask::Work(item(), WorkEvent::Assigned { terms: Terms::default(), how })
}

fn item() -> WorkItemId {
    WorkItemId::new("w1").unwrap()
}

#[tokio::test(start_paused = true)]
async fn an_acceptance_that_waited_in_its_socket_while_the_hub_stood_still_is_applied_and_not_missed() {
    let mut hub = World::begin().await;
    hub.signs_in().await;
    hub.asks(offered(30 * SECOND)).await.unwrap();
    hub.lives(10 * SECOND).await;
    hub.stands_still(300 * SECOND).await;
    // Reading it takes a while, and the nudge for the deadline comes first.
    hub.lives(SECOND / 2).await;
    hub.asks(accepted()).await.unwrap();
    assert_eq!(hub.shown(), "busy");
    hub.lives(300 * SECOND).await;
    assert_eq!((hub.shown().as_str(), hub.ada().agent.open_work_items()), ("busy", 1));
}

#[tokio::test(start_paused = true)]
async fn a_tab_that_came_back_while_the_hub_stood_still_is_restored() {
    let mut hub = World::begin().await;
    let session = hub.signs_in().await;
    hub.asks(Ask::Choose(crate::domain::command::Choice {
        presence: "away".to_owned(),
        until: None,
        next: None,
        reason: None,
    }))
    .await
    .unwrap();
    hub.loses(session).await;
    hub.lives(5 * SECOND).await;
    hub.stands_still(300 * SECOND).await;
    hub.lives(SECOND / 2).await;
    assert!(matches!(hub.ada().agent.connection, Connection::Disconnected { .. }));
    hub.signs_in().await;
    assert_eq!(hub.shown(), "away");
}

#[tokio::test(start_paused = true)]
async fn a_standstill_is_waited_for_once_and_the_window_ends_in_the_end() {
    let mut hub = World::begin().await;
    let session = hub.signs_in().await;
    hub.loses(session).await;
    hub.stands_still(300 * SECOND).await;
    hub.lives(149 * SECOND).await;
    assert!(hub.ada().agent.is_logged_in());
    hub.lives(3 * SECOND).await;
    assert!(!hub.ada().agent.is_logged_in());
}

#[tokio::test(start_paused = true)]
async fn the_wall_clock_put_forward_ends_no_offer_and_no_window() {
    let mut hub = World::begin().await;
    hub.signs_in().await;
    hub.asks(offered(30 * SECOND)).await.unwrap();
    hub.clock.wall_clock_steps(8 * 3_600_000);
    hub.lives(10 * SECOND).await;
    hub.asks(accepted()).await.unwrap();
    assert_eq!(hub.shown(), "busy");
    assert!(hub.ada().agent.changed_at >= super::time_world::START.plus(8 * 3_600 * SECOND), "and is followed");
}

#[tokio::test(start_paused = true)]
async fn the_time_before_the_hub_serves_is_no_part_of_a_grace() {
    let mut hub = World::begin().await;
    hub.signs_in().await;
    let opening = hub.clock.now();
    hub.asks(Ask::HubReturned { node: 0, boot: 2, down: Duration::ZERO }).await.unwrap();
    hub.lives(8 * SECOND).await;
    hub.clock.stood_still_since(opening);
    hub.lives(9 * SECOND).await;
    assert_eq!(hub.shown(), "available", "held");
    hub.lives(2 * SECOND).await;
    assert_eq!(hub.shown(), "offline");
    assert_eq!(hub.ada().agent.since, opening.plus(18 * SECOND));
}

#[tokio::test(start_paused = true)]
async fn a_deadline_lets_those_go_first_who_came_before_it() {
    let mut hub = World::begin().await;
    let session = hub.signs_in().await;
    hub.loses(session).await;
    hub.lives(149 * SECOND).await;
    let (accepted, arrival) = (hub.clock.now(), hub.agents.arrivals().come());
    hub.lives(2 * SECOND).await;
    let late = hub.agents.arrivals().come();
    hub.lives(2 * SECOND).await;
    assert!(hub.ada().agent.is_logged_in(), "who came within the window may still be let in");
    let session = crate::domain::ids::SessionId { node: 0, boot: 1, number: 9 };
    hub.asks(Ask::OpenSession(session, accepted, Opens::ByItself)).await.unwrap();
    drop(arrival);
    assert_eq!(hub.ada().agent.sessions(), [session]);

    hub.loses(session).await;
    hub.lives(151 * SECOND).await;
    assert!(hub.ada().agent.is_logged_in(), "`late` has come before this one");
    hub.lives(10 * SECOND).await;
    assert!(!hub.ada().agent.is_logged_in(), "but nobody holds up a deadline for long");
    drop(late);
}

async fn a_daily_profile_is_used(hub: &mut World) {
    let profile = ProfileId::new("cases").unwrap();
    let kept = CapacityProfile {
        id: profile.clone(),
        name: "Cases".to_owned(),
        default_max: 3,
        block_assignment: false,
        reset: ResetDuration::Daily,
    };
    let made = |_: Option<&CapacityProfile>| Ok::<_, DirectoryRefusal>(kept.clone());
    hub.agents.put_profile(&profile, Actor::System, made).await.unwrap();
    let ada = AgentRecord {
        profiles: vec![AgentProfile { profile: profile.clone(), max: None }],
        ..AgentRecord::clone(&hub.ada().agent.record)
    };
    hub.is_configured(ada).await;
    hub.signs_in().await;
    let terms = Terms { profiles: Some(vec![profile]), ..Terms::default() };
    let how = crate::domain::cause::SubEventName::AssignmentAccept;
    hub.asks(Ask::Work(item(), WorkEvent::Assigned { terms, how })).await.unwrap();
    assert!(hub.ada().agent.daily.since().is_some());
}

/// The day ends at the minute of that instant, or never.
async fn the_day_ends_at(hub: &World, instant: Option<Timestamp>) {
    let daily_reset = instant.map(|instant| {
        let minutes = instant.0.div_euclid(60_000);
        let (hour, minute) = (minutes.div_euclid(60).rem_euclid(24), minutes.rem_euclid(60));
        DailyReset { hour: hour.try_into().unwrap(), minute: minute.try_into().unwrap(), zone: "UTC".to_owned() }
    });
    let overrides = PolicyOverrides { daily_reset: Some(daily_reset), ..PolicyOverrides::default() };
    let made = |_: &DirectoryView| Ok::<_, DirectoryRefusal>(overrides.clone());
    hub.agents.put_settings(Actor::System, made).await.unwrap();
}

/// The next full minute, and how long until then.
fn next_minute(hub: &World) -> (Timestamp, Duration) {
    let now = hub.clock.now();
    let next = Timestamp((now.0 / 60_000 + 1) * 60_000);
    (next, next.since(now))
}

#[tokio::test(start_paused = true)]
async fn a_daily_reset_that_is_set_for_the_next_minute_comes_today() {
    let mut hub = World::begin().await;
    a_daily_profile_is_used(&mut hub).await;
    let (next, left) = next_minute(&hub);
    hub.lives(left.saturating_sub(2 * SECOND)).await;
    the_day_ends_at(&hub, Some(next)).await;
    assert!(hub.ada().agent.daily.since().is_some());
    hub.lives(3 * SECOND).await;
    assert!(hub.ada().agent.daily.since().is_none());
}

#[tokio::test(start_paused = true)]
async fn a_daily_reset_that_was_cleared_does_not_come() {
    let mut hub = World::begin().await;
    a_daily_profile_is_used(&mut hub).await;
    let (next, left) = next_minute(&hub);
    the_day_ends_at(&hub, Some(next)).await;
    hub.lives(left.saturating_sub(2 * SECOND)).await;
    the_day_ends_at(&hub, None).await;
    hub.lives(120 * SECOND).await;
    assert!(hub.ada().agent.daily.since().is_some());
}

#[tokio::test(start_paused = true)]
async fn a_hub_that_ended_amid_giving_back_gives_the_rest_back_when_it_returns() {
    let mut hub = World::begin().await;
    let (next, left) = next_minute(&hub);
    // The hub ends right after the day does, before it came to this agent: nothing keeps the daily reset meanwhile.
    a_daily_profile_is_used(&mut hub).await;
    hub.daily_reset.abort();
    the_day_ends_at(&hub, Some(next)).await;
    hub.lives(left + SECOND).await;
    assert!(hub.ada().agent.daily.since().is_some());
    hub.agents.return_of_the_hub(1, Some(hub.clock.now())).await;
    assert!(hub.ada().agent.daily.since().is_none());
}

#[tokio::test(start_paused = true)]
async fn a_daily_reset_that_moves_to_an_earlier_time_of_the_day_gives_back_what_was_used_before_it() {
    let mut hub = World::begin().await;
    a_daily_profile_is_used(&mut hub).await;
    let (next, left) = next_minute(&hub);
    hub.lives(left + SECOND).await;
    the_day_ends_at(&hub, Some(next)).await;
    hub.lives(SECOND).await;
    assert!(hub.ada().agent.daily.since().is_none());
}
