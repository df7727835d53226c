//! What supervisors do to others' presence.

use std::time::Duration;

use serde_json::{Value, json};

use crate::harness::{Board, Hub, Socket, event};

fn outcome(result: &Value) -> Vec<(&str, &str, &str)> {
    let results = result["results"].as_array().unwrap().iter();
    let text = |value: &'_ Value| -> &'static str { value.as_str().unwrap_or_default().to_owned().leak() };
    results.map(|one| (text(&one["agentId"]), text(&one["status"]), text(&one["code"]))).collect()
}

async fn notice(socket: &mut Socket, code: &str) -> Value {
    socket.find(|frame| frame["type"] == "notice" && frame["code"] == code).await
}

#[tokio::test]
async fn a_supervisor_sets_many_presences_and_each_is_answered_for_itself() {
    let hub = Hub::start().await;
    let http = hub.http();
    assert_eq!(http.put("/api/v1/agents/away", &json!({})).await.0, 201);
    let mut ada = hub.signs_in("ada").await;
    let mut sue = hub.supervisor().await;
    let request = json!({
        "type": "setAgentPresence", "agentIds": ["ada", "away", "nobody", "not an id"], "presenceId": "busy",
        "reason": "all hands",
    });
    let result = sue.does(request).await;
    assert_eq!(
        outcome(&result),
        [
            ("ada", "applied", ""),
            ("away", "rejected", "agent_not_connected"),
            ("nobody", "rejected", "unknown_agent"),
            ("not an id", "rejected", "unknown_agent"),
        ]
    );
    assert_eq!(result["results"][2]["field"], "agentIds");
    assert_eq!(result["results"][0]["version"], http.presence("ada").await["version"]);
    let told = notice(&mut ada, "presenceSetBySupervisor").await;
    assert_eq!(told["actor"], json!({ "type": "SUPERVISOR", "id": "sue" }));
    assert_eq!(told["reason"], "all hands");
    let shown = http.presence("ada").await;
    assert_eq!((&shown["origin"], &shown["modifiedBy"]["id"]), (&json!("SUPERVISOR"), &json!("sue")));
    for (presence, code) in [("inactive", "presence_not_settable"), ("nowhere", "unknown_presence")] {
        let request = json!({ "type": "setAgentPresence", "agentIds": ["ada"], "presenceId": presence });
        let result = sue.does(request).await;
        assert_eq!(outcome(&result), [("ada", "rejected", code)]);
        assert_eq!(result["results"][0]["field"], "presenceId");
    }
    let wrong = json!({ "type": "setAgentPresence", "agentIds": ["ada"], "presenceId": "busy", "until": "soon" });
    assert_eq!(sue.refused(wrong).await, "invalid");
    let crowd: Vec<String> = (0..1_001).map(|number| format!("a{number}")).collect();
    let wrong = json!({ "type": "resetAgentPresence", "agentIds": crowd });
    assert_eq!(sue.refused(wrong).await, "too_large");
}

#[tokio::test]
async fn a_supervisors_change_of_someone_disconnected_applies_to_what_is_restored() {
    let hub = Hub::start().await;
    let mut board = Board::open(&hub, json!({})).await;
    hub.signs_in("ada").await.loses_its_network();
    board.sees("ada", |shown| !shown["restore"].is_null()).await;
    let mut sue = hub.supervisor().await;
    let request = json!({ "type": "setAgentPresence", "agentIds": ["ada"], "presenceId": "away" });
    assert_eq!(outcome(&sue.does(request).await), [("ada", "applied", "")]);
    let shown = hub.http().presence("ada").await;
    assert_eq!(shown["presence"]["presenceId"], "offline");
    assert_eq!(shown["restore"]["presence"]["presenceId"], "away");
    assert_eq!((&shown["restore"]["origin"], &shown["origin"]), (&json!("SUPERVISOR"), &json!("AUTOMATIC")));
    assert_eq!(hub.signs_in("ada").await.welcome["agent"]["presence"]["presenceId"], "away");
}

#[tokio::test]
async fn a_supervisor_clears_a_hold() {
    let hub = Hub::start().await;
    let _ada = hub.signs_in("ada").await;
    let mut sue = hub.supervisor().await;
    let request = json!({ "type": "resetAgentPresence", "agentIds": ["ada"] });
    assert_eq!(outcome(&sue.does(request.clone()).await), [("ada", "rejected", "nothing_to_reset")]);
    hub.http().applies(&event("workitem.missed", json!({ "agentId": "ada", "workItemId": "w" }))).await;
    assert_eq!(outcome(&sue.does(request).await), [("ada", "applied", "")]);
    assert!(hub.http().presence("ada").await["hold"].is_null());
}

