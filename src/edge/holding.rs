//! The answer that opens a socket is held back, and goes out with the first frame: one write less for each sign-in,
//! of the dearest that it takes. The first frame comes once the sign-in is kept, or with why it is not.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};

use bytes::Bytes;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// A stream that holds back what is written to it from the moment on at which something is `opening`.
#[derive(Debug)]
pub struct Holding<S, T> {
    stream: S,
    opening: Arc<OnceLock<T>>,
    held: Vec<u8>,
}

impl<S, T> Holding<S, T> {
    /// Writes to `stream` until this is set.
    pub fn of(stream: S, opening: Arc<OnceLock<T>>) -> Self {
        Self { stream, opening, held: Vec::new() }
    }

    /// The bare stream, and what is still to be written to it.
    pub fn into_parts(self) -> (S, Bytes) {
        (self.stream, self.held.into())
    }
}

impl<S: AsyncRead + Unpin, T> AsyncRead for Holding<S, T> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl<S: AsyncWrite + Unpin, T> AsyncWrite for Holding<S, T> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        if self.opening.get().is_none() {
            return Pin::new(&mut self.stream).poll_write(cx, bytes);
        }
        self.held.extend_from_slice(bytes);
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        if self.opening.get().is_none() {
            return Pin::new(&mut self.stream).poll_write_vectored(cx, slices);
        }
        let before = self.held.len();
        slices.iter().for_each(|slice| self.held.extend_from_slice(slice));
        Poll::Ready(Ok(self.held.len() - before))
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

    use super::*;

    #[tokio::test]
    async fn what_is_written_once_a_socket_opens_is_held_back() {
        let (hub, mut client) = duplex(1_024);
        let opening = Arc::new(OnceLock::new());
        let mut stream = Holding::of(hub, opening.clone());
        stream.write_all(b"an answer").await.unwrap();
        opening.set(()).unwrap();
        stream.write_all(b"101 ").await.unwrap();
        let slices = [IoSlice::new(b"Switching"), IoSlice::new(b" Protocols")];
        assert_eq!(stream.write_vectored(&slices).await.unwrap(), 19);
        let (hub, held) = stream.into_parts();
        assert_eq!(held, "101 Switching Protocols");
        drop(hub);
        let mut heard = String::new();
        client.read_to_string(&mut heard).await.unwrap();
        assert_eq!(heard, "an answer");
    }
}
