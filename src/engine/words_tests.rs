use super::*;
use crate::domain::ids::SessionId;

const SILENT_AFTER: Duration = Duration::from_secs(3);

/// A mark of a node's first boot that was kept at such a second.
fn mark(nodes: &mut Nodes, node: u16, position: u64, second: i64) -> Heard {
    let at = nodes.time(Timestamp(second * 1_000));
    let word = Word::Mark { boot: 1, address: None, alike: None };
    Heard { position, at, node, by: By { node, boot: 1, number: position }, word, came: Instant::now() }
}

#[tokio::test(start_paused = true)]
async fn what_a_lost_node_said_before_an_election_and_is_heard_behind_it_is_no_sign_of_life() {
    let mut nodes = Nodes::unborn(1, SILENT_AFTER);
    let members = nodes.is_up(1, 1);
    let there = SessionId { node: 2, boot: 1, number: 1 };
    let early = mark(&mut nodes, 2, 2, 100);
    nodes.hears(&members, &early);
    assert!(members.is_there(&there));

    // No leader for six seconds. Then the last mark before them comes, and behind it this node's own.
    tokio::time::advance(Duration::from_secs(6)).await;
    let late = mark(&mut nodes, 2, 3, 101);
    nodes.hears(&members, &late);
    nodes.has_marked(Some(4));
    let own = mark(&mut nodes, 1, 4, 107);
    assert_eq!(nodes.hears(&members, &own), Meaning::Back(4));
    let (is_new, _) = nodes.is_back(&members, 4);
    assert!(is_new && members.is_current());
    assert!(!members.is_there(&there), "nobody there gets work");

    let again = mark(&mut nodes, 2, 5, 107);
    nodes.hears(&members, &again);
    nodes.finds_who_is_silent(&members);
    assert!(members.is_there(&there));
}
