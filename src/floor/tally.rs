//! What happened on the floor, counted.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};

use parking_lot::Mutex;

/// Counts that every task raises; readers may see them a moment apart.
#[derive(Debug, Default)]
pub struct Tally {
    pub connected: AtomicU64,
    /// Connections that ended without the agent's doing; each is opened again.
    pub losses: AtomicU64,
    pub frames: AtomicU64,
    pub choices: AtomicU64,
    pub events: AtomicU64,
    /// What the hub did not do, by its code.
    refusals: Mutex<BTreeMap<String, u64>>,
}

pub fn raise(count: &AtomicU64) {
    count.fetch_add(1, Ordering::Relaxed);
}

pub fn lower(count: &AtomicU64) {
    count.fetch_sub(1, Ordering::Relaxed);
}

impl Tally {
    pub fn refused(&self, code: &str) {
        let mut refusals = self.refusals.lock();
        match refusals.get_mut(code) {
            Some(count) => *count += 1,
            None => {
                refusals.insert(code.to_owned(), 1);
            }
        }
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = |count: &AtomicU64| count.load(Ordering::Relaxed);
        write!(
            f,
            "{} signed in, {} frames heard, {} choices, {} events applied, {} connections lost",
            count(&self.connected),
            count(&self.frames),
            count(&self.choices),
            count(&self.events),
            count(&self.losses),
        )?;
        let refusals = self.refusals.lock();
        for (at, (code, count)) in refusals.iter().enumerate() {
            write!(f, "{}{code} {count}", if at == 0 { "; not done: " } else { ", " })?;
        }
        Ok(())
    }
}
