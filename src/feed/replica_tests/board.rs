//! A board that keeps a replica of what it watches, by the contract alone.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::json;

use super::{asks, form, takes};
use crate::domain::ids::SessionId;
use crate::engine::Seq;
use crate::feed::test_world::{MemoryBoard, session};
use crate::feed::{Feed, Since, WatchRequest};
use crate::wire::shapes::{self, HubFrame, Summary, WatchResult, WatchedAgent};

/// What a board holds, by the contract alone.
#[derive(Default)]
pub struct Replica {
    pub held: BTreeMap<String, WatchedAgent>,
    catalog: Vec<shapes::Presence>,
    pub summary: Option<Summary>,
    watch_id: Option<String>,
    position: Option<Seq>,
    within_snapshot: bool,
}

impl Replica {
    fn takes(&mut self, frame: HubFrame) {
        match frame {
            HubFrame::Result { result, .. } => {
                let result: WatchResult = serde_json::from_value(result).unwrap();
                self.watch_id = Some(result.watch_id);
            }
            HubFrame::Presences { presences } => self.catalog = presences,
            HubFrame::Resync { watch_id, .. } => {
                assert_eq!(Some(watch_id), self.watch_id);
                self.position = None;
                self.within_snapshot = false;
            }
            HubFrame::Snapshot { watch_id, seq, part, parts, agents, summary, presences, .. } => {
                assert_eq!(Some(watch_id), self.watch_id);
                assert_eq!(part == 1, !self.within_snapshot);
                assert_eq!((part == 1, part == 1), (summary.is_some(), presences.is_some()));
                if part == 1 {
                    self.held.clear();
                    self.summary = summary;
                }
                self.catalog = presences.unwrap_or(std::mem::take(&mut self.catalog));
                self.within_snapshot = part < parts;
                self.position = (part == parts).then_some(seq);
                self.replace(agents);
            }
            HubFrame::Changes { seq, agents, left, summary, presences, .. } => {
                // What was held once is never held less.
                self.position = Some(seq.max(self.position.expect("changes follow a state that is held")));
                self.summary = summary.or(self.summary.take());
                self.catalog = presences.unwrap_or(std::mem::take(&mut self.catalog));
                for id in left {
                    self.held.remove(&id);
                }
                self.replace(agents);
            }
            other => panic!("{other:?}"),
        }
    }

    fn replace(&mut self, agents: Vec<WatchedAgent>) {
        for agent in agents {
            let known = self.catalog.iter().any(|presence| presence.presence_id == agent.presence_id);
            assert!(known, "{} is not in the catalog", agent.presence_id);
            let version = agent.version;
            let before = self.held.insert(agent.agent_id.clone(), agent);
            assert!(before.is_none_or(|before| before.version <= version), "versions never go back");
        }
    }
}

pub struct Board {
    pub number: usize,
    session: SessionId,
    client: MemoryBoard,
    pub replica: Replica,
}

/// A board, or what is left of it while it has no connection.
pub enum Place {
    Connected(Box<Board>),
    Away(Replica),
}

impl Board {
    pub async fn connect(feed: &Feed, number: usize, session_number: u64, mut replica: Replica) -> Self {
        let client = MemoryBoard::with(feed, session_number, takes(number), form(number)).await;
        let (filter, scope, include) = asks(number);
        let held = replica.position.filter(|_| !replica.within_snapshot).zip(replica.watch_id.clone());
        let since = held.map(|(seq, watch_id)| Since { epoch: "e".to_owned(), seq, watch_id: Some(watch_id) });
        let filter = serde_json::from_value(filter).unwrap();
        client.watches.watch(WatchRequest { filter, scope, include, since }, &json!(1)).unwrap();
        replica.within_snapshot = false;
        Self { number, session: session(session_number), client, replica }
    }

    /// Reads a frame, if one comes soon. Returns whether it was the marker.
    pub async fn reads(&mut self) -> bool {
        let Ok(text) = tokio::time::timeout(Duration::from_millis(5), self.client.text()).await else { return false };
        if text == "quiet" {
            return true;
        }
        self.replica.takes(serde_json::from_str(&text).unwrap());
        false
    }

    pub fn loses_its_connection(self) -> Replica {
        self.client.outlet.abort();
        self.replica
    }

    pub async fn reads_until_quiet(&mut self, feed: &Feed, catalog: &[shapes::Presence]) {
        let mut marked = false;
        for _ in 0..2000 {
            if !marked && feed.position(self.session) == Some(feed.head()) && self.replica.catalog == catalog {
                marked = true;
                self.client.outlet.send(crate::sessions::frame::text(b"quiet"));
            }
            if self.reads().await {
                return;
            }
        }
        panic!("never quiet: {:?} of {}", feed.position(self.session), feed.head());
    }
}
