//! Which core the server has, and which the client: "on one core" is meant as it is said.

use rustix::thread::{CpuSet, sched_setaffinity};

/// Where the server runs.
pub const SERVER: usize = 0;
/// Where the client runs.
pub const CLIENT: usize = 1;

/// Lets this thread, and what it starts, run on this core alone. A machine that has no such core
/// is not pinned; the figures say less there.
pub fn pin(core: usize) {
    let mut set = CpuSet::new();
    set.set(core);
    if sched_setaffinity(None, &set).is_err() {
        eprintln!("core {core} cannot be had alone; server and client share what there is");
    }
}

/// Lets this thread, and what it starts, run on both.
pub fn unpin() {
    let mut set = CpuSet::new();
    set.set(SERVER);
    set.set(CLIENT);
    if sched_setaffinity(None, &set).is_err() {
        eprintln!("there are no two cores; all share what there is");
    }
}
