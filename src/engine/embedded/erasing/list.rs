//! The list beside the database of whom to erase again from an older copy: hashes of ids, and no ids.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use aws_lc_rs::hmac;
use serde::{Deserialize, Serialize};

use crate::domain::time::Timestamp;
use crate::engine::embedded::folder::sync_folder_of;
use crate::engine::stored::Erased;

/// Its name in the data folder.
pub(in crate::engine::embedded) const FILE: &str = "erasures.json";
/// How many bytes the salt has: as many as the digest.
const SALT_BYTES: usize = 32;

/// The list, and where it stands.
#[derive(Clone, Debug)]
pub(in crate::engine::embedded) struct List {
    file: PathBuf,
    kept: Kept,
}

/// The file.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Kept {
    /// In hexadecimal; without it, hashes of guessed ids would be those of every hub.
    salt: String,
    erasures: Vec<Listed>,
}

/// Somebody who was erased.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Listed {
    /// HMAC-SHA-256 of the id under the salt, in hexadecimal.
    hash: String,
    pub pseudonym: String,
    #[serde(rename = "erasedBy")]
    pub by: String,
    /// In milliseconds since 1970, UTC.
    pub at: i64,
}

impl List {
    /// The list of a data folder; empty if nobody was erased.
    pub fn read(folder: &Path) -> io::Result<Self> {
        let file = folder.join(FILE);
        let kept = match fs::read(&file) {
            Ok(text) => serde_json::from_slice(&text)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Kept::default(),
            Err(error) => return Err(error),
        };
        Ok(Self { file, kept })
    }

    pub(super) fn all(&self) -> &[Listed] {
        &self.kept.erasures
    }

    pub(super) fn is_of(&self, listed: &Listed, id: &str) -> bool {
        listed.hash == hash(&self.kept.salt, id)
    }

    /// What stands in the place of an id that was erased, the last time that it was.
    pub(super) fn pseudonym_of(&self, id: &str) -> Option<&str> {
        let hash = hash(&self.kept.salt, id);
        let listed = self.kept.erasures.iter().rev().find(|listed| listed.hash == hash);
        listed.map(|listed| listed.pseudonym.as_str())
    }

    /// Adds somebody, unless it is there. Once this returns it survives a loss of power.
    pub fn add(&mut self, erased: &Erased, (by, at): (&str, Timestamp)) -> io::Result<()> {
        let pseudonym = erased.pseudonym().as_str();
        if self.kept.erasures.iter().any(|listed| listed.pseudonym == pseudonym) {
            return Ok(());
        }
        let mut kept = self.kept.clone();
        if kept.salt.is_empty() {
            let mut salt = [0; SALT_BYTES];
            getrandom::fill(&mut salt).map_err(io::Error::other)?;
            kept.salt = hexadecimal(&salt);
        }
        for listed in kept.erasures.iter_mut().filter(|listed| listed.by == erased.id()) {
            pseudonym.clone_into(&mut listed.by);
        }
        let (hash, by) = (hash(&kept.salt, erased.id()), by.to_owned());
        kept.erasures.push(Listed { hash, pseudonym: pseudonym.to_owned(), by, at: at.0 });
        write(&self.file, &kept)?;
        self.kept = kept;
        Ok(())
    }
}

/// Written beside its place and then put there, so that there is always a whole one.
fn write(file: &Path, kept: &Kept) -> io::Result<()> {
    let part = file.with_extension("json.part");
    let mut made = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&part)?;
    made.write_all(&serde_json::to_vec_pretty(kept)?)?;
    made.sync_all()?;
    fs::rename(&part, file)?;
    sync_folder_of(file)
}

fn hash(salt: &str, id: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, salt.as_bytes());
    hexadecimal(hmac::sign(&key, id.as_bytes()).as_ref())
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
