//! What is said to the outside: the shapes of the contract, and the translation to and from the
//! domain.

pub mod accept;
pub mod directory;
pub mod event;
pub mod explain;
#[cfg(test)]
mod golden;
pub mod present;
#[cfg(test)]
pub(crate) mod samples;
pub mod shapes;
pub mod words;

pub use shapes as records;
