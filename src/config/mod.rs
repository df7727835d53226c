//! The settings: read from a file and the environment, checked once, handed to the rooms as plain
//! structs. Nothing reads a setting twice, and nothing else reads the environment.
//!
//! A setting is declared once, in the file of its section (see [`section`]); `config.toml`,
//! `docs/settings.md`, the reading and what the API says follow from that. To add or change one, edit
//! its declaration, then `ACCEPT=1 cargo test --locked --lib config` writes the two documents anew.
//!
//! Every mistake is reported at once, with its key, its value and what would be right. That is why
//! values are taken one by one ([`reader`]) instead of by a derived deserializer, which would stop
//! at the first.

mod auth;
mod check;
mod cluster;
pub mod documents;
mod doubts;
mod feed;
mod history;
mod kind;
mod limits;
mod log;
mod mistake;
mod nearest;
mod node;
pub mod outside;
mod presence;
mod reader;
mod section;
mod server;
mod sessions;
mod settings;
mod several;
mod source;
mod storage;
mod webhooks;
mod written;

use std::path::{Path, PathBuf};

pub use cluster::ClusterSettings;
pub use feed::FeedSettings;
pub use kind::age::parse_age;
pub use kind::span::parse_duration;
pub use limits::LimitSettings;
pub use mistake::{ConfigErrors, Mistake};
pub use server::{MetricsReaders, ServerSettings};
pub use sessions::SessionSettings;
pub use settings::Config;
pub use source::ENV_PREFIX;
pub use storage::{LogEngine, StorageSettings};

use section::Section as _;

/// The file that is read when none is named.
pub const DEFAULT_FILE: &str = "config.toml";

/// Settings that passed every check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loaded {
    /// The settings.
    pub config: Config,
    /// What is allowed and probably not meant, one sentence each.
    pub warnings: Vec<String>,
    /// The file that was read; none if there was none.
    pub file: Option<PathBuf>,
}

/// Reads `file`, or `config.toml` in the current folder if there is one, and the environment over it.
///
/// # Errors
/// Every mistake in them, or that `file` cannot be read.
pub fn load(file: Option<&Path>) -> Result<Loaded, ConfigErrors> {
    let named = file.map(Path::to_path_buf);
    let chosen = named.or_else(|| Some(PathBuf::from(DEFAULT_FILE)).filter(|default| default.exists()));
    let text = match &chosen {
        Some(path) => std::fs::read_to_string(path).map_err(|error| ConfigErrors::unreadable(path, &error))?,
        None => String::new(),
    };
    // A variable that is no Unicode cannot be one of ours spelled right.
    let environment =
        std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    let name = chosen.as_ref().map_or_else(|| DEFAULT_FILE.to_owned(), |path| path.display().to_string());
    let (config, warnings) = read(&name, &text, environment)?;
    Ok(Loaded { config, warnings, file: chosen })
}

/// The settings of a file's text with variables over it, and the warnings.
///
/// # Errors
/// Every mistake in them.
pub fn read(
    name: &str,
    text: &str,
    environment: impl IntoIterator<Item = (String, String)>,
) -> Result<(Config, Vec<String>), ConfigErrors> {
    let mut reader = reader::Reader::new(source::gather(name, text, environment)?);
    let mut config = Config::take(&mut reader);
    several::bound(&mut config);
    let warnings = check::check(&config, &mut reader);
    reader.finish()?;
    Ok((config, warnings))
}

#[cfg(test)]
mod sign_in_page;
#[cfg(test)]
mod tests;
