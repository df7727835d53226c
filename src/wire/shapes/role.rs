//! What a caller may be.

use serde::{Deserialize, Serialize};

/// A role of a caller. One person may have several.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Takes work. Opening a socket with this role signs the agent in.
    Agent,
    /// Watches agents and sets their presence; of its own teams only, if its token names any.
    Supervisor,
    /// Sees what a supervisor sees, and changes nothing.
    Observer,
    /// Reads reports, and what agents were in the past; of its own teams only, if its token names any.
    Analyst,
    /// A work system: reports assignment events, and watches.
    Integration,
    /// Reads the audit, and nothing else.
    Auditor,
    /// Writes the directory and the settings.
    Admin,
}
