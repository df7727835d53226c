//! What a request expects of the record that it changes: `ETag`, `If-Match` and `If-None-Match`.
//!
//! A tag names what an administrator writes of a record, not the bytes that were sent: an agent's stays
//! the same while only its presence changes.

use axum::http::{HeaderMap, HeaderName, header};
use serde::Serialize;
use sha1::{Digest, Sha1};

use crate::wire;
use crate::wire::code::ErrorCode;
use crate::wire::problem::Problem;

/// Bytes of the digest that tag a record; enough that no two states of it are taken for each other.
const DIGEST_BYTES: usize = 12;

/// What a request expects of the record that it changes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Precondition {
    /// `If-Match`: the tags of which the record has one; `*` for any.
    matches: Option<Vec<String>>,
    /// `If-None-Match`: the tags of which the record has none.
    matches_not: Option<Vec<String>>,
}

impl Precondition {
    /// What these headers expect.
    pub fn of(headers: &HeaderMap) -> Self {
        Self { matches: tags(headers, &header::IF_MATCH), matches_not: tags(headers, &header::IF_NONE_MATCH) }
    }

    /// Goes on only if the record is as expected. It has no tag if there is none.
    ///
    /// # Errors
    /// `precondition_failed`
    pub fn check(&self, tag: Option<&str>) -> Result<(), Problem> {
        let among = |tags: &Vec<String>| tag.is_some_and(|tag| tags.iter().any(|one| one == "*" || one == tag));
        if self.matches.as_ref().is_some_and(|tags| !among(tags)) || self.matches_not.as_ref().is_some_and(among) {
            let detail = match tag {
                Some(tag) => format!("the record is {tag} now; read it and decide again"),
                None => "there is no such record".to_owned(),
            };
            return Err(Problem::new(ErrorCode::PreconditionFailed, detail));
        }
        Ok(())
    }
}

/// The tags of a header. `W/` makes no difference: a tag names the record, however it was sent.
fn tags(headers: &HeaderMap, name: &HeaderName) -> Option<Vec<String>> {
    if !headers.contains_key(name) {
        return None;
    }
    let lines = headers.get_all(name).iter().filter_map(|line| line.to_str().ok());
    let tags = lines.flat_map(|line| line.split(',')).map(str::trim);
    Some(tags.map(|tag| tag.strip_prefix("W/").unwrap_or(tag).to_owned()).collect())
}

/// The tag of a record, of what is written of it.
pub fn tag(record: &impl Serialize) -> String {
    let digest = Sha1::digest(wire::text(record));
    let hex: String = digest[..DIGEST_BYTES].iter().map(|byte| format!("{byte:02x}")).collect();
    format!("\"{hex}\"")
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn expecting(if_match: Option<&'static str>, if_none_match: Option<&'static str>) -> Precondition {
        let mut headers = HeaderMap::new();
        for (name, value) in [(header::IF_MATCH, if_match), (header::IF_NONE_MATCH, if_none_match)] {
            if let Some(value) = value {
                headers.insert(name, HeaderValue::from_static(value));
            }
        }
        Precondition::of(&headers)
    }

    fn holds(if_match: Option<&'static str>, if_none_match: Option<&'static str>, tag: Option<&str>) -> bool {
        expecting(if_match, if_none_match).check(tag).is_ok()
    }

    #[test]
    fn a_record_is_matched_by_one_of_its_tags_or_by_being_there() {
        for (expected, there, not_there) in [
            (None, true, true),
            (Some("*"), true, false),
            (Some(r#""x", W/"a""#), true, false),
            (Some(""), false, false),
        ] {
            assert_eq!((holds(expected, None, Some(r#""a""#)), holds(expected, None, None)), (there, not_there));
        }
        assert!(!holds(Some(r#""x""#), None, Some(r#""a""#)));
    }

    #[test]
    fn a_record_that_must_not_be_there_is_not() {
        assert!(holds(None, Some("*"), None));
        assert!(!holds(None, Some("*"), Some(r#""a""#)));
        assert!(!holds(None, Some(r#""a""#), Some(r#""a""#)));
        assert!(holds(None, Some(r#""b""#), Some(r#""a""#)));
    }
}
