//! Tokens that are no longer believed, as administrators revoke them and read it.

use serde::{Deserialize, Serialize};

/// What is to be revoked: all tokens of a `subject`, or the one token of a `tokenId`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RevokeTokens {
    /// Whose tokens: all that were issued up to now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(length(min = 1, max = 256)))]
    pub subject: Option<String>,
    /// The `jti` of a token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(length(min = 1, max = 256)))]
    pub token_id: Option<String>,
    /// When that token ends, so that the revocation can be forgotten a day later. Kept until it is taken back if left
    /// out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    pub expires_at: Option<String>,
    /// Why, for whoever reads the list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(length(max = 1_024)))]
    pub reason: Option<String>,
}

/// Tokens that are no longer believed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Revocation {
    /// Its id.
    pub revocation_id: String,
    /// Whose tokens, or whose token if that is known. Left out if it is not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// The token that it is about: its `jti`, or a digest of a token that has none. Left out if it is about all of the
    /// subject.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token_id: Option<String>,
    /// Of a subject: what was issued before is not believed. Left out for a single token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    pub issued_before: Option<String>,
    /// Why. Left out if nothing was said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Who revoked it: an administrator, or the owner by signing out.
    pub revoked_by: String,
    /// When.
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    pub at: String,
    /// When the token would have ended anyway. Left out if that is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    pub until: Option<String>,
}
