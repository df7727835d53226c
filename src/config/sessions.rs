//! `[sessions]`

use std::time::Duration;

use super::kind::number::Whole;
use super::kind::span::{Span, WholeSeconds};
use super::section::section;

section! {
    /// How sockets are kept, and when they are given up.
    pub struct SessionSettings in "sessions" {
        /// How often a socket is pinged. Shorter notices a lost network sooner and wakes every client
        /// more.
        ping_interval: Duration as Span(Duration::from_millis(100)..=Duration::from_mins(5)),
            by default Duration::from_secs(4);

        /// A session without a sign of life for so long is lost (close code 4411), and the restore
        /// window begins. Longer than `ping_interval`; twice as long lets one pong be lost.
        ping_timeout: Duration as Span(Duration::from_millis(200)..=Duration::from_mins(10)),
            by default Duration::from_secs(8);

        /// When nothing else was sent to a client for so long, a heartbeat is, so that a page can tell a
        /// quiet hub from a dead one: after two of them and two seconds. Whole seconds, because clients are told it in
        /// seconds. A hub of a cluster takes three seconds if more is said here, so that the agents of a machine that is
        /// lost are at another hub before they are shown Offline.
        heartbeat_interval: Duration as WholeSeconds(Duration::from_secs(1)..=Duration::from_mins(5)),
            by default Duration::from_secs(10);

        /// A browser answers pings for a page that it has frozen, behind which nobody can answer. So
        /// pages of agents answer heartbeats themselves; one that lets a heartbeat go unanswered for so
        /// long is lost (close code 4411, cause `PAGE_ASLEEP`). Three heartbeats may be missed. `"0s"`
        /// switches it off.
        page_timeout: Duration as Span(Duration::ZERO..=Duration::from_hours(1)),
            by default Duration::from_secs(30);

        /// More sockets of one person than this are refused (close code 4409): a page that opens sockets
        /// in a loop hurts only itself. One that gives no sign of life gives way first.
        max_sessions_per_subject: u32 as Whole("sockets", 1..=10_000), by default 20;

        /// A larger frame closes the socket (close code 4413), and a larger batch over HTTP is refused.
        /// 1,000 events need some 400,000. Whoever is no work system has at most 294,912, which 1,000
        /// ids fit into.
        max_frame_bytes: u32 as Whole("bytes", 4_096..=16_777_216), by default 1_048_576;

        /// While so many events of one work system wait, it is told to slow down (`rate_limited`; 429
        /// over HTTP), and nobody else notices. The hub keeps some 20,000 a second, so what is taken is
        /// answered within about a second, or within its fair share of it when several send much.
        max_waiting_events: u32 as Whole("events", 1..=1_000_000), by default 20_000;
    }
}
