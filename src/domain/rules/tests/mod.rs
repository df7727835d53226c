//! The rules, held against the rule book: a file per chapter, each test named after its rule.

mod account;
mod automatic;
mod book;
mod capacity;
mod catalogue;
mod choices;
mod citations;
mod connection;
mod corners;
mod desk;
mod directory;
mod eligibility;
mod expiry;
mod fits;
mod history;
mod holds;
mod laws;
mod properties;
mod restart;
mod sign_in;
mod standstill;
mod work;
