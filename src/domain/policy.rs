//! The settings that rules read.

use std::time::Duration;

/// How a fresh sign-in chooses the presence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignInPolicy {
    /// Only a default of base Away or Offline is taken as it is; everything else follows capacity.
    CapacityFirst,
    /// Without work the default is taken as it is; with work, one of base Do not disturb too.
    DefaultFirst,
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

/// The settings that rules read, and what an administrator may store of them.
macro_rules! policy {
    ($( $(#[doc = $law:literal])+ $name:ident: $Type:ty, )*) => {
        /// The settings that rules read. Their defaults are declared where the file's settings are.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct Policy {
            $( $(#[doc = $law])+ pub $name: $Type, )*
        }

        /// Settings stored by an administrator; each beats the one of the file.
        #[derive(Clone, Debug, Default, PartialEq, Eq)]
        pub struct PolicyOverrides {
            $( $(#[doc = $law])+ pub $name: Option<$Type>, )*
        }

        impl PolicyOverrides {
            /// The settings of the file with these over them.
            #[must_use]
            pub fn over(&self, file: &Policy) -> Policy {
                let Self { $( $name, )* } = self.clone();
                Policy { $( $name: $name.unwrap_or_else(|| file.$name.clone()), )* }
            }
        }
    };
}

policy! {
    /// A return within this time restores what was.
    restore_window: Duration,
    /// Whether signing out opens the restore window too.
    restore_after_sign_out: bool,
    /// How long Offline is held back after a page announced its reload.
    refresh_grace: Duration,
    /// How long Offline is held back after the hub itself was away.
    restart_grace: Duration,
    /// How a fresh sign-in chooses the presence.
    sign_in_policy: SignInPolicy,
    /// Whether a missed notification makes the agent Inactive.
    missed_notifications: bool,
    /// Whether a rejected notification makes the agent Do not disturb.
    reject_notifications: bool,
    /// The limit of open work items.
    max_open_work_items: u32,
    /// Whether closing work below the limit ends the hold that the limit set.
    work_item_limit_auto_clear: bool,
    /// When daily profiles are given back; none leaves that to `capacity.end_of_day`.
    daily_reset: Option<DailyReset>,
    /// Whether an unknown agent with a valid token gets a record.
    auto_provision_agents: bool,
}
