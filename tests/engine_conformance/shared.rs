//! The log in memory that simulated nodes share.

use std::cell::RefCell;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use presence_hub::clock::Clock;
use presence_hub::engine::Opened;
use presence_hub::engine::shared::{self, Disk, Shared};
use tokio::time::Instant;

use crate::agents::{Close, NOW, Running};

/// How often what was sent arrives, and what was kept comes.
const MOMENT: Duration = Duration::from_millis(1);
const SILENT_AFTER: Duration = Duration::from_secs(3);

thread_local! {
    /// The disks of this test, by the folder that each stands for.
    static DISKS: RefCell<HashMap<PathBuf, Disk>> = RefCell::default();
}

impl Close for Shared {
    fn close(&self) {
        Shared::close(self);
    }
}

/// Node 1 of those that share the folder's log. The log's time is that of the test.
pub async fn open(folder: &Path) -> Running<Shared, Shared> {
    let disk = DISKS.with_borrow_mut(|disks| {
        let disk = disks.entry(folder.to_owned()).or_insert_with(|| {
            let disk = Disk::new(1, NOW);
            tokio::spawn(moves(disk.clone()));
            disk
        });
        disk.clone()
    });
    let (opened, clock) = shared::open(&disk, 1, SILENT_AFTER, |_| Clock::starting_at(NOW)).await;
    let Opened { engine, loaded, tail, peers } = opened;
    Running { inner: engine.clone(), engine, loaded, tail, clock, peers }
}

/// Moves the log's time with that of the test.
async fn moves(disk: Disk) {
    let began = Instant::now();
    loop {
        disk.reach(began.elapsed());
        tokio::time::sleep(MOMENT).await;
    }
}
