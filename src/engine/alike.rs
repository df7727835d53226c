//! What nodes of a cluster must be told alike, and who was told something else: nodes of other rules decide otherwise about
//! the same event, and each decides for all.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use sha1::{Digest, Sha1};
use tracing::{error, info};

/// So much of a digest tells settings apart; a node says it twice a second.
const BYTES: usize = 4;

/// Digests of the settings that must be alike on all nodes, by section.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Alike(BTreeMap<String, String>);

impl Alike {
    /// Of sections, and what is said in them.
    pub fn of<'a>(sections: impl IntoIterator<Item = (&'a str, String)>) -> Self {
        Self(sections.into_iter().map(|(section, said)| (section.to_owned(), digest(&said))).collect())
    }

    /// The sections in which another node was told something else. What only one of them knows is of another release.
    #[must_use]
    pub fn differs_in(&self, other: &Self) -> Vec<String> {
        let both = self.0.iter().filter_map(|(section, own)| Some((section, own, other.0.get(section)?)));
        both.filter(|(_, own, other)| own != other).map(|(section, ..)| section.clone()).collect()
    }
}

fn digest(said: &str) -> String {
    Sha1::digest(said).iter().take(BYTES).fold(String::new(), |mut text, byte| {
        // Writing to a text does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// This node's settings, and which other nodes have other ones.
#[derive(Debug, Default)]
pub struct Settings {
    /// This node's.
    pub own: Alike,
    others: BTreeMap<u16, Vec<String>>,
}

impl Settings {
    /// Another node that is alive was told this. One of an older release does not say.
    pub fn hears(&mut self, node: u16, said: Option<&Alike>) {
        let differs = said.map(|said| self.own.differs_in(said)).unwrap_or_default();
        if self.others.get(&node).is_some_and(|known| *known == differs) {
            return;
        }
        let sections = differs.join(", ");
        if !differs.is_empty() {
            error!(
                node,
                sections, "a node has other settings than this one, and both decide for all: let them be alike"
            );
        } else if self.others.get(&node).is_some_and(|known| !known.is_empty()) {
            info!(node, "a node has the settings of this one now");
        }
        self.others.insert(node, differs);
    }

    /// Those of `alive` that have other settings, and in which sections.
    pub fn others<'a>(
        &'a self,
        alive: impl Iterator<Item = u16> + 'a,
    ) -> impl Iterator<Item = (u16, &'a [String])> + 'a {
        let known = alive.filter_map(|node| Some((node, self.others.get(&node)?.as_slice())));
        known.filter(|(_, sections)| !sections.is_empty())
    }

    /// The same for an operator; none if all are alike.
    #[must_use]
    pub fn warning<'a>(&'a self, alive: impl Iterator<Item = u16> + 'a) -> Option<String> {
        let others = self.others(alive);
        let said: Vec<String> = others
            .map(|(node, sections)| {
                format!("node {node} has other settings than this one in [{}]", sections.join("], ["))
            })
            .collect();
        (!said.is_empty()).then(|| said.join("; "))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::Instant;

    use super::*;
    use crate::domain::time::Timestamp;
    use crate::engine::members::PeerState;
    use crate::engine::words::{By, Heard, Nodes, Word};

    fn told(limit: &str) -> Alike {
        Alike::of([("auth", "mode = \"jwt\"".to_owned()), ("presence", format!("max_open_work_items = {limit}"))])
    }

    #[test]
    fn what_differs_is_said_by_section_and_forgotten_once_it_is_alike() {
        let mut settings = Settings { own: told("10"), ..Settings::default() };
        let warning = |settings: &Settings| settings.warning([2, 3].into_iter());
        settings.hears(2, Some(&told("10")));
        settings.hears(3, None);
        assert_eq!(warning(&settings), None);
        settings.hears(2, Some(&told("1")));
        let said = "node 2 has other settings than this one in [presence]";
        assert_eq!(warning(&settings).as_deref(), Some(said));
        assert_eq!(settings.warning([3].into_iter()), None, "it is not alive");
        settings.hears(2, Some(&told("10")));
        assert_eq!(warning(&settings), None);
    }

    #[test]
    fn what_only_one_release_knows_is_not_compared() {
        let newer = Alike::of([("presence", "max_open_work_items = 10".to_owned()), ("reports", "x = 1".to_owned())]);
        assert_eq!(told("10").differs_in(&newer), Vec::<String>::new());
        assert_eq!(told("1").differs_in(&newer), ["presence"]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_node_that_is_alive_is_compared_whatever_its_word_and_one_that_has_left_is_not() {
        let mut nodes = Nodes::unborn(1, Duration::from_secs(3));
        nodes.settings.own = told("10");
        let members = nodes.is_up(1, 1);
        let alike = || Some(told("1"));
        let mut says = |position, word| {
            let by = By { node: 2, boot: 1, number: position };
            let heard = Heard { position, at: Timestamp(0), node: 2, by, word, came: Instant::now() };
            nodes.hears(&members, &heard);
            let alive = nodes.peers.iter().filter(|(_, known)| known.peer.state == PeerState::Alive);
            let alive: Vec<u16> = alive.map(|(node, _)| *node).collect();
            nodes.settings.others(alive.into_iter()).count()
        };
        assert_eq!(says(2, Word::Up { boot: 1, address: None, alike: None }), 0);
        assert_eq!(says(3, Word::Mark { boot: 1, address: None, alike: alike() }), 1);
        assert_eq!(says(4, Word::Leaving { boot: 1 }), 0);
        assert_eq!(says(5, Word::Up { boot: 2, address: None, alike: alike() }), 1);
        assert_eq!(says(6, Word::Up { boot: 3, address: None, alike: Some(told("10")) }), 0);
    }
}
