//! Whatever happens, and however a watcher lags, blocks, leaves and resumes: once all is quiet, what
//! it holds is the filter applied to the state, and its summary is a recount of that.

#![allow(clippy::wildcard_enum_match_arm, reason = "a test names the frames it expects and panics at any other")]

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt;
use proptest::prelude::*;
use serde_json::json;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::Role;

use super::test_world::{agent, loaded, shown};
use super::*;
use crate::domain::ids::WorkstreamId;
use crate::domain::presence::{BaseStatus, BuiltIn};
use crate::domain::record::{PresenceEffect, Workstream, WrapUpBlock};
use crate::domain::time::Timestamp;
use crate::sessions::{Limits, Reading, websocket};
use crate::wire::shapes::{HubFrame, Summary};

const AGENTS: usize = 14;
const BOARDS: usize = 5;
const TEAMS: [&str; 3] = ["red", "blue", "green"];

/// Everything small, so that frames are cut, snapshots have parts and chunks are full.
const SMALL: Settings = Settings {
    gather: Duration::from_millis(1),
    chunk: 2,
    frame_bytes: 700,
    part_bytes: 3000,
    watches_per_connection: 4,
    oldest_resumable: 0,
};

#[derive(Clone, Debug)]
enum Step {
    Shows(usize, BuiltIn),
    JoinsTeam(usize, usize),
    LeavesTeam(usize, usize),
    IsDeleted(usize),
    WorkstreamAllows(Vec<BaseStatus>),
    Reads(usize, usize),
    LosesOrRegainsItsConnection(usize),
    HubPauses,
}

fn step() -> impl Strategy<Value = Step> {
    let agent = 0..AGENTS;
    let kind = proptest::sample::select(BuiltIn::ALL.to_vec());
    let bases = proptest::sample::subsequence(BaseStatus::ALL.to_vec(), 0..=5);
    prop_oneof![
        12 => (agent.clone(), kind).prop_map(|(agent, kind)| Step::Shows(agent, kind)),
        3 => (agent.clone(), 0..TEAMS.len()).prop_map(|(agent, team)| Step::JoinsTeam(agent, team)),
        3 => (agent.clone(), 0..TEAMS.len()).prop_map(|(agent, team)| Step::LeavesTeam(agent, team)),
        1 => agent.prop_map(Step::IsDeleted),
        1 => bases.prop_map(Step::WorkstreamAllows),
        4 => (0..BOARDS, 1..6_usize).prop_map(|(board, frames)| Step::Reads(board, frames)),
        3 => (0..BOARDS).prop_map(Step::LosesOrRegainsItsConnection),
        4 => Just(Step::HubPauses),
    ]
}

/// What each board watches, and the same in plain words.
fn asks(board: usize) -> (serde_json::Value, Scope) {
    let red_and_blue = Scope::Teams(["red".to_owned(), "blue".to_owned()].into());
    match board {
        0 | 1 => (json!({}), Scope::All),
        2 => (json!({"baseStatuses": ["AVAILABLE", "AWAY"]}), red_and_blue),
        3 => (json!({"workstreamId": "chat", "teams": ["red", "green"]}), Scope::All),
        _ => (
            json!({"agentIds": ["agent-1", "agent-2", "agent-3"], "presenceIds": ["busy", "offline", "inactive"]}),
            red_and_blue,
        ),
    }
}

fn should_show(board: usize, agent: &Agent, allowed: &[BaseStatus]) -> bool {
    let of = |teams: &[&str]| teams.iter().any(|team| agent.record.teams.contains(*team));
    let base = agent.shown_base();
    agent.deleted.is_none()
        && match board {
            0 | 1 => true,
            2 => of(&["red", "blue"]) && matches!(base, BaseStatus::Available | BaseStatus::Away),
            3 => of(&["red", "green"]) && allowed.contains(&base),
            _ => {
                of(&["red", "blue"])
                    && ["agent-1", "agent-2", "agent-3"].contains(&agent.record.agent.as_str())
                    && ["busy", "offline", "inactive"].contains(&agent.shown_presence())
            }
        }
}

/// What a board holds, by the contract alone.
#[derive(Default)]
struct Replica {
    held: BTreeMap<String, (u64, String)>,
    summary: Option<Summary>,
    watch_id: String,
    position: Option<Seq>,
    within_snapshot: bool,
}

