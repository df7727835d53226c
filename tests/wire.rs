//! The frames and shapes of the contract, written down one by one in `tests/wire`, so that every
//! language that reads them can check itself against the same files.
//!
//! `WRITE_WIRE=1 cargo test --test wire` writes the files anew; the difference is a change of the
//! contract and is read as one.

#![allow(clippy::unwrap_used, reason = "a test ends where it stands")]

mod wire_samples;

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use presence_hub::wire::shapes::{ClientFrame, HubFrame};
use wire_samples::{client_frames, hub_frames, shapes};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/wire")
}

/// A sample's JSON, if parsing it gives the sample back.
pub fn written<T: Serialize + DeserializeOwned + PartialEq + Debug>(sample: &T) -> Value {
    let json = serde_json::to_value(sample).unwrap();
    assert_eq!(serde_json::from_value::<T>(json.clone()).unwrap(), *sample, "{json}");
    json
}

#[test]
fn what_is_written_down_is_what_is_said_and_understood() {
    let mut files = BTreeMap::new();
    for (name, frame) in hub_frames() {
        assert!(files.insert(format!("hub.{name}.json"), written(&frame)).is_none(), "{name} twice");
    }
    for (name, frame) in client_frames() {
        assert!(files.insert(format!("client.{name}.json"), written(&frame)).is_none(), "{name} twice");
    }
    for (name, json) in shapes() {
        assert!(files.insert(format!("shape.{name}.json"), json).is_none(), "{name} twice");
    }
    if std::env::var_os("WRITE_WIRE").is_some() {
        for (name, json) in &files {
            std::fs::write(folder().join(name), format!("{}\n", serde_json::to_string_pretty(json).unwrap())).unwrap();
        }
    }
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        let json: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        found.insert(path.file_name().unwrap().to_str().unwrap().to_owned(), json);
    }
    assert_eq!(found.keys().collect::<Vec<_>>(), files.keys().collect::<Vec<_>>());
    for (name, json) in &files {
        assert_eq!(found[name], *json, "{name}");
    }
}

#[test]
fn every_frame_of_the_hub_is_written_down() {
    let mut named: Vec<&str> = hub_frames().iter().map(|(_, frame)| hub_type(frame)).collect();
    named.sort_unstable();
    named.dedup();
    let types = [
        "changes",
        "error",
        "heartbeat",
        "notice",
        "offerWithdrawn",
        "presence",
        "presenceOptions",
        "presences",
        "restarting",
        "result",
        "resync",
        "snapshot",
        "tokenExpiring",
        "welcome",
    ];
    assert_eq!(named, types);
    for (name, frame) in hub_frames() {
        assert_eq!(written(&frame)["type"], hub_type(&frame), "{name}");
    }
}

/// A new frame does not compile here until it has a name, and fails above until it has a sample.
fn hub_type(frame: &HubFrame) -> &'static str {
    match frame {
        HubFrame::Welcome { .. } => "welcome",
        HubFrame::Result { .. } => "result",
        HubFrame::Error { .. } => "error",
        HubFrame::Presence { .. } => "presence",
        HubFrame::PresenceOptions { .. } => "presenceOptions",
        HubFrame::Snapshot { .. } => "snapshot",
        HubFrame::Changes { .. } => "changes",
        HubFrame::Presences { .. } => "presences",
        HubFrame::OfferWithdrawn { .. } => "offerWithdrawn",
        HubFrame::Resync { .. } => "resync",
        HubFrame::Notice { .. } => "notice",
        HubFrame::Heartbeat { .. } => "heartbeat",
        HubFrame::TokenExpiring { .. } => "tokenExpiring",
        HubFrame::Restarting { .. } => "restarting",
    }
}

#[test]
fn every_frame_of_a_client_is_written_down() {
    let mut named: Vec<&str> = client_frames().iter().map(|(_, frame)| client_type(frame)).collect();
    named.sort_unstable();
    named.dedup();
    let types = [
        "authenticate",
        "awake",
        "events",
        "refreshing",
        "resetAgentPresence",
        "resetPresence",
        "setAgentPresence",
        "setPresence",
        "signOut",
        "signOutAgent",
        "unwatch",
        "watch",
    ];
    assert_eq!(named, types);
    for (name, frame) in client_frames() {
        assert_eq!(written(&frame)["type"], client_type(&frame), "{name}");
    }
}

fn client_type(frame: &ClientFrame) -> &'static str {
    match frame {
        ClientFrame::SetPresence(_) => "setPresence",
        ClientFrame::ResetPresence {} => "resetPresence",
        ClientFrame::Refreshing {} => "refreshing",
        ClientFrame::SignOut {} => "signOut",
        ClientFrame::Watch { .. } => "watch",
        ClientFrame::Unwatch { .. } => "unwatch",
        ClientFrame::SetAgentPresence { .. } => "setAgentPresence",
        ClientFrame::ResetAgentPresence { .. } => "resetAgentPresence",
        ClientFrame::SignOutAgent { .. } => "signOutAgent",
        ClientFrame::Events { .. } => "events",
        ClientFrame::Authenticate { .. } => "authenticate",
        ClientFrame::Awake {} => "awake",
    }
}
