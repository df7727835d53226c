//! Claims as the table holds them: some that follow each other in a run stand in one block.
//!
//! A block is found by the beginning of its first digest. Claims whose digests begin alike stand in one block, so none
//! stands in two that could be meant.

use rusqlite::types::Type;

use super::claim::Claim;
use crate::engine::Seq;

/// Claims of a block: it fills a page of SQLite's.
pub(super) const CLAIMS: usize = 252;
const BYTES: usize = 16;
/// Of a block's number so many bits are the beginning of a digest; those above are the run's.
const BEGINNING: u32 = 40;

/// The number of the block of a run that begins with a digest.
pub(super) fn number(run: u64, digest: u64) -> u64 {
    (run << BEGINNING) | (digest >> (u64::BITS - BEGINNING))
}

/// The run of a block.
pub(super) fn run_of(block: u64) -> u64 {
    block >> BEGINNING
}

/// Takes from sorted claims those of the next block, about `many`; none if there are none.
pub(super) fn next(claims: impl Iterator<Item = Claim>, many: usize) -> Vec<Claim> {
    let mut block: Vec<Claim> = Vec::with_capacity(many);
    for claim in claims {
        let may_end = block.last().is_some_and(|last| number(0, last.digest) != number(0, claim.digest));
        if may_end && block.len() >= many {
            break;
        }
        block.push(claim);
    }
    block
}

pub(super) fn to_bytes(claims: &[Claim]) -> Vec<u8> {
    claims.iter().flat_map(|claim| [claim.digest.to_be_bytes(), claim.seq.to_be_bytes()]).flatten().collect()
}

pub(super) fn from_bytes(block: &[u8]) -> rusqlite::Result<Vec<Claim>> {
    let (claims, []) = block.as_chunks::<BYTES>() else {
        let error = format!("{} bytes are no block of claims", block.len());
        return Err(rusqlite::Error::FromSqlConversionFailure(0, Type::Blob, error.into()));
    };
    Ok(claims.iter().map(claim).collect())
}

/// The positions that a block claims for a digest, the newest first.
pub(super) fn find(block: &[u8], digest: u64) -> Vec<Seq> {
    let (claims, _) = block.as_chunks::<BYTES>();
    let first = claims.partition_point(|bytes| claim(bytes).digest < digest);
    let found = claims[first..].iter().map(claim).take_while(|claim| claim.digest == digest);
    let mut seqs: Vec<Seq> = found.map(|claim| claim.seq).collect();
    seqs.reverse();
    seqs
}

fn claim(bytes: &[u8; BYTES]) -> Claim {
    let both = u128::from_be_bytes(*bytes);
    Claim { digest: (both >> 64) as u64, seq: both as u64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn claims_that_begin_alike_stand_in_one_block_however_many_they_are() {
        let claims = |digests: std::ops::Range<u64>| digests.map(|digest| Claim { digest: digest << 20, seq: digest });
        let block = next(claims(0..100), 10);
        assert_eq!(block.len(), 16, "sixteen of these digests begin alike");
        assert_eq!(next(claims(16..100), 20).len(), 32);
        assert_eq!(next(claims(0..0), 10), []);
        assert_eq!(from_bytes(&to_bytes(&block)).unwrap(), block);
        from_bytes(b"no claims").unwrap_err();
    }

    #[test]
    fn a_block_claims_the_newest_first() {
        let claims = [(1, 4), (2, 3), (2, 7), (2, 9), (5, 1)].map(|(digest, seq)| Claim { digest, seq });
        let bytes = to_bytes(&claims);
        assert_eq!(find(&bytes, 2), [9, 7, 3]);
        assert_eq!(find(&bytes, 3), [0; 0]);
    }
}
