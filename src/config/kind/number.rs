//! Whole numbers.

use std::ops::RangeInclusive;

use serde_json::{Value, json};

use super::Kind;
use crate::config::written::Written;

/// A whole number of these, within a range.
pub struct Whole(pub &'static str, pub RangeInclusive<u32>);

impl Kind for Whole {
    type Value = u32;

    fn read(&self, written: &Written) -> Result<u32, String> {
        let number = written.whole().and_then(|number| u32::try_from(number).ok());
        number.filter(|number| self.1.contains(number)).ok_or_else(|| self.needs())
    }

    fn write(&self, number: &u32) -> Written {
        Written::Whole((*number).into())
    }

    fn right(&self) -> String {
        let Self(unit, range) = self;
        format!("a whole number of {unit} from {} to {}", range.start(), range.end())
    }

    fn schema(&self) -> Value {
        json!({ "type": "integer", "minimum": self.1.start(), "maximum": self.1.end() })
    }
}
