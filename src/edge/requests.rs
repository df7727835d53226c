//! What a client asks for over its socket. Each request is refused here, or answered once what it
//! changed is durable; requests about one agent are served in the order they came.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::caller::{may_concerning, scope};
use super::conversation::{CloseCode, encode_result, json_text, report};
use super::problem::Problem;
use super::pulse::close_for_restart;
use super::{Door, events};
use crate::agents::{Applied, Refusal};
use crate::domain::cause::{Actor, SubEventName};
use crate::domain::command::{Ask, Command};
use crate::domain::ids::AgentId;
use crate::domain::rejection::Rejection;
use crate::feed::{FeedError, WatchRequest, Watches};
use crate::identity::{self, Action, Caller};
use crate::sessions::Session;
use crate::wire::shapes::{AgentResult, ClientFrame, FrameError};
use crate::wire::{accept, present};

/// The most agents that one request may act on.
const MAX_AGENTS: usize = 1_000;

/// Who speaks over a socket.
pub struct Speaker {
    /// Who, with the roles of this socket.
    pub caller: Caller,
    /// The session.
    pub session: Arc<Session>,
    /// What it watches.
    pub watches: Watches,
}

/// The results of a request about several, in its order.
#[derive(Serialize)]
pub struct Results<T> {
    /// One for each.
    pub results: Vec<T>,
}

/// What is wrong with a frame.
#[derive(Debug)]
pub struct FrameProblem {
    code: String,
    message: String,
    details: Option<Value>,
}

impl FrameProblem {
    /// An error of this code.
    pub fn new(code: &str, message: impl Into<String>) -> Self {
        Self { code: code.to_owned(), message: message.into(), details: None }
    }

    /// The frame cannot be understood.
    pub fn malformed(message: impl Into<String>) -> Self {
        Self::new("malformed", message)
    }

    /// Whether the frame was understood, although it is refused.
    #[must_use]
    pub fn is_protocol(&self) -> bool {
        !matches!(self.code.as_str(), "malformed" | "unknown_type")
    }

    /// As it stands in an error frame.
    #[must_use]
    pub fn shape(&self) -> FrameError {
        FrameError { code: self.code.clone(), message: self.message.clone(), details: self.details.clone() }
    }
}

impl From<Problem> for FrameProblem {
    fn from(problem: Problem) -> Self {
        let details = problem.field().map(|field| json!({ "field": field }));
        Self { details, ..Self::new(problem.code(), problem.detail()) }
    }
}

impl From<Refusal> for FrameProblem {
    fn from(refusal: Refusal) -> Self {
        Problem::from(refusal).into()
    }
}

impl From<FeedError> for FrameProblem {
    fn from(error: FeedError) -> Self {
        let details = error.field().map(|field| json!({ "field": field }));
        Self { details, ..Self::new(error.code(), error.to_string()) }
    }
}

impl From<crate::domain::presence::InvalidField> for FrameProblem {
    fn from(invalid: crate::domain::presence::InvalidField) -> Self {
        Problem::from(invalid).into()
    }
}

/// The result as JSON: an agent's whole state is written once, and not built as a tree of values before.
type Answer = Result<Vec<u8>, FrameProblem>;

