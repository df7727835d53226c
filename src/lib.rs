//! The presence hub.
pub mod clock;
pub mod domain;
pub mod engine;
pub mod wire;
