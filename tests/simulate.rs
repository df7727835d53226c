//! `presence-hub simulate` against the real hub: a floor lives, and says so when it cannot.
#![allow(clippy::unwrap_used, reason = "a test that meets the unexpected fails")]

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

/// A hub of its own, with its data in `folder`. It ends with the test.
struct Hub {
    process: Child,
    url: String,
}

impl Hub {
    fn start(folder: &Path) -> Self {
        std::fs::write(folder.join("config.toml"), "[server]\nlisten = \"127.0.0.1:0\"\n[log]\nlevel = \"error\"\n")
            .unwrap();
        let mut process = Command::new(env!("CARGO_BIN_EXE_presence-hub"))
            .current_dir(folder)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut ready = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut ready).unwrap();
        let url = ready.trim().strip_prefix("listening on ").expect("the hub says where it listens").to_owned();
        Self { process, url }
    }
}

impl Drop for Hub {
    fn drop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

fn simulate(folder: &Path, url: &str, more: &[&str]) -> (Output, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_presence-hub"))
        .current_dir(folder)
        .args(["simulate", "--hub", url])
        .args(more)
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr.clone()).unwrap();
    (output, said)
}

#[test]
fn a_floor_lives_on_a_fresh_hub() {
    let folder = tempfile::tempdir().unwrap();
    let hub = Hub::start(folder.path());
    let (output, said) = simulate(folder.path(), &hub.url, &["--agents", "30", "--pace", "40", "--seconds", "6"]);
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(output.stdout.is_empty());
    let counted = |what: &str| -> u64 {
        let last = said.lines().last().unwrap();
        let (before, _) = last.split_once(what).unwrap_or_else(|| panic!("no {what:?} in {last:?}"));
        before.rsplit([' ', ',', ';']).find(|word| !word.is_empty()).unwrap().parse().unwrap()
    };
    assert!(counted(" events applied") > 20, "{said}");
    assert!(counted(" choices") > 0, "{said}");
    assert!(counted(" frames heard") > 20, "{said}");
    for surprising in ["malformed", "unknown_", "invalid", "forbidden", "turned away", "unauthenticated"] {
        assert!(!said.contains(surprising), "{said}");
    }
}

#[test]
fn a_hub_that_is_not_there_is_told_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let url = Hub::start(folder.path()).url.clone();
    let (output, said) = simulate(folder.path(), &url, &[]);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains(&url) && said.contains("cannot reach the hub"), "{said}");
}

#[test]
fn refused_credentials_say_where_the_right_ones_are() {
    let (folder, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let hub = Hub::start(folder.path());
    let (output, said) = simulate(elsewhere.path(), &hub.url, &[]);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("no secret in the folder") && said.contains("--config"), "{said}");
    let (output, said) = simulate(elsewhere.path(), &hub.url, &["--secret", "0123456789abcdef0123456789abcdef"]);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("refuses the credentials") && said.contains("--secret"), "{said}");
}
