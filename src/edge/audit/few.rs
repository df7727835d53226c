//! What somebody could cause without end: of it the audit keeps a few a minute, and counts the others.

use std::collections::HashMap;
use std::time::Duration;

use parking_lot::Mutex;
use tokio::time::Instant;

use crate::domain::audit::Deed;

const MINUTE: Duration = Duration::from_secs(60);

/// Of each kind of note of each subject, a few a minute.
#[derive(Debug)]
pub(super) struct Few {
    /// So many are kept.
    in_a_minute: u32,
    /// Subjects who are told apart. If there are more in a minute, all others are counted as one.
    most_subjects: usize,
    windows: Mutex<HashMap<(String, Deed), Window>>,
}

/// What was only counted is to be told of then.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Later {
    /// Of whom; empty for those who are counted as one.
    pub subject: String,
    /// When the minute is over.
    pub at: Instant,
}

#[derive(Debug)]
struct Window {
    ends: Instant,
    kept: u32,
    left_out: u64,
}

impl Few {
    /// So many of a subject, of so many who are told apart.
    pub fn of(in_a_minute: u32, most_subjects: usize) -> Self {
        Self { in_a_minute, most_subjects, windows: Mutex::default() }
    }

    /// Keeps it, or counts it. The first one that is only counted returns when to tell how many were.
    pub fn takes(&self, subject: &str, deed: Deed, keep: impl FnOnce()) -> Option<Later> {
        let now = Instant::now();
        let mut windows = self.windows.lock();
        if windows.len() >= self.most_subjects {
            windows.retain(|_, window| now < window.ends || window.left_out > 0);
        }
        let is_told_apart = windows.len() < self.most_subjects || windows.contains_key(&(subject.to_owned(), deed));
        let subject = if is_told_apart { subject } else { "" };
        let begins = || Window { ends: now + MINUTE, kept: 0, left_out: 0 };
        let window = windows.entry((subject.to_owned(), deed)).or_insert_with(begins);
        if now >= window.ends && window.left_out == 0 {
            *window = begins();
        }
        if window.kept < self.in_a_minute {
            window.kept += 1;
            drop(windows);
            keep();
            return None;
        }
        window.left_out += 1;
        (window.left_out == 1).then(|| Later { subject: subject.to_owned(), at: window.ends })
    }

    /// How many were only counted. The minute is over.
    pub fn left_out(&self, subject: &str, deed: Deed) -> u64 {
        let window = self.windows.lock().remove(&(subject.to_owned(), deed));
        window.map_or(0, |window| window.left_out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_few_are_kept_in_a_minute_and_the_others_counted() {
        let (few, mut kept, mut later) = (Few::of(10, 10_000), 0, Vec::new());
        for _ in 0..1_000 {
            later.extend(few.takes("mallory", Deed::Refusal, || kept += 1));
        }
        assert_eq!((kept, later.len()), (10, 1));
        assert_eq!(few.takes("ada", Deed::Refusal, || kept += 1), None);
        assert_eq!(few.takes("mallory", Deed::SignIn, || kept += 1), None);
        assert_eq!(kept, 12);
        tokio::time::sleep_until(later[0].at).await;
        assert_eq!(few.left_out("mallory", Deed::Refusal), 990);
        assert_eq!(few.takes("mallory", Deed::Refusal, || kept += 1), None);
        assert_eq!(kept, 13);
    }

    #[tokio::test(start_paused = true)]
    async fn more_than_are_told_apart_are_counted_as_one() {
        let few = Few::of(1, 2);
        let takes = |subject: &str| few.takes(subject, Deed::SignIn, || {}).map(|later| later.subject);
        assert_eq!(
            [takes("first"), takes("second"), takes("third"), takes("fourth")],
            [None, None, None, Some("".into())]
        );
        assert_eq!(takes("first"), Some("first".into()));
        assert_eq!((few.left_out("", Deed::SignIn), few.left_out("third", Deed::SignIn)), (1, 0));
    }
}
