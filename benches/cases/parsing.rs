//! What comes in, from its text to what the rules are asked.

use presence_hub::wire::event::AssignmentEvent;
use presence_hub::wire::parse;
use presence_hub::wire::shapes::ClientFrame;
use serde::Deserialize;
use serde_json::{Value, json};

use super::Measure;

/// Events of a batch.
const EVENTS: usize = 100;

/// Measures every parse.
pub fn all(measure: &mut impl Measure) {
    let batch = batch();
    measure.path(
        "parse: a batch of 100 events",
        || &batch,
        |batch| {
            let events: Vec<Value> = serde_json::from_str(batch).unwrap();
            events.iter().map(|event| AssignmentEvent::parse(event).unwrap()).collect::<Vec<_>>()
        },
    );

    let frame = json!({
        "type": "setPresence", "id": 7, "presenceId": "away", "until": "2026-11-22T12:15:00.000Z",
        "nextPresenceId": "available", "reason": "at the dentist", "ifVersion": 42
    });
    let frame = frame.to_string();
    measure.path(
        "parse: a setPresence frame",
        || &frame,
        |frame| {
            let mut value: Value = serde_json::from_str(frame).unwrap();
            let id = value.as_object_mut().unwrap().remove("id");
            let ClientFrame::SetPresence(set) = ClientFrame::deserialize(value).unwrap() else {
                panic!("another frame")
            };
            (id, parse::choice(&set).unwrap())
        },
    );
}

/// Offers, assignments, wrap-ups and closings, by turns.
fn batch() -> String {
    let events = (0..EVENTS).map(|number| {
        let (kind, asked) = match number % 4 {
            0 => ("offered", json!({ "workstreamId": "stream-1", "timeoutSeconds": 30, "ifEligible": true })),
            1 => ("assigned", json!({ "workstreamId": "stream-1", "units": 1, "subEvent": "ASSIGNMENT_ACCEPT" })),
            2 => ("wrap_up_started", json!({ "blockCapacityForWrapUp": "CUSTOM", "wrapUpSeconds": 60 })),
            _ => ("closed", json!({ "subEvent": "CONVERSATION_CLOSED" })),
        };
        let mut data = asked;
        data["agentId"] = json!(format!("agent-{number:05}@example.com"));
        data["workItemId"] = json!(format!("chat-{number}"));
        json!({
            "specversion": "1.0", "id": format!("event-{number}"), "source": "/acd",
            "type": format!("workitem.{kind}"), "time": "2026-11-22T12:00:00.000Z", "data": data
        })
    });
    Value::Array(events.collect()).to_string()
}
