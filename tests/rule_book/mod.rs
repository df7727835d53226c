//! The worked examples of the rule book, as they are written in `tests/examples.json`.
//!
//! Who reads them decides how to bring the hub into the state an example starts from, and how to
//! tell it what happens next.

use std::collections::BTreeMap;

use serde::Deserialize;

/// One claim: a state, what happens, and what is expected after each step.
#[derive(Deserialize)]
pub struct Example {
    pub id: String,
    pub given_text: String,
    pub rules: String,
    pub why: String,
    pub initial: Initial,
    pub steps: Vec<Step>,
}

/// The state before the first step.
#[derive(Deserialize)]
pub struct Initial {
    pub cfg: Settings,
    pub default: String,
    pub units: Option<Units>,
    pub profiles: BTreeMap<String, Profile>,
    pub presence: String,
    pub origin: String,
    pub hold: Option<String>,
    pub logged_in: bool,
    /// Live sessions.
    pub tabs: u64,
    pub items: BTreeMap<String, Item>,
    /// When the last session ended, in milliseconds of the example's time.
    pub disc_at: Option<i64>,
}

#[derive(Deserialize)]
pub struct Settings {
    pub sign_in_policy: String,
    pub missed_enabled: bool,
    pub reject_enabled: bool,
    pub restore_ms: u64,
    pub restore_after_sign_out: bool,
    pub max_sessions: u32,
    pub refresh_grace_ms: u64,
    pub session_limit_auto_clear: bool,
}

#[derive(Deserialize)]
pub struct Units {
    pub max: u32,
}

#[derive(Deserialize)]
pub struct Profile {
    pub limit: u32,
    pub blocking: bool,
    pub reset: Option<String>,
}

/// An active work item.
#[derive(Deserialize)]
pub struct Item {
    pub units: u32,
    pub profiles: Vec<String>,
}

#[derive(Deserialize)]
pub struct Step {
    pub event: Event,
    pub event_text: String,
    /// The presence that others see.
    pub expect: String,
    pub expect_base: String,
    pub expect_error: Option<String>,
    pub expect_origin: String,
    pub expect_hold: Option<String>,
    pub expect_logged_in: bool,
    pub expect_blocked_by_profile: bool,
}

#[derive(Debug, Deserialize)]
pub struct Event {
    #[serde(rename = "type")]
    pub kind: String,
    /// In milliseconds; the time of the step before if it is left out.
    pub t: Option<i64>,
    pub item: Option<String>,
    pub units: Option<u32>,
    pub profiles: Option<Vec<String>>,
    pub presence: Option<String>,
    /// What wrap-up does to capacity.
    pub block: Option<String>,
    pub units_max: Option<u32>,
}

/// A presence that the examples add to the six built-in ones.
#[derive(Deserialize)]
pub struct Custom {
    pub text: String,
    pub base: String,
}

#[derive(Deserialize)]
struct Book {
    presences: BTreeMap<String, Custom>,
    vectors: Vec<Example>,
}

/// All examples, in the order of the book.
pub fn examples() -> Vec<Example> {
    book().vectors
}

/// The custom presences that examples name, by id.
pub fn custom_presences() -> BTreeMap<String, Custom> {
    let mut presences = book().presences;
    presences.retain(|name, _| name.starts_with("c:"));
    presences.into_iter().map(|(name, custom)| (presence_id(&name), custom)).collect()
}

/// The id of the presence that the book calls `name`.
pub fn presence_id(name: &str) -> String {
    match name {
        "DND" => "do-not-disturb".to_owned(),
        _ => name.trim_start_matches("c:").to_lowercase().replace(' ', "-"),
    }
}

/// The contract's name of an origin of the book.
pub fn origin(name: &str) -> &str {
    if name == "AUTO" { "AUTOMATIC" } else { name }
}

/// The contract's name of a hold of the book.
pub fn hold(name: &str) -> &str {
    if name == "SESSION_LIMIT" { "WORK_ITEM_LIMIT" } else { name }
}

fn book() -> Book {
    serde_json::from_str(include_str!("../examples.json")).expect("the examples are what this module reads")
}
