//! Sessions of the hub's own pages, as administrators see them; and tickets for pages of other origins.

use serde::{Deserialize, Serialize};

use super::Role;

/// Somebody who is signed in to the hub's own pages in one browser.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct PageSession {
    /// Its id, which is not what the cookie holds.
    pub session_id: String,
    /// Who is signed in; of an agent, the agent's id.
    pub subject: String,
    /// The name that people see. Left out if the sign-in said none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What they may do, as of the sign-in.
    pub roles: Vec<Role>,
    /// Their teams, as of the sign-in. Left out if it said none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub teams: Option<Vec<String>>,
    /// How they signed in.
    pub by: SignedInBy,
    /// From which address. Left out if it is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// When they signed in.
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    pub begun_at: String,
    /// When the session ends unless it is used.
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    pub expires_at: String,
    /// When it ends in any case.
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    pub ends_at: String,
    /// When the cookie was shown last. Left out if it was not since the hub was started.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    pub used_at: Option<String>,
}

/// How somebody signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum SignedInBy {
    /// At the identity provider.
    Provider,
    /// With a token, with which the session ends.
    Token,
}

/// What an identity provider says when somebody has signed out there, as the fields of a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct BackChannelLogout {
    /// The logout token, a JSON Web Token of the provider.
    pub logout_token: String,
}

/// What a page of another origin opens one socket with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Ticket {
    /// To be shown once, where a token is: as `bearer.<ticket>` among the sub-protocols, or in `Authorization`.
    pub ticket: String,
    /// When it is of no use any more: a minute after it was made.
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    pub expires_at: String,
}