/// Takes a frame in. What needs the engine goes on in a task of its own, so that the socket is read
/// on: its pongs are the sign that its client lives.
pub fn take(door: &Arc<Door>, speaker: &Arc<Speaker>, text: &str) -> Result<(), (Option<Value>, FrameProblem)> {
    let mut value: Value =
        serde_json::from_str(text).map_err(|error| (None, FrameProblem::malformed(format!("no JSON: {error}"))))?;
    let id = value.as_object_mut().and_then(|frame| frame.remove("id"));
    let id = match id {
        Some(id @ (Value::Number(_) | Value::String(_))) => Some(id),
        None => None,
        Some(_) => return Err((None, FrameProblem::malformed("id: a number or a string is right"))),
    };
    let kind = value.get("type").and_then(Value::as_str).map(str::to_owned);
    let frame = ClientFrame::deserialize(value).map_err(|error| {
        let unknown =
            kind.as_ref().is_some_and(|kind| error.to_string().starts_with(&format!("unknown variant `{kind}`")));
        let code = if unknown { "unknown_type" } else { "malformed" };
        (id.clone(), FrameProblem::new(code, error.to_string()))
    })?;
    let action = action(&frame);
    if !identity::may(&speaker.caller, action) {
        let message = format!("the roles of this socket do not allow `{}`", kind.unwrap_or_default());
        return Err((id, FrameProblem::new("forbidden", message)));
    }
    if let ClientFrame::Refreshing {} = frame {
        speaker.session.announce_refresh(door.agents.clock().now());
        return Ok(());
    }
    if let ClientFrame::Awake {} = frame {
        // That it was heard at all is all that it says.
        return Ok(());
    }
    let Some(id) = id else {
        return Err((None, FrameProblem::malformed("id: missing; the answer repeats it")));
    };
    match frame {
        ClientFrame::Watch { filter, include, since } => {
            let request = WatchRequest { filter, scope: scope(&speaker.caller), include, since };
            // The feed sends the result itself: it comes right before the watch's first frame.
            speaker.watches.watch(request, &id).map_err(|error| (Some(id), error.into()))
        }
        ClientFrame::Unwatch { watch_id } => {
            let known = speaker.watches.unwatch(&watch_id);
            let answer = known.map(|()| json_text(&json!({}))).map_err(FrameProblem::from);
            reply(&speaker.session, id, answer);
            Ok(())
        }
        ClientFrame::Authenticate { token } => {
            reply(&speaker.session, id, authenticate(door, speaker, &token));
            Ok(())
        }
        frame @ (ClientFrame::SetPresence(_)
        | ClientFrame::ResetPresence {}
        | ClientFrame::Refreshing {}
        | ClientFrame::Awake {}
        | ClientFrame::SignOut {}
        | ClientFrame::SetAgentPresence { .. }
        | ClientFrame::ResetAgentPresence { .. }
        | ClientFrame::SignOutAgent { .. }
        | ClientFrame::Events { .. }) => {
            if door.is_closing() {
                return Err((Some(id), FrameProblem::new("unavailable", "the hub is stopping")));
            }
            let (door, speaker) = (door.clone(), speaker.clone());
            let under_way = UnderWay::begin(speaker.session.clone());
            tokio::spawn(async move {
                let signs_out = matches!(frame, ClientFrame::SignOut {});
                let answer = serve(&door, &speaker, frame).await;
                let applied = answer.is_ok();
                reply(&speaker.session, id, answer);
                drop(under_way);
                if speaker.session.requests_under_way() == 0 && door.is_closing() {
                    // The goodbye waited for this answer.
                    close_for_restart(&speaker.session);
                }
                if signs_out
                    && applied
                    && let Some(agent) = speaker.caller.agent()
                {
                    close_signed_out(&door, &agent);
                }
            });
            Ok(())
        }
    }
}

/// A request that is not answered yet. Should serving it panic, nobody is left waiting: its socket ends.
struct UnderWay {
    session: Arc<Session>,
}

impl UnderWay {
    fn begin(session: Arc<Session>) -> Self {
        session.begin_request();
        Self { session }
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.session.end_request();
        if std::thread::panicking() {
            self.session.outlet().close(CloseCode::Failed.number(), "the hub failed");
        }
    }
}

fn action(frame: &ClientFrame) -> Action {
    match frame {
        ClientFrame::SetPresence(_)
        | ClientFrame::ResetPresence {}
        | ClientFrame::Refreshing {}
        | ClientFrame::SignOut {} => Action::ActAsAgent,
        ClientFrame::Watch { .. } | ClientFrame::Unwatch { .. } => Action::Watch,
        ClientFrame::SetAgentPresence { .. }
        | ClientFrame::ResetAgentPresence { .. }
        | ClientFrame::SignOutAgent { .. } => Action::Supervise,
        ClientFrame::Events { .. } => Action::SendEvents,
        ClientFrame::Authenticate { .. } => Action::RenewCredentials,
        ClientFrame::Awake {} => Action::OpenSocket,
    }
}

fn reply(session: &Session, id: Value, answer: Answer) {
    match answer {
        Ok(result) => {
            session.outlet().send(encode_result(&id, &result));
        }
        Err(problem) => report(session, Some(id), &problem),
    }
}

async fn serve(door: &Door, speaker: &Speaker, frame: ClientFrame) -> Answer {
    match frame {
        ClientFrame::SetPresence(set) => {
            let ask = Ask::Choose(accept::choice(&set)?);
            on_oneself(door, speaker, ask, set.if_version).await
        }
        ClientFrame::ResetPresence {} => on_oneself(door, speaker, Ask::Reset, None).await,
        ClientFrame::SignOut {} => on_oneself(door, speaker, Ask::SignOut, None).await.map(|_| json_text(&json!({}))),
        ClientFrame::SetAgentPresence { agent_ids, choice } => {
            let ask = Ask::Choose(accept::choice(&choice)?);
            let command = Command { if_version: choice.if_version, ..supervised(speaker, ask) };
            on_others(door, speaker, &agent_ids, &command).await
        }
        ClientFrame::ResetAgentPresence { agent_ids } => {
            on_others(door, speaker, &agent_ids, &supervised(speaker, Ask::Reset)).await
        }
        ClientFrame::SignOutAgent { agent_ids, reason } => {
            let reason = reason.filter(|reason| !reason.trim().is_empty());
            let command = Command { reason, ..supervised(speaker, Ask::SignOut) };
            on_others(door, speaker, &agent_ids, &command).await
        }
        ClientFrame::Events { events } => {
            if events.len() > events::MAX_BATCH {
                let message = format!("{} events; at most {} are right", events.len(), events::MAX_BATCH);
                return Err(FrameProblem::new("too_large", message));
            }
            let results = events::take_in(&door.agents, &speaker.caller.subject, &events).await;
            Ok(json_text(&Results { results }))
        }
        ClientFrame::Refreshing {}
        | ClientFrame::Awake {}
        | ClientFrame::Watch { .. }
        | ClientFrame::Unwatch { .. }
        | ClientFrame::Authenticate { .. } => unreachable!("served at once"),
    }
}

