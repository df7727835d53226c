//! Errors as people read them.

use std::error::Error;
use std::fmt;

/// An error and its causes, from the last to the first: `the folder cannot be used: No such file or
/// directory`. An error says itself alone; what caused it is its [source](Error::source).
#[derive(Clone, Copy, Debug)]
pub struct WithCauses<'a>(pub &'a (dyn Error + 'static));

impl fmt::Display for WithCauses<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)?;
        let mut error = self.0;
        while let Some(cause) = error.source() {
            write!(f, ": {cause}")?;
            error = cause;
        }
        Ok(())
    }
}