impl Replica {
    fn takes(&mut self, frame: HubFrame) {
        match frame {
            HubFrame::Result { .. } | HubFrame::Presences { .. } => {}
            HubFrame::Resync { watch_id, .. } => {
                assert_eq!(watch_id, self.watch_id);
                self.position = None;
                self.within_snapshot = false;
            }
            HubFrame::Snapshot { watch_id, seq, part, parts, agents, summary, presences, .. } => {
                self.watch_id = watch_id;
                assert_eq!(part == 1, !self.within_snapshot);
                assert_eq!((part == 1, part == 1), (summary.is_some(), presences.is_some()));
                if part == 1 {
                    self.held.clear();
                    self.summary = summary;
                }
                self.within_snapshot = part < parts;
                self.position = (part == parts).then_some(seq);
                self.replace(agents);
            }
            HubFrame::Changes { seq, agents, left, summary, .. } => {
                assert!(self.position.is_some_and(|position| position <= seq));
                self.position = Some(seq);
                self.summary = summary.or(self.summary.take());
                for id in left {
                    self.held.remove(&id);
                }
                self.replace(agents);
            }
            other => panic!("{other:?}"),
        }
    }

    fn replace(&mut self, agents: Vec<crate::wire::shapes::WatchedAgent>) {
        for agent in agents {
            let before = self.held.insert(agent.agent_id, (agent.version, agent.presence_id));
            assert!(before.is_none_or(|(version, _)| version <= agent.version), "versions never go back");
        }
    }
}

struct Board {
    number: usize,
    session: SessionId,
    client: WebSocketStream<TcpStream>,
    outlet: Outlet,
    /// Ends the watches when the connection is lost.
    _watches: Watches,
    replica: Replica,
}

/// A board, or what is left of it while it has no connection.
enum Place {
    Connected(Box<Board>),
    Away(Replica),
}

impl Board {
    async fn connect(feed: &Feed, number: usize, session: u64, mut replica: Replica) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(2048).unwrap();
        let client = socket.connect(listener.local_addr().unwrap()).await.unwrap();
        let (stream, _) = listener.accept().await.unwrap();
        socket2::SockRef::from(&stream).set_send_buffer_size(2048).unwrap();
        let (outlet, socket) = Outlet::split(stream, Limits::default());
        let mut hub = websocket(socket, Vec::new(), Reading::Requests, 4096).await;
        tokio::spawn(async move { while let Some(Ok(_)) = hub.next().await {} });
        let client = WebSocketStream::from_raw_socket(client, Role::Client, None).await;
        let session = SessionId { node: 0, boot: 1, number: session };
        let watches = feed.watches_of(session, outlet.clone());
        let (filter, scope) = asks(number);
        let since = replica.position.filter(|_| !replica.within_snapshot).map(|seq| Since {
            epoch: "e".to_owned(),
            seq,
            watch_id: Some(replica.watch_id.clone()),
        });
        let request =
            WatchRequest { filter: serde_json::from_value(filter).unwrap(), scope, include: Vec::new(), since };
        let result = watches.watch(request, &json!(1)).unwrap();
        replica.within_snapshot = false;
        replica.watch_id = result.watch_id;
        Self { number, session, client, outlet, _watches: watches, replica }
    }

    /// Reads a frame, if one comes soon. Returns whether it was the marker.
    async fn reads(&mut self) -> bool {
        let Ok(message) = tokio::time::timeout(Duration::from_millis(5), self.client.next()).await else {
            return false;
        };
        match message.unwrap().unwrap() {
            Message::Text(text) if text.as_str() == "quiet" => true,
            Message::Text(text) => {
                self.replica.takes(serde_json::from_str(&text).unwrap());
                false
            }
            other => panic!("{other:?}"),
        }
    }

    fn loses_its_connection(self) -> Replica {
        self.outlet.abort();
        self.replica
    }

    async fn reads_until_quiet(&mut self, feed: &Feed) {
        let mut marked = false;
        for _ in 0..2000 {
            if !marked && feed.position(self.session) == Some(feed.head()) {
                marked = true;
                self.outlet.send(crate::sessions::frame::text(b"quiet"));
            }
            if self.reads().await {
                return;
            }
        }
        panic!("never quiet: {:?} of {}", feed.position(self.session), feed.head());
    }
}

/// The hub's state, as the applier would know it.
struct Hub {
    feed: Feed,
    agents: Vec<Agent>,
    allowed: Vec<BaseStatus>,
    seq: Seq,
    session: u64,
}

impl Hub {
    fn publishes(&mut self, index: usize, change: impl FnOnce(&mut Agent)) {
        // Gaps are part of the log.
        self.seq += 1 + self.seq % 2;
        let agent = &mut self.agents[index];
        change(agent);
        agent.version += 1;
        self.feed.publish(self.seq, Arc::new(agent.clone()));
    }

