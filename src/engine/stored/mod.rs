//! The entry as it is stored: compact JSON with types of its own, so that the domain may rename freely.
//!
//! Every entry says the version of its form. A field that may be absent needs no new version; any
//! other change raises [`FORM`], and [`decode`] then upgrades the older form while it reads.
//! Spans are kept in whole milliseconds, like every time of the hub.

mod agent;
mod beside;
mod cause;
mod directory;
mod erased;
mod name;
mod offer;
mod step;
mod told;
mod trace;

use serde::{Deserialize, Serialize};

use super::{Entry, SizeLimit};
pub use beside::{decode_beside, decode_note, encode_beside, encode_note};
use directory::StoredDirectoryStep;
pub use erased::Erased;
use step::StoredStep;

/// The newest form of an entry, which is the one that is written. In the first, a further tab that came or went had the
/// cause of a sign-in or of a disconnection.
const FORM: u32 = 2;

/// An entry that is too large to be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an entry of {bytes} bytes cannot be kept; the most is {most}")]
pub struct TooLarge {
    /// How large it would be.
    pub bytes: usize,
    /// How large it may be.
    pub most: usize,
}

/// A stored entry that this hub cannot read.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    /// It was written by a newer hub.
    #[error("it was written in form {0}, and this hub knows forms up to {FORM}; start the newer hub again")]
    Newer(u32),
    /// It is damaged.
    #[error("it is damaged")]
    Damaged(#[from] serde_json::Error),
}

#[derive(Serialize, Deserialize)]
struct Stored {
    v: u32,
    entry: Body,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Body {
    Agent(Box<StoredStep>),
    Directory(Box<StoredDirectoryStep>),
}

/// What every form has.
#[derive(Deserialize)]
struct Form {
    v: u32,
}

/// The entry as it is stored.
///
/// # Errors
/// [`TooLarge`] if it is larger than `limit`.
///
/// # Panics
/// As [`encode_whole`].
pub fn encode(entry: &Entry, limit: SizeLimit) -> Result<String, TooLarge> {
    let (text, most) = (encode_whole(entry), limit.most_bytes());
    if text.len() > most {
        return Err(TooLarge { bytes: text.len(), most });
    }
    Ok(text)
}

/// The entry as it is stored, however large: for one that was kept before.
///
/// # Panics
/// Never: what is stored has text keys and no values that JSON lacks, and a string takes every byte. No type
/// says so, and an error that cannot come would be one more that every append had to tell about.
#[must_use]
pub fn encode_whole(entry: &Entry) -> String {
    let body = match entry {
        Entry::Agent { change, directory_seq } => Body::Agent(Box::new(StoredStep::of(change, *directory_seq))),
        Entry::Directory { change, at, actor } => {
            Body::Directory(Box::new(StoredDirectoryStep::of(change, *at, actor)))
        }
    };
    match serde_json::to_string(&Stored { v: FORM, entry: body }) {
        Ok(text) => text,
        Err(error) => panic!("an entry cannot be written: {error}"),
    }
}

/// The entry that was stored.
///
/// # Errors
/// [`Unreadable`] if a newer hub wrote it, or if it is damaged.
pub fn decode(text: &str) -> Result<Entry, Unreadable> {
    let stored: Stored = serde_json::from_str(text).map_err(|error| newer_or_damaged(text, error))?;
    if stored.v > FORM {
        return Err(Unreadable::Newer(stored.v));
    }
    Ok(match stored.entry {
        Body::Agent(step) => {
            let (mut change, directory_seq) = step.into_domain();
            if stored.v < 2 {
                step::tell_tabs_apart(&mut change);
            }
            Entry::Agent { change: Box::new(change), directory_seq }
        }
        Body::Directory(step) => {
            let (change, at, actor) = step.into_domain();
            Entry::Directory { change, at, actor }
        }
    })
}

fn newer_or_damaged(text: &str, error: serde_json::Error) -> Unreadable {
    match serde_json::from_str::<Form>(text) {
        Ok(Form { v }) if v > FORM => Unreadable::Newer(v),
        Ok(_) | Err(_) => Unreadable::Damaged(error),
    }
}

#[cfg(test)]
mod erased_tests;
#[cfg(test)]
mod samples;
#[cfg(test)]
mod tests;
