//! Whatever is kept, undone or forgotten, and whenever the hub is ended: of each operation is known what a map would know.

use std::collections::BTreeMap;
use std::time::Duration;

use proptest::prelude::*;
use rusqlite::{Connection, params};

use super::claim::digest_of;
use super::{Moved, Operations, Sizes, missing, opening, take_out};
use crate::domain::time::Timestamp;
use crate::engine::embedded::schema;
use crate::engine::{OperationId, REMEMBERED, Seq};

const NOW: Timestamp = Timestamp(1_800_000_000_000);
/// Small, so that there are many runs of many blocks.
const SMALL: Sizes = Sizes { least: 8, most: 64, part: 4, block: 3 };

/// A digest that many ids have in common.
fn alike(id: &str) -> u64 {
    (digest_of(id) % 11) << 60
}

/// What a transaction comes to.
#[derive(Clone, Copy, Debug)]
enum End {
    Kept,
    Undone,
    /// It is kept, and nobody knows that.
    Unknown,
}

#[derive(Clone, Debug)]
enum Happening {
    /// Operations are kept in one transaction. Some were forgotten before.
    Keeps(usize, End),
    /// The hub is ended, and started again.
    Starts,
    Passes(Duration),
}

fn a_happening() -> impl Strategy<Value = Happening> {
    let end = prop_oneof![8 => Just(End::Kept), 1 => Just(End::Undone), 1 => Just(End::Unknown)];
    prop_oneof![
        12 => (1_usize..14, end).prop_map(|(many, end)| Happening::Keeps(many, end)),
        1 => Just(Happening::Starts),
        2 => (1_u64..15).prop_map(|hours| Happening::Passes(Duration::from_hours(hours))),
    ]
}

/// A database, its operations, and a map of them.
struct World {
    folder: tempfile::TempDir,
    connection: Connection,
    digest: fn(&str) -> u64,
    operations: Operations,
    seq: Seq,
    now: Timestamp,
    kept: BTreeMap<String, (Seq, Timestamp)>,
}

impl World {
    fn new(digest: fn(&str) -> u64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut connection = connect(&folder);
        schema::migrate(&mut connection, schema::STEPS).unwrap();
        let operations = opening::open(&connection, NOW, SMALL, digest).unwrap();
        Self { folder, connection, digest, operations, seq: 0, now: NOW, kept: BTreeMap::new() }
    }

    fn happens(&mut self, happening: &Happening) {
        match happening {
            Happening::Keeps(many, end) => self.keeps(*many, *end),
            Happening::Starts => self.starts(),
            Happening::Passes(time) => self.now = self.now.plus(*time),
        }
    }

    fn starts(&mut self) {
        self.connection = connect(&self.folder);
        self.operations = opening::open(&self.connection, self.now, SMALL, self.digest).unwrap();
    }

    fn keeps(&mut self, many: usize, end: End) {
        let forgotten = self.kept.iter().filter(|(_, (_, at))| self.now.since(*at) >= REMEMBERED);
        let again = forgotten.map(|(id, _)| id.clone()).take(many / 4);
        let new = (0..many).map(|number| format!("crm/{}-{number}", self.seq));
        let ids: Vec<String> = again.chain(new).take(many).collect();
        self.connection.execute_batch("BEGIN IMMEDIATE").unwrap();
        let mut seq = self.seq;
        for id in &ids {
            // Some entries are of no operation.
            seq += 1 + seq % 2;
            log(&self.connection, seq, self.now, id);
            self.operations.add(&OperationId(id.clone()), seq, self.now);
        }
        let moved = self.operations.go_on(&self.connection, many).unwrap();
        match end {
            End::Undone => return self.connection.execute_batch("ROLLBACK").unwrap(),
            End::Kept | End::Unknown => self.connection.execute_batch("COMMIT").unwrap(),
        }
        let mut at = self.seq;
        for id in ids {
            at += 1 + at % 2;
            self.kept.insert(id, (at, self.now));
        }
        self.seq = seq;
        match end {
            End::Kept => self.operations.kept(moved, (many, seq), self.now),
            End::Undone | End::Unknown => {}
        }
    }

