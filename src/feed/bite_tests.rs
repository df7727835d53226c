//! What concerns very many is done in bites, and nothing is missed between them.

#![allow(clippy::wildcard_enum_match_arm, reason = "a test names the frames it expects and panics at any other")]

use std::sync::Arc;

use serde_json::json;
use tokio::time::Instant;

use super::test_world::{MemoryBoard, agent, away, in_team, loaded, session, since, with_profile};
use super::*;
use crate::domain::ids::ProfileId;
use crate::domain::record::{CapacityProfile, ResetDuration};
use crate::wire::shapes::HubFrame;

const MANY: usize = 10_000;
const ROOMY: usize = 64 * 1024 * 1024;

fn name(number: usize) -> String {
    format!("a{number:05}")
}

/// Very many agents, three of them red.
fn crowd() -> Vec<Agent> {
    let of = |number: usize| {
        let agent = with_profile(agent(&name(number)), "chats");
        if number < 3 { in_team(agent, "red") } else { agent }
    };
    (0..MANY).map(of).collect()
}

/// Bites until there is nothing left to do. How many it took.
fn bites(feed: &Feed) -> usize {
    let mut bites = 0;
    while let Bite::Taken(sessions) = feed.state().bite(Instant::now()) {
        sessions.into_iter().for_each(|session| feed.shared.drained.note(session));
        bites += 1;
    }
    bites
}

fn unmade(feed: &Feed) -> usize {
    feed.state().unmade.len()
}

#[tokio::test(start_paused = true)]
async fn a_filter_over_very_many_is_made_in_bites_and_misses_nothing_between_them() {
    let feed = Feed::new(Settings::default(), &loaded(&crowd()), Arc::default());
    feed.state().bite(Instant::now());
    let mut board = MemoryBoard::of(&feed, 1, ROOMY).await;
    board.asks(json!({"baseStatuses": ["OFFLINE"]}), Vec::new(), None);
    assert_eq!((unmade(&feed), feed.position(session(1))), (1, None));
    // One that was asked already, and one that has yet to be.
    feed.publish(MANY as Seq + 1, Arc::new(away(agent(&name(0)))));
    feed.publish(MANY as Seq + 2, Arc::new(away(agent(&name(MANY - 1)))));
    feed.publish(MANY as Seq + 3, Arc::new(agent("new")));
    assert!(bites(&feed) >= MANY / Settings::default().effort);
    feed.state().assert_consistent();
    tokio::spawn(feed.clone().run());
    let (result, frames) = board.begins().await;
    assert_eq!(result.seq, MANY as Seq + 3);
    let HubFrame::Snapshot { summary: Some(summary), .. } = &frames[0] else { panic!("a snapshot") };
    assert_eq!(summary.total as usize, MANY - 1);
}

#[tokio::test(start_paused = true)]
async fn a_filter_of_names_or_teams_asks_only_those() {
    let feed = Feed::new(Settings::default(), &loaded(&crowd()), Arc::default());
    let board = MemoryBoard::of(&feed, 1, ROOMY).await;
    for filter in [json!({"teams": ["red"]}), json!({"agentIds": [name(5), name(9), "nobody"]})] {
        board.asks(filter.clone(), Vec::new(), None);
        assert_eq!(unmade(&feed), 0, "{filter}");
    }
    feed.publish(MANY as Seq + 1, Arc::new(in_team(agent(&name(7)), "red")));
    feed.publish(MANY as Seq + 2, Arc::new(agent(&name(1))));
    board.asks(json!({"teams": ["red", "blue"]}), Vec::new(), None);
    feed.state().assert_consistent();
}

#[tokio::test(start_paused = true)]
async fn a_filter_that_is_given_up_and_asked_for_again_is_not_made_again() {
    let feed = Feed::new(Settings::default(), &loaded(&crowd()), Arc::default());
    let mut board = MemoryBoard::of(&feed, 1, ROOMY).await;
    board.asks(json!({}), Vec::new(), None);
    bites(&feed);
    tokio::spawn(feed.clone().run());
    let (result, _) = board.begins().await;
    for _ in 0..3 {
        board.watches.unwatch(&result.watch_id).unwrap();
        board.asks(json!({}), Vec::new(), None);
        assert_eq!(unmade(&feed), 0);
        board.begins().await;
    }
    // Those that rest are few.
    for number in 0..100 {
        board.asks(json!({"agentIds": [name(number)]}), Vec::new(), None);
        let (result, _) = board.begins().await;
        board.watches.unwatch(&result.watch_id).unwrap();
    }
    let state = feed.state();
    assert_eq!((state.watched(), state.filters.len()), (2, 1 + 16));
}

#[tokio::test(start_paused = true)]
async fn a_watch_that_ends_before_its_filter_is_made_is_answered_all_the_same() {
    let feed = Feed::new(Settings::default(), &loaded(&crowd()), Arc::default());
    let mut board = MemoryBoard::of(&feed, 1, ROOMY).await;
    board.asks(json!({}), Vec::new(), None);
    board.asks(json!({}), Vec::new(), None);
    assert!(matches!(board.next().await, HubFrame::Result { .. }));
    bites(&feed);
    tokio::spawn(feed.clone().run());
    board.begins().await;
}

