//! Frames that are no protocol, too large or too many; heartbeats; a planned stop.

use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

use crate::harness::{Hub, Socket};

/// Malformed frames in a row that close the socket.
const ABUSE: usize = 20;

async fn error_of(socket: &mut Socket, text: &str) -> Value {
    socket.send_raw(Message::text(text.to_owned())).await;
    socket.expect("error").await
}

#[tokio::test]
async fn what_cannot_be_understood_is_answered_with_an_error_and_the_socket_stays() {
    let hub = Hub::start().await;
    let mut sue = hub.supervisor().await;
    for (text, code, id) in [
        ("rubbish", "malformed", Value::Null),
        ("[1,2]", "malformed", Value::Null),
        ("null", "malformed", Value::Null),
        ("{}", "malformed", Value::Null),
        (r#"{"id":1}"#, "malformed", json!(1)),
        (r#"{"id":"a","type":7}"#, "malformed", json!("a")),
        (r#"{"type":"watch","filter":{}}"#, "malformed", Value::Null),
        (r#"{"type":"watch","id":null,"filter":{}}"#, "malformed", Value::Null),
        (r#"{"type":"watch","id":[1],"filter":{}}"#, "malformed", Value::Null),
        (r#"{"type":"watch","id":2,"filter":{"team":["x"]}}"#, "invalid", json!(2)),
        (r#"{"type":"watch","id":3,"include":["everything"]}"#, "invalid", json!(3)),
        (r#"{"type":"setAgentPresence","id":4}"#, "invalid", json!(4)),
        // No number that would be repeated as another.
        (r#"{"type":"watch","id":18446744073709551616,"filter":{}}"#, "malformed", Value::Null),
        (r#"{"type":"dance","id":"five"}"#, "unknown_type", json!("five")),
    ] {
        let error = error_of(&mut sue, text).await;
        assert_eq!(error["error"]["code"], code, "{text} → {error}");
        assert_eq!(error["id"], id, "{text} → {error}");
    }
    sue.does(json!({ "type": "watch", "filter": {} })).await;
}

#[tokio::test]
async fn an_answer_repeats_the_id_whatever_kind_it_is() {
    let hub = Hub::start().await;
    let mut sue = hub.supervisor().await;
    let large = [json!(9_007_199_254_740_993_u64), json!(u64::MAX), json!(i64::MIN)];
    for id in [json!("x-1"), json!(-3), json!(1.5), json!(0), json!("")].into_iter().chain(large) {
        sue.send(&json!({ "type": "watch", "id": id, "filter": {} })).await;
        let result = sue.expect("result").await;
        assert_eq!(result["id"], id);
    }
}

#[tokio::test]
async fn only_abuse_closes_a_socket() {
    let hub = Hub::start().await;
    for message in [Message::text("rubbish"), Message::binary(vec![1, 2, 3])] {
        let mut sue = hub.supervisor().await;
        for _ in 1..ABUSE {
            sue.send_raw(message.clone()).await;
            assert_eq!(sue.expect("error").await["error"]["code"], "malformed");
        }
        // What is understood begins the count anew.
        sue.does(json!({ "type": "watch", "filter": {} })).await;
        for _ in 0..ABUSE {
            sue.send_raw(message.clone()).await;
        }
        assert_eq!(sue.closed().await, Some(4400), "{message:?}");
    }
}

#[tokio::test]
async fn a_frame_larger_than_allowed_closes_the_socket() {
    let hub = Hub::start_with(&[("SESSIONS__MAX_FRAME_BYTES", "4096")]).await;
    for length in [5_000, 5_000_000] {
        let mut sue = hub.supervisor().await;
        sue.send(&json!({ "type": "watch", "id": 1, "filter": { "teams": ["x".repeat(length)] } })).await;
        assert_eq!(sue.closed().await, Some(4413));
    }
}

#[tokio::test]
async fn whoever_floods_is_held_back_and_then_closed_but_events_are_counted_one_by_one() {
    let hub = Hub::start().await;
    let mut acd = hub.work_system().await;
    for id in 0..300 {
        let answer = acd.request(json!({ "type": "events", "id": id, "events": [] })).await;
        assert_eq!(answer["type"], "result", "{answer}");
    }
    for mut socket in [acd, hub.supervisor().await] {
        for id in 0..150 {
            socket.send(&json!({ "type": "unwatch", "id": id, "watchId": "none" })).await;
        }
        socket.find(|frame| frame["error"]["code"] == "rate_limited" && frame["id"].is_number()).await;
        let closed = loop {
            // One at a time, so that nothing is under way when the hub closes.
            socket.tries_to_send(&json!({ "type": "unwatch", "id": "more", "watchId": "none" })).await;
            if let Err(closed) = socket.next().await {
                break closed;
            }
        };
        assert_eq!(closed, Some(4429));
    }
}

#[tokio::test]
async fn pings_without_end_close_the_socket() {
    let hub = Hub::start().await;
    let mut sue = hub.supervisor().await;
    for _ in 0..100 {
        sue.send_raw(Message::Ping("a".into())).await;
        assert_eq!(sue.pong().await, "a");
    }
    for _ in 0..1_000 {
        sue.send_raw(Message::Ping("a".into())).await;
    }
    assert_eq!(sue.closed().await, Some(4429));
}

#[tokio::test]
async fn only_work_systems_send_long_frames() {
    let hub = Hub::start().await;
    let ids: Vec<String> = (0..1_000).map(|number| format!("{number:0>256}")).collect();
    let long = json!({ "type": "resetAgentPresence", "agentIds": ids });
    let mut sue = hub.supervisor().await;
    assert_eq!(sue.does(long.clone()).await["results"].as_array().unwrap().len(), 1_000);
    let longer = json!({ "type": "resetAgentPresence", "id": 1, "agentIds": vec![ids[0].clone(); 1_300] });
    sue.send(&longer).await;
    assert_eq!(sue.closed().await, Some(4413));
    // What a work system may not ask for is not understood, however long it is.
    let mut acd = hub.work_system().await;
    assert_eq!(acd.refused(longer).await, "forbidden");
}

#[tokio::test]
async fn a_quiet_hub_says_that_it_lives_and_where_it_stands() {
    let hub = Hub::start_with(&[("SESSIONS__HEARTBEAT_INTERVAL", "1s")]).await;
    let mut sue = hub.supervisor().await;
    assert_eq!(sue.welcome["heartbeatSeconds"], 1);
    let nothing_watched = sue.expect("heartbeat").await;
    assert!(nothing_watched.get("seq").is_none(), "what a client holds of before is not of now: {nothing_watched}");
    let watch = sue.does(json!({ "type": "watch", "filter": {} })).await;
    let heartbeat = sue.find(|frame| frame["type"] == "heartbeat" && frame["seq"].is_u64()).await;
    assert!(heartbeat["serverTime"].is_string(), "{heartbeat}");
    let since = json!({ "epoch": watch["epoch"], "seq": heartbeat["seq"], "watchId": watch["watchId"] });
    let again = hub.supervisor().await.does(json!({ "type": "watch", "filter": {}, "since": since })).await;
    assert_eq!(again["mode"], "resumed");
    let mut ada = hub.signs_in("ada").await;
    ada.expect("heartbeat").await;
}

#[tokio::test]
async fn a_planned_stop_announces_when_to_come_back() {
    let mut hub = Hub::start().await;
    let mut sue = hub.supervisor().await;
    let mut ada = hub.signs_in("ada").await;
    hub.terminate();
    for socket in [&mut sue, &mut ada] {
        let frame = socket.expect("restarting").await;
        let range = frame["reconnectAfterMs"].as_array().unwrap();
        assert!(range.len() == 2 && range[0].as_u64() < range[1].as_u64(), "{frame}");
        assert!(matches!(socket.closed().await, Some(1001 | 1012)));
    }
    assert!(hub.ended().await.success());
}

#[tokio::test]
async fn what_a_role_may_not_do_is_refused_on_the_socket() {
    let hub = Hub::start().await;
    let agent = [
        json!({ "type": "setPresence", "presenceId": "away" }),
        json!({ "type": "resetPresence" }),
        json!({ "type": "refreshing" }),
        json!({ "type": "signOut" }),
    ];
    let watch = [json!({ "type": "watch", "filter": {} }), json!({ "type": "unwatch", "watchId": "w" })];
    let supervise = [
        json!({ "type": "setAgentPresence", "agentIds": [], "presenceId": "away" }),
        json!({ "type": "resetAgentPresence", "agentIds": [] }),
        json!({ "type": "signOutAgent", "agentIds": [] }),
    ];
    let events = [json!({ "type": "events", "events": [] })];
    for (role, forbidden) in [
        ("agent", [&watch[..], &supervise, &events].concat()),
        ("supervisor", [&agent[..], &events].concat()),
        ("integration", [&agent[..], &supervise].concat()),
        ("admin", [&agent[..], &watch, &supervise, &events].concat()),
    ] {
        let mut socket = Socket::open(&hub, &hub.token("someone", &[role])).await;
        for frame in forbidden {
            assert_eq!(socket.refused(frame.clone()).await, "forbidden", "{role}: {frame}");
        }
    }
}
