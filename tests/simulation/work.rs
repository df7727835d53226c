//! What work systems report, and how.

use presence_hub::identity::Role;
use serde_json::{Value, json};

use super::people::{Asked, By, Outstanding, Person, agent_name};
use super::step::{Over, Work};
use super::world::World;

impl World {
    pub fn sends(&mut self, system: u8, event: Value, over: Over) {
        match (over, &mut self.systems[usize::from(system)].socket) {
            (Over::Socket, Some(socket)) => {
                self.asked += 1;
                socket.say(&json!({ "type": "events", "id": self.asked, "events": [event] }));
                let by = By::Frame(self.asked, Person::System(system));
                self.remember(Outstanding { by, asked: Asked::Events });
            }
            (Over::Socket, None) | (Over::Http, _) => {
                self.requests(&[Role::Integration], "POST", "/api/v1/events", Some(event), Asked::Events);
            }
            (Over::Binary, _) => {
                let (headers, body) = in_binary_mode(&event);
                self.requests_with(&[Role::Integration], "POST", "/api/v1/events", &headers, &body, Asked::Events);
            }
        }
    }
}

/// An event of this number, as it is written in structured mode. Its `time` tells it from any other, so
/// that the log says what became of it.
pub fn event(number: u64, agent: u8, item: u8, what: Work) -> Value {
    let stream = |stream: Option<u8>| stream.map(|stream| format!("stream-{stream}"));
    let (kind, mut data) = match what {
        Work::Offered { seconds, workstream, if_eligible } => (
            "workitem.offered",
            json!({ "timeoutSeconds": seconds, "workstreamId": stream(workstream), "ifEligible": if_eligible }),
        ),
        Work::Assigned { workstream, if_eligible } => {
            ("workitem.assigned", json!({ "workstreamId": stream(workstream), "ifEligible": if_eligible }))
        }
        Work::Missed => ("workitem.missed", json!({})),
        Work::Rejected => ("workitem.rejected", json!({})),
        Work::Withdrawn => ("workitem.withdrawn", json!({})),
        Work::WrapsUp { seconds } => (
            "workitem.wrap_up_started",
            json!({ "blockCapacityForWrapUp": seconds.map_or("ALWAYS", |_| "CUSTOM"), "wrapUpSeconds": seconds }),
        ),
        Work::Closed => ("workitem.closed", json!({})),
    };
    data["agentId"] = json!(agent_name(agent));
    data["workItemId"] = json!(format!("item-{item}"));
    let time = format!("2026-01-01T00:00:00.{number:09}Z");
    json!({
        "specversion": "1.0", "id": number.to_string(), "source": "/simulated", "type": kind, "time": time, "data": data,
    })
}

/// An event's headers and body in binary mode.
fn in_binary_mode(event: &Value) -> (String, String) {
    let mut headers = "Content-Type: application/json\r\n".to_owned();
    for (name, value) in event.as_object().into_iter().flatten().filter(|(name, _)| *name != "data") {
        headers += &format!("ce-{name}: {}\r\n", value.as_str().unwrap_or_default());
    }
    (headers, event["data"].to_string())
}
