//! What this node has sent to the log and waits for.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use async_nats::connection::State;
use async_nats::{HeaderMap, Message, StatusCode, Subscriber};
use bytes::Bytes;
use serde::Deserialize;
use tokio::time::Instant;
use tracing::debug;

use super::Place;
use super::api::{Api, Said};
use crate::engine::words::By;
use crate::engine::{Append, Beside, Outcome, Release, Reply};

/// How long somebody waits for the log. Then nobody knows; the log will tell.
const PATIENCE: Duration = Duration::from_secs(2);
/// The number of what this node sends to itself, to hear that its server is there.
const ECHO: u64 = 0;
/// One in so many looks sends one, and after so many in which nothing was heard the server is quiet. Looks are counted,
/// because a machine that stood still has not looked either.
const ECHO_EVERY: u32 = 5;
const QUIET_AFTER: u32 = 20;
/// What was sent and never came is forgotten after this: it will not come any more.
const FORGOTTEN: Duration = Duration::from_mins(1);
/// How often a message is sent again that JetStream could not judge.
const TRIES: u8 = 5;
/// The subject has a newer message.
const WRONG_LAST: u32 = 10_071;
/// Another message of the subject is just being kept.
const IN_FLIGHT: u32 = 10_164;

/// Which message a message has to follow.
#[derive(Clone, Debug)]
pub(super) struct Guard {
    /// The position of the subject's last message; 0 if there is none.
    pub last: u64,
    /// The group of subjects that is meant, if it is not the message's own.
    pub group: Option<String>,
}

/// What was sent.
pub(super) struct Sent {
    pub what: Waiting,
    pub subject: String,
    pub payload: Bytes,
    pub guard: Option<Guard>,
    pub tries: u8,
    pub at: Instant,
}

/// Who waits for it.
pub(super) enum Waiting {
    Append {
        append: Append,
        texts: Vec<String>,
        release: Option<Release>,
        place: Option<Place>,
    },
    Beside {
        what: Beside,
        reply: Reply,
    },
    /// This node's own word.
    Word,
    /// That another node is gone.
    Gone,
}

/// What JetStream said of a message.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Judged {
    Kept {
        position: u64,
    },
    /// The subject's last message stands there.
    Overtaken {
        last: u64,
    },
    /// To be sent again.
    Undecided,
    /// Nobody listens: it was not kept.
    Nobody,
    /// Whether it was kept, nobody knows.
    Unknown(String),
}

/// What was sent and is not over.
pub(super) struct Appends {
    api: Api,
    inbox: String,
    answers: Subscriber,
    sent: HashMap<u64, Sent>,
    next: u64,
    /// When to give up on whom, in order.
    patience: VecDeque<(Instant, u64)>,
    /// How often was looked since anything was heard.
    unheard: u32,
}

#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    error: Option<Said>,
    #[serde(default)]
    seq: u64,
}

impl Appends {
    pub async fn begin(api: Api) -> Result<Self, async_nats::SubscribeError> {
        let inbox = api.client.new_inbox();
        let answers = api.client.subscribe(format!("{inbox}.*")).await?;
        Ok(Self { api, inbox, answers, sent: HashMap::new(), next: 1, patience: VecDeque::new(), unheard: 0 })
    }

    /// The number of the next message.
    pub fn number(&mut self) -> u64 {
        self.next += 1;
        self.next - 1
    }

    /// Sends a message. It is given back if the connection does not take it.
    pub async fn send(&mut self, number: u64, sent: Sent) -> Result<(), Sent> {
        let mut headers = HeaderMap::new();
        if let Some(guard) = &sent.guard {
            headers.insert("Nats-Expected-Last-Subject-Sequence", guard.last.to_string());
            if let Some(group) = &guard.group {
                headers.insert("Nats-Expected-Last-Subject-Sequence-Subject", group.as_str());
            }
        }
        let reply = format!("{}.{number}", self.inbox);
        let (subject, payload) = (sent.subject.clone(), sent.payload.clone());
        let taken = self.api.client.publish_with_reply_and_headers(subject, reply, headers, payload).await;
        if taken.is_err() {
            return Err(sent);
        }
        if sent.tries == 0 {
            self.patience.push_back((sent.at + PATIENCE, number));
        }
        self.sent.insert(number, sent);
        Ok(())
    }

