//! A value as it is written: in the file, in a variable or in a request, before anybody asked what it
//! should be; and a checked one, on its way out.

use serde_json::json;
use toml::de::DeValue;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Written {
    Text(String),
    Whole(i64),
    Truth(bool),
    /// A list of texts.
    List(Vec<String>),
    /// An environment variable, which may stand for any of them.
    Variable(String),
    /// Something that no setting is, as it is written.
    Other(String),
}

impl Written {
    /// A value of the file, which says `source` there.
    pub fn of_toml(value: &DeValue<'_>, source: &str) -> Self {
        let other = || Self::Other(source.to_owned());
        match value {
            DeValue::String(text) => Self::Text(text.to_string()),
            DeValue::Integer(number) => {
                i64::from_str_radix(number.as_str(), number.radix()).map_or_else(|_| other(), Self::Whole)
            }
            DeValue::Boolean(truth) => Self::Truth(*truth),
            DeValue::Array(items) => {
                let texts: Option<Vec<String>> =
                    items.iter().map(|item| item.get_ref().as_str().map(str::to_owned)).collect();
                texts.map_or_else(other, Self::List)
            }
            DeValue::Float(_) | DeValue::Datetime(_) | DeValue::Table(_) => other(),
        }
    }

    /// A value of a request.
    pub fn of_json(value: &serde_json::Value) -> Self {
        let other = || Self::Other(value.to_string());
        match value {
            serde_json::Value::String(text) => Self::Text(text.clone()),
            serde_json::Value::Number(number) => number.as_i64().map_or_else(other, Self::Whole),
            serde_json::Value::Bool(truth) => Self::Truth(*truth),
            serde_json::Value::Array(items) => {
                let texts: Option<Vec<String>> = items.iter().map(|item| item.as_str().map(str::to_owned)).collect();
                texts.map_or_else(other, Self::List)
            }
            serde_json::Value::Null | serde_json::Value::Object(_) => other(),
        }
    }

    pub fn json(&self) -> serde_json::Value {
        match self {
            Self::Text(text) | Self::Variable(text) | Self::Other(text) => json!(text),
            Self::Whole(number) => json!(number),
            Self::Truth(truth) => json!(truth),
            Self::List(items) => json!(items),
        }
    }

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
                match Self::of_toml(list.get_ref(), text) {
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

    /// As it stands in the file.
    pub fn shown(&self) -> String {
        match self {
            Self::Text(text) | Self::Variable(text) => format!("{text:?}"),
            Self::Whole(number) => number.to_string(),
            Self::Truth(truth) => truth.to_string(),
            Self::List(items) => format!("{items:?}"),
            Self::Other(source) => source.clone(),
        }
    }
}
