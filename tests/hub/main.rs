//! The hub from outside: its real binary, real sockets, its public contract.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test ends where it stands, and prints what it measured"
)]
#![allow(clippy::disallowed_methods, reason = "a test of the real hub measures real time")]

mod deadlines;
mod disk;
mod examples;
mod harness;
mod kill;
mod life;
mod network;
mod restart;
#[path = "../rule_book/mod.rs"]
mod rule_book;
