//! A word of a node of a cluster.

use serde::{Deserialize, Serialize};

use super::alike::Alike;
use crate::domain::time::Timestamp;

/// What a node says of itself, or of another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "the sentences say it")]
pub enum Word {
    /// It begins this boot.
    Up {
        boot: u32,
        address: Option<String>,
        /// Older hubs do not say it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        alike: Option<Alike>,
    },
    /// It is alive.
    Mark {
        boot: u32,
        address: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        alike: Option<Alike>,
    },
    /// It ends this boot.
    Leaving { boot: u32 },
    /// Another node says that this boot is over, and when it was last heard.
    Gone { boot: u32, heard: i64 },
}

impl Word {
    /// The boot that it is about.
    #[must_use]
    pub fn boot(&self) -> u32 {
        match self {
            Self::Up { boot, .. } | Self::Mark { boot, .. } | Self::Leaving { boot } | Self::Gone { boot, .. } => *boot,
        }
    }

    /// Whether the boot is over with it.
    #[must_use]
    pub fn is_the_end(&self) -> bool {
        match self {
            Self::Leaving { .. } | Self::Gone { .. } => true,
            Self::Up { .. } | Self::Mark { .. } => false,
        }
    }

    /// When a boot was last heard, of whoever declares it over. The word was kept `at`.
    #[must_use]
    pub fn heard(&self, at: Timestamp) -> Timestamp {
        match self {
            Self::Gone { heard, .. } => Timestamp(*heard),
            Self::Up { .. } | Self::Mark { .. } | Self::Leaving { .. } => at,
        }
    }

    /// Where the node is.
    #[must_use]
    pub fn address(&self) -> Option<&str> {
        match self {
            Self::Up { address, .. } | Self::Mark { address, .. } => address.as_deref(),
            Self::Leaving { .. } | Self::Gone { .. } => None,
        }
    }

    /// The digests of the node's settings.
    #[must_use]
    pub fn alike(&self) -> Option<&Alike> {
        match self {
            Self::Up { alike, .. } | Self::Mark { alike, .. } => alike.as_ref(),
            Self::Leaving { .. } | Self::Gone { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_older_hubs_are_still_understood() {
        for text in [r#"{"up":{"boot":1,"address":null}}"#, r#"{"mark":{"boot":1,"address":null}}"#] {
            let word: Word = serde_json::from_str(text).unwrap();
            assert_eq!((word.boot(), word.alike()), (1, None));
            assert_eq!(serde_json::to_string(&word).unwrap(), text);
        }
        let alike = Some(Alike::of([("presence", String::new())]));
        let word = Word::Mark { boot: 2, address: None, alike };
        let text = serde_json::to_string(&word).unwrap();
        assert_eq!(text, r#"{"mark":{"boot":2,"address":null,"alike":{"presence":"da39a3ee"}}}"#);
        assert_eq!(serde_json::from_str::<Word>(&text).unwrap(), word);
    }
}
