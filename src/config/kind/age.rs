//! How long something is kept: `90d`, `3y`, `forever`.

use std::ops::RangeInclusive;
use std::time::Duration;

use serde_json::{Value, json};

use super::Kind;
use crate::config::written::Written;

const DAY: u64 = 24 * 3_600;
const FOR_EVER: &str = "forever";
const PATTERN: &str = "^([1-9][0-9]{0,4}[dwy]|forever)$";

/// Days within a range, or for ever. A year has 365.
pub struct Age(pub RangeInclusive<u64>);

/// The span that a text says in days, weeks or years, such as `90d` or `1y`; none if it says something else.
pub fn parse_age(text: &str) -> Option<Duration> {
    days(text)?.checked_mul(DAY).map(Duration::from_secs)
}

/// The days that a text says.
fn days(text: &str) -> Option<u64> {
    let unit = match text.chars().next_back()? {
        'd' => 1,
        'w' => 7,
        'y' => 365,
        _ => return None,
    };
    text[..text.len() - 1].parse::<u64>().ok()?.checked_mul(unit)
}

impl Kind for Age {
    type Value = Option<Duration>;

    fn read(&self, written: &Written) -> Result<Option<Duration>, String> {
        let text = written.text().map(str::trim);
        if text == Some(FOR_EVER) {
            return Ok(None);
        }
        let days = text.and_then(days).filter(|days| self.0.contains(days)).ok_or_else(|| self.needs())?;
        Ok(Some(Duration::from_secs(days * DAY)))
    }

    fn write(&self, age: &Option<Duration>) -> Written {
        Written::Text(match age.map(|age| age.as_secs() / DAY) {
            Some(days) if days.is_multiple_of(365) => format!("{}y", days / 365),
            Some(days) => format!("{days}d"),
            None => FOR_EVER.to_owned(),
        })
    }

    fn right(&self) -> String {
        format!("a time in days, weeks or years from \"{}d\" to \"{}d\", or \"forever\"", self.0.start(), self.0.end())
    }

    fn schema(&self) -> Value {
        json!({ "type": "string", "pattern": PATTERN })
    }
}
