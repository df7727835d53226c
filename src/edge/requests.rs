//! What a client asks for over its socket. Each request is refused here, or answered once what it
//! changed is durable; requests about one agent are served in the order they came.

use std::sync::Arc;

use bytes::Bytes;
use futures::future::OptionFuture;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::Door;
use super::audit::{Noted, about_agent};
use super::caller::{may_concerning, nobody_in, scope};
use super::events::Batch;
use super::frames::{reply, report};
use super::head::{Head, Kind, Refused};
use super::problem::of_json;
use super::pulse::close_for_restart;
use super::renewal;
use super::speaker::Speaker;
use crate::agents::{Applied, Refusal};
use crate::domain::cause::Actor;
use crate::domain::command::{Ask, Command};
use crate::domain::ids::AgentId;
use crate::domain::rejection::Rejection;
use crate::feed::WatchRequest;
use crate::identity::{self, Action};
use crate::sessions::{EndCause, Session};
use crate::wire::close::CloseCode;
use crate::wire::code::ErrorCode;
use crate::wire::problem::Problem;
use crate::wire::shapes::{
    AgentResult, Answer, Authenticate, MAX_AGENTS, Nothing, ResetAgentPresence, Results, SetAgentPresence, SetPresence,
    SignOutAgent, Unwatch, Watch,
};
use crate::wire::{json, parse, show};

/// How soon an engine that cannot tell is asked again.
const ASK_AGAIN_AFTER: std::time::Duration = std::time::Duration::from_millis(250);

/// Events that are to be taken in.
#[derive(Debug)]
pub struct Events {
    id: Value,
    list: Bytes,
}

impl Events {
    /// Understands them and lets them stand in the line, in the order that batches come over this socket.
    /// They are answered from a task of their own.
    pub async fn take_in(self, door: &Arc<Door>, speaker: &Arc<Speaker>) {
        let Self { id, list } = self;
        let source = &speaker.session.who().subject;
        match Batch::take_in(door, source, &list).await {
            Ok(batch) => {
                let under_way = UnderWay::begin(speaker.session.clone());
                let door = door.clone();
                tokio::spawn(async move {
                    let results = batch.answers(&door).await;
                    end(&door, under_way, id, Ok(Answer::Events(Results { results })));
                });
            }
            Err(problem) => report(door, &speaker.session, Some(id), problem),
        }
    }
}

/// Answers a request that was under way.
fn end(door: &Door, under_way: UnderWay, id: Value, answer: Result<Answer, Problem>) {
    let session = under_way.session.clone();
    reply(door, &session, id, answer);
    drop(under_way);
    if session.requests_under_way() == 0 && door.is_closing() {
        // The goodbye waited for this answer.
        close_for_restart(&session);
    }
}

/// Takes a frame in; who asks is judged before it is understood. What needs the engine goes on in a
/// task of its own, so that the socket is read on: its pongs are the sign that its client lives. Events
/// are handed back, to be taken in before the next frame is read.
pub fn take(door: &Arc<Door>, speaker: &Arc<Speaker>, text: &Bytes, head: Head) -> Result<Option<Events>, Refused> {
    let Head { id, kind, events } = head;
    if let Err(forbidden) = identity::may(&speaker.caller, kind.action()) {
        door.audit.refused(&speaker.asker(), kind.as_str(), None);
        return Err(Refused { id, problem: forbidden.into() });
    }
    let wrong = |problem| Refused { id: id.clone(), problem };
    let request = match kind {
        Kind::Events => return take_events(door, id, events).map(Some),
        Kind::Refreshing => {
            speaker.session.announce_refresh(door.agents.clock().now());
            return Ok(None);
        }
        // That it was heard at all is all that it says.
        Kind::Awake => return Ok(None),
        Kind::Watch => {
            let watch = read(text).map_err(wrong)?;
            return watch_now(speaker, id.ok_or_else(without_id)?, watch).map(|()| None);
        }
        Kind::Unwatch => {
            let Unwatch { watch_id } = read(text).map_err(wrong)?;
            let answer = speaker.watches.unwatch(&watch_id).map(|()| Answer::Nothing(Nothing {}));
            reply(door, &speaker.session, id.ok_or_else(without_id)?, answer.map_err(Problem::from));
            return Ok(None);
        }
        Kind::Authenticate => {
            let Authenticate { token } = read(text).map_err(wrong)?;
            let id = id.ok_or_else(without_id)?;
            match token {
                Some(token) => renewal::renew(door, speaker, id, &token),
                None => renewal::prolong(door, speaker, id),
            }
            return Ok(None);
        }
        Kind::SetPresence => Request::SetPresence(read(text).map_err(wrong)?),
        Kind::ResetPresence => Request::ResetPresence,
        Kind::SignOut => Request::SignOut,
        Kind::SetAgentPresence => Request::SetAgentPresence(read(text).map_err(wrong)?),
        Kind::ResetAgentPresence => Request::ResetAgentPresence(read(text).map_err(wrong)?),
        Kind::SignOutAgent => Request::SignOutAgent(read(text).map_err(wrong)?),
    };
    let id = id.ok_or_else(without_id)?;
    if door.is_closing() {
        return Err(stopping(id));
    }
    let_be_served(door, speaker, id, request);
    Ok(None)
}

