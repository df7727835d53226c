//! What is said to the outside: the [`shapes`] of the contract, and the translation to and from the
//! domain.
//!
//! What comes in is understood by [`parse`], and events of work systems by [`event`]. What goes out is
//! made by [`show`], records by [`directory`], reasons by [`explain`]. The [`words`] of both sides stand
//! side by side.

pub mod directory;
pub mod event;
pub mod explain;
#[cfg(test)]
mod golden;
#[cfg(test)]
mod hold;
pub mod parse;
#[cfg(test)]
pub(crate) mod samples;
pub mod shapes;
pub mod show;
pub mod words;
