//! The hub's own secret: a file in the data folder that only its owner can read, made on first need.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::settings::Secret;

/// Its name in the data folder.
pub const SECRET_FILE: &str = "secret";

/// Why the secret cannot be had.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs, reason = "each prints as the sentence that says it")]
pub enum SecretError {
    #[error("{} cannot be read", path.display())]
    Unreadable { path: PathBuf, source: io::Error },
    #[error("{} cannot be made", path.display())]
    Unmakeable { path: PathBuf, source: io::Error },
}

/// The secret of this data folder; none if none was made yet.
///
/// # Errors
/// It is there and cannot be read.
pub fn read(data_folder: &Path) -> Result<Option<Secret>, SecretError> {
    let path = data_folder.join(SECRET_FILE);
    match fs::read_to_string(&path) {
        Ok(text) => Ok(Some(Secret::from(text.trim().to_owned()))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(SecretError::Unreadable { path, source }),
    }
}

/// The secret of this data folder, made now if there is none. Whoever else makes one at the same
/// time ends up with the same.
///
/// # Errors
/// It cannot be read or made.
pub fn make_or_read(data_folder: &Path) -> Result<Secret, SecretError> {
    if let Some(secret) = read(data_folder)? {
        return Ok(secret);
    }
    let path = data_folder.join(SECRET_FILE);
    let made = make(data_folder, &path).map_err(|source| SecretError::Unmakeable { path: path.clone(), source });
    made?;
    read(data_folder)?.ok_or(SecretError::Unreadable { path, source: io::ErrorKind::NotFound.into() })
}

/// Written beside its place and then linked there: nobody reads half of it, and the first one stays.
fn make(folder: &Path, path: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let draft = folder.join(format!("{SECRET_FILE}.{}", random_hex::<8>()));
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&draft)?;
    file.write_all(random_hex::<32>().as_bytes())?;
    file.sync_all()?;
    let linked = match fs::hard_link(&draft, path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        // Some file systems have no links. Moving the file would replace a secret that another process made
        // in the same moment; that is accepted there.
        Err(_) => return fs::rename(&draft, path),
        Ok(()) => Ok(()),
    };
    fs::remove_file(&draft)?;
    linked
}

/// `BYTES` random bytes.
pub fn random<const BYTES: usize>() -> [u8; BYTES] {
    let mut bytes = [0_u8; BYTES];
    getrandom::fill(&mut bytes).expect("the operating system gives random numbers");
    bytes
}

/// `BYTES` random bytes in hexadecimal.
pub fn random_hex<const BYTES: usize>() -> String {
    random::<BYTES>().iter().map(|byte| format!("{byte:02x}")).collect()
}
