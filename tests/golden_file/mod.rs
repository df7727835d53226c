//! Files that are made from the code: written by a test, and held to it from then on.

use std::path::Path;

use similar::TextDiff;

/// Holds a file of the project to what is made. With `ACCEPT` set, it becomes that. `tests` names the tests
/// that make it.
#[track_caller]
pub fn hold(file: &str, made: &str, tests: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    if std::env::var_os("ACCEPT").is_some() {
        std::fs::write(&path, made).unwrap();
    }
    let on_disk = std::fs::read_to_string(&path).unwrap_or_default();
    if on_disk != made {
        let diff = TextDiff::from_lines(on_disk.as_str(), made);
        let diff = diff.unified_diff().context_radius(2).header(file, "as it is made").to_string();
        panic!("{file} is not as it is made; `ACCEPT=1 cargo test --locked {tests}` writes it anew:\n{diff}");
    }
}
