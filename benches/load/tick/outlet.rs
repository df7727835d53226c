//! A connection's stream as its two writers share it: the room's frames, and the protocol's pongs.
//!
//! Both write whole frames, and what the socket refuses waits in one queue, so they never interleave.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::io::{self, ErrorKind};
use std::net::Shutdown;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use bytes::{Buf, Bytes};
use socket2::SockRef;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};

/// What may wait for a socket that does not take it. Beyond it the connection is dropped.
const MAX_WAITING_BYTES: usize = 4 * 1024 * 1024;

/// The one way out of a connection.
pub struct Outlet {
    stream: OwnedWriteHalf,
    waiting: RefCell<Waiting>,
}

/// What the socket did not take, in order.
#[derive(Default)]
struct Waiting {
    frames: VecDeque<Bytes>,
    bytes: usize,
}

impl Outlet {
    /// Writes what the socket takes at once. The rest follows when it takes more.
    pub fn send(self: &Rc<Self>, mut frame: Bytes) {
        let mut waiting = self.waiting.borrow_mut();
        if waiting.frames.is_empty() {
            match self.stream.try_write(&frame) {
                Ok(written) => frame.advance(written),
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                Err(_) => return self.shut(),
            }
            if frame.is_empty() {
                return;
            }
            tokio::task::spawn_local(catch_up(self.clone()));
        }
        waiting.bytes += frame.len();
        waiting.frames.push_back(frame);
        if waiting.bytes > MAX_WAITING_BYTES {
            *waiting = Waiting::default();
            self.shut();
        }
    }

    /// Ends the connection; what waits is dropped.
    pub fn end(&self) {
        self.waiting.take();
        self.shut();
    }

    /// Wakes who reads from the socket, and who waits to write to it.
    fn shut(&self) {
        // An error here says that the peer was faster.
        drop(SockRef::from(self.stream.as_ref()).shutdown(Shutdown::Both));
    }

    /// Writes until nothing waits, or the socket takes no more. Returns whether something waits.
    fn write_waiting(&self) -> io::Result<bool> {
        let mut waiting = self.waiting.borrow_mut();
        while let Some(frame) = waiting.frames.front_mut() {
            match self.stream.try_write(frame) {
                Ok(written) => {
                    frame.advance(written);
                    if frame.is_empty() {
                        waiting.frames.pop_front();
                    }
                    waiting.bytes -= written;
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(true),
                Err(error) => return Err(error),
            }
        }
        // A connection that keeps up keeps no queue.
        waiting.frames = VecDeque::new();
        Ok(false)
    }
}

/// Writes what waits as the socket takes it.
async fn catch_up(outlet: Rc<Outlet>) {
    loop {
        let something_waits = match outlet.stream.writable().await {
            Ok(()) => outlet.write_waiting(),
            Err(error) => Err(error),
        };
        match something_waits {
            Ok(true) => {}
            Ok(false) => return,
            Err(_) => return outlet.end(),
        }
    }
}

/// The end of a stream that the WebSocket protocol runs over.
pub struct Socket {
    reader: OwnedReadHalf,
    outlet: Rc<Outlet>,
}

impl Socket {
    /// Both ends of a connection.
    pub fn new(stream: TcpStream) -> (Self, Rc<Outlet>) {
        let (reader, stream) = stream.into_split();
        let outlet = Rc::new(Outlet { stream, waiting: RefCell::default() });
        (Self { reader, outlet: outlet.clone() }, outlet)
    }
}

impl AsyncRead for Socket {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.reader).poll_read(cx, buffer)
    }
}

impl AsyncWrite for Socket {
    fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, frames: &[u8]) -> Poll<io::Result<usize>> {
        self.outlet.send(Bytes::copy_from_slice(frames));
        Poll::Ready(Ok(frames.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}
