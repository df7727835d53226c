//! Changes at a fixed rate, whether or not the server keeps up: what it does not manage shows as
//! latency, and is not left unasked.

use std::time::{Duration, Instant};

use super::house::House;

/// What is asked of a server.
#[derive(Clone, Copy, Debug)]
pub struct Rate {
    /// Members that change, in turn.
    pub members: usize,
    /// Changes a second, of all together.
    pub changes: u32,
    pub span: Duration,
}

impl Rate {
    /// How many changes that makes.
    pub fn total(self) -> u64 {
        u64::from(self.changes) * self.span.as_secs()
    }
}

/// Asks for the changes, and calls `between` now and then. Returns how late the latest was asked for.
pub fn offer(
    house: &mut House,
    rate: Rate,
    mut between: impl FnMut(&House, Instant) -> anyhow::Result<()>,
) -> anyhow::Result<Duration> {
    let began = Instant::now();
    let mut latest = Duration::ZERO;
    let mut sent = 0;
    while sent < rate.total() {
        let now = Instant::now();
        between(house, now)?;
        loop {
            let due = began + Duration::from_secs(1) * sent as u32 / rate.changes;
            if due > now || sent == rate.total() {
                house.crowd.turn(due, &mut house.ears)?;
                break;
            }
            let lap = sent / rate.members as u64;
            let presence = if lap.is_multiple_of(2) { "available" } else { "busy" };
            house.choose(sent as usize % rate.members, presence, due)?;
            latest = latest.max(now - due);
            sent += 1;
        }
    }
    Ok(latest)
}
