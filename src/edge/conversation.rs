//! One socket from its first frame to its last.

use core::net::IpAddr;
use std::future::poll_fn;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use futures::StreamExt;
use serde_json::Value;
use tokio_tungstenite::tungstenite::error::ProtocolError;
use tokio_tungstenite::tungstenite::{self, Message};
use tracing::{Instrument, Span, debug, debug_span};

use super::allowance::{Allowance, Excess, Rate};
use super::audit::asker;
use super::frames::report;
use super::head::{Head, Kind, Refused};
use super::requests::{self, Events};
use super::sockets::Open;
use super::speaker::Speaker;
use super::turned_away::TurnedAway;
use super::upgrade::{Admitted, Heartbeats, Opening};
use super::welcome::welcome;
use super::withdrawals::News;
use super::{AT_ONCE_BYTES, Door};
use crate::domain::ids::AgentId;
use crate::feed::Form;
use crate::identity::{self, Action, Caller, SubProtocol};
use crate::sessions::{
    EndCause, Limits, Messages, Outlet, Reading, Registration, Session, Socket, Stream, Who, frame, sweep, websocket,
};
use crate::wire::close::{CloseCode, FALLS_ASLEEP};
use crate::wire::code::ErrorCode;
use crate::wire::limit::Limit;
use crate::wire::problem::Problem;
use crate::wire::shapes::HubFrame;

/// Malformed frames in a row after which the client does not speak this protocol at all.
pub const MAX_MALFORMED: u32 = 20;
/// Requests of one socket that may be under way at once.
pub const MAX_UNDER_WAY: u32 = 64;
/// The largest frame of whoever is no work system: 1,000 agents at their longest ids fit.
pub const PEOPLES_FRAME_BYTES: u32 = 288 * 1024;
/// After so many frames of one socket others are served, however many more are there already; after a large one, and
/// after each that brings events, at once.
const FRAMES_IN_A_ROW: u32 = 8;

/// A socket that was welcomed. Whatever happens to it, dropping its registration takes the session
/// out and starts what its end starts.
pub struct Conversation {
    door: Arc<Door>,
    speaker: Arc<Speaker>,
    messages: Messages,
    allowance: Allowance,
    /// What a work system is told that it missed.
    news: Option<Arc<News>>,
    /// Frames in a row that were none of the protocol.
    malformed: u32,
    _registration: Registration,
    /// One of its address.
    _open: Option<Open>,
}

/// Takes a session in and welcomes it, or says why not; the `answer` that opens the socket goes out with that. What
/// seldom happens is boxed: when thousands come at once, each waits here until its sign-in is kept.
pub async fn begin(
    door: Arc<Door>,
    (stream, answer): (Stream, Bytes),
    leftover: Vec<u8>,
    opening: Box<Opening>,
) -> Option<Conversation> {
    let (outlet, socket) = Outlet::split(stream, Limits::default(), door.sessions.metrics());
    outlet.begins_with(answer);
    let admitted = opening.admitted.and_then(|admitted| {
        let open = find_room(&door, &admitted.caller, opening.address)?;
        Ok((admitted, open))
    });
    let (Admitted { caller, place, arrival }, open) = match admitted {
        Ok(admitted) => admitted,
        Err(away) => {
            Box::pin(turn_away(&door, &outlet, socket, leftover, (away, ""))).await;
            return None;
        }
    };
    let agent = caller.agent();
    let who = Who {
        subject: agent.as_ref().map_or_else(|| caller.subject.as_str().into(), AgentId::text),
        agent,
        roles: caller.roles,
        network: opening.network,
    };
    let registration = door.sessions.register(who, outlet);
    let session = registration.session().clone();
    match opening.heartbeats {
        Some(Heartbeats::Answered) => session.promises_answers(),
        None => {}
    }
    let welcomed =
        welcome(&door, &session, &caller, asker(&caller, opening.address), (opening.opens, opening.accepted))
            .instrument(span_of(&session))
            .await;
    drop((place, arrival));
    if let Err(away) = welcomed {
        Box::pin(turn_away(&door, session.outlet(), socket, leftover, (away, &caller.subject))).await;
        return None;
    }
    let messages = websocket(socket, leftover, reading(&caller), most_bytes(&door, &caller));
    let allowance = Allowance::full(Rate::of_frames(&door.bounds), door.agents.clock().running());
    let (outlet, form) = (session.outlet().clone(), form(opening.protocol));
    let watches = door.feed.watches_of(session.id(), &caller.subject, outlet, form);
    let news = identity::may(&caller, Action::HearOffers).is_ok().then(|| News::of(&door, &session));
    let speaker =
        Arc::new(Speaker { caller, roles: opening.roles.map(Into::into), address: opening.address, session, watches });
    let (malformed, _registration, _open) = (0, registration, open);
    Some(Conversation { door, speaker, messages, allowance, news, malformed, _registration, _open })
}

/// Made anew for each message: kept, it would take its place in memory also where nobody looks at it.
fn span_of(session: &Session) -> Span {
    debug_span!("session", id = %session.id(), subject = &*session.who().subject)
}

