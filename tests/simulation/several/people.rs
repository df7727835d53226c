//! Those who use the nodes: agents' pages, which go to another node when theirs is gone, supervisors, work systems and
//! administrators.

use std::time::Duration;

use presence_hub::engine::Seq;
use presence_hub::identity::Role;
use serde_json::{Value, json};

use super::BEGINNING;
use super::step::{AGENTS, NODES, Step};
use super::world::World;
use crate::client::{Request, Socket};
use crate::people::{agent_name, token_id};
use crate::records::{self, agent_path, profiles};
use crate::step::{End, Field};
use crate::work;
use crate::writes::Ticket;

/// How long a page waits for its welcome, and for a node that says nothing, in milliseconds.
const WELCOMED_WITHIN: u64 = 4_000;
const GIVES_UP_AFTER: u64 = 6_000;
/// How soon a page comes back, in milliseconds.
const COMES_BACK: u64 = 400;

/// A tab of an agent's browser. Its page comes back by itself unless it was told not to.
pub struct Page {
    pub agent: u16,
    pub node: u8,
    /// The number of its token among those of the agent.
    pub token: u32,
    /// The token was revoked before the socket was opened, and its node had heard of it.
    pub is_revoked: bool,
    pub socket: Option<Socket>,
    /// When the socket was opened.
    pub opened: u64,
    pub welcomed: bool,
    /// It says nothing more.
    pub silent: bool,
    /// The agent asks for it, whoever signed it out.
    pub by_hand: bool,
    /// It does not come back.
    pub over: bool,
    /// When it comes back.
    pub returns: Option<u64>,
    /// Since when it has no node that can be reached, and the position of the log then.
    pub lost: Option<(u64, Seq)>,
}

/// What is known of an event, over all times that it was sent.
#[derive(Default)]
pub struct Sends {
    /// How many were not answered yet.
    pub open: usize,
    /// It happened, or nobody knows.
    pub may_have_happened: bool,
}

/// A request that was not answered yet.
pub struct Outstanding {
    pub request: Request,
    pub asked: Asked,
}

/// What was asked, and so what an answer must be.
pub enum Asked {
    Presence,
    /// An event that reports this time.
    Events(String),
    /// That the token of this name is believed no more.
    Revocation(String),
    Writes(Ticket),
    Nothing,
}

impl World {
    /// All agents beyond the usual ones sign in, a third of them at each node.
    pub fn the_crowd_comes(&mut self) {
        for agent in u16::from(AGENTS)..self.agents {
            self.page_of(agent, (agent % u16::from(NODES)) as u8, false);
        }
        self.pages_come_and_go();
    }

    fn opens(&mut self, agent: u8, node: u8, by_hand: bool) {
        self.page_of(agent.into(), node, by_hand);
        self.pages_come_and_go();
    }

    fn page_of(&mut self, agent: u16, node: u8, by_hand: bool) {
        let revoked = u8::try_from(agent).ok().and_then(|agent| self.tokens_revoked.get(&agent));
        let page = Page {
            agent,
            node,
            token: revoked.copied().unwrap_or(0),
            is_revoked: false,
            socket: None,
            opened: 0,
            welcomed: false,
            silent: false,
            by_hand,
            over: false,
            returns: Some(self.now),
            lost: None,
        };
        self.pages.push(page);
    }

    /// Pages come back whose time has come, and leave nodes that say nothing.
    pub fn pages_come_and_go(&mut self) {
        let now = self.now;
        for place in 0..self.pages.len() {
            let (agent, node) = (self.pages[place].agent, usize::from(self.pages[place].node));
            let is_stuck = {
                let page = &self.pages[place];
                let stands = self.places[node].stands();
                let waits = !page.welcomed && now >= page.opened + WELCOMED_WITHIN;
                let is_left_alone = stands
                    && self.places[node]
                        .unreachable_since
                        .is_some_and(|since| now >= since.max(page.opened) + GIVES_UP_AFTER);
                !page.silent && page.socket.is_some() && (waits || is_left_alone)
            };
            if is_stuck {
                self.pages[place].socket.take().into_iter().for_each(|mut socket| socket.close());
                self.loses_its_node(place);
            }
            if self.pages[place].returns.is_none_or(|at| at > now) {
                continue;
            }
            let number = self.pages[place].token;
            let token = self.token_of_agent(agent, number);
            let known = self.places[node].with(|begun| begun.engine.known()).unwrap_or(0);
            let is_revoked = self.revoked.get(&token_id(agent, number)).is_some_and(|revoked| *revoked <= known);
            let Some(wire) = self.places[node].connects() else {
                let page = &mut self.pages[place];
                page.node = (page.node + 1) % NODES;
                page.returns = Some(now + COMES_BACK);
                continue;
            };
            let query = if self.pages[place].by_hand { "?signIn=byHand" } else { "" };
            if self.pages[place].by_hand {
                self.book.is_asked_by_hand(&agent_name(agent));
            }
            let page = &mut self.pages[place];
            page.socket = Some(Socket::open(wire, &token, query));
            (page.opened, page.welcomed, page.returns, page.by_hand) = (now, false, None, false);
            page.is_revoked = is_revoked;
        }
        self.pages.retain(|page| !page.over);
    }

