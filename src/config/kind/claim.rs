//! Claims of tokens, and their values.

use serde_json::{Value, json};

use super::Kind;
use crate::config::written::Written;
use crate::identity::Claim;

/// A claim, or the way to a value within one.
pub struct ClaimName;

/// Values, such as these.
pub struct Values(pub &'static str);

/// The claim that is written so, for defaults.
pub fn claim(text: &str) -> Claim {
    Claim::parse(text).unwrap_or_else(|| unreachable!("a default is a claim"))
}

impl Kind for ClaimName {
    type Value = Claim;

    fn read(&self, written: &Written) -> Result<Claim, String> {
        written.text().and_then(Claim::parse).ok_or_else(|| self.needs())
    }

    fn write(&self, claim: &Claim) -> Written {
        Written::Text(claim.to_string())
    }

    fn right(&self) -> String {
        "a claim, such as \"roles\", \"realm_access.roles\" or \"https://example.com/roles\"".to_owned()
    }

    fn schema(&self) -> Value {
        json!({ "type": "string", "minLength": 1 })
    }
}

impl Kind for Values {
    type Value = Vec<String>;

    fn read(&self, written: &Written) -> Result<Vec<String>, String> {
        let list = written.list().filter(|values| values.iter().all(|value| !value.is_empty()));
        list.ok_or_else(|| self.needs())
    }

    fn write(&self, values: &Vec<String>) -> Written {
        Written::List(values.clone())
    }

    fn right(&self) -> String {
        format!("a list of values, such as {}", self.0)
    }

    fn schema(&self) -> Value {
        json!({ "type": "array", "items": { "type": "string", "minLength": 1 } })
    }
}