/// Events that are to be taken in; they are understood then.
fn take_events(door: &Door, id: Option<Value>, events: Option<Bytes>) -> Result<Events, Refused> {
    match (id, events) {
        (Some(id), _) if door.is_closing() => Err(stopping(id)),
        (Some(id), Some(list)) if list.trim_ascii_start().starts_with(b"[") => Ok(Events { id, list }),
        (id @ Some(_), _) => {
            Err(Refused { id, problem: Problem::malformed("events: a list is right").in_field("events") })
        }
        (None, _) => Err(without_id()),
    }
}

fn stopping(id: Value) -> Refused {
    Refused { id: Some(id), problem: Problem::new(ErrorCode::Unavailable, "the hub is stopping") }
}

fn without_id() -> Refused {
    Refused { id: None, problem: Problem::malformed("id: is missing; the answer repeats it").in_field("id") }
}

/// A frame of a kind that is known: so what is wrong is named by its field, which serde loses within a tagged
/// enum.
pub(super) fn read<T: DeserializeOwned>(text: &[u8]) -> Result<T, Problem> {
    let frame: Value = serde_json::from_slice(text).map_err(|error| of_json(&error))?;
    json::read(&frame)
}

fn watch_now(speaker: &Speaker, id: Value, watch: Watch) -> Result<(), Refused> {
    let Watch { filter, include, since } = watch;
    let request = WatchRequest { filter, scope: scope(&speaker.caller), include, since };
    // The feed sends the result itself: it comes right before the watch's first frame.
    speaker.watches.watch(request, &id).map_err(|error| Refused { id: Some(id), problem: error.into() })
}

/// What the engine has to keep before it is answered.
enum Request {
    SetPresence(SetPresence),
    ResetPresence,
    SignOut,
    SetAgentPresence(SetAgentPresence),
    ResetAgentPresence(ResetAgentPresence),
    SignOutAgent(SignOutAgent),
}

/// Lets a request be served in a task of its own.
fn let_be_served(door: &Arc<Door>, speaker: &Arc<Speaker>, id: Value, request: Request) {
    let (door, speaker) = (door.clone(), speaker.clone());
    let under_way = UnderWay::begin(speaker.session.clone());
    tokio::spawn(async move {
        let signs_out = matches!(request, Request::SignOut);
        let answer = serve(&door, &speaker, request).await;
        let applied = answer.is_ok();
        end(&door, under_way, id, answer);
        if signs_out && let Some(agent) = speaker.caller.agent() {
            if applied {
                close_signed_out(&door, &agent);
            } else {
                close_if_signed_out(door, agent).await;
            }
        }
    });
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
            self.session.outlet().close(CloseCode::Failed, "the hub failed");
        }
    }
}

async fn serve(door: &Arc<Door>, speaker: &Speaker, request: Request) -> Result<Answer, Problem> {
    match request {
        Request::SetPresence(set) => {
            let ask = Ask::Choose(parse::choice(&set)?);
            on_oneself(door, speaker, ask, set.if_version).await
        }
        Request::ResetPresence => on_oneself(door, speaker, Ask::Reset, None).await,
        Request::SignOut => on_oneself(door, speaker, Ask::SignOut, None).await.map(|_| Answer::Nothing(Nothing {})),
        Request::SetAgentPresence(SetAgentPresence { agent_ids, choice }) => {
            let ask = Ask::Choose(parse::choice(&choice)?);
            let command = Command { if_version: choice.if_version, ..supervised(speaker, ask) };
            on_others(door, speaker, &agent_ids, &command).await
        }
        Request::ResetAgentPresence(ResetAgentPresence { agent_ids }) => {
            on_others(door, speaker, &agent_ids, &supervised(speaker, Ask::Reset)).await
        }
        Request::SignOutAgent(SignOutAgent { agent_ids, reason }) => {
            let reason = reason.filter(|reason| !reason.trim().is_empty());
            let command = Command { reason, ..supervised(speaker, Ask::SignOut) };
            on_others(door, speaker, &agent_ids, &command).await
        }
    }
}