#[tokio::test]
async fn a_supervisor_signs_an_agent_out_of_every_tab_and_says_why() {
    let hub = Hub::start().await;
    let mut ada = hub.signs_in("ada").await;
    let mut other = hub.signs_in("ada").await;
    ada.does(json!({ "type": "setPresence", "presenceId": "away", "reason": "lunch" })).await;
    let mut sue = hub.supervisor().await;
    let request = json!({ "type": "signOutAgent", "agentIds": ["ada", "ben"], "reason": "the shift is over" });
    let result = sue.does(request.clone()).await;
    assert_eq!(outcome(&result), [("ada", "applied", ""), ("ben", "rejected", "unknown_agent")]);
    for tab in [&mut ada, &mut other] {
        let told = notice(tab, "signedOutBySupervisor").await;
        assert_eq!(told["actor"], json!({ "type": "SUPERVISOR", "id": "sue" }));
        assert_eq!(told["reason"], "the shift is over", "{told}");
        assert_eq!(tab.closed().await, Some(4410));
    }
    let shown = hub.http().presence("ada").await;
    assert_eq!((&shown["eventName"], &shown["modifiedBy"]["type"]), (&json!("LOGOUT"), &json!("SUPERVISOR")));
    assert_eq!(outcome(&sue.does(request).await)[0], ("ada", "rejected", "agent_not_connected"));
}

#[tokio::test]
async fn an_offer_that_nobody_can_see_any_more_is_withdrawn_at_once() {
    let hub = Hub::start().await;
    let http = hub.http();
    let mut acd = hub.work_system().await;
    let ada = hub.signs_in("ada").await;
    let item = json!({ "agentId": "ada", "workItemId": "w1" });
    http.applies(&event("workitem.offered", item.clone())).await;
    ada.loses_its_network();
    let told = acd.expect("offerWithdrawn").await;
    assert_eq!((&told["agentId"], &told["workItemId"]), (&json!("ada"), &json!("w1")));
    assert!(told["reason"].is_string(), "{told}");
    assert_eq!(http.event(&event("workitem.missed", item)).await["status"], "duplicate");
    // Whoever chooses Offline cannot see it either.
    let mut ada = hub.signs_in("ada").await;
    http.applies(&event("workitem.offered", json!({ "agentId": "ada", "workItemId": "w2" }))).await;
    ada.does(json!({ "type": "setPresence", "presenceId": "offline" })).await;
    assert_eq!(acd.expect("offerWithdrawn").await["workItemId"], "w2");
    drop(ada);
    hub.time_passes(Duration::from_secs(151)).await;
    let absent = http.applies(&event("workitem.offered", json!({ "agentId": "ada", "workItemId": "w3" }))).await;
    assert_eq!(absent["code"], "agent_not_connected");
    assert_eq!(acd.expect("offerWithdrawn").await["workItemId"], "w3");
}

#[tokio::test]
async fn a_supervisors_sign_out_holds_until_the_person_asks_to_be_signed_in() {
    let hub = Hub::start().await;
    let token = hub.token("ada", &["agent"]);
    let mut tabs = [Socket::open(&hub, &token).await, Socket::open(&hub, &token).await];
    let asks = json!({ "type": "signOutAgent", "agentIds": ["ada"], "reason": "cover is here" });
    let result = hub.supervisor().await.does(asks).await;
    assert_eq!(result["results"][0]["status"], "applied", "{result}");
    for tab in &mut tabs {
        assert_eq!(tab.closed().await, Some(4410));
    }
    let header = format!("Bearer {token}");
    let headers = [("authorization", header.as_str())];
    for _ in 0..2 {
        let mut reloaded = Socket::connect(hub.address(), "/ws", &headers).await;
        let told = reloaded.expect("notice").await;
        assert_eq!((&told["code"], &told["reason"]), (&json!("signedOutBySupervisor"), &json!("cover is here")));
        assert_eq!(told["actor"]["id"], "sue");
        assert_eq!(reloaded.expect("error").await["error"]["code"], "signed_out");
        assert_eq!(reloaded.closed().await, Some(4410));
    }
    let hub = hub.killed_and_started_again().await;
    let mut later = Socket::connect(hub.address(), "/ws", &headers).await;
    later.expect("notice").await;
    assert_eq!(later.closed().await, Some(4410), "it holds when the hub was killed");
    assert_eq!(hub.http().presence("ada").await["presence"]["presenceId"], "offline");
    Socket::open_by_hand(&hub, &token).await;
    Socket::open(&hub, &token).await.does(json!({ "type": "setPresence", "presenceId": "away" })).await;
}
