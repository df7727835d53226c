//! The audit, as administrators read it.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What somebody did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AuditAction {
    /// An agent signed in, or somebody else opened a socket.
    SignIn,
    /// Somebody ended their own session at the hub, with its token and its sockets.
    SignOut,
    /// A supervisor set an agent's presence.
    SetPresence,
    /// A supervisor cleared an agent's hold.
    ResetPresence,
    /// A supervisor signed an agent out.
    SignOutAgent,
    /// A record was created.
    Create,
    /// A record, or the settings, were changed.
    Change,
    /// A record was deleted.
    Delete,
    /// What an agent is planned to do was replaced.
    Plan,
    /// A person was erased.
    Erase,
    /// Somebody else's token or session was revoked.
    Revoke,
    /// Data was exported: once when it begins and once when it ends.
    Export,
    /// Somebody asked for what they may not do.
    Refusal,
    /// A copy was put in the place of the database.
    Restore,
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AuditOutcome {
    /// It was done.
    Done,
    /// It began.
    Started,
    /// It ended before its end.
    BrokenOff,
    /// It was refused.
    Refused,
}

/// An entry of the audit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct AuditEntry {
    /// Its position in the audit: one more than that of the entry before it.
    pub position: u64,
    /// When.
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    pub at: String,
    /// The subject of who did it. Left out if it was the hub, or whoever runs it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<String>,
    /// The roles that they had.
    pub roles: Vec<String>,
    /// The address that they came from; behind a proxy it is the proxy's. Left out if it is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// What they did.
    pub action: AuditAction,
    /// To what: its kind and its id, such as `agent/a17`. Left out if that says nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
    /// What was different before: the fields that changed, or the whole record if it was deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Map<String, Value>>,
    /// What is different after: the fields that changed, or the whole record if it was created; else what there is to
    /// say besides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<Map<String, Value>>,
    /// What became of it.
    pub outcome: AuditOutcome,
    /// Whether somebody who was erased stood in it.
    #[serde(default, skip_serializing_if = "super::is_false")]
    pub blanked: bool,
    /// The hash that the next entry is chained to: SHA-256, in hexadecimal.
    pub hash: String,
}
