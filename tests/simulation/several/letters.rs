//! The endpoint of a webhook: what was delivered to it, by whom and when.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt;
use parking_lot::Mutex;
use presence_hub::engine::{Beside, Seq, WebhookChange};
use presence_hub::outbound::Post;
use serde_json::Value;

use super::world::World;
use crate::book::Broken;

/// The longest that the endpoint takes for its answer, in milliseconds.
const ANSWERS_WITHIN: u64 = 90;
/// What is told so shortly before or after something was not as it should be may be told again, in milliseconds: how far a
/// webhook has come is kept every three seconds, and as often it is looked whose turn it is.
const NOT_KEPT_WITHIN: u64 = 8_000;

/// One delivery.
#[derive(Clone, Debug)]
pub struct Letter {
    node: u16,
    seq: Seq,
    agent: String,
}

/// What was delivered. Clones share it.
#[derive(Clone, Default)]
pub struct Letters {
    new: Arc<Mutex<Vec<Letter>>>,
}

/// What the endpoint knows.
#[derive(Default)]
pub struct Told {
    /// Somebody asked for the webhook.
    pub is_asked_for: bool,
    /// When each was told last.
    told: BTreeMap<Seq, u64>,
    /// How far each agent was told.
    newest: BTreeMap<String, Seq>,
    /// The position that the webhook was made at; none before there is one.
    since: Option<Seq>,
    /// Agents that were erased: what is told of them has another name.
    erased: BTreeSet<String>,
}

impl Letters {
    /// How this node's hub delivers.
    pub fn post(&self, node: u16) -> Post {
        let new = self.new.clone();
        Post::Within(Arc::new(move |id, body| {
            let seq = id.split('-').next().and_then(|seq| seq.parse().ok()).unwrap_or(0);
            let event: Value = serde_json::from_slice(&body).unwrap_or_default();
            let agent = event["data"]["agentId"].as_str().or(event["subject"].as_str()).unwrap_or_default().to_owned();
            new.lock().push(Letter { node, seq, agent });
            // Some take longer than others.
            let takes = Duration::from_millis(seq.wrapping_mul(31) % ANSWERS_WITHIN);
            async move {
                tokio::time::sleep(takes).await;
                200
            }
            .boxed()
        }))
    }
}

impl World {
    /// What was kept of webhooks is known.
    pub fn webhook_is(&mut self, what: &Beside) {
        match what {
            Beside::Webhooks(changes, _) => {
                for change in changes {
                    if let WebhookChange::Put(webhook) = change {
                        self.told.since.get_or_insert(webhook.position);
                    }
                }
            }
            Beside::Erase(erase) => drop(self.told.erased.insert(erase.id.clone())),
            Beside::Note(_) | Beside::Ledger(..) | Beside::Told(_) => {}
        }
    }

    /// Of each agent everything is told in its order, and once, unless a node was lost meanwhile.
    pub fn letters_come(&mut self) -> Result<(), Broken> {
        let letters = std::mem::take(&mut *self.letters.new.lock());
        for Letter { node, seq, agent } in letters {
            if self.book.at(seq).is_none() {
                return Err(format!("node {node} has told {agent} at {seq}, where nothing was kept"));
            }
            let again = self.told.told.insert(seq, self.now);
            if again.is_some_and(|before| !self.was_disturbed_about(before, NOT_KEPT_WITHIN)) {
                return Err(format!("node {node} has told {agent} at {seq} again, although no node was lost"));
            }
            let newest = self.told.newest.entry(agent.clone()).or_default();
            if again.is_none() && seq < *newest {
                return Err(format!("node {node} has told {agent} at {seq} first after {newest}"));
            }
            *newest = (*newest).max(seq);
        }
        Ok(())
    }

    /// Everything was told.
    pub fn all_was_told(&self) -> Result<(), Broken> {
        let Some(since) = self.told.since else { return Ok(()) };
        for (seq, change) in self.book.all_beyond(since) {
            let who = change.after.record.agent.as_str();
            if !self.told.told.contains_key(&seq) && !self.told.erased.contains(who) {
                return Err(format!("the change of {who} at {seq} was never told"));
            }
        }
        Ok(())
    }
}
