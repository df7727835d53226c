use std::sync::Arc;

use proptest::prelude::*;
use rusqlite::Connection;

use super::*;
use crate::domain::audit::{About, Asker, Deed, Outcome};
use crate::domain::ids::AgentId;
use crate::domain::role::Role;
use crate::engine::embedded::schema;
use crate::engine::stored::Erased;

fn database() -> Connection {
    let mut connection = Connection::open_in_memory().unwrap();
    schema::migrate(&mut connection, schema::STEPS).unwrap();
    connection
}

fn note(number: u64, subject: &str) -> Note {
    let roles = [Role::Admin, Role::Supervisor].into_iter().collect();
    let asker = Asker { subject: subject.to_owned(), roles, address: Some([203, 0, 113, 7].into()) };
    let about = (!number.is_multiple_of(3)).then(|| About::agent(["ada", "ben"][(number % 2) as usize]));
    let (before, after) =
        (Some("{\"units\":1}".to_owned()), Some(format!("{{\"agentIds\":[\"ada\"],\"units\":{number}}}")));
    Note { before, after, ..Note::done(Arc::new(asker), Deed::Change, about) }
}

/// So many entries, each a second after the one before.
fn kept(many: u64) -> Connection {
    let connection = database();
    for number in 0..many {
        let at = Timestamp(i64::try_from(number).unwrap() * 1_000);
        add(&connection, at, &note(number, ["root", "ada"][(number % 2) as usize])).unwrap();
    }
    connection
}

fn mistakes(connection: &Connection) -> Vec<String> {
    let mut mistakes = Vec::new();
    check(connection, |mistake| mistakes.push(mistake)).unwrap();
    mistakes
}

fn erase(connection: &Connection, id: &str) {
    let erased = Erased::new(id.to_owned(), AgentId::new("erased-0a0a").unwrap());
    let listed =
        "INSERT INTO erasures (pseudonym, erased_by, at, until, step, reached_agent, reached_start, reached_seq)
                  VALUES ('erased-0a0a', 'root', 0, 0, 12, 0, 0, 0)";
    connection.execute(listed, []).unwrap();
    let (mut reached, until) = (0, newest(connection).unwrap());
    while let Some(further) = blank(connection, &erased, reached, until).unwrap() {
        reached = further;
    }
}

fn all(connection: &Connection) -> Vec<AuditEntry> {
    audit(connection, &AuditQuery { most: 1_000, ..AuditQuery::default() }).unwrap().entries
}

/// What somebody with the file in his hands may do to a row.
#[derive(Clone, Debug)]
enum Tampers {
    Sets(&'static str, &'static str),
    Removes,
    MovesToTheEnd,
    ChangesPlacesWithTheNext,
    Doubles,
}

fn tampers() -> impl Strategy<Value = Tampers> {
    let columns = [
        ("at", "at + 1"),
        ("deed", "'DELETE'"),
        ("outcome", "'REFUSED'"),
        ("roles", "'agent'"),
        ("actor", "'mallory'"),
        ("actor", "NULL"),
        ("address", "'198.51.100.1'"),
        ("address", "NULL"),
        ("about", "'agent/mallory'"),
        ("before", "'{}'"),
        ("before", "NULL"),
        ("after", "after || ' '"),
        ("who", "randomblob(16)"),
        ("who", "randomblob(32)"),
        ("what", "randomblob(16)"),
        ("what", "x''"),
        ("hash", "randomblob(32)"),
    ];
    prop_oneof![
        6 => prop::sample::select(columns.to_vec()).prop_map(|(column, value)| Tampers::Sets(column, value)),
        1 => Just(Tampers::Removes),
        1 => Just(Tampers::MovesToTheEnd),
        1 => Just(Tampers::ChangesPlacesWithTheNext),
        1 => Just(Tampers::Doubles),
    ]
}

