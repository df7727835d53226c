//! What the hub has kept, read from its disk as it grows, and the promises that hold within the log.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use presence_hub::agents::DirectoryView;
use presence_hub::domain::agent::{Agent, Connection};
use presence_hub::domain::cause::EventName;
use presence_hub::domain::change::Change;
use presence_hub::domain::directory::DirectoryChange;
use presence_hub::domain::policy::Policy;
use presence_hub::domain::time::Timestamp;
use presence_hub::engine::memory::Stored;
use presence_hub::engine::{Entry, Loaded, Seq, stored};

/// A promise that was broken, in words.
pub type Broken = String;

/// Within this time an event that is sent again does not happen again: a day, less what decisions and commits
/// may lie apart.
const REMEMBERED: Duration = Duration::from_hours(23);

/// Everything that was kept.
#[derive(Default)]
pub struct Book {
    seq: Seq,
    steps: BTreeMap<Seq, Change>,
    /// The newest position of each agent.
    newest: BTreeMap<String, Seq>,
    directory: BTreeMap<String, (Seq, DirectoryChange)>,
    directory_seq: Seq,
    /// How often each agent was created.
    created: BTreeMap<String, usize>,
    /// When each event took effect, by the time that it reported: no two report the same.
    happened: BTreeMap<String, Timestamp>,
    /// Agents that were erased, and have not come again since.
    erased: BTreeSet<String>,
    /// How often each agent may still come back although a supervisor signed it out: it asked for it by hand.
    by_hand: BTreeMap<String, usize>,
}

impl Book {
    /// Reads what was kept since the last time, in its order. A deadline waits while the hub stands still: `waits`
    /// tells until when, from the deadline and when it was set.
    pub fn read_on(
        &mut self,
        kept: Vec<Stored>,
        waits: impl Fn(Timestamp, Timestamp) -> Timestamp,
    ) -> Result<(), Broken> {
        for stored in kept {
            let entry = stored::decode(&stored.text).map_err(|error| format!("entry {}: {error}", stored.seq))?;
            match entry {
                Entry::Agent { change, .. } => self.step(stored.seq, *change, &waits)?,
                Entry::Directory { change, .. } => {
                    self.directory.insert(subject(&change), (stored.seq, change));
                    self.directory_seq = stored.seq;
                }
            }
            self.seq = stored.seq;
        }
        Ok(())
    }

    fn step(
        &mut self,
        seq: Seq,
        change: Change,
        waits: &impl Fn(Timestamp, Timestamp) -> Timestamp,
    ) -> Result<(), Broken> {
        let agent = change.after.record.agent.as_str().to_owned();
        // A node that has not heard of an erasure goes on from what was deleted.
        let was_erased = change.after.deleted.is_none() && self.erased.remove(&agent);
        let begins = change.after.version == 1 && was_erased;
        let before = self.newest.get(&agent).and_then(|seq| self.steps.get(seq)).filter(|_| !begins);
        let version = before.map_or(0, |before| before.after.version);
        if change.after.version != version + 1 {
            return Err(format!("{agent} went from version {version} to {}", change.after.version));
        }
        if let Some(before) = before {
            returns_fit(&before.after, &change, waits).map_err(|broken| format!("{agent} at {seq}: {broken}"))?;
            let comes_back = before.after.signed_out.is_some() && !change.after.sessions().is_empty();
            if comes_back && self.by_hand.get(&agent).is_none_or(|asked| *asked == 0) {
                return Err(format!("{agent} at {seq}: is back although a supervisor signed it out"));
            }
        }
        if let Some(event) = &change.reported_time {
            let before = self.happened.insert(event.clone(), change.at);
            if before.is_some_and(|before| change.at.since(before) < REMEMBERED) {
                return Err(format!("the event of {event} happened to {agent} a second time at {seq}"));
            }
        }
        if change.cause.event == EventName::NewUser {
            *self.created.entry(agent.clone()).or_default() += 1;
        }
        self.newest.insert(agent, seq);
        self.steps.insert(seq, change);
        Ok(())
    }

    /// An agent was erased: whoever comes under its id is somebody else.
    pub fn is_erased(&mut self, agent: &str) {
        if self.agent(agent).is_none() && self.newest.contains_key(agent) {
            self.erased.insert(agent.to_owned());
        }
    }

    /// Agents that were erased, and have not come again since.
    pub fn erased(&self) -> impl Iterator<Item = &str> {
        self.erased.iter().map(String::as_str)
    }

    /// Whether an event that reported this time happened.
    pub fn has_happened(&self, reported: &str) -> bool {
        self.happened.contains_key(reported)
    }

    /// The agent asks to be signed in, whoever signed it out.
    pub fn is_asked_by_hand(&mut self, agent: &str) {
        *self.by_hand.entry(agent.to_owned()).or_default() += 1;
    }

