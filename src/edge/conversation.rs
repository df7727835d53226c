//! One socket from its first frame to its last.

use std::sync::Arc;
use std::time::Duration;

use bytes::BufMut;
use futures::StreamExt;
use serde::Serialize;
use serde_json::Value;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::{self, Message};
use tracing::{Instrument, Span, debug, debug_span};

use super::Door;
use super::requests::{self, FrameProblem, Speaker};
use super::upgrade::{Admitted, Heartbeats, Opening};
use super::welcome::welcome;
use super::withdrawals::News;
use crate::agents::Refusal;
use crate::domain::cause::SubEventName;
use crate::domain::rejection::Rejection;
use crate::identity::Caller;
use crate::identity::Role;
use crate::sessions::frame::TextBuilder;
use crate::sessions::{Limits, Outlet, Reading, Registration, Session, Socket, Stream, Who, sweep, websocket};
use crate::wire::shapes::{FrameError, HubFrame};

/// Malformed frames in a row after which the client does not speak this protocol at all.
const MAX_MALFORMED: u32 = 20;
/// Requests of one socket that may be under way at once.
const MAX_UNDER_WAY: u32 = 64;
/// What a page may send: so many frames at once, and so many each second after that. A person does
/// not click faster; work systems are not held to it.
const FRAMES_AT_ONCE: u32 = 100;
const FRAMES_A_SECOND: u32 = 20;

/// With this code a page closes its socket when the browser puts it to sleep.
const FALLS_ASLEEP: u16 = 4420;

/// What most frames fit into: an agent's own presence takes some 900 bytes.
const USUAL_FRAME_BYTES: usize = 1_024;

/// Why a socket is closed, with what the client should do about it (contract, *Close codes*).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CloseCode {
    /// Too many connections, or too many that come at once: come back later.
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
    let mut frame = TextBuilder::with_capacity(USUAL_FRAME_BYTES);
    // The frames have text keys only, and a buffer takes everything: they can always be written.
    drop(serde_json::to_writer(frame.payload().writer(), message));
    frame.finish()
}

/// A shape of the wire as JSON. The shapes have text keys only, so they can always be written.
pub fn json_text(shape: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(shape).unwrap_or_default()
}

/// The answer to a request, as [`HubFrame::Result`], whose result is JSON already.
pub fn encode_result(id: &Value, result: &[u8]) -> bytes::Bytes {
    let mut frame = TextBuilder::with_capacity(64 + result.len());
    let payload = frame.payload();
    payload.put_slice(b"{\"type\":\"result\",\"id\":");
    drop(serde_json::to_writer(payload.writer(), id));
    payload.put_slice(b",\"result\":");
    payload.put_slice(result);
    payload.put_u8(b'}');
    frame.finish()
}

/// A socket that was welcomed. Whatever happens to it, dropping its registration takes the session
/// out and starts what its end starts.
pub struct Conversation {
    door: Arc<Door>,
    speaker: Arc<Speaker>,
    stream: WebSocketStream<Socket>,
    allowance: Allowance,
    /// What a work system is told that it missed.
    news: Option<Arc<News>>,
    /// Frames in a row that were none of the protocol.
    malformed: u32,
    span: Span,
    _registration: Registration,
}

/// Takes a session in and welcomes it, or says why not. What seldom happens is boxed: when thousands
/// come at once, each waits here until its sign-in is kept.
pub async fn begin(door: Arc<Door>, stream: Stream, leftover: Vec<u8>, opening: Opening) -> Option<Conversation> {
    let (outlet, socket) = Outlet::split(stream, Limits::default());
    let admitted = opening.admitted.and_then(|admitted| find_room(&door, &admitted.caller).map(|()| admitted));
    let Admitted { caller, place, arrival } = match admitted {
        Ok(admitted) => admitted,
        Err(refused) => {
            Box::pin(refuse(&door, &outlet, socket, leftover, &refused)).await;
            return None;
        }
    };
    let who = Who {
        subject: caller.subject.as_str().into(),
        agent: caller.agent(),
        roles: caller.roles.iter().copied().collect(),
    };
    let registration = door.sessions.register(who, outlet);
    let session = registration.session().clone();
    match opening.heartbeats {
        Some(Heartbeats::Answered) => session.promises_answers(),
        None => {}
    }
    let span = debug_span!("session", id = %session.id(), subject = caller.subject);
    let welcomed = welcome(&door, &session, &caller, opening.accepted).instrument(span.clone()).await;
    drop((place, arrival));
    if let Err(refused) = welcomed {
        Box::pin(refuse(&door, session.outlet(), socket, leftover, &refused)).await;
        return None;
    }
    let stream = websocket(socket, leftover, reading(&caller), door.limits.max_frame_bytes as usize).await;
    let allowance = Allowance::full(door.agents.clock().running());
    let watches = door.feed.watches_of(session.id(), session.outlet().clone());
    let news = caller.roles.contains(&Role::Integration).then(|| News::of(&door, &session));
    let speaker = Arc::new(Speaker { caller, session, watches });
    Some(Conversation { door, speaker, stream, allowance, news, malformed: 0, span, _registration: registration })
}

