//! The end of a stream that the WebSocket protocol runs over.
//!
//! Reading is plain. Whatever the protocol writes goes through the connection's
//! [`Outlet`](super::Outlet), so that its pongs and the hub's frames never interleave.

use std::io::{self, Read, Write};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker, ready};

use futures::Stream;
use tokio::io::{AsyncRead, ReadBuf};
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{self, Message, WebSocket};

use super::shared_writer::SharedWriter;
use super::stream::Reader;

/// Pongs and close replies only: the hub's own frames do not pass through the protocol.
const PROTOCOL_BUFFER_BYTES: usize = 64 * 1024;

/// The end of a stream that the WebSocket protocol runs over. Dropping it ends the stream, once
/// what is queued has gone out.
#[derive(Debug)]
pub struct Socket {
    /// None once the protocol has ended the stream.
    reader: Option<Reader>,
    writer: Arc<SharedWriter>,
    /// Who waits for what is read.
    waker: Waker,
    /// Bytes that were read since a whole message was there, and how many that may be. A message may come in any
    /// number of frames, even empty ones, of which the protocol tells nothing.
    unheard: u32,
    most_unheard: u32,
    /// Bytes that were read since others were served, and after how many they are.
    in_a_row: u32,
    most_in_a_row: u32,
}

/// What a message may have more in the heads of its frames and in what is read ahead of it, than it has in bytes.
pub const IN_PIECES: u32 = 64 * 1024;

impl Socket {
    pub(super) fn new(reader: Reader, writer: Arc<SharedWriter>) -> Self {
        Self {
            reader: Some(reader),
            writer,
            waker: Waker::noop().clone(),
            unheard: 0,
            most_unheard: u32::MAX,
            in_a_row: 0,
            most_in_a_row: u32::MAX,
        }
    }

    fn end(&mut self) {
        if let Some(reader) = self.reader.take() {
            self.writer.reader_ended(reader);
        }
    }
}

/// What a client mostly sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// Pongs, and now and then a request of a few hundred bytes.
    Requests,
    /// Batches of events.
    Batches,
}

impl Reading {
    /// What is read at once; the buffer is kept for as long as the connection lives, so for most it is as large as most
    /// requests.
    fn buffer_bytes(self) -> usize {
        match self {
            Self::Requests => 128,
            Self::Batches => 16 * 1024,
        }
    }

    /// What is read before others are served. The protocol reads on for as long as there is no whole message, and
    /// 4 kB can be seven hundred pieces of one.
    fn bytes_in_a_row(self) -> u32 {
        match self {
            Self::Requests => 4 * 1024,
            Self::Batches => 16 * 1024,
        }
    }
}

/// What a client says, message by message. Dropping it ends the stream, as [`Socket`] says.
///
/// Not `tokio_tungstenite::WebSocketStream`, which wakes by proxies of its own whoever waits to write; a socket
/// never waits for that.
#[derive(Debug)]
pub struct Messages {
    protocol: WebSocket<Socket>,
    /// Nothing follows: the connection is closed, or an error was its last.
    ended: bool,
}

/// Speaks the protocol as a server over a socket whose handshake is done. `leftover` is what was
/// read behind the handshake.
#[must_use]
pub fn websocket(mut socket: Socket, leftover: Vec<u8>, reading: Reading, max_frame_bytes: u32) -> Messages {
    socket.most_unheard = max_frame_bytes.saturating_add(IN_PIECES);
    socket.most_in_a_row = reading.bytes_in_a_row();
    let config = WebSocketConfig::default()
        .read_buffer_size(reading.buffer_bytes())
        .write_buffer_size(0)
        .max_write_buffer_size(PROTOCOL_BUFFER_BYTES)
        .max_message_size(Some(max_frame_bytes as usize))
        .max_frame_size(Some(max_frame_bytes as usize));
    let protocol = WebSocket::from_partially_read(socket, leftover, Role::Server, Some(config));
    Messages { protocol, ended: false }
}

impl Stream for Messages {
    type Item = Result<Message, tungstenite::Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.ended {
            return Poll::Ready(None);
        }
        self.protocol.get_mut().is_read_by(cx.waker());
        let read = self.protocol.read();
        match &read {
            Err(tungstenite::Error::Io(error)) if error.kind() == io::ErrorKind::WouldBlock => return Poll::Pending,
            Ok(_) => self.protocol.get_mut().unheard = 0,
            Err(_) => self.ended = true,
        }
        Poll::Ready(match read {
            Err(tungstenite::Error::ConnectionClosed | tungstenite::Error::AlreadyClosed) => None,
            read @ (Ok(_) | Err(_)) => Some(read),
        })
    }
}

impl Socket {
    fn is_read_by(&mut self, waker: &Waker) {
        if !self.waker.will_wake(waker) {
            self.waker.clone_from(waker);
        }
    }

    fn poll_read(&mut self, buffer: &mut [u8]) -> Poll<io::Result<usize>> {
        self.writer.reader.register(&self.waker);
        if self.writer.is_dead() {
            return Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into()));
        }
        if self.unheard > self.most_unheard {
            return Poll::Ready(Err(io::ErrorKind::FileTooLarge.into()));
        }
        if self.in_a_row >= self.most_in_a_row {
            self.in_a_row = 0;
            self.waker.wake_by_ref();
            return Poll::Pending;
        }
        let Some(reader) = &mut self.reader else { return Poll::Ready(Ok(0)) };
        let mut buffer = ReadBuf::new(buffer);
        let polled = Pin::new(reader).poll_read(&mut Context::from_waker(&self.waker), &mut buffer);
        let read = buffer.filled().len();
        if read > 0 {
            let bytes = u32::try_from(read).unwrap_or(u32::MAX);
            self.unheard = self.unheard.saturating_add(bytes);
            self.in_a_row = self.in_a_row.saturating_add(bytes);
            self.writer.hear();
        } else {
            self.in_a_row = 0;
        }
        ready!(polled)?;
        Poll::Ready(Ok(read))
    }
}

impl Read for Socket {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.poll_read(buffer) {
            Poll::Ready(read) => read,
            Poll::Pending => Err(io::ErrorKind::WouldBlock.into()),
        }
    }
}

impl Write for Socket {
    fn write(&mut self, frames: &[u8]) -> io::Result<usize> {
        self.writer.send_of_protocol(frames)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.end();
    }
}