impl Tampers {
    fn with(&self, connection: &Connection, position: u64, newest: u64) {
        let (next, end) = (position % newest + 1, newest + 1);
        let columns = "at, deed, outcome, roles, actor, address, who, about, before, after, what, hash";
        let doing = match self {
            Self::Sets(column, value) => format!("UPDATE audit SET {column} = {value} WHERE position = {position}"),
            Self::Removes => format!("DELETE FROM audit WHERE position = {position}"),
            Self::MovesToTheEnd => format!("UPDATE audit SET position = {end} WHERE position = {position}"),
            Self::ChangesPlacesWithTheNext => format!(
                "UPDATE audit SET position = -1 WHERE position = {position};
                 UPDATE audit SET position = {position} WHERE position = {next};
                 UPDATE audit SET position = {next} WHERE position = -1"
            ),
            Self::Doubles => {
                format!("INSERT INTO audit SELECT {end}, {columns} FROM audit WHERE position = {position}")
            }
        };
        connection.execute_batch(&doing).unwrap();
    }
}

proptest! {
    // Each makes a database.
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn whatever_is_done_to_a_row_shows(
        many in 2_u64..12, place in any::<prop::sample::Index>(), tampers in tampers(), erased in any::<bool>(), dropped in 0_u64..3,
    ) {
        let connection = kept(many + dropped);
        drop_oldest(&connection, Timestamp(i64::try_from(dropped).unwrap() * 1_000)).unwrap();
        if erased {
            erase(&connection, "ada");
        }
        prop_assert_eq!(mistakes(&connection), [""; 0]);
        let position = dropped + 1 + place.index(usize::try_from(many).unwrap()) as u64;
        let everything = |connection: &Connection| {
            let row = |row: &rusqlite::Row<'_>| (0..13).map(|column| row.get(column)).collect();
            let mut select = connection.prepare("SELECT * FROM audit ORDER BY position").unwrap();
            let rows = select.query_map([], row).unwrap().map(Result::unwrap);
            rows.collect::<Vec<Vec<rusqlite::types::Value>>>()
        };
        let before = everything(&connection);
        tampers.with(&connection, position, many + dropped);
        // What was blanked says nothing that could be set back to nothing.
        if everything(&connection) != before {
            prop_assert_ne!(mistakes(&connection), [""; 0]);
        }
    }
}

#[test]
fn a_cut_at_either_end_shows_also_with_the_first_or_the_last_entry_gone() {
    for cut in ["position > 7", "position <= 3", "position > 0"] {
        let connection = kept(10);
        connection.execute(&format!("DELETE FROM audit WHERE {cut}"), []).unwrap();
        assert_ne!(mistakes(&connection), [""; 0], "{cut}");
    }
}

#[test]
fn nobody_is_blanked_who_was_not_erased() {
    let connection = kept(3);
    connection.execute("UPDATE audit SET actor = 'erased-0b0b', address = NULL, who = randomblob(32)", []).unwrap();
    assert!(mistakes(&connection)[0].contains("nobody was erased"), "{:?}", mistakes(&connection));
}

#[test]
fn an_erased_person_is_named_no_more_and_the_chain_holds() {
    let connection = kept(300);
    let before = all(&connection);
    erase(&connection, "ada");
    assert_eq!(mistakes(&connection), [""; 0]);
    let after = all(&connection);
    assert_eq!(before.len(), after.len());
    let hashes = |entries: &[AuditEntry]| entries.iter().map(|entry| entry.hash.clone()).collect::<Vec<_>>();
    assert_eq!(hashes(&before), hashes(&after));
    let about_ada = |entry: &AuditEntry| entry.about.as_deref() == Some("agent/ada") || entry.about.is_none();
    for (before, after) in before.iter().zip(&after) {
        let by_ada = before.actor.as_deref() == Some("ada");
        assert_eq!(after.actor.as_deref(), Some(if by_ada { "erased-0a0a" } else { "root" }));
        assert_eq!(after.address.is_none(), by_ada);
        assert_eq!(after.about.as_deref() == Some("agent/erased-0a0a"), about_ada(before));
        assert_eq!(after.after.is_none(), about_ada(before));
        assert_eq!(after.blanked, by_ada || about_ada(before));
    }
}

