//! `[feed]`

use std::time::Duration;

use super::kind::span::Span;
use super::section::section;

section! {
    /// How the live feed writes to its watchers.
    pub struct FeedSettings in "feed" {
        /// The longest time in which changes gather for a board's next frame. Boards gather as long as
        /// telling all of them takes three fifths of the time, and no longer than this: few boards are
        /// told of a change at once, many under load in turns. While commits follow each other closely,
        /// frames go out right after the commit that is nearest. Longer costs less when much happens.
        gather: Duration as Span(Duration::ZERO..=Duration::from_secs(1)), by default Duration::from_millis(13);

        /// A client that takes nothing for so long is closed (close code 4408) and may come back.
        stall_timeout: Duration as Span(Duration::from_secs(1)..=Duration::from_mins(10)),
            by default Duration::from_secs(20);
    }
}
