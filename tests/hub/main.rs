//! The hub from outside: its real binary, real sockets, its public contract.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test ends where it stands, and prints what it measured"
)]
#![allow(clippy::disallowed_methods, reason = "a test of the real hub measures real time")]

mod adherence;
mod api;
mod api_tokens;
mod audit;
mod base_path;
mod changes;
mod clock;
mod cluster;
mod contract_admin;
mod contract_bounds;
mod contract_close;
mod contract_crowd;
mod contract_deflated;
mod contract_desk;
mod contract_door;
mod contract_early;
mod contract_eligible;
mod contract_events;
mod contract_fits;
mod contract_followed;
mod contract_frames;
mod contract_http;
mod contract_integrators;
mod contract_resume;
mod contract_retire;
mod contract_scope;
mod contract_session;
mod contract_supervisor;
mod contract_tokens;
mod contract_watch;
mod contract_withdrawn;
mod copies;
mod deadlines;
mod disk;
mod disputes;
mod doors;
mod erasing;
mod examples;
mod explain;
mod exports;
mod figures;
#[path = "../golden_file/mod.rs"]
mod golden_file;
mod harness;
mod history;
#[path = "../history_tables/mod.rs"]
mod history_tables;
mod integrate;
mod keys;
mod kill;
mod life;
mod limits;
mod metrics;
mod monitoring;
#[path = "../nats_server/mod.rs"]
mod nats_server;
mod network;
mod other_settings;
mod people;
mod permissions;
mod restart;
mod revocations;
#[path = "../rule_book/mod.rs"]
mod rule_book;
mod secrets;
mod service;
mod sign_in;
mod texts;
mod tickets;
mod tls;
mod told_once;
mod webhooks;
mod websocket;
