//! What is said to the outside: the [`shapes`] of the contract, and the translation to and from the
//! domain.
//!
//! What comes in is understood by [`parse`], and events of work systems by [`event`]. What goes out is
//! made by [`show`], records by [`directory`], reasons by [`explain`], changes by [`changed`], what they were by [`audit`]; what stands in many frames is [`written`] once. The [`words`] of both sides stand
//! side by side. What is refused is a [`problem`] with a [`code`], or a socket's [`close`] code, for a [`limit`] perhaps. The documents
//! in `docs/` are made from all of it by [`documents`].

pub mod audit;
pub mod changed;
pub mod close;
pub mod code;
pub mod directory;
pub mod documents;
pub mod event;
pub mod explain;
#[cfg(test)]
mod golden;
pub mod json;
pub mod limit;
pub mod parse;
pub mod plan;
pub mod problem;
pub mod repeated;
#[cfg(test)]
pub(crate) mod samples;
pub mod shapes;
pub mod show;
pub mod words;
pub mod written;
mod wrong;

/// A shape as JSON.
///
/// # Panics
/// Never: shapes have text keys and no values that JSON lacks, and memory takes every byte. Whoever adds a
/// shape of which that is not true learns it from the first test that sends one, not from half a frame.
#[must_use]
pub fn text(shape: &impl serde::Serialize) -> Vec<u8> {
    let mut text = Vec::with_capacity(256);
    write(shape, &mut text);
    text
}

/// Writes a shape as JSON.
///
/// # Panics
/// Never, as [`text`].
pub fn write(shape: &impl serde::Serialize, to: impl std::io::Write) {
    if let Err(error) = serde_json::to_writer(to, shape) {
        panic!("a shape of the wire cannot be written: {error}");
    }
}
