//! The presence hub.
pub mod agents;
pub mod clock;
pub mod domain;
pub mod engine;
pub mod sessions;
pub mod wire;