    /// The page's socket has ended, and it comes back to the next node.
    pub fn loses_its_node(&mut self, place: usize) {
        let (now, seq) = (self.now, self.book.seq());
        let page = &mut self.pages[place];
        page.socket = None;
        let since = self.places[usize::from(page.node)].unreachable_since.map_or(now, |since| since.min(now));
        // One that was never let in has nothing to come back to.
        if page.welcomed {
            page.lost = Some((since, seq));
        }
        page.welcomed = false;
        page.node = (page.node + 1) % NODES;
        page.returns = Some(now + COMES_BACK);
    }

    /// Plays a step that somebody takes.
    pub fn someone_acts(&mut self, step: &Step) {
        match step {
            Step::Opens(agent, node) => self.opens(*agent, *node, false),
            Step::OpensByHand(agent, node) => self.opens(*agent, *node, true),
            Step::Ends(agent, how) => self.ends_page(*agent, *how),
            Step::Chooses { agent, presence, lasts } => {
                let mut frame = json!({ "type": "setPresence", "presenceId": presence.id() });
                if let Some(seconds) = lasts {
                    let until = self.time().plus(std::time::Duration::from_secs(u64::from(*seconds)));
                    frame["until"] = json!(presence_hub::wire::show::time(until));
                }
                self.page_says(*agent, frame);
            }
            Step::SignsOut(agent) => self.page_says(*agent, json!({ "type": "signOut" })),
            Step::Sets { node, agent, presence } => {
                let path = format!("/api/v1/agents/{}/presence", agent_name(*agent));
                let body = json!({ "presenceId": presence.id() });
                self.requests(*node, Role::Supervisor, "PUT", &path, Some(body), Asked::Presence);
            }
            Step::SignedOut { node, agent } => {
                if let Some(socket) = &mut self.boards[usize::from(*node)].socket {
                    socket.say(&json!({ "type": "signOutAgent", "id": "x", "agentIds": [agent_name(*agent)] }));
                }
            }
            Step::Work { node, agent, item, what } => {
                self.asked += 1;
                let event = work::event(self.asked, *agent, *item, *what);
                self.newest_event = Some(event.clone());
                self.sends_event(*node, event);
            }
            Step::Again(node) => {
                if let Some(event) = self.newest_event.clone() {
                    self.sends_event(*node, event);
                }
            }
            step => self.administrator_acts(step),
        }
    }

    fn sends_event(&mut self, node: u8, event: Value) {
        let time = event["time"].as_str().unwrap_or_default().to_owned();
        self.events.entry(time.clone()).or_default().open += 1;
        self.requests(node, Role::Integration, "POST", "/api/v1/events", Some(event), Asked::Events(time));
    }

    fn ends_page(&mut self, agent: u8, how: End) {
        let is_one = |page: &Page| page.agent == u16::from(agent) && !page.silent;
        let Some(place) = self.pages.iter().position(is_one) else { return };
        let page = &mut self.pages[place];
        let Some(socket) = &mut page.socket else {
            page.over = true;
            return self.pages.retain(|page| !page.over);
        };
        match how {
            End::Closed => socket.close(),
            End::BrokenOff => socket.break_off(),
            End::Silent => {
                page.silent = true;
                return;
            }
            End::Reloads => {
                socket.say(&json!({ "type": "refreshing" }));
                socket.close();
            }
        }
        page.over = true;
        self.pages.retain(|page| !page.over);
    }

    fn page_says(&mut self, agent: u8, mut frame: Value) {
        self.asked += 1;
        frame["id"] = json!(self.asked);
        let is_one = |page: &&mut Page| page.agent == u16::from(agent) && page.welcomed && !page.silent;
        let page = self.pages.iter_mut().find(is_one);
        if let Some(socket) = page.and_then(|page| page.socket.as_mut()) {
            socket.say(&frame);
        }
    }

    /// Asks a node; nobody does if none serves there.
    pub fn requests(&mut self, node: u8, role: Role, method: &str, path: &str, body: Option<Value>, asked: Asked) {
        let token = self.token(&format!("{}-by-http", role.as_str()), role);
        let Some(wire) = self.place(node).connects() else { return self.never_answered(&asked) };
        let body = body.as_ref().map(Value::to_string).unwrap_or_default();
        let request = Request::send(wire, &token, method, path, "Content-Type: application/json\r\n", &body);
        self.requests.push(Outstanding { request, asked });
    }