    fn find(&self, id: &str) -> Option<Seq> {
        let found = self.operations.find(&self.connection, &OperationId(id.to_owned()), self.now).unwrap();
        found.map(|(seq, _)| seq)
    }

    fn knows_what_the_map_knows(&self) {
        for (id, (seq, at)) in &self.kept {
            let expected = (self.now.since(*at) < REMEMBERED).then_some(*seq);
            assert_eq!(self.find(id), expected, "{id} at {at:?}, now {:?}", self.now);
        }
        assert_eq!(self.find("nobody/1"), None);
    }

    fn count(&self, of: &str) -> u64 {
        self.connection.query_row(&format!("SELECT count(*) FROM {of}"), [], |row| row.get(0)).unwrap()
    }

    /// Keeps as many operations, some with each commit.
    fn keeps_some(&mut self, many: usize) {
        (0..many / 4).for_each(|_| self.keeps(4, End::Kept));
    }
}

fn connect(folder: &tempfile::TempDir) -> Connection {
    let connection = schema::connect(&folder.path().join("hub.db")).unwrap();
    connection.pragma_update(None, "synchronous", "OFF").unwrap();
    connection
}

fn log(connection: &Connection, seq: Seq, at: Timestamp, id: &str) {
    let add = "INSERT INTO log (seq, subject, at, operation, entry) VALUES (?, 'agent/anna', ?, ?, '{}')";
    connection.execute(add, params![seq, at.0, id]).unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]
    #[test]
    fn of_each_operation_is_known_what_a_map_knows(
        are_alike in any::<bool>(),
        happenings in prop::collection::vec(a_happening(), 1..80),
    ) {
        let mut world = World::new(if are_alike { alike } else { digest_of });
        for happening in &happenings {
            world.happens(happening);
            world.knows_what_the_map_knows();
        }
        if !are_alike {
            prop_assert_eq!(missing(&world.connection).unwrap(), [0; 0]);
        }
        // Nothing of what is forgotten stays for ever.
        world.now = world.now.plus(REMEMBERED);
        for _ in 0..2 {
            world.keeps_some(4 * (1 + world.count("operation_blocks") as usize));
            world.now = world.now.plus(REMEMBERED);
        }
        world.knows_what_the_map_knows();
        let runs = (world.operations.runs.len() + world.operations.forgotten.len()) as u64;
        prop_assert_eq!(world.count("operation_runs"), runs);
    }
}

#[test]
fn an_operation_is_found_wherever_it_stands() {
    let mut world = World::new(digest_of);
    world.keeps_some(4);
    assert_eq!(world.operations.recent.claims.len(), 4);
    world.knows_what_the_map_knows();
    world.keeps_some(4);
    assert!(world.operations.writing.is_some() && world.operations.recent.claims.is_empty());
    world.knows_what_the_map_knows();
    world.keeps_some(4);
    assert!(world.operations.writing.is_some() && world.count("operation_blocks") > 0);
    world.knows_what_the_map_knows();
    world.keeps_some(400);
    let runs = world.operations.runs.len();
    assert!((5..40).contains(&runs), "{runs} runs");
    world.knows_what_the_map_knows();
    let blocks = world.count("operation_blocks");
    assert!((80..160).contains(&blocks), "{blocks} blocks");
}

#[test]
fn a_commit_forgets_at_the_pace_at_which_it_adds_until_all_that_is_old_is_forgotten() {
    let mut world = World::new(digest_of);
    world.keeps_some(400);
    let old = world.operations.runs.len();
    world.now = world.now.plus(REMEMBERED);
    world.keeps_some(4);
    assert_eq!((world.operations.runs.len(), world.operations.forgotten.len()), (0, old), "out of memory at once");
    let (mut before, mut commits) = (world.count("operation_blocks"), 0);
    while !world.operations.forgotten.is_empty() {
        world.keeps_some(4);
        let now = world.count("operation_blocks");
        // Each adds four operations, so at most three blocks of three are forgotten, and written.
        assert!((before.saturating_sub(3)..=before + 3).contains(&now), "{before}, then {now}");
        (before, commits) = (now, commits + 1);
    }
    assert!((30..100).contains(&commits), "{commits} commits");
    world.knows_what_the_map_knows();
}