fn form(protocol: SubProtocol) -> Form {
    match protocol {
        SubProtocol::V1Deflated => Form::Deflated,
        SubProtocol::V1 | SubProtocol::Unspoken => Form::Text,
    }
}

fn sends_batches(caller: &Caller) -> bool {
    identity::may(caller, Action::SendEvents).is_ok()
}

/// People send little, and there are many of them; work systems send batches.
fn reading(caller: &Caller) -> Reading {
    if sends_batches(caller) { Reading::Batches } else { Reading::Requests }
}

/// Work systems send batches; for everyone else much less will do.
fn most_bytes(door: &Door, caller: &Caller) -> u32 {
    let most = door.limits.max_frame_bytes;
    if sends_batches(caller) { most } else { most.min(PEOPLES_FRAME_BYTES) }
}

/// Judged where the session is taken in, so that sockets that come together cannot all pass.
fn find_room(door: &Door, caller: &Caller, address: Option<IpAddr>) -> Result<Option<Open>, TurnedAway> {
    if door.is_closing() {
        let message = "the hub is stopping; come back in a moment";
        return Err(TurnedAway::new(CloseCode::TryAgainLater, ErrorCode::RateLimited, message));
    }
    let most = door.server.max_connections as usize;
    if door.sessions.len() >= most {
        let message = format!("{most} sockets are open already; come back later");
        return Err(TurnedAway::limited(CloseCode::TryAgainLater, Limit::Connections, message));
    }
    let most = door.limits.max_sessions_per_subject as usize;
    let here = most.saturating_sub(door.agents.sessions_elsewhere(&caller.subject));
    if !sweep::make_room(&door.sessions, &caller.subject, here, door.limits.ping_interval) {
        let message = format!("{most} sockets of this subject are open already");
        return Err(TurnedAway::limited(CloseCode::TooManySessions, Limit::SocketsOfSubject, message));
    }
    let open = address.map(|address| door.sockets.open(address)).transpose();
    open.map_err(|crowded| TurnedAway::limited(CloseCode::TryAgainLater, Limit::SocketsOfAddress, crowded.to_string()))
}

/// Says why, closes, and waits until the client has heard it. When many are refused at once, only
/// some are waited for: the others have been sent the same, and their time to read it is their own.
async fn turn_away(
    door: &Door,
    outlet: &Outlet,
    socket: Socket,
    leftover: Vec<u8>,
    (away, subject): (TurnedAway, &str),
) {
    let TurnedAway { close, problem } = away;
    door.tally.problem(&problem, subject);
    let reason = problem.code.to_string();
    outlet.send(frame::saying(&HubFrame::Error { id: None, error: problem.into() }));
    outlet.close(close, &reason);
    let Some(_place) = door.entrance.leave() else { return outlet.abort() };
    let mut messages = websocket(socket, leftover, Reading::Requests, door.limits.max_frame_bytes);
    let answered = async { while let Some(Ok(_)) = messages.next().await {} };
    // A client that does not answer the close has had its time to read it.
    drop(tokio::time::timeout(Duration::from_secs(2), answered).await);
}

/// What is to be done before the socket is read on. What seldom is is boxed, so that it takes no place in the task of a
/// socket that never needs it.
enum Next {
    Read,
    /// A large frame: it is understood when it is its turn.
    Understand(Box<Bytes>),
    TakeIn(Box<Events>),
    End,
}

impl Conversation {
    /// Reads until the socket ends, and notes how it did.
    pub async fn listen(&mut self) {
        let mut frames: u32 = 0;
        while let Some(next) = poll_fn(|cx| self.poll_heard(cx)).await {
            frames += 1;
            match next {
                Next::Read => {}
                Next::End => return,
                long @ (Next::Understand(_) | Next::TakeIn(_)) => {
                    frames = FRAMES_IN_A_ROW;
                    if let Next::End = Box::pin(self.take_time(long)).await {
                        return;
                    }
                }
            }
            if frames >= FRAMES_IN_A_ROW {
                frames = 0;
                tokio::task::yield_now().await;
            }
        }
    }

    /// Does what is done in bites. The next frame is read after it, so that the order is kept.
    async fn take_time(&mut self, next: Next) -> Next {
        let span = span_of(&self.speaker.session);
        self.do_in_bites(next).instrument(span).await
    }

    async fn do_in_bites(&mut self, next: Next) -> Next {
        let door = self.door.clone();
        let (_turn, next) = match next {
            Next::Understand(text) => (Some(door.large.lock().await), self.take(&text)),
            short @ (Next::TakeIn(_) | Next::Read | Next::End) => (None, short),
        };
        match next {
            Next::TakeIn(events) => {
                events.take_in(&door, &self.speaker).await;
                Next::Read
            }
            done @ (Next::Understand(_) | Next::Read | Next::End) => done,
        }
    }

    /// What the next message asks for; none at the end. The message is no part of the future that waits for it.
    fn poll_heard(&mut self, cx: &mut Context<'_>) -> Poll<Option<Next>> {
        let Some(message) = ready!(self.messages.poll_next_unpin(cx)) else { return Poll::Ready(None) };
        let span = span_of(&self.speaker.session);
        Poll::Ready(Some(span.in_scope(|| self.hear(message))))
    }

