//! Where values come from: the file, with its lines, and the environment over it.

use std::collections::BTreeMap;
use std::fmt;

use toml::de::{DeTable, DeValue};

use super::mistake::{ConfigErrors, Mistake};
use super::written::Written;

/// What the names of environment variables begin with: `PRESENCE_HUB__SECTION__KEY`.
pub const ENV_PREFIX: &str = "PRESENCE_HUB__";

/// A value and where it stands.
#[derive(Clone, Debug)]
pub struct Found {
    pub written: Written,
    pub place: Place,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    Line { file: String, line: usize },
    Variable(String),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line { file, line } => write!(f, "{file}, line {line}"),
            Self::Variable(name) => write!(f, "environment variable {name}"),
        }
    }
}

/// All that was found, by dotted key.
#[derive(Debug, Default)]
pub struct Sources {
    pub values: BTreeMap<String, Found>,
    /// Section headers, so that an unknown one is noticed even when it is empty.
    pub sections: BTreeMap<String, Place>,
}

pub fn gather(
    name: &str,
    text: &str,
    environment: impl IntoIterator<Item = (String, String)>,
) -> Result<Sources, ConfigErrors> {
    let mut sources = Sources::default();
    let table = DeTable::parse(text).map_err(|error| {
        let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let column = before.chars().rev().take_while(|letter| *letter != '\n').count() + 1;
        let error = error.message().lines().collect::<Vec<_>>().join(", ");
        ConfigErrors(vec![Mistake::Syntax { file: name.to_owned(), line, column, error }])
    })?;
    flatten(name, text, "", table.get_ref(), &mut sources);
    for (variable, value) in environment {
        if let Some(key) = key_of(&variable) {
            sources.values.insert(key, Found { written: Written::Variable(value), place: Place::Variable(variable) });
        }
    }
    Ok(sources)
}

/// The variable that beats the file for the setting `key`.
pub fn variable_of(key: &str) -> String {
    format!("{ENV_PREFIX}{}", key.replace('.', "__").to_ascii_uppercase())
}

fn key_of(variable: &str) -> Option<String> {
    Some(variable.strip_prefix(ENV_PREFIX)?.replace("__", ".").to_ascii_lowercase())
}

fn flatten(name: &str, text: &str, prefix: &str, table: &DeTable<'_>, sources: &mut Sources) {
    for (key, value) in table {
        let dotted = if prefix.is_empty() { key.get_ref().to_string() } else { format!("{prefix}.{}", key.get_ref()) };
        let line = text[..key.span().start.min(text.len())].matches('\n').count() + 1;
        let place = Place::Line { file: name.to_owned(), line };
        if let DeValue::Table(inner) = value.get_ref() {
            sources.sections.insert(dotted.clone(), place);
            flatten(name, text, &dotted, inner, sources);
        } else {
            let source = text.get(value.span()).unwrap_or_default();
            sources.values.insert(dotted, Found { written: Written::of_toml(value.get_ref(), source), place });
        }
    }
}
