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
    /// When daily profiles are given back; none leaves that to `capacity.end_of_day`.
    pub daily_reset: Option<DailyReset>,
    /// Whether an unknown agent with a valid token gets a record.
    pub auto_provision_agents: bool,
}

/// A time of day in a time zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DailyReset {
    /// 0 to 23.
    pub hour: i8,
    /// 0 to 59.
    pub minute: i8,
    /// An IANA name, such as `Europe/Berlin`.
    pub zone: String,
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
            daily_reset: None,
            auto_provision_agents: true,
        }
    }
}

/// Settings stored by an administrator; each beats the one of the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs, reason = "the fields of `Policy`")]
pub struct PolicyOverrides {
    pub restore_window: Option<Duration>,
    pub restore_after_sign_out: Option<bool>,
    pub refresh_grace: Option<Duration>,
    pub restart_grace: Option<Duration>,
    pub sign_in_policy: Option<SignInPolicy>,
    pub missed_notifications: Option<bool>,
    pub reject_notifications: Option<bool>,
    pub max_open_work_items: Option<u32>,
    pub work_item_limit_auto_clear: Option<bool>,
    /// `Some(None)` switches the hub's own reset off.
    pub daily_reset: Option<Option<DailyReset>>,
    pub auto_provision_agents: Option<bool>,
}

impl PolicyOverrides {
    /// The settings of the file with these over them.
    #[must_use]
    pub fn over(&self, file: &Policy) -> Policy {
        let of = |stored: Option<Duration>, file| stored.unwrap_or(file);
        Policy {
            restore_window: of(self.restore_window, file.restore_window),
            restore_after_sign_out: self.restore_after_sign_out.unwrap_or(file.restore_after_sign_out),
            refresh_grace: of(self.refresh_grace, file.refresh_grace),
            restart_grace: of(self.restart_grace, file.restart_grace),
            sign_in_policy: self.sign_in_policy.unwrap_or(file.sign_in_policy),
            missed_notifications: self.missed_notifications.unwrap_or(file.missed_notifications),
            reject_notifications: self.reject_notifications.unwrap_or(file.reject_notifications),
            max_open_work_items: self.max_open_work_items.unwrap_or(file.max_open_work_items),
            work_item_limit_auto_clear: self.work_item_limit_auto_clear.unwrap_or(file.work_item_limit_auto_clear),
            daily_reset: self.daily_reset.clone().unwrap_or_else(|| file.daily_reset.clone()),
            auto_provision_agents: self.auto_provision_agents.unwrap_or(file.auto_provision_agents),
        }
    }
}