    /// The step that was kept at this position.
    pub fn at(&self, seq: Seq) -> Option<&Change> {
        self.steps.get(&seq)
    }

    /// The position up to which it was read.
    pub fn seq(&self) -> Seq {
        self.seq
    }

    /// An agent's steps beyond a position.
    pub fn beyond<'a>(&'a self, seq: Seq, agent: &'a str) -> impl Iterator<Item = (Seq, &'a Change)> {
        let steps = self.steps.range(seq + 1..).map(|(seq, change)| (*seq, change));
        steps.filter(move |(_, change)| change.after.record.agent.as_str() == agent)
    }

    /// All steps beyond a position.
    pub fn all_beyond(&self, seq: Seq) -> impl Iterator<Item = (Seq, &Change)> {
        self.steps.range(seq + 1..).map(|(seq, change)| (*seq, change))
    }

    /// The agent's state at a position, and each that it came to after it.
    pub fn states_since<'a>(&'a self, seq: Seq, agent: &'a str) -> impl Iterator<Item = Option<&'a Agent>> {
        let before = self.steps.range(..=seq).rev().map(|(_, change)| &*change.after);
        let then = before.into_iter().find(|state| state.record.agent.as_str() == agent);
        std::iter::once(then).chain(self.beyond(seq, agent).map(|(_, change)| Some(&*change.after)))
    }

    /// The step that led an agent to this version.
    pub fn version<'a>(&'a self, agent: &'a str, version: u64) -> Option<&'a Change> {
        // One who was erased may have come to it before.
        self.beyond(0, agent).map(|(_, change)| change).filter(|change| change.after.version == version).last()
    }

    /// An agent's newest state, unless it was never created or is deleted.
    pub fn agent(&self, id: &str) -> Option<(Seq, &Arc<Agent>)> {
        let seq = *self.newest.get(id)?;
        let agent = &self.steps.get(&seq)?.after;
        agent.deleted.is_none().then_some((seq, agent))
    }

    /// Every agent that exists.
    pub fn agents(&self) -> impl Iterator<Item = (Seq, &Arc<Agent>)> {
        self.newest.keys().filter_map(|id| self.agent(id))
    }

    /// How often an agent was created.
    pub fn times_created(&self, agent: &str) -> usize {
        self.created.get(agent).copied().unwrap_or(0)
    }

    /// The offers that ended because their agent was not there, each with its position.
    pub fn withdrawn(&self) -> impl Iterator<Item = (Seq, &str, &str)> {
        self.steps.iter().flat_map(|(seq, change)| {
            let agent = change.after.record.agent.as_str();
            change.withdrawn.iter().map(move |item| (*seq, agent, item.as_str()))
        })
    }

    /// Whether nothing was kept about this item of the agent after this position.
    pub fn is_last_of(&self, seq: Seq, agent: &str, item: &str) -> bool {
        !self.beyond(seq, agent).any(|(_, change)| change.work_item.as_ref().is_some_and(|one| one.as_str() == item))
    }

    /// The directory as it is kept.
    pub fn directory(&self, file: &Policy) -> DirectoryView {
        let mut directory: Vec<_> = self.directory.values().cloned().collect();
        directory.sort_by_key(|(seq, _)| *seq);
        DirectoryView::load(&Loaded { directory, directory_seq: self.directory_seq, ..Loaded::default() }, file)
    }
}

/// A return within the window or a grace restores; one after it is a sign-in.
fn returns_fit(
    before: &Agent,
    change: &Change,
    waits: impl Fn(Timestamp, Timestamp) -> Timestamp,
) -> Result<(), Broken> {
    let until = match before.connection {
        Connection::Disconnected { until } | Connection::Held { until, .. } => waits(until, before.changed_at),
        Connection::Connected { .. } | Connection::SignedOut => return Ok(()),
    };
    let Connection::Connected { .. } = change.after.connection else { return Ok(()) };
    match change.cause.event {
        EventName::Reconnect if change.at > until => Err(format!("returned at {:?}, after {until:?}", change.at)),
        EventName::Login => Err("a return within the window was a fresh sign-in".to_owned()),
        _ => Ok(()),
    }
}

fn subject(change: &DirectoryChange) -> String {
    match change {
        DirectoryChange::Presence(presence) => format!("presence {}", presence.id),
        DirectoryChange::PresenceRemoved(id) => format!("presence {id}"),
        DirectoryChange::Profile(profile) => format!("profile {}", profile.id),
        DirectoryChange::ProfileRemoved(id) => format!("profile {id}"),
        DirectoryChange::Workstream(stream) => format!("workstream {}", stream.id),
        DirectoryChange::WorkstreamRemoved(id) => format!("workstream {id}"),
        DirectoryChange::Settings(_) => "settings".to_owned(),
    }
}
