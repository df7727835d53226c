//! Two writers of one socket, over real sockets whose buffers are as small as the kernel allows.

#![allow(clippy::wildcard_enum_match_arm, reason = "a test names the frames it expects and panics at any other")]

use std::time::Duration;

use futures::{SinkExt, StreamExt};
use socket2::SockRef;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::task::JoinHandle;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::Role;
use tokio_tungstenite::tungstenite::{Error, Message};

use super::*;
use crate::sessions::shared_writer::LINGER;
use crate::sessions::{Reading, websocket};
use crate::wire::close::CloseCode;

const SMALL: u32 = 4096;
const SESSION: SessionId = SessionId { node: 0, boot: 1, number: 1 };

/// The client's stream, the way out to it, and what the reading task ends with.
struct Pair {
    client: TcpStream,
    outlet: Outlet,
    reading: JoinHandle<Vec<Result<Message, Error>>>,
}

async fn pair(limits: Limits, leftover: &[u8]) -> Pair {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(SMALL).unwrap();
    let client = socket.connect(listener.local_addr().unwrap()).await.unwrap();
    let (stream, _) = listener.accept().await.unwrap();
    SockRef::from(&stream).set_send_buffer_size(SMALL as usize).unwrap();
    let (outlet, socket) = Outlet::split(stream, limits, &Arc::default());
    let mut hub = websocket(socket, leftover.to_vec(), Reading::Requests, 64 * 1024);
    let reading = tokio::spawn(async move {
        let mut heard = Vec::new();
        while let Some(message) = hub.next().await {
            heard.push(message);
        }
        heard
    });
    Pair { client, outlet, reading }
}

async fn speaks(client: TcpStream) -> WebSocketStream<TcpStream> {
    WebSocketStream::from_raw_socket(client, Role::Client, None).await
}

async fn soon<T>(what: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(10), what).await.expect("within ten seconds")
}

fn masked(opcode: u8, payload: &[u8]) -> Vec<u8> {
    let mut frame = vec![0x80 | opcode, 0x80 | u8::try_from(payload.len()).unwrap(), 0, 0, 0, 0];
    frame.extend_from_slice(payload);
    frame
}

#[tokio::test]
async fn what_a_connection_begins_with_goes_out_with_its_first_frame_whatever_that_is() {
    let welcome = |outlet: &Outlet| assert_eq!(outlet.send(frame::text(b"welcome")), Sent::Written);
    let close = |outlet: &Outlet| outlet.close(CloseCode::Forbidden, "");
    for (first, behind) in [(&welcome as &dyn Fn(&Outlet), 9), (&Outlet::ping, 2), (&close, 4)] {
        let Pair { mut client, outlet, .. } = pair(Limits::default(), b"").await;
        outlet.begins_with(Bytes::from_static(b"answer"));
        assert_eq!(outlet.stats(), Stats { written_bytes: 0, queued_bytes: 6 });
        assert!(!outlet.is_blocked());
        first(&outlet);
        assert_eq!(outlet.stats(), Stats { written_bytes: 6 + behind, queued_bytes: 0 });
        let mut heard = [0; 6];
        soon(client.read_exact(&mut heard)).await.unwrap();
        assert_eq!(&heard, b"answer");
    }
}

#[tokio::test]
async fn frames_and_pongs_never_interleave_whatever_the_socket_takes() {
    const FRAMES: usize = 1500;
    const PINGS: usize = 400;
    let Pair { client, outlet, reading } = pair(Limits::default(), b"").await;
    let drained = Arc::new(Drained::default());
    outlet.tell_when_drained(&drained, SESSION);
    let sending = tokio::spawn({
        let outlet = outlet.clone();
        async move {
            let mut times_blocked = 0;
            for number in 0..FRAMES {
                let frame = format!("{number:06}{}", "x".repeat(number * 37 % 3000));
                while outlet.is_blocked() {
                    times_blocked += 1;
                    drained.wait().await;
                }
                assert_ne!(outlet.send(frame::text(frame.as_bytes())), Sent::Closed);
                if number % 8 == 0 {
                    tokio::task::yield_now().await;
                }
            }
            times_blocked
        }
    });
    let (mut speaking, mut hearing) = speaks(client).await.split();
    let pinging = tokio::spawn(async move {
        for number in 0..PINGS {
            speaking.send(Message::Ping(number.to_string().into_bytes().into())).await.unwrap();
            tokio::task::yield_now().await;
        }
        speaking
    });
    let (mut frames, mut last_pong, mut pongs) = (0, None, 0);
    while frames < FRAMES || last_pong != Some(PINGS - 1) {
        match soon(hearing.next()).await.unwrap().unwrap() {
            Message::Text(text) => {
                assert_eq!(text.as_str()[..6].parse::<usize>().unwrap(), frames);
                assert_eq!(text.len() - 6, frames * 37 % 3000);
                frames += 1;
            }
            Message::Pong(payload) => {
                let number = std::str::from_utf8(&payload).unwrap().parse::<usize>().unwrap();
                assert!(last_pong.is_none_or(|last| last < number), "pongs in order");
                last_pong = Some(number);
                pongs += 1;
            }
            other => panic!("{other:?}"),
        }
    }
    assert!(soon(sending).await.unwrap() > 0, "the socket was blocked at times");
    assert!(pongs > 0);
    let mut client = soon(pinging).await.unwrap().reunite(hearing).unwrap();
    client.close(None).await.unwrap();
    soon(async { while let Some(Ok(_)) = client.next().await {} }).await;
    soon(reading).await.unwrap();
}

