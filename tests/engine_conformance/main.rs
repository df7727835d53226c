//! What an engine must do. Every engine passes the same suite; then each has claims of its own.
#![allow(clippy::unwrap_used, reason = "a test may end where it stands")]

mod agents;
mod embedded_audit;
mod embedded_copies;
mod embedded_erasing;
mod embedded_faults;
mod embedded_folder;
mod embedded_growth;
mod embedded_history;
mod embedded_retention;
mod embedded_then;
#[path = "../entries/mod.rs"]
mod entries;
mod faulty_moods;
#[path = "../history_tables/mod.rs"]
mod history_tables;
mod nats_ages;
mod nats_nodes;
#[path = "../nats_server/mod.rs"]
mod nats_server;
mod nodes;
mod shared;
mod suite;

suite::of!(embedded, crate::agents::embedded);
suite::of!(memory, crate::agents::memory);
suite::of!(faulty_while_calm, crate::agents::faulty);
suite::of!(nats, crate::nodes::one_server);
suite::of!(nats_of_three_servers, crate::nodes::three_servers);
suite::of!(shared_log, crate::shared::open);

suite::of_the_hubs_clock!(embedded_by_its_clock, crate::agents::embedded);
suite::of_the_hubs_clock!(memory_by_its_clock, crate::agents::memory);
suite::of_the_hubs_clock!(faulty_by_its_clock, crate::agents::faulty);
