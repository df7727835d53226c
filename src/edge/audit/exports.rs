//! An export in the audit: an entry before its first byte, and one when it ends, however that is.

use std::sync::Arc;

use serde_json::{Value, json};

use super::Audit;
use crate::domain::audit::{Asker, Deed, Note, Outcome};
use crate::wire::problem::Problem;

/// An export on its way. Dropped before it is [over](NotedExport::is_over), it broke off.
pub struct NotedExport {
    audit: Audit,
    asker: Arc<Asker>,
    asked: Value,
    /// None of what is no table.
    rows: Option<u64>,
    bytes: u64,
    outcome: Outcome,
}

impl NotedExport {
    /// Keeps that it begins. `asked` says what is exported, and of what.
    ///
    /// # Errors
    /// `unavailable`: that is not kept, so nothing is exported.
    pub async fn begin(audit: Audit, asker: Arc<Asker>, asked: Value) -> Result<Self, Problem> {
        audit.keep_first(note(&asker, &asked, Outcome::Started)).await?;
        Ok(Self { audit, asker, asked, rows: None, bytes: 0, outcome: Outcome::BrokenOff })
    }

    /// So much more of it was made.
    pub fn made(&mut self, rows: usize, bytes: usize) {
        *self.rows.get_or_insert(0) += rows as u64;
        self.bytes += bytes as u64;
    }

    /// So many more bytes of what is no table were made.
    pub fn bytes_made(&mut self, bytes: usize) {
        self.bytes += bytes as u64;
    }

    /// All of it was taken.
    pub fn is_over(&mut self) {
        self.outcome = Outcome::Done;
    }
}

impl Drop for NotedExport {
    fn drop(&mut self) {
        if let Some(rows) = self.rows {
            self.asked["rows"] = json!(rows);
        }
        self.asked["bytes"] = json!(self.bytes);
        self.audit.keep(note(&self.asker, &self.asked, self.outcome));
    }
}

/// About nobody: whom it asks for stands in what was asked.
fn note(asker: &Arc<Asker>, asked: &Value, outcome: Outcome) -> Note {
    Note { outcome, after: Some(asked.to_string()), ..Note::done(asker.clone(), Deed::Export, None) }
}