/// The agent's own request about itself.
async fn on_oneself(door: &Door, speaker: &Speaker, ask: Ask, if_version: Option<u64>) -> Result<Answer, Problem> {
    let agent = speaker.caller.agent().ok_or(Refusal::from(Rejection::UnknownAgent))?;
    let command = Command { if_version, ..Command::new(ask, Actor::Agent(agent.clone())) };
    door.agents.decide(&agent, command).await?;
    let known = door.agents.find(&agent).ok_or(Refusal::from(Rejection::UnknownAgent))?;
    let view = door.agents.directory();
    Ok(Answer::Presence(Box::new(show::agent_presence(known.seq, &known.agent, &view.directory))))
}

/// What a supervisor asks for.
fn supervised(speaker: &Speaker, ask: Ask) -> Command {
    Command::new(ask, Actor::Supervisor(speaker.caller.subject.clone()))
}

/// A supervisor's request about several agents; each is decided for itself. They stand in the line as
/// batches do, so that whoever acts on one agent does not wait for them.
async fn on_others(
    door: &Arc<Door>,
    speaker: &Speaker,
    agents: &[String],
    command: &Command,
) -> Result<Answer, Problem> {
    if agents.len() > MAX_AGENTS {
        let message = format!("{} agents; at most {MAX_AGENTS} are right", agents.len());
        return Err(Problem::too_large(message).in_field("agentIds"));
    }
    let subject = &speaker.session.who().subject;
    let is_batch = agents.len() > 1;
    if is_batch {
        door.batches.admit(subject)?;
    }
    let each = agents.iter().map(|name| {
        // A single one does not overtake what was asked for about the same agent before.
        let stands = |agent: &AgentId| is_batch || door.batches.has(subject, agent);
        let agent = AgentId::new(name).ok().filter(stands);
        let entry: OptionFuture<_> = agent.map(|agent| door.batches.enter(subject, &agent).pass()).into();
        async move {
            let _place = entry.await;
            on_other(door, speaker, name, command).await
        }
    });
    let results = futures::future::join_all(each).await;
    Ok(Answer::Agents(Results { results }))
}

async fn on_other(door: &Arc<Door>, speaker: &Speaker, name: &str, command: &Command) -> AgentResult {
    let rejected = |problem| AgentResult::rejected(name, problem);
    let known = AgentId::new(name).ok().and_then(|agent| door.agents.existing(&agent));
    let may = match known {
        Some(known) => may_concerning(&speaker.caller, Action::Supervise, &known).map(|()| known),
        None => Err(nobody_in(&speaker.caller, "agentIds")),
    };
    let known = match may {
        Ok(known) => known,
        Err(problem) => {
            if problem.code == ErrorCode::Forbidden {
                door.audit.refused(&speaker.asker(), "supervise", about_agent(name));
            }
            return rejected(problem);
        }
    };
    let agent = known.agent.record.agent.clone();
    match door.agents.decide_noted(&agent, command.clone(), Some(&Noted(speaker.asker()))).await {
        Ok(Applied { known, .. }) => {
            if command.ask == Ask::SignOut {
                close_signed_out(door, &agent);
            }
            AgentResult::applied(name, known.agent.version)
        }
        Err(refusal) => {
            if command.ask == Ask::SignOut && refusal == Refusal::OutcomeUnknown {
                tokio::spawn(close_if_signed_out(door.clone(), agent));
            }
            rejected(refusal.into())
        }
    }
}

/// The agent's sessions end: it signed out.
fn close_signed_out(door: &Door, agent: &AgentId) {
    door.sessions.close_agent(agent, CloseCode::SignedOut, "signed out", EndCause::SignedOut);
}

/// A sign-out was not answered as applied, and may have been kept all the same. As soon as the engine can
/// tell, sockets end whose sessions the agent no longer has.
pub(super) async fn close_if_signed_out(door: Arc<Door>, agent: AgentId) {
    let asks = || Command::new(Ask::Tick, Actor::System);
    while let Err(Refusal::Unavailable | Refusal::OutcomeUnknown) = door.agents.decide(&agent, asks()).await {
        tokio::time::sleep(ASK_AGAIN_AFTER).await;
    }
    let Some(known) = door.agents.find(&agent) else { return };
    let code = CloseCode::SignedOut;
    door.sessions.close_all_but(&agent, known.agent.sessions(), code, "signed out", EndCause::SignedOut);
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
        let (outlet, _socket) = Outlet::split(listener.accept().await.unwrap().0, Limits::default(), &Arc::default());
        let who =
            Who { subject: "sue".into(), agent: None, roles: [Role::Supervisor].into_iter().collect(), network: None };
        let registration = Registry::new(0, 1, Clock::starting_at(Timestamp(0)), |_| {}).register(who, outlet);
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
