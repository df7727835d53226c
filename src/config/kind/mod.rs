//! What a setting may be: how it is read and written, and what is said of it. A declaration names one.

pub mod address;
pub mod age;
pub mod claim;
pub mod daily_reset;
pub mod key_set;
pub mod levels;
pub mod nats;
pub mod number;
pub mod proxies;
pub mod public_url;
pub mod span;
pub mod team;
pub mod text;

use serde_json::Value;

use super::written::Written;

/// What a setting may be.
pub trait Kind {
    /// What it is in the program.
    type Value;

    /// The value, or what would be right.
    fn read(&self, written: &Written) -> Result<Self::Value, String>;

    /// The value as it would be written.
    fn write(&self, value: &Self::Value) -> Written;

    /// What is right, in words.
    fn right(&self) -> String;

    /// The same to whoever wrote something else.
    fn needs(&self) -> String {
        format!("needs {}", self.right())
    }

    /// What JSON Schema says of it, without its description and default.
    fn schema(&self) -> Value;

    /// A value that may be wrong, as it is told to whoever wrote it.
    fn shown(&self, written: &Written) -> String {
        written.shown()
    }
}
