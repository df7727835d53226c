//! Every route and every frame, by every role: the contract's table once more, written by hand. A route or a frame
//! without a row fails, and so does a row without a route.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::harness::{Hub, Socket};

const ROLES: [(&str, char); 7] = [
    ("agent", 'A'),
    ("supervisor", 'S'),
    ("observer", 'O'),
    ("analyst", 'R'),
    ("integration", 'I'),
    ("auditor", 'U'),
    ("admin", 'M'),
];

/// A agent, S supervisor, O observer, R analyst, I integration, U auditor, M admin; `*` an agent about itself; `-` anyone,
/// without credentials.
const ROUTES: &[(&str, &str)] = &[
    ("GET /api/asyncapi.json", "-"),
    ("GET /api/openapi.json", "-"),
    ("GET /api/v1/activities", "ASORIUM"),
    ("POST /api/v1/activities", "M"),
    ("DELETE /api/v1/activities/{activityId}", "M"),
    ("GET /api/v1/activities/{activityId}", "ASORIUM"),
    ("PATCH /api/v1/activities/{activityId}", "M"),
    ("PUT /api/v1/activities/{activityId}", "M"),
    ("DELETE /api/v1/adherence-exceptions/{exceptionId}", "SM"),
    ("GET /api/v1/agents", "ASORIM"),
    ("PATCH /api/v1/agents", "M"),
    ("POST /api/v1/agents", "M"),
    ("PUT /api/v1/agents", "M"),
    ("DELETE /api/v1/agents/{agentId}", "M"),
    ("GET /api/v1/agents/{agentId}", "*SORIM"),
    ("PATCH /api/v1/agents/{agentId}", "M"),
    ("PUT /api/v1/agents/{agentId}", "M"),
    ("GET /api/v1/agents/{agentId}/adherence", "*SOR"),
    ("GET /api/v1/agents/{agentId}/adherence-exceptions", "SM"),
    ("POST /api/v1/agents/{agentId}/adherence-exceptions", "SM"),
    ("GET /api/v1/agents/{agentId}/disputes", "*SOR"),
    ("POST /api/v1/agents/{agentId}/disputes", "*"),
    ("GET /api/v1/agents/{agentId}/history", "*SOR"),
    ("GET /api/v1/agents/{agentId}/plan", "*SORIM"),
    ("PUT /api/v1/agents/{agentId}/plan", "IM"),
    ("GET /api/v1/agents/{agentId}/presence", "*SOI"),
    ("PUT /api/v1/agents/{agentId}/presence", "*S"),
    ("GET /api/v1/agents/{agentId}/presence/explain", "*SOR"),
    ("POST /api/v1/agents/{agentId}/presence/reset", "*S"),
    ("GET /api/v1/agents/{agentId}/work-items", "*SOI"),
    ("PUT /api/v1/agents/{agentId}/work-items", "I"),
    ("GET /api/v1/audit", "UM"),
    ("GET /api/v1/audit/export", "UM"),
    ("GET /api/v1/capacity-profiles", "ASORIUM"),
    ("POST /api/v1/capacity-profiles", "M"),
    ("DELETE /api/v1/capacity-profiles/{profileId}", "M"),
    ("GET /api/v1/capacity-profiles/{profileId}", "ASORIUM"),
    ("PATCH /api/v1/capacity-profiles/{profileId}", "M"),
    ("PUT /api/v1/capacity-profiles/{profileId}", "M"),
    ("GET /api/v1/changes", "SOI"),
    ("GET /api/v1/cluster/database", "M"),
    ("GET /api/v1/disputes", "SOR"),
    ("GET /api/v1/erasures", "M"),
    ("POST /api/v1/erasures", "M"),
    ("OPTIONS /api/v1/events", "-"),
    ("POST /api/v1/events", "I"),
    ("GET /api/v1/history/export", "SOR"),
    ("GET /api/v1/people", "ASORIUM"),
    ("POST /api/v1/plans", "IM"),
    ("GET /api/v1/presence", "SOR"),
    ("GET /api/v1/presence/changes", "SOR"),
    ("GET /api/v1/presences", "ASORIUM"),
    ("POST /api/v1/presences", "M"),
    ("DELETE /api/v1/presences/{presenceId}", "M"),
    ("GET /api/v1/presences/{presenceId}", "ASORIUM"),
    ("PATCH /api/v1/presences/{presenceId}", "M"),
    ("PUT /api/v1/presences/{presenceId}", "M"),
    ("GET /api/v1/reports/adherence", "SOR"),
    ("GET /api/v1/reports/disconnections", "SOR"),
    ("GET /api/v1/reports/sign-ins", "SOR"),
    ("GET /api/v1/reports/summary", "SOR"),
    ("GET /api/v1/reports/time-in-status", "SOR"),
    ("GET /api/v1/revocations", "M"),
    ("POST /api/v1/revocations", "M"),
    ("DELETE /api/v1/revocations/{revocationId}", "M"),
    ("GET /api/v1/sessions", "M"),
    ("DELETE /api/v1/sessions/{sessionId}", "M"),
    ("GET /api/v1/settings", "M"),
    ("POST /api/v1/tickets", "ASORIUM"),
    ("GET /api/v1/tokens", "M"),
    ("POST /api/v1/tokens", "M"),
    ("DELETE /api/v1/tokens/{tokenId}", "M"),
    ("PATCH /api/v1/settings", "M"),
    ("GET /api/v1/webhooks", "M"),
    ("POST /api/v1/webhooks", "M"),
    ("DELETE /api/v1/webhooks/{webhookId}", "M"),
    ("GET /api/v1/webhooks/{webhookId}", "M"),
    ("PATCH /api/v1/webhooks/{webhookId}", "M"),
    ("GET /api/v1/webhooks/{webhookId}/deliveries", "M"),
    ("POST /api/v1/webhooks/{webhookId}/resume", "M"),
    ("POST /api/v1/webhooks/{webhookId}/rotate-secret", "M"),
    ("GET /api/v1/workstreams", "ASORIUM"),
    ("POST /api/v1/workstreams", "M"),
    ("DELETE /api/v1/workstreams/{workstreamId}", "M"),
    ("GET /api/v1/workstreams/{workstreamId}", "ASORIUM"),
    ("PATCH /api/v1/workstreams/{workstreamId}", "M"),
    ("PUT /api/v1/workstreams/{workstreamId}", "M"),
    ("GET /api/v1/workstreams/{workstreamId}/eligible-agents", "SOI"),
    ("GET /healthz", "-"),
    ("GET /metrics", "SOM"),
    ("GET /readyz", "-"),
    ("DELETE /session", "ASORIUM"),
    ("GET /session", "-"),
    ("POST /session", "-"),
    ("GET /sign-in", "-"),
    ("POST /sign-in/back-channel-logout", "-"),
    ("GET /sign-in/callback", "-"),
    ("GET /ws", "ASORIUM"),
];

