//! Texts, words, paths and secrets; and what may be none of them.

use std::path::PathBuf;

use serde_json::{Value, json};

use super::Kind;
use crate::config::written::Written;
use crate::domain::field::line;
use crate::identity::Secret;

/// A text.
pub struct Text;

/// A line of text that people read, of at most so many characters.
pub struct Line(pub usize);

/// `true` or `false`.
pub struct Truth;

/// One of these values, each written as its word.
pub struct Choice<T: 'static>(pub &'static [T], pub fn(T) -> &'static str);

impl<T: Copy> Choice<T> {
    fn words(&self) -> impl Iterator<Item = &'static str> {
        self.0.iter().map(|value| (self.1)(*value))
    }
}

/// The path of this.
pub struct PathTo(pub &'static str);

/// A text that is never printed.
pub struct SecretText;

/// Such a value or none, for which the empty text stands.
pub struct Optional<K>(pub K);

fn text(written: &Written) -> Result<&str, String> {
    written.text().ok_or_else(|| Text.needs())
}

impl Kind for Text {
    type Value = String;

    fn read(&self, written: &Written) -> Result<String, String> {
        text(written).map(str::to_owned)
    }

    fn write(&self, text: &String) -> Written {
        Written::Text(text.clone())
    }

    fn right(&self) -> String {
        "a string in quotes".to_owned()
    }

    fn schema(&self) -> Value {
        json!({ "type": "string" })
    }
}

impl Kind for Line {
    type Value = String;

    fn read(&self, written: &Written) -> Result<String, String> {
        let right = text(written).ok().filter(|text| line("", text, 1, self.0).is_ok());
        right.map(str::to_owned).ok_or_else(|| self.needs())
    }

    fn write(&self, text: &String) -> Written {
        Written::Text(text.clone())
    }

    fn right(&self) -> String {
        format!("a line of 1 to {} characters in quotes", self.0)
    }

    fn schema(&self) -> Value {
        json!({ "type": "string", "minLength": 1, "maxLength": self.0 })
    }
}

impl Kind for Truth {
    type Value = bool;

    fn read(&self, written: &Written) -> Result<bool, String> {
        written.truth().ok_or_else(|| self.needs())
    }

    fn write(&self, truth: &bool) -> Written {
        Written::Truth(*truth)
    }

    fn right(&self) -> String {
        "true or false".to_owned()
    }

    fn schema(&self) -> Value {
        json!({ "type": "boolean" })
    }
}

impl<T: Copy> Kind for Choice<T> {
    type Value = T;

    fn read(&self, written: &Written) -> Result<T, String> {
        let chosen = self.0.iter().find(|value| written.text() == Some((self.1)(**value)));
        chosen.copied().ok_or_else(|| self.needs())
    }

    fn write(&self, value: &T) -> Written {
        Written::Text((self.1)(*value).to_owned())
    }

    fn right(&self) -> String {
        let quoted: Vec<String> = self.words().map(|word| format!("\"{word}\"")).collect();
        format!("one of {}", quoted.join(", "))
    }

    fn schema(&self) -> Value {
        let words: Vec<&str> = self.words().collect();
        json!({ "type": "string", "enum": words })
    }
}

impl Kind for PathTo {
    type Value = PathBuf;

    fn read(&self, written: &Written) -> Result<PathBuf, String> {
        let path = text(written).ok().filter(|path| !path.is_empty());
        path.map(PathBuf::from).ok_or_else(|| self.needs())
    }

    fn write(&self, path: &PathBuf) -> Written {
        Written::Text(path.display().to_string())
    }

    fn right(&self) -> String {
        format!("the path of {} in quotes", self.0)
    }

    fn schema(&self) -> Value {
        json!({ "type": "string", "minLength": 1 })
    }
}

impl Kind for SecretText {
    type Value = Secret;

    fn read(&self, written: &Written) -> Result<Secret, String> {
        text(written).map(|text| text.to_owned().into())
    }

    fn write(&self, _: &Secret) -> Written {
        Written::Text("(not shown)".to_owned())
    }

    fn right(&self) -> String {
        Text.right()
    }

    fn schema(&self) -> Value {
        json!({ "type": "string", "writeOnly": true })
    }

    fn shown(&self, written: &Written) -> String {
        format!("({} characters, not shown)", written.text().map_or(0, |text| text.chars().count()))
    }
}

impl<K: Kind> Kind for Optional<K> {
    type Value = Option<K::Value>;

    fn read(&self, written: &Written) -> Result<Self::Value, String> {
        if written.text() == Some("") { Ok(None) } else { self.0.read(written).map(Some) }
    }

    fn write(&self, value: &Self::Value) -> Written {
        value.as_ref().map_or_else(|| Written::Text(String::new()), |value| self.0.write(value))
    }

    fn right(&self) -> String {
        format!("{}; \"\" for none", self.0.right())
    }

    fn schema(&self) -> Value {
        let mut schema = self.0.schema();
        if let Some(Value::String(pattern)) = schema.get("pattern") {
            schema["pattern"] = json!(format!("^$|{pattern}"));
        }
        schema["minLength"] = json!(0);
        schema
    }

    fn shown(&self, written: &Written) -> String {
        self.0.shown(written)
    }
}
