//! How much work an agent can take, and how much of that is taken.

use serde::{Deserialize, Serialize};

/// How much of an agent's capacity is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Utilization {
    /// Nothing is used, and no work item is open.
    Unused,
    /// Some of it is used, or a work item is open that takes none of it.
    Partial,
    /// Every configured kind of capacity is used up.
    Full,
}

/// Unit capacity: work items take units of one common number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Units {
    /// The units of the agent's record.
    pub max: u32,
    /// Units that work items take.
    pub used: u32,
    /// Units that offers reserve while they ring.
    pub reserved: u32,
    /// Units that are left beside those used: `max` less `used`. Offers that ring are not taken off.
    /// Negative if more is used than there is.
    pub available: i64,
}

/// One capacity profile of an agent: a number of work items of a kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ProfileUse {
    /// The id of the capacity profile.
    pub profile_id: String,
    /// The most work items: the agent's own limit, else that of the profile.
    pub max: u32,
    /// Work items that take the profile.
    pub used: u32,
    /// Work items that are offered and would take it.
    pub reserved: u32,
    /// Work items that still fit: `max` less `used`. Offers that ring are not taken off. Negative if
    /// more is used than there is.
    pub available: i64,
    /// Whether the agent gets no work at all once the profile is used up.
    pub block_assignment: bool,
    /// When what was taken of the profile is given back.
    pub reset_duration: ResetDuration,
}

/// When what a work item took of a capacity profile is given back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ResetDuration {
    /// As the work ends.
    #[default]
    Immediate,
    /// At the daily reset, or when the end of the agent's day is reported.
    Daily,
}

/// An agent's capacity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Capacity {
    /// Unit capacity. Null when it is not configured, which limits nothing.
    pub units: Option<Units>,
    /// The capacity profiles of the agent.
    pub profiles: Vec<ProfileUse>,
    /// How many work items are assigned and not closed, wrap-up included. Offers are not counted.
    pub open_work_items: usize,
    /// How much of the capacity is used, in a word.
    pub utilization: Utilization,
}
