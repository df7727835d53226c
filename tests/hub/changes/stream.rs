//! A reader of Server-Sent Events, as the standard says it.

use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

use crate::harness::{Hub, within};

/// A stream of changes.
pub struct EventStream {
    reader: BufReader<TcpStream>,
    text: String,
    retry: Option<u64>,
}

/// An event that came.
#[derive(Debug)]
pub struct Event {
    pub name: String,
    pub id: String,
    pub data: Value,
}

impl EventStream {
    /// Opens a stream, which has to be answered with one.
    pub async fn open(hub: &Hub, token: &str, query: &str, last: Option<&str>) -> Self {
        let last = last.map(|id| format!("last-event-id: {id}\r\n")).unwrap_or_default();
        let request = format!(
            "GET /api/v1/changes{query} HTTP/1.1\r\nhost: {}\r\naccept: text/event-stream\r\n\
             authorization: Bearer {token}\r\n{last}\r\n",
            hub.address()
        );
        let mut stream = TcpStream::connect(hub.address()).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut reader = BufReader::new(stream);
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            assert!(within(reader.read_line(&mut head)).await.unwrap() > 0, "{head}");
        }
        let head = head.to_lowercase();
        assert!(head.starts_with("http/1.1 200") && head.contains("content-type: text/event-stream"), "{head}");
        assert!(head.contains("transfer-encoding: chunked") && head.contains("cache-control: no-store"), "{head}");
        Self { reader, text: String::new(), retry: None }
    }

    /// The next event of this name; others are passed over.
    pub async fn next(&mut self, name: &str) -> Event {
        loop {
            let event = self.read().await.unwrap_or_else(|| panic!("the stream ended before `{name}`"));
            if event.name == name {
                return event;
            }
        }
    }

    /// Everything up to the end of the stream.
    pub async fn rest(&mut self) -> Vec<Event> {
        let mut rest = Vec::new();
        while let Some(event) = self.read().await {
            rest.push(event);
        }
        rest
    }

    /// After how many milliseconds the client is to come back.
    pub fn come_back_after(&self) -> Option<u64> {
        self.retry
    }

    async fn read(&mut self) -> Option<Event> {
        loop {
            while let Some((block, rest)) = self.text.split_once("\n\n") {
                let (block, rest) = (block.to_owned(), rest.to_owned());
                self.text = rest;
                let field = |name: &str| block.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
                if let Some(retry) = field("retry") {
                    self.retry = Some(retry.parse().unwrap());
                }
                if let Some(data) = field("data") {
                    let (name, id) = (field("event").unwrap().to_owned(), field("id").unwrap().to_owned());
                    return Some(Event { name, id, data: serde_json::from_str(data).unwrap() });
                }
            }
            let chunk = self.chunk().await?;
            self.text.push_str(&chunk);
        }
    }

    /// A chunk of the body; none at its end.
    async fn chunk(&mut self) -> Option<String> {
        let mut size = String::new();
        within(self.reader.read_line(&mut size)).await.unwrap();
        let size = usize::from_str_radix(size.trim(), 16).unwrap();
        let mut chunk = vec![0; size + 2];
        within(self.reader.read_exact(&mut chunk)).await.unwrap();
        chunk.truncate(size);
        (size > 0).then(|| String::from_utf8(chunk).unwrap())
    }
}
