//! Agents dispute entries of their history: the entry stays, and the note stands beside it.

use serde_json::{Value, json};

use crate::harness::{Http, Hub};

async fn gets(http: &Http, path: &str) -> Value {
    let (status, body) = http.get(&format!("/api/v1/{path}")).await;
    assert_eq!(status, 200, "{path} → {body}");
    body
}

/// Ada of billing and Ben of sales, each set by a supervisor.
async fn set_by_a_supervisor() -> Hub {
    let hub = Hub::start().await;
    let http = hub.http();
    for (agent, team) in [("ada", "billing"), ("ben", "sales")] {
        let record = json!({ "agentId": agent, "name": agent, "teams": [team], "enabled": true });
        assert_eq!(http.put(&format!("/api/v1/agents/{agent}"), &record).await.0, 201);
        let live = hub.signs_in(agent).await;
        let away = json!({ "presenceId": "away", "reason": "was not at her desk" });
        let set = hub.http_as("sue", &["supervisor"]).put(&format!("/api/v1/agents/{agent}/presence"), &away).await;
        assert_eq!(set.0, 200, "{}", set.1);
        drop(live);
    }
    hub
}

/// The entry of a supervisor in an agent's history, as the agent names it.
async fn entry(http: &Http, agent: &str) -> (Value, Value) {
    let history = gets(http, &format!("agents/{agent}/history")).await;
    let entries = history["items"].as_array().unwrap();
    let set = entries.iter().find(|one| one["modifiedBy"]["id"] == "sue").unwrap_or_else(|| panic!("{history}"));
    (set["start"].clone(), set["seq"].clone())
}

#[tokio::test]
async fn an_agent_disputes_an_entry_and_the_supervisors_of_its_team_read_why() {
    let hub = set_by_a_supervisor().await;
    let ada = hub.http_as("ada", &["agent"]);
    let (start, seq) = entry(&ada, "ada").await;
    let said = json!({ "start": start, "seq": seq, "note": "I was in a call that was not reported" });
    let (status, made) = ada.post("/api/v1/agents/ada/disputes", &said).await;
    assert_eq!((status, &made["seq"], &made["agentId"]), (201, &seq, &json!("ada")), "{made}");

    // The entry stays as it was.
    assert_eq!(entry(&ada, "ada").await, (start.clone(), seq.clone()));
    let hub = hub.killed_and_started_again().await;
    let ada = hub.http_as("ada", &["agent"]);
    assert_eq!(gets(&ada, "agents/ada/disputes").await["items"], json!([made]));
    let billing = hub.http_with(&hub.token_of("bea", &["supervisor"], &["billing"]));
    let sales = hub.http_with(&hub.token_of("sam", &["supervisor"], &["sales"]));
    assert_eq!(gets(&billing, "disputes").await["items"], json!([made]));
    assert_eq!(gets(&hub.http_as("anna", &["analyst"]), "disputes?teams=billing").await["items"], json!([made]));
    assert_eq!(gets(&sales, "disputes").await["items"], json!([]));
    assert_eq!(gets(&billing, &format!("disputes?to={}", made["at"].as_str().unwrap())).await["items"], json!([]));
    assert_eq!(sales.get("/api/v1/agents/ada/disputes").await.0, 403);

    // Of others it may dispute nothing, and of itself nothing that is not there.
    let of_ben = entry(&hub.http(), "ben").await;
    let not_hers = json!({ "start": of_ben.0, "seq": of_ben.1, "note": "not mine" });
    assert_eq!(ada.post("/api/v1/agents/ben/disputes", &not_hers).await.0, 403);
    assert_eq!(ada.post("/api/v1/agents/ada/disputes", &not_hers).await.1["code"], "not_found");
    let elsewhere = json!({ "start": "2026-01-01T00:00:00Z", "seq": seq, "note": "not there" });
    assert_eq!(ada.post("/api/v1/agents/ada/disputes", &elsewhere).await.1["code"], "not_found");
    assert_eq!(billing.post("/api/v1/agents/ada/disputes", &said).await.0, 403);
    assert_eq!(ada.get("/api/v1/disputes").await.0, 403);
}

#[tokio::test]
async fn the_newest_disputes_come_first_page_by_page() {
    let hub = set_by_a_supervisor().await;
    let mut made = Vec::new();
    for agent in ["ada", "ben", "ada"] {
        let own = hub.http_as(agent, &["agent"]);
        let (start, seq) = entry(&own, agent).await;
        let said = json!({ "start": start, "seq": seq, "note": format!("note {}", made.len()) });
        made.push(own.post(&format!("/api/v1/agents/{agent}/disputes"), &said).await.1);
        hub.http().post("/test/clock", &json!({ "advanceMs": 1_000 })).await;
    }
    made.reverse();
    let (mut read, mut next) = (Vec::new(), String::new());
    loop {
        let page = gets(&hub.http(), &format!("disputes?limit=1{next}")).await;
        read.extend(page["items"].as_array().unwrap().clone());
        let Some(cursor) = page["nextCursor"].as_str() else { break };
        next = format!("&cursor={cursor}");
    }
    assert_eq!(read, made);
    assert_eq!(hub.http().get("/api/v1/disputes?cursor=x").await.1["field"], "cursor");
}
