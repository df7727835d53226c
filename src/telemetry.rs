//! The log: fields and spans, written to standard error.
//!
//! What is logged is told in levels: ERROR, the hub failed; WARN, someone should act; INFO, what an
//! operator wants to read a year later; DEBUG, one line per thing that happened.

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::util::{SubscriberInitExt as _, TryInitError};

/// How the log is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object per line.
    Json,
}

/// `[log]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogSettings {
    /// A level, or levels by module.
    pub level: String,
    /// How it is written.
    pub format: LogFormat,
}

impl Default for LogSettings {
    fn default() -> Self {
        Self { level: "info".to_owned(), format: LogFormat::Text }
    }
}

/// Begins the log of this process.
///
/// # Errors
/// It was begun before.
pub fn begin(settings: &LogSettings) -> Result<(), TryInitError> {
    // The settings were checked; should a level be wrong all the same, the others still count.
    let filter = EnvFilter::new(&settings.level);
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match settings.format {
        LogFormat::Text => log.with_ansi(std::io::stderr().is_terminal()).finish().try_init(),
        LogFormat::Json => {
            log.json().flatten_event(true).with_current_span(true).with_span_list(false).finish().try_init()
        }
    }
}
