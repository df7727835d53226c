//! What those who stand together were told, and are told next against it.
//!
//! A frame of changes says much that the frames before it have said. Those of a chunk who take deflated frames share
//! one stream: each frame is deflated once for all of them, against the last of what they were told. Servers that
//! compress for each connection by itself pay for each, in time and in memory.
//!
//! Whoever comes into step begins with the next frame, which is deflated for newcomers by itself. After it, it is all
//! that everyone was told for sure, and so all that the frame after it refers back to: nobody else has to begin anew,
//! however often a slow reader comes and goes.

use bytes::Bytes;

use super::deflater::Deflater;
use crate::sessions::frame;

/// Bytes that the next piece may refer back to. With 4 kB a change takes a fifth more bytes, and with 32 kB no fewer than
/// with 8, at twice the time (`cargo bench --bench hot -- deflating`, `docs/performance.md`).
const REMEMBERED: usize = 8 * 1024;

/// Byte 0 of a binary frame.
const BEGINS: u8 = 1;
const CONTINUES: u8 = 2;
/// Kind and number.
const HEAD_BYTES: usize = 5;

/// Whether a watcher was sent the history from its beginning, or from one of its beginnings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holds {
    Nothing,
    TheHistory,
}

/// What the watchers of a chunk were told, as far as the next frame may refer back to it.
#[derive(Debug)]
pub(super) struct History {
    number: u32,
    said: Vec<u8>,
}

impl History {
    /// An empty one. No connection has two of a number at once.
    pub(super) fn new(number: u32) -> Self {
        Self { number, said: Vec::new() }
    }

    /// The next frame, which is made for those who hold the history and for those who do not when the first of them is
    /// there.
    pub(super) fn telling<'a>(&'a mut self, text: &'a Bytes) -> Telling<'a> {
        Telling { history: self, text, continues: None, begins: None }
    }

    fn piece(&self, kind: u8, before: &[u8], text: &Bytes, deflater: &mut Deflater) -> Option<Bytes> {
        let mut head = [kind; HEAD_BYTES];
        head[1..].copy_from_slice(&self.number.to_be_bytes());
        deflater.piece(&head, before, text).ok()
    }
}

/// A frame that is being told to those in step.
pub(super) struct Telling<'a> {
    history: &'a mut History,
    text: &'a Bytes,
    continues: Option<Made>,
    begins: Option<Made>,
}

type Made = (Bytes, Holds);

impl Telling<'_> {
    /// The frame for someone who holds this, and what it holds afterwards.
    pub(super) fn to(&mut self, holds: Holds, deflater: &mut Deflater) -> (&Bytes, Holds) {
        let Self { history, text, continues, begins } = self;
        let as_text = || ((*text).clone(), Holds::Nothing);
        let held = |piece| (piece, Holds::TheHistory);
        let made = match holds {
            Holds::TheHistory => continues.get_or_insert_with(|| {
                history.piece(CONTINUES, &history.said, text, deflater).map_or_else(as_text, held)
            }),
            Holds::Nothing => begins.get_or_insert_with(|| {
                let begins = history.piece(BEGINS, &[], text, deflater);
                begins.filter(|begins| begins.len() < text.len()).map_or_else(as_text, held)
            }),
        };
        deflater.sent(&made.0, text);
        (&made.0, made.1)
    }

    /// All were told: the history goes on from there.
    pub(super) fn end(self) {
        let Self { history, text, continues, begins } = self;
        let is_told = |made: Option<Made>| made.is_some_and(|(_, holds)| holds == Holds::TheHistory);
        let (goes_on, has_begun) = (is_told(continues), is_told(begins));
        if has_begun {
            history.said.clear();
        }
        if goes_on || has_begun {
            let text = frame::payload(text);
            history.said.extend_from_slice(&text[text.len().saturating_sub(REMEMBERED)..]);
            history.said.push(b'\n');
            let forgotten = history.said.len().saturating_sub(REMEMBERED);
            history.said.drain(..forgotten);
        }
    }
}
