//! Watches that nobody shares: what boards are told is made, and deflated, once for each of them.

use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::json;

use super::attackers::masked;
use super::events::batch;
use super::ids::Ids;

/// The agents whom the watches show and the events are about, behind those who click.
pub const AGENTS: Range<usize> = 500..1_000;
/// Their team.
pub const TEAM: &str = "worked";
/// Sockets with watches: as many as these callers may have.
pub const SOCKETS: usize = 40;
const CALLERS: usize = 2;
/// As many as a socket may have.
const WATCHES: usize = 16;
/// A thousand events a second, so many at a time.
pub const PAUSE: Duration = Duration::from_millis(10);
const EVENTS: usize = 10;

/// Whose socket that is.
pub fn caller(socket: usize) -> String {
    format!("unshared{}", socket % CALLERS)
}

/// The watches of a socket. Each names a team besides that nobody else names, and that has nobody.
pub fn watches(socket: usize) -> Vec<u8> {
    let watch = |number| {
        let filter = json!({ "teams": [TEAM, format!("of-{socket}-{number}")] });
        masked(0x81, json!({ "type": "watch", "id": number, "filter": filter }).to_string().as_bytes())
    };
    (1..=WATCHES).flat_map(watch).collect()
}

/// The next events of the work system. They go on where an attack before ended: the hub takes an event once.
pub fn events() -> Vec<u8> {
    static SENT: AtomicUsize = AtomicUsize::new(0);
    let first = SENT.fetch_add(EVENTS, Ordering::Relaxed);
    let events = batch(&AGENTS, first, EVENTS, Ids::ByTime);
    masked(0x81, format!(r#"{{"type":"events","id":{first},"events":{events}}}"#).as_bytes())
}
