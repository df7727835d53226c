//! What is sent to the log, and what JetStream says of it.

use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time::Instant;
use tracing::warn;

use super::{Actor, Done};
use crate::domain::ids::{AgentId, PSEUDONYM};
use crate::engine::embedded::ordered::{MOST_ENTRIES, position_of, seq_of};
use crate::engine::nats::Place;
use crate::engine::nats::api::Refused;
use crate::engine::nats::appends::{Guard, Judged, Sent, Waiting};
use crate::engine::nats::message::{self, MOST_BYTES};
use crate::engine::words::By;
use crate::engine::{
    Append, Beside, Engine as _, Erase, Outcome, Recalled, Release, Reply, Seq, Subject, Unreachable, stored,
};

/// How soon a message is sent again that JetStream could not judge.
const AGAIN_AFTER: Duration = Duration::from_millis(4);

/// An append whose agent or operation was looked up.
pub(super) struct Looked {
    append: Append,
    release: Release,
    place: Place,
    /// What answers it; none if it is to be sent.
    outcome: Option<Outcome>,
}

type Asked<T> = oneshot::Receiver<Result<T, Unreachable>>;

async fn look_up(
    newest: Option<Asked<Seq>>,
    recalled: Option<Asked<Option<Recalled>>>,
) -> Result<Option<Outcome>, Unreachable> {
    let closed = |_| Unreachable("the database is closed".to_owned());
    if let Some(recalled) = recalled
        && let Some(recalled) = recalled.await.map_err(closed)??
    {
        return Ok(Some(Outcome::Duplicate(recalled)));
    }
    let Some(newest) = newest else { return Ok(None) };
    let newest = newest.await.map_err(closed)??;
    Ok((newest > 0).then_some(Outcome::Conflict { newest }))
}

impl Actor {
    pub(super) async fn append(&mut self, append: Append, release: Release, place: Place) {
        if !self.members.is_current() {
            return release.with(Outcome::Unavailable);
        }
        if append.entries.is_empty() {
            return self.nodes.asks(append, release);
        }
        let of_a_stranger = append.expected == 0 && matches!(append.subject, Subject::Agent(_));
        if !of_a_stranger && append.operation.is_none() && self.lookups.is_empty() {
            return self.send_entries(append, release, place).await;
        }
        // The stream may not have the agent any more: one who was deleted long ago goes on from there.
        let newest = of_a_stranger.then(|| self.database.newest(append.subject.clone()));
        // Whoever knows the agent as it is expected knows its operations up to there; what came later, the log finds.
        let recalled = append.operation.clone().map(|operation| self.database.recall(operation));
        // In their order.
        self.lookups.push_back(Box::pin(async move {
            let outcome = match look_up(newest, recalled).await {
                Ok(outcome) => outcome,
                Err(Unreachable(_)) => Some(Outcome::Unavailable),
            };
            Looked { append, release, place, outcome }
        }));
    }

    /// Sends what was looked up, unless that has answered it.
    pub(super) async fn is_looked_up(&mut self, looked: Looked) {
        let Looked { append, release, place, outcome } = looked;
        match outcome {
            Some(outcome) => release.with(outcome),
            None if !self.members.is_current() => release.with(Outcome::Unavailable),
            None => self.send_entries(append, release, place).await,
        }
    }

    pub(super) async fn send_entries(&mut self, append: Append, release: Release, place: Place) {
        let texts: Result<Vec<String>, _> =
            append.entries.iter().map(|entry| stored::encode(entry, append.limit)).collect();
        let Ok(texts) = texts else { return release.with(Outcome::TooLarge) };
        let number = self.appends.number();
        let payload = message::of_entries(self.by(number), append.operation.as_ref(), append.note.as_deref(), &texts);
        if texts.len() > MOST_ENTRIES || payload.len() > MOST_BYTES {
            return release.with(Outcome::TooLarge);
        }
        let subject = self.api.subjects.entries(&append.subject);
        let is_of_an_agent = matches!(append.subject, Subject::Agent(_));
        let expected = if is_of_an_agent { append.expected } else { append.directory };
        let group = (!is_of_an_agent).then(|| self.api.subjects.directory());
        let guard = Guard { last: self.last_in_stream(expected), group };
        let what = Waiting::Append { append, texts, release: Some(release), place: Some(place) };
        let sent = Sent { what, subject, payload, guard: Some(guard), tries: 0, at: Instant::now() };
        if let Err(sent) = self.appends.send(number, sent).await {
            sent.refuse(Outcome::Unavailable);
        }
    }

    pub(super) async fn keep_beside(&mut self, what: Beside, reply: Reply) {
        if !self.members.is_current() {
            return reply.refuse("this node does not know now what the cluster's log says");
        }
        // Every node is to put the same in the place of a name.
        let what = match what {
            Beside::Erase(erase) if erase.pseudonym.is_none() => {
                let pseudonym = format!("{}{}", PSEUDONYM, random());
                Beside::Erase(Erase { pseudonym: Some(pseudonym), ..erase })
            }
            what @ (Beside::Erase(_)
            | Beside::Note(_)
            | Beside::Webhooks(..)
            | Beside::Ledger(..)
            | Beside::Told(_)) => what,
        };
        let number = self.appends.number();
        let payload = message::of_beside(self.by(number), &what);
        if payload.len() > MOST_BYTES {
            return reply.refuse("it is too large for a message of the cluster's log");
        }
        let subject = self.api.subjects.beside();
        let what = Waiting::Beside { what, reply };
        let sent = Sent { what, subject, payload, guard: None, tries: 0, at: Instant::now() };
        if let Err(sent) = self.appends.send(number, sent).await {
            sent.refuse(Outcome::Unavailable);
        }
    }

