//! A library that is preloaded into a hub's process, where the hub meets its machine. That needs no
//! rights, and gives the real errors.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use super::Hub;

/// A library of the tests, and the file that tells it what to do.
pub struct Preload {
    folder: TempDir,
    variable: &'static str,
}

impl Preload {
    /// The library of this C source in `tests/hub`, whose file is named by `variable`.
    pub fn new(source: &str, variable: &'static str) -> Self {
        let preload = Self { folder: TempDir::new().unwrap(), variable };
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/hub").join(source);
        // The hub itself needs a C compiler to be built, so there is one.
        let library = preload.library();
        let built = Command::new("cc").args(["-shared", "-fPIC", "-o"]).arg(library).arg(source).arg("-ldl").status();
        assert!(built.unwrap().success());
        preload
    }

    /// A hub with the library, and these settings.
    pub async fn hub(&self, settings: &[(&'static str, &str)]) -> Hub {
        let (library, state) = (self.library(), self.state());
        let variable: &'static str = self.variable;
        let mut all = vec![("env:LD_PRELOAD", library.to_str().unwrap()), (variable, state.to_str().unwrap())];
        all.extend_from_slice(settings);
        Hub::start_with(&all).await
    }

    /// Lets a command meet its machine there.
    pub fn beneath(&self, command: &mut Command) {
        let variable = self.variable.trim_start_matches("env:");
        command.env("LD_PRELOAD", self.library()).env(variable, self.state());
    }

    /// Tells the library what to do from now on.
    pub fn tell(&self, what: &str) {
        // Put in place at once, so that nobody reads half of it.
        let new = self.folder.path().join("new");
        fs::write(&new, what).unwrap();
        fs::rename(new, self.state()).unwrap();
    }

    fn library(&self) -> PathBuf {
        self.folder.path().join("preloaded.so")
    }

    fn state(&self) -> PathBuf {
        self.folder.path().join("state")
    }
}
