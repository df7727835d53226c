//! What is said to the outside: the shapes of the contract, and the translation to and from the
//! domain. Shapes name only serde; times are RFC 3339 texts in UTC with milliseconds.

pub mod accept;
pub mod directory;
pub mod event;
pub mod present;
pub mod records;
pub mod shapes;
