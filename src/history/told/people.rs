//! The numbers of people whom plans, exceptions and disputes name. Of who was erased they lead to the pseudonym.

use rusqlite::{Connection, OptionalExtension};

/// The number of a person whom they name.
///
/// # Errors
/// What the database says.
pub fn number(connection: &Connection, id: &str) -> rusqlite::Result<Option<i64>> {
    let find = "SELECT number FROM plan_people WHERE id = ?";
    connection.prepare_cached(find)?.query_row([id], |row| row.get(0)).optional()
}

/// The number of an agent. One that was erased is not there under its id any more, whoever still names it.
///
/// # Errors
/// What the database says.
pub fn agent_number(connection: &Connection, id: &str) -> rusqlite::Result<Option<i64>> {
    let is_there = "SELECT 1 FROM history_agents WHERE agent_id = ?";
    if connection.prepare_cached(is_there)?.exists([id])? { number_of(connection, id).map(Some) } else { Ok(None) }
}

/// The number of a person, who gets one if need be.
///
/// # Errors
/// What the database says.
pub fn number_of(connection: &Connection, id: &str) -> rusqlite::Result<i64> {
    if let Some(number) = number(connection, id)? {
        return Ok(number);
    }
    connection.prepare_cached("INSERT INTO plan_people (id) VALUES (?)")?.execute([id])?;
    Ok(connection.last_insert_rowid())
}
