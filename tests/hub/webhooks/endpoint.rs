//! An endpoint of somebody else: it takes what it is sent when the test says so, and answers what the test says.

use std::collections::BTreeMap;

use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, oneshot};

use crate::harness::within;

/// Where a webhook is sent to.
pub struct Endpoint {
    pub url: String,
    received: mpsc::Receiver<Letter>,
}

/// A request that waits for its answer. Dropped, its connection breaks.
#[derive(Debug)]
pub struct Letter {
    pub headers: BTreeMap<String, String>,
    pub body: String,
    answer: oneshot::Sender<String>,
}

impl Endpoint {
    pub async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/changes", listener.local_addr().unwrap());
        let (letters, received) = mpsc::channel(1_000);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, letters.clone()));
            }
        });
        Self { url, received }
    }

    /// The next request.
    pub async fn next(&mut self) -> Letter {
        within(self.received.recv()).await.unwrap()
    }

    /// The next request, answered 204.
    pub async fn takes(&mut self) -> Value {
        let letter = self.next().await;
        let event = letter.event();
        letter.answers(204, "");
        event
    }

    /// Takes requests until one is about that agent's presence.
    pub async fn takes_presence(&mut self, agent: &str, presence: &str) -> Value {
        loop {
            let event = self.takes().await;
            if event["subject"] == agent && event["data"]["presenceId"] == presence {
                return event;
            }
        }
    }
}

impl Letter {
    pub fn event(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    pub fn id(&self) -> &str {
        &self.headers["webhook-id"]
    }

    /// Answers, with more headers, each line ending in CRLF.
    pub fn answers(self, status: u16, headers: &str) {
        // The hub may have given up waiting.
        drop(self.answer.send(format!("HTTP/1.1 {status} -\r\ncontent-length: 0\r\n{headers}\r\n")));
    }
}

/// One connection, request after request.
async fn serve(stream: TcpStream, letters: mpsc::Sender<Letter>) -> Option<()> {
    let mut stream = BufReader::new(stream);
    loop {
        let (mut headers, mut line) = (BTreeMap::new(), String::new());
        stream.read_line(&mut line).await.ok()?;
        assert!(line.is_empty() || line.starts_with("POST /changes HTTP/1.1"), "{line}");
        loop {
            line.clear();
            if stream.read_line(&mut line).await.ok()? == 0 {
                return None;
            }
            let Some((name, value)) = line.trim_end().split_once(": ") else { break };
            headers.insert(name.to_lowercase(), value.to_owned());
        }
        let mut body = vec![0; headers["content-length"].parse().unwrap()];
        stream.read_exact(&mut body).await.ok()?;
        let (answer, answered) = oneshot::channel();
        letters.send(Letter { headers, body: String::from_utf8(body).unwrap(), answer }).await.ok()?;
        stream.write_all(answered.await.ok()?.as_bytes()).await.ok()?;
    }
}
