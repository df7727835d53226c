//! `[log]`

use super::kind::levels::Levels;
use super::kind::text::Choice;
use super::section::section;
use crate::telemetry::{LogFormat, LogSettings};

section! {
    /// What is logged, and how. The log goes to standard error.
    impl LogSettings in "log" {
        /// How much is logged: this level and those before it.
        level: String as Levels, by default "info".to_owned();

        /// `"text"` for people, `"json"` for log collectors.
        format: LogFormat as Choice(&[LogFormat::Text, LogFormat::Json], |format| match format {
            LogFormat::Text => "text",
            LogFormat::Json => "json",
        }), by default LogFormat::Text;
    }
}
