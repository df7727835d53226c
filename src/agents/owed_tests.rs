//! Ends of sessions, from the moment they are owed until they are kept.

use super::*;
use crate::agents::test_world::{Broken, agent, agents_over};
use crate::agents::time_world::World;
use crate::domain::agent::Connection;
use crate::domain::cause::SubEventName;
use crate::domain::time::Timestamp;

fn network_lost(at: Timestamp) -> Ended {
    Ended::At { at, how: SubEventName::NetworkLost, network: None }
}

#[tokio::test(start_paused = true)]
async fn an_agent_is_not_eligible_from_the_end_of_the_last_session_and_the_end_is_kept() {
    let mut hub = World::begin().await;
    let (first, second) = (hub.signs_in().await, hub.signs_in().await);
    let agent = hub.ada().agent.record.agent.clone();
    let owed = || hub.agents.owed().ended_sessions(&agent);
    hub.agents.owe_end(agent.clone(), first, network_lost(hub.clock.now()));
    assert_eq!((owed(), hub.agents.has_ended_all_sessions(&hub.ada())), (vec![first], false), "another session lives");
    hub.agents.owe_end(agent.clone(), second, network_lost(hub.clock.now()));
    assert_eq!((owed(), hub.agents.has_ended_all_sessions(&hub.ada())), (vec![first, second], true));
    tokio::spawn(hub.agents.clone().keep_ends(|| false));
    hub.lives(Duration::from_secs(1)).await;
    assert!(matches!(hub.ada().agent.connection, Connection::Disconnected { .. }));
    assert_eq!((owed(), hub.agents.owed().is_late()), (vec![], false));
}

#[tokio::test(start_paused = true)]
async fn a_hub_that_closes_leaves_ends_to_the_restart_grace() {
    let mut hub = World::begin().await;
    let session = hub.signs_in().await;
    tokio::spawn(hub.agents.clone().keep_ends(|| true));
    hub.agents.owe_end(hub.ada().agent.record.agent.clone(), session, network_lost(hub.clock.now()));
    hub.lives(Duration::from_secs(1)).await;
    assert_eq!(hub.ada().agent.sessions(), [session]);
}

#[tokio::test(start_paused = true)]
async fn an_end_whose_keeping_panics_stays_owed_and_is_not_tried_for_ever() {
    let session = SessionId { node: 0, boot: 1, number: 1 };
    let mut there = agent("ada");
    there.connection = Connection::Connected { sessions: vec![session] };
    let id = there.record.agent.clone();
    let engine = std::sync::Arc::new(Broken::default());
    let agents = agents_over(engine.clone(), [there]);
    tokio::spawn(agents.clone().keep_ends(|| false));
    agents.owe_end(id.clone(), session, network_lost(agents.clock().now()));
    tokio::time::sleep(Duration::from_secs(60)).await;
    assert_eq!((agents.owed().ended_sessions(&id), engine.appends()), (vec![session], 1));
}
