//! Work systems that send events to any hub until they are answered, and supervisors who set presences.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::watch;

use crate::agents::Phase;
use crate::client::{request, token};
use crate::network::MACHINES;
use crate::record::{Ack, Random, Record, count, now};

/// What a work system lets stand open at most.
const MOST_OPEN: usize = 30;
/// Between two events, and before one is sent again.
const PAUSE: Duration = Duration::from_millis(120);
const AGAIN_AFTER: Duration = Duration::from_millis(150);
const SETS: [&str; 4] = ["available", "busy", "away", "do-not-disturb"];

/// A work system, or a supervisor.
pub struct Worker {
    pub number: usize,
    pub agents: Vec<String>,
    pub addresses: [String; MACHINES],
    pub record: Record,
    pub random: Random,
    pub phase: watch::Receiver<Phase>,
}

enum Became {
    Kept { version: u64, answer: String },
    Refused,
    Again,
}

impl Worker {
    fn is_loaded(&self) -> bool {
        *self.phase.borrow() == Phase::Load
    }

    /// Sends events one after the other. Ends once the load does and everything is answered.
    pub async fn assigns(mut self) -> anyhow::Result<()> {
        let token = token(&format!("acd{}", self.number), &["integration"])?;
        let mut open: Vec<(String, String)> = Vec::new();
        let mut next = 0;
        while self.is_loaded() {
            next += 1;
            let id = format!("e{}-{next}", self.number);
            let closes = open.len() >= MOST_OPEN || (!open.is_empty() && self.random.below(2) == 0);
            let (agent, item, kind) = if closes {
                let (agent, item) = open.swap_remove(self.random.below(open.len()));
                (agent, item, "workitem.closed")
            } else {
                let agent = self.agents[self.random.below(self.agents.len())].clone();
                (agent, format!("w{}-{next}", self.number), "workitem.assigned")
            };
            let data = json!({ "agentId": agent, "workItemId": item });
            let event = json!({ "specversion": "1.0", "id": id, "source": "/chaos", "type": kind, "data": data });
            count(&self.record.counts.events);
            let is_kept = self.is_answered(&token, &agent, &id, &event).await;
            if is_kept && !closes {
                open.push((agent, item));
            }
            tokio::time::sleep(PAUSE).await;
        }
        Ok(())
    }

    /// Sends an event until somebody says what became of it.
    async fn is_answered(&mut self, token: &str, agent: &str, id: &str, event: &Value) -> bool {
        let sent = now();
        loop {
            let hub = self.random.below(MACHINES);
            let answer = request(&self.addresses[hub], token, "POST", "/api/v1/events", Some(event)).await;
            match self.became(answer) {
                Became::Kept { version, answer } => {
                    let operation = Some(format!("/chaos {id}"));
                    let (agent, answered) = (agent.to_owned(), now());
                    let ack = Ack { agent, operation, version, seq: None, sent, answered, hub, answer };
                    self.record.acks.lock().push(ack);
                    return true;
                }
                Became::Refused => return false,
                Became::Again => tokio::time::sleep(AGAIN_AFTER).await,
            }
        }
    }

    fn became(&self, answer: anyhow::Result<(u16, Value)>) -> Became {
        let counts = &self.record.counts;
        let Ok((status, body)) = answer else {
            count(&counts.unheard);
            return Became::Again;
        };
        let result = &body["results"][0];
        let code = result["code"].as_str().or(body["code"].as_str()).unwrap_or_default();
        match (result["status"].as_str(), result["version"].as_u64()) {
            (Some(said @ ("applied" | "duplicate")), Some(version)) => {
                if said == "duplicate" {
                    count(&counts.duplicates);
                }
                Became::Kept { version, answer: result.to_string() }
            }
            (Some("rejected"), _) => {
                count(&counts.refused);
                self.record.notes.lock().push(format!("refused: {result}"));
                Became::Refused
            }
            (Some(_) | None, _) => {
                count(if code == "outcome_unknown" { &counts.unknown } else { &counts.unavailable });
                if status != 503 && status != 200 {
                    self.record.notes.lock().push(format!("an event was answered {status}: {body}"));
                }
                Became::Again
            }
        }
    }

    /// Sets presences one after the other, each once.
    pub async fn supervises(mut self) -> anyhow::Result<()> {
        let token = token(&format!("sam{}", self.number), &["supervisor"])?;
        while self.is_loaded() {
            let agent = self.agents[self.random.below(self.agents.len())].clone();
            let hub = self.random.below(MACHINES);
            let body = json!({ "presenceId": SETS[self.random.below(SETS.len())] });
            let path = format!("/api/v1/agents/{agent}/presence");
            let sent = now();
            count(&self.record.counts.commands);
            let counts = &self.record.counts;
            match request(&self.addresses[hub], &token, "PUT", &path, Some(&body)).await {
                Ok((200, answer)) => {
                    let version = answer["version"].as_u64().unwrap_or(0);
                    let (seq, answered, answer) = (answer["seq"].as_u64(), now(), answer.to_string());
                    let ack = Ack { agent, operation: None, version, seq, sent, answered, hub, answer };
                    self.record.acks.lock().push(ack);
                }
                Ok((_, answer)) if answer["code"] == "unavailable" => count(&counts.unavailable),
                Ok((_, answer)) if answer["code"] == "outcome_unknown" => count(&counts.unknown),
                Ok(_) => count(&counts.refused),
                Err(_) => count(&counts.unheard),
            }
            tokio::time::sleep(PAUSE * 2).await;
        }
        Ok(())
    }
}
