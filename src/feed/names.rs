//! Names that a filter chooses by.

use serde::Serialize;

/// Names in order, each once. A filter looks one up for each agent that it is asked about: in a list that
/// lies together that is cheaper than in a tree.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub(super) struct Names(Box<[Box<str>]>);

impl Names {
    #[inline]
    pub(super) fn contains(&self, name: &str) -> bool {
        self.0.binary_search_by(|own| (**own).cmp(name)).is_ok()
    }

    /// Those that stand behind a name, which need not be one of them.
    pub(super) fn behind(&self, name: Option<&str>) -> impl Iterator<Item = &str> {
        let first = name.map_or(0, |name| self.0.partition_point(|own| **own <= *name));
        self.0[first..].iter().map(|name| &**name)
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|name| &**name)
    }
}

impl<N: Into<Box<str>>> FromIterator<N> for Names {
    fn from_iter<I: IntoIterator<Item = N>>(names: I) -> Self {
        let mut names: Vec<Box<str>> = names.into_iter().map(Into::into).collect();
        names.sort_unstable();
        names.dedup();
        Self(names.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_are_found_and_stand_in_order_each_once() {
        let names: Names = ["red", "", "blue", "red"].into_iter().collect();
        assert_eq!(names.iter().collect::<Vec<_>>(), ["", "blue", "red"]);
        assert!(["red", "", "blue"].iter().all(|name| names.contains(name)));
        assert!(!names.contains("green") && !Names::default().contains(""));
        assert_eq!(names.behind(Some("blue")).collect::<Vec<_>>(), ["red"]);
        assert_eq!(names.behind(Some("a")).collect::<Vec<_>>(), ["blue", "red"]);
        assert_eq!((names.behind(Some("red")).count(), names.behind(None).count()), (0, 3));
    }
}
