//! What becomes of a log with the time: it grows old, and a hub that was killed is heard for a moment more.

use std::path::Path;
use std::time::Duration;

use futures::{FutureExt as _, StreamExt as _};
use presence_hub::engine::nats::{Nats, OpenError, Settings};
use presence_hub::engine::{Engine as _, Outcome};
use serde_json::Value;
use tokio::time::Instant;

use crate::agents::{Running, step};
use crate::nats_server::{self, NatsServer};
use crate::nodes::{join, settings, stream_of};

/// How long something may take that happens within a second or two.
const LONGEST: Duration = Duration::from_secs(60);

async fn asks(client: &async_nats::Client, what: &str, stream: &str, request: &str) -> Value {
    let answer = client.request(format!("$JS.API.{what}.{stream}"), request.to_owned().into()).await.unwrap();
    serde_json::from_slice(&answer.payload).unwrap()
}

async fn first_of(client: &async_nats::Client, stream: &str) -> u64 {
    asks(client, "STREAM.INFO", stream, "{}").await["state"]["first_seq"].as_u64().unwrap()
}

#[tokio::test]
async fn a_small_window_is_kept_by_the_first_node_and_agents_go_on_as_they_were() {
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let (stream, servers) = (stream_of(folders[0].path()), nats_server::shared_one());
    let small = |node: u16| Settings {
        window: Duration::from_millis(700),
        silent_after: Duration::from_secs(6),
        ..settings(node, &stream, vec![servers[0].address()], 1)
    };
    let mut one = join(small(1), folders[0].path()).unwrap();
    let mut two = join(small(2), folders[1].path()).unwrap();
    let annas = one.keep(step("anna", 0, 1)).await;
    let client = async_nats::connect(servers[0].address()).await.unwrap();
    // Others go on, and what is older than the window leaves.
    let (began, mut berts, mut version, mut seen) = (Instant::now(), 0, 0, 0);
    while first_of(&client, &stream).await <= annas >> 8 {
        assert!(began.elapsed() < LONGEST, "nothing leaves the stream");
        version += 1;
        berts = one.keep(step("bert", berts, version)).await;
        // A node whose tail is not read holds its database up in the end.
        while let Some(group) = two.evolve().now_or_never() {
            seen = *group.last().unwrap();
        }
    }
    assert!(began.elapsed() >= Duration::from_millis(700), "it left before its time");
    // Whoever takes anna for another one than she is is told so, on either node.
    assert_eq!(two.refusal(step("anna", 0, 1)).await, Outcome::Conflict { newest: annas });
    // The tail of the other node has all of it.
    while seen < berts {
        seen = *two.evolve().await.last().unwrap();
    }
    let newest = two.keep(step("anna", annas, 2)).await;
    assert_eq!(one.refusal(step("anna", annas, 2)).await, Outcome::Conflict { newest });
    two.stop();
    one.stop();
}

/// Opens node 2 while its former life, or another hub of that number, is heard `words` times more: one each time that it
/// has asked for the last one.
fn open_while_it_is_heard(
    server: &NatsServer,
    stream: &str,
    (folder, words): (&Path, usize),
) -> Result<Running<Nats, Nats>, OpenError> {
    let soon = |node| Settings {
        silent_after: Duration::from_millis(1_800),
        ..settings(node, stream, vec![server.address()], 1)
    };
    let (tell, told) = std::sync::mpsc::sync_channel(1);
    let heard = std::thread::spawn({
        let (address, stream) = (server.address(), stream.to_owned());
        move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async move {
                let client = async_nats::connect(address).await.unwrap();
                let own = format!("{stream}.n.2");
                let mut questions = client.subscribe(format!("$JS.API.STREAM.MSG.GET.{stream}")).await.unwrap();
                client.flush().await.unwrap();
                tell.send(()).unwrap();
                let mark = r#"{"v":1,"by":"2.1.9","word":{"mark":{"boot":1,"address":null}}}"#;
                for _ in 0..words {
                    let is_asked = async {
                        while let Some(question) = questions.next().await {
                            if String::from_utf8_lossy(&question.payload).contains(&own) {
                                return;
                            }
                        }
                    };
                    if tokio::time::timeout(LONGEST, is_asked).await.is_err() {
                        return;
                    }
                    client.request(own.clone(), mark.into()).await.unwrap();
                }
            });
        }
    });
    told.recv().unwrap();
    let opened = join(soon(2), folder);
    if opened.is_ok() {
        heard.join().unwrap();
    }
    opened
}

#[tokio::test]
async fn a_node_that_is_started_at_once_waits_until_its_former_life_is_heard_no_more() {
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let (stream, servers) = (stream_of(folders[0].path()), nats_server::shared_one());
    let of = |node| settings(node, &stream, vec![servers[0].address()], 1);
    let one = join(of(1), folders[0].path()).unwrap();
    let client = async_nats::connect(servers[0].address()).await.unwrap();
    let mark = r#"{"v":1,"by":"2.1.7","word":{"mark":{"boot":1,"address":null}}}"#;
    client.request(format!("{stream}.n.2"), mark.into()).await.unwrap();
    // What was under way when it was killed comes late.
    let two = open_while_it_is_heard(&servers[0], &stream, (folders[1].path(), 2)).unwrap();
    assert_eq!(two.loaded.boot, 2);
    // While it lives, nobody else has the number.
    let another = tempfile::tempdir().unwrap();
    let taken = open_while_it_is_heard(&servers[0], &stream, (another.path(), 0));
    assert!(matches!(taken, Err(OpenError::NumberTaken { node: 2 })), "{:?}", taken.err());
    assert!(two.engine.members().is_current());
    two.stop();
    one.stop();
}

#[tokio::test]
async fn an_older_log_that_has_grown_is_told_from_the_one_that_was_followed() {
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let (stream, server) = (stream_of(folders[0].path()), NatsServer::start());
    let begins =
        |node: u16| join(settings(node, &stream, vec![server.address()], 1), folders[usize::from(node) - 1].path());
    let mut one = begins(1).unwrap();
    let annas = one.keep(step("anna", 0, 1)).await;
    one.stop();
    let older = server.is_killed_copied_and_started_again();
    let mut one = begins(1).unwrap();
    let newest = one.keep(step("anna", annas, 2)).await;
    one.stop();
    server.goes_back_to(&older);
    // Somebody who has not followed the newer one begins, and goes further than that had come.
    let mut two = begins(2).unwrap();
    let (mut berts, mut version) = (0, 0);
    while berts >> 8 <= (newest >> 8) + 20 {
        version += 1;
        berts = two.keep(step("bert", berts, version)).await;
    }
    let refused = begins(1);
    assert!(matches!(refused, Err(OpenError::Replaced { .. })), "{:?}", refused.err());
    two.stop();
}
