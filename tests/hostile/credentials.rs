//! Those who show tokens that are none of the hub's.

use std::net::Ipv4Addr;

use futures::StreamExt;
use serde_json::json;
use tokio_tungstenite::client_async;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

use crate::bytes::{connect, says};
use crate::harness::{Hub, within};

const FOREVER: u64 = 4_000_000_000;

/// What a socket is closed with that shows this token.
async fn closed_with(hub: &Hub, from: Ipv4Addr, token: &str) -> u16 {
    let mut request = format!("ws://{}/ws", hub.address()).into_client_request().unwrap();
    request.headers_mut().insert("authorization", format!("Bearer {token}").parse().unwrap());
    let (mut socket, _) = within(client_async(request, connect(hub, from).await)).await.unwrap();
    loop {
        match within(socket.next()).await {
            Some(Ok(Message::Close(Some(frame)))) => return frame.code.into(),
            Some(Ok(Message::Text(text))) => assert!(text.contains(r#""type":"error""#), "{text}"),
            other => panic!("no close but {other:?}"),
        }
    }
}

fn signed(secret: &[u8], subject: &str, expires: u64) -> String {
    let claims = json!({ "sub": subject, "roles": ["admin"], "exp": expires });
    let key = jsonwebtoken::EncodingKey::from_secret(secret);
    jsonwebtoken::encode(&jsonwebtoken::Header::default(), &claims, &key).unwrap()
}

/// Tokens by somebody else's secret, over sockets and HTTP: a few are looked into, and the others told to come back.
pub async fn forged(hub: &Hub, from: Ipv4Addr) {
    let sockets = (0..100).map(|number| async move {
        let token = signed(b"a secret of somebody else, who would like to be believed", &format!("f{number}"), FOREVER);
        closed_with(hub, from, &token).await
    });
    let (mut not_believed, mut not_looked_into) = (0, 0);
    for code in futures::future::join_all(sockets).await {
        match code {
            4401 => not_believed += 1,
            1013 => not_looked_into += 1,
            other => panic!("closed with {other}"),
        }
    }
    for number in 0..100 {
        let token = signed(b"another secret of somebody else, who would be believed", &format!("g{number}"), FOREVER);
        let ask = format!(
            "GET /api/v1/agents HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {token}\r\nconnection: close\r\n\r\n",
            hub.address()
        );
        let heard = says(hub, from, ask.as_bytes()).await;
        match heard.get(9..12) {
            Some("401") => not_believed += 1,
            Some("429") => not_looked_into += 1,
            _ => panic!("{heard}"),
        }
    }
    assert!(not_believed > 0 && not_looked_into > 0, "{not_believed} not believed, {not_looked_into} not looked into");
}

/// Tokens that were the hub's, and have expired: that costs little, and each is told so.
pub async fn expired(hub: &Hub, from: Ipv4Addr) {
    let sockets = (0..100).map(|number| async move {
        let token = signed(crate::harness::SECRET.as_bytes(), &format!("e{number}"), 1_000_000_000);
        assert_eq!(closed_with(hub, from, &token).await, 4401);
    });
    futures::future::join_all(sockets).await;
}
