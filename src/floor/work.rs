//! The work system of the floor: one integration socket that sends events in batches.
//!
//! A batch is sent only after the one before was answered, so that events of an agent stay in order.
//! What the hub could not keep, or did not answer before the connection broke, is sent again under
//! the same ids: the hub counts each once.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::{mpsc, oneshot};

use super::back_off::BackOff;
use super::client::{Advice, ConnectError, Heard, Hub, Socket, Tokens};
use super::closing::Closing;
use super::tally::{Tally, raise};
use crate::wire::code::ErrorCode;
use crate::wire::shapes::{EventResult, EventStatus, HubFrame, Role};

/// Events that wait for the next batch. When it is full, agents wait before they do more: the floor
/// slows down with its work system, as floors do.
const WAITING: usize = 4_096;
/// Events in a batch; the contract allows a thousand.
const BATCH: usize = 500;
/// How long a batch gathers.
const GATHER: Duration = Duration::from_millis(20);
/// How long to wait before sending again what the hub could not keep.
const AGAIN_AFTER: Duration = Duration::from_millis(500);
/// The hub is given up on if it answers nothing for so long.
const ANSWER_WITHIN: Duration = Duration::from_secs(30);

/// An event and who waits for its result.
struct Job {
    event: Value,
    answer: oneshot::Sender<EventResult>,
}

/// The way to the work system. Clones share it.
#[derive(Clone)]
pub struct WorkSystem {
    jobs: mpsc::Sender<Job>,
    source: Arc<str>,
}

impl WorkSystem {
    /// The work system of one run, and the task that is its connection. Events of different runs
    /// have different sources, so that none is taken for a repetition.
    pub fn new(run: &str) -> (Self, EventSender) {
        let (jobs, waiting) = mpsc::channel(WAITING);
        (Self { jobs, source: format!("presence-hub/simulate/{run}").into() }, EventSender { waiting, requests: 0 })
    }

    /// Sends an event; the result comes when the hub has kept it. Waits while too many wait.
    pub async fn send(&self, id: String, kind: &str, data: Value) -> oneshot::Receiver<EventResult> {
        let event = json!({"specversion": "1.0", "id": id, "source": &*self.source, "type": kind, "data": data});
        let (answer, result) = oneshot::channel();
        // Without a work system the floor is closing, and nobody waits for the result.
        let _ = self.jobs.send(Job { event, answer }).await;
        result
    }
}

pub struct EventSender {
    waiting: mpsc::Receiver<Job>,
    requests: u64,
}

impl EventSender {
    /// Sends what comes until the floor closes.
    ///
    /// # Errors
    /// The hub refuses the work system.
    pub async fn run(
        mut self,
        hub: Hub,
        tokens: Tokens,
        tally: Arc<Tally>,
        mut closing: Closing,
    ) -> Result<(), ConnectError> {
        let mut batch: Vec<Job> = Vec::new();
        let mut back_off = BackOff::new(0);
        loop {
            let token = tokens("floor-work-system", Role::Integration);
            let opened = tokio::select! {
                opened = Socket::open(&hub, &token, Some("integration")) => opened,
                () = closing.comes() => return Ok(()),
            };
            match opened {
                Ok((socket, _)) => {
                    back_off.welcomed();
                    tokio::select! {
                        restart = self.serve(socket, &mut batch, &tally) => back_off.announced(restart),
                        () = closing.comes() => return Ok(()),
                    }
                }
                Err(error) if error.advice() != Advice::ComeBack => return Err(error),
                Err(_) => {}
            }
            tokio::select! {
                () = tokio::time::sleep(back_off.next()) => {}
                () = closing.comes() => return Ok(()),
            }
        }
    }

