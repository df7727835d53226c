//! The hub from outside: its real binary, real sockets, its public contract.

#![allow(clippy::unwrap_used, clippy::wildcard_enum_match_arm, reason = "a test that meets the unexpected fails")]

mod harness;
mod life;