    async fn connects(&mut self, place: Place, number: usize) -> Place {
        self.session += 1;
        match place {
            Place::Away(replica) => {
                Place::Connected(Box::new(Board::connect(&self.feed, number, self.session, replica).await))
            }
            Place::Connected(_) => place,
        }
    }

    fn workstream_allows(&mut self, allowed: Vec<BaseStatus>) {
        self.seq += 1;
        self.allowed = allowed;
        let workstream = chat(&self.allowed);
        self.feed.directory_changed(self.seq, directory(&self.allowed), &DirectoryChange::Workstream(workstream));
    }
}

fn chat(allowed: &[BaseStatus]) -> Workstream {
    Workstream {
        id: WorkstreamId::new("chat").unwrap(),
        name: "Chat".to_owned(),
        allowed: allowed.iter().copied().collect(),
        units: None,
        profiles: Vec::new(),
        wrap_up: WrapUpBlock::Always,
        presence_effect: PresenceEffect::Moves,
    }
}

fn directory(allowed: &[BaseStatus]) -> Arc<Directory> {
    let mut directory = Directory::default();
    directory.workstreams.insert(WorkstreamId::new("chat").unwrap(), chat(allowed));
    Arc::new(directory)
}

async fn holds(steps: Vec<Step>) {
    let agents: Vec<Agent> = (0..AGENTS).map(|number| agent(&format!("agent-{number}"))).collect();
    let allowed = vec![BaseStatus::Available];
    let feed = Feed::new(SMALL, &loaded(&agents), directory(&allowed));
    let walker = tokio::spawn(feed.clone().run());
    let mut hub = Hub { feed: feed.clone(), agents, allowed, seq: AGENTS as u64, session: 0 };
    let mut boards = Vec::new();
    for number in 0..BOARDS {
        boards.push(hub.connects(Place::Away(Replica::default()), number).await);
    }
    for step in steps {
        match step {
            Step::Shows(agent, kind) => hub.publishes(agent, |agent| *agent = shown(agent.clone(), kind)),
            Step::JoinsTeam(agent, team) => hub.publishes(agent, |agent| {
                agent.record.teams.insert(TEAMS[team].to_owned());
            }),
            Step::LeavesTeam(agent, team) => hub.publishes(agent, |agent| {
                if agent.record.teams.remove(TEAMS[team]) {
                    agent.former_teams.push((TEAMS[team].to_owned(), Timestamp(0)));
                }
            }),
            Step::IsDeleted(agent) => hub.publishes(agent, |agent| agent.deleted = Some(Timestamp(0))),
            Step::WorkstreamAllows(allowed) => hub.workstream_allows(allowed),
            Step::Reads(board, frames) => {
                if let Place::Connected(board) = &mut boards[board] {
                    for _ in 0..frames {
                        assert!(!board.reads().await);
                    }
                }
            }
            Step::LosesOrRegainsItsConnection(number) => {
                let place = std::mem::replace(&mut boards[number], Place::Away(Replica::default()));
                boards[number] = match place {
                    Place::Connected(board) => Place::Away(board.loses_its_connection()),
                    Place::Away(_) => hub.connects(place, number).await,
                };
            }
            Step::HubPauses => tokio::time::sleep(Duration::from_millis(2)).await,
        }
    }
    for (number, place) in boards.into_iter().enumerate() {
        let Place::Connected(mut board) = hub.connects(place, number).await else { panic!("all are back") };
        board.reads_until_quiet(&feed).await;
        let shown: Vec<&Agent> =
            hub.agents.iter().filter(|agent| should_show(board.number, agent, &hub.allowed)).collect();
        let expected: BTreeMap<_, _> = shown
            .iter()
            .map(|agent| (agent.record.agent.to_string(), (agent.version, agent.shown_presence().to_owned())))
            .collect();
        assert_eq!(board.replica.held, expected, "board {}", board.number);
        let mut recount = BTreeMap::new();
        for agent in &shown {
            *recount.entry(agent.shown_presence().to_owned()).or_insert(0_u32) += 1;
        }
        let summary = board.replica.summary.clone().unwrap();
        feed.state().assert_consistent();
        assert_eq!((summary.total as usize, summary.by_presence), (shown.len(), recount), "board {}", board.number);
    }
    walker.abort();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_replica_is_the_filter_applied_to_the_state(steps in proptest::collection::vec(step(), 1..120)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(holds(steps));
    }
}
