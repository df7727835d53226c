//! What somebody could cause without end: of it the audit keeps a few a minute, and counts the others.

use std::collections::HashMap;
use std::time::Duration;

use parking_lot::Mutex;
use tokio::time::Instant;

use crate::domain::audit::Deed;

/// How many notes of one kind of one subject are kept in a minute.
const IN_A_MINUTE: u32 = 10;
const MINUTE: Duration = Duration::from_secs(60);
/// Subjects of whom that is remembered. If there are more in a minute, all others are counted as one.
const MOST_SUBJECTS: usize = 10_000;

#[derive(Debug, Default)]
pub(super) struct Few {
    windows: Mutex<HashMap<(String, Deed), Window>>,
}

#[derive(Debug)]
struct Window {
    ends: Instant,
    kept: u32,
    left_out: u64,
}

impl Few {
    /// Keeps it, or counts it. The first one that is only counted returns when the minute is over.
    pub fn takes(&self, subject: &str, deed: Deed, keep: impl FnOnce()) -> Option<Instant> {
        let now = Instant::now();
        let mut windows = self.windows.lock();
        if windows.len() >= MOST_SUBJECTS {
            windows.retain(|_, window| now < window.ends || window.left_out > 0);
        }
        let subject = if windows.len() < MOST_SUBJECTS { subject } else { "" };
        let begins = || Window { ends: now + MINUTE, kept: 0, left_out: 0 };
        let window = windows.entry((subject.to_owned(), deed)).or_insert_with(begins);
        if now >= window.ends && window.left_out == 0 {
            *window = begins();
        }
        if window.kept < IN_A_MINUTE {
            window.kept += 1;
            drop(windows);
            keep();
            return None;
        }
        window.left_out += 1;
        (window.left_out == 1).then_some(window.ends)
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
        let (few, mut kept, mut ends) = (Few::default(), 0, Vec::new());
        for _ in 0..1_000 {
            ends.extend(few.takes("mallory", Deed::Refusal, || kept += 1));
        }
        assert_eq!((kept, ends.len()), (IN_A_MINUTE, 1));
        assert_eq!(few.takes("ada", Deed::Refusal, || kept += 1), None);
        assert_eq!(few.takes("mallory", Deed::SignIn, || kept += 1), None);
        assert_eq!(kept, IN_A_MINUTE + 2);
        tokio::time::sleep_until(ends[0]).await;
        assert_eq!(few.left_out("mallory", Deed::Refusal), 1_000 - u64::from(IN_A_MINUTE));
        assert_eq!(few.takes("mallory", Deed::Refusal, || kept += 1), None);
        assert_eq!(kept, IN_A_MINUTE + 3);
    }
}
