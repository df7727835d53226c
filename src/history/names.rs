//! What presences were called.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension, params};

use super::reader::Failed;
use crate::domain::ids::PresenceId;
use crate::domain::presence::BuiltIn;
use crate::domain::time::Timestamp;

/// What presences were called at an instant.
pub(super) struct Names<'a> {
    connection: &'a Connection,
    at: Timestamp,
    known: HashMap<PresenceId, String>,
}

impl<'a> Names<'a> {
    pub(super) fn at(connection: &'a Connection, at: Timestamp) -> Self {
        Self { connection, at, known: HashMap::new() }
    }

    /// What people saw of a presence. One that had no name yet is called by its id.
    pub(super) fn of(&mut self, presence: &PresenceId) -> Result<String, Failed> {
        if let Some(built_in) = BuiltIn::ALL.into_iter().find(|kind| kind.as_str() == presence.as_str()) {
            return Ok(built_in.text().to_owned());
        }
        if let Some(text) = self.known.get(presence) {
            return Ok(text.clone());
        }
        let find = "SELECT text FROM history_presences WHERE presence_id = ? AND start <= ?
                    ORDER BY start DESC, seq DESC LIMIT 1";
        let mut select = self.connection.prepare_cached(find)?;
        let text = select.query_row(params![presence.as_str(), self.at.0], |row| row.get(0)).optional()?;
        let text: String = text.unwrap_or_else(|| presence.as_str().to_owned());
        self.known.insert(presence.clone(), text.clone());
        Ok(text)
    }
}
