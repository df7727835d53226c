//! `[history]`

use std::time::Duration;

use super::kind::age::Age;
use super::section::section;
use crate::engine::embedded::Retention;

const DAY: Duration = Duration::from_hours(24);

section! {
    /// How long the past is kept. What is older goes in quiet moments; the disk gets back what is not needed again.
    impl Retention in "history" {
        /// What each agent was, from when to when, and why: what reports, and questions about an instant, are
        /// answered from. A change takes some 45 bytes; 1,000 agents with 60 changes a day take 3 GB in three
        /// years, as long as pay may be disputed in most places.
        keep: Option<Duration> as Age(7..=36_500), by default Some(DAY * 365 * 3);

        /// The changes themselves, whole: what `/changes` replays, what explains a decision, and what the history
        /// can be made from anew. After three days they are compressed to a tenth, about 80 bytes each.
        log: Option<Duration> as Age(7..=36_500), by default Some(DAY * 90);

        /// The audit: who administered, supervised, signed in, was refused or exported. An entry takes some 300 bytes;
        /// 1,000 people who sign in twice a day take 700 MB in three years. As long as the history, so that what is
        /// disputed can be told with who did it; what auditors ask for is a year in most places.
        audit: Option<Duration> as Age(7..=36_500), by default Some(DAY * 365 * 3);
    }
}
