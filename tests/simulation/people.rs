//! Those who use the hub: what they do, and what they expect of its answers.

use presence_hub::engine::Seq;
use presence_hub::identity::Role;
use serde_json::{Value, json};

use super::client::{Request, Socket};
use super::step::{BOARDS, Chosen, Field, Over, PROFILES, Setting, Step, Work};
use super::world::{World, end};
use super::writes::{FieldName, Ticket};

/// A tab of an agent's browser.
pub struct Tab {
    pub agent: u8,
    pub socket: Socket,
    pub welcomed: bool,
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
    /// Who may get work: these, in this order.
    /// As of this position of the log.
    Eligible(Seq, Vec<String>),
    Nothing,
}

pub fn agent_name(agent: u8) -> String {
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
    pub fn opens(&mut self, agent: u8) {
        let name = agent_name(agent);
        let token = self.token(&name, &[Role::Agent], None);
        let socket = Socket::open(self.connects(), &token, "");
        self.tabs.push(Tab { agent, socket, welcomed: false, silent: false });
    }

    /// Plays a step that a person, a board, a work system or an administrator takes.
    pub fn someone_acts(&mut self, step: &Step) {
        match step {
            Step::Opens(agent) => self.opens(*agent),
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
                let event = event(self.asked, *agent, *item, *what);
                self.systems[usize::from(*system)].newest = Some(event.clone());
                self.sends(*system, event, *over);
            }
            Step::Again(system) => {
                if let Some(event) = self.systems[usize::from(*system)].newest.clone() {
                    self.sends(*system, event, Over::Socket);
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

    fn administrator_acts(&mut self, step: &Step) {
        match step {
            Step::Puts { agent, with } => {
                self.asked += 1;
                let name = format!("name {}", self.asked);
                let record = json!({
                    "name": name, "units": with.units, "skills": [], "teams": [format!("team-{}", with.team)],
                    "profiles": profiles(with.profile), "defaultPresenceId": with.default.map(Chosen::id),
                });
                let fields = vec![("name", json!(name)), ("units", json!(with.units)), ("skills", json!([]))];
                self.writes_agent(*agent, "PUT", &agent_path(*agent), Some(record), fields);
            }
            Step::Posts { agent } => {
                self.asked += 1;
                let name = format!("name {}", self.asked);
                let record = json!({ "agentId": agent_name(*agent), "name": name });
                let fields = vec![("name", json!(name)), ("units", Value::Null), ("skills", json!([]))];
                self.writes_agent(*agent, "POST", "/api/v1/agents", Some(record), fields);
            }
            Step::Patches { agent, field } => {
                self.asked += 1;
                let (patch, fields) = self.patch(*field);
                self.writes_agent(*agent, "PATCH", &agent_path(*agent), Some(patch), fields);
            }
            Step::Deletes(agent) => {
                let gone = ["name", "units", "skills"].map(|field| (field, Value::Null));
                self.writes_agent(*agent, "DELETE", &agent_path(*agent), None, gone.into());
            }
            Step::PutsPresence { presence, base, enabled } => {
                self.asked += 1;
                let base = ["AVAILABLE", "BUSY", "BUSY_DO_NOT_DISTURB", "AWAY", "OFFLINE"][usize::from(*base)];
                let record = json!({
                    "presenceName": format!("custom {presence}"), "presenceText": format!("text {}", self.asked),
                    "basePresenceStatus": base, "enabled": enabled,
                });
                self.administers("PUT", &format!("/api/v1/presences/custom-{presence}"), Some(record));
            }
            Step::DropsPresence(presence) => {
                self.administers("DELETE", &format!("/api/v1/presences/custom-{presence}"), None);
            }
            Step::PutsProfile { profile, most, blocks } => {
                let record = json!({ "name": "a profile", "defaultMax": most, "blockAssignment": blocks });
                self.administers("PUT", &format!("/api/v1/capacity-profiles/profile-{profile}"), Some(record));
            }
            Step::DropsProfile(profile) => {
                self.administers("DELETE", &format!("/api/v1/capacity-profiles/profile-{profile}"), None);
            }
            Step::PutsWorkstream { workstream, profile, moves } => {
                let profiles: Vec<String> = profile.iter().map(|profile| format!("profile-{profile}")).collect();
                let record = json!({
                    "name": "a workstream", "allowedPresences": ["AVAILABLE", "BUSY"], "units": 1,
                    "profiles": profiles, "affectsPresence": moves,
                });
                self.administers("PUT", &format!("/api/v1/workstreams/stream-{workstream}"), Some(record));
            }
            Step::DropsWorkstream(workstream) => {
                self.administers("DELETE", &format!("/api/v1/workstreams/stream-{workstream}"), None);
            }
            Step::PatchesSettings(setting) => {
                let (name, value) = match setting {
                    Setting::MaxOpenWorkItems(most) => ("maxOpenWorkItems", json!(most)),
                    Setting::RefreshGrace(seconds) => ("refreshGrace", json!(format!("{seconds}s"))),
                    Setting::RestoreAfterSignOut(restores) => ("restoreAfterSignOut", json!(restores)),
                };
                let ticket = self.writes.sent(vec![(("settings".to_owned(), name), value.clone())]);
                let asked = Asked::Writes { ticket, agent: None };
                self.requests(&[Role::Admin], "PATCH", "/api/v1/settings", Some(json!({ name: value })), asked);
            }
            other => unreachable!("{other:?} is played elsewhere"),
        }
    }

    fn patch(&self, field: Field) -> (Value, Vec<(&'static str, Value)>) {
        match field {
            Field::Name => {
                let name = json!(format!("name {}", self.asked));
                (json!({ "name": name }), vec![("name", name)])
            }
            Field::Units(units) => (json!({ "units": units }), vec![("units", json!(units))]),
            Field::Skill(skill) => {
                let skills = json!([format!("skill-{skill}")]);
                (json!({ "skills": skills }), vec![("skills", skills)])
            }
            Field::Team(team) => (json!({ "teams": [format!("team-{team}")] }), Vec::new()),
            Field::Profile(profile) => (json!({ "profiles": profiles(profile) }), Vec::new()),
            Field::Default(default) => (json!({ "defaultPresenceId": default.map(Chosen::id) }), Vec::new()),
            Field::Enabled(enabled) => (json!({ "enabled": enabled }), Vec::new()),
        }
    }

    fn administers(&mut self, method: &str, path: &str, body: Option<Value>) {
        self.requests(&[Role::Admin], method, path, body, Asked::Nothing);
    }

    fn writes_agent(
        &mut self,
        agent: u8,
        method: &str,
        path: &str,
        body: Option<Value>,
        fields: Vec<(&'static str, Value)>,
    ) {
        let name = agent_name(agent);
        let fields: Vec<(FieldName, Value)> =
            fields.into_iter().map(|(field, value)| ((name.clone(), field), value)).collect();
        let ticket = self.writes.sent(fields);
        self.requests(&[Role::Admin], method, path, body, Asked::Writes { ticket, agent: Some(name) });
    }

    pub fn requests(&mut self, roles: &[Role], method: &str, path: &str, body: Option<Value>, asked: Asked) {
        let subject = format!("{}-by-http", roles[0].as_str());
        let token = self.token(&subject, roles, None);
        let request = Request::send(self.connects(), &token, method, path, body.as_ref(), None);
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

    fn sends(&mut self, system: u8, event: Value, over: Over) {
        match (over, &mut self.systems[usize::from(system)].socket) {
            (Over::Socket, Some(socket)) => {
                self.asked += 1;
                socket.say(&json!({ "type": "events", "id": self.asked, "events": [event] }));
                let by = By::Frame(self.asked, Person::System(system));
                self.remember(Outstanding { by, asked: Asked::Events });
            }
            (Over::Socket, None) | (Over::Http, _) => {
                self.requests(&[Role::Integration], "POST", "/api/v1/events", Some(event), Asked::Events);
            }
        }
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
        let mut socket = Socket::open(self.connects(), &token, "");
        let board = &mut self.boards[usize::from(board)];
        socket.say(&board.watch(&filter, &include));
        board.socket = Some(socket);
        board.rests = false;
    }

    /// Requests over sockets that were closed on purpose: their answers go nowhere.
    pub fn forget_requests_of(&mut self, person: Person) {
        self.outstanding.retain(|one| !matches!(one.by, By::Frame(_, of) if of == person));
    }
}

fn agent_path(agent: u8) -> String {
    format!("/api/v1/agents/{}", agent_name(agent))
}

fn profiles(profile: Option<u8>) -> Value {
    profile.map_or(json!([]), |profile| json!([{ "profileId": format!("profile-{}", profile % PROFILES) }]))
}

fn event(number: u64, agent: u8, item: u8, what: Work) -> Value {
    let stream = |stream: Option<u8>| stream.map(|stream| format!("stream-{stream}"));
    let (kind, mut data) = match what {
        Work::Offered { seconds, workstream, if_eligible } => (
            "workitem.offered",
            json!({ "timeoutSeconds": seconds, "workstreamId": stream(workstream), "ifEligible": if_eligible }),
        ),
        Work::Assigned { workstream, if_eligible } => {
            ("workitem.assigned", json!({ "workstreamId": stream(workstream), "ifEligible": if_eligible }))
        }
        Work::Missed => ("workitem.missed", json!({})),
        Work::Rejected => ("workitem.rejected", json!({})),
        Work::Withdrawn => ("workitem.withdrawn", json!({})),
        Work::WrapsUp { seconds } => (
            "workitem.wrap_up_started",
            json!({ "blockCapacityForWrapUp": seconds.map_or("ALWAYS", |_| "CUSTOM"), "wrapUpSeconds": seconds }),
        ),
        Work::Closed => ("workitem.closed", json!({})),
    };
    data["agentId"] = json!(agent_name(agent));
    data["workItemId"] = json!(format!("item-{item}"));
    json!({ "specversion": "1.0", "id": number.to_string(), "source": "/simulated", "type": kind, "data": data })
}