    fn administrator_acts(&mut self, step: &Step) {
        self.asked += 1;
        let name = json!(format!("name {}", self.asked));
        match step {
            Step::Puts { node, agent, profile } => {
                let record = json!({
                    "name": name, "units": 3, "skills": [], "teams": [], "profiles": profiles(*profile),
                });
                self.writes_agent(*node, *agent, "PUT", Some(record), vec![("name", name), ("units", json!(3))]);
            }
            Step::Patches { node, agent, field } => {
                let (field, value) = match field {
                    Field::Units(units) => ("units", json!(units)),
                    _ => ("name", name),
                };
                self.writes_agent(*node, *agent, "PATCH", Some(json!({ field: value })), vec![(field, value)]);
            }
            Step::Deletes { node, agent } => {
                let gone = ["name", "units"].map(|field| (field, Value::Null));
                self.writes_agent(*node, *agent, "DELETE", None, gone.into());
            }
            Step::PutsPresence { node, presence, base, enabled } => {
                self.administers(*node, records::puts_presence(*presence, *base, *enabled, self.asked));
            }
            Step::DropsPresence { node, presence } => self.administers(*node, records::drops_presence(*presence)),
            Step::PutsProfile { node, profile, most } => {
                self.administers(*node, records::puts_profile(*profile, *most, false));
            }
            Step::PutsWorkstream { node, workstream, profile } => {
                self.administers(*node, records::puts_workstream(*workstream, *profile, true));
            }
            Step::DropsWorkstream { node, workstream } => {
                self.administers(*node, records::drops_workstream(*workstream));
            }
            Step::Revokes { node, agent } => {
                let number = self.tokens_revoked.entry(*agent).or_default();
                let name = token_id(*agent, *number);
                *number += 1;
                let order = Some(json!({ "tokenId": name }));
                self.requests(*node, Role::Admin, "POST", "/api/v1/revocations", order, Asked::Revocation(name));
            }
            Step::Webhook(node) => {
                // One that is asked for twice might be made twice.
                if self.places[usize::from(*node)].is_current() && !std::mem::replace(&mut self.told.is_asked_for, true)
                {
                    let webhook = json!({ "url": "http://endpoint.example/hook" });
                    self.administers(*node, ("POST", "/api/v1/webhooks".to_owned(), Some(webhook)));
                }
            }
            Step::Erases { node, agent } => {
                let who = Some(json!({ "id": agent_name(*agent) }));
                self.administers(*node, ("POST", "/api/v1/erasures".to_owned(), who));
            }
            Step::PutsActivity { node, activity } => {
                let record = json!({ "text": format!("text {}", self.asked), "presenceIds": ["busy"] });
                self.administers(*node, ("PUT", activity_path(*activity), Some(record)));
            }
            Step::DropsActivity { node, activity } => {
                self.administers(*node, ("DELETE", activity_path(*activity), None));
            }
            Step::Plans { node, agent, activity, hour } => {
                let at = |hour: u8| presence_hub::wire::show::time(BEGINNING.plus(Duration::from_hours(hour.into())));
                let (from, to) = (at(*hour), at(hour + 1));
                let item = json!({ "start": from, "end": to, "activityId": format!("activity-{activity}") });
                let path = format!("{}/plan?from={from}&to={to}", agent_path(&agent_name(*agent)));
                self.administers(*node, ("PUT", path, Some(json!({ "items": [item] }))));
            }
            Step::PatchesSettings { node, setting } => {
                let (name, value) = setting.field();
                let ticket = self.writes.sent_of("settings", vec![(name, value.clone())]);
                let patch = Some(json!({ name: value }));
                self.requests(*node, Role::Admin, "PATCH", "/api/v1/settings", patch, Asked::Writes(ticket));
            }
            other => unreachable!("{other:?} is played elsewhere"),
        }
    }

    fn administers(&mut self, node: u8, (method, path, body): records::Write) {
        self.requests(node, Role::Admin, method, &path, body, Asked::Nothing);
    }

    fn writes_agent(
        &mut self,
        node: u8,
        agent: u8,
        method: &str,
        body: Option<Value>,
        fields: Vec<(&'static str, Value)>,
    ) {
        let name = agent_name(agent);
        let ticket = self.writes.sent_of(&name, fields);
        self.requests(node, Role::Admin, method, &agent_path(&name), body, Asked::Writes(ticket));
    }
}

fn activity_path(activity: u8) -> String {
    format!("/api/v1/activities/activity-{activity}")
}
