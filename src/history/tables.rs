//! The tables: a narrow one of changes, and what its numbers stand for. `docs/history.md` describes them.

use rusqlite::Connection;

/// Makes them, but for what [`RECENT`] adds. Never edit it once it was released: it is a step of the database's
/// version.
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

/// Adds a table for the newest rows, in the order of the log: so the rows of a commit stand together, where those of
/// an agent stand together in `history`. A step of the database's version, too.
pub const RECENT: &str = "
CREATE TABLE history_recent (
    seq INTEGER PRIMARY KEY,
    agent INTEGER NOT NULL,
    start INTEGER NOT NULL,
    version INTEGER NOT NULL,
    record INTEGER NOT NULL,
    state INTEGER,
    cause INTEGER NOT NULL,
    actor INTEGER NOT NULL,
    reason INTEGER,
    available_units INTEGER
) STRICT;
-- Rows up to `settled` stand in `history`, those beyond it in `history_recent`. What else is found in either was
-- copied and does not count yet, or was copied and is not deleted yet. What was over before `kept_from` may be gone.
CREATE TABLE history_state (settled INTEGER NOT NULL, kept_from INTEGER NOT NULL) STRICT;
INSERT INTO history_state SELECT ifnull(max(seq), 0), 0 FROM history;
-- Each row once.
CREATE VIEW history_rows AS
    SELECT agent, start, seq, version, record, state, cause, actor, reason, available_units
    FROM history WHERE seq <= (SELECT settled FROM history_state)
    UNION ALL
    SELECT agent, start, seq, version, record, state, cause, actor, reason, available_units
    FROM history_recent WHERE seq > (SELECT settled FROM history_state);
DROP VIEW history_intervals;
-- The same in words, for people.
CREATE VIEW history_intervals AS SELECT
    agent_id, name, teams, start, end, presence_id, base_status, origin, hold, event_name, sub_event_name,
    actors.type AS modified_by_type, actors.id AS modified_by_id,
    reasons.reason, available_units, version, seq
FROM (
        SELECT agents.agent_id, one.*,
            lead(start) OVER (PARTITION BY agents.agent_id ORDER BY one.start, one.seq) AS end
        FROM history_rows AS one JOIN history_agents AS agents ON agents.number = one.agent
    ) AS one
    JOIN history_records AS records ON records.number = one.record
    JOIN history_states AS states ON states.number = one.state
    JOIN history_causes AS causes ON causes.number = one.cause
    JOIN history_actors AS actors ON actors.number = one.actor
    LEFT JOIN history_reasons AS reasons ON reasons.number = one.reason;
";

/// Adds what rows did not say: whether the agent was there, its units, and the directory of then. Of rows that cannot
/// be made from the log anew nobody knows; who was shown as Offline counts as signed out. A step of the database's
/// version, too.
pub const WHOLE: &str = "
-- What is not known of rows before `whole_from`: `connection`, and `units`.
ALTER TABLE history_state ADD COLUMN whole_from INTEGER NOT NULL DEFAULT 0;
ALTER TABLE history_states ADD COLUMN connection TEXT NOT NULL DEFAULT '';
UPDATE history_states SET connection = CASE presence_id WHEN 'offline' THEN 'SIGNED_OUT' ELSE 'CONNECTED' END;
ALTER TABLE history_records ADD COLUMN units INTEGER;
-- Records of the directory, each as it was from its start until the next of its subject, as the log keeps it.
CREATE TABLE history_directory (
    seq INTEGER PRIMARY KEY,
    subject TEXT NOT NULL,
    start INTEGER NOT NULL,
    entry TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX history_directory_subject ON history_directory (subject, start, seq);
DROP VIEW history_intervals;
-- The same in words, for people.
CREATE VIEW history_intervals AS SELECT
    agent_id, name, teams, start, end, presence_id, base_status, origin, hold, event_name, sub_event_name,
    actors.type AS modified_by_type, actors.id AS modified_by_id,
    reasons.reason, available_units, version, seq, connection, units
FROM (
        SELECT agents.agent_id, one.*,
            lead(start) OVER (PARTITION BY agents.agent_id ORDER BY one.start, one.seq) AS end
        FROM history_rows AS one JOIN history_agents AS agents ON agents.number = one.agent
    ) AS one
    JOIN history_records AS records ON records.number = one.record
    JOIN history_states AS states ON states.number = one.state
    JOIN history_causes AS causes ON causes.number = one.cause
    JOIN history_actors AS actors ON actors.number = one.actor
    LEFT JOIN history_reasons AS reasons ON reasons.number = one.reason;
";

/// Adds the numbers of reasons that were those of somebody who is [erased](super::erasing), and of which it is not known
/// yet whether a row still has them. A step of the database's version, too.
pub const ORPHANS: &str = "CREATE TABLE history_orphans (reason INTEGER PRIMARY KEY) STRICT;";

/// Adds from which network the session was that ended. A step of the database's version, too.
pub const NETWORK: &str = "ALTER TABLE history_causes ADD COLUMN network TEXT;";

/// What makes the tables, one after the other.
pub const STEPS: [&str; 5] = [CREATE, RECENT, WHOLE, ORPHANS, NETWORK];

/// Takes from them what positions from `first` on left there, so that it can be made from the log anew. Numbers stay
/// what they are, unless all go.
///
/// # Errors
/// What the database says.
pub fn clear_from(connection: &Connection, first: u64) -> rusqlite::Result<()> {
    let before = first.saturating_sub(1);
    connection.execute("DELETE FROM history WHERE seq > ?", [before])?;
    connection.execute("DELETE FROM history_recent WHERE seq > ?", [before])?;
    connection.execute("DELETE FROM history_presences WHERE seq > ?", [before])?;
    connection.execute("DELETE FROM history_directory WHERE seq > ?", [before])?;
    connection.execute("UPDATE history_state SET settled = min(settled, ?)", [before])?;
    if before > 0 {
        return Ok(());
    }
    connection.execute_batch(
        "DELETE FROM history_agents; DELETE FROM history_records; DELETE FROM history_states;
         DELETE FROM history_causes; DELETE FROM history_actors; DELETE FROM history_reasons;
         DELETE FROM history_orphans;",
    )
}
