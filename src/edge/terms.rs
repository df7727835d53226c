//! What a request has to hold to.

use axum::http::Method;

use super::Door;
use crate::identity::Action;

/// What a request takes off the caller's allowance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cost {
    /// One request.
    One,
    /// Nothing: it waits in the line of batches.
    WaitsInLine,
}

/// What a request has to hold to.
#[derive(Clone, Copy)]
pub struct Terms {
    /// Where it is asked for.
    pub path: &'static str,
    /// What the caller must be allowed.
    pub action: Action,
    /// What it takes off the caller's allowance.
    pub cost: Cost,
    /// The largest body.
    pub most: fn(&Door) -> usize,
}

impl Terms {
    /// What is asked for, as the audit says it.
    pub fn asked(&self, method: &Method) -> String {
        format!("{method} {}", self.path)
    }
}
