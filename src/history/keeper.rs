//! Writes rows to the tables, and remembers the numbers that they often need.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hash, RandomState};

use rusqlite::{Connection, OptionalExtension, Params, params};

use super::row::{Naming, Recorded, Row, State};
#[cfg(test)]
use super::settling::Pace;
use super::settling::Settling;
use crate::domain::cause::{Actor, Cause, SubEventName};
use crate::domain::ids::AgentId;
use crate::domain::network::Network;
use crate::domain::standing::Hold;
use crate::domain::time::Timestamp;

/// How many of each kind are remembered. What is forgotten is looked up again.
const REMEMBERED: usize = 32_768;

/// Writes rows. Whatever it remembers stands in the database as the transaction sees it, so it has to
/// [forget](Keeper::forget) when that is undone.
#[derive(Debug, Default)]
pub struct Keeper {
    agents: HashMap<AgentId, Remembered>,
    /// Makes digests of records.
    digests: RandomState,
    states: Numbers<State>,
    /// With the network of the session that ended.
    causes: Numbers<(Cause, Option<Network>)>,
    /// Those that are not the agent itself.
    actors: Numbers<Actor>,
    reasons: Numbers<String>,
    settling: Settling,
}

/// The numbers of an agent. They begin at 1: 0 is none that is known.
#[derive(Clone, Copy, Debug, Default)]
struct Remembered {
    agent: i64,
    /// The agent as the one who changes something.
    actor: i64,
    /// What the directory said of it, by its newest row, and a digest of that: there are many agents, and to tell it
    /// from another it need not be kept itself.
    record: i64,
    digest: u64,
}

impl Keeper {
    /// Adds a row. Rows come in the order of the log.
    ///
    /// # Errors
    /// What the database says.
    pub fn add(&mut self, connection: &Connection, row: &Row<'_>) -> rusqlite::Result<()> {
        let mut known = match self.agents.get(&row.agent) {
            Some(known) => *known,
            None => Remembered { agent: number_of_agent(connection, &row.agent)?, ..Remembered::default() },
        };
        let agent = known.agent;
        let start = row.start.0;
        if start < self.settling.newest_start(connection, agent)? {
            // The hub's clock was ahead and has gone back at a restart. What it dated after this instant was
            // over by then.
            for table in ["history", "history_recent"] {
                let over = format!("UPDATE {table} SET start = ?2 WHERE agent = ?1 AND start > ?2");
                connection.prepare_cached(&over)?.execute([agent, start])?;
            }
        }
        let digest = self.digests.hash_one((row.name, row.teams, row.units));
        if known.record == 0 || known.digest != digest {
            (known.record, known.digest) = (number_of_record(connection, agent, row)?, digest);
        }
        let state = match &row.state {
            Some(state) => Some(self.states.get(state, |state| number_of_state(connection, state))?),
            None => None,
        };
        let cause = self.causes.get(&(row.cause, row.network), |cause| number_of_cause(connection, *cause))?;
        let actor = if matches!(row.actor, Actor::Agent(actor) if *actor == row.agent) {
            if known.actor == 0 {
                known.actor = number_of_actor(connection, row.actor)?;
            }
            known.actor
        } else {
            self.actors.get(row.actor, |actor| number_of_actor(connection, actor))?
        };
        let reason = match row.reason {
            Some(reason) => Some(self.reasons.get(reason, |reason| number_of_reason(connection, reason))?),
            None => None,
        };
        connection.prepare_cached("INSERT INTO history_recent VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")?.execute(
            params![row.seq, agent, start, row.version, known.record, state, cause, actor, reason, row.available_units],
        )?;
        self.remember(&row.agent, known);
        self.settling.added(connection, agent, row.seq, start)
    }

    fn remember(&mut self, agent: &AgentId, known: Remembered) {
        if let Some(before) = self.agents.get_mut(agent) {
            *before = known;
            return;
        }
        if self.agents.len() >= REMEMBERED {
            self.agents.clear();
        }
        self.agents.insert(agent.clone(), known);
    }

    #[cfg(test)]
    pub(super) fn settling_at(pace: Pace) -> Self {
        Self { settling: Settling::at(pace), ..Self::default() }
    }

    /// Puts some of the newest rows to the older ones of their agents, if there are some that started before an
    /// instant. Whether there was anything to do.
    ///
    /// # Errors
    /// What the database says.
    pub fn settle(&mut self, connection: &Connection, before: Timestamp) -> rusqlite::Result<bool> {
        self.settling.hasten(connection, before.0)
    }

    /// Forgets what it remembers.
    pub fn forget(&mut self) {
        self.forget_people();
        (self.states, self.causes) = Default::default();
        self.settling.forget();
    }

    /// Forgets what it remembers of ids, names and reasons: some of them are [erased](super::erasing).
    pub fn forget_people(&mut self) {
        (self.agents, self.actors, self.reasons) = Default::default();
    }
}

/// Adds what a presence is called from now on.
///
/// # Errors
/// What the database says.
pub fn name(connection: &Connection, naming: Naming<'_>) -> rusqlite::Result<()> {
    let Naming { seq, presence, start, text } = naming;
    // As with rows: a clock that was ahead may have gone back.
    connection
        .prepare_cached("UPDATE history_presences SET start = ?2 WHERE presence_id = ?1 AND start > ?2")?
        .execute(params![presence.as_str(), start.0])?;
    connection
        .prepare_cached("INSERT INTO history_presences VALUES (?, ?, ?, ?)")?
        .execute(params![presence.as_str(), start.0, seq, text])
        .map(drop)
}

