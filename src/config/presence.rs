//! `[presence]`

use std::time::Duration;

use super::kind::daily_reset::DailyResetTime;
use super::kind::number::Whole;
use super::kind::span::Span;
use super::kind::text::{Choice, Optional, Truth};
use super::section::section;
use crate::domain::policy::{DailyReset, Policy, PolicyOverrides, SignInPolicy};
use crate::domain::rules::MAX_WORK_ITEMS;

/// A limit beyond what an agent can have at all would never be reached.
const HIGHEST_WORK_ITEM_LIMIT: u32 = MAX_WORK_ITEMS as u32;

section! {
    /// How presence is decided. What an administrator changes through `PATCH /api/v1/settings` is put
    /// over this section.
    impl Policy in "presence", overridden by PolicyOverrides {
        /// An agent who loses every connection gets the status back when returning within this time. 150
        /// seconds is what agents know from Dynamics 365.
        restore_window: Duration as Span(Duration::ZERO..=Duration::from_hours(24)),
            by default Duration::from_secs(150);

        /// Whether signing out counts as losing the connection does, so that signing in again soon
        /// brings the status back.
        restore_after_sign_out: bool as Truth, by default true;

        /// After a page announced that it reloads, others are not shown Offline for so long.
        refresh_grace: Duration as Span(Duration::ZERO..=Duration::from_mins(5)),
            by default Duration::from_secs(5);

        /// After the hub itself was away, its agents are not shown Offline for so long, counted from
        /// when it serves again. It should be longer than clients take to come back.
        restart_grace: Duration as Span(Duration::ZERO..=Duration::from_hours(1)),
            by default Duration::from_secs(10);

        /// How a fresh sign-in chooses the status. `"capacity_first"`: computed from open work, unless
        /// the agent's default is of base Away or Offline. `"default_first"`: the agent's default.
        sign_in_policy: SignInPolicy as Choice(&[SignInPolicy::CapacityFirst, SignInPolicy::DefaultFirst], |policy| {
            match policy {
                SignInPolicy::CapacityFirst => "capacity_first",
                SignInPolicy::DefaultFirst => "default_first",
            }
        }), by default SignInPolicy::CapacityFirst;

        /// Whether an agent who misses a notification becomes Inactive until clearing it.
        missed_notifications: bool as Truth, by default true;

        /// Whether an agent who rejects a notification becomes Do not disturb until clearing it.
        reject_notifications: bool as Truth, by default true;

        /// With so many open work items an agent is offered no more. The most that can be set is what an
        /// agent can have at all, offers included.
        max_open_work_items: u32 as Whole("work items", 1..=HIGHEST_WORK_ITEM_LIMIT), by default 10;

        /// Whether closing work below the limit of open work items ends the Do not disturb that the
        /// limit set. Otherwise the agent clears it.
        work_item_limit_auto_clear: bool as Truth, by default false;

        /// When capacity profiles that reset daily are given back. When empty, the work system says so
        /// with `capacity.end_of_day`. A new time counts at once: whoever had used some before it
        /// was last due is given all of it back.
        daily_reset: Option<DailyReset> as Optional(DailyResetTime), by default None;

        /// Whether an unknown agent with a valid token gets a record. Switch it off when every agent is
        /// provisioned, so that a token for a deleted agent brings nobody back.
        auto_provision_agents: bool as Truth, by default true;
    }
}
