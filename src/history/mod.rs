//! History: what each agent was, from when to when, and why. It is a projection of the log.
//!
//! [`row`] is the one projector: a pure function from what the log keeps to a row. A row says what an agent
//! was from its start until the start of the agent's next row. The [`keeper`] writes rows to the
//! [`tables`], in the transaction that keeps the entry; whoever has the log can make them anew. The page
//! `docs/history.md` describes the tables to people who read them.
//!
//! Questions are answered by a [`reader`]: an agent's [`intervals`], the [`floor`] at an instant, and sums of time
//! for a [`report`], split where the [`calendar`] of a zone says. An [`export`] is a table of all of it, for others.
//! Beside what was stands what people [`told`]: what was to be, what is excused, what agents dispute.

pub mod adherence;
mod amounts;
pub mod calendar;
pub mod disconnections;
pub mod erasing;
pub mod export;
pub mod floor;
pub mod forgetting;
mod forward;
pub mod intervals;
pub mod keeper;
mod names;
mod numbers;
pub mod reader;
pub mod report;
pub mod row;
pub mod rows;
pub mod scope;
mod settling;
pub mod sign_ins;
pub mod stood;
pub mod summary;
mod sums;
pub mod tables;
pub mod then;
pub mod told;
pub mod wanted;

#[cfg(test)]
mod export_tests;
#[cfg(test)]
mod figures_tests;
#[cfg(test)]
mod figures_world;
#[cfg(test)]
mod question_tests;
#[cfg(test)]
mod test_world;
#[cfg(test)]
mod tests;
