use super::*;
use crate::outbound::test_world::{change, teller};
use crate::outbound::told::Wanted;
use crate::wire::shapes::ChangeType;

/// Without a log: whatever would read one fails.
fn in_memory() -> Changes {
    Changes::new(10, teller(), None)
}

fn kinds(changes: &[Arc<Told>], wanted: &Wanted) -> Vec<(Seq, ChangeType)> {
    changes.iter().filter_map(|told| Some((told.seq, told.to(wanted)?.kind()))).collect()
}

#[tokio::test(start_paused = true)]
async fn a_thousand_who_wait_at_the_head_are_told_without_a_read() {
    let changes = in_memory();
    let waker = tokio::spawn(changes.clone().run());
    let mut waiting = tokio::task::JoinSet::new();
    for _ in 0..1_000 {
        let mut follow = changes.follow();
        waiting.spawn(async move {
            let mut reached = 10;
            while reached < 12 {
                follow.wait_beyond(reached).await;
                reached = follow.beyond(reached, 1, &Wanted::default()).await.unwrap().reached;
            }
        });
    }
    tokio::task::yield_now().await;
    changes.publish(11, &change(11, &["billing"]));
    changes.publish(12, &change(12, &["billing"]));
    assert_eq!(waiting.join_all().await.len(), 1_000);
    waker.abort();
}

#[tokio::test]
async fn whoever_was_not_followed_is_read_from_the_log() {
    let changes = in_memory();
    changes.publish(11, &change(11, &[]));
    let follow = changes.follow();
    assert!(matches!(follow.beyond(10, 5, &Wanted::default()).await, Err(NotFollowed::Unreadable(_))));
    changes.publish(12, &change(12, &[]));
    assert_eq!(follow.beyond(11, 5, &Wanted::default()).await.unwrap().reached, 12);
}

#[test]
fn positions_of_another_log_and_beyond_the_newest_are_told_apart() {
    let changes = in_memory();
    let check = |text: &str| changes.check(&text.parse().unwrap());
    assert_eq!(check("10"), Ok(10));
    assert_eq!(check(&changes.position(7)), Ok(7));
    assert_eq!(check("11"), Err(NotFollowed::Beyond));
    assert_eq!(check("7-another"), Err(NotFollowed::OtherEpoch));
}

#[tokio::test]
async fn who_asks_for_a_team_is_told_that_an_agent_left_it_and_nothing_after() {
    let changes = in_memory();
    let follow = changes.follow();
    changes.publish(11, &change(11, &["billing"]));
    let mut moved = change(12, &["sales"]);
    Arc::make_mut(&mut moved.after).former_teams = vec![("billing".to_owned(), moved.at)];
    changes.publish(12, &moved);
    let mut after = change(13, &["sales"]);
    Arc::make_mut(&mut after.after).former_teams = vec![("billing".to_owned(), moved.at)];
    changes.publish(13, &after);
    let all = follow.beyond(10, 9, &Wanted::default()).await.unwrap().changes;
    let of = |team: &str| Wanted { teams: Some([team.to_owned()].into()), ..Wanted::default() };
    assert_eq!(kinds(&all, &of("billing")), [(11, ChangeType::Presence), (12, ChangeType::Left)]);
    assert_eq!(kinds(&all, &of("sales")), [(12, ChangeType::Presence), (13, ChangeType::Presence)]);
    assert_eq!(kinds(&all, &of("nobody")), []);
    let types = Some([ChangeType::Left].into());
    assert_eq!(kinds(&all, &Wanted { types: types.clone(), ..of("billing") }), [(12, ChangeType::Left)]);
    assert_eq!(kinds(&all, &Wanted { types, ..Wanted::default() }), []);
    let agents = Some(["ben".to_owned()].into());
    assert_eq!(kinds(&all, &Wanted { agents, ..Wanted::default() }), []);
    let left = all[1].to(&of("billing")).unwrap();
    let (event, frame) = (left.event(), String::from_utf8(left.frame().to_vec()).unwrap());
    let event = std::str::from_utf8(&event).unwrap();
    assert!(!event.contains("sales"), "{event}");
    assert_eq!(frame, format!("event: agent.left\nid: {}\ndata: {event}\n\n", changes.position(12)));
}
