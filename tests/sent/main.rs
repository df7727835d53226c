//! Every type of frame, byte for byte as the hub sends it to real clients: one story, in `tests/wire/sent`
//! one file for each who lives it, with a frame on each line.
//!
//! `ACCEPT=1 cargo test --locked --test sent` writes the files anew. Time passes only when nobody has
//! anything to do, so the story is the same whenever it is told.

#![allow(clippy::unwrap_used, reason = "a test that meets the unexpected fails")]

#[path = "../golden_file/mod.rs"]
mod golden_file;
mod stage;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use presence_hub::identity::Role;
use presence_hub::wire::shapes::WatchResult;
use presence_hub::wire::shapes::{AgentPresence, AgentResult, EventResult, HubFrame, Nothing, Results, TokenRenewed};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use golden_file::hold;
use stage::{Client, Stage, days, minutes};

/// The story's people, once it is over.
async fn story() -> [Client; 4] {
    let stage = Stage::begins().await;
    let chat = json!({ "name": "Sales chat", "allowedPresences": ["AVAILABLE"], "units": 20 });
    stage.writes("PUT", "/api/v1/workstreams/sales-chat", chat).await;
    let ada = json!({ "name": "Ada Lindqvist", "teams": ["billing"], "units": 100 });
    stage.writes("PUT", "/api/v1/agents/a17", ada).await;
    stage.writes("PUT", "/api/v1/agents/a18", json!({ "name": "Ben Okafor", "teams": ["billing"] })).await;

    let mut acd = stage.opens("acd", Role::Integration, days(1)).await;
    let mut ada = stage.opens("a17", Role::Agent, days(1)).await;
    let mut sue = stage.opens("sue", Role::Supervisor, minutes(2)).await;
    sue.does(json!({ "type": "watch", "include": ["capacity", "workItems"] })).await;
    sue.hears("snapshot").await;
    acd.does(json!({ "type": "watch", "filter": { "workstreamId": "sales-chat" } })).await;
    acd.hears("snapshot").await;

    // Work comes.
    acd.does(json!({ "type": "events", "events": [
        event("e-1", "workitem.offered", json!({ "workItemId": "c-9", "workstreamId": "sales-chat", "timeoutSeconds": 30 })),
        event("e-2", "workitem.assigned", json!({ "workItemId": "c-9", "subEvent": "ASSIGNMENT_ACCEPT" })),
        event("e-3", "workitem.closed", json!({ "workItemId": "nothing" })),
    ] }))
    .await;
    ada.hears("presence").await;
    sue.hears("changes").await;

    // A presence is added, chosen by a supervisor, and chosen wrongly.
    let lunch = json!({ "presenceName": "Lunch", "presenceText": "At lunch", "basePresenceStatus": "AWAY" });
    stage.writes("PUT", "/api/v1/presences/lunch", lunch).await;
    ada.hears("presenceOptions").await;
    sue.hears("presences").await;
    let until = "2026-11-22T12:45:00.000Z";
    sue.does(json!({ "type": "setAgentPresence", "agentIds": ["a17", "a18"], "presenceId": "lunch", "until": until, "reason": "the shift plan" }))
        .await;
    ada.hears("notice").await;
    ada.says(json!({ "type": "setPresence", "id": "mine", "presenceId": "nowhere" })).await;
    ada.hears("error").await;
    ada.does(json!({ "type": "setPresence", "presenceId": "available" })).await;

    // The workstream allows other presences, and its watch has to begin anew.
    stage.writes("PATCH", "/api/v1/workstreams/sales-chat", json!({ "allowedPresences": ["AVAILABLE", "BUSY"] })).await;
    acd.hears("resync").await;
    acd.hears("snapshot").await;

    // An offer rings while the agent goes away.
    let offered = event("e-4", "workitem.offered", json!({ "workItemId": "c-10", "workstreamId": "sales-chat" }));
    acd.does(json!({ "type": "events", "events": [offered] })).await;
    ada.does(json!({ "type": "signOut" })).await;
    acd.hears("offerWithdrawn").await;

    // It is quiet, and the supervisor's token is about to end.
    sue.hears("heartbeat").await;
    sue.hears("tokenExpiring").await;
    sue.does(json!({ "type": "authenticate", "token": stage.token("sue", Role::Supervisor, days(1)) })).await;

    // Another board resumes where this one is.
    let since = json!({ "epoch": sue.last("snapshot")["epoch"], "seq": sue.last("snapshot")["seq"] });
    let mut board = stage.opens("sam", Role::Supervisor, days(1)).await;
    board.does(json!({ "type": "watch", "include": ["capacity", "workItems"], "since": since })).await;
    board.hears("changes").await;

    stage.stops().await;
    let mut people = [acd, ada, sue, board];
    for client in &mut people {
        client.hears_all_the_rest().await;
    }
    people
}

fn event(id: &str, kind: &str, mut data: Value) -> Value {
    data["agentId"] = json!("a17");
    json!({ "specversion": "1.0", "id": id, "source": "/acd/north", "type": kind, "data": data })
}

#[tokio::test(start_paused = true)]
async fn every_type_of_frame_is_sent_as_it_is_written_down() {
    let people = story().await;
    let sent: BTreeSet<String> = people.iter().flat_map(|client| client.heard()).map(kind).collect();
    assert_eq!(sent, types(), "every type of frame is in the story");
    for (file, client) in ["integration", "agent", "supervisor", "resumed"].iter().zip(&people) {
        let lines: String = client.heard().map(|line| format!("{line}\n")).collect();
        hold(&format!("tests/wire/sent/{file}.jsonl"), &lines, "--test sent");
    }
}

#[test]
fn what_is_sent_is_what_the_types_say() {
    for file in fs::read_dir(root("tests/wire/sent")).unwrap() {
        for line in fs::read_to_string(file.unwrap().path()).unwrap().lines() {
            let frame: HubFrame = serde_json::from_str(line).unwrap();
            match line.split_once(r#","result":"#).filter(|_| matches!(frame, HubFrame::Result { .. })) {
                Some((_, result)) => assert!(is_a_result(result.strip_suffix('}').unwrap()), "{line}"),
                None => assert_eq!(serde_json::to_string(&frame).unwrap(), line),
            }
        }
    }
}

/// Whether one of the types gives the same text when it has read it.
fn is_a_result(text: &str) -> bool {
    fn is<T: Serialize + DeserializeOwned>(text: &str) -> bool {
        serde_json::from_str::<T>(text).is_ok_and(|result| serde_json::to_string(&result).unwrap() == text)
    }
    is::<AgentPresence>(text)
        || is::<WatchResult>(text)
        || is::<Results<AgentResult>>(text)
        || is::<Results<EventResult>>(text)
        || is::<TokenRenewed>(text)
        || is::<Nothing>(text)
}

/// The types of frames that there are: each has a sample.
fn types() -> BTreeSet<String> {
    let files =
        fs::read_dir(root("tests/wire")).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    files.filter_map(|name| name.strip_prefix("hub.")?.split('.').next().map(str::to_owned)).collect()
}

fn kind(frame: &str) -> String {
    let frame: Value = serde_json::from_str(frame).unwrap();
    frame["type"].as_str().unwrap().to_owned()
}

fn root(path: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}
