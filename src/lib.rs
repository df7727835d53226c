//! A real-time presence hub for contact centres: agents' browsers hold a live socket, work systems
//! send assignment events, rules decide each agent's presence, and every change fans out to
//! supervisors' boards and to the agent's own indicator.
//!
//! # What flows
//!
//! ```text
//! agent tab, dashboard, work system ──ws/http──▶ edge ──▶ agents: one turn ──▶ domain: decide ──▶ [Change]
//!                                                                                              │ append
//!      indicator, live board ◀── sessions ◀── feed ◀── engine: one ordered log ◀───────────────┘
//! ```
//!
//! The log is the truth. Every accepted change is one entry of one ordered log, with the agent's
//! whole new state, its cause and its actor; what is in memory, and what boards are sent, are
//! projections of it. Nothing is shown and nothing acknowledged before it is kept.
//!
//! # Rooms
//!
//! A room may name the rooms beside it and no others; `tests/rooms.rs` holds this table. Every room
//! but `domain` may name `clock` and `telemetry` besides.
//!
//! | room | holds | may use |
//! |---|---|---|
//! | [`domain`] | the words and the rules; no clock, socket, file, lock, serde or tokio | nothing |
//! | [`wire`] | what is said to the outside, and its translation | `domain` |
//! | [`history`] | intervals: the projector of the log, its tables, and what was planned beside it | `domain` |
//! | [`engine`] | the ordered log: the seam, and behind it `embedded` (SQLite), which keeps the history with it, and `nats`, which several hubs share | `domain`, `history` |
//! | [`agents`] | turns, deadlines, the directory, eligibility over all agents | `domain`, `engine` |
//! | [`sessions`] | the live sockets of this node, and the bounded way out to each | `domain`, `wire` |
//! | [`feed`] | watches: filters, cursors, frames | `domain`, `wire`, `engine`, `sessions` |
//! | [`outbound`] | what leaves for programs of others: the changes of agents, followed or sent to webhooks | `domain`, `wire`, `engine` |
//! | [`plans`] | what agents are planned to do: activities, and the way to keep plans, exceptions and disputes | `domain`, `engine`, `history` |
//! | [`identity`] | tokens, cookies, origins, and who may do what | `domain` |
//! | [`sign_in`] | signing in at an identity provider: the flow, and the way to it | `domain`, `identity`, `outbound` |
//! | [`edge`] | the outside door: upgrade, socket conversation, HTTP, pages | all above, `config` |
//! | [`floor`] | `simulate`: agents at work, over the public API only | `wire` |
//! | [`annals`] | `simulate --history`: a past that nobody lived, written into a new data folder | `domain`, `wire`, `engine`, `floor` |
//! | [`config`], [`clock`], [`telemetry`], [`server`], [`cli`] | settings; the one reader of the clock; logs; composition; the command line | all |
//!
//! # Where a change goes
//!
//! A rule: `domain/rules`, with its number in the rule book (`docs/rules.md`) and a test that names it.
//! A frame or a field: `wire/shapes`, whose comments are the descriptions in the served documents. A question to
//! the outside: `edge`. A setting: its declaration in `config`, then `ACCEPT=1 cargo test --locked --lib config` for
//! `config.toml` and `docs/settings.md`. How something is stored: `engine/stored`, where old versions
//! are read as well. A cause of disconnection: `sessions/ending.rs`.

#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::wildcard_enum_match_arm, reason = "a test that meets the unexpected fails")
)]

pub mod agents;
pub mod annals;
pub mod cli;
pub mod clock;
pub mod config;
pub mod domain;
pub mod edge;
pub mod engine;
pub mod feed;
pub mod floor;
#[cfg(test)]
#[path = "../tests/golden_file/mod.rs"]
mod golden_file;
pub mod history;
#[cfg(test)]
#[path = "../tests/history_tables/mod.rs"]
mod history_tables;
pub mod identity;
#[cfg(test)]
#[path = "../tests/inflaters/mod.rs"]
mod inflaters;
#[cfg(test)]
#[path = "../tests/nats_server/mod.rs"]
mod nats_server;
pub mod outbound;
pub mod plans;
pub mod server;
pub mod sessions;
pub mod sign_in;
pub mod telemetry;
pub mod wire;
