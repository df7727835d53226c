//! API tokens, as administrators make and read them.

use serde::{Deserialize, Serialize};

use super::Role;
#[cfg(test)]
use super::{Id, MAX_LABELS, MAX_NAME, NewId, Words};

/// What an API token is to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MakeApiToken {
    /// Who shows it, as the history, the audit and the limits know it. Several tokens may have the same.
    #[cfg_attr(test, schemars(with = "NewId"))]
    pub subject: String,
    /// What it is for.
    #[cfg_attr(test, schemars(with = "Words<MAX_NAME>"))]
    pub name: String,
    /// What it allows: one role at least.
    #[cfg_attr(test, schemars(length(min = 1)))]
    pub roles: Vec<Role>,
    /// The teams that a supervisor, an observer or an analyst is limited to. Every team if left out; allowed only with
    /// one of these roles.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(with = "Option<Vec<Id>>", length(max = MAX_LABELS)))]
    pub teams: Option<Vec<String>>,
    /// When it ends: at most 366 days from now. In 90 days if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    pub expires_at: Option<String>,
}

/// An API token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ApiToken {
    /// Its id, which is not the token.
    pub token_id: String,
    /// The token itself, in the answer that made it and nowhere else: the hub keeps a digest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    /// Who shows it, as the history, the audit and the limits know it.
    pub subject: String,
    /// What it is for.
    pub name: String,
    /// What it allows.
    pub roles: Vec<Role>,
    /// The teams that it is limited to. Left out if it is not limited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub teams: Option<Vec<String>>,
    /// The administrator who made it.
    pub made_by: String,
    /// When.
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    pub made_at: String,
    /// When it ends.
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    pub expires_at: String,
    /// When it was shown last. Left out if it was not since the hub was started.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    pub used_at: Option<String>,
}
