//! Takes settings one by one, and remembers every mistake instead of stopping at the first.

use std::fmt;
use std::path::Path;

use super::source::{Found, Place, Sources, Value};

/// Every mistake that was found; printed one to a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigErrors(pub Vec<Problem>);

/// One mistake.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each prints as the sentence that says it")]
pub enum Problem {
    Unreadable {
        file: String,
        error: String,
    },
    Syntax {
        file: String,
        error: String,
    },
    /// `right` says what would be right.
    Wrong {
        key: String,
        value: String,
        place: Option<String>,
        right: String,
    },
    Unknown {
        key: String,
        place: String,
        nearest: Option<String>,
    },
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable { file, error } => write!(f, "{file}: cannot be read: {error}"),
            Self::Syntax { file, error } => write!(f, "{file}: {error}"),
            Self::Wrong { key, value, place: Some(place), right } => write!(f, "{key} = {value} ({place}): {right}"),
            Self::Wrong { key, value, place: None, right } => write!(f, "{key} = {value} (by default): {right}"),
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
        for (at, problem) in self.0.iter().enumerate() {
            if at > 0 {
                writeln!(f)?;
            }
            write!(f, "{problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for ConfigErrors {}

impl ConfigErrors {
    pub(super) fn unreadable(file: &Path, error: &std::io::Error) -> Self {
        Self(vec![Problem::Unreadable { file: file.display().to_string(), error: error.to_string() }])
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line { file, line } => write!(f, "{file}, line {line}"),
            Self::Variable(name) => write!(f, "environment variable {name}"),
        }
    }
}

/// Keys whose values are never printed.
const SECRET_KEYS: [&str; 1] = ["auth.jwt.hs256_secret"];

pub struct Reader {
    sources: Sources,
    known: Vec<&'static str>,
    problems: Vec<Problem>,
}

impl Reader {
    pub fn new(sources: Sources) -> Self {
        Self { sources, known: Vec::new(), problems: Vec::new() }
    }

    /// The setting `key`: what `parse` makes of its value, or `default` if it is absent or wrong.
    /// A wrong one is remembered with what `parse` says would be right.
    pub fn take<T>(&mut self, key: &'static str, default: T, parse: impl FnOnce(&Value) -> Result<T, String>) -> T {
        self.known.push(key);
        let Some(found) = self.sources.values.get(key) else { return default };
        match parse(&found.value) {
            Ok(value) => value,
            Err(right) => {
                self.wrong(key, right);
                default
            }
        }
    }

    /// Remembers that the value of `key` does not do; for rules between settings.
    pub fn wrong(&mut self, key: &'static str, right: impl Into<String>) {
        let found = self.sources.values.get(key);
        let value = match found {
            Some(Found { value, .. }) if SECRET_KEYS.contains(&key) => {
                format!("({} characters, not shown)", value.text().map_or(0, |text| text.chars().count()))
            }
            Some(Found { value, .. }) => value.shown(),
            None => "…".to_owned(),
        };
        let place = found.map(|found| found.place.to_string());
        self.problems.push(Problem::Wrong { key: key.to_owned(), value, place, right: right.into() });
    }

    /// Whether `key` already has a mistake, so that rules between settings do not blame its default.
    pub fn is_wrong(&self, key: &str) -> bool {
        self.problems.iter().any(|problem| matches!(problem, Problem::Wrong { key: wrong, .. } if wrong == key))
    }

    /// All keys that were asked for.
    #[cfg(test)]
    pub fn known(&self) -> &[&'static str] {
        &self.known
    }

    /// Every mistake, with what nobody asked for among them.
    pub fn finish(mut self) -> Result<(), ConfigErrors> {
        for (key, found) in &self.sources.values {
            if !self.known.contains(&key.as_str()) {
                let nearest = nearest(key, &self.known).map(|known| match &found.place {
                    Place::Line { .. } => known.to_owned(),
                    Place::Variable(_) => {
                        format!("{}{}", super::ENV_PREFIX, known.replace('.', "__").to_ascii_uppercase())
                    }
                });
                self.problems.push(Problem::Unknown { key: key.clone(), place: found.place.to_string(), nearest });
            }
        }
        for (section, place) in &self.sources.sections {
            let prefix = format!("{section}.");
            let is_used = |key: &str| key.starts_with(&prefix);
            // One with keys was reported by its keys.
            if !self.known.iter().any(|key| is_used(key)) && !self.sources.values.keys().any(|key| is_used(key)) {
                let key = format!("[{section}]");
                self.problems.push(Problem::Unknown { key, place: place.to_string(), nearest: None });
            }
        }
        if self.problems.is_empty() { Ok(()) } else { Err(ConfigErrors(self.problems)) }
    }
}

/// The known key that `key` probably means: the same name in another section, or few letters away.
fn nearest(key: &str, known: &[&'static str]) -> Option<&'static str> {
    let name = |key: &str| key.rsplit('.').next().unwrap_or_default().to_owned();
    if let Some(moved) = known.iter().find(|candidate| name(candidate) == name(key)) {
        return Some(moved);
    }
    // A third of the letters may differ; more is another word.
    let close = |candidate: &&&'static str| distance(key, candidate) <= key.len().div_ceil(3);
    known.iter().filter(close).min_by_key(|candidate| distance(key, candidate)).copied()
}

/// Levenshtein's distance: how many letters to add, drop or swap.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, to) in b.iter().enumerate() {
            let swapped = diagonal + usize::from(from != *to);
            diagonal = row[j + 1];
            row[j + 1] = swapped.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}
