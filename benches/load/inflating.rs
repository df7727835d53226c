//! Deflated frames, each inflated once.
//!
//! What a piece of a stream says depends on the last 32 kB that the stream said before it, and on nothing else. Of
//! watchers who hold the same, the first inflates a piece; whoever is sent the same bytes behind the same text is told
//! the same. So the client checks every byte of every delivery and still costs less than the server.

use std::collections::VecDeque;
use std::rc::Rc;

use flate2::{Decompress, FlushDecompress};

/// What a stream may refer back to (RFC 1951).
const WINDOW_BYTES: usize = 32 * 1024;
/// Messages remembered: as many as a server may have under way at once.
const KEPT: usize = 128;

/// The last that a stream has said.
pub type Window = Rc<[u8]>;

/// A message, behind what it was sent, and what it says.
struct Known {
    before: Window,
    message: Box<[u8]>,
    after: Window,
    json: Rc<[u8]>,
}

/// The messages that were inflated last.
#[derive(Default)]
pub struct Inflating {
    known: VecDeque<Known>,
}

impl Inflating {
    /// What a message says to someone who holds this; `held` is what it holds afterwards. The bench's watchers have a
    /// watch each, and so one history.
    pub fn read(&mut self, held: &mut Option<Window>, message: &[u8]) -> Rc<[u8]> {
        let before = match message[0] {
            2 => held.clone().expect("a history begins before it continues"),
            0 | 1 => Rc::default(),
            kind => panic!("{kind} is no kind of message"),
        };
        let is_held = |window: &Window| Rc::ptr_eq(window, &before) || (window.is_empty() && before.is_empty());
        let known = self.known.iter().find(|known| *known.message == *message && is_held(&known.before));
        let (after, json) = match known {
            Some(known) => (known.after.clone(), known.json.clone()),
            None => self.inflate(before, message),
        };
        if message[0] != 0 {
            *held = Some(after);
        }
        json
    }

    fn inflate(&mut self, before: Window, message: &[u8]) -> (Window, Rc<[u8]>) {
        let mut inflater = Decompress::new(false);
        if !before.is_empty() {
            inflater.set_dictionary(&before).expect("a raw stream takes any");
        }
        let deflated = &message[if message[0] == 0 { 1 } else { 5 }..];
        let mut line = Vec::with_capacity(128 * 1024);
        inflater.decompress_vec(deflated, &mut line, FlushDecompress::Sync).expect("a deflate stream");
        assert_eq!(inflater.total_in(), deflated.len() as u64, "all of a message is used");
        assert_eq!(line.last(), Some(&b'\n'), "a message is a line");
        let said = [&before[..], &line].concat();
        let said = &said[said.len().saturating_sub(WINDOW_BYTES)..];
        // Newcomers and those who were there hold the same after a while.
        let same = self.known.iter().find(|known| *known.after == *said);
        let after: Window = same.map_or_else(|| said.into(), |known| known.after.clone());
        line.pop();
        let json: Rc<[u8]> = line.into();
        self.known.truncate(KEPT - 1);
        self.known.push_front(Known { before, message: message.into(), after: after.clone(), json: json.clone() });
        (after, json)
    }
}
