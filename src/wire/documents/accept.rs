//! The files that hold what is made from the types.

use std::path::Path;

use crate::golden_file::hold;

/// The tests that make documents.
const TESTS: &str = "--lib documents";

/// Holds `file` to what is made, or writes it if that is asked for.
pub fn accept(file: &str, made: &str) {
    hold(file, made, TESTS);
}

/// The same for the part of `file` between `<!-- made: name -->` and `<!-- /made -->`.
pub fn accept_part(file: &str, name: &str, made: &str) {
    let whole = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap();
    let begin = format!("<!-- made: {name} -->\n");
    let (before, rest) = whole.split_once(&begin).unwrap_or_else(|| panic!("{file} has no {begin}"));
    let (_, after) = rest.split_once("<!-- /made -->").unwrap_or_else(|| panic!("{file}: {name} does not end"));
    accept(file, &format!("{before}{begin}\n{}\n\n<!-- /made -->{after}", made.trim()));
}
