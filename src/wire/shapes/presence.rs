//! What people see of each other: a presence, who set it, and what keeps work from somebody.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::yes;
#[cfg(test)]
use super::{Line, NewId, Words, read_only, said_by_path};
#[cfg(test)]
use crate::domain::presence::{MAX_LANGUAGE, MAX_PRESENCE_LABELS, MAX_PRESENCE_NAME, MAX_PRESENCE_TEXT};

/// What routing looks at: every presence stands over one of these five.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum BasePresenceStatus {
    /// Free to take work.
    Available,
    /// At work, and perhaps free for more.
    Busy,
    /// Not to be disturbed.
    BusyDoNotDisturb,
    /// Away from the desk.
    Away,
    /// Not there.
    Offline,
}

/// Who set the presence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Origin {
    /// The hub computed it from work and capacity, or set it for a hold.
    Automatic,
    /// The agent chose it.
    Agent,
    /// A supervisor chose it.
    Supervisor,
    /// It is the default presence of the agent's record, taken at sign-in.
    Default,
}

/// Why new work is kept from the agent. A hold stays until it is reset or a presence is chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Hold {
    /// The agent missed a notification, and is Inactive.
    Missed,
    /// The agent rejected a notification, and is in Do not disturb.
    Rejected,
    /// The agent reached the limit of open work items, and is in Do not disturb.
    WorkItemLimit,
}

/// A presence of the catalog: a text for people over a base status for routing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Presence {
    /// The id of the presence. Those of the six that ship are `available`, `busy`, `do-not-disturb`,
    /// `away`, `offline` and `inactive`.
    pub presence_id: String,
    /// The name that administrators see.
    pub presence_name: String,
    /// The text that people see.
    pub presence_text: String,
    /// The base status, which routing looks at.
    pub base_presence_status: BasePresenceStatus,
    /// What the presence is for; may be empty.
    pub description: String,
    /// Whether it is one of the six that ship, which cannot be changed.
    pub built_in: bool,
    /// Whether a person may choose it. Others are set by the hub alone.
    pub can_user_set: bool,
    /// The colour of its symbol, as `#` and six hexadecimal digits.
    #[cfg_attr(test, schemars(regex(pattern = "^#[0-9a-fA-F]{6}$")))]
    pub presence_color: String,
    /// The text in other languages, by language tag such as `de`.
    pub labels: BTreeMap<String, String>,
    /// Whether it can be held. A retired presence keeps its record, but nobody can hold it.
    pub enabled: bool,
}

/// A custom presence as an administrator writes it. Most of it may be left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PresenceRecord {
    /// The id. Where the path says it, it is only read: it may be left out, or repeat the path.
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "NewId", transform = said_by_path))]
    pub presence_id: String,
    /// The name that administrators see: 1 to 100 characters.
    #[cfg_attr(test, schemars(with = "Words<MAX_PRESENCE_NAME>"))]
    pub presence_name: String,
    /// The text that people see: 1 to 500 characters. The name if left out.
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "Option<Words<MAX_PRESENCE_TEXT>>"))]
    pub presence_text: Option<String>,
    /// The base status, which routing looks at.
    pub base_presence_status: BasePresenceStatus,
    /// What the presence is for, in at most 500 characters. Empty if left out.
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "Line<MAX_PRESENCE_TEXT>"))]
    pub description: String,
    /// Whether it is one of the six that ship, which cannot be changed. Read only: true is refused when
    /// written.
    #[serde(default)]
    #[cfg_attr(test, schemars(transform = read_only))]
    pub built_in: bool,
    /// Whether a person may choose it. True if left out.
    #[serde(default = "yes")]
    pub can_user_set: bool,
    /// The colour of its symbol, as `#` and six hexadecimal digits. That of the base status if left out.
    #[serde(default)]
    #[cfg_attr(test, schemars(regex(pattern = "^#[0-9a-fA-F]{6}$")))]
    pub presence_color: Option<String>,
    /// The text in other languages, by language tag such as `de`; each has 1 to 500 characters. At most 100.
    #[serde(default)]
    #[cfg_attr(test, schemars(
        with = "BTreeMap<Words<MAX_LANGUAGE>, Words<MAX_PRESENCE_TEXT>>",
        extend("maxProperties" = MAX_PRESENCE_LABELS)
    ))]
    pub labels: BTreeMap<String, String>,
    /// Whether it can be held. False retires it: its holders move to the presence that ships with the
    /// same base status, and are told. True if left out.
    #[serde(default = "yes")]
    pub enabled: bool,
    /// What is allowed and still unusual about the record. Only in the answer to a change, and left
    /// out if there is nothing. Read only: ignored when written.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(test, schemars(transform = read_only))]
    pub warnings: Vec<String>,
}
