//! Watchers who take deflated frames: what they are sent, and that they hold what the others hold.

#![allow(clippy::wildcard_enum_match_arm, reason = "a test names the frames it expects and panics at any other")]

use std::sync::Arc;

use serde_json::json;
use tokio_tungstenite::tungstenite::Message;

use super::deflater::Deflater;
use super::history::{History, Holds};
use super::test_world::{MemoryBoard, agent, away, loaded, session, since};
use super::*;
use crate::inflaters::Inflaters;
use crate::sessions::frame;
use crate::wire::shapes::HubFrame;

const ROOMY: usize = 64 * 1024 * 1024;
const WHOLE: u8 = 0;
const BEGINS: u8 = 1;
const CONTINUES: u8 = 2;

fn feed_of(agents: usize) -> Feed {
    let agents: Vec<Agent> = (1..=agents).map(|number| agent(&format!("a{number}"))).collect();
    let feed = Feed::new(Settings::default(), &loaded(&agents), Arc::default());
    tokio::spawn(feed.clone().run());
    feed
}

async fn board(feed: &Feed, number: u64, form: Form) -> MemoryBoard {
    MemoryBoard::with(feed, number, ROOMY, form).await
}

/// A board that holds the snapshot of everyone.
async fn begun(feed: &Feed, number: u64, form: Form) -> MemoryBoard {
    let mut board = board(feed, number, form).await;
    board.asks(json!({}), Vec::new(), None);
    board.begins().await;
    board
}

/// The first byte of the next message, which is binary; and what it says.
async fn deflated(board: &mut MemoryBoard) -> (u8, HubFrame) {
    let Message::Binary(message) = board.message().await else { panic!("a binary message") };
    (message[0], serde_json::from_str(&board.inflaters.json(&message)).unwrap())
}

/// The kind of the next message, and the position of the changes that it tells.
async fn changes(board: &mut MemoryBoard) -> (u8, Seq) {
    match deflated(board).await {
        (kind, HubFrame::Changes { seq, .. }) => (kind, seq),
        other => panic!("{other:?}"),
    }
}

/// The first is away at that position, and shown so once the time to gather is over.
async fn publish(feed: &Feed, seq: Seq) {
    tokio::time::sleep(Duration::from_millis(50)).await;
    feed.publish(seq, Arc::new(away(agent("a1"))));
}

