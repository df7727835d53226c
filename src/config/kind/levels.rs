//! What of the log is written.

use serde_json::{Value, json};

use super::Kind;
use crate::config::written::Written;

/// A level, or levels by module: `info`, or `info,presence_hub::feed=debug`.
///
/// Judged here, because the filter that reads it later takes any unknown word for a module.
pub struct Levels;

const LEVELS: [&str; 6] = ["off", "error", "warn", "info", "debug", "trace"];

impl Kind for Levels {
    type Value = String;

    fn read(&self, written: &Written) -> Result<String, String> {
        let is_right = |part: &str| match part.trim().split_once('=') {
            Some((target, level)) => !target.is_empty() && LEVELS.contains(&level.to_ascii_lowercase().as_str()),
            None => LEVELS.contains(&part.trim().to_ascii_lowercase().as_str()),
        };
        let levels = written.text().filter(|text| text.split(',').all(is_right));
        levels.map(str::to_owned).ok_or_else(|| self.needs())
    }

    fn write(&self, levels: &String) -> Written {
        Written::Text(levels.clone())
    }

    fn right(&self) -> String {
        let quoted = LEVELS.map(|level| format!("\"{level}\""));
        format!("one of {}, or levels by module such as \"info,presence_hub::feed=debug\"", quoted.join(", "))
    }

    fn schema(&self) -> Value {
        json!({ "type": "string" })
    }
}
