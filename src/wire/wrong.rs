//! What is wrong with JSON or a query that was read, in the words of the sender.

use std::fmt;

use serde::de::{Error, Expected, Unexpected};

use super::problem::Problem;
use super::repeated::shortened;

/// What is wrong, and in which field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wrong {
    /// The field, such as `profiles[0].max`; empty for the whole.
    field: String,
    problem: String,
}

impl From<Wrong> for Problem {
    fn from(wrong: Wrong) -> Self {
        if wrong.field.is_empty() {
            return Self::malformed(wrong.problem);
        }
        Self::invalid(wrong.field, wrong.problem)
    }
}

impl Wrong {
    pub(super) fn new(problem: impl Into<String>) -> Self {
        Self { field: String::new(), problem: problem.into() }
    }

    pub(super) fn within(mut self, part: &str) -> Self {
        self.field = match self.field.chars().next() {
            None => part.to_owned(),
            Some('[') => format!("{part}{}", self.field),
            Some(_) => format!("{part}.{}", self.field),
        };
        self
    }
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.field.is_empty() { f.write_str(&self.problem) } else { write!(f, "{}: {}", self.field, self.problem) }
    }
}

impl std::error::Error for Wrong {}

impl Error for Wrong {
    fn custom<T: fmt::Display>(problem: T) -> Self {
        Self::new(problem.to_string())
    }

    fn missing_field(field: &'static str) -> Self {
        Self::new("is missing").within(field)
    }

    fn unknown_field(field: &str, expected: &'static [&'static str]) -> Self {
        Self::new(format!("there is no such field; there are {}", expected.join(", "))).within(&shortened(field))
    }

    fn unknown_variant(variant: &str, expected: &'static [&'static str]) -> Self {
        Self::new(format!("`{}` is none of {}", shortened(variant), expected.join(", ")))
    }

    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::new(format!("{found} does not belong here; {expected} does"))
    }
}
