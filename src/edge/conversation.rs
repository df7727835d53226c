//! One socket from its first frame to its last.

use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt;
use serde_json::Value;
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::{self, Message};
use tracing::{Instrument, debug, debug_span};

use super::Door;
use super::requests::{self, FrameProblem};
use crate::agents::Refusal;
use crate::domain::cause::{Actor, SubEventName};
use crate::domain::command::{Ask, Command};
use crate::domain::ids::AgentId;
use crate::domain::record::AgentRecord;
use crate::domain::rejection::Rejection;
use crate::domain::time::Timestamp;
use crate::identity::Caller;
use crate::identity::Role;
use crate::sessions::{Limits, Outlet, Registration, Session, Socket, Who, frame, websocket};
use crate::wire::present;
use crate::wire::shapes::{self, FrameError, HubFrame};

/// Malformed frames in a row after which the client does not speak this protocol at all.
const MAX_MALFORMED: u32 = 20;
/// Requests of one socket that may be under way at once.
const MAX_UNDER_WAY: u32 = 64;
/// What a page may send: so many frames at once, and so many each second after that. A person does
/// not click faster; work systems are not held to it.
const FRAMES_AT_ONCE: u32 = 100;
const FRAMES_A_SECOND: u32 = 20;

/// Why a socket is closed, with what the client should do about it (contract, *Close codes*).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CloseCode {
    /// Too many connections now: come back later.
    TryAgainLater,
    /// A planned stop: come back after the announced delay.
    Restart,
    /// Frames that are no protocol, repeatedly.
    NoProtocol,
    /// Credentials are missing, invalid or expired: renew them.
    Unauthenticated,
    /// Not allowed.
    Forbidden,
    /// The agent is unknown or disabled.
    UnknownAgent,
    /// Too many sessions of this subject.
    TooManySessions,
    /// Signed out, by the person or a supervisor.
    SignedOut,
    /// A frame larger than allowed.
    TooLarge,
    /// Too many requests: come back later.
    TooManyRequests,
    /// The hub failed: come back later.
    Failed,
}

impl CloseCode {
    /// The number on the wire.
    #[must_use]
    pub fn number(self) -> u16 {
        match self {
            Self::Restart => 1012,
            Self::TryAgainLater => 1013,
            Self::NoProtocol => 4400,
            Self::Unauthenticated => 4401,
            Self::Forbidden => 4403,
            Self::UnknownAgent => 4404,
            Self::TooManySessions => 4409,
            Self::SignedOut => 4410,
            Self::TooLarge => 4413,
            Self::TooManyRequests => 4429,
            Self::Failed => 4500,
        }
    }
}

/// Why a socket is closed again before it is welcomed.
#[derive(Debug)]
pub struct Refused {
    close: CloseCode,
    code: &'static str,
    message: String,
}

impl Refused {
    /// Closed with `close`, after an error frame of this code and message.
    pub fn new(close: CloseCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { close, code, message: message.into() }
    }
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        let close = match &refusal {
            Refusal::Rejected(Rejection::UnknownAgent | Rejection::AgentDisabled) => CloseCode::UnknownAgent,
            Refusal::Rejected(_) | Refusal::TooLarge | Refusal::Unavailable | Refusal::OutcomeUnknown => {
                CloseCode::Failed
            }
        };
        Self::new(close, refusal.code(), refusal.to_string())
    }
}

/// A frame of the hub's, ready for the socket.
pub fn encode(message: &HubFrame) -> bytes::Bytes {
    // The frames have text keys only, so they can always be written.
    frame::text(&serde_json::to_vec(message).unwrap_or_default())
}

/// Holds a socket until it ends. Whatever happens in here, dropping the registration takes the
/// session out and starts what its end starts.
pub async fn hold(
    door: Arc<Door>,
    stream: TcpStream,
    leftover: Vec<u8>,
    caller: Result<Caller, Refused>,
    accepted: Timestamp,
) {
    let (outlet, socket) = Outlet::split(stream, Limits::default());
    let caller = match caller.and_then(|caller| find_room(&door, &caller).map(|()| caller)) {
        Ok(caller) => caller,
        Err(refused) => return refuse(&door, &outlet, socket, leftover, &refused).await,
    };
    let who = Who {
        subject: caller.subject.as_str().into(),
        agent: caller.agent(),
        roles: caller.roles.iter().copied().collect(),
    };
    let registration = door.sessions.register(who, outlet);
    let span = debug_span!("session", id = %registration.session().id(), subject = caller.subject);
    // Boxed, so that what only the beginning needs does not live as long as the connection.
    let welcomed = Box::pin(welcome(&door, &registration, &caller, accepted)).instrument(span.clone()).await;
    if let Err(refused) = welcomed {
        let outlet = registration.session().outlet().clone();
        return refuse(&door, &outlet, socket, leftover, &refused).await;
    }
    let stream = websocket(socket, leftover, door.limits.max_frame_bytes as usize).await;
    listen(&door, registration.session(), caller, stream).instrument(span).await;
}

