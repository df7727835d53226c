//! What the embedded engine forgets, and how fast.

use std::time::Duration;

use presence_hub::engine::Engine;
use presence_hub::engine::embedded::Embedded;
use rusqlite::Connection;

use crate::agents::{Running, as_operation, open, step};

const DAY: Duration = Duration::from_secs(24 * 3_600);
/// Operations of a busy time.
const MANY: usize = 400;

/// Keeps that many operations, in one or a few groups.
async fn is_busy(hub: &mut Running<Embedded>, source: &str) {
    let names: Vec<String> = (0..MANY).map(|number| format!("{source}-{number}")).collect();
    let waits: Vec<_> =
        names.iter().map(|name| hub.engine.append(as_operation(&format!("crm/{name}"), step(name, 0, 1)))).collect();
    let mut kept = 0;
    while kept < MANY {
        kept += hub.evolve().await.len();
    }
    drop(waits);
}

fn remembered(hub: &Running<Embedded>) -> std::sync::mpsc::Receiver<usize> {
    let (reply, answer) = std::sync::mpsc::sync_channel(1);
    let count = "SELECT count(*) FROM operations";
    let ask = move |connection: &Connection| connection.query_row(count, [], |row| row.get(0)).unwrap();
    hub.inner.meddle(move |connection| reply.send(ask(connection)).unwrap());
    answer
}

#[tokio::test(start_paused = true)]
async fn a_commit_forgets_at_most_twice_what_it_adds_until_all_that_is_old_is_forgotten() {
    let folder = tempfile::tempdir().unwrap();
    let mut hub = open(folder.path());
    is_busy(&mut hub, "monday").await;
    hub.clock.advance(DAY);
    let mut seq = hub.keep(as_operation("crm/tuesday", step("anna", 0, 1))).await;
    assert!(hub.recall("crm/monday-7").await.unwrap().is_none());
    hub.clock.advance(DAY);
    let mut before = remembered(&hub).recv().unwrap();
    assert_eq!(before, MANY + 1);
    // Each adds an operation and may forget two.
    for version in 2..(2 + MANY as u64 / 2) {
        seq = hub.keep(as_operation(&format!("crm/wednesday-{version}"), step("anna", seq, version))).await;
        let now = remembered(&hub).recv().unwrap();
        assert_eq!(before - now, 1);
        before = now;
    }
    // Tuesday's and those of today are remembered, and nothing else is looked for.
    assert_eq!(before, 1 + MANY / 2);
    hub.keep(step("anna", seq, 9_999)).await;
    assert_eq!(remembered(&hub).recv().unwrap(), before);
    assert!(hub.recall("crm/wednesday-2").await.unwrap().is_some());
    hub.stop();
}

#[tokio::test(start_paused = true)]
async fn a_generation_of_operations_lasts_through_restarts() {
    let folder = tempfile::tempdir().unwrap();
    let mut hub = open(folder.path());
    let mut seq = hub.keep(as_operation("crm/1", step("anna", 0, 1))).await;
    for version in 2..6 {
        hub.clock.advance(DAY / 5);
        hub.engine.mark_alive();
        hub.stop();
        hub = open(folder.path());
        seq = hub.keep(as_operation(&format!("crm/{version}"), step("anna", seq, version))).await;
        assert_eq!(hub.recall("crm/1").await.unwrap().unwrap().version, 1);
    }
    hub.clock.advance(DAY / 5);
    assert_eq!(hub.recall("crm/1").await.unwrap(), None);
    hub.stop();
}