const FRAMES: &[(&str, &str)] = &[
    ("authenticate", "ASORIUM"),
    ("awake", "ASORIUM"),
    ("events", "I"),
    ("refreshing", "A"),
    ("resetAgentPresence", "S"),
    ("resetPresence", "A"),
    ("setAgentPresence", "S"),
    ("setPresence", "A"),
    ("signOut", "A"),
    ("signOutAgent", "S"),
    ("unwatch", "SOI"),
    ("watch", "SOI"),
];

fn rows(table: &[(&'static str, &'static str)]) -> BTreeSet<String> {
    table.iter().map(|(row, _)| (*row).to_owned()).collect()
}

#[tokio::test]
async fn every_route_has_a_row() {
    let hub = Hub::start().await;
    let (_, document) = hub.http().get("/api/openapi.json").await;
    let methods = ["get", "put", "post", "patch", "delete", "options"];
    let paths = document["paths"].as_object().unwrap().iter();
    let served: BTreeSet<String> = paths
        .flat_map(|(path, operations)| {
            let known = operations.as_object().unwrap().keys().filter(|method| methods.contains(&method.as_str()));
            known.map(move |method| format!("{} {path}", method.to_uppercase()))
        })
        .collect();
    assert_eq!(served, rows(ROUTES));
    let (_, document) = hub.http().get("/api/asyncapi.json").await;
    let operations = document["operations"].as_object().unwrap().iter();
    let heard = operations.filter(|(_, operation)| operation["action"] == "receive").map(|(name, _)| name.clone());
    assert_eq!(heard.collect::<BTreeSet<_>>(), rows(FRAMES));
}

/// Nothing is in the path, the query or the body but ids: whoever may not ask learns nothing of what is wrong
/// with the rest, and whoever may is told that.
#[tokio::test]
async fn a_route_is_refused_to_all_but_its_roles_before_anything_of_it_is_read() {
    let hub = Hub::start_with(&[("SERVER__METRICS", "token")]).await;
    assert_eq!(hub.http().put("/api/v1/agents/ada", &json!({})).await.0, 201);
    // A socket is no request; its row is the frames'. Ending a session ends the token, which the next row needs.
    let asked = ROUTES.iter().filter(|(row, _)| !["GET /ws", "DELETE /session"].contains(row));
    for (row, letters) in asked {
        let (method, path) = row.split_once(' ').unwrap();
        let path = path.replace("{agentId}", "ada").replace(['{', '}'], "");
        if *letters == "-" {
            assert_ne!(crate::harness::Http::anonymous(&hub).request(method, &path, "", None).await.0, 401, "{row}");
            continue;
        }
        for (role, letter) in ROLES {
            let (status, answer) = hub.http_as("someone", &[role]).request(method, &path, "", None).await;
            assert_eq!(status == 403, !letters.contains(letter), "{role}: {row} → {status} {answer}");
        }
        if letters.contains('*') {
            let (status, answer) = hub.http_as("ada", &["agent"]).request(method, &path, "", None).await;
            assert_ne!(status, 403, "itself: {row} → {answer}");
        }
    }
}

#[tokio::test]
async fn a_frame_is_refused_to_all_but_its_roles_before_anything_of_it_is_read() {
    let hub = Hub::start().await;
    for (role, letter) in ROLES {
        for (kind, letters) in FRAMES {
            let mut socket = Socket::open(&hub, &hub.token("someone", &[role])).await;
            socket.send(&json!({ "type": kind, "id": 7 })).await;
            // What wants no answer has one once the next frame does.
            socket.send(&json!({ "type": "nothing", "id": 8 })).await;
            let frames = socket.until(|frame| frame["id"] == 8 || closes(frame)).await;
            let is_refused = frames.iter().any(|frame| frame["id"] == 7 && frame["error"]["code"] == "forbidden");
            assert_eq!(is_refused, !letters.contains(letter), "{role}: {kind} → {frames:?}");
        }
    }
}

/// The agent's sign-out ends its socket.
fn closes(frame: &Value) -> bool {
    frame["id"] == 7 && frame["type"] == "result"
}
