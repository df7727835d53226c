//! What the database takes of the disk, and what is left.

use std::path::Path;
use std::time::Duration;

use prometheus_client::metrics::gauge::Gauge;

use crate::telemetry::metrics::EngineMetrics;

/// How often it is looked at, at most.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// When the disk is looked at next, on the clock that counts how long the hub runs.
#[derive(Debug, Default)]
pub(super) struct DiskUse {
    look_at: Duration,
}

impl DiskUse {
    /// Looks at the database `file`, if it is time. What cannot be found out stays as it was: whoever cannot
    /// ask how long a file is cannot write it either, which is told elsewhere.
    pub(super) fn look(&mut self, file: &Path, now: Duration, metrics: &EngineMetrics) {
        if now < self.look_at {
            return;
        }
        self.look_at = now + LOOK_EVERY;
        let mut log = file.as_os_str().to_owned();
        log.push("-wal");
        for (gauge, file) in [(&metrics.database, file), (&metrics.write_ahead_log, Path::new(&log))] {
            if let Ok(file) = std::fs::metadata(file) {
                set(gauge, file.len());
            }
        }
        if let Ok(disk) = rustix::fs::statvfs(file) {
            set(&metrics.disk_free, disk.f_bavail.saturating_mul(disk.f_frsize));
        }
    }
}

fn set(gauge: &Gauge, bytes: u64) {
    gauge.set(i64::try_from(bytes).unwrap_or(i64::MAX));
}
