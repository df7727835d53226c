//! The presence hub.
pub mod cli;
pub mod clock;
pub mod config;
pub mod domain;
pub mod engine;
pub mod identity;
pub mod telemetry;
pub mod wire;
