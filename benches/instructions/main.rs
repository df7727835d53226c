//! What the hot paths cost, in instructions, held to the limits in `limits.toml`.
//!
//! `cargo bench --profile counting --bench instructions`, and with `-- --accept` to keep new figures.
//! Instructions, because they are the same on a busy machine; times are not.
//!
//! It runs itself once more under Valgrind, whose Callgrind counts what [`counted`] encloses. The crate
//! gungraun does the same and more, but wants a binary of its own installed, which takes about as long
//! to build as the hub; its limits stand in code, and it does not say when one could be lower.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a measurement ends where it stands, and prints")]

#[path = "../cases/mod.rs"]
mod cases;
mod limits;

use std::hint::black_box;
use std::path::Path;
use std::process::{Command, ExitCode};

/// The argument with which it runs itself under Valgrind.
const COUNT: &str = "--count";
/// The profile that the limits are for.
const PROFILE: &str = "counting";
/// The command for it.
const COMMAND: &str = "cargo bench --profile counting --bench instructions";
/// Keeps glibc from `rep movsb`, of which Callgrind counts every step and only some processors have.
const COPYING: &str = "glibc.cpu.x86_rep_movsb_threshold=1000000000:glibc.cpu.x86_rep_stosb_threshold=1000000000";
/// [`counted`], as Callgrind names it.
const COUNTED: &str = "instructions::counted";

fn main() -> ExitCode {
    let asked = |argument: &str| std::env::args().any(|given| given == argument);
    if asked(COUNT) {
        cases::all(&mut Counting);
        return ExitCode::SUCCESS;
    }
    // `cargo test --all-targets` runs it too; only `cargo bench` is to measure.
    if !asked("--bench") {
        return ExitCode::SUCCESS;
    }
    assert!(is_built_for_counting(), "the limits are for another profile: {COMMAND}");
    let counts = count();
    if asked("--accept") { limits::accept(&counts) } else { limits::check(&counts) }
}

/// Whether this program lies in its profile's folder.
fn is_built_for_counting() -> bool {
    let program = std::env::current_exe().unwrap();
    program.ancestors().nth(2).is_some_and(|folder| folder.ends_with(PROFILE))
}

/// What is counted.
struct Counting;

impl cases::Measure for Counting {
    fn path<I, O>(&mut self, name: &'static str, mut prepare: impl FnMut() -> I, mut path: impl FnMut(I) -> O) {
        println!("{name}");
        // The first run pays for what is set up once in a life.
        path(prepare());
        let mut input = Some(black_box(prepare()));
        let mut output = None;
        counted(&mut || output = input.take().map(&mut path));
        black_box(output);
    }
}

/// Runs what is counted. Never inlined, so that Callgrind finds it.
#[inline(never)]
fn counted(path: &mut dyn FnMut()) {
    path();
    // Not a tail call: the path has returned before this does.
    black_box(());
}

/// Runs itself under Valgrind and reads what was counted.
fn count() -> Vec<(String, u64)> {
    let folder = tempfile::TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let profile = folder.path().join("callgrind.out");
    let run = Command::new("valgrind")
        .args(["--tool=callgrind", "--quiet", "--collect-atstart=no", "--combine-dumps=yes"])
        .args([format!("--toggle-collect={COUNTED}"), format!("--dump-after={COUNTED}")])
        .arg(format!("--callgrind-out-file={}", profile.display()))
        .arg(std::env::current_exe().unwrap())
        .arg(COUNT)
        .env("GLIBC_TUNABLES", COPYING)
        .output()
        .expect("valgrind cannot be started; the package is called `valgrind`");
    let (names, told) = (String::from_utf8(run.stdout).unwrap(), String::from_utf8_lossy(&run.stderr));
    assert!(run.status.success(), "valgrind: {}\n{told}", run.status);
    let names: Vec<String> = names.lines().map(str::to_owned).collect();
    let counts = parts(&profile);
    assert_eq!(names.len(), counts.len(), "Callgrind did not count each path once\n{told}");
    names.into_iter().zip(counts).collect()
}

/// The instructions of every part that ended with [`counted`].
fn parts(profile: &Path) -> Vec<u64> {
    let profile = std::fs::read_to_string(profile).unwrap();
    let parts = profile.split("\npart: ").filter(|part| part.contains("Trigger: --dump-after="));
    let total = |part: &str| part.lines().find_map(|line| line.strip_prefix("totals: ")).unwrap().parse().unwrap();
    parts.map(total).collect()
}
