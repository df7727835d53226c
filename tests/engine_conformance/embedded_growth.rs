//! For how long the embedded engine remembers operations, and how many.

use std::time::Duration;

use presence_hub::engine::embedded::Embedded;
use presence_hub::engine::{Engine, Outcome};

use crate::agents::{Running, as_operation, open, step};

const DAY: Duration = Duration::from_secs(24 * 3_600);
/// More than are ever gathered in memory.
const MANY: usize = 40_000;
/// As many wait at once.
const TOGETHER: usize = 2_000;

fn named(day: &str, number: usize) -> String {
    format!("crm/{day}-{number}")
}

/// Keeps very many operations, each of another agent.
async fn is_busy(hub: &mut Running<Embedded>, day: &str) {
    for first in (0..MANY).step_by(TOGETHER) {
        let numbers = first..first + TOGETHER;
        let append = |number| as_operation(&named(day, number), step(&format!("{day}-{number}"), 0, 1));
        let waits: Vec<_> = numbers.map(|number| hub.engine.append(append(number))).collect();
        let mut kept = 0;
        while kept < TOGETHER {
            kept += hub.evolve().await.len();
        }
        drop(waits);
    }
}

#[tokio::test(start_paused = true)]
async fn each_of_very_many_operations_is_a_duplicate_for_a_day_whenever_the_hub_is_started() {
    let folder = tempfile::tempdir().unwrap();
    let mut hub = open(folder.path());
    is_busy(&mut hub, "monday").await;
    for _ in 0..2 {
        for number in (0..MANY).step_by(997) {
            let again = hub.refusal(as_operation(&named("monday", number), step("anna", 0, 1))).await;
            assert!(matches!(again, Outcome::Duplicate(_)), "{number}: {again:?}");
        }
        hub.stop();
        hub = open(folder.path());
    }
    hub.clock.advance(DAY);
    assert_eq!(hub.recall(&named("monday", 7)).await.unwrap(), None);
    is_busy(&mut hub, "tuesday").await;
    assert!(hub.recall(&named("tuesday", 7)).await.unwrap().is_some());
    hub.keep(as_operation(&named("monday", 7), step("anna", 0, 1))).await;
    hub.stop();
}

#[tokio::test(start_paused = true)]
async fn an_operation_is_remembered_for_a_day_through_restarts() {
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
