//! A position that a client goes on from.

use std::str::FromStr;

use crate::engine::Seq;

/// A position, as a client says it: as it was given out, with the epoch of its log, or a bare `seq`, of which the
/// client answers for it that it is one of this log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Position {
    /// The position.
    pub seq: Seq,
    /// The epoch of the log that it is one of.
    pub epoch: Option<String>,
}

/// The text is no position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is no position; `nextAfter` of the page before, the id of an event, or a `seq` is right")]
pub struct NoPosition;

impl FromStr for Position {
    type Err = NoPosition;

    fn from_str(text: &str) -> Result<Self, NoPosition> {
        let (seq, epoch) = match text.split_once('-') {
            Some((seq, epoch)) => (seq, Some(epoch.to_owned())),
            None => (text, None),
        };
        let is_number = !seq.is_empty() && seq.bytes().all(|byte| byte.is_ascii_digit());
        // The tables know no greater position.
        let seq = seq.parse().ok().filter(|seq| is_number && i64::try_from(*seq).is_ok()).ok_or(NoPosition)?;
        Ok(Self { seq, epoch })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_is_a_seq_with_or_without_its_epoch() {
        assert_eq!("17".parse(), Ok(Position { seq: 17, epoch: None }));
        assert_eq!("17-6f1c".parse(), Ok(Position { seq: 17, epoch: Some("6f1c".to_owned()) }));
        for text in ["", "-", "-6f1c", "-1", "+1", "one", "17,6f1c", "9223372036854775808", "99999999999999999999"] {
            assert_eq!(text.parse::<Position>(), Err(NoPosition), "{text}");
        }
    }
}
