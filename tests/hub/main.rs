//! The hub from outside: its real binary, real sockets, its public contract.

mod examples;
mod harness;
mod life;
#[path = "../rule_book/mod.rs"]
mod rule_book;