#[tokio::test]
async fn a_client_that_stops_reading_is_closed_as_too_slow_and_told_so_at_a_frame_border() {
    let Pair { client, outlet, reading } = pair(Limits { queued_bytes: 64 * 1024 }, b"").await;
    let frame = frame::text(&[b'x'; 8000]);
    let mut sent = 0;
    while outlet.send(frame.clone()) != Sent::Closed {
        sent += 1;
        assert!(sent < 10_000, "a bound was met");
        if !outlet.is_blocked() {
            tokio::task::yield_now().await;
        }
    }
    assert!(outlet.was_too_slow() && outlet.is_closed() && outlet.closing_since().is_some());
    let mut client = speaks(client).await;
    let mut whole = 0;
    loop {
        match soon(client.next()).await.unwrap().unwrap() {
            Message::Text(text) => {
                assert_eq!(text.len(), 8000);
                whole += 1;
            }
            Message::Close(close) => {
                assert_eq!(u16::from(close.unwrap().code), CloseCode::TooSlow.number());
                break;
            }
            other => panic!("{other:?}"),
        }
    }
    assert!(whole < sent, "what had not begun was forgotten");
    assert!(soon(client.next()).await.is_none());
    soon(reading).await.unwrap();
}

#[tokio::test]
async fn nothing_follows_our_close_and_the_answer_ends_the_reading() {
    let Pair { mut client, outlet, reading } = pair(Limits::default(), b"").await;
    outlet.send(frame::text(b"last"));
    outlet.close(CloseCode::SignedOut, "signed out");
    assert_eq!(outlet.send(frame::text(b"late")), Sent::Closed);
    client.write_all(&masked(9, b"ping")).await.unwrap();
    client.write_all(&masked(8, &4410_u16.to_be_bytes())).await.unwrap();
    let mut all = Vec::new();
    soon(client.read_to_end(&mut all)).await.unwrap();
    let expected = [frame::text(b"last"), frame::close(4410, "signed out")].concat();
    assert_eq!(all, expected, "neither the pong nor a second close");
    let heard = soon(reading).await.unwrap();
    assert!(matches!(heard.as_slice(), [Ok(Message::Ping(_)), Ok(Message::Close(_))]), "{heard:?}");
}

#[tokio::test]
async fn the_answer_to_the_clients_close_is_the_last_frame() {
    let Pair { mut client, outlet, reading } = pair(Limits::default(), b"").await;
    client.write_all(&masked(8, &1000_u16.to_be_bytes())).await.unwrap();
    soon(reading).await.unwrap();
    assert_eq!(outlet.send(frame::text(b"late")), Sent::Closed);
    let mut all = Vec::new();
    soon(client.read_to_end(&mut all)).await.unwrap();
    assert_eq!(all, frame::close(1000, "").to_vec());
}

#[tokio::test]
async fn an_abort_ends_the_reading() {
    let Pair { mut client, outlet, reading } = pair(Limits::default(), b"").await;
    tokio::task::yield_now().await;
    outlet.abort();
    soon(reading).await.unwrap();
    assert_eq!(soon(client.read(&mut [0; 8])).await.unwrap(), 0);
    assert!(outlet.is_closed());
}

#[tokio::test]
async fn what_was_read_behind_the_handshake_is_not_lost() {
    let Pair { client, reading, .. } = pair(Limits::default(), &masked(1, b"early")).await;
    drop(client);
    let heard = soon(reading).await.unwrap();
    assert!(matches!(&heard[0], Ok(Message::Text(text)) if text.as_str() == "early"));
}

#[tokio::test(start_paused = true)]
async fn a_reading_task_that_is_gone_leaves_no_connection_behind() {
    let Pair { client, outlet, reading } = pair(Limits::default(), b"").await;
    while !outlet.is_blocked() {
        outlet.send(frame::text(&[b'x'; 8000]));
        tokio::task::yield_now().await;
    }
    reading.abort();
    assert!(reading.await.unwrap_err().is_cancelled());
    while !outlet.writer.is_dead() {
        tokio::time::sleep(LINGER / 4).await;
    }
    drop(client);
}

#[tokio::test]
async fn a_client_in_full_flow_still_hears_why_it_was_closed() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
    let (outlet, socket) = Outlet::split(listener.accept().await.unwrap().0, Limits::default(), &Arc::default());
    client.write_all(&[0; 100_000]).await.unwrap();
    outlet.close(CloseCode::TooLarge, "too large");
    drop(socket);
    client.write_all(&[0; 100_000]).await.unwrap();
    let mut all = Vec::new();
    soon(client.read_to_end(&mut all)).await.unwrap();
    assert_eq!(all, frame::close(4413, "too large").to_vec());
}
