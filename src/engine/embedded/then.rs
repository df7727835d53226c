//! What was decided at an instant, and under which directory: from the log, led to by the history.

use rusqlite::Connection;

use super::erasing::Pending;
use super::packed;
use crate::domain::directory::DirectoryChange;
use crate::domain::ids::AgentId;
use crate::domain::time::Timestamp;
use crate::engine::{Entry, LoadedAgent, Seq, stored};
use crate::history::reader::{Failed, known};
use crate::history::then::{directory, first_start, held};

/// An agent as it was, and the directory that there was.
#[derive(Debug)]
pub struct Then {
    /// The agent.
    pub agent: LoadedAgent,
    /// The newest change of each record of the directory, in the order of the log.
    pub directory: Vec<(Seq, DirectoryChange)>,
}

/// The agent at an instant; none if it was not there.
///
/// # Errors
/// [`Failed`]
pub fn then(connection: &Connection, agent: &AgentId, instant: Timestamp) -> Result<Option<Then>, Failed> {
    // One transaction, so that nothing is packed or forgotten in between.
    let transaction = connection.unchecked_transaction()?;
    known(&transaction, instant)?;
    let Some(row) = held(&transaction, agent, instant)? else { return Ok(None) };
    let Some(text) = packed::find(&transaction, row.seq)? else {
        let first = packed::first_kept(&transaction)?;
        // It has no newer change only if the log is not that of the history.
        let from = first_start(&transaction, row.agent, first)?.ok_or_else(|| missing(row.seq))?;
        return Err(Failed::NotKept { from });
    };
    let pending = Pending::read(&transaction)?;
    let agent = match pending.blank(row.seq, entry(row.seq, &text)?) {
        Entry::Agent { change, directory_seq } => LoadedAgent { seq: row.seq, directory_seq, agent: change.after },
        Entry::Directory { .. } => return Err(missing(row.seq)),
    };
    let mut changes = Vec::new();
    for (seq, text) in directory(&transaction, instant)? {
        if let Entry::Directory { change, .. } = entry(seq, &text)? {
            changes.push((seq, change));
        }
    }
    Ok(Some(Then { agent, directory: changes }))
}

fn entry(seq: Seq, text: &str) -> Result<Entry, Failed> {
    stored::decode(text).map_err(|error| Failed::Entry { seq, error: error.to_string() })
}

fn missing(seq: Seq) -> Failed {
    Failed::Entry { seq, error: "it is not the agent's change that the history says it is".to_owned() }
}
