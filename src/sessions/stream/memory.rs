//! A connection without a network: two ends of a pipe in memory, each way bounded in bytes.
//!
//! For what comes over TLS, which another thread takes off, and for the simulation of the whole hub. Nothing here takes time or depends on the kernel, so a run
//! with the same seed is the same run.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::io;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use parking_lot::{Mutex, MutexGuard};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// An empty way keeps room for so many bytes.
const KEPT_BYTES: usize = 1_024;

/// A connection: what is written to the one end is read from the other. Each way holds at most
/// `capacity` bytes; beyond that a writer is blocked, as by a peer that does not read.
#[must_use]
pub fn connection(capacity: usize) -> (End, End) {
    let [there, back] = [Way::new(capacity), Way::new(capacity)];
    let end = |from: &Arc<Way>, out: &Arc<Way>| End {
        reader: Reader(from.clone()),
        writer: Writer { out: out.clone(), back: from.clone() },
        client: None,
    };
    (end(&back, &there), end(&there, &back))
}

/// One end of a connection. Dropping it ends both ways.
#[derive(Debug)]
pub struct End {
    reader: Reader,
    writer: Writer,
    client: Option<IpAddr>,
}

/// The half that is read. Dropping it resets what the peer still writes.
#[derive(Debug)]
pub struct Reader(Arc<Way>);

/// The half that is written. Dropping it tells the peer that nothing follows.
#[derive(Debug)]
pub struct Writer {
    out: Arc<Way>,
    back: Arc<Way>,
}

/// One way of a connection.
#[derive(Debug)]
struct Way {
    capacity: usize,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    bytes: VecDeque<u8>,
    /// Nothing more is written.
    ended: bool,
    /// Nothing more is read.
    reset: bool,
    reader: Option<Waker>,
    writer: Option<Waker>,
}

impl Way {
    fn is_readable(state: &State) -> bool {
        !state.bytes.is_empty() || state.ended || state.reset
    }

    fn new(capacity: usize) -> Arc<Self> {
        Arc::new(Self { capacity, state: Mutex::default() })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock()
    }

    fn end(&self) {
        let mut state = self.state();
        state.ended = true;
        state.wake();
    }

    fn reset(&self) {
        let mut state = self.state();
        state.reset = true;
        state.bytes.clear();
        state.wake();
    }

    fn try_write(&self, bytes: &[u8]) -> io::Result<usize> {
        let mut state = self.state();
        if state.ended || state.reset {
            return Err(io::ErrorKind::BrokenPipe.into());
        }
        let room = self.capacity.saturating_sub(state.bytes.len()).min(bytes.len());
        if room == 0 && !bytes.is_empty() {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        state.bytes.extend(&bytes[..room]);
        if let Some(reader) = state.reader.take() {
            reader.wake();
        }
        Ok(room)
    }

    fn poll_writable(&self, cx: &Context<'_>) -> Poll<()> {
        let mut state = self.state();
        if state.bytes.len() < self.capacity || state.ended || state.reset {
            return Poll::Ready(());
        }
        state.writer = Some(cx.waker().clone());
        Poll::Pending
    }

    fn poll_readable(&self, cx: &Context<'_>) -> Poll<()> {
        let mut state = self.state();
        if Self::is_readable(&state) {
            return Poll::Ready(());
        }
        state.reader = Some(cx.waker().clone());
        Poll::Pending
    }

    fn read(&self, buffer: &mut ReadBuf<'_>) -> io::Result<()> {
        let mut state = self.state();
        if state.reset {
            return Err(io::ErrorKind::ConnectionReset.into());
        }
        let many = state.bytes.len().min(buffer.remaining());
        let (front, back) = state.bytes.as_slices();
        let from_front = many.min(front.len());
        buffer.put_slice(&front[..from_front]);
        buffer.put_slice(&back[..many - from_front]);
        state.bytes.drain(..many);
        // What a large frame took is not kept for as long as the connection lives.
        if state.bytes.is_empty() && state.bytes.capacity() > KEPT_BYTES {
            state.bytes = VecDeque::new();
        }
        if let Some(writer) = state.writer.take() {
            writer.wake();
        }
        Ok(())
    }
}

impl State {
    fn wake(&mut self) {
        for waker in [self.reader.take(), self.writer.take()].into_iter().flatten() {
            waker.wake();
        }
    }
}

impl End {
    /// The same, of a client at this address whose bytes it passes on.
    #[must_use]
    pub fn of_client(self, client: Option<IpAddr>) -> Self {
        Self { client, ..self }
    }