/// The agent's own request about itself.
async fn on_oneself(door: &Door, speaker: &Speaker, ask: Ask, if_version: Option<u64>) -> Answer {
    let agent = speaker.caller.agent().ok_or(Refusal::from(Rejection::UnknownAgent))?;
    let command = Command { if_version, ..Command::new(ask, Actor::Agent(agent.clone())) };
    door.agents.decide(&agent, command).await?;
    let known = door.agents.find(&agent).ok_or(Refusal::from(Rejection::UnknownAgent))?;
    let view = door.agents.directory();
    Ok(json_text(&present::agent_presence(known.seq, &known.agent, &view.directory)))
}

/// What a supervisor asks for.
fn supervised(speaker: &Speaker, ask: Ask) -> Command {
    Command::new(ask, Actor::Supervisor(speaker.caller.subject.clone()))
}

/// A supervisor's request about several agents; each is decided for itself.
async fn on_others(door: &Door, speaker: &Speaker, agents: &[String], command: &Command) -> Answer {
    if agents.len() > MAX_AGENTS {
        let message = format!("{} agents; at most {MAX_AGENTS} are right", agents.len());
        return Err(FrameProblem::new("too_large", message));
    }
    let each = agents.iter().map(|agent| on_other(door, speaker, agent, command));
    let results = futures::future::join_all(each).await;
    Ok(json_text(&Results { results }))
}

async fn on_other(door: &Door, speaker: &Speaker, name: &str, command: &Command) -> AgentResult {
    let rejected = |code: &str| AgentResult {
        agent_id: name.to_owned(),
        status: "rejected".to_owned(),
        code: Some(code.to_owned()),
        version: None,
    };
    let Ok(agent) = AgentId::new(name) else { return rejected("unknown_agent") };
    let Some(known) = door.agents.existing(&agent) else { return rejected("unknown_agent") };
    if !may_concerning(&speaker.caller, Action::Supervise, &known) {
        return rejected("forbidden");
    }
    match door.agents.decide(&agent, command.clone()).await {
        Ok(Applied::Now { known, .. }) => {
            if command.ask == Ask::SignOut {
                close_signed_out(door, &agent);
            }
            let version = Some(known.agent.version);
            AgentResult { agent_id: name.to_owned(), status: "applied".to_owned(), code: None, version }
        }
        Ok(Applied::Before(_)) => unreachable!("requests are not operations"),
        Err(refusal) => rejected(refusal.code()),
    }
}

/// The agent's sessions end: it signed out.
fn close_signed_out(door: &Door, agent: &AgentId) {
    door.sessions.close_agent(agent, CloseCode::SignedOut.number(), "signed out", SubEventName::SignedOut);
}

/// New credentials for this socket. Roles and teams are those it was opened with.
fn authenticate(door: &Door, speaker: &Speaker, token: &str) -> Answer {
    let now = door.agents.clock().wall();
    let caller =
        door.identity.verify(token, now).map_err(|error| FrameProblem::new("unauthenticated", error.to_string()))?;
    let before = &speaker.caller;
    if caller.subject != before.subject {
        return Err(FrameProblem::new("forbidden", "`sub` must stay the same; open a new socket for someone else"));
    }
    if caller.teams != before.teams || !before.roles.is_subset(&caller.roles) {
        return Err(FrameProblem::new("forbidden", "roles or teams have changed; open a new socket with this token"));
    }
    speaker.session.trust_until(caller.expires, caller.valid_until);
    Ok(json_text(&json!({ "tokenExpiresAt": present::time(caller.expires) })))
}

#[cfg(test)]
mod tests {
    use tokio::net::{TcpListener, TcpStream};

    use super::*;
    use crate::clock::Clock;
    use crate::domain::time::Timestamp;
    use crate::identity::Role;
    use crate::sessions::{Limits, Outlet, Registry, Who};

    #[tokio::test]
    async fn a_panic_while_a_request_is_served_ends_its_socket_and_holds_no_stop_up() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let _client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let (outlet, _socket) = Outlet::split(listener.accept().await.unwrap().0, Limits::default());
        let who = Who { subject: "sue".into(), agent: None, roles: [Role::Supervisor].into_iter().collect() };
        let registration = Registry::new(0, 1, Clock::starting_at(Timestamp(0))).register(who, outlet);
        let session = registration.session().clone();
        let first = UnderWay::begin(session.clone());
        let second = UnderWay::begin(session.clone());
        drop(first);
        assert!(!session.outlet().is_closed() && session.requests_under_way() == 1);
        let task = tokio::spawn(async move {
            let _under_way = second;
            panic!("a bug");
        });
        assert!(task.await.unwrap_err().is_panic());
        assert!(session.outlet().is_closed() && session.requests_under_way() == 0);
    }
}