#[test]
fn pages_follow_each_other_while_entries_come_and_filters_find_what_they_name() {
    let connection = kept(100);
    let (mut below, mut found) = (None, Vec::new());
    loop {
        let query = AuditQuery { below, most: 7, ..AuditQuery::default() };
        let page = audit(&connection, &query).unwrap();
        found.extend(page.entries.iter().map(|entry| entry.position));
        add(&connection, Timestamp(100_000), &note(1, "root")).unwrap();
        below = page.below;
        if below.is_none() {
            break;
        }
    }
    assert_eq!(found, (1..=100).rev().collect::<Vec<u64>>());
    let asks = |query: AuditQuery| {
        let page = audit(&connection, &AuditQuery { most: 1_000, ..query }).unwrap();
        page.entries.iter().map(|entry| entry.position).collect::<Vec<_>>()
    };
    let between = AuditQuery { from: Some(Timestamp(10_000)), to: Some(Timestamp(13_000)), ..AuditQuery::default() };
    assert_eq!(asks(between.clone()), [13, 12, 11]);
    assert_eq!(asks(AuditQuery { actor: Some("ada".to_owned()), ..between.clone() }), [12]);
    assert_eq!(asks(AuditQuery { about: Some("agent/ada".to_owned()), ..between.clone() }), [11]);
    assert_eq!(asks(AuditQuery { deed: Some(Deed::Export), ..between }), [0; 0]);
}

#[test]
fn who_is_being_erased_is_named_to_nobody_meanwhile() {
    let connection = kept(30);
    let under_way = "INSERT INTO erasures
        (pseudonym, id, erased_by, at, until, step, reached_agent, reached_start, reached_seq, audit_until)
        VALUES ('erased-0a0a', 'ada', 'root', 0, 0, 0, 0, 0, 0, 30)";
    connection.execute(under_way, []).unwrap();
    // Somebody else comes under the same id.
    add(&connection, Timestamp(99_000), &note(1, "ada")).unwrap();
    let entries = all(&connection);
    assert_eq!(entries[0].actor.as_deref(), Some("ada"));
    assert!(entries[1..].iter().all(|entry| !format!("{entry:?}").contains("\"ada\"")), "{entries:?}");
    let by_ada = AuditQuery { actor: Some("ada".to_owned()), most: 100, ..AuditQuery::default() };
    assert_eq!(audit(&connection, &by_ada).unwrap().entries.len(), 1);
}

#[test]
fn old_entries_go_from_the_front_and_the_chain_begins_with_the_last_of_them() {
    let connection = kept(1_000);
    let before = check(&connection, |mistake| panic!("{mistake}")).unwrap();
    let mut bites = 0;
    while drop_oldest(&connection, Timestamp(800_000)).unwrap() {
        bites += 1;
    }
    let after = check(&connection, |mistake| panic!("{mistake}")).unwrap();
    assert_eq!((bites, after.entries, after.position), (2, 200, 1_000));
    assert_eq!(after.hash, before.hash);
    add(&connection, Timestamp(0), &note(5, "root")).unwrap();
    assert_eq!(mistakes(&connection), [""; 0]);
    assert_eq!(all(&connection)[0].at, Timestamp(999_000), "times never go back");
}

#[test]
fn what_is_refused_reads_as_it_was_written() {
    let connection = database();
    let refused = Note { outcome: Outcome::Refused, deed: Deed::Refusal, asker: None, ..note(1, "root") };
    add(&connection, Timestamp(7), &refused).unwrap();
    let entry = all(&connection).remove(0);
    assert_eq!((entry.deed, entry.outcome, entry.position), (Deed::Refusal, Outcome::Refused, 1));
    assert_eq!((entry.actor, entry.address, entry.roles), (None, None, vec![]));
}
