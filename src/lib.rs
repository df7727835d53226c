//! The presence hub.
pub mod agents;
pub mod cli;
pub mod clock;
pub mod config;
pub mod domain;
pub mod edge;
pub mod engine;
pub mod feed;
pub mod floor;
pub mod identity;
pub mod server;
pub mod sessions;
pub mod telemetry;
pub mod wire;
