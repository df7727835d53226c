//! The room table of `src/lib.rs`, held: a room names only the rooms it may use.

#![allow(clippy::unwrap_used, reason = "a test that meets the unexpected fails")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Rooms that any room but `domain` may name.
const FOR_ALL: [&str; 2] = ["clock", "telemetry"];
/// What the domain never names, besides other rooms.
const NOT_IN_THE_DOMAIN: [&str; 7] = ["serde", "tokio", "std::fs", "std::net", "std::thread", "Instant::now", "Mutex"];
/// The most lines of a source file, and those that have a reason to be longer.
const MOST_LINES: usize = 500;
const LONGER: [&str; 1] = [
    // One file, because the build script reads it to make the browser's types.
    "src/wire/shapes.rs",
];

/// The table as it stands in `src/lib.rs`: room and what it may use; none for "all".
fn table() -> BTreeMap<String, Option<BTreeSet<String>>> {
    let map = fs::read_to_string(root().join("src/lib.rs")).unwrap();
    let mut table = BTreeMap::new();
    let mut above: BTreeSet<String> = BTreeSet::new();
    for row in map.lines().filter(|line| line.starts_with("//! | [`")) {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let may = ticked(cells[3]);
        for room in ticked(cells[1]) {
            let uses = if cells[3] == "all" {
                None
            } else if cells[3].contains("all above") {
                Some(above.union(&may).cloned().collect())
            } else {
                Some(may.clone())
            };
            above.insert(room.clone());
            table.insert(room, uses);
        }
    }
    table
}

/// The words between back-ticks.
fn ticked(cell: &str) -> BTreeSet<String> {
    cell.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}

/// The room that a file lies in: the first part of its path within `src`.
fn room_of(file: &Path) -> String {
    let within = file.strip_prefix(root().join("src")).unwrap();
    within.components().next().unwrap().as_os_str().to_str().unwrap().trim_end_matches(".rs").to_owned()
}

/// Code without comments, which may name what they like.
fn code(file: &Path) -> String {
    let text = fs::read_to_string(file).unwrap();
    text.lines().map(|line| line.split("//").next().unwrap()).collect::<Vec<_>>().join("\n")
}

/// The rooms that code names, alone or in a list of imports.
fn named(code: &str) -> BTreeSet<String> {
    let mut rooms = BTreeSet::new();
    for path in code.split("crate::").skip(1) {
        let list = path.strip_prefix('{').and_then(|list| list.split('}').next());
        for item in list.unwrap_or(path).split(',').take(if list.is_some() { usize::MAX } else { 1 }) {
            let room: String = item.trim().chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect();
            rooms.insert(room);
        }
    }
    rooms
}

#[test]
fn every_room_is_in_the_table_and_names_only_what_it_may_use() {
    let table = table();
    assert!(table.len() >= 13, "the table of src/lib.rs was not understood: {table:?}");
    for file in sources(&root().join("src")) {
        let room = room_of(&file);
        if room == "lib" || room == "main" {
            continue;
        }
        let Some(uses) = table.get(&room) else { panic!("`{room}` is not in the table of src/lib.rs") };
        let Some(uses) = uses else { continue };
        for named in named(&code(&file)) {
            let may = named == room
                || uses.contains(&named)
                || (room != "domain" && FOR_ALL.contains(&named.as_str()))
                || !table.contains_key(&named);
            assert!(may, "{}: `{room}` may not use `{named}`", file.display());
        }
    }
}

#[test]
fn the_domain_does_no_input_or_output_and_reads_no_clock() {
    for file in sources(&root().join("src/domain")) {
        let in_tests = file.components().any(|part| part.as_os_str() == "tests");
        for word in NOT_IN_THE_DOMAIN {
            assert!(in_tests || !code(&file).contains(word), "{}: names `{word}`", file.display());
        }
    }
}

#[test]
fn source_files_are_small() {
    let folders = ["src", "tests", "benches"].map(|folder| root().join(folder));
    for file in folders.iter().filter(|folder| folder.exists()).flat_map(|folder| sources(folder)) {
        let name = file.strip_prefix(root()).unwrap().to_str().unwrap().to_owned();
        let lines = fs::read_to_string(&file).unwrap().lines().count();
        assert!(lines <= MOST_LINES || LONGER.contains(&name.as_str()), "{name} has {lines} lines");
    }
}

#[test]
fn no_room_is_a_box_for_the_rest() {
    for file in sources(&root().join("src")) {
        let room = room_of(&file);
        assert!(!["utils", "util", "common", "types", "helpers", "misc"].contains(&room.as_str()), "`{room}`");
    }
}
