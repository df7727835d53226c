//! What the faulty engine does on demand.

use presence_hub::engine::faulty::Mood;
use presence_hub::engine::{Engine, Health, Outcome};

use crate::agents::{as_operation, open, open_faulty, position, step};

#[tokio::test(start_paused = true)]
async fn failing_it_keeps_nothing_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let mut hub = open_faulty(folder.path());
    hub.engine.becomes(Mood::Failing);
    assert_eq!(hub.refusal(step("anna", 0, 1)).await, Outcome::Unavailable);
    assert!(matches!(hub.engine.health(), Health::Failing { .. }));
    hub.recall("crm/1").await.unwrap_err();
    hub.engine.becomes(Mood::Calm);
    assert_eq!(hub.keep(step("anna", 0, 1)).await, 1);
    hub.stop();
}

#[tokio::test(start_paused = true)]
async fn stalled_it_holds_appends_back_and_keeps_their_order() {
    let folder = tempfile::tempdir().unwrap();
    let mut hub = open_faulty(folder.path());
    hub.engine.becomes(Mood::Stalled);
    let first = hub.engine.append(step("anna", 0, 1));
    let second = hub.engine.append(step("anna", 0, 1));
    assert_eq!(hub.engine.held(), 2);
    hub.engine.becomes(Mood::Calm);
    hub.evolve().await;
    assert_eq!(position(first.await.unwrap()), 1);
    assert_eq!(second.await.unwrap(), Outcome::Conflict { newest: 1 });
    hub.stop();
}

#[tokio::test(start_paused = true)]
async fn unknown_is_settled_by_the_operation_whether_it_was_kept_or_not() {
    let folder = tempfile::tempdir().unwrap();
    let mut hub = open_faulty(folder.path());
    hub.engine.becomes(Mood::UnknownButKept);
    assert_eq!(hub.refusal(as_operation("crm/1", step("anna", 0, 1))).await, Outcome::Unknown);
    assert_eq!(hub.recall("crm/1").await.unwrap().unwrap().version, 1);
    assert_eq!(hub.evolve().await, [1]);
    hub.engine.becomes(Mood::UnknownAndLost);
    assert_eq!(hub.refusal(as_operation("crm/2", step("bert", 0, 1))).await, Outcome::Unknown);
    assert_eq!(hub.recall("crm/2").await.unwrap(), None);
    hub.stop();
    assert_eq!(open(folder.path()).loaded.agents.len(), 1);
}
