//! Those who use the hub: what they do, and what they expect of its answers.

use presence_hub::engine::Seq;
use presence_hub::identity::Role;
use serde_json::{Value, json};

use super::bulk::Bulk;
use super::client::{Request, Socket};
use super::step::{BOARDS, Chosen, Step};
use super::work;
use super::world::{World, end};
use super::writes::Ticket;

/// A tab of an agent's browser.
pub struct Tab {
    pub agent: u8,
    pub socket: Socket,
    pub welcomed: bool,
    /// The number of its token among those of the agent.
    pub token: u32,
    /// The token was revoked before it opened, and the administrator knew.
    pub is_revoked: bool,
    /// It says nothing more, and the hub does not know yet.
    pub silent: bool,
}

/// A work system, which may be away.
pub struct System {
    pub socket: Option<Socket>,
    /// The position of its first welcome; from there on it is told of offers that end.
    pub known_since: Option<u64>,
    /// Agents and items whose offers it was told have ended, with how often.
    pub told: Vec<(String, String)>,
    pub newest: Option<Value>,
}

impl System {
    pub fn away() -> Self {
        Self { socket: None, known_since: None, told: Vec::new(), newest: None }
    }
}

/// A request that was not answered yet.
pub struct Outstanding {
    /// The id of its frame, or its connection.
    pub by: By,
    pub asked: Asked,
}

pub enum By {
    /// The number of a frame over a socket of this person.
    Frame(u64, Person),
    Http(Request),
}

/// Who holds a socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Person {
    Tab(u8),
    System(u8),
}

/// What was asked, and so what an answer must be.
pub enum Asked {
    /// Something of an agent's presence.
    Presence,
    /// Events of a work system.
    Events,
    /// Writes of an administrator; whether they create an agent.
    Writes {
        ticket: Ticket,
        agent: Option<String>,
    },
    /// A bulk of an administrator's patches.
    Bulk(Bulk),
    /// That an agent's token of this number is believed no more.
    Revocation(u8, u32),
    /// Who may get work: these, in this order.
    /// As of this position of the log.
    Eligible(Seq, Vec<String>),
    Nothing,
}

/// The `jti` of an agent's token.
pub fn token_id(agent: impl Into<u16>, token: u32) -> String {
    format!("{}-{token}", agent_name(agent))
}

pub fn agent_name(agent: impl Into<u16>) -> String {
    let agent = agent.into();
    format!("agent-{agent}")
}

impl Chosen {
    pub fn id(self) -> String {
        match self {
            Self::Available => "available".to_owned(),
            Self::Busy => "busy".to_owned(),
            Self::DoNotDisturb => "do-not-disturb".to_owned(),
            Self::Away => "away".to_owned(),
            Self::Offline => "offline".to_owned(),
            Self::Custom(number) => format!("custom-{number}"),
        }
    }
}

impl World {
    /// Opens a tab with the agent's token of this number.
    pub fn opens(&mut self, agent: u8, token: u32, query: &str) {
        let signed = self.token_of_agent(agent, token);
        let socket = Socket::open(self.connects(), &signed, query);
        let is_revoked = self.revoked.contains(&(agent, token));
        self.tabs.push(Tab { agent, socket, welcomed: false, token, is_revoked, silent: false });
    }

    /// The number of the token that the agent has now.
    fn newest_token(&self, agent: u8) -> u32 {
        self.tokens_revoked[usize::from(agent)]
    }

    fn revokes(&mut self, agent: u8) {
        let token = self.newest_token(agent);
        self.tokens_revoked[usize::from(agent)] += 1;
        let order = json!({ "tokenId": token_id(agent, token) });
        self.requests(&[Role::Admin], "POST", "/api/v1/revocations", Some(order), Asked::Revocation(agent, token));
    }

