//! The settings that rules read.

use std::time::Duration;

/// How a fresh sign-in chooses the presence (rule book A-1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignInPolicy {
    /// Only a default of base Away or Offline is taken as it is; everything else follows capacity.
    CapacityFirst,
    /// Without work the default is taken as it is; with work, one of base Do not disturb too.
    DefaultFirst,
}

/// The settings that rules read, at the values of the product documents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// A return within this time restores what was.
    pub restore_window: Duration,
    /// Whether signing out opens the restore window too.
    pub restore_after_sign_out: bool,
    /// How long Offline is held back after a page announced its reload.
    pub refresh_grace: Duration,
    /// How long Offline is held back after the hub itself was away.
    pub restart_grace: Duration,
    /// How a fresh sign-in chooses the presence.
    pub sign_in_policy: SignInPolicy,
    /// Whether a missed notification makes the agent Inactive.
    pub missed_notifications: bool,
    /// Whether a rejected notification makes the agent Do not disturb.
    pub reject_notifications: bool,
    /// The limit of open work items.
    pub max_open_work_items: u32,
    /// Whether closing work below the limit ends the hold that the limit set.
    pub work_item_limit_auto_clear: bool,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            restore_window: Duration::from_millis(150_000),
            restore_after_sign_out: true,
            refresh_grace: Duration::from_secs(5),
            restart_grace: Duration::from_secs(10),
            sign_in_policy: SignInPolicy::CapacityFirst,
            missed_notifications: true,
            reject_notifications: true,
            max_open_work_items: 10,
            work_item_limit_auto_clear: false,
        }
    }
}
