//! A message of the stream: who sent it, and what it says. JSON, compressed with zlib where it is long.

use std::borrow::Cow;
use std::fmt;
use std::io::{Read as _, Write as _};
use std::str::FromStr;

use bytes::Bytes;
use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::domain::audit::Note;
use crate::engine::stored::{self, Unreadable};
use crate::engine::words::{By, Word};
use crate::engine::{Beside, OperationId};

/// The newest form of a message, which is the one that is written.
const FORM: u32 = 1;
/// What is longer is compressed.
const LONG: usize = 4 * 1024;
/// The most bytes of a message: what servers take unless they are told otherwise is a little more.
pub(super) const MOST_BYTES: usize = 1_000_000;
/// No message becomes longer than this when it is read.
const MOST_READ: u64 = 64 * 1024 * 1024;

impl fmt::Display for By {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.node, self.boot, self.number)
    }
}

impl FromStr for By {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let mut parts = text.splitn(3, '.');
        let mut part = || parts.next().ok_or(());
        Ok(Self {
            node: part()?.parse().map_err(drop)?,
            boot: part()?.parse().map_err(drop)?,
            number: part()?.parse().map_err(drop)?,
        })
    }
}

/// What a message says.
#[derive(Debug)]
pub(super) enum Says {
    /// Entries of one subject, as they are stored.
    Entries { texts: Vec<String>, operation: Option<OperationId>, note: Option<Note> },
    /// Something beside the log.
    Beside(Beside),
    /// A word of a node.
    Word(Word),
}

#[derive(Serialize, Deserialize)]
struct Written<'a> {
    v: u32,
    #[serde(borrow)]
    by: Cow<'a, str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    op: Option<String>,
    #[serde(default, borrow, skip_serializing_if = "Option::is_none")]
    note: Option<&'a RawValue>,
    #[serde(default, borrow, skip_serializing_if = "Vec::is_empty")]
    entries: Vec<&'a RawValue>,
    #[serde(default, borrow, skip_serializing_if = "Option::is_none")]
    beside: Option<&'a RawValue>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    word: Option<Word>,
}

impl Written<'_> {
    fn by(by: By) -> Self {
        let by = Cow::Owned(by.to_string());
        Self { v: FORM, by, op: None, note: None, entries: Vec::new(), beside: None, word: None }
    }
}

/// What every form has.
#[derive(Deserialize)]
struct Form {
    v: u32,
}

/// A message of entries.
pub(super) fn of_entries(by: By, operation: Option<&OperationId>, note: Option<&Note>, texts: &[String]) -> Bytes {
    let head = Written { op: operation.map(|operation| operation.0.clone()), ..Written::by(by) };
    let note = note.map(stored::encode_note).map(|note| format!("\"note\":{note},")).unwrap_or_default();
    packed(with(&head, &format!("{note}\"entries\":[{}]", texts.join(","))))
}

/// A message of something beside the log.
pub(super) fn of_beside(by: By, beside: &Beside) -> Bytes {
    packed(with(&Written::by(by), &format!("\"beside\":{}", stored::encode_beside(beside))))
}

/// A message of a node.
pub(super) fn of_word(by: By, word: &Word) -> Bytes {
    packed(text_of(&Written { word: Some(word.clone()), ..Written::by(by) }))
}

/// What a message says, and which it is.
///
/// # Errors
/// [`Unreadable`]: a newer hub wrote it, or it is damaged.
pub(super) fn read(payload: &[u8]) -> Result<(By, Says), Unreadable> {
    let unpacked = unpacked(payload)?;
    let written: Written<'_> = match serde_json::from_slice(&unpacked) {
        Ok(written) => written,
        Err(error) => {
            return Err(match serde_json::from_slice::<Form>(&unpacked) {
                Ok(Form { v }) if v > FORM => Unreadable::Newer(v),
                Ok(_) | Err(_) => Unreadable::Damaged(error),
            });
        }
    };
    if written.v > FORM {
        return Err(Unreadable::Newer(written.v));
    }
    let by = written.by.parse().map_err(|()| damaged("it does not say who sent it"))?;
    let says = match (written.word, written.beside) {
        (Some(word), _) => Says::Word(word),
        (None, Some(beside)) => Says::Beside(stored::decode_beside(beside.get())?),
        (None, None) => Says::Entries {
            texts: written.entries.iter().map(|entry| entry.get().to_owned()).collect(),
            operation: written.op.map(OperationId),
            note: written.note.map(|note| stored::decode_note(note.get())).transpose()?,
        },
    };
    Ok((by, says))
}

fn damaged(what: &str) -> Unreadable {
    Unreadable::Damaged(serde::de::Error::custom(what))
}

/// Has text keys and no values that JSON lacks.
fn text_of(written: &Written<'_>) -> String {
    match serde_json::to_string(written) {
        Ok(text) => text,
        Err(error) => panic!("a message cannot be written: {error}"),
    }
}

/// With fields more, which are JSON already.
fn with(head: &Written<'_>, fields: &str) -> String {
    let mut text = text_of(head);
    text.truncate(text.len() - 1);
    text + "," + fields + "}"
}

fn packed(text: String) -> Bytes {
    if text.len() <= LONG {
        return text.into();
    }
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    match encoder.write_all(text.as_bytes()).and_then(|()| encoder.finish()) {
        Ok(packed) => packed.into(),
        // Memory takes everything.
        Err(_) => text.into(),
    }
}

fn unpacked(payload: &[u8]) -> Result<Cow<'_, [u8]>, Unreadable> {
    if payload.first() == Some(&b'{') {
        return Ok(Cow::Borrowed(payload));
    }
    let mut unpacked = Vec::new();
    let read = ZlibDecoder::new(payload).take(MOST_READ).read_to_end(&mut unpacked);
    read.map_err(|error| damaged(&error.to_string()))?;
    Ok(Cow::Owned(unpacked))
}
