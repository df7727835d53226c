//! A supervisor's board: a replica of what it watches, as a page keeps it.

use std::collections::BTreeMap;

use presence_hub::wire::shapes::{HubFrame, Presence, Summary, WatchedAgent};
use serde_json::{Value, json};

use super::book::Broken;
use super::client::Socket;

/// What a board has been sent.
#[derive(Default)]
pub struct Replica {
    pub watch_id: String,
    pub epoch: String,
    pub seq: u64,
    pub agents: BTreeMap<String, WatchedAgent>,
    pub summary: Option<Summary>,
    /// A snapshot is complete.
    pub whole: bool,
}

/// A board, which may be closed.
pub struct Board {
    pub socket: Option<Socket>,
    pub replica: Option<Replica>,
    /// The catalog that its connection was told.
    pub presences: Option<Vec<Presence>>,
    /// It does not read.
    pub rests: bool,
    /// How often it was opened.
    opened: usize,
}

impl Board {
    pub fn closed() -> Self {
        Self { socket: None, replica: None, presences: None, rests: false, opened: 0 }
    }

    /// What it speaks this time: by turns it takes texts and deflated frames.
    pub fn next_protocol(&mut self) -> &'static str {
        self.opened += 1;
        ["presence.v1.json", "presence.v1.json.deflate"][self.opened % 2]
    }

    /// The frame that asks for the watch, from where it was left if it was.
    pub fn watch(&self, filter: &Value, include: &Value) -> Value {
        let mut frame = json!({ "type": "watch", "id": "watch", "filter": filter, "include": include });
        if let Some(replica) = self.replica.as_ref().filter(|replica| replica.whole) {
            frame["since"] = json!({ "epoch": replica.epoch, "seq": replica.seq, "watchId": replica.watch_id });
        }
        frame
    }

    /// Takes a frame of the feed in.
    pub fn take(&mut self, frame: HubFrame) -> Result<(), Broken> {
        match frame {
            HubFrame::Snapshot { watch_id, epoch, seq, part, parts, agents, presences, summary } => {
                if part == 1 {
                    self.replica = Some(Replica { watch_id, epoch, ..Replica::default() });
                }
                let replica = self.replica.as_mut().ok_or("a snapshot without its first part")?;
                replica.seq = seq;
                replica.agents.extend(agents.into_iter().map(|agent| (agent.agent_id.clone(), agent)));
                replica.summary = summary.or(replica.summary.take());
                replica.whole = part == parts;
                self.presences = presences.or(self.presences.take());
            }
            HubFrame::Changes { seq, agents, left, presences, summary, .. } => {
                let replica = self.replica.as_mut().ok_or("changes before a snapshot")?;
                for agent in agents {
                    let known = replica.agents.insert(agent.agent_id.clone(), agent.clone());
                    if known.is_some_and(|known| known.seq > agent.seq) {
                        return Err(format!("{} went back to position {}", agent.agent_id, agent.seq));
                    }
                }
                for agent in left {
                    replica.agents.remove(&agent);
                }
                replica.seq = seq;
                replica.summary = summary.or(replica.summary.take());
                self.presences = presences.or(self.presences.take());
            }
            HubFrame::Presences { presences } => self.presences = Some(presences),
            HubFrame::Resync { .. } => self.replica = None,
            HubFrame::Heartbeat { seq, stale: _, .. } => {
                if let (Some(seq), Some(replica)) = (seq, &mut self.replica) {
                    replica.seq = replica.seq.max(seq);
                }
            }
            _ => {}
        }
        Ok(())
    }
}
