use super::*;
use crate::engine::embedded::{self, copies};

/// A past of some days, whole from an instant on.
fn write_to(folder: &std::path::Path, wanted: &Wanted, whole_from: Timestamp) -> (Filled, Vec<Seq>) {
    let policy = Policy::default();
    let filling = embedded::open(folder).unwrap().fill(whole_from).unwrap();
    let mut told = Vec::new();
    let filled = write(wanted, &policy, filling, NOW, |_, seq| told.push(seq)).unwrap();
    (filled, told)
}

/// A Thursday, in the morning.
const NOW: Timestamp = Timestamp(1_764_201_600_000 + 9 * 3_600_000);

fn wanted() -> Wanted {
    Wanted { agents: 40, changes: 30, span: Duration::from_hours(14 * 24), seed: 1 }
}

fn one<T: rusqlite::types::FromSql>(folder: &std::path::Path, select: &str) -> T {
    let database = rusqlite::Connection::open(folder.join("hub.db")).unwrap();
    database.query_row(select, [], |row| row.get(0)).unwrap()
}

#[test]
fn a_past_fits_together_and_looks_as_if_it_was_lived() {
    let folder = tempfile::tempdir().unwrap();
    let (filled, told) = write_to(folder.path(), &wanted(), Timestamp(i64::MIN));
    assert_eq!(filled.first_whole, 1);
    assert_eq!(told.len(), 14);
    let checked = copies::check(folder.path()).unwrap();
    assert_eq!((checked.mistakes.as_slice(), checked.entries, checked.agents), (&[][..], filled.seq, 40));
    // Ten working days of about thirty changes, besides records.
    let each: f64 = one(folder.path(), "SELECT avg(n) FROM (SELECT count(*) AS n FROM history_rows GROUP BY agent)");
    assert!((280.0..=340.0).contains(&each), "{each}");
    // What is older than three days is packed.
    let packed: Seq = one(folder.path(), "SELECT packed FROM hub");
    assert!(packed > filled.seq / 2 && packed < filled.seq, "{packed} of {}", filled.seq);
    let statuses: u32 = one(folder.path(), "SELECT count(DISTINCT base_status) FROM history_states");
    assert_eq!(statuses, 5);
    let (crossing, signed_in): (u32, u32) = (
        one(
            folder.path(),
            "SELECT count(*) FROM history_intervals WHERE base_status = 'BUSY' AND start / 86400000 < end / 86400000",
        ),
        one(folder.path(), "SELECT count(*) FROM history_intervals WHERE end IS NULL AND base_status <> 'OFFLINE'"),
    );
    assert!(crossing > 0 && signed_in == 0, "{crossing} {signed_in}");
}

#[test]
fn what_is_older_than_the_log_stands_in_the_history_alone_and_a_hub_starts_on_it() {
    let (folder, whole) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    // An evening: windows that lapsed before it are found to have lapsed on the morning after.
    let evening = NOW.minus(Duration::from_mins(8 * 24 * 60 - 9 * 60 - 20));
    let (filled, _) = write_to(folder.path(), &wanted(), evening);
    let (all, _) = write_to(whole.path(), &wanted(), Timestamp(i64::MIN));
    assert_eq!(filled.seq, all.seq);
    assert!(filled.first_whole > filled.seq / 4, "{filled:?}");
    let tables = |folder: &tempfile::TempDir| {
        let database = rusqlite::Connection::open(folder.path().join("hub.db")).unwrap();
        crate::history_tables::everything_of(&database)
    };
    assert!(tables(&folder) == tables(&whole), "the history is the same");
    let checked = copies::check(folder.path()).unwrap();
    assert_eq!((checked.mistakes.as_slice(), checked.agents), (&[][..], 40));
    let opened = embedded::open(folder.path()).unwrap();
    assert_eq!(opened.alive(), Some(Timestamp(NOW.0 - 9 * 3_600_000)));
    let started = opened.start(crate::clock::Clock::starting_at(NOW)).unwrap();
    assert_eq!((started.loaded.agents.len(), started.loaded.directory.len()), (40, 8));
    assert_eq!(started.loaded.seq, filled.seq);
}

#[test]
fn a_folder_with_a_database_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    write_to(folder.path(), &Wanted { span: Duration::from_hours(48), ..wanted() }, Timestamp(i64::MIN));
    let again = embedded::open(folder.path()).unwrap().fill(Timestamp(0));
    assert!(matches!(again, Err(FillError::NotNew { .. })));
}
