//! A supervisor's board.

use std::time::Instant;

use serde_json::{Value, json};

use super::{Hub, LONGEST, Socket};

/// A supervisor's board: what a watch has shown so far.
pub struct Board {
    socket: Socket,
    agents: std::collections::BTreeMap<String, Value>,
    /// The watch.
    pub watch_id: String,
    /// The position held.
    pub seq: u64,
    /// The newest counts.
    pub summary: Value,
}

impl Board {
    /// A board over this filter, its snapshot complete.
    pub async fn open(hub: &Hub, filter: Value) -> Self {
        Self::watch(hub.supervisor().await, json!({ "type": "watch", "filter": filter })).await
    }

    /// A board from this `watch` request on, with its snapshot or its first changes.
    pub async fn watch(mut socket: Socket, request: Value) -> Self {
        let result = socket.does(request).await;
        let watch_id = result["watchId"].as_str().unwrap().to_owned();
        let mut board = Self { socket, agents: Default::default(), watch_id, seq: 0, summary: Value::Null };
        loop {
            let frame = board.read().await;
            if frame["type"] == "changes" || frame["part"] == frame["parts"] {
                return board;
            }
        }
    }

    /// Reads the next frame of the watch and takes it in.
    async fn read(&mut self) -> Value {
        let watch_id = self.watch_id.clone();
        let frame = self.socket.find(|frame| frame["watchId"] == watch_id.as_str()).await;
        for agent in frame["agents"].as_array().into_iter().flatten() {
            self.agents.insert(agent["agentId"].as_str().unwrap().to_owned(), agent.clone());
        }
        for left in frame["left"].as_array().into_iter().flatten() {
            self.agents.remove(left.as_str().unwrap());
        }
        self.seq = frame["seq"].as_u64().unwrap_or(self.seq);
        if !frame["summary"].is_null() {
            self.summary = frame["summary"].clone();
        }
        frame
    }

    /// What the board shows of an agent, null if nothing.
    pub fn shows(&self, agent: &str) -> Value {
        self.agents.get(agent).cloned().unwrap_or_default()
    }

    /// How many agents the board shows.
    pub fn len(&self) -> usize {
        self.agents.len()
    }

    /// Waits until the board shows the agent so.
    pub async fn sees(&mut self, agent: &str, so: impl Fn(&Value) -> bool) -> Value {
        self.sees_called("so", agent, so).await
    }

    /// Waits until the board shows this presence.
    pub async fn sees_presence(&mut self, agent: &str, presence: &str) -> Value {
        self.sees_called(presence, agent, |shown| shown["presenceId"] == presence).await
    }

    async fn sees_called(&mut self, what: &str, agent: &str, so: impl Fn(&Value) -> bool) -> Value {
        let until = Instant::now() + LONGEST;
        while !so(&self.shows(agent)) {
            let shown = self.shows(agent);
            assert!(Instant::now() < until, "the board does not show `{agent}` {what}, but {shown}");
            self.read().await;
        }
        self.shows(agent)
    }

    /// The socket behind the board.
    pub fn socket(&mut self) -> &mut Socket {
        &mut self.socket
    }
}
