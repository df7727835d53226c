//! `[feed]`

use std::time::Duration;

use super::kind::span::Span;
use super::section::section;

section! {
    /// How the live feed writes to its watchers.
    pub struct FeedSettings in "feed" {
        /// The longest time in which changes gather for a board's next frame. The hub gathers just so long
        /// that telling all boards takes three fifths of its time at most: a few boards are told of a change at
        /// once, a thousand under load every ten milliseconds or so. While commits follow each other closely,
        /// frames go out right after the commit that is nearest. Longer costs less when much happens.
        gather: Duration as Span(Duration::ZERO..=Duration::from_secs(1)), by default Duration::from_millis(13);

        /// A client that takes nothing for so long is closed (close code 4408) and may come back.
        stall_timeout: Duration as Span(Duration::from_secs(1)..=Duration::from_mins(10)),
            by default Duration::from_secs(20);
    }
}
