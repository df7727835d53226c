use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::super::stub::{StubHub, welcome};
use super::*;

#[test]
fn a_hub_is_named_by_its_address() {
    let at = |url| Hub::at(url).map(|hub| hub.address);
    assert_eq!(at("http://127.0.0.1:7350/"), Ok("127.0.0.1:7350".to_owned()));
    assert_eq!(at("http://hub"), Ok("hub:80".to_owned()));
    assert_eq!(at("http://[::1]:1"), Ok("[::1]:1".to_owned()));
    for wrong in ["https://hub", "127.0.0.1:7350", "http://", "http://u@hub", "ws://hub", "http://hub/path"] {
        assert!(at(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn the_advice_of_a_close_code_is_that_of_the_contract() {
    for code in [1001, 1012, 1013, 4408, 4411, 4429, 4500] {
        assert_eq!(Advice::of(Some(code)), Advice::ComeBack, "{code}");
    }
    for code in [4400, 4403, 4404, 4409, 4410, 4413] {
        assert_eq!(Advice::of(Some(code)), Advice::StayAway, "{code}");
    }
    assert_eq!(Advice::of(Some(4401)), Advice::RenewCredentials);
    assert_eq!(Advice::of(None), Advice::ComeBack);
}

#[tokio::test]
async fn a_socket_is_open_once_the_hub_said_welcome() {
    let (stub, hub) = StubHub::open().await;
    let far = tokio::spawn(async move {
        let (mut socket, path, credentials) = stub.socket().await;
        assert_eq!((path.as_str(), credentials.as_str()), ("/ws?roles=agent,supervisor", "Bearer t1"));
        socket.says(json!({"type": "somethingNew"})).await;
        socket.says(welcome()).await;
        socket.says(json!({"type": "heartbeat", "seq": 2, "serverTime": "x"})).await;
        socket.closes(1012).await;
    });
    let opened = Socket::open(&hub, "t1", Some("agent,supervisor")).await;
    let (mut socket, welcome) = opened.unwrap();
    assert!(matches!(welcome, HubFrame::Welcome { heartbeat_seconds: 10, .. }));
    assert!(matches!(socket.next().await, Heard::Frame(text) if text.contains("heartbeat")));
    assert!(matches!(socket.next().await, Heard::Closed(Some(1012))));
    far.await.unwrap();
}

#[tokio::test]
async fn a_refusal_carries_its_code_and_what_the_hub_said() {
    let (stub, hub) = StubHub::open().await;
    let (opened, ()) = tokio::join!(Socket::open(&hub, "t1", None), async {
        let (mut socket, path, _) = stub.socket().await;
        assert_eq!(path, "/ws");
        socket
            .says(json!({"type": "error", "error": {"code": "unauthenticated", "message": "the token expired"}}))
            .await;
        socket.closes(4401).await;
    });
    let error = opened.unwrap_err();
    assert_eq!(error.advice(), Advice::RenewCredentials);
    assert!(error.to_string().contains("4401") && error.to_string().contains("the token expired"), "{error}");
}

#[tokio::test]
async fn nobody_and_somebody_else_at_the_address_are_told_apart() {
    let (stub, hub) = StubHub::open().await;
    let (opened, ()) = tokio::join!(Socket::open(&hub, "t1", None), async {
        let mut tcp = stub.connection().await;
        let mut asked = [0; 1_024];
        let _ = tcp.read(&mut asked).await.unwrap();
        tcp.write_all(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n").await.unwrap();
    });
    assert!(matches!(opened.unwrap_err(), ConnectError::NoSocket(_)));
    drop(stub);
    assert!(matches!(Socket::open(&hub, "t1", None).await.unwrap_err(), ConnectError::Unreachable(_)));
}

#[tokio::test]
async fn closing_says_good_bye_and_dropping_does_not() {
    let (stub, hub) = StubHub::open().await;
    let (opened, mut far) = tokio::join!(Socket::open(&hub, "t1", None), stub.welcomed());
    let (socket, _) = opened.unwrap();
    let ((), heard) = tokio::join!(socket.close(), far.next());
    assert!(matches!(heard, Some(Ok(Message::Close(_)))), "{heard:?}");

    let (opened, mut far) = tokio::join!(Socket::open(&hub, "t1", None), stub.welcomed());
    drop(opened.unwrap());
    assert!(matches!(far.next().await, Some(Err(_)) | None));
}
