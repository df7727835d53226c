//! The room table of `src/lib.rs`, held: a room names only the rooms it may use.

#![allow(clippy::unwrap_used, reason = "a test that meets the unexpected fails")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Rooms that any room but `domain` may name.
const FOR_ALL: [&str; 2] = ["clock", "telemetry"];
/// What the domain never names, besides other rooms.
const NOT_IN_THE_DOMAIN: [&str; 7] = ["serde", "tokio", "std::fs", "std::net", "std::thread", "Instant::now", "Mutex"];
/// The most lines of a source file.
const MOST_LINES: usize = 400;

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
        assert!(lines <= MOST_LINES, "{name} has {lines} lines");
    }
}

#[test]
fn no_room_is_a_box_for_the_rest() {
    for file in sources(&root().join("src")) {
        let room = room_of(&file);
        assert!(!["utils", "util", "common", "types", "helpers", "misc"].contains(&room.as_str()), "`{room}`");
    }
}

/// A module by its path below `src`, such as `["engine", "embedded", "store"]`.
type Module = Vec<String>;

/// A file of the program, its tests left out.
struct Source {
    /// The code without comments, up to its tests.
    code: String,
    /// What it takes from its own children, by name: `use child::Name` brings `Name` from `child`.
    taken_from_children: BTreeMap<String, Module>,
}

/// All files of one room that are more than tests.
fn modules_of(room: &str) -> BTreeMap<Module, Source> {
    let src = root().join("src");
    let mut modules = BTreeMap::new();
    let mut only_tests = BTreeSet::new();
    for file in sources(&src).into_iter().filter(|file| room_of(file) == room) {
        let text = code(&file);
        let folder = if file.ends_with("mod.rs") { file.parent().unwrap().to_owned() } else { file.with_extension("") };
        let within = folder.strip_prefix(&src).unwrap();
        let module: Module = within.components().map(|part| part.as_os_str().to_str().unwrap().to_owned()).collect();
        for declaration in text.split("#[cfg(test)]").skip(1) {
            let declaration = declaration.trim_start();
            let (path, item) = match declaration.strip_prefix("#[path = \"") {
                Some(path) => path.split_once("\"]").unwrap(),
                None => ("", declaration),
            };
            let Some((_, name)) = item.lines().find(|line| !line.is_empty()).unwrap().split_once("mod ") else {
                continue;
            };
            let child = match path {
                "" => folder.join(identifier(name)),
                path => file.parent().unwrap().join(path).with_extension(""),
            };
            only_tests.insert(child);
        }
        let code = text.split("#[cfg(test)]\nmod tests").next().unwrap().to_owned();
        modules.insert(module, (folder, code));
    }
    modules.retain(|_, (folder, _)| !folder.ancestors().any(|folder| only_tests.contains(folder)));
    let names: BTreeSet<Module> = modules.keys().cloned().collect();
    let source = |module: &Module, code: String| {
        let mut taken_from_children = BTreeMap::new();
        for path in code.split("use ").skip(1).flat_map(paths) {
            let child: Module = module.iter().chain(path.first()).cloned().collect();
            if let Some(name) = path.last().filter(|_| path.len() > 1 && names.contains(&child)) {
                taken_from_children.insert(name.clone(), child);
            }
        }
        Source { code, taken_from_children }
    };
    modules.into_iter().map(|(module, (_, code))| (module.clone(), source(&module, code))).collect()
}

fn identifier(text: &str) -> String {
    text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

/// The path at the beginning of the text, or the paths if it ends in a list.
fn paths(text: &str) -> Vec<Vec<String>> {
    let mut path = Vec::new();
    let mut rest = text;
    loop {
        let part = identifier(rest);
        if part.is_empty() {
            let list = rest.strip_prefix('{').and_then(|list| list.split('}').next()).unwrap_or_default();
            let ends = list.split(',').map(str::trim).filter(|end| !end.is_empty()).flat_map(paths);
            return ends.map(|end| [path.clone(), end].concat()).collect();
        }
        rest = &rest[part.len()..];
        path.push(part);
        match rest.strip_prefix("::") {
            Some(further) => rest = further,
            None => return vec![path],
        }
    }
}

/// The modules of its room that a module names.
fn named_by(module: &Module, modules: &BTreeMap<Module, Source>) -> BTreeSet<Module> {
    let code = &modules[module].code;
    let begins = |word: &'static str| {
        let places = code.match_indices(word).map(|(at, _)| at);
        places.filter(|at| !code[..*at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':'))
    };
    let mut named = BTreeSet::new();
    for path in ["super::", "crate::"].into_iter().flat_map(begins).flat_map(|at| paths(&code[at..])) {
        let ups = path.iter().take_while(|part| *part == "super").count();
        let stem = if ups > 0 { &module[..module.len().saturating_sub(ups)] } else { &[] };
        let path: Module = stem.iter().chain(&path[ups.max(1)..]).cloned().collect();
        let Some(known) = (1..=path.len()).rev().find(|length| modules.contains_key(&path[..*length])) else {
            continue;
        };
        let (owner, name) = (path[..known].to_vec(), path.get(known));
        let taken = name.and_then(|name| modules[&owner].taken_from_children.get(name));
        named.insert(taken.cloned().unwrap_or(owner));
    }
    named.retain(|other| !other.starts_with(module));
    named
}

/// A circle through `path`'s last module, if there is one that was not looked for before.
fn circle(path: &mut Vec<Module>, names: &BTreeMap<Module, BTreeSet<Module>>, done: &mut BTreeSet<Module>) -> bool {
    let last = path[path.len() - 1].clone();
    for next in &names[&last] {
        if let Some(begin) = path.iter().position(|module| module == next) {
            path.drain(..begin);
            path.push(next.clone());
            return true;
        }
        if !done.contains(next) {
            path.push(next.clone());
            if circle(path, names, done) {
                return true;
            }
            path.pop();
        }
    }
    done.insert(last);
    false
}

/// A file can be read once those have been read that it names. Counted is every path that begins with
/// `super` or `crate` and stays in the room. A parent holds its children together, so what it names of
/// them is not counted; and what others name of the parent that it takes from a child is the child's.
#[test]
fn no_files_of_a_room_name_each_other_in_a_circle() {
    let mut looked_at = 0;
    let mut circles = Vec::new();
    for room in table().keys() {
        let modules = modules_of(room);
        let names = modules.keys().map(|module| (module.clone(), named_by(module, &modules))).collect();
        looked_at += modules.len();
        let mut done = BTreeSet::new();
        for module in modules.keys() {
            let mut path = vec![module.clone()];
            if !done.contains(module) && circle(&mut path, &names, &mut done) {
                circles.push(path.iter().map(|module| module.join("/")).collect::<Vec<_>>().join(" → "));
                done.extend(path);
            }
        }
    }
    assert!(looked_at > 100, "{looked_at} files");
    assert_eq!(circles, [""; 0]);
}