    fn hear(&mut self, message: Result<Message, tungstenite::Error>) -> Next {
        let session = &self.speaker.session;
        match message {
            Ok(Message::Text(text)) => {
                session.answers();
                let text = Bytes::from(text);
                if text.len() > AT_ONCE_BYTES { Next::Understand(Box::new(text)) } else { self.take(&text) }
            }
            Ok(Message::Binary(_)) => self
                .is_too_much(None)
                .unwrap_or_else(|| self.refuse(Refused::unread("binary frames are not spoken here; send text"))),
            // The page was closed, left, or reloads; the browser says so for it.
            Ok(Message::Close(frame)) => {
                let is_asleep = frame.is_some_and(|frame| u16::from(frame.code) == FALLS_ASLEEP);
                session.ends_as(if is_asleep { EndCause::PageAsleep } else { EndCause::TabClosed });
                Next::Read
            }
            Ok(Message::Pong(_)) => {
                if let Some(news) = &self.news {
                    news.pong();
                }
                self.pass_over()
            }
            Ok(Message::Ping(_) | Message::Frame(_)) => self.pass_over(),
            Err(tungstenite::Error::Capacity(error)) => {
                debug!(%error, "frame refused");
                self.close(CloseCode::TooLarge, "a frame is larger than allowed")
            }
            Err(tungstenite::Error::Utf8(error)) => {
                debug!(error, "a text is not UTF-8");
                self.close(CloseCode::NotUtf8, "not UTF-8")
            }
            Err(tungstenite::Error::Protocol(error)) if error != ProtocolError::ResetWithoutClosingHandshake => {
                debug!(%error, "the client broke the protocol");
                self.close(CloseCode::BrokenProtocol, &error.to_string())
            }
            Err(tungstenite::Error::Io(error)) if error.kind() == std::io::ErrorKind::FileTooLarge => {
                self.close(CloseCode::TooLarge, "a frame is in more pieces than allowed")
            }
            Err(error) => {
                debug!(%error, "the socket ended");
                Next::End
            }
        }
    }

    fn take(&mut self, text: &Bytes) -> Next {
        // What stands behind our close is not judged any more: what allowed it may be what has ended.
        if self.speaker.session.outlet().closing_since().is_some() {
            return Next::Read;
        }
        let head = match Head::of(text) {
            Ok(head) => head,
            Err(refused) => {
                return self.is_too_much(refused.id.clone()).unwrap_or_else(|| self.refuse(refused));
            }
        };
        if head.kind != Kind::Events
            && let Some(next) = self.is_too_much(head.id.clone())
        {
            return next;
        }
        if self.speaker.session.requests_under_way() >= MAX_UNDER_WAY {
            let detail = format!("{MAX_UNDER_WAY} requests are under way; wait for their answers");
            return self.refuse(Refused { id: head.id, problem: Problem::limited(Limit::UnderWay, detail) });
        }
        match requests::take(&self.door, &self.speaker, text, head) {
            Ok(events) => {
                self.malformed = 0;
                events.map_or(Next::Read, |events| Next::TakeIn(Box::new(events)))
            }
            Err(refused) => self.refuse(refused),
        }
    }

    /// What wants no answer, or has been answered by the protocol.
    fn pass_over(&mut self) -> Next {
        match self.spend() {
            Ok(()) | Err(Excess::Refused) => Next::Read,
            Err(Excess::Hopeless) => self.close_as_flooding(),
        }
    }

    /// Takes a frame off the allowance. What becomes of it, if nothing was left.
    fn is_too_much(&mut self, id: Option<Value>) -> Option<Next> {
        match self.spend() {
            Ok(()) => None,
            Err(Excess::Refused) => {
                let rate = Rate::of_frames(&self.door.bounds);
                let problem = Problem::limited(Limit::Frames, format!("too many frames; {rate} are right"));
                report(&self.door, &self.speaker.session, id, problem);
                Some(Next::Read)
            }
            Err(Excess::Hopeless) => Some(self.close_as_flooding()),
        }
    }

    fn spend(&mut self) -> Result<(), Excess> {
        self.allowance.take(1, self.door.agents.clock().running())
    }

    /// Says what is wrong with a frame. Frames that are no protocol, again and again, end the socket.
    fn refuse(&mut self, refused: Refused) -> Next {
        let Refused { id, problem } = refused;
        self.malformed = if problem.code.is_understood() { 0 } else { self.malformed + 1 };
        report(&self.door, &self.speaker.session, id, problem);
        if self.malformed >= MAX_MALFORMED {
            return self.close(CloseCode::NoProtocol, "this is not the protocol");
        }
        Next::Read
    }

    fn close_as_flooding(&self) -> Next {
        self.close(CloseCode::TooManyRequests, "too many requests")
    }

    fn close(&self, code: CloseCode, reason: &str) -> Next {
        self.speaker.session.outlet().close(code, reason);
        Next::End
    }
}
