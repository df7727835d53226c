//! Chance that repeats itself: the same seed throws the same numbers on every machine and in every version.
//!
//! By hand, because it is ten lines, and a library's generator may throw other numbers in its next version:
//! a seed that somebody noted would then play another day.

use std::time::Duration;

/// `SplitMix64`: 64 bits of state, one addition and three multiplications a throw.
#[derive(Clone, Debug)]
pub struct Dice {
    state: u64,
}

impl Dice {
    /// Dice of one agent of a floor; neighbours do not resemble each other.
    pub fn new(seed: u64, index: u32) -> Self {
        let mut dice = Self { state: seed ^ (u64::from(index) << 32) };
        dice.throw();
        dice
    }

    fn throw(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// At least 0, below 1.
    #[allow(clippy::cast_precision_loss, reason = "53 bits fit")]
    fn fraction(&mut self) -> f64 {
        (self.throw() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// True in so many of a hundred throws.
    pub fn percent(&mut self, chance: u32) -> bool {
        self.fraction() * 100.0 < f64::from(chance)
    }

    /// A span between two numbers of seconds.
    pub fn seconds(&mut self, from: f64, to: f64) -> Duration {
        Duration::from_secs_f64(from + self.fraction() * (to - from))
    }

    /// A span until the next of events that come by chance, so often on average. At most five times
    /// the average, so that nobody waits for ever.
    pub fn about(&mut self, mean_seconds: f64) -> Duration {
        let span = -(1.0 - self.fraction()).ln() * mean_seconds;
        Duration::from_secs_f64(span.min(5.0 * mean_seconds))
    }

    /// One of them, each weighing what stands beside it.
    pub fn weighted<T: Copy>(&mut self, choices: &[(u32, T)]) -> T {
        let total: u32 = choices.iter().map(|(weight, _)| weight).sum();
        let mut left = self.fraction() * f64::from(total);
        for (weight, choice) in choices {
            left -= f64::from(*weight);
            if left < 0.0 {
                return *choice;
            }
        }
        choices[choices.len() - 1].1
    }
}