/// Adds what a record of the directory is from now on. What was over before the time that is kept goes.
///
/// # Errors
/// What the database says.
pub fn record(connection: &Connection, recorded: Recorded<'_>) -> rusqlite::Result<()> {
    let Recorded { seq, subject, start, entry } = recorded;
    // As with rows: a clock that was ahead may have gone back.
    connection
        .prepare_cached("UPDATE history_directory SET start = ?2 WHERE subject = ?1 AND start > ?2")?
        .execute(params![subject, start.0])?;
    connection
        .prepare_cached(
            "DELETE FROM history_directory WHERE subject = ?1 AND seq < (
                 SELECT max(seq) FROM history_directory
                 WHERE subject = ?1 AND start <= (SELECT kept_from FROM history_state)
             )",
        )?
        .execute([subject])?;
    connection
        .prepare_cached("INSERT INTO history_directory (seq, subject, start, entry) VALUES (?, ?, ?, ?)")?
        .execute(params![seq, subject, start.0, entry])
        .map(drop)
}

fn number_of_agent(connection: &Connection, agent: &AgentId) -> rusqlite::Result<i64> {
    numbered(
        connection,
        "SELECT number FROM history_agents WHERE agent_id = ?",
        "INSERT INTO history_agents (agent_id) VALUES (?)",
        [agent.as_str()],
    )
}

/// The number of what the directory says of the agent.
fn number_of_record(connection: &Connection, agent: i64, row: &Row<'_>) -> rusqlite::Result<i64> {
    numbered(
        connection,
        "SELECT number FROM history_records WHERE agent = ? AND name = ? AND teams = ? AND units IS ?",
        "INSERT INTO history_records (agent, name, teams, units) VALUES (?, ?, ?, ?)",
        params![agent, row.name, serde_json::json!(row.teams).to_string(), row.units],
    )
}

fn number_of_state(connection: &Connection, state: &State) -> rusqlite::Result<i64> {
    let State { presence, base, origin, hold, there } = state;
    numbered(
        connection,
        "SELECT number FROM history_states
         WHERE presence_id = ? AND base_status = ? AND origin = ? AND hold IS ? AND connection = ?",
        "INSERT INTO history_states (presence_id, base_status, origin, hold, connection) VALUES (?, ?, ?, ?, ?)",
        params![presence.as_str(), base.as_str(), origin.as_str(), hold.map(Hold::as_str), there.as_str()],
    )
}

fn number_of_cause(connection: &Connection, (cause, network): (Cause, Option<Network>)) -> rusqlite::Result<i64> {
    let network = network.map(|network| network.to_string());
    numbered(
        connection,
        "SELECT number FROM history_causes WHERE event_name = ? AND sub_event_name IS ? AND network IS ?",
        "INSERT INTO history_causes (event_name, sub_event_name, network) VALUES (?, ?, ?)",
        params![cause.event.as_str(), cause.sub_event.map(SubEventName::as_str), network],
    )
}

fn number_of_actor(connection: &Connection, actor: &Actor) -> rusqlite::Result<i64> {
    let (kind, id) = actor.kind_and_id();
    numbered(
        connection,
        "SELECT number FROM history_actors WHERE type = ? AND id IS ?",
        "INSERT INTO history_actors (type, id) VALUES (?, ?)",
        params![kind, id],
    )
}

fn number_of_reason(connection: &Connection, reason: &str) -> rusqlite::Result<i64> {
    let number = numbered(
        connection,
        "SELECT number FROM history_reasons WHERE reason = ?",
        "INSERT INTO history_reasons (reason) VALUES (?)",
        [reason],
    )?;
    // Whoever was the last to give it may just be erased.
    connection.prepare_cached("DELETE FROM history_orphans WHERE reason = ?")?.execute([number])?;
    Ok(number)
}

/// The number of a row: of the one that is there, else of a new one. New numbers follow each other, so that
/// the same log gives the same numbers.
fn numbered(connection: &Connection, find: &str, insert: &str, values: impl Params + Clone) -> rusqlite::Result<i64> {
    let found = connection.prepare_cached(find)?.query_row(values.clone(), |row| row.get(0)).optional()?;
    match found {
        Some(number) => Ok(number),
        None => connection.prepare_cached(insert)?.insert(values),
    }
}

/// The numbers that are remembered of a kind.
#[derive(Debug)]
struct Numbers<K>(HashMap<K, i64>);

impl<K> Default for Numbers<K> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<K: Eq + Hash> Numbers<K> {
    /// The number of `key`, looked up if it is not remembered.
    fn get<Q>(&mut self, key: &Q, look_up: impl FnOnce(&Q) -> rusqlite::Result<i64>) -> rusqlite::Result<i64>
    where
        K: std::borrow::Borrow<Q>,
        Q: Eq + Hash + ToOwned<Owned = K> + ?Sized,
    {
        if let Some(number) = self.0.get(key) {
            return Ok(*number);
        }
        if self.0.len() >= REMEMBERED {
            self.0.clear();
        }
        let number = look_up(key)?;
        self.0.insert(key.to_owned(), number);
        Ok(number)
    }
}
