//! What presence means: the words, and the rules.
//!
//! Nothing here reads a clock, a socket or a file. Time is an argument, and a decision is a
//! value: [`Agent::decide`](agent::Agent::decide) takes a command and the time and returns the
//! changes that follow, each with the agent's whole state after it. Whoever keeps a change
//! replaces the old state by the new one; nothing else happens on the way.

pub mod agent;
pub mod audit;
pub mod capacity;
pub mod catalog;
pub mod cause;
pub mod change;
pub mod command;
pub mod daily;
pub mod directory;
pub mod dispute;
pub mod field;
pub mod ids;
pub mod network;
pub mod offer;
pub mod plan;
pub mod policy;
pub mod presence;
pub mod record;
pub mod rejection;
pub mod role;
pub mod rules;
pub mod standing;
pub mod time;
pub mod trace;
pub mod work_item;
