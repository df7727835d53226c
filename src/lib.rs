//! The presence hub.
pub mod domain;
pub mod wire;
