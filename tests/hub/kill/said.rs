//! What the hub said of each version of an agent, in all its lives.

use std::collections::BTreeMap;
use std::sync::Arc;

use parking_lot::Mutex;
use serde_json::Value;

/// Everything the hub ever said of a version of an agent. It must never say two different things.
#[derive(Clone, Default)]
pub struct Said(Arc<Mutex<Book>>);

#[derive(Default)]
struct Book {
    versions: BTreeMap<(String, u64), Version>,
    epoch: Option<Value>,
    answers: usize,
    shown: usize,
}

#[derive(Default)]
struct Version {
    presence: Option<Value>,
    seq: Option<Value>,
    since: Option<Value>,
    reason: Option<Value>,
}

impl Said {
    /// An `AgentPresence` or a `WatchedAgent`.
    pub fn agent(&self, shown: &Value) {
        let presence =
            if shown["presence"].is_null() { &shown["presenceId"] } else { &shown["presence"]["presenceId"] };
        let mut book = self.0.lock();
        book.shown += 1;
        let version = book.version(shown);
        same(&mut version.presence, presence, shown);
        same(&mut version.seq, &shown["seq"], shown);
        same(&mut version.since, &shown["since"], shown);
        same(&mut version.reason, &shown["reason"], shown);
    }

    /// What became of an event.
    pub fn answer(&self, result: &Value) {
        let mut book = self.0.lock();
        book.answers += 1;
        same(&mut book.version(result).presence, &result["presenceId"], result);
    }

    pub fn newest_version(&self, agent: &str) -> u64 {
        let book = self.0.lock();
        let of_agent = book.versions.range((agent.to_owned(), 0)..=(agent.to_owned(), u64::MAX));
        of_agent.last().map_or(0, |((_, version), _)| *version)
    }

    /// The epoch of the first welcome.
    pub fn epoch_or(&self, first: &Value) -> Value {
        self.0.lock().epoch.get_or_insert_with(|| first.clone()).clone()
    }

    pub fn counts(&self) -> (usize, usize) {
        let book = self.0.lock();
        (book.answers, book.shown)
    }
}

impl Book {
    fn version(&mut self, shown: &Value) -> &mut Version {
        let agent = shown["agentId"].as_str().unwrap_or_else(|| panic!("{shown}")).to_owned();
        self.versions.entry((agent, shown["version"].as_u64().unwrap())).or_default()
    }
}

fn same(before: &mut Option<Value>, now: &Value, all: &Value) {
    let before = before.get_or_insert_with(|| now.clone());
    assert_eq!(before, now, "one version, two truths: {all}");
}
