//! Ordinary agents and boards, and what they do.

use std::collections::HashMap;
use std::pin::pin;

use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::sync::{mpsc, oneshot};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{WebSocketStream, client_async};

use crate::harness::{Hub, within};

const AGENTS: usize = 200;
const BOARDS: usize = 20;
/// Agents who choose in a round: each in every tenth, so that nobody comes near to what a socket may ask.
const GROUP: usize = 20;
/// In one of so many rounds somebody comes who was never there, and goes.
const VISITED: usize = 20;
const CHOSEN: [&str; 2] = ["away", "available"];

/// An agent's name and the presence that it has chosen.
type Chosen = (String, &'static str);

/// Ordinary agents and boards.
pub struct House<'a> {
    hub: &'a Hub,
    agents: Vec<mpsc::Sender<(&'static str, oneshot::Sender<()>)>>,
    boards: Vec<mpsc::Sender<(Vec<Chosen>, oneshot::Sender<()>)>>,
    round: usize,
}

/// A socket of this hub whose first frame was a welcome.
pub async fn socket(hub: &Hub, token: &str, stream: TcpStream) -> WebSocketStream<TcpStream> {
    welcomed(hub, token, stream).await.0
}

/// The same, with the welcome.
pub async fn welcomed(hub: &Hub, token: &str, stream: TcpStream) -> (WebSocketStream<TcpStream>, Value) {
    let mut request = format!("ws://{}/ws", hub.address()).into_client_request().unwrap();
    request.headers_mut().insert("authorization", format!("Bearer {token}").parse().unwrap());
    let (mut socket, _) = within(client_async(request, stream)).await.unwrap();
    let first = within(socket.next()).await.unwrap().unwrap();
    let welcome: Value = serde_json::from_str(first.to_text().unwrap()).unwrap();
    assert_eq!(welcome["type"], "welcome", "{welcome}");
    (socket, welcome)
}

/// A token that lasts.
pub fn token(hub: &Hub, subject: &str, role: &str) -> String {
    hub.token_saying(&json!({ "sub": subject, "roles": [role], "exp": 4_000_000_000_u64 }))
}

impl<'a> House<'a> {
    /// All are there.
    pub async fn open(hub: &'a Hub) -> Self {
        let (mut agents, mut boards) = (Vec::new(), Vec::new());
        for number in 0..BOARDS {
            let board = connect(hub, &format!("s{number}"), "supervisor").await;
            let (ask, asked) = mpsc::channel(1);
            tokio::spawn(watches(board, asked));
            boards.push(ask);
        }
        for number in 0..AGENTS {
            let agent = connect(hub, &name(number), "agent").await;
            let (ask, asked) = mpsc::channel(1);
            tokio::spawn(works(agent, asked));
            agents.push(ask);
        }
        Self { hub, agents, boards, round: 0 }
    }

    /// So many rounds: some agents choose, each is answered, and each board sees each of them.
    pub async fn rounds(&mut self, many: usize) {
        for _ in 0..many {
            self.one_round().await;
        }
    }

    /// Rounds for as long as something else takes, and how many.
    pub async fn rounds_during(&mut self, other: impl Future<Output = ()>) -> usize {
        let (mut other, before) = (pin!(other), self.round);
        let mut is_over = false;
        while !is_over {
            let mut round = pin!(self.one_round());
            tokio::select! {
                () = &mut other, if !is_over => {
                    is_over = true;
                    round.await;
                }
                () = &mut round => {}
            }
        }
        self.round - before
    }

    async fn one_round(&mut self) {
        let first = self.round * GROUP % AGENTS;
        let presence = CHOSEN[self.round * GROUP / AGENTS % CHOSEN.len()];
        self.round += 1;
        let group = first..first + GROUP;
        let mut answers = Vec::new();
        for agent in &self.agents[group.clone()] {
            let (answer, answered) = oneshot::channel();
            agent.send((presence, answer)).await.expect("an agent is there");
            answers.push(answered);
        }
        let chosen: Vec<Chosen> = group.map(|number| (name(number), presence)).collect();
        for board in &self.boards {
            let (see, seen) = oneshot::channel();
            board.send((chosen.clone(), see)).await.expect("a board is there");
            answers.push(seen);
        }
        if self.round.is_multiple_of(VISITED) {
            drop(connect(self.hub, &format!("v{}", self.round), "supervisor").await);
        }
        for answer in answers {
            within(answer).await.expect("nobody is refused or dropped");
        }
    }

    /// Everybody is still there.
    pub async fn is_well(&mut self) {
        self.rounds(AGENTS / GROUP).await;
        assert!(
            self.agents.iter().all(|agent| !agent.is_closed()) && self.boards.iter().all(|board| !board.is_closed())
        );
    }
}

fn name(number: usize) -> String {
    format!("a{number}")
}

async fn connect(hub: &Hub, subject: &str, role: &str) -> WebSocketStream<TcpStream> {
    socket(hub, &token(hub, subject, role), TcpStream::connect(hub.address()).await.unwrap()).await
}

/// The next frame of one who must not be closed.
async fn heard(socket: &mut WebSocketStream<TcpStream>) -> Value {
    loop {
        match socket.next().await.expect("the socket goes on").expect("the socket goes on") {
            Message::Text(text) => {
                let frame: Value = serde_json::from_str(&text).unwrap();
                assert_ne!(frame["type"], "error", "{frame}");
                return frame;
            }
            Message::Ping(_) | Message::Pong(_) | Message::Binary(_) | Message::Frame(_) => {}
            Message::Close(frame) => panic!("closed: {frame:?}"),
        }
    }
}

/// An agent who chooses what is asked, and hears what comes meanwhile.
async fn works(mut socket: WebSocketStream<TcpStream>, mut asked: mpsc::Receiver<(&'static str, oneshot::Sender<()>)>) {
    let mut next_id = 0;
    let mut waiting = HashMap::new();
    loop {
        tokio::select! {
            ask = asked.recv() => {
                let Some((presence, answer)) = ask else { return };
                next_id += 1;
                waiting.insert(next_id, answer);
                let frame = json!({ "type": "setPresence", "id": next_id, "presenceId": presence });
                socket.send(Message::text(frame.to_string())).await.unwrap();
            }
            frame = heard(&mut socket) => {
                if let Some(answer) = frame["id"].as_u64().and_then(|id| waiting.remove(&id)) {
                    // Whoever asked may have failed.
                    let _ = answer.send(());
                }
            }
        }
    }
}

/// A board over everyone, which says when it shows what it is asked for.
async fn watches(
    mut socket: WebSocketStream<TcpStream>,
    mut asked: mpsc::Receiver<(Vec<Chosen>, oneshot::Sender<()>)>,
) {
    let watch = json!({ "type": "watch", "id": 1, "filter": {} });
    socket.send(Message::text(watch.to_string())).await.unwrap();
    let mut shown: HashMap<String, String> = HashMap::new();
    let mut wanted: Option<(Vec<Chosen>, oneshot::Sender<()>)> = None;
    loop {
        let shows =
            |chosen: &[Chosen]| chosen.iter().all(|(name, presence)| shown.get(name).is_some_and(|is| is == presence));
        if let Some((_, seen)) = wanted.take_if(|(chosen, _)| shows(chosen)) {
            let _ = seen.send(());
        }
        tokio::select! {
            ask = asked.recv(), if wanted.is_none() => {
                let Some(ask) = ask else { return };
                wanted = Some(ask);
            }
            frame = heard(&mut socket) => {
                for agent in frame["agents"].as_array().into_iter().flatten() {
                    let (name, presence) = (agent["agentId"].as_str().unwrap(), agent["presenceId"].as_str().unwrap());
                    shown.insert(name.to_owned(), presence.to_owned());
                }
            }
        }
    }
}