    /// The position of the message that holds an entry, as the stream's guard knows it: 0 if it has left the stream.
    pub(super) fn last_in_stream(&self, seq: Seq) -> u64 {
        let position = position_of(seq);
        if position < self.following.first { 0 } else { position }
    }

    pub(in crate::engine::nats) fn by(&self, number: u64) -> By {
        let (node, boot) = self.nodes.own;
        By { node, boot, number }
    }

    pub(super) fn is_judged(&mut self, number: u64, judged: Judged) {
        let Some(sent) = self.appends.get(number) else { return };
        match (&sent.what, judged) {
            (Waiting::Word, judged) => self.word_is_judged(number, judged),
            (Waiting::Gone, _) => drop(self.appends.take(number)),
            // Whoever waits goes when it has come out of the log.
            (_, Judged::Kept { .. }) => {}
            (_, Judged::Unknown(said)) => {
                warn!(said, "the cluster's log does not say whether it keeps something");
                self.status.is_in_trouble(said);
            }
            (_, Judged::Nobody) => {
                self.status.is_in_trouble("JetStream does not answer");
                if let Some(sent) = self.appends.take(number) {
                    sent.refuse(Outcome::Unavailable);
                }
            }
            (_, Judged::Undecided) => self.again(number),
            (_, Judged::Overtaken { last }) => self.is_overtaken(number, last),
        }
    }

    pub(super) fn is_overtaken(&mut self, number: u64, last: u64) {
        let Some(sent) = self.appends.get(number) else { return };
        let expected = sent.guard.as_ref().map_or(0, |guard| guard.last);
        if last == expected {
            return self.again(number);
        }
        if last == 0 {
            // What was expected has left the stream, or its subject was erased.
            let api = self.api.clone();
            self.jobs.push(Box::pin(async move {
                let stream = api.stream().await;
                let gone = || Refused::Unheard("the stream is gone".to_owned());
                Done::First(number, stream.and_then(|stream| stream.map(|it| it.state.first_seq).ok_or_else(gone)))
            }));
            return;
        }
        if let Some(sent) = self.appends.take(number) {
            self.status.metrics.overtaken.inc();
            sent.refuse(Outcome::Conflict { newest: seq_of(last, 0) });
        }
    }

    /// Sends a message again after a moment; after some tries it is refused. It was not kept.
    pub(super) fn again(&mut self, number: u64) {
        let Some(sent) = self.appends.get(number) else { return };
        if sent.may_be_tried_again() {
            let pause = AGAIN_AFTER * (u32::from(sent.tries) + 1);
            self.jobs.push(Box::pin(async move {
                tokio::time::sleep(pause).await;
                Done::Again(number)
            }));
            return;
        }
        if let Some(sent) = self.appends.take(number) {
            sent.refuse(Outcome::Unavailable);
        }
    }

    /// A message was overtaken by nothing: what it expected has left the stream, or was erased.
    pub(super) fn first_is_known(&mut self, number: u64, first: Result<u64, Refused>) {
        let Some(sent) = self.appends.get(number) else { return };
        let Ok(first) = first else {
            if let Some(sent) = self.appends.take(number) {
                sent.refuse(Outcome::Unavailable);
            }
            return;
        };
        self.following.first = self.following.first.max(first);
        let first = self.following.first;
        match &mut sent.guard {
            Some(guard) if guard.last < first => {
                guard.last = 0;
                self.again(number);
            }
            Some(_) | None => {
                if let Some(sent) = self.appends.take(number) {
                    sent.refuse(Outcome::Conflict { newest: 0 });
                }
            }
        }
    }

    /// The node that was asked to erase somebody, and the first of all, take their messages from the stream: what names
    /// them, and what the next one who is called so would be held against. Whoever is called so has perhaps come already:
    /// nothing goes that stands behind the erasure.
    pub(super) fn purge(&self, (agent, position): (AgentId, u64)) {
        let api = self.api.clone();
        let subject = api.subjects.entries(&Subject::Agent(agent.clone()));
        self.jobs.push(Box::pin(async move {
            Done::Purged((agent, position), api.purge_subject(&subject, position).await)
        }));
    }

    /// What is older than the window leaves the stream.
    pub(in crate::engine::nats) fn purge_old(&self) {
        let (api, window) = (self.api.clone(), self.settings.window);
        self.jobs.push(Box::pin(async move { Done::Told("that old messages go", api.purge_old(window).await) }));
    }
}

/// Twelve digits that nobody can guess.
///
/// # Panics
/// If the operating system has no random numbers.
pub(super) fn random() -> String {
    let mut bytes = [0; 6];
    match getrandom::fill(&mut bytes) {
        Ok(()) => bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
        Err(error) => panic!("there are no random numbers: {error}"),
    }
}