    /// What JetStream says next, and of which message. To be dropped at any time.
    pub async fn answer(&mut self) -> Option<(u64, Judged)> {
        loop {
            let message = futures::StreamExt::next(&mut self.answers).await?;
            self.unheard = 0;
            let number = message.subject.as_str().rsplit('.').next().and_then(|number| number.parse().ok());
            if let Some(number) = number.filter(|number| *number != ECHO) {
                return Some((number, judged(&message)));
            }
        }
    }

    /// Looks whether the server that this node is connected to is there, and returns whether it is not: it takes messages
    /// and gives none back, as one does whose machine has lost its power.
    pub async fn is_server_quiet(&mut self) -> bool {
        if self.api.client.connection_state() != State::Connected {
            self.unheard = 0;
            return false;
        }
        if self.unheard.is_multiple_of(ECHO_EVERY) {
            let echo = self.api.client.publish(format!("{}.{ECHO}", self.inbox), Bytes::new()).await;
            if let Err(error) = echo {
                debug!(%error, "the NATS server cannot be asked whether it is there");
            }
        }
        self.unheard += 1;
        // The next one has as long.
        let is_quiet = self.unheard > QUIET_AFTER;
        self.unheard %= QUIET_AFTER + 1;
        is_quiet
    }

    /// The message of this number, if it is not over.
    pub fn get(&mut self, number: u64) -> Option<&mut Sent> {
        self.sent.get_mut(&number)
    }

    /// Takes out the message of this number.
    pub fn take(&mut self, number: u64) -> Option<Sent> {
        self.sent.remove(&number)
    }

    /// The message that came out of the log, if this node has sent it and waits for it.
    pub fn came(&mut self, by: By, own: (u16, u32)) -> Option<Sent> {
        if (by.node, by.boot) == own { self.sent.remove(&by.number) } else { None }
    }

    /// Whether somebody waits.
    pub fn is_waited_for(&self) -> bool {
        self.sent.values().any(|sent| match &sent.what {
            Waiting::Append { release, .. } => release.is_some(),
            Waiting::Beside { reply, .. } => !matches!(reply, Reply::Nobody),
            Waiting::Word | Waiting::Gone => false,
        })
    }

    /// Lets those go who have waited long enough: nobody knows whether what they sent is kept. Returns how many.
    pub fn give_up(&mut self, now: Instant) -> usize {
        let mut given_up = 0;
        while let Some((at, number)) = self.patience.front().copied().filter(|(at, _)| *at <= now) {
            self.patience.pop_front();
            let Some(sent) = self.sent.get_mut(&number) else { continue };
            let is_forgotten = at.saturating_duration_since(sent.at) >= FORGOTTEN;
            if is_forgotten {
                self.sent.remove(&number);
                continue;
            }
            match &mut sent.what {
                Waiting::Append { release, place, .. } => {
                    // Dropped, it says that nobody knows.
                    given_up += usize::from(release.take().is_some());
                    drop(place.take());
                }
                Waiting::Beside { reply, .. } => {
                    given_up += 1;
                    std::mem::replace(reply, Reply::Nobody).refuse("the cluster's log did not answer in time");
                }
                Waiting::Word | Waiting::Gone => {}
            }
            self.patience.push_back((sent.at + FORGOTTEN, number));
        }
        given_up
    }
}

impl Sent {
    /// It was not kept.
    pub fn refuse(self, outcome: Outcome) {
        match self.what {
            Waiting::Append { release, .. } => release.into_iter().for_each(|release| release.with(outcome.clone())),
            Waiting::Beside { reply, .. } => reply.refuse("the cluster's log does not keep it now"),
            Waiting::Word | Waiting::Gone => {}
        }
    }

    /// Whether it may be sent again.
    pub fn may_be_tried_again(&self) -> bool {
        self.tries < TRIES
    }
}

fn judged(message: &Message) -> Judged {
    if message.status == Some(StatusCode::NO_RESPONDERS) {
        return Judged::Nobody;
    }
    let answer: Answer = match serde_json::from_slice(&message.payload) {
        Ok(answer) => answer,
        Err(error) => return Judged::Unknown(format!("JetStream's answer is not understood: {error}")),
    };
    match answer.error {
        None => Judged::Kept { position: answer.seq },
        Some(Said { err_code: WRONG_LAST, description }) => match last_of(&description) {
            Some(last) => Judged::Overtaken { last },
            None => Judged::Undecided,
        },
        Some(Said { err_code: IN_FLIGHT, .. }) => Judged::Undecided,
        Some(Said { description, .. }) => Judged::Unknown(description),
    }
}

/// `wrong last sequence: 12`.
fn last_of(description: &str) -> Option<u64> {
    description.rsplit(' ').next()?.parse().ok()
}
