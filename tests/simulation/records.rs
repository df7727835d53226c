//! What administrators write: where, and the records as they stand in requests.

use serde_json::{Value, json};

use super::step::{PROFILES, Setting};

/// The path of an API.
const API: &str = "/api/v1";

/// A write: its method, its path and its body.
pub type Write = (&'static str, String, Option<Value>);

/// A presence of this number, of a base, with a text that no other write gives.
pub fn puts_presence(presence: u8, base: u8, enabled: bool, text: u64) -> Write {
    let base = ["AVAILABLE", "BUSY", "BUSY_DO_NOT_DISTURB", "AWAY", "OFFLINE"][usize::from(base)];
    let record = json!({
        "presenceName": format!("custom {presence}"), "presenceText": format!("text {text}"),
        "basePresenceStatus": base, "enabled": enabled,
    });
    ("PUT", format!("{API}/presences/custom-{presence}"), Some(record))
}

pub fn drops_presence(presence: u8) -> Write {
    ("DELETE", format!("{API}/presences/custom-{presence}"), None)
}

/// A profile of this number; the first is given back at the end of the day.
pub fn puts_profile(profile: u8, most: u8, blocks: bool) -> Write {
    let reset = if profile == 0 { "DAILY" } else { "IMMEDIATE" };
    let record = json!({ "name": "a profile", "defaultMax": most, "blockAssignment": blocks, "resetDuration": reset });
    ("PUT", format!("{API}/capacity-profiles/profile-{profile}"), Some(record))
}

pub fn drops_profile(profile: u8) -> Write {
    ("DELETE", format!("{API}/capacity-profiles/profile-{profile}"), None)
}

pub fn puts_workstream(workstream: u8, profile: Option<u8>, moves: bool) -> Write {
    let profiles: Vec<String> = profile.iter().map(|profile| format!("profile-{profile}")).collect();
    let record = json!({
        "name": "a workstream", "allowedPresences": ["AVAILABLE", "BUSY"], "units": 1, "profiles": profiles,
        "affectsPresence": moves,
    });
    ("PUT", format!("{API}/workstreams/stream-{workstream}"), Some(record))
}

pub fn drops_workstream(workstream: u8) -> Write {
    ("DELETE", format!("{API}/workstreams/stream-{workstream}"), None)
}

impl Setting {
    /// Its name, and what it becomes.
    pub fn field(self) -> (&'static str, Value) {
        match self {
            Self::MaxOpenWorkItems(most) => ("maxOpenWorkItems", json!(most)),
            Self::RefreshGrace(seconds) => ("refreshGrace", json!(format!("{seconds}s"))),
            Self::RestoreAfterSignOut(restores) => ("restoreAfterSignOut", json!(restores)),
        }
    }
}

/// The path of an agent's record.
pub fn agent_path(name: &str) -> String {
    format!("{API}/agents/{name}")
}

/// The profiles of an agent's record.
pub fn profiles(profile: Option<u8>) -> Value {
    profile.map_or(json!([]), |profile| json!([{ "profileId": format!("profile-{}", profile % PROFILES) }]))
}