    /// Plays a step that a person, a board, a work system or an administrator takes.
    pub fn someone_acts(&mut self, step: &Step) {
        match step {
            Step::Opens(agent) => self.opens(*agent, self.newest_token(*agent), ""),
            Step::OpensByHand(agent) => {
                self.book.is_asked_by_hand(&agent_name(*agent));
                self.opens(*agent, self.newest_token(*agent), "?signIn=byHand");
            }
            Step::OpensWithFirstToken(agent) => self.opens(*agent, 0, ""),
            Step::Revokes(agent) => self.revokes(*agent),
            Step::Ends(agent, how) => {
                if let Some(place) = self.tabs.iter().position(|tab| tab.agent == *agent && !tab.silent) {
                    end(&mut self.tabs[place], *how);
                    self.forget_requests_of(Person::Tab(*agent));
                    self.tabs.retain(|tab| tab.silent || !tab.socket.is_gone());
                }
            }
            Step::Chooses { agent, presence, lasts, next } => {
                let mut frame = json!({ "type": "setPresence", "presenceId": presence.id() });
                if let Some(seconds) = lasts {
                    let until = self.life().clock.now().0 + i64::from(*seconds) * 1_000;
                    frame["until"] =
                        json!(presence_hub::wire::show::time(presence_hub::domain::time::Timestamp(until)));
                    frame["nextPresenceId"] = json!(next.map(Chosen::id));
                }
                self.tab_says(*agent, frame);
            }
            Step::Resets(agent) => self.tab_says(*agent, json!({ "type": "resetPresence" })),
            Step::SignsOut(agent) => self.tab_says(*agent, json!({ "type": "signOut" })),
            Step::Sets { agent, presence } => {
                let path = format!("/api/v1/agents/{}/presence", agent_name(*agent));
                self.requests(
                    &[Role::Supervisor],
                    "PUT",
                    &path,
                    Some(json!({ "presenceId": presence.id() })),
                    Asked::Presence,
                );
            }
            Step::SignedOut(agent) => {
                self.watches(0);
                if let Some(socket) = &mut self.boards[0].socket {
                    socket.say(&json!({ "type": "signOutAgent", "id": "x", "agentIds": [agent_name(*agent)] }));
                }
            }
            Step::Watches(board) => self.watches(*board),
            Step::Leaves(board) => {
                if let Some(mut socket) = self.boards[usize::from(*board)].socket.take() {
                    socket.close();
                }
            }
            Step::Rests(board) => self.boards[usize::from(*board)].rests = true,
            Step::Wakes(board) => self.boards[usize::from(*board)].rests = false,
            Step::SystemComes(system) => {
                if self.systems[usize::from(*system)].socket.is_none() {
                    let token = self.token(&format!("system-{system}"), &[Role::Integration], None);
                    let socket = Socket::open(self.connects(), &token, "");
                    self.systems[usize::from(*system)].socket = Some(socket);
                }
            }
            Step::SystemGoes(system) => {
                if let Some(mut socket) = self.systems[usize::from(*system)].socket.take() {
                    socket.close();
                    self.forget_requests_of(Person::System(*system));
                }
            }
            Step::Work { system, agent, item, what, over } => {
                self.asked += 1;
                let event = work::event(self.asked, *agent, *item, *what);
                self.systems[usize::from(*system)].newest = Some(event.clone());
                self.sends(*system, event, *over);
            }
            Step::Again { system, over } => {
                if let Some(event) = self.systems[usize::from(*system)].newest.clone() {
                    self.sends(*system, event, *over);
                }
            }
            Step::Reconciles { agent, items } => {
                let items: Vec<Value> = items
                    .iter()
                    .map(|(item, active)| {
                        let state = if *active { "ACTIVE" } else { "WRAP_UP" };
                        json!({ "workItemId": format!("item-{item}"), "state": state })
                    })
                    .collect();
                let path = format!("/api/v1/agents/{}/work-items", agent_name(*agent));
                self.requests(&[Role::Integration], "PUT", &path, Some(json!({ "items": items })), Asked::Nothing);
            }
            step => self.administrator_acts(step),
        }
    }

    pub fn requests(&mut self, roles: &[Role], method: &str, path: &str, body: Option<Value>, asked: Asked) {
        let body = body.as_ref().map(Value::to_string).unwrap_or_default();
        self.requests_with(roles, method, path, "Content-Type: application/json\r\n", &body, asked);
    }

    /// The same with these headers.
    pub fn requests_with(&mut self, roles: &[Role], method: &str, path: &str, headers: &str, body: &str, asked: Asked) {
        let subject = format!("{}-by-http", roles[0].as_str());
        let token = self.token(&subject, roles, None);
        let request = Request::send(self.connects(), &token, method, path, headers, body);
        self.remember(Outstanding { by: By::Http(request), asked });
    }

    fn tab_says(&mut self, agent: u8, mut frame: Value) {
        let Some(place) = self.tabs.iter().position(|tab| tab.agent == agent && tab.welcomed && !tab.silent) else {
            return;
        };
        self.asked += 1;
        frame["id"] = json!(self.asked);
        self.tabs[place].socket.say(&frame);
        let asked = if frame["type"] == "signOut" { Asked::Nothing } else { Asked::Presence };
        self.remember(Outstanding { by: By::Frame(self.asked, Person::Tab(agent)), asked });
    }

    /// The filter of a board, what it includes, and its caller's team.
    pub fn watched(board: u8) -> (Value, Value, Option<u8>) {
        match board % BOARDS {
            0 => (json!({}), json!([]), None),
            1 => (json!({ "teams": ["team-0"] }), json!(["capacity", "workItems"]), None),
            2 => (json!({ "baseStatuses": ["AVAILABLE", "BUSY"] }), json!(["capacity"]), Some(1)),
            _ => (json!({ "workstreamId": "stream-0" }), json!(["workItems"]), None),
        }
    }

    fn watches(&mut self, board: u8) {
        if self.boards[usize::from(board)].socket.is_some() {
            return;
        }
        let (filter, include, team) = Self::watched(board);
        let token = self.token(&format!("board-{board}"), &[Role::Supervisor], team);
        let end = self.connects();
        let board = &mut self.boards[usize::from(board)];
        let mut socket = Socket::open_as(end, &token, "", board.next_protocol());
        socket.say(&board.watch(&filter, &include));
        board.socket = Some(socket);
        board.rests = false;
    }

    /// Requests over sockets that were closed on purpose: their answers go nowhere.
    pub fn forget_requests_of(&mut self, person: Person) {
        self.outstanding.retain(|one| !matches!(one.by, By::Frame(_, of) if of == person));
    }
}
