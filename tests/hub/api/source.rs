//! What the source says that the documents must say too.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::METHODS;

/// The repository.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The text of a file of the repository.
pub fn text(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap()
}

/// Method and path of every `.route("…", …)`.
pub fn routes(code: &str) -> Vec<(String, String)> {
    let mut routes = Vec::new();
    for call in code.split(".route(").skip(1) {
        let mut depth = 1;
        let end = call.find(|c: char| {
            depth += i32::from(c == '(') - i32::from(c == ')');
            depth == 0
        });
        let Some((path, how)) = call[..end.unwrap()].trim().trim_start_matches('"').split_once('"') else { continue };
        let is_called = |method: &&str| {
            let call = format!("{method}(");
            how.match_indices(&call).any(|(at, _)| !how[..at].ends_with(char::is_alphanumeric))
        };
        let called = METHODS.into_iter().filter(is_called);
        routes.extend(called.map(|method| (method.to_owned(), path.to_owned())));
    }
    routes
}

/// The codes that the sources of a folder answer with.
pub fn codes_of(folder: &Path) -> BTreeSet<String> {
    let mut codes = BTreeSet::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            codes.extend(codes_of(&path));
            continue;
        }
        let code = fs::read_to_string(&path).unwrap();
        for made in ["Problem::new(", "Problem::not_found(", "Refused::new(", "Self::new(StatusCode::"] {
            let calls = code.split(made).skip(1).map(|call| call.split(';').next().unwrap());
            codes.extend(
                calls.filter_map(|call| call.split('"').nth(1).filter(|word| is_code(word))).map(str::to_owned),
            );
        }
        let events = code.split("malformed(\"").skip(1).map(|call| call.split('"').next().unwrap());
        codes.extend(events.filter(|word| is_code(word)).map(str::to_owned));
        let says = code.split("fn code(").skip(1).map(|body| body.split("\n    }").next().unwrap());
        codes.extend(
            says.flat_map(|body| body.split('"').skip(1).step_by(2)).filter(|word| is_code(word)).map(str::to_owned),
        );
    }
    // The status of an event that says nothing new, never the code of an error.
    codes.remove("duplicate");
    codes
}

/// The frames of an enum, by their `type`.
pub fn variants(code: &str, name: &str) -> BTreeSet<String> {
    let body = code.split(&format!("pub enum {name} {{\n")).nth(1).unwrap().split("\n}").next().unwrap();
    let names =
        body.lines().filter_map(|line| line.strip_prefix("    ").filter(|line| line.starts_with(char::is_uppercase)));
    let names = names.map(|line| line.split(|c: char| !c.is_alphanumeric()).next().unwrap());
    names.map(|name| name[..1].to_lowercase() + &name[1..]).collect()
}

fn is_code(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c == '_')
}