/// People send little, and there are many of them; work systems send batches.
fn reading(caller: &Caller) -> Reading {
    if caller.roles.contains(&Role::Integration) { Reading::Batches } else { Reading::Requests }
}

/// Judged where the session is taken in, so that sockets that come together cannot all pass.
fn find_room(door: &Door, caller: &Caller) -> Result<(), Refused> {
    if door.is_closing() || door.sessions.len() >= door.server.max_connections as usize {
        let message = "too many connections now; come back later";
        return Err(Refused::new(CloseCode::TryAgainLater, "rate_limited", message));
    }
    let most = door.limits.max_sessions_per_subject as usize;
    if !sweep::make_room(&door.sessions, &caller.subject, most, door.limits.ping_interval) {
        let message = format!("{most} sockets of this subject are open already");
        return Err(Refused::new(CloseCode::TooManySessions, "rate_limited", message));
    }
    Ok(())
}

/// Says why, closes, and waits until the client has heard it. When many are refused at once, only
/// some are waited for: the others have been sent the same, and their time to read it is their own.
async fn refuse(door: &Door, outlet: &Outlet, socket: Socket, leftover: Vec<u8>, refused: &Refused) {
    let error = FrameError { code: refused.code.to_owned(), message: refused.message.clone(), details: None };
    outlet.send(encode(&HubFrame::Error { id: None, error }));
    outlet.close(refused.close.number(), refused.code);
    let Some(_place) = door.entrance.leave() else { return outlet.abort() };
    let mut stream = websocket(socket, leftover, Reading::Requests, door.limits.max_frame_bytes as usize).await;
    let answered = async { while let Some(Ok(_)) = stream.next().await {} };
    // A client that does not answer the close has had its time to read it.
    drop(tokio::time::timeout(Duration::from_secs(2), answered).await);
}

/// Whether to read on.
enum Next {
    Read,
    End,
}

impl Conversation {
    /// Reads until the socket ends, and notes how it did.
    pub async fn listen(&mut self) {
        while let Some(message) = self.stream.next().await {
            let span = self.span.clone();
            match span.in_scope(|| self.hear(message)) {
                Next::Read => {}
                Next::End => return,
            }
        }
    }

    fn hear(&mut self, message: Result<Message, tungstenite::Error>) -> Next {
        let session = &self.speaker.session;
        match message {
            Ok(Message::Text(text)) => {
                session.answers();
                self.take(Ok(&text))
            }
            Ok(Message::Binary(_)) => {
                self.take(Err(FrameProblem::malformed("binary frames are not spoken here; send text")))
            }
            // The page was closed, left, or reloads; the browser says so for it.
            Ok(Message::Close(frame)) => {
                let is_asleep = frame.is_some_and(|frame| u16::from(frame.code) == FALLS_ASLEEP);
                session.ends_as(if is_asleep { SubEventName::PageAsleep } else { SubEventName::TabClosed });
                Next::Read
            }
            Ok(Message::Pong(_)) => {
                if let Some(news) = &self.news {
                    news.pong();
                }
                Next::Read
            }
            Ok(Message::Ping(_) | Message::Frame(_)) => Next::Read,
            Err(tungstenite::Error::Capacity(error)) => {
                debug!(%error, "frame refused");
                self.close(CloseCode::TooLarge, "a frame is larger than allowed")
            }
            Err(error) => {
                debug!(%error, "the socket ended");
                Next::End
            }
        }
    }

    fn take(&mut self, text: Result<&str, FrameProblem>) -> Next {
        let session = &self.speaker.session;
        let id = || text.as_ref().ok().and_then(|text| id_of(text));
        if !self.speaker.caller.roles.contains(&Role::Integration)
            && let Err(excess) = self.allowance.take(self.door.agents.clock().running())
        {
            if excess > FRAMES_AT_ONCE {
                return self.close(CloseCode::TooManyRequests, "too many requests");
            }
            report(session, id(), &FrameProblem::new("rate_limited", "too many requests; slow down"));
            return Next::Read;
        }
        if session.requests_under_way() >= MAX_UNDER_WAY {
            let problem = FrameProblem::new("rate_limited", "too many requests are under way; wait for their answers");
            report(session, id(), &problem);
            return Next::Read;
        }
        let taken =
            text.map_err(|problem| (None, problem)).and_then(|text| requests::take(&self.door, &self.speaker, text));
        let is_protocol = taken.as_ref().err().is_none_or(|(_, problem)| problem.is_protocol());
        self.malformed = if is_protocol { 0 } else { self.malformed + 1 };
        if let Err((id, problem)) = taken {
            report(session, id, &problem);
        }
        if self.malformed >= MAX_MALFORMED {
            return self.close(CloseCode::NoProtocol, "this is not the protocol");
        }
        Next::Read
    }

    fn close(&self, code: CloseCode, reason: &str) -> Next {
        self.speaker.session.outlet().close(code.number(), reason);
        Next::End
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
