//! How long a client waits before it connects again.

use std::time::Duration;

use super::dice::Dice;

/// How long to wait before connecting again: longer each time, and never all at once.
pub struct BackOff {
    dice: Dice,
    tries: u32,
    announced: Option<[u64; 2]>,
}

impl BackOff {
    /// The longest wait, in seconds.
    const MOST: f64 = 15.0;

    pub fn new(seed: u64) -> Self {
        Self { dice: Dice::new(seed, u32::MAX), tries: 0, announced: None }
    }

    /// The hub said welcome: it is well again.
    pub fn welcomed(&mut self) {
        self.tries = 0;
        self.announced = None;
    }

    /// The hub said when to come back.
    pub fn announced(&mut self, range: Option<[u64; 2]>) {
        self.announced = range;
    }

    pub fn next(&mut self) -> Duration {
        if let Some([from, to]) = self.announced.take() {
            let seconds = |millis: u64| Duration::from_millis(millis).as_secs_f64();
            return self.dice.seconds(seconds(from), seconds(to.max(from)));
        }
        let most = (0.5 * 2_f64.powi(i32::try_from(self.tries.min(10)).unwrap_or(10))).min(Self::MOST);
        self.tries += 1;
        self.dice.seconds(most / 2.0, most)
    }
}

#[cfg(test)]
mod tests;
