//! What others are shown, field by field.

use serde_json::json;

use super::*;
use crate::domain::cause::{Cause, EventName, SubEventName};
use crate::domain::ids::{AgentId, SessionId, WorkItemId};
use crate::domain::record::{AgentRecord, PresenceEffect};
use crate::domain::standing::{Hold, Origin};
use crate::domain::work_item::Consumption;

const NOON: Timestamp = Timestamp(1_700_000_000_123);

fn agent() -> Agent {
    let mut agent = Agent::unborn(AgentRecord::new(AgentId::new("a17").unwrap(), "Ana"), NOON);
    agent.version = 42;
    agent
}

fn connected(mut agent: Agent) -> Agent {
    agent.connection = Connection::Connected { sessions: vec![SessionId { node: 0, boot: 1, number: 1 }] };
    agent
}

fn item(id: &str, stage: Stage) -> WorkItem {
    WorkItem {
        id: WorkItemId::new(id).unwrap(),
        stage,
        since: NOON,
        workstream: None,
        takes: Consumption { units: 20, profiles: Vec::new() },
        presence_effect: PresenceEffect::Moves,
    }
}

#[test]
fn a_time_has_milliseconds_and_a_z() {
    assert_eq!(time(Timestamp(0)), "1970-01-01T00:00:00.000Z");
    assert_eq!(time(NOON), "2023-11-14T22:13:20.123Z");
    assert!(time(Timestamp(i64::MAX)).starts_with("9999-"));
}

#[test]
fn a_watched_agent_leaves_out_what_is_null_false_zero_or_empty() {
    let shown =
        watched_agent(7, &agent(), &Directory::default(), Including { work_items: true, ..Including::default() });
    assert_eq!(
        serde_json::to_value(shown).unwrap(),
        json!({
            "agentId": "a17", "name": "Ana", "presenceId": "offline", "since": "2023-11-14T22:13:20.123Z",
            "version": 42, "seq": 7, "origin": "AUTOMATIC", "eventName": "NEW_USER",
        })
    );
}

#[test]
fn a_watched_agent_at_work_shows_its_work() {
    let mut agent = connected(agent());
    agent.items = vec![item("c-1", Stage::Active), item("c-2", Stage::Offered { deadline: Some(NOON) })];
    agent.standing = Standing::held(BuiltIn::Inactive, Hold::Missed);
    agent.modified_by = Actor::Supervisor("sue".to_owned());
    let shown =
        watched_agent(7, &agent, &Directory::default(), Including { capacity: true, work_items: true, record: false });
    let shown = serde_json::to_value(shown).unwrap();
    assert_eq!(shown["hold"], "MISSED");
    assert_eq!(shown["openWorkItems"], 1);
    assert_eq!(shown["activeBrowserSessions"], 1);
    assert_eq!(shown["modifiedBy"], json!({"type": "SUPERVISOR", "id": "sue"}));
    assert_eq!(shown["capacity"], json!({"units": null, "profiles": [], "openWorkItems": 1, "utilization": "PARTIAL"}));
    assert_eq!(shown["workItems"][1]["state"], "OFFERED");
    assert_eq!(shown["workItems"][1]["deadline"], "2023-11-14T22:13:20.123Z");
}

#[test]
fn a_disconnected_agent_is_shown_offline_and_keeps_what_returns() {
    let mut agent = agent();
    agent.standing = Standing {
        reason: Some("lunch".to_owned()),
        until: Some(NOON),
        origin: Origin::Agent,
        ..Standing::automatic(BuiltIn::Away)
    };
    agent.connection = Connection::Disconnected { until: Timestamp(NOON.0 + 150_000) };
    agent.cause = Cause::how(EventName::Disconnected, SubEventName::NetworkLost);
    let shown = serde_json::to_value(agent_presence(9, &agent, &Directory::default())).unwrap();
    assert_eq!(shown["presence"]["presenceId"], "offline");
    assert_eq!(shown["origin"], "AUTOMATIC");
    assert_eq!(shown["eventName"], "DISCONNECTED");
    assert_eq!(shown["subEventName"], "NETWORK_LOST");
    assert_eq!(shown["isAgentLoggedIn"], true);
    for field in ["hold", "reason", "until", "nextPresenceId"] {
        assert!(shown[field].is_null(), "{field} is of the standing, which others do not see");
    }
    assert_eq!(shown["restore"]["presence"]["presenceId"], "away");
    assert_eq!(shown["restore"]["origin"], "AGENT");
    assert_eq!(shown["restore"]["reason"], "lunch");
    assert_eq!(shown["restore"]["presenceUntil"], "2023-11-14T22:13:20.123Z");
    assert_eq!(shown["restore"]["until"], "2023-11-14T22:15:50.123Z");

    let small = watched_agent(9, &agent, &Directory::default(), Including::default());
    assert_eq!((small.queues, small.skills), (Vec::new(), Vec::new()));
    assert_eq!(small.presence_id, "offline");
    assert_eq!(small.restore.unwrap().presence_id, "away");
}

#[test]
fn a_presence_that_the_catalog_lost_is_shown_by_its_id() {
    let mut agent = connected(agent());
    agent.standing.presence = PresenceId::new("training").unwrap();
    agent.standing.base = BaseStatus::Away;
    let shown = agent_presence(9, &agent, &Directory::default());
    assert_eq!(shown.presence.presence_id, "training");
    assert_eq!(shown.presence.base_presence_status, shapes::BasePresenceStatus::Away);
    assert!(!shown.presence.enabled);
}

#[test]
fn a_released_wrap_up_is_a_wrap_up_that_holds_nothing() {
    let shown = work_item(&item("c-1", Stage::WrapUpReleased));
    assert_eq!(shown.state, shapes::WorkItemState::WrapUp);
    assert_eq!(shown.holds_capacity, Some(false));
}
