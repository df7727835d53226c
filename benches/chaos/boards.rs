//! A supervisor's board, which goes on at another hub when its own is gone.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use serde_json::{Value, json};

use crate::client::{Socket, token};
use crate::network::MACHINES;
use crate::record::{End, Record, Shown, now};

/// How soon another hub is tried.
const PAUSE: Duration = Duration::from_millis(100);

/// What a board shows of an agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub version: u64,
    pub seq: u64,
    pub presence: String,
}

/// What a board shows. Clones share it.
#[derive(Clone, Default)]
pub struct Sight(Arc<Mutex<Seen>>);

#[derive(Default)]
struct Seen {
    rows: BTreeMap<String, Row>,
    /// When an agent was last changed, and when anything came that was not stale.
    changed: i64,
    heard: i64,
    hub: usize,
    resumed: u32,
    snapshots: u32,
}

impl Sight {
    pub fn rows(&self) -> BTreeMap<String, Row> {
        self.0.lock().rows.clone()
    }

    /// When something last changed, and when something last came.
    pub fn times(&self) -> (i64, i64) {
        let seen = self.0.lock();
        (seen.changed, seen.heard)
    }

    /// At which hub it is, how often it went on where it was, and how often it began anew.
    pub fn place(&self) -> (usize, u32, u32) {
        let seen = self.0.lock();
        (seen.hub, seen.resumed, seen.snapshots)
    }
}

/// A board.
pub struct Board {
    pub number: usize,
    pub addresses: [String; MACHINES],
    pub record: Record,
    pub sight: Sight,
}

impl Board {
    /// Watches for ever.
    pub async fn watch(self) -> anyhow::Result<()> {
        let token = token(&format!("sue{}", self.number), &["supervisor"])?;
        let mut hub = self.number;
        let mut since = Value::Null;
        loop {
            if let Ok((socket, welcome)) = Socket::open(&self.addresses[hub], &token).await {
                self.sight.0.lock().hub = hub;
                self.follow(hub, socket, &welcome["epoch"], &mut since).await;
            }
            hub = (hub + 1) % MACHINES;
            tokio::time::sleep(PAUSE).await;
        }
    }

    async fn follow(&self, hub: usize, mut socket: Socket, epoch: &Value, since: &mut Value) -> End {
        let mut request = json!({ "type": "watch", "id": "watch", "filter": {} });
        if since.is_object() {
            request["since"] = since.clone();
        }
        if let Err(end) = socket.send(&request).await {
            return end;
        }
        let mut watch = Value::Null;
        loop {
            let frame = match socket.next().await {
                Ok(frame) => frame,
                Err(end) => return end,
            };
            let is_stale = frame["stale"] == true;
            if !is_stale {
                self.sight.0.lock().heard = now();
            }
            match frame["type"].as_str() {
                Some("result") => {
                    watch = frame["result"]["watchId"].clone();
                    let mut seen = self.sight.0.lock();
                    let resumed =
                        frame["result"]["mode"].as_str().is_some_and(|mode| mode.eq_ignore_ascii_case("resumed"));
                    if resumed { seen.resumed += 1 } else { seen.snapshots += 1 }
                }
                Some("error") => {
                    self.record.notes.lock().push(format!("board {}: {frame}", self.number));
                    return End::Lost;
                }
                Some("snapshot") => self.takes(hub, &frame, true),
                Some("changes") => self.takes(hub, &frame, false),
                Some(_) | None => {}
            }
            let holds = frame["type"] != "snapshot" || frame["part"] == frame["parts"];
            if holds && !watch.is_null() && frame["seq"].is_u64() && frame["type"] != "result" {
                *since = json!({ "epoch": epoch, "seq": frame["seq"], "watchId": watch });
            }
        }
    }

    fn takes(&self, hub: usize, frame: &Value, is_snapshot: bool) {
        let mut seen = self.sight.0.lock();
        if is_snapshot && frame["part"] == 1 {
            seen.rows.clear();
        }
        for agent in frame["agents"].as_array().into_iter().flatten() {
            let name = agent["agentId"].as_str().unwrap_or_default().to_owned();
            let presence = agent["presenceId"].as_str().unwrap_or_default().to_owned();
            let row = Row {
                version: agent["version"].as_u64().unwrap_or(0),
                seq: agent["seq"].as_u64().unwrap_or(0),
                presence,
            };
            if row.presence == "offline" {
                let (board, at, frame) = (self.number, now(), agent.to_string());
                self.record.shown.lock().push(Shown { board, hub, at, agent: name.clone(), frame });
            }
            seen.changed = now();
            if let Some(before) = seen.rows.insert(name.clone(), row.clone())
                && before.version > row.version
            {
                let said =
                    format!("board {} at hub {}: {name} went back from {before:?} to {agent}", self.number, hub + 1);
                self.record.broken.lock().push(said);
            }
        }
        for left in frame["left"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            seen.rows.remove(left);
        }
    }
}
