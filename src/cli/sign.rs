//! The keys that the command line signs tokens with.

use std::fmt;
use std::path::PathBuf;

use crate::config::Config;
use crate::identity::{self, CannotSign, KeySources, Keys, Secret};
use crate::telemetry::WithCauses;

/// Keys, and where they are from.
pub struct Signing {
    /// The keys.
    pub keys: Keys,
    /// Where they are from, in words.
    pub source: Source,
}

/// Where keys are from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// `--secret`
    Typed,
    /// `auth.jwt.hs256_secret`
    Settings,
    /// The file that `auth.jwt.hs256_secret_file` names.
    File(PathBuf),
    /// The secret that the hub made in its data folder.
    Folder(PathBuf),
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Typed => f.write_str("--secret"),
            Self::Settings => f.write_str("auth.jwt.hs256_secret of the settings"),
            Self::File(path) => write!(f, "the first secret of {}", path.display()),
            Self::Folder(folder) => write!(f, "the secret in the data folder {}", folder.display()),
        }
    }
}

/// What to do where the data folder has no secret yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// Say so: a secret that was made in a wrong folder signs tokens that no hub believes.
    Refuse,
    /// Make one.
    Make,
}

/// The keys: from `typed`, else from the settings, else from their data folder.
///
/// # Errors
/// There are none that can sign, in words for whoever typed the command.
pub fn signing(typed: Option<&str>, config: &Config, missing: Missing) -> Result<Signing, String> {
    let sources = KeySources::of(&config.auth.jwt);
    let (keys, source) = match (typed, sources) {
        (Some(secret), _) => (Keys::of_secret(&Secret::from(secret.to_owned())), Source::Typed),
        (None, KeySources::Secret(_)) => (Keys::load(&sources), Source::Settings),
        (None, KeySources::SecretFile(path)) => (Keys::load(&sources), Source::File(path.to_path_buf())),
        (None, KeySources::None) => {
            let folder = &config.storage.path;
            let secret = in_folder(folder, missing)?;
            let source = Source::Folder(std::path::absolute(folder).unwrap_or_else(|_| folder.clone()));
            (Keys::of_secret(&secret), source)
        }
        (None, KeySources::PublicKeyFile(_) | KeySources::JwksFile(_) | KeySources::JwksUrl(_)) => {
            return Err(CannotSign.to_string());
        }
    };
    let keys = keys.map_err(|error| WithCauses(&error).to_string())?;
    Ok(Signing { keys, source })
}

fn in_folder(folder: &std::path::Path, missing: Missing) -> Result<Secret, String> {
    let found = match missing {
        Missing::Refuse => identity::read(folder),
        Missing::Make => identity::make_or_read(folder).map(Some),
    };
    found.map_err(|error| WithCauses(&error).to_string())?.ok_or_else(|| {
        format!(
            "there is no secret in the folder {folder:?}; start the hub first, which makes it, or name its settings by \
             --config"
        )
    })
}