#[tokio::test(start_paused = true)]
async fn a_history_begins_with_a_frame_and_goes_on_with_the_next() {
    let feed = feed_of(40);
    let mut board = begun(&feed, 1, Form::Deflated).await;
    for (seq, kind) in [(41, BEGINS), (42, CONTINUES), (43, CONTINUES)] {
        publish(&feed, seq).await;
        assert_eq!(changes(&mut board).await, (kind, seq));
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_told_to_one_alone_is_deflated_whole_and_the_answer_is_a_text() {
    let feed = feed_of(40);
    let mut first = board(&feed, 1, Form::Deflated).await;
    first.asks(json!({}), Vec::new(), None);
    assert!(matches!(first.message().await, Message::Text(_)), "an answer is for one alone");
    assert!(matches!(deflated(&mut first).await, (WHOLE, HubFrame::Snapshot { .. })));
    publish(&feed, 41).await;
    assert_eq!(changes(&mut first).await, (BEGINS, 41));
    let mut resumed = board(&feed, 2, Form::Deflated).await;
    resumed.asks(json!({}), Vec::new(), since(40));
    assert!(matches!(resumed.message().await, Message::Text(_)));
    assert!(matches!(deflated(&mut resumed).await, (WHOLE, HubFrame::Changes { seq: 41, .. })));
}

#[tokio::test(start_paused = true)]
async fn a_newcomer_begins_and_nobody_else_begins_anew() {
    let feed = feed_of(40);
    let mut first = begun(&feed, 1, Form::Deflated).await;
    publish(&feed, 41).await;
    assert_eq!(changes(&mut first).await, (BEGINS, 41));
    let mut second = begun(&feed, 2, Form::Deflated).await;
    publish(&feed, 42).await;
    assert_eq!((changes(&mut first).await, changes(&mut second).await), ((CONTINUES, 42), (BEGINS, 42)));
    // Both are sent the same now, though one was told less.
    publish(&feed, 43).await;
    let (Message::Binary(to_first), Message::Binary(to_second)) = (first.message().await, second.message().await)
    else {
        panic!("binary messages")
    };
    assert_eq!((&to_first, to_first[0]), (&to_second, CONTINUES));
    assert_eq!(first.inflaters.json(&to_first), second.inflaters.json(&to_second));
}

#[tokio::test(start_paused = true)]
async fn whoever_fell_behind_begins_again_under_the_same_number() {
    let feed = feed_of(400);
    let mut quick = begun(&feed, 1, Form::Deflated).await;
    let mut slow = MemoryBoard::with(&feed, 2, 300, Form::Deflated).await;
    slow.asks(json!({}), Vec::new(), None);
    slow.begins().await;
    publish(&feed, 401).await;
    assert_eq!((changes(&mut quick).await, changes(&mut slow).await), ((BEGINS, 401), (BEGINS, 401)));
    for seq in 402..=440 {
        publish(&feed, seq).await;
        assert_eq!(changes(&mut quick).await, (CONTINUES, seq));
    }
    assert!(slow.outlet.is_blocked());
    let (mut position, mut kinds) = (401, Vec::new());
    while position < 440 {
        let (kind, seq) = changes(&mut slow).await;
        position = seq;
        kinds.push(kind);
    }
    assert!(kinds.len() < 39 && kinds.contains(&CONTINUES) && kinds.contains(&WHOLE), "{kinds:?}");
    publish(&feed, 441).await;
    assert_eq!((changes(&mut quick).await, changes(&mut slow).await), ((CONTINUES, 441), (BEGINS, 441)));
    publish(&feed, 442).await;
    assert_eq!((changes(&mut quick).await, changes(&mut slow).await), ((CONTINUES, 442), (CONTINUES, 442)));
}

#[tokio::test(start_paused = true)]
async fn a_watch_that_is_asked_for_again_begins_again() {
    let feed = feed_of(40);
    let mut board = begun(&feed, 1, Form::Deflated).await;
    let mut stays = begun(&feed, 2, Form::Deflated).await;
    publish(&feed, 41).await;
    assert_eq!((changes(&mut board).await, changes(&mut stays).await), ((BEGINS, 41), (BEGINS, 41)));
    board.asks(json!({}), Vec::new(), None);
    board.begins().await;
    publish(&feed, 42).await;
    assert_eq!((changes(&mut board).await, changes(&mut stays).await), ((BEGINS, 42), (CONTINUES, 42)));
    let watch_id = feed.state().filters[&0].view.filter.watch_id.clone();
    board.watches.unwatch(&watch_id).unwrap();
    publish(&feed, 43).await;
    assert_eq!(changes(&mut stays).await, (CONTINUES, 43));
}

#[tokio::test(start_paused = true)]
async fn two_watches_of_a_connection_have_a_history_each() {
    let feed = feed_of(40);
    let mut board = begun(&feed, 1, Form::Deflated).await;
    board.asks(json!({"presenceIds": ["away"]}), Vec::new(), None);
    board.begins().await;
    let mut kinds = Vec::new();
    for seq in 41..=43 {
        publish(&feed, seq).await;
        let told = (changes(&mut board).await, changes(&mut board).await);
        assert_eq!((told.0.1, told.1.1), (seq, seq));
        kinds.push((told.0.0, told.1.0));
    }
    assert_eq!(kinds, [(BEGINS, BEGINS), (CONTINUES, CONTINUES), (CONTINUES, CONTINUES)]);
}

/// The numbers of the histories of a board that watches each of so many presences, in a hub of its own.
async fn numbers(watches: usize) -> Vec<[u8; 4]> {
    let feed = feed_of(40);
    let mut board = board(&feed, 1, Form::Deflated).await;
    for number in 0..watches {
        board.asks(json!({"presenceIds": ["away", format!("p{number}")]}), Vec::new(), None);
        board.begins().await;
    }
    publish(&feed, 41).await;
    let mut numbers = Vec::new();
    for _ in 0..watches {
        let Message::Binary(message) = board.message().await else { panic!("a binary message") };
        assert_eq!(message[0], BEGINS);
        numbers.push(*message[1..].first_chunk().unwrap());
    }
    numbers
}

#[tokio::test(start_paused = true)]
async fn the_numbers_of_histories_do_not_say_how_many_watches_there_were() {
    let (numbers, of_another_hub) = (numbers(8).await, numbers(8).await);
    assert!(numbers.iter().all(|number| !of_another_hub.contains(number)), "{numbers:?} {of_another_hub:?}");
}

#[tokio::test(start_paused = true)]
async fn boards_of_both_forms_are_told_the_same() {
    let feed = feed_of(40);
    let (mut text, mut binary) = (begun(&feed, 1, Form::Text).await, begun(&feed, 2, Form::Deflated).await);
    for seq in 41..60 {
        publish(&feed, seq).await;
        assert_eq!(text.text().await, binary.text().await);
    }
    let state = feed.state();
    assert_eq!(state.filters[&0].chunks.len(), 2, "those of a form stand together");
    assert_eq!(state.position(session(1)), state.position(session(2)));
}

#[tokio::test(start_paused = true)]
async fn whoever_shares_a_history_with_few_is_sent_texts_while_there_is_no_time_and_then_goes_on_with_it() {
    let feed = feed_of(40);
    let mut board = begun(&feed, 1, Form::Deflated).await;
    publish(&feed, 41).await;
    assert_eq!(changes(&mut board).await, (BEGINS, 41));
    feed.state().deflater.is_out_of_time();
    publish(&feed, 42).await;
    let Message::Text(text) = board.message().await else { panic!("a text") };
    let told: HubFrame = serde_json::from_str(text.as_str()).unwrap();
    assert!(matches!(told, HubFrame::Changes { seq: 42, .. }));
    tokio::time::advance(Duration::from_millis(100)).await;
    publish(&feed, 43).await;
    assert_eq!(changes(&mut board).await, (CONTINUES, 43));
}

#[tokio::test(start_paused = true)]
async fn a_hub_that_nobody_asks_for_it_has_nothing_to_deflate_with() {
    let feed = feed_of(40);
    let mut text = begun(&feed, 1, Form::Text).await;
    publish(&feed, 41).await;
    assert!(matches!(text.message().await, Message::Text(_)));
    assert!(!feed.state().deflater.is_used());
}

/// A text that deflates badly.
fn noise(bytes: usize) -> String {
    let mut state = 1_u32;
    let next = |_| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        char::from(b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_"[(state >> 26) as usize])
    };
    (0..bytes).map(next).collect()
}

#[test]
fn every_piece_inflates_whatever_its_size_and_whoever_comes_between() {
    let mut deflater = Deflater::new(FeedMetrics::default());
    let mut history = History::new(7);
    let (mut old, mut held) = (Inflaters::default(), Holds::Nothing);
    for round in 0..60_usize {
        let size = [40, 400, 5_000, 8 * 1024, 64 * 1024, 200_000][round % 6];
        let said = if round % 4 == 0 { noise(size) } else { format!("{round}{}", "ab".repeat(size / 2)) };
        let text = frame::text(said.as_bytes());
        let mut telling = history.telling(&text);
        let mut hears = |inflaters: &mut Inflaters, holds| {
            let (sent, holds) = telling.to(holds, &mut deflater);
            let payload = frame::payload(sent);
            let heard = match holds {
                Holds::TheHistory => inflaters.json(payload),
                Holds::Nothing => String::from_utf8(payload.to_vec()).unwrap(),
            };
            assert_eq!(heard, said);
            assert!(sent.len() <= text.len() + 64, "{} for {}", sent.len(), text.len());
            holds
        };
        held = hears(&mut old, held);
        if round % 3 == 0 {
            hears(&mut Inflaters::default(), Holds::Nothing);
        }
        telling.end();
    }
}

#[test]
fn a_frame_that_would_not_be_shorter_stays_a_text() {
    let mut deflater = Deflater::new(FeedMetrics::default());
    let short = frame::text(br#"{"a":1}"#);
    assert_eq!(deflater.whole(&short), short);
    assert_eq!(History::new(1).telling(&short).to(Holds::Nothing, &mut deflater), (&short, Holds::Nothing));
}
