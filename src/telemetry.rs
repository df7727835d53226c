//! What the hub tells of itself: the log, and [`metrics`].
//!
//! The log is fields and spans, written to standard error, without ever waiting for whoever reads it.
//! What is logged is told in levels: ERROR, the hub failed; WARN, someone should act; INFO, what an
//! operator wants to read a year later; DEBUG, one line per thing that happened. None tells a secret or a token.

mod causes;
mod lines;
pub mod metrics;
mod seldom;

use std::any::Any;
use std::backtrace::{Backtrace, BacktraceStatus};
use std::io::{self, IsTerminal as _};
use std::panic::PanicHookInfo;

use tracing::{Level, Metadata, error, warn};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::{SubscriberInitExt as _, TryInitError};

pub use causes::WithCauses;
use lines::Lines;
pub use seldom::Seldom;

/// How the log is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
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

/// Why the log could not begin.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs, reason = "the sentences say it")]
pub enum BeginError {
    #[error("there is no thread for it")]
    Thread(#[from] io::Error),
    #[error("it was begun before")]
    Twice(#[from] TryInitError),
}

/// The log of this process. Dropping it waits until the last line is written, though not for long.
#[derive(Debug)]
pub struct Log {
    lines: Lines,
}

impl Log {
    /// Says a line that is meant for whoever started the process, whatever the level.
    pub fn say(&self, line: &str) {
        self.lines.put(format!("{line}\n").as_bytes());
    }
}

impl Drop for Log {
    fn drop(&mut self) {
        self.lines.close();
    }
}

/// Begins the log of this process. From now on panics are told there too.
///
/// # Errors
/// [`BeginError`].
pub fn begin(settings: &LogSettings) -> Result<Log, BeginError> {
    let lines = Lines::begin(io::stderr(), |lost| warn!(lost, "lines of the log were lost: nobody read them in time"))?;
    let writer = lines.clone();
    // The settings were checked; should a level be wrong all the same, the others still count.
    let filter = EnvFilter::new(&settings.level);
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(move || writer.clone());
    match settings.format {
        LogFormat::Text => {
            let log = log.with_ansi(io::stderr().is_terminal()).finish();
            log.with(filter_fn(tells_no_secrets)).try_init()?;
        }
        LogFormat::Json => {
            let log = log.json().flatten_event(true).with_current_span(true).with_span_list(false).finish();
            log.with(filter_fn(tells_no_secrets)).try_init()?;
        }
    }
    std::panic::set_hook(Box::new(tell_of_panic));
    Ok(Log { lines })
}

/// Libraries tell whole frames and heads at level trace, with the tokens in them. So whatever is set, only the hub
/// itself is heard there.
fn tells_no_secrets(line: &Metadata<'_>) -> bool {
    *line.level() <= Level::DEBUG || line.target().starts_with(env!("CARGO_CRATE_NAME"))
}

fn tell_of_panic(panic: &PanicHookInfo<'_>) {
    let said = said_by(panic.payload());
    let at = panic.location().map(ToString::to_string);
    let backtrace = Backtrace::capture();
    let backtrace = (backtrace.status() == BacktraceStatus::Captured).then(|| backtrace.to_string());
    error!(said, at, backtrace, "a task panicked");
}

/// What a panic said.
#[must_use]
pub fn said_by(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("nothing")
}
