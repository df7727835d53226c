//! The shapes of the contract, as they stand in a frame, a body or an answer.
//!
//! The served documents and the browser's types are made from these types, and their comments are
//! the descriptions there: they are written for people who know nothing of this code. Every id is
//! its text, every time an RFC 3339 text in UTC with milliseconds.

mod adherence;
mod agent;
mod answers;
mod api_tokens;
mod audit;
#[cfg(test)]
mod borrowed;
mod capacity;
mod cause;
mod changes;
mod client_frame;
mod disputes;
mod erasures;
mod events;
mod explanation;
mod figures;
mod history;
mod hub_frame;
mod page_sessions;
mod plans;
mod presence;
mod records;
mod revocations;
mod role;
mod said;
mod session;
mod watched;
mod webhooks;
mod work_item;

pub use adherence::*;
pub use agent::*;
pub use answers::*;
pub use api_tokens::*;
pub use audit::*;
#[cfg(test)]
pub use borrowed::*;
pub use capacity::*;
pub use cause::*;
pub use changes::*;
pub use client_frame::*;
pub use disputes::*;
pub use erasures::*;
pub use events::*;
pub use explanation::*;
pub use figures::*;
pub use history::*;
pub use hub_frame::*;
pub use page_sessions::*;
pub use plans::*;
pub use presence::*;
pub use records::*;
pub use revocations::*;
pub use role::*;
pub use said::*;
pub use session::*;
pub use watched::*;
pub use webhooks::*;
pub use work_item::*;

/// The value of a switch that is left out and then on.
fn yes() -> bool {
    true
}

fn is_true(value: &bool) -> bool {
    *value
}

fn is_false(value: &bool) -> bool {
    !value
}

fn is_zero(value: &usize) -> bool {
    *value == 0
}