#[tokio::test(start_paused = true)]
async fn a_connection_is_sent_as_much_in_a_turn_however_much_it_watches_and_nothing_before_it() {
    const WATCHES: u64 = 4;
    let feed = Feed::new(Settings::default(), &loaded(&crowd()), Arc::default());
    let board = MemoryBoard::of(&feed, 1, ROOMY).await;
    for number in 0..WATCHES {
        board.asks(
            json!({"baseStatuses": ["OFFLINE"], "presenceIds": ["offline", format!("p{number}")]}),
            vec![],
            None,
        );
    }
    bites(&feed);
    let mut written = board.outlet.stats().written_bytes;
    assert_eq!(written, 0);
    let mut turns = 0;
    while feed.state().advance(session(1)) == Advanced::ForNow {
        let now = board.outlet.stats().written_bytes;
        assert!(now - written < 160 * 1024, "{} bytes in a turn", now - written);
        written = now;
        turns += 1;
    }
    assert!(written > WATCHES * 1_000_000, "{written} bytes in {turns} turns");
}

#[tokio::test(start_paused = true)]
async fn the_first_watch_of_each_caller_is_told_before_the_second_of_any() {
    let feed = Feed::new(Settings::default(), &loaded(&[agent("a1")]), Arc::default());
    let (much, little) = (MemoryBoard::of(&feed, 1, ROOMY).await, MemoryBoard::of(&feed, 2, ROOMY).await);
    for number in 0..16 {
        much.asks(json!({"agentIds": ["a1", format!("x{number}")]}), Vec::new(), None);
    }
    little.asks(json!({"agentIds": ["a1"]}), Vec::new(), None);
    for number in [1, 2] {
        assert_eq!(feed.state().advance(session(number)), Advanced::AsFarAsItGoes);
    }
    feed.publish(2, Arc::new(away(agent("a1"))));
    let mut state = feed.state();
    let Next::Flush(due) = state.next(Instant::now()) else { panic!("chunks are due") };
    assert_eq!(due.len(), 17);
    assert!(due[..2].contains(&state.connections[&session(2)].watches[0]), "{due:?}");
}

#[tokio::test(start_paused = true)]
async fn lists_that_are_too_long_are_refused_with_their_field() {
    let feed = Feed::new(Settings::default(), &loaded(&[]), Arc::default());
    let board = MemoryBoard::of(&feed, 1, ROOMY).await;
    for field in ["teams", "queues", "skills", "agentIds", "presenceIds"] {
        let filter = |names: usize| serde_json::from_value(json!({ field: vec!["x"; names] })).unwrap();
        let request = |names| WatchRequest { filter: filter(names), scope: Scope::All, include: vec![], since: None };
        assert_eq!(board.watches.watch(request(1_000), &json!(1)), Ok(()));
        let refused = board.watches.watch(request(1_001), &json!(1)).unwrap_err();
        assert_eq!(refused, FeedError::TooLong { field, names: 1_001 });
    }
}

#[tokio::test(start_paused = true)]
async fn a_profile_of_very_many_is_shown_anew_in_bites_and_a_chunk_is_sent_one_frame_at_a_time() {
    let profile = CapacityProfile {
        id: ProfileId::new("chats").unwrap(),
        name: "Chats".to_owned(),
        default_max: 1,
        block_assignment: true,
        reset: ResetDuration::Immediate,
    };
    let mut directory = Directory::default();
    directory.profiles.insert(profile.id.clone(), profile.clone());
    let feed = Feed::new(Settings::default(), &loaded(&crowd()), Arc::default());
    let board = MemoryBoard::of(&feed, 1, ROOMY).await;
    board.asks(json!({}), Vec::new(), None);
    bites(&feed);
    while feed.state().advance(session(1)) == Advanced::ForNow {}
    let before = board.outlet.stats().written_bytes;
    let seq = MANY as Seq + 1;
    feed.directory_changed(seq, Arc::new(directory), &DirectoryChange::Profile(profile));
    assert!(bites(&feed) >= MANY / Settings::default().effort);
    let Next::Flush(due) = feed.state().next(Instant::now()) else { panic!("a chunk is due") };
    let mut frames = 0;
    let mut written = before;
    loop {
        let flushed = feed.state().flush(due[0], Instant::now());
        let now = board.outlet.stats().written_bytes;
        assert!(now - written < 2 * Settings::default().frame_bytes as u64, "one frame at a time");
        written = now;
        frames += 1;
        if flushed != FlushedTo::Here {
            break;
        }
    }
    assert!(frames > 20, "{frames} frames");
    assert_eq!(feed.position(session(1)), Some(seq));
}

#[tokio::test(start_paused = true)]
async fn who_resumes_from_long_ago_is_brought_forward_in_frames_of_bounded_size() {
    let mut agents = crowd();
    for gone in agents.iter_mut().skip(MANY / 2) {
        gone.deleted = Some(crate::domain::time::Timestamp(0));
    }
    let feed = Feed::new(Settings::default(), &loaded(&agents), Arc::default());
    let mut board = MemoryBoard::of(&feed, 1, ROOMY).await;
    board.asks(json!({}), Vec::new(), since(0));
    bites(&feed);
    tokio::spawn(feed.clone().run());
    let mut told = (0, 0);
    let mut position = 0;
    while position < MANY as Seq {
        let text = board.text().await;
        assert!(text.len() < 2 * Settings::default().frame_bytes);
        if let HubFrame::Changes { agents, left, seq, .. } = serde_json::from_str::<HubFrame>(&text).unwrap() {
            told = (told.0 + agents.len(), told.1 + left.len());
            position = seq;
        }
    }
    assert_eq!(told, (MANY / 2, MANY / 2));
}