/// Judged where the session is taken in, so that sockets that come together cannot all pass.
fn find_room(door: &Door, caller: &Caller) -> Result<(), Refused> {
    if door.is_closing() || door.sessions.len() >= door.server.max_connections as usize {
        let message = "too many connections now; come back later";
        return Err(Refused::new(CloseCode::TryAgainLater, "rate_limited", message));
    }
    let most = door.limits.max_sessions_per_subject as usize;
    if door.sessions.of_subject(&caller.subject).len() >= most {
        let message = format!("{most} sockets of this subject are open already");
        return Err(Refused::new(CloseCode::TooManySessions, "rate_limited", message));
    }
    Ok(())
}

/// Says why, closes, and waits until the client has heard it.
async fn refuse(door: &Door, outlet: &Outlet, socket: Socket, leftover: Vec<u8>, refused: &Refused) {
    let error = FrameError { code: refused.code.to_owned(), message: refused.message.clone(), details: None };
    outlet.send(encode(&HubFrame::Error { id: None, error }));
    outlet.close(refused.close.number(), refused.code);
    let mut stream = websocket(socket, leftover, door.limits.max_frame_bytes as usize).await;
    let answered = async { while let Some(Ok(_)) = stream.next().await {} };
    // A client that does not answer the close has had its time to read it.
    drop(tokio::time::timeout(Duration::from_secs(2), answered).await);
}

/// Signs an agent in, and sends the first frame.
async fn welcome(
    door: &Door,
    registration: &Registration,
    caller: &Caller,
    accepted: Timestamp,
) -> Result<(), Refused> {
    let session = registration.session();
    if let Some(agent) = caller.agent() {
        provision(door, &agent, caller).await?;
        let open = Command::new(Ask::OpenSession(session.id(), accepted), Actor::Agent(agent.clone()));
        door.agents.decide(&agent, open).await?;
    }
    let view = door.agents.directory();
    let known = caller.agent().and_then(|agent| door.agents.existing(&agent));
    let agent = known.as_ref().map(|known| present::agent_presence(known.seq, &known.agent, &view.directory));
    let options = known
        .as_ref()
        .map(|known| view.directory.presence_options(&known.agent.record).into_iter().map(present::presence).collect());
    session.welcome(encode(&HubFrame::Welcome {
        session_id: session.id().to_string(),
        roles: caller.roles.iter().map(|role| shape_of(*role)).collect(),
        subject: caller.subject.clone(),
        epoch: door.epoch.clone(),
        seq: door.agents.applied(),
        server_time: present::time(door.agents.clock().now()),
        heartbeat_seconds: door.limits.heartbeat_interval.as_secs(),
        token_expires_at: present::time(caller.expires),
        agent,
        presence_options: options,
    }));
    session.trust_until(caller.expires, caller.valid_until);
    Ok(())
}

/// An unknown agent with a valid token gets a record, if the settings say so.
async fn provision(door: &Door, agent: &AgentId, caller: &Caller) -> Result<(), Refused> {
    let view = door.agents.directory();
    if !view.directory.policy.auto_provision_agents || door.agents.existing(agent).is_some() {
        return Ok(());
    }
    let name = caller.name.clone().unwrap_or_else(|| agent.as_str().to_owned());
    let mut record = AgentRecord::new(agent.clone(), name);
    // For an agent that is no supervisor too, the token's teams are its own.
    if !caller.roles.contains(&Role::Supervisor) {
        record.teams = caller.teams.clone().unwrap_or_default();
    }
    door.agents.configure(record, Actor::System, None).await?;
    Ok(())
}

