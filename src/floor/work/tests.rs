use serde_json::json;

use super::super::closing::{self, Closes};
use super::super::stub::{StubHub, StubSocket};
use super::*;

type Task = tokio::task::JoinHandle<Result<(), ConnectError>>;

fn floor(hub: &Hub) -> (WorkSystem, Arc<Tally>, Closes, Task) {
    let (work, sender) = WorkSystem::new("run");
    let tally = Arc::new(Tally::default());
    let (closes, closing) = closing::open();
    let tokens: Tokens = Arc::new(|subject, _| subject.to_owned());
    let task = tokio::spawn(sender.run(hub.clone(), tokens, tally.clone(), closing));
    (work, tally, closes, task)
}

/// The next batch: its request, and the ids of its events.
async fn batch(socket: &mut StubSocket) -> (Value, Vec<String>) {
    let frame = socket.hears().await;
    assert_eq!(frame["type"], "events");
    let ids = frame["events"].as_array().unwrap().iter().map(|event| event["id"].as_str().unwrap().to_owned());
    (frame["id"].clone(), ids.collect())
}

fn results(request: Value, results: &[(&str, &str)]) -> Value {
    let results: Vec<Value> = results.iter().map(|(id, status)| json!({"id": id, "status": status})).collect();
    json!({"type": "result", "id": request, "result": {"results": results}})
}

#[tokio::test]
async fn events_are_sent_together_and_each_gets_its_own_result() {
    let (stub, hub) = StubHub::open().await;
    let (work, _, closes, task) = floor(&hub);
    let first = work.send("1".to_owned(), "workitem.offered", json!({"agentId": "a"})).await;
    let second = work.send("2".to_owned(), "workitem.closed", json!({"agentId": "b"})).await;
    let mut socket = stub.welcomed().await;
    let (request, ids) = batch(&mut socket).await;
    assert_eq!(ids, ["1", "2"]);
    socket.says(results(request, &[("2", "rejected"), ("1", "applied")])).await;
    assert_eq!(first.await.unwrap().status, EventStatus::Applied);
    assert_eq!(second.await.unwrap().status, EventStatus::Rejected);
    closes.now();
    assert!(task.await.unwrap().is_ok());
}

#[tokio::test]
async fn what_could_not_be_kept_is_sent_again_under_the_same_id() {
    let (stub, hub) = StubHub::open().await;
    let (work, _, _closes, _task) = floor(&hub);
    let first = work.send("1".to_owned(), "workitem.offered", json!({})).await;
    let second = work.send("2".to_owned(), "workitem.offered", json!({})).await;
    let mut socket = stub.welcomed().await;
    let (request, _) = batch(&mut socket).await;
    socket.says(results(request, &[("1", "applied"), ("2", "unavailable")])).await;
    assert_eq!(first.await.unwrap().status, EventStatus::Applied);
    let (request, ids) = batch(&mut socket).await;
    assert_eq!(ids, ["2"]);
    socket.says(results(request, &[("2", "applied")])).await;
    assert_eq!(second.await.unwrap().status, EventStatus::Applied);
}

#[tokio::test]
async fn what_was_not_answered_before_the_connection_broke_is_sent_again() {
    let (stub, hub) = StubHub::open().await;
    let (work, _, _closes, _task) = floor(&hub);
    let result = work.send("1".to_owned(), "workitem.offered", json!({})).await;
    let mut socket = stub.welcomed().await;
    batch(&mut socket).await;
    drop(socket);
    let mut socket = stub.welcomed().await;
    let (request, ids) = batch(&mut socket).await;
    assert_eq!(ids, ["1"]);
    socket.says(results(request, &[("1", "duplicate")])).await;
    assert_eq!(result.await.unwrap().status, EventStatus::Duplicate);
}

#[tokio::test]
async fn a_planned_stop_is_heard_and_its_range_kept_to() {
    let (stub, hub) = StubHub::open().await;
    let (_work, _, closes, task) = floor(&hub);
    let mut socket = stub.welcomed().await;
    socket.says(json!({"type": "restarting", "reconnectAfterMs": [0, 1]})).await;
    socket.closes(1012).await;
    stub.welcomed().await;
    closes.now();
    assert!(task.await.unwrap().is_ok());
}

#[tokio::test]
async fn a_hub_that_refuses_the_work_system_ends_it() {
    let (stub, hub) = StubHub::open().await;
    let (_work, _, _closes, task) = floor(&hub);
    let (socket, ..) = stub.socket().await;
    socket.closes(4403).await;
    assert_eq!(task.await.unwrap().unwrap_err().advice(), Advice::StayAway);
}
