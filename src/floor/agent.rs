//! One agent of the floor: lives their day over a socket of their own.

use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt as _;
use futures::stream::FuturesUnordered;
use serde_json::{Value, json};
use tokio::sync::oneshot;

use super::back_off::BackOff;
use super::cast;
use super::client::{Advice, ConnectError, Heard, Socket};
use super::closing::Closing;
use super::day::{Channel, Day, Ending, Fact, Leaving, OFFER_TIMEOUT, Step};
use super::run::Run;
use super::tally::{lower, raise};
use crate::wire::close::CloseCode;
use crate::wire::shapes::{EventResult, EventStatus, HubFrame, Role};

/// Where the agent's socket is.
enum SocketState {
    /// Not at work, or gone.
    Away,
    /// The network is gone: the connection is kept and nothing is read from it.
    Unreachable {
        _silent: Socket,
    },
    Connected(Socket),
    /// Lost without the agent's doing; connects again at this time of the run.
    Lost {
        again_at: Duration,
    },
}

/// The hub's answer to an offer.
struct OfferAnswer {
    item: u32,
    channel: Channel,
    result: Result<EventResult, oneshot::error::RecvError>,
}

pub struct Agent {
    run: Arc<Run>,
    id: String,
    index: u32,
    day: Day,
    socket: SocketState,
    back_off: BackOff,
    /// The hub's time when the floor opened, from the last welcome, in milliseconds since 1970.
    hub_opened: i64,
    requests: u64,
    events: u64,
    /// Offers that the hub has not answered yet.
    offers: FuturesUnordered<futures::future::BoxFuture<'static, OfferAnswer>>,
}

/// Why an agent's day ends.
pub enum DayEnd {
    /// The floor closes, or the hub does not know the agent any more.
    Over,
    /// The hub does not let the agent in.
    Refused(ConnectError),
}

impl Agent {
    pub fn new(run: Arc<Run>, index: u32) -> Self {
        Self {
            day: Day::new(run.seed, index),
            id: cast::agent_id(index),
            index,
            socket: SocketState::Away,
            back_off: BackOff::new(u64::from(index)),
            hub_opened: 0,
            requests: 0,
            events: 0,
            offers: FuturesUnordered::new(),
            run,
        }
    }

    /// Lives until the floor closes.
    pub async fn live(mut self, mut closing: Closing) -> DayEnd {
        loop {
            let due = self.run.in_run(self.day.due());
            let again_at = match self.socket {
                SocketState::Lost { again_at } => again_at,
                SocketState::Away | SocketState::Unreachable { .. } | SocketState::Connected(_) => Duration::MAX,
            };
            let happened = tokio::select! {
                biased;
                () = closing.comes() => return self.goes_home().await,
                heard = heard(&mut self.socket) => self.hears(heard),
                Some(answer) = self.offers.next(), if !self.offers.is_empty() => { self.learns(answer); None }
                () = self.run.until(due.min(again_at)) => {
                    if again_at < due { self.connects().await } else { self.steps().await }
                }
            };
            if let Some(end) = happened {
                return end;
            }
        }
    }

    async fn steps(&mut self) -> Option<DayEnd> {
        let step = self.day.next()?;
        match step {
            Step::SignIn => return self.connects().await,
            Step::SignOut => {
                self.asks(json!({"type": "signOut"})).await;
                self.hangs_up().await;
            }
            Step::Reload => {
                self.asks(json!({"type": "refreshing"})).await;
                if matches!(self.socket, SocketState::Connected(_)) {
                    self.hangs_up().await;
                    self.socket = SocketState::Lost { again_at: self.run.running() + Duration::from_millis(800) };
                }
            }
            Step::Leave(how) => self.leaves(how).await,
            Step::Choose(presence, span) => {
                raise(&self.run.tally.choices);
                let mut frame = json!({"type": "setPresence", "presenceId": presence});
                if let Some(span) = span {
                    let until = self.hub_opened + millis(self.run.running() + self.run.in_run(span));
                    frame["until"] = rfc3339(until).into();
                }
                self.asks(frame).await;
            }
            Step::ResetHold => self.asks(json!({"type": "resetPresence"})).await,
            Step::Offer(item, channel) => self.is_offered(item, channel).await,
            Step::Accept(item) => self.tells("workitem.assigned", item, json!({"subEvent": "ASSIGNMENT_ACCEPT"})).await,
            Step::Reject(item) => self.tells("workitem.rejected", item, json!({})).await,
            Step::Withdraw(item) => {
                self.tells("workitem.withdrawn", item, json!({"reason": "the customer left"})).await
            }
            Step::WrapUp(item) => self.tells("workitem.wrap_up_started", item, json!({})).await,
            Step::End(item, how) => {
                let kind = match how {
                    Ending::Closed => "workitem.closed",
                    Ending::Transferred => "workitem.transferred",
                    Ending::Requeued => "workitem.requeued",
                };
                self.tells(kind, item, json!({})).await;
            }
        }
        None
    }

