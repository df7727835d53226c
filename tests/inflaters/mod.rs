//! What a client of `presence.v1.json.deflate` inflates with, by the contract alone.

use std::collections::HashMap;

use flate2::{Decompress, FlushDecompress};

/// An inflater for each history that has begun on a connection.
#[derive(Default)]
pub struct Inflaters(HashMap<[u8; 4], Decompress>);

impl Inflaters {
    /// The JSON of a binary message.
    pub fn json(&mut self, message: &[u8]) -> String {
        let (kind, rest) = message.split_first().unwrap();
        let line = match kind {
            0 => inflate(&mut Decompress::new(false), rest, FlushDecompress::Finish),
            1 | 2 => {
                let (number, piece) = rest.split_first_chunk().unwrap();
                if *kind == 1 {
                    self.0.insert(*number, Decompress::new(false));
                }
                inflate(self.0.get_mut(number).expect("it has begun"), piece, FlushDecompress::Sync)
            }
            other => panic!("{other} is no kind"),
        };
        let line = String::from_utf8(line).unwrap();
        let json = line.strip_suffix('\n').expect("a line");
        assert!(!json.contains('\n'), "one line");
        json.to_owned()
    }
}

fn inflate(inflater: &mut Decompress, bytes: &[u8], flush: FlushDecompress) -> Vec<u8> {
    let mut line = Vec::with_capacity(64 * 1024);
    let before = inflater.total_in();
    loop {
        let taken = usize::try_from(inflater.total_in() - before).unwrap();
        inflater.decompress_vec(&bytes[taken..], &mut line, flush).unwrap();
        let taken = usize::try_from(inflater.total_in() - before).unwrap();
        if line.len() < line.capacity() {
            assert_eq!(taken, bytes.len(), "all of a message is used");
            return line;
        }
        line.reserve(line.capacity());
    }
}
