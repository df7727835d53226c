//! What one commit takes on the same disk, at the same time: nothing is shown or answered sooner.

use std::path::Path;
use std::time::{Duration, Instant};

/// A row as large as the hub's own entries.
const ROW: usize = 420;
const COMMITS: u32 = 300;

/// The median and the slowest hundredth of single commits of a bare SQLite, in milliseconds.
pub fn measure(folder: &Path) -> anyhow::Result<(f64, f64)> {
    let connection = rusqlite::Connection::open(folder.join("bare.db"))?;
    connection.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
         CREATE TABLE IF NOT EXISTS log (seq INTEGER PRIMARY KEY, entry TEXT NOT NULL);",
    )?;
    let entry = "x".repeat(ROW);
    let mut took: Vec<Duration> = Vec::new();
    for _ in 0..COMMITS {
        let began = Instant::now();
        connection.execute("INSERT INTO log (entry) VALUES (?)", [&entry])?;
        took.push(began.elapsed());
    }
    took.sort_unstable();
    let at = |share: f64| took[(f64::from(COMMITS) * share) as usize].as_secs_f64() * 1e3;
    Ok((at(0.5), at(0.99)))
}
