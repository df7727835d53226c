//! The bytes of a connection, both ways: TCP, or a [pipe in memory](memory), behind which TLS is taken off, or a
//! client of a simulation.

pub mod memory;

use std::fmt;
use std::io::{self, IoSlice};
use std::net::{IpAddr, Ipv4Addr};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use socket2::SockRef;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};

/// A connection before it is known what will be spoken over it.
#[derive(Debug)]
#[allow(missing_docs, reason = "each is the thing it names")]
pub enum Stream {
    Tcp(TcpStream),
    Memory(memory::End),
}

/// Where the other end of a connection is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Peer {
    /// On this machine, which has many addresses.
    Here(IpAddr),
    /// At this address.
    At(IpAddr),
    /// Nowhere any more.
    Gone,
}

impl Peer {
    /// The one that connects from there.
    #[must_use]
    pub fn of(address: IpAddr) -> Self {
        if address.to_canonical().is_loopback() { Self::Here(address) } else { Self::At(address) }
    }
}

impl fmt::Display for Peer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Here(address) | Self::At(address) => address.fmt(f),
            Self::Gone => f.write_str("nowhere"),
        }
    }
}

impl Stream {
    /// Returns once there is something to read, or nothing will ever be.
    ///
    /// # Errors
    /// Those of the socket.
    pub async fn readable(&self) -> io::Result<()> {
        match self {
            // Not by `TcpStream::readable`, for which one that was just accepted is always ready.
            Self::Tcp(stream) => stream.peek(&mut [0]).await.map(drop),
            Self::Memory(end) => {
                end.readable().await;
                Ok(())
            }
        }
    }

    /// Where the other end is.
    #[must_use]
    pub fn peer(&self) -> Peer {
        match self {
            Self::Tcp(stream) => stream.peer_addr().map_or(Peer::Gone, |peer| Peer::of(peer.ip())),
            Self::Memory(end) => Peer::of(end.client().unwrap_or(Ipv4Addr::LOCALHOST.into())),
        }
    }

    pub(super) fn split(self) -> (Reader, Writer) {
        match self {
            Self::Tcp(stream) => {
                let (reader, writer) = stream.into_split();
                (Reader::Tcp(reader), Writer::Tcp(writer))
            }
            Self::Memory(end) => {
                let (reader, writer) = end.split();
                (Reader::Memory(reader), Writer::Memory(writer))
            }
        }
    }
}

impl From<TcpStream> for Stream {
    fn from(stream: TcpStream) -> Self {
        Self::Tcp(stream)
    }
}

impl AsyncRead for Stream {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Tcp(stream) => Pin::new(stream).poll_read(cx, buffer),
            Self::Memory(end) => Pin::new(end).poll_read(cx, buffer),
        }
    }
}

impl AsyncWrite for Stream {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Tcp(stream) => Pin::new(stream).poll_write(cx, bytes),
            Self::Memory(end) => Pin::new(end).poll_write(cx, bytes),
        }
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Tcp(stream) => Pin::new(stream).poll_write_vectored(cx, slices),
            Self::Memory(end) => Pin::new(end).poll_write_vectored(cx, slices),
        }
    }

    fn is_write_vectored(&self) -> bool {
        match self {
            Self::Tcp(stream) => stream.is_write_vectored(),
            Self::Memory(end) => end.is_write_vectored(),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Tcp(stream) => Pin::new(stream).poll_flush(cx),
            Self::Memory(end) => Pin::new(end).poll_flush(cx),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Tcp(stream) => Pin::new(stream).poll_shutdown(cx),
            Self::Memory(end) => Pin::new(end).poll_shutdown(cx),
        }
    }
}

/// The half that is read.
#[derive(Debug)]
pub(super) enum Reader {
    Tcp(OwnedReadHalf),
    Memory(memory::Reader),
}

impl AsyncRead for Reader {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Tcp(reader) => Pin::new(reader).poll_read(cx, buffer),
            Self::Memory(reader) => Pin::new(reader).poll_read(cx, buffer),
        }
    }
}

/// The half that is written, by whoever has something to say. No method waits but [`Writer::writable`].
#[derive(Debug)]
pub(super) enum Writer {
    Tcp(OwnedWriteHalf),
    Memory(memory::Writer),
}

impl Writer {
    /// Writes as much as is taken at once.
    ///
    /// Writes to the socket directly, because the runtime's readiness check costs a cache miss: with a
    /// thousand sockets, a quarter of what a write costs besides the kernel. The task that waits for a
    /// blocked socket does ask the runtime, whose own try then finds that it is blocked.
    pub(super) fn write_at_once(&self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Tcp(writer) => SockRef::from(writer.as_ref()).send(bytes),
            Self::Memory(writer) => writer.try_write(bytes),
        }
    }

    /// Writes as much as is taken, once the stream was found writable.
    pub(super) fn try_write(&self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
        match (self, slices) {
            (Self::Tcp(writer), [one]) => writer.try_write(one),
            (Self::Tcp(writer), several) => writer.try_write_vectored(several),
            (Self::Memory(writer), slices) => writer.try_write(slices.first().map_or(&[], |first| first)),
        }
    }

    pub(super) async fn writable(&self) -> io::Result<()> {
        match self {
            Self::Tcp(writer) => writer.writable().await,
            Self::Memory(writer) => {
                writer.writable().await;
                Ok(())
            }
        }
    }

    /// Tells the peer that nothing follows. An error would say that the peer was faster.
    pub(super) fn say_no_more(&self) {
        match self {
            Self::Tcp(writer) => drop(SockRef::from(writer.as_ref()).shutdown(std::net::Shutdown::Write)),
            Self::Memory(writer) => writer.end(),
        }
    }

    /// Ends both ways. An error would say that the peer was faster.
    pub(super) fn end_both(&self) {
        match self {
            Self::Tcp(writer) => drop(SockRef::from(writer.as_ref()).shutdown(std::net::Shutdown::Both)),
            Self::Memory(writer) => writer.end_both(),
        }
    }

    /// Lets the kernel forget what it still holds for a peer that does not read: should it read again,
    /// it finds the connection reset.
    pub(super) fn forget_unread(&self) {
        match self {
            Self::Tcp(writer) => drop(SockRef::from(writer.as_ref()).set_linger(Some(Duration::ZERO))),
            Self::Memory(writer) => writer.forget_unread(),
        }
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt;
    use tokio::io::AsyncWriteExt;
    use tokio::net::TcpListener;

    use super::*;

    #[tokio::test]
    async fn a_connection_is_readable_once_its_client_speaks_or_leaves_and_not_before() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        for speaks in [true, false] {
            let mut client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
            let stream = Stream::from(listener.accept().await.unwrap().0);
            assert!(stream.readable().now_or_never().is_none());
            if speaks {
                client.write_all(b"x").await.unwrap();
            } else {
                drop(client);
            }
            stream.readable().await.unwrap();
        }
    }
}
