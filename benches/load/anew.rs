//! Boards that watch anew all the time, each time something else: snapshots are made, and deflated, for one each.

use std::time::Duration;

use serde_json::json;

use super::attackers::masked;

pub const SOCKETS: usize = 100;
const CALLERS: usize = 8;
/// A little less than what a socket may send for long.
pub const PAUSE: Duration = Duration::from_millis(55);
/// Filters of a socket besides the one that shows all.
const FILTERS: usize = 4;
/// Agents that each of these filters shows.
const AGENTS: usize = 200;
/// Names of nobody, which make a filter different from all others.
const NOBODY: usize = 40;

/// Whose socket that is.
pub fn caller(socket: usize) -> String {
    format!("anew{}", socket % CALLERS)
}

/// The watches between which a socket takes turns. Half of the sockets ask for all that can be shown.
pub fn watches(socket: usize) -> Vec<Vec<u8>> {
    let include = if socket.is_multiple_of(2) { json!(["capacity", "workItems", "record"]) } else { json!([]) };
    let watch = |filter| {
        let watch = json!({ "type": "watch", "id": 1, "filter": filter, "include": include });
        masked(0x81, watch.to_string().as_bytes())
    };
    let some = |filter| {
        let agents = (0..AGENTS).map(|agent| format!("a{agent}"));
        let nobody = (0..NOBODY).map(|name| format!("of-{socket}-{filter}-{name}"));
        watch(json!({ "agentIds": agents.chain(nobody).collect::<Vec<_>>() }))
    };
    (0..FILTERS).map(some).chain([watch(json!({}))]).collect()
}
