//! What a session came from.

use serde::{Deserialize, Serialize};

use crate::identity::KeyMark;

/// What a session came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Came {
    /// A sign-in at the provider, which calls them so.
    Provider {
        /// `sub`
        provider_subject: String,
        /// `sid`, if it says so.
        #[serde(skip_serializing_if = "Option::is_none")]
        provider_session: Option<String>,
        /// When it said who it is; of an older hub's session it is not known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        provider_issued: Option<i64>,
    },
    /// A token, with which it ends.
    Token {
        /// Its id.
        token_id: String,
        /// When it was issued, if it says so.
        #[serde(skip_serializing_if = "Option::is_none")]
        issued: Option<i64>,
        /// Up to when it is believed.
        valid_until: i64,
        /// The mark of the key that it was signed with; of an older hub's session it is not known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        key: Option<u16>,
    },
}

impl Came {
    /// The key that the token was signed with.
    #[must_use]
    pub fn key(&self) -> Option<KeyMark> {
        match self {
            Self::Provider { .. } => None,
            Self::Token { key, .. } => key.map(KeyMark),
        }
    }

    /// Whether it came from a sign-in of somebody whom the provider calls so.
    #[must_use]
    pub fn is_of(&self, subject: &str) -> bool {
        match self {
            Self::Provider { provider_subject, .. } => provider_subject == subject,
            Self::Token { .. } => false,
        }
    }
}
