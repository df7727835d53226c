//! Parts of frames that are written once and stand in many.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

/// A shape that is JSON already. An agent's entry is written once and stands in the frames of all who watch
/// it; cloning shares it. Its schema is the shape's.
pub struct Written<T> {
    json: Arc<RawValue>,
    of: PhantomData<fn() -> T>,
}

impl<T: Serialize> Written<T> {
    /// Writes the shape.
    ///
    /// # Panics
    /// Never, as [`super::text`].
    #[must_use]
    pub fn of(shape: &T) -> Self {
        match serde_json::value::to_raw_value(shape) {
            Ok(json) => Self { json: json.into(), of: PhantomData },
            Err(error) => panic!("a shape of the wire cannot be written: {error}"),
        }
    }
}

impl<T> Written<T> {
    /// Bytes of its JSON.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.json.get().len()
    }

    /// Whether both share what was written once.
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.json, &other.json)
    }
}

impl<T> Clone for Written<T> {
    fn clone(&self) -> Self {
        Self { json: Arc::clone(&self.json), of: PhantomData }
    }
}

impl<T> fmt::Debug for Written<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.json.get())
    }
}

impl<T> Serialize for Written<T> {
    #[inline]
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.json.serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_stands_in_a_frame_as_its_shape_would() {
        let part = Written::of(&["a", "\"b\""]);
        assert_eq!(super::super::text(&(1, &part)), super::super::text(&(1, ["a", "\"b\""])));
        assert_eq!(part.bytes(), r#"["a","\"b\""]"#.len());
        assert!(part.is(&part.clone()) && !part.is(&Written::of(&["a", "\"b\""])));
    }
}
