//! The end of a stream that the WebSocket protocol runs over.
//!
//! Reading is plain. Whatever the protocol writes goes through the connection's
//! [`Outlet`](super::Outlet), so that its pongs and the hub's frames never interleave.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};

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
    /// Bytes that were read since a whole message was there, and how many that may be. A message may come in any
    /// number of frames, even empty ones, of which the protocol tells nothing.
    unheard: usize,
    most_unheard: usize,
    /// Bytes that were read since others were served, and after how many they are.
    in_a_row: usize,
    most_in_a_row: usize,
}

/// What a message may have more in the heads of its frames and in what is read ahead of it, than it has in bytes.
pub const IN_PIECES: usize = 64 * 1024;

impl Socket {
    pub(super) fn new(reader: Reader, writer: Arc<SharedWriter>) -> Self {
        Self {
            reader: Some(reader),
            writer,
            unheard: 0,
            most_unheard: usize::MAX,
            in_a_row: 0,
            most_in_a_row: usize::MAX,
        }
    }

    /// A whole message was heard.
    pub fn heard(&mut self) {
        self.unheard = 0;
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
    /// What is read at once; the buffer is kept for as long as the connection lives.
    fn buffer_bytes(self) -> usize {
        match self {
            Self::Requests => 512,
            Self::Batches => 16 * 1024,
        }
    }

    /// What is read before others are served. The protocol reads on for as long as there is no whole message, and
    /// 4 kB can be seven hundred pieces of one.
    fn bytes_in_a_row(self) -> usize {
        match self {
            Self::Requests => 4 * 1024,
            Self::Batches => 16 * 1024,
        }
    }
}

/// Speaks the protocol as a server over a socket whose handshake is done. `leftover` is what was
/// read behind the handshake.
pub async fn websocket(
    mut socket: Socket,
    leftover: Vec<u8>,
    reading: Reading,
    max_frame_bytes: usize,
) -> WebSocketStream<Socket> {
    socket.most_unheard = max_frame_bytes.saturating_add(IN_PIECES);
    socket.most_in_a_row = reading.bytes_in_a_row();
    let config = WebSocketConfig::default()
        .read_buffer_size(reading.buffer_bytes())
        .write_buffer_size(0)
        .max_write_buffer_size(PROTOCOL_BUFFER_BYTES)
        .max_message_size(Some(max_frame_bytes))
        .max_frame_size(Some(max_frame_bytes));
    WebSocketStream::from_partially_read(socket, leftover, Role::Server, Some(config)).await
}

impl AsyncRead for Socket {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        self.writer.reader.register(cx.waker());
        if self.writer.is_dead() {
            return Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into()));
        }
        if self.unheard > self.most_unheard {
            return Poll::Ready(Err(io::ErrorKind::FileTooLarge.into()));
        }
        if self.in_a_row >= self.most_in_a_row {
            self.in_a_row = 0;
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        let before = buffer.filled().len();
        let Some(reader) = &mut self.reader else { return Poll::Ready(Ok(())) };
        let polled = Pin::new(reader).poll_read(cx, buffer);
        let read = buffer.filled().len() - before;
        if read > 0 {
            self.unheard += read;
            self.in_a_row += read;
            self.writer.hear();
        } else {
            self.in_a_row = 0;
        }
        polled
    }
}

impl AsyncWrite for Socket {
    fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, frames: &[u8]) -> Poll<io::Result<usize>> {
        Poll::Ready(self.writer.send_of_protocol(frames))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.end();
        Poll::Ready(Ok(()))
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.end();
    }
}