    async fn connects(&mut self) -> Option<DayEnd> {
        self.socket = SocketState::Away;
        self.run.turn_to_connect().await;
        let token = (self.run.tokens)(&self.id, Role::Agent);
        match Socket::open(&self.run.hub, &token, None).await {
            Ok((socket, welcome)) => {
                self.back_off.welcomed();
                if let HubFrame::Welcome { server_time, .. } = &welcome
                    && let Ok(time) = server_time.parse::<jiff::Timestamp>()
                {
                    self.hub_opened = time.as_millisecond() - millis(self.run.running());
                }
                raise(&self.run.tally.connected);
                self.socket = SocketState::Connected(socket);
                None
            }
            Err(error) => match (error.advice(), &error) {
                (Advice::ComeBack, _) => {
                    self.is_lost();
                    None
                }
                (Advice::StayAway, ConnectError::Closed { code: Some(code), .. })
                    if matches!(CloseCode::of(*code), Some(CloseCode::UnknownAgent | CloseCode::TooManySessions)) =>
                {
                    self.run.tally.refused("agent turned away");
                    Some(DayEnd::Over)
                }
                (Advice::StayAway | Advice::RenewCredentials, _) => Some(DayEnd::Refused(error)),
            },
        }
    }

    fn is_lost(&mut self) {
        self.socket = SocketState::Lost { again_at: self.run.running() + self.back_off.next() };
    }

    async fn leaves(&mut self, how: Leaving) {
        match how {
            Leaving::ClosesTab => self.hangs_up().await,
            Leaving::Crashes => drop(self.takes_socket()),
            Leaving::LosesNetwork => {
                self.socket = match self.takes_socket() {
                    Some(silent) => SocketState::Unreachable { _silent: silent },
                    None => SocketState::Away,
                };
            }
        }
    }

    async fn hangs_up(&mut self) {
        if let Some(socket) = self.takes_socket() {
            socket.close().await;
        }
    }

    async fn goes_home(mut self) -> DayEnd {
        self.hangs_up().await;
        DayEnd::Over
    }

    /// The socket, with which the agent is away.
    fn takes_socket(&mut self) -> Option<Socket> {
        match std::mem::replace(&mut self.socket, SocketState::Away) {
            SocketState::Connected(socket) => {
                lower(&self.run.tally.connected);
                Some(socket)
            }
            SocketState::Away | SocketState::Unreachable { .. } | SocketState::Lost { .. } => None,
        }
    }

    /// Sends a request, if the agent is connected. Its answer is only counted.
    async fn asks(&mut self, mut frame: Value) {
        let SocketState::Connected(socket) = &mut self.socket else { return };
        self.requests += 1;
        frame["id"] = self.requests.into();
        // A lost connection is heard of next.
        let _ = socket.send(frame.to_string()).await;
    }

    async fn is_offered(&mut self, item: u32, channel: Channel) {
        let timeout = self.run.in_run(OFFER_TIMEOUT).as_secs().max(1);
        let data = json!({"workstreamId": cast::workstream_id(channel), "timeoutSeconds": timeout, "ifEligible": true});
        let answer = self.sends("workitem.offered", item, data).await;
        self.offers.push(Box::pin(async move { OfferAnswer { item, channel, result: answer.await } }));
    }

    /// Tells the work system something whose result decides nothing.
    async fn tells(&mut self, kind: &str, item: u32, data: Value) {
        drop(self.sends(kind, item, data).await);
    }

    async fn sends(&mut self, kind: &str, item: u32, mut data: Value) -> oneshot::Receiver<EventResult> {
        self.events += 1;
        data["agentId"] = self.id.clone().into();
        data["workItemId"] = format!("{}-{}-{item}", self.run.name, self.index).into();
        self.run.work.send(format!("{}-{}", self.index, self.events), kind, data).await
    }

    fn learns(&mut self, answer: OfferAnswer) {
        // Without a result the floor closes; a refused offer changes nothing.
        if let Ok(result) = answer.result
            && matches!(result.status, EventStatus::Applied | EventStatus::Duplicate)
            && result.code.is_none()
        {
            self.day.learn(Fact::Offered(answer.item, answer.channel));
        }
    }

    fn hears(&mut self, heard: Heard) -> Option<DayEnd> {
        match heard {
            Heard::Frame(text) => {
                raise(&self.run.tally.frames);
                match serde_json::from_str::<HubFrame>(&text) {
                    Ok(HubFrame::Error { error, .. }) => self.run.tally.refused(&error.code.to_string()),
                    Ok(HubFrame::Restarting { reconnect_after_ms }) => {
                        self.back_off.announced(Some(reconnect_after_ms))
                    }
                    // Clients ignore what they do not know.
                    Ok(_) | Err(_) => {}
                }
            }
            Heard::Closed(code) => {
                drop(self.takes_socket());
                match (Advice::of(code), code.and_then(CloseCode::of)) {
                    (Advice::ComeBack | Advice::RenewCredentials, _) => {
                        raise(&self.run.tally.losses);
                        self.is_lost();
                    }
                    (Advice::StayAway, Some(CloseCode::SignedOut)) => self.day.learn(Fact::SignedOut),
                    (Advice::StayAway, _) => {
                        self.run.tally.refused("agent turned away");
                        return Some(DayEnd::Over);
                    }
                }
            }
        }
        None
    }
}

/// What comes next on the agent's socket; nothing without one.
async fn heard(socket: &mut SocketState) -> Heard {
    match socket {
        SocketState::Connected(socket) => socket.next().await,
        SocketState::Away | SocketState::Unreachable { .. } | SocketState::Lost { .. } => std::future::pending().await,
    }
}

fn millis(span: Duration) -> i64 {
    i64::try_from(span.as_millis()).unwrap_or(i64::MAX)
}

fn rfc3339(millis: i64) -> String {
    jiff::Timestamp::from_millisecond(millis).unwrap_or_default().to_string()
}
