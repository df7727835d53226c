//! Lines of the log that many would cause.

use std::time::Duration;

use parking_lot::Mutex;
use tokio::time::Instant;

/// How often such a line is told.
const AT_MOST_EVERY: Duration = Duration::from_secs(60);

/// A line that is told at most once a minute, with the number of those that were left out since the last one:
/// whoever floods the hub must not flood its log as well.
#[derive(Debug, Default)]
pub struct Seldom {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    told: Option<Instant>,
    left_out: u64,
}

impl Seldom {
    /// Tells the line, given how many were left out before it, or leaves it out.
    pub fn tell(&self, line: impl FnOnce(u64)) {
        let now = Instant::now();
        let mut state = self.state.lock();
        if state.told.is_some_and(|told| now - told < AT_MOST_EVERY) {
            state.left_out += 1;
            return;
        }
        let left_out = std::mem::take(&mut state.left_out);
        state.told = Some(now);
        drop(state);
        line(left_out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_line_is_told_once_a_minute_with_how_many_were_left_out() {
        let (line, mut told) = (Seldom::default(), Vec::new());
        for second in 0..130 {
            line.tell(|left_out| told.push((second, left_out)));
            tokio::time::advance(Duration::from_secs(1)).await;
        }
        assert_eq!(told, [(0, 0), (60, 59), (120, 59)]);
    }
}
