//! A simulated node joins the others: it finds the log, follows it to its end, and begins a boot.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Notify, mpsc};
use tokio::time::Instant;

use super::Shared;
use super::disk::Disk;
use super::log::Judged;
use super::network::Came;
use super::node::Node;
use crate::clock::Clock;
use crate::domain::time::Timestamp;
use crate::engine::members::next_boot;
use crate::engine::words::{Nodes, Word};
use crate::engine::{Engine, Opened};

/// How soon a node tries again that could not join.
const AGAIN: Duration = Duration::from_millis(500);
/// How long its first word may take to be kept.
const KEPT_WITHIN: Duration = Duration::from_secs(5);
/// How many groups may wait to be read, and things that other nodes do.
const TAIL_GROUPS: usize = 64;
const FROM_PEERS: usize = 8_192;

/// Joins the nodes that share the log, as this number, and begins a boot of it. Tries until it has: a node that cannot join
/// is started again. Its clock is made by `clock` from when anything was last kept. Others are silent after such a time
/// without a word.
pub async fn open(
    disk: &Disk,
    number: u16,
    silent_after: Duration,
    clock: impl Fn(Option<Timestamp>) -> Clock,
) -> (Opened<Shared>, Clock) {
    loop {
        let clock = clock(disk.lock().log.last_at());
        if let Some(opened) = join(disk, number, silent_after, &clock).await {
            return (opened, clock);
        }
        tokio::time::sleep(AGAIN).await;
    }
}

async fn join(disk: &Disk, number: u16, silent_after: Duration, clock: &Clock) -> Option<Opened<Shared>> {
    let wake = Arc::new(Notify::new());
    let mut node = Node::new(disk.clone(), Nodes::unborn(number, silent_after), clock.clone());
    {
        let mut shared = disk.lock();
        let is_behind = shared.database(number).known + 1 < shared.log.first();
        if shared.is_cut_off(number) || is_behind {
            return None;
        }
        shared.joins(number, wake.clone());
        let end = shared.log.end();
        drop(shared);
        node.follows(end);
    }
    let mut before = disk.lock().log.last_word(number);
    if before.as_ref().is_some_and(|(_, _, word, _)| !word.is_the_end()) {
        // Two marks and more.
        tokio::time::sleep(silent_after / 2).await;
        let again = disk.lock().log.last_word(number);
        let is_another = |(position, ..): &(u64, _, _, _)| before.as_ref().is_some_and(|before| before.0 != *position);
        if again.as_ref().is_some_and(|again| is_another(again) && !again.2.is_the_end()) {
            return None;
        }
        before = again;
    }
    let (known_boot, first) = {
        let mut shared = disk.lock();
        (shared.database(number).boot, shared.log.first())
    };
    let has_lost_some = before.is_none() && first > 1;
    let boot = next_boot(before.as_ref().map(|(_, _, word, _)| word.boot()), known_boot, has_lost_some, clock.wall());
    let others = other_words(disk, number);
    let last = before.as_ref().map_or(0, |(position, ..)| *position);
    let (said, at) = (node.say_up(boot, last), Instant::now());
    let position = tokio::time::timeout(KEPT_WITHIN, is_kept(&mut node, &wake, said)).await.ok()??;
    node.members = node.nodes.is_up(boot, position);
    node.nodes.sent_up(said, at);
    loop {
        // What came before this life the other rooms do not hear of.
        drop(node.read());
        if node.known >= position {
            break;
        }
        tokio::time::timeout(KEPT_WITHIN, wake.notified()).await.ok()?;
    }
    let mut loaded = disk.lock().log.load(node.known, boot, clock.now());
    {
        let mut shared = disk.lock();
        let database = shared.database(number);
        database.boot = boot;
        (loaded.judged, loaded.webhooks) = (database.judged, database.webhooks());
        loaded.activities = database.activities();
    }
    for (other, position, word, at) in &others {
        node.nodes.knew(&node.members, *other, (*position, *at), word);
    }
    let heard = others.iter().map(|(_, _, word, at)| word.heard(*at));
    (loaded.alive, loaded.absent) = node.nodes.absence(before.map(|(_, _, word, at)| word.heard(at)), heard);
    let ((tail_tx, tail), (peers_tx, peers)) = (mpsc::channel(TAIL_GROUPS), mpsc::channel(FROM_PEERS));
    let engine = Shared::of(node, wake);
    tokio::spawn(engine.life(tail_tx, peers_tx));
    debug_assert!(engine.members().are_several(), "it is one of several");
    Some(Opened { engine, loaded, tail, peers: Some(peers) })
}

/// The position of the word that was sent; none if another was kept before it. What else comes is left to be read: words
/// that come now are heard by nobody who has no boot yet.
async fn is_kept(node: &mut Node, wake: &Notify, said: u64) -> Option<u64> {
    let mut unread = Vec::new();
    loop {
        let came = node.disk.lock().read(node.nodes.own.0);
        let mut answered = None;
        for came in came {
            match came {
                Came::Answer(number, judged) if number == said => answered = Some(judged),
                Came::Answer(..) => {}
                Came::Message(position) => unread.push(Came::Message(position)),
            }
        }
        match answered {
            Some(Judged::Kept { position }) => {
                node.disk.lock().is_unread(node.nodes.own.0, unread);
                return Some(position);
            }
            Some(Judged::Undecided | Judged::Overtaken { .. } | Judged::LastWord(_)) => return None,
            None => wake.notified().await,
        }
    }
}

/// The last words about all other nodes.
fn other_words(disk: &Disk, own: u16) -> Vec<(u16, u64, Word, Timestamp)> {
    let shared = disk.lock();
    let others = shared.log.nodes().into_iter().filter(|node| *node != own);
    others.filter_map(|node| shared.log.last_word(node).map(|(at, _, word, kept)| (node, at, word, kept))).collect()
}
