//! A work system that is cut off in the middle of a batch, and sends it again.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::said::Said;
use super::{AGENTS, Random};
use crate::harness::{Socket, event};

const EVENTS_IN_A_BATCH: usize = 8;
/// What a work system lets stand open at most.
const OPEN_ITEMS: usize = 20;

/// A work system that assigns and closes, and knows what it was told.
pub struct WorkSystem {
    random: Random,
    number: usize,
    next_item: u64,
    /// What is open if everything that was answered is true, and whose it is.
    pub open: BTreeMap<String, String>,
    unanswered: Vec<Value>,
}

impl WorkSystem {
    pub fn new(seed: u64, number: usize) -> Self {
        Self { random: Random(seed), number, next_item: 0, open: BTreeMap::new(), unanswered: Vec::new() }
    }

    /// Whether the hub answered.
    pub async fn sends_a_batch(&mut self, socket: &mut Socket, said: &Said) -> bool {
        let mut closable: Vec<_> = self.open.clone().into_iter().collect();
        self.unanswered = (0..EVENTS_IN_A_BATCH)
            .map(|_| {
                if closable.len() >= OPEN_ITEMS || (!closable.is_empty() && self.random.below(3) == 0) {
                    let (item, agent) = closable.swap_remove(self.random.below(closable.len() as u64) as usize);
                    return event("workitem.closed", json!({ "agentId": agent, "workItemId": item }));
                }
                let (item, agent) = (format!("w{}-{}", self.number, self.next_item), self.any_agent());
                self.next_item += 1;
                // Closed in the same batch perhaps: order holds within it.
                closable.push((item.clone(), agent.clone()));
                event("workitem.assigned", json!({ "agentId": agent, "workItemId": item, "units": 1 }))
            })
            .collect();
        self.is_answered(socket, said, &["applied"]).await
    }

    /// The same events with the same ids: each is applied or was applied.
    pub async fn sends_what_was_not_answered(&mut self, socket: &mut Socket, said: &Said) -> bool {
        self.unanswered.is_empty() || self.is_answered(socket, said, &["applied", "duplicate"]).await
    }

    async fn is_answered(&mut self, socket: &mut Socket, said: &Said, statuses: &[&str]) -> bool {
        if !socket.tries_to_send(&json!({ "type": "events", "id": "batch", "events": self.unanswered })).await {
            return false;
        }
        let answer = loop {
            match socket.next().await {
                Ok(frame) if frame["id"] == "batch" => break frame,
                Ok(_) => {}
                Err(_) => return false,
            }
        };
        let results = answer["result"]["results"].as_array().unwrap_or_else(|| panic!("{answer}"));
        for (event, result) in self.unanswered.drain(..).zip(results) {
            assert!(statuses.contains(&result["status"].as_str().unwrap()), "{event} → {result}");
            said.answer(result);
            let item = event["data"]["workItemId"].as_str().unwrap().to_owned();
            if event["type"] == "workitem.assigned" {
                self.open.insert(item, event["data"]["agentId"].as_str().unwrap().to_owned());
            } else {
                self.open.remove(&item);
            }
        }
        true
    }

    fn any_agent(&mut self) -> String {
        format!("a{}", self.random.below(AGENTS as u64))
    }
}
