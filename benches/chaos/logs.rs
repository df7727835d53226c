//! The log as the database of a hub has it.

use std::path::Path;

use anyhow::Context;
use rusqlite::{Connection, OpenFlags};
use serde_json::Value;

/// An entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub seq: u64,
    pub subject: String,
    /// When it was kept.
    pub at: i64,
    pub operation: Option<String>,
    pub entry: String,
}

/// What an entry says of an agent.
#[allow(dead_code, reason = "evidence, which is printed")]
#[derive(Clone, Debug)]
pub struct State {
    pub agent: String,
    pub version: u64,
    /// The presence that others see.
    pub presence: String,
    pub event: String,
    pub sub_event: String,
    /// How it is connected.
    pub connection: String,
}

/// All entries, in order.
pub fn read(database: &Path) -> anyhow::Result<Vec<Row>> {
    let connection = Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_ONLY)
        .with_context(|| format!("{} cannot be read", database.display()))?;
    let mut rows = connection.prepare("SELECT seq, subject, at, operation, entry FROM log ORDER BY seq")?;
    let rows = rows.query_map([], |row| {
        let (seq, subject, at) = (row.get(0)?, row.get(1)?, row.get(2)?);
        Ok(Row { seq, subject, at, operation: row.get(3)?, entry: row.get(4)? })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

impl Row {
    /// What it says of an agent; none if it is about something else.
    pub fn state(&self) -> Option<State> {
        let agent = self.subject.strip_prefix("agent/")?.to_owned();
        let stored: Value = serde_json::from_str(&self.entry).ok()?;
        let step = &stored["entry"]["agent"];
        let after = &step["after"];
        let connection = &after["connection"];
        let is_away = connection == "signedOut" || connection.get("disconnected").is_some();
        let presence = if is_away { "offline" } else { after["standing"]["presence"].as_str()? };
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        Some(State {
            agent,
            version: after["version"].as_u64()?,
            presence: presence.to_owned(),
            event: text(&step["cause"]["event"]),
            sub_event: text(&step["cause"]["subEvent"]),
            connection: connection.to_string(),
        })
    }
}
