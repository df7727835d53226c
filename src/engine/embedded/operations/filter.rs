//! Whether a run may know a digest: a Bloom filter whose bits for one digest stand in one line of the processor's cache.

use rusqlite::types::Type;

/// Bits by claim. With these about one look in two hundred is for nothing.
const BITS: usize = 12;
/// Bits that a claim sets.
const SET: u32 = 7;
/// Words of a line.
const WORDS: usize = 8;

/// 64 bytes.
#[derive(Clone, Copy, Debug, Default)]
#[repr(align(64))]
struct Line([u64; WORDS]);

/// Says of a digest that it was not added, or that it may have been.
#[derive(Clone, Debug)]
pub(super) struct Filter(Vec<Line>);

impl Filter {
    /// One for so many claims.
    pub(super) fn of(many: usize) -> Self {
        Self(vec![Line::default(); (many * BITS).div_ceil(WORDS * 64).max(1)])
    }

    pub(super) fn add(&mut self, digest: u64) {
        let line = self.line(digest);
        for (word, bit) in bits(digest) {
            self.0[line].0[word] |= bit;
        }
    }

    pub(super) fn may_hold(&self, digest: u64) -> bool {
        let line = &self.0[self.line(digest)].0;
        bits(digest).all(|(word, bit)| line[word] & bit != 0)
    }

    pub(super) fn to_bytes(&self) -> Vec<u8> {
        self.0.iter().flat_map(|line| line.0).flat_map(u64::to_le_bytes).collect()
    }

    pub(super) fn from_bytes(bytes: &[u8]) -> rusqlite::Result<Self> {
        let (words, []) = bytes.as_chunks::<8>() else { return Err(damaged(bytes)) };
        let words: Vec<u64> = words.iter().map(|word| u64::from_le_bytes(*word)).collect();
        match words.as_chunks::<WORDS>() {
            (lines @ [_, ..], []) => Ok(Self(lines.iter().map(|line| Line(*line)).collect())),
            (_, _) => Err(damaged(bytes)),
        }
    }

    /// The line of a digest, by its beginning.
    fn line(&self, digest: u64) -> usize {
        ((u128::from(digest) * self.0.len() as u128) >> 64) as usize
    }
}

/// The bits of a digest in its line: the word of each, and the bit in it.
fn bits(digest: u64) -> impl Iterator<Item = (usize, u64)> {
    // Claims of one line begin alike, so all of the digest is mixed. Nine bits say which of 512.
    let mixed = digest.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (0..SET).map(move |number| {
        let place = mixed >> (u64::BITS - 9 * (number + 1));
        ((place >> 6) as usize % WORDS, 1 << (place % 64))
    })
}

fn damaged(bytes: &[u8]) -> rusqlite::Error {
    let error = format!("{} bytes are no filter", bytes.len());
    rusqlite::Error::FromSqlConversionFailure(0, Type::Blob, error.into())
}

#[cfg(test)]
mod tests {
    use super::super::claim::digest_of;
    use super::*;

    #[test]
    fn what_was_added_is_always_found_and_little_else() {
        let digests: Vec<u64> = (0..60_000).map(|number| digest_of(&number.to_string())).collect();
        let (added, others) = digests.split_at(30_000);
        let mut filter = Filter::of(added.len());
        added.iter().for_each(|digest| filter.add(*digest));
        let filter = Filter::from_bytes(&filter.to_bytes()).unwrap();
        assert!(added.iter().all(|digest| filter.may_hold(*digest)));
        let for_nothing = others.iter().filter(|digest| filter.may_hold(**digest)).count();
        assert!(for_nothing < 300, "{for_nothing} of 30,000");
        assert_eq!(filter.to_bytes().len(), 45_056);
        Filter::from_bytes(b"nothing").unwrap_err();
        Filter::from_bytes(b"").unwrap_err();
    }
}
