//! `[webhooks]`

use std::time::Duration;

use super::kind::span::Span;
use super::section::section;
use crate::outbound::Limits;

section! {
    /// How webhooks are delivered.
    impl Limits in "webhooks" {
        /// How long an endpoint may take for its answer; then the try has failed. An endpoint that only puts aside
        /// what it is sent answers within a second.
        timeout: Duration as Span(Duration::from_millis(100)..=Duration::from_mins(1)),
            by default Duration::from_secs(10);

        /// A webhook whose endpoint has not taken a change for so long is switched off, until an administrator
        /// resumes it. A weekend, and a Monday to notice it.
        give_up_after: Duration as Span(Duration::from_secs(1)..=Duration::from_hours(24 * 30)),
            by default Duration::from_hours(72);
    }
}
