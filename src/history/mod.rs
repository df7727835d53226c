//! History: what each agent was, from when to when, and why. It is a projection of the log.
//!
//! [`row`] is the one projector: a pure function from what the log keeps to a row. A row says what an agent
//! was from its start until the start of the agent's next row. The [`keeper`] writes rows to the
//! [`tables`], in the transaction that keeps the entry; whoever has the log can make them anew. The page
//! `docs/history.md` describes the tables to people who read them.

pub mod keeper;
pub mod row;
pub mod tables;

#[cfg(test)]
mod tests;
