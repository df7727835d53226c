//! Golden files: written down by a test, and held by it from then on.

use std::path::Path;

/// Holds a file to what it should say, or writes it if the change is accepted. `tests` names those that do.
pub(crate) fn hold(file: &Path, should: &str, tests: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    if std::env::var_os("ACCEPT").is_some() {
        std::fs::write(&path, should).unwrap();
    }
    let says = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        says == should,
        "{} is not what the code says:\n{}\n`ACCEPT=1 cargo test --locked {tests}` writes it anew",
        file.display(),
        difference(&says, should)
    );
}

/// The lines between the first and the last that differ.
fn difference(says: &str, should: &str) -> String {
    let (says, should): (Vec<_>, Vec<_>) = (says.lines().collect(), should.lines().collect());
    let same = |pairs: &mut dyn Iterator<Item = (&&str, &&str)>| pairs.take_while(|(one, other)| one == other).count();
    let before = same(&mut says.iter().zip(&should));
    let after = same(&mut says[before..].iter().rev().zip(should[before..].iter().rev()));
    let lines = |sign: char, lines: &[&str]| {
        lines[before..lines.len() - after].iter().map(|line| format!("{sign} {line}\n")).collect::<String>()
    };
    format!("(line {})\n{}{}", before + 1, lines('-', &says), lines('+', &should))
}
