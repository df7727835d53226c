//! Agents, logs and boards for tests of the feed.

use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt;
use serde_json::json;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::Role;

use super::{Feed, Form, Scope, Settings, WatchRequest, Watches};
use crate::domain::agent::{Agent, Connection};
use crate::domain::ids::{AgentId, ProfileId, SessionId};
use crate::domain::presence::BuiltIn;
use crate::domain::record::{AgentProfile, AgentRecord};
use crate::domain::standing::Standing;
use crate::domain::time::Timestamp;
use crate::engine::{Loaded, LoadedAgent};
use crate::inflaters::Inflaters;
use crate::sessions::stream::memory;
use crate::sessions::{Limits, Outlet, Reading, Stream, websocket};
use crate::wire::shapes::{HubFrame, Include, Since, WatchResult};

impl Default for Settings {
    fn default() -> Self {
        Self::gathering(Duration::from_millis(13))
    }
}

/// An agent that is not signed in.
pub(super) fn agent(id: &str) -> Agent {
    let mut agent = Agent::unborn(AgentRecord::new(AgentId::new(id).unwrap(), id), Timestamp(0));
    agent.version = 1;
    agent
}

/// The agent, signed in and away.
pub(super) fn away(agent: Agent) -> Agent {
    shown(agent, BuiltIn::Away)
}

/// The agent, signed in and shown as this.
pub(super) fn shown(mut agent: Agent, kind: BuiltIn) -> Agent {
    agent.connection = Connection::Connected { sessions: vec![SessionId { node: 0, boot: 1, number: 9 }] };
    agent.standing = Standing::automatic(kind);
    agent
}

/// The agent, in one team more.
pub(super) fn in_team(mut agent: Agent, team: &str) -> Agent {
    Arc::make_mut(&mut agent.record).teams.insert(team.to_owned());
    agent
}

/// The agent, with one profile more.
pub(super) fn with_profile(mut agent: Agent, profile: &str) -> Agent {
    let profile = AgentProfile { profile: ProfileId::new(profile).unwrap(), max: None };
    Arc::make_mut(&mut agent.record).profiles.push(profile);
    agent
}

/// A log of these agents at positions 1, 2, and so on.
pub(super) fn loaded(agents: &[Agent]) -> Loaded {
    let at =
        |(seq, agent): (u64, &Agent)| LoadedAgent { seq, directory_seq: 0, agent: std::sync::Arc::new(agent.clone()) };
    Loaded {
        epoch: "e".to_owned(),
        boot: 1,
        seq: agents.len() as u64,
        agents: (1..).zip(agents).map(at).collect(),
        ..Loaded::default()
    }
}

/// A session of this number.
pub(super) fn session(number: u64) -> SessionId {
    SessionId { node: 0, boot: 1, number }
}

/// The state of the log that a client holds.
pub(super) fn since(seq: u64) -> Option<Since> {
    Some(Since { epoch: "e".to_owned(), seq, watch_id: None })
}

/// A board over a connection in memory, which takes so many bytes before it blocks.
pub(super) struct MemoryBoard {
    pub(super) inflaters: Inflaters,
    client: WebSocketStream<memory::End>,
    pub(super) outlet: Outlet,
    pub(super) watches: Watches,
}

impl MemoryBoard {
    pub(super) async fn of(feed: &Feed, number: u64, takes: usize) -> Self {
        Self::with(feed, number, takes, Form::Text).await
    }

    /// One that takes frames in this form.
    pub(super) async fn with(feed: &Feed, number: u64, takes: usize, form: Form) -> Self {
        let (hub, client) = memory::connection(takes);
        let (outlet, socket) = Outlet::split(Stream::Memory(hub), Limits::default(), &Arc::default());
        let mut hub = websocket(socket, Vec::new(), Reading::Requests, 4096);
        tokio::spawn(async move { while let Some(Ok(_)) = hub.next().await {} });
        let client = WebSocketStream::from_raw_socket(client, Role::Client, None).await;
        let watches = feed.watches_of(session(number), &format!("s{number}"), outlet.clone(), form);
        Self { inflaters: Inflaters::default(), client, watches, outlet }
    }

    /// Asks for a watch.
    pub(super) fn asks(&self, filter: serde_json::Value, include: Vec<Include>, since: Option<Since>) {
        let filter = serde_json::from_value(filter).unwrap();
        self.watches.watch(WatchRequest { filter, scope: Scope::All, include, since }, &json!(1)).unwrap();
    }

    /// The next message.
    pub(super) async fn message(&mut self) -> Message {
        self.client.next().await.unwrap().unwrap()
    }

    /// The next text, in whatever form it comes.
    pub(super) async fn text(&mut self) -> String {
        match self.message().await {
            Message::Text(text) => text.to_string(),
            Message::Binary(deflated) => self.inflaters.json(&deflated),
            other => panic!("{other:?}"),
        }
    }

    /// The next frame.
    pub(super) async fn next(&mut self) -> HubFrame {
        serde_json::from_str(&self.text().await).unwrap()
    }

    /// All frames up to the first that `wanted` wants.
    pub(super) async fn until(&mut self, wanted: impl Fn(&HubFrame) -> bool) -> Vec<HubFrame> {
        let mut frames = Vec::new();
        loop {
            let frame = self.next().await;
            let last = wanted(&frame);
            frames.push(frame);
            if last {
                return frames;
            }
        }
    }

    /// Reads the answer and the whole snapshot.
    pub(super) async fn begins(&mut self) -> (WatchResult, Vec<HubFrame>) {
        let mut frames =
            self.until(|frame| matches!(frame, HubFrame::Snapshot { part, parts, .. } if part == parts)).await;
        let HubFrame::Result { result, .. } = frames.remove(0) else { panic!("the result comes first") };
        (serde_json::from_value(result).unwrap(), frames)
    }
}
