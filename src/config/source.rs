//! Where values come from: the file, with its lines, and the environment over it.

use std::collections::BTreeMap;

use toml::de::{DeTable, DeValue};

use super::ENV_PREFIX;
use super::reader::{ConfigErrors, Problem};

/// A value before anybody asked what it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A string of the file.
    Text(String),
    /// A whole number of the file.
    Whole(i64),
    /// A boolean of the file.
    Truth(bool),
    /// A list of strings of the file.
    List(Vec<String>),
    /// An environment variable, which may stand for any of them.
    Variable(String),
    /// Something that no setting is, as it is written.
    Other(String),
}

/// A value and where it stands.
#[derive(Clone, Debug)]
pub struct Found {
    pub value: Value,
    /// `config.toml, line 3`, or the variable's name.
    pub place: Place,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    Line { file: String, line: usize },
    Variable(String),
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
    let table = DeTable::parse(text).map_err(|mut error| {
        error.set_input(Some(text));
        ConfigErrors(vec![Problem::Syntax { file: name.to_owned(), error: error.to_string().trim_end().to_owned() }])
    })?;
    flatten(name, text, "", table.get_ref(), &mut sources);
    for (variable, value) in environment {
        if let Some(key) = variable.strip_prefix(ENV_PREFIX) {
            let key = key.split("__").collect::<Vec<_>>().join(".").to_ascii_lowercase();
            sources.values.insert(key, Found { value: Value::Variable(value), place: Place::Variable(variable) });
        }
    }
    Ok(sources)
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
            let written = text.get(value.span()).unwrap_or_default();
            sources.values.insert(dotted, Found { value: convert(value.get_ref(), written), place });
        }
    }
}

fn convert(value: &DeValue<'_>, written: &str) -> Value {
    let other = || Value::Other(written.to_owned());
    match value {
        DeValue::String(text) => Value::Text(text.to_string()),
        DeValue::Integer(number) => {
            i64::from_str_radix(number.as_str(), number.radix()).map_or_else(|_| other(), Value::Whole)
        }
        DeValue::Boolean(truth) => Value::Truth(*truth),
        DeValue::Array(items) => {
            let texts: Option<Vec<String>> =
                items.iter().map(|item| item.get_ref().as_str().map(str::to_owned)).collect();
            texts.map_or_else(other, Value::List)
        }
        DeValue::Float(_) | DeValue::Datetime(_) | DeValue::Table(_) => other(),
    }
}

impl Value {
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) | Self::Variable(text) => Some(text),
            Self::Whole(_) | Self::Truth(_) | Self::List(_) | Self::Other(_) => None,
        }
    }

    pub fn whole(&self) -> Option<i64> {
        match self {
            Self::Whole(number) => Some(*number),
            Self::Variable(text) => text.trim().parse().ok(),
            Self::Text(_) | Self::Truth(_) | Self::List(_) | Self::Other(_) => None,
        }
    }

    pub fn truth(&self) -> Option<bool> {
        match self {
            Self::Truth(truth) => Some(*truth),
            Self::Variable(text) => text.trim().parse().ok(),
            Self::Text(_) | Self::Whole(_) | Self::List(_) | Self::Other(_) => None,
        }
    }

    /// A variable is a TOML list if it begins like one, and otherwise parted by commas.
    pub fn list(&self) -> Option<Vec<String>> {
        match self {
            Self::List(items) => Some(items.clone()),
            Self::Variable(text) if text.trim_start().starts_with('[') => {
                let list = DeValue::parse(text.trim()).ok()?;
                match convert(list.get_ref(), text) {
                    Self::List(items) => Some(items),
                    Self::Text(_) | Self::Whole(_) | Self::Truth(_) | Self::Variable(_) | Self::Other(_) => None,
                }
            }
            Self::Variable(text) => {
                Some(text.split(',').map(str::trim).filter(|item| !item.is_empty()).map(str::to_owned).collect())
            }
            Self::Text(_) | Self::Whole(_) | Self::Truth(_) | Self::Other(_) => None,
        }
    }

    /// The value as it is written.
    pub fn shown(&self) -> String {
        match self {
            Self::Text(text) | Self::Variable(text) => format!("{text:?}"),
            Self::Whole(number) => number.to_string(),
            Self::Truth(truth) => truth.to_string(),
            Self::List(items) => format!("{items:?}"),
            Self::Other(written) => written.clone(),
        }
    }
}