    /// The address of the client whose bytes it passes on, if there is one.
    #[must_use]
    pub fn client(&self) -> Option<IpAddr> {
        self.client
    }

    /// The two halves.
    #[must_use]
    pub fn split(self) -> (Reader, Writer) {
        (self.reader, self.writer)
    }

    /// Reads what is there: nothing at the end.
    ///
    /// # Errors
    /// `WouldBlock`, or `ConnectionReset`.
    pub fn try_read(&self, buffer: &mut [u8]) -> io::Result<usize> {
        if !Way::is_readable(&self.reader.0.state()) {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        let mut buffer = ReadBuf::new(buffer);
        self.reader.0.read(&mut buffer)?;
        Ok(buffer.filled().len())
    }

    /// Writes as much as there is room for.
    ///
    /// # Errors
    /// `WouldBlock`, or `BrokenPipe` once either side has ended this way.
    pub fn try_write(&self, bytes: &[u8]) -> io::Result<usize> {
        self.writer.try_write(bytes)
    }

    /// Breaks the connection: each side finds it reset.
    pub fn break_off(&self) {
        self.writer.forget_unread();
        self.reader.0.reset();
    }

    /// Returns once there is something to read, or nothing will ever be.
    pub async fn readable(&self) {
        poll_fn(|cx| self.reader.0.poll_readable(cx)).await;
    }
}

impl Writer {
    /// Writes as much as there is room for.
    ///
    /// # Errors
    /// `WouldBlock`, or `BrokenPipe` once either side has ended this way.
    pub fn try_write(&self, bytes: &[u8]) -> io::Result<usize> {
        self.out.try_write(bytes)
    }

    /// Returns once there is room, or there will never be.
    pub async fn writable(&self) {
        poll_fn(|cx| self.out.poll_writable(cx)).await;
    }

    /// Nothing follows.
    pub fn end(&self) {
        self.out.end();
    }

    /// Nothing follows, and nothing more is taken.
    pub fn end_both(&self) {
        self.out.end();
        self.back.reset();
    }

    /// The peer finds the connection reset instead of what it has not read.
    pub fn forget_unread(&self) {
        self.out.reset();
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        self.0.reset();
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.out.end();
    }
}

impl AsyncRead for Reader {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match self.0.poll_readable(cx) {
            Poll::Ready(()) => Poll::Ready(self.0.read(buffer)),
            Poll::Pending => Poll::Pending,
        }
    }
}

impl AsyncRead for End {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.reader).poll_read(cx, buffer)
    }
}

impl AsyncWrite for End {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match self.writer.out.poll_writable(cx) {
            Poll::Ready(()) => Poll::Ready(self.writer.try_write(bytes)),
            Poll::Pending => Poll::Pending,
        }
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.writer.end();
        Poll::Ready(Ok(()))
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    #[tokio::test]
    async fn a_full_way_blocks_its_writer_until_the_other_end_reads() {
        let (mut hub, mut client) = connection(4);
        assert_eq!(hub.writer.try_write(b"abcdef").unwrap(), 4);
        assert_eq!(hub.writer.try_write(b"ef").unwrap_err().kind(), io::ErrorKind::WouldBlock);
        let writing = tokio::spawn(async move { hub.write_all(b"ef").await.map(|()| hub) });
        let mut read = [0; 6];
        client.read_exact(&mut read).await.unwrap();
        assert_eq!(&read, b"abcdef");
        drop(writing.await.unwrap().unwrap());
        assert_eq!(client.read(&mut read).await.unwrap(), 0);
        assert_eq!(client.write(b"x").await.unwrap_err().kind(), io::ErrorKind::BrokenPipe);
    }

    #[tokio::test]
    async fn what_was_written_before_the_end_is_still_read() {
        let (hub, mut client) = connection(16);
        let (_reader, writer) = hub.split();
        writer.try_write(b"bye").unwrap();
        writer.end();
        let mut read = Vec::new();
        client.read_to_end(&mut read).await.unwrap();
        assert_eq!(read, b"bye");
    }
}
