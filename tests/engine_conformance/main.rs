//! What an engine must do. Every engine passes the same suite.

mod agents;
mod suite;

suite::of!(embedded, crate::agents::open);