fn shape_of(role: Role) -> shapes::Role {
    match role {
        Role::Agent => shapes::Role::Agent,
        Role::Supervisor => shapes::Role::Supervisor,
        Role::Integration => shapes::Role::Integration,
        Role::Admin => shapes::Role::Admin,
    }
}

/// Reads until the socket ends, and notes how it did.
async fn listen(door: &Arc<Door>, session: &Arc<Session>, caller: Caller, mut stream: WebSocketStream<Socket>) {
    let mut allowance = Allowance::full(door.agents.clock().running());
    let mut malformed = 0;
    let watches = door.feed.watches_of(session.id(), session.outlet().clone());
    let speaker = requests::Speaker { caller, session: session.clone(), watches };
    let speaker = Arc::new(speaker);
    while let Some(message) = stream.next().await {
        let text = match message {
            Ok(Message::Text(text)) => Ok(text),
            Ok(Message::Binary(_)) => Err(FrameProblem::malformed("binary frames are not spoken here; send text")),
            // The page was closed, left, or reloads; the browser says so for it.
            Ok(Message::Close(_)) => {
                session.ends_as(SubEventName::TabClosed);
                continue;
            }
            Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_)) => continue,
            Err(tungstenite::Error::Capacity(error)) => {
                debug!(%error, "frame refused");
                session.outlet().close(CloseCode::TooLarge.number(), "a frame is larger than allowed");
                return;
            }
            Err(error) => return debug!(%error, "the socket ended"),
        };
        let id = || text.as_ref().ok().and_then(|text| id_of(text));
        if !speaker.caller.roles.contains(&Role::Integration)
            && let Err(excess) = allowance.take(door.agents.clock().running())
        {
            if excess > FRAMES_AT_ONCE {
                session.outlet().close(CloseCode::TooManyRequests.number(), "too many requests");
                return;
            }
            report(session, id(), &FrameProblem::new("rate_limited", "too many requests; slow down"));
            continue;
        }
        if session.requests_under_way() >= MAX_UNDER_WAY {
            let problem = FrameProblem::new("rate_limited", "too many requests are under way; wait for their answers");
            report(session, id(), &problem);
            continue;
        }
        let taken = text.map_err(|problem| (None, problem)).and_then(|text| requests::take(door, &speaker, &text));
        let is_protocol = taken.as_ref().err().is_none_or(|(_, problem)| problem.is_protocol());
        malformed = if is_protocol { 0 } else { malformed + 1 };
        if let Err((id, problem)) = taken {
            report(session, id, &problem);
        }
        if malformed >= MAX_MALFORMED {
            session.outlet().close(CloseCode::NoProtocol.number(), "this is not the protocol");
            return;
        }
    }
}

fn id_of(text: &str) -> Option<Value> {
    serde_json::from_str::<Value>(text).ok()?.get_mut("id").map(Value::take)
}

/// Sends an error frame.
pub fn report(session: &Session, id: Option<Value>, problem: &FrameProblem) {
    session.outlet().send(encode(&HubFrame::Error { id, error: problem.shape() }));
}

/// How many frames a page may still send: a bucket that fills with time.
struct Allowance {
    left: u32,
    excess: u32,
    filled_at: Duration,
}

impl Allowance {
    fn full(now: Duration) -> Self {
        Self { left: FRAMES_AT_ONCE, excess: 0, filled_at: now }
    }

    /// Takes one, or says how many too many have come since the bucket was empty.
    fn take(&mut self, now: Duration) -> Result<(), u32> {
        let seconds = u32::try_from(now.saturating_sub(self.filled_at).as_secs()).unwrap_or(u32::MAX);
        if seconds > 0 {
            self.left = self.left.saturating_add(seconds.saturating_mul(FRAMES_A_SECOND)).min(FRAMES_AT_ONCE);
            self.filled_at = now;
        }
        if self.left == 0 {
            self.excess += 1;
            return Err(self.excess);
        }
        self.left -= 1;
        self.excess = 0;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_floods_is_held_back_and_one_that_calms_down_is_heard_again() {
        let mut allowance = Allowance::full(Duration::ZERO);
        for _ in 0..FRAMES_AT_ONCE {
            assert_eq!(allowance.take(Duration::ZERO), Ok(()));
        }
        assert_eq!(allowance.take(Duration::ZERO), Err(1));
        assert_eq!(allowance.take(Duration::from_secs(1)), Ok(()));
    }
}
