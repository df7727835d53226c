//! The hub from outside: its real binary, real sockets, its public contract.

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
