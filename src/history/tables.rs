//! The tables: a narrow one of changes, and what its numbers stand for. `docs/history.md` describes them.

use rusqlite::Connection;

/// Makes them. Never edit it once it was released: it is a step of the database's version.
pub const CREATE: &str = "
CREATE TABLE history_agents (
    number INTEGER PRIMARY KEY,
    agent_id TEXT NOT NULL UNIQUE
) STRICT;
-- What the directory said of an agent: `teams` is a JSON list.
CREATE TABLE history_records (
    number INTEGER PRIMARY KEY,
    agent INTEGER NOT NULL,
    name TEXT NOT NULL,
    teams TEXT NOT NULL
) STRICT;
CREATE INDEX history_records_agent ON history_records (agent);
CREATE TABLE history_states (
    number INTEGER PRIMARY KEY,
    presence_id TEXT NOT NULL,
    base_status TEXT NOT NULL,
    origin TEXT NOT NULL,
    hold TEXT
) STRICT;
CREATE TABLE history_causes (
    number INTEGER PRIMARY KEY,
    event_name TEXT NOT NULL,
    sub_event_name TEXT
) STRICT;
CREATE TABLE history_actors (
    number INTEGER PRIMARY KEY,
    type TEXT NOT NULL,
    id TEXT
) STRICT;
CREATE INDEX history_actors_id ON history_actors (id, type);
CREATE TABLE history_reasons (
    number INTEGER PRIMARY KEY,
    reason TEXT NOT NULL UNIQUE
) STRICT;
-- What custom presences were called, each name from its start until the presence's next row.
CREATE TABLE history_presences (
    presence_id TEXT NOT NULL,
    start INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (presence_id, start, seq)
) STRICT, WITHOUT ROWID;
-- One row for each change of an agent, which lasts until the start of the agent's next row. Without a
-- `state` the agent was deleted. The rows of an agent stand together, in order.
CREATE TABLE history (
    agent INTEGER NOT NULL,
    start INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    version INTEGER NOT NULL,
    record INTEGER NOT NULL,
    state INTEGER,
    cause INTEGER NOT NULL,
    actor INTEGER NOT NULL,
    reason INTEGER,
    available_units INTEGER,
    PRIMARY KEY (agent, start, seq)
) STRICT, WITHOUT ROWID;
-- The same in words, for people.
CREATE VIEW history_intervals AS SELECT
    agent_id, name, teams, start,
    (SELECT next.start FROM history AS next
     WHERE next.agent = history.agent AND (next.start, next.seq) > (history.start, history.seq)
     ORDER BY next.start, next.seq LIMIT 1) AS end,
    presence_id, base_status, origin, hold, event_name, sub_event_name,
    actors.type AS modified_by_type, actors.id AS modified_by_id,
    reason.reason, available_units, version, seq
FROM history
    JOIN history_agents AS agents ON agents.number = history.agent
    JOIN history_records AS records ON records.number = history.record
    JOIN history_states AS states ON states.number = history.state
    JOIN history_causes AS causes ON causes.number = history.cause
    JOIN history_actors AS actors ON actors.number = history.actor
    LEFT JOIN history_reasons AS reason ON reason.number = history.reason;
";

/// Empties them, so that they can be filled from the log anew.
///
/// # Errors
/// What the database says.
pub fn clear(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch(
        "DELETE FROM history; DELETE FROM history_agents; DELETE FROM history_records; DELETE FROM history_states;
         DELETE FROM history_causes; DELETE FROM history_actors; DELETE FROM history_reasons;
         DELETE FROM history_presences;",
    )
}
