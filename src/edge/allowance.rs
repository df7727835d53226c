//! How much a client may say over one socket: a bucket that fills with time.

use std::time::Duration;

/// So many frames at once, and so many each second after that, pings and pongs included. A person does not
/// click faster. Events are not counted here: they wait in a line.
const FRAMES_AT_ONCE: u32 = 100;
const FRAMES_A_SECOND: u32 = 20;

/// What is left of it.
#[derive(Debug)]
pub struct Allowance {
    left: u32,
    excess: u32,
    filled_at: Duration,
}

/// What becomes of a frame beyond the allowance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Excess {
    /// It is refused.
    Refused,
    /// So many were refused that the client does not listen: the socket is closed.
    Hopeless,
}

impl Allowance {
    /// All of it.
    #[must_use]
    pub fn full(now: Duration) -> Self {
        Self { left: FRAMES_AT_ONCE, excess: 0, filled_at: now }
    }

    /// Takes one frame off.
    ///
    /// # Errors
    /// Nothing is left.
    pub fn take(&mut self, now: Duration) -> Result<(), Excess> {
        let seconds = u32::try_from(now.saturating_sub(self.filled_at).as_secs()).unwrap_or(u32::MAX);
        if seconds > 0 {
            self.left = self.left.saturating_add(seconds.saturating_mul(FRAMES_A_SECOND)).min(FRAMES_AT_ONCE);
            self.filled_at = now;
        }
        if self.left == 0 {
            self.excess += 1;
            return Err(if self.excess > FRAMES_AT_ONCE { Excess::Hopeless } else { Excess::Refused });
        }
        self.left -= 1;
        self.excess = 0;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_floods_is_held_back_then_given_up_and_one_that_calms_down_is_heard_again() {
        let mut allowance = Allowance::full(Duration::ZERO);
        for _ in 0..FRAMES_AT_ONCE {
            assert_eq!(allowance.take(Duration::ZERO), Ok(()));
        }
        assert_eq!(allowance.take(Duration::ZERO), Err(Excess::Refused));
        assert_eq!(allowance.take(Duration::from_secs(1)), Ok(()));
        while allowance.take(Duration::from_secs(1)).is_ok() {}
        for _ in 1..FRAMES_AT_ONCE {
            assert_eq!(allowance.take(Duration::from_secs(1)), Err(Excess::Refused));
        }
        assert_eq!(allowance.take(Duration::from_secs(1)), Err(Excess::Hopeless));
    }
}
