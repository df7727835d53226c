//! The presence hub.
pub mod clock;
pub mod domain;
pub mod engine;
pub mod feed;
pub mod sessions;
pub mod wire;