#[test]
fn a_run_that_was_being_written_when_the_hub_was_killed_is_written_anew() {
    let mut world = World::new(digest_of);
    world.keeps_some(12);
    assert!(world.count("operation_blocks") > 0 && world.count("operation_runs") == 0);
    world.connection = connect(&world.folder);
    world.operations =
        opening::open(&world.connection, world.now, Sizes { least: 100, most: 200, ..SMALL }, digest_of).unwrap();
    assert_eq!((world.count("operation_blocks"), world.operations.recent.claims.len()), (0, 12));
    world.knows_what_the_map_knows();
}

#[test]
fn what_an_older_hub_remembered_is_read_from_its_log() {
    let folder = tempfile::tempdir().unwrap();
    let mut connection = connect(&folder);
    let before = schema::STEPS.len() - 1;
    schema::migrate(&mut connection, &schema::STEPS[..before]).unwrap();
    for seq in 1..=1_000 {
        let (id, at) = (format!("crm/{seq}"), NOW.plus(Duration::from_mins(3) * u32::try_from(seq).unwrap()));
        log(&connection, seq, at, &id);
        connection.execute("INSERT INTO operations VALUES (0, ?, ?)", params![id, seq]).unwrap();
    }
    schema::migrate(&mut connection, schema::STEPS).unwrap();
    let now = NOW.plus(Duration::from_mins(3_000));
    let operations = opening::open(&connection, now, SMALL, digest_of).unwrap();
    assert!(operations.runs.len() > 5 && operations.recent.claims.len() < SMALL.most);
    for seq in 1..=1_000 {
        let found = operations.find(&connection, &OperationId(format!("crm/{seq}")), now).unwrap();
        assert_eq!(found.map(|(seq, _)| seq), (seq > 520).then_some(seq));
    }
}

#[test]
fn a_check_finds_what_no_run_says() {
    let mut world = World::new(digest_of);
    world.keeps_some(100);
    assert_eq!(missing(&world.connection).unwrap(), [0; 0]);
    let lost = "DELETE FROM operation_blocks WHERE block = (SELECT min(block) FROM operation_blocks)";
    world.connection.execute(lost, []).unwrap();
    assert_eq!(missing(&world.connection).unwrap().len(), SMALL.block);
}

#[test]
fn nothing_is_left_of_an_operation_of_somebody_erased() {
    let mut world = World::new(digest_of);
    world.keeps_some(12);
    assert!(world.operations.writing.is_some());
    let ids: Vec<(String, Seq)> = world.kept.iter().map(|(id, (seq, _))| (id.clone(), *seq)).collect();
    for (id, seq) in &ids {
        take_out(&world.connection, id, *seq).unwrap();
        world.connection.execute("UPDATE log SET operation = NULL WHERE seq = ?", [seq]).unwrap();
        world.kept.remove(id);
    }
    world.operations.doubt();
    world.keeps_some(24);
    let mut select = world.connection.prepare("SELECT claims FROM operation_blocks").unwrap();
    let blocks: Vec<Vec<u8>> = select.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    assert!(world.operations.runs.len() > 1 && blocks.len() > 6);
    for (id, _) in &ids {
        let digest = digest_of(id).to_be_bytes();
        assert!(!blocks.iter().any(|block| block.chunks(16).any(|claim| claim[..8] == digest)), "{id}");
    }
    drop(select);
    world.knows_what_the_map_knows();
    // What a transaction did is done again if nobody knows whether it was kept.
    world.operations.kept(Moved::default(), (0, world.seq), world.now);
    world.knows_what_the_map_knows();
}
