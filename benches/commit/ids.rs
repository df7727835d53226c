//! Ids of operations, and many that are remembered.

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use presence_hub::clock::Clock;
use presence_hub::engine::Opened;
use presence_hub::engine::embedded;
use rusqlite::{Connection, params};

/// How work systems call their events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ids {
    /// By what they are about, in the order of time.
    ByTime,
    /// By UUIDs of random bits.
    Random,
}

impl Ids {
    /// The id of an operation; all differ.
    pub fn id(self, subject: u64, number: u64) -> String {
        match self {
            Self::ByTime => format!("{subject}-{number}"),
            Self::Random => {
                let high = mixed(mixed(subject) ^ number);
                let low = mixed(high);
                let (a, b, c) = (high >> 32, (high >> 16) & 0xffff, high & 0xfff);
                let (d, e) = (((low >> 48) & 0x3fff) | 0x8000, low & 0xffff_ffff_ffff);
                format!("{a:08x}-{b:04x}-4{c:03x}-{d:04x}-{e:012x}")
            }
        }
    }
}

/// Lets the hub of a folder remember so many operations with random ids, before it starts: they are written into its
/// log, and it reads them from there when it starts. The entries are empty, as nobody asks for them.
pub fn remember(folder: &Path, many: u64) {
    let Opened { engine, .. } = embedded::open(folder).unwrap().start(Clock::system(None)).unwrap();
    engine.close();
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis() as i64;
    let mut connection = Connection::open(folder.join("hub.db")).unwrap();
    connection.pragma_update(None, "synchronous", "OFF").unwrap();
    let transaction = connection.transaction().unwrap();
    let add = "INSERT INTO log (seq, subject, at, operation, entry) VALUES (?, 'agent/of-before', ?, ?, '{}')";
    let mut add = transaction.prepare(add).unwrap();
    for seq in 1..=many {
        add.execute(params![seq, now, Ids::Random.id(u64::MAX, seq)]).unwrap();
    }
    drop(add);
    transaction.execute("UPDATE hub SET sorted = 0", []).unwrap();
    transaction.commit().unwrap();
    // On the disk before anything is measured.
    connection.pragma_update(None, "synchronous", "FULL").unwrap();
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
}

/// All bits of a number, mixed so that they look random (splitmix64).
fn mixed(number: u64) -> u64 {
    let mut mixed = number.wrapping_add(0x9E37_79B9_7F4A_7C15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}
