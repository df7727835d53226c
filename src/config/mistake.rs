//! What can be wrong with a file and the environment.

use std::fmt;
use std::path::Path;

/// Every mistake that was found; printed one to a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigErrors(pub Vec<Mistake>);

/// One mistake.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each prints as the sentence that says it")]
pub enum Mistake {
    Unreadable {
        file: String,
        error: String,
    },
    /// It is told by its place: the line itself may hold a secret.
    Syntax {
        file: String,
        line: usize,
        column: usize,
        error: String,
    },
    /// `right` says what would be right.
    Wrong {
        key: String,
        value: String,
        place: String,
        right: String,
    },
    /// A default does not fit what else is set.
    WrongByDefault {
        key: String,
        right: String,
    },
    Unknown {
        key: String,
        place: String,
        nearest: Option<String>,
    },
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable { file, error } => write!(f, "{file}: cannot be read: {error}"),
            Self::Syntax { file, line, column, error } => write!(f, "{file}, line {line}, column {column}: {error}"),
            Self::Wrong { key, value, place, right } => write!(f, "{key} = {value} ({place}): {right}"),
            Self::WrongByDefault { key, right } => write!(f, "{key} = … (by default): {right}"),
            Self::Unknown { key, place, nearest: Some(nearest) } => {
                write!(f, "{key} ({place}): there is no such setting; did you mean {nearest}?")
            }
            Self::Unknown { key, place, nearest: None } => {
                write!(f, "{key} ({place}): there is no such setting; config.toml of the source lists them all")
            }
        }
    }
}

impl fmt::Display for ConfigErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, mistake) in self.0.iter().enumerate() {
            if at > 0 {
                writeln!(f)?;
            }
            write!(f, "{mistake}")?;
        }
        Ok(())
    }
}

impl std::error::Error for ConfigErrors {}

impl ConfigErrors {
    pub(super) fn unreadable(file: &Path, error: &std::io::Error) -> Self {
        Self(vec![Mistake::Unreadable { file: file.display().to_string(), error: error.to_string() }])
    }
}