    /// Until the socket ends; returns the range of a planned stop. What was not answered stays in
    /// `batch`.
    async fn serve(&mut self, mut socket: Socket, batch: &mut Vec<Job>, tally: &Tally) -> Option<[u64; 2]> {
        let mut restart = None;
        loop {
            if batch.is_empty() {
                tokio::select! {
                    got = self.waiting.recv_many(batch, BATCH) => {
                        if got == 0 {
                            return restart;
                        }
                        tokio::time::sleep(GATHER).await;
                        while batch.len() < BATCH && let Ok(job) = self.waiting.try_recv() {
                            batch.push(job);
                        }
                    }
                    heard = socket.next() => match heard {
                        Heard::Closed(_) => return restart,
                        Heard::Frame(text) => { raise(&tally.frames); restart = restarting(&text).or(restart); continue }
                    },
                }
            }
            self.requests += 1;
            let events: Vec<&Value> = batch.iter().map(|job| &job.event).collect();
            let frame = json!({"type": "events", "id": self.requests, "events": events});
            if socket.send(frame.to_string()).await.is_err() {
                return restart;
            }
            let answered = tokio::time::timeout(ANSWER_WITHIN, self.answer(&mut socket, &mut restart, tally)).await;
            let Ok(Some(results)) = answered else { return restart };
            if hand_out(batch, results, tally) == HandedOut::SomeAgain {
                tokio::time::sleep(AGAIN_AFTER).await;
            }
        }
    }

    /// The answer to the newest request; none if the socket ended.
    async fn answer(&self, socket: &mut Socket, restart: &mut Option<[u64; 2]>, tally: &Tally) -> Option<Answered> {
        loop {
            let Heard::Frame(text) = socket.next().await else { return None };
            raise(&tally.frames);
            *restart = restarting(&text).or(*restart);
            let is_ours = |id: &Value| id.as_u64() == Some(self.requests);
            if let Ok(HubFrame::Result { id, mut result }) = serde_json::from_str::<HubFrame>(&text) {
                if is_ours(&id) {
                    let results = result.get_mut("results").map(Value::take).unwrap_or_default();
                    return Some(Answered::Results(serde_json::from_value(results).unwrap_or_default()));
                }
            } else if let Ok(HubFrame::Error { id: Some(id), error }) = serde_json::from_str::<HubFrame>(&text)
                && is_ours(&id)
            {
                return Some(Answered::Error(error.code));
            }
        }
    }
}

enum Answered {
    Results(Vec<EventResult>),
    /// The whole batch met the same error.
    Error(ErrorCode),
}

#[derive(PartialEq, Eq)]
enum HandedOut {
    All,
    SomeAgain,
}

/// Tells everyone their result, and keeps in `batch` what has to be sent again.
fn hand_out(batch: &mut Vec<Job>, answered: Answered, tally: &Tally) -> HandedOut {
    let mut results: BTreeMap<String, EventResult> = BTreeMap::new();
    match answered {
        Answered::Results(all) => {
            results.extend(all.into_iter().filter_map(|result| Some((result.id.clone()?, result))));
        }
        Answered::Error(code) => {
            tally.refused(&code.to_string());
            if !matches!(code, ErrorCode::Unavailable | ErrorCode::OutcomeUnknown | ErrorCode::RateLimited) {
                batch.clear();
            }
        }
    }
    let mut again = Vec::new();
    for job in batch.drain(..) {
        let id = job.event["id"].as_str().unwrap_or_default();
        match results.remove(id) {
            Some(result) if result.status != EventStatus::Unavailable => {
                if result.status == EventStatus::Rejected {
                    tally.refused(&result.code.map_or_else(|| "rejected".to_owned(), |code| code.to_string()));
                } else {
                    raise(&tally.events);
                }
                // The agent may have gone meanwhile.
                let _ = job.answer.send(result);
            }
            Some(_) | None => again.push(job),
        }
    }
    let done = if again.is_empty() { HandedOut::All } else { HandedOut::SomeAgain };
    *batch = again;
    done
}

fn restarting(text: &str) -> Option<[u64; 2]> {
    // Most frames are something else; looking for the word is cheaper than reading them twice.
    if !text.contains("restarting") {
        return None;
    }
    match serde_json::from_str::<HubFrame>(text) {
        Ok(HubFrame::Restarting { reconnect_after_ms }) => Some(reconnect_after_ms),
        Ok(_) | Err(_) => None,
    }
}

#[cfg(test)]
mod tests;
