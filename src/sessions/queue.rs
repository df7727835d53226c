//! Frames that a socket did not take yet, in order. All are whole, but for the first, of which the peer may
//! already have the beginning.

use std::collections::VecDeque;
use std::io::{self, IoSlice};

use bytes::{Buf, Bytes};
use prometheus_client::metrics::gauge::Gauge;

/// Slices offered to the socket in one write.
const SLICES: usize = 16;

/// Frames that wait for the socket.
#[derive(Debug)]
pub(super) struct Queue {
    frames: VecDeque<Bytes>,
    bytes: usize,
    /// The first frame is the rest of one whose beginning the peer already has.
    begun: bool,
    /// The bytes that wait in all queues.
    all: Gauge,
}

impl Queue {
    /// An empty queue, whose bytes are counted among `all`.
    pub(super) fn counted_by(all: Gauge) -> Self {
        Self { frames: VecDeque::new(), bytes: 0, begun: false, all }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.frames.is_empty()
    }

    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    /// Appends a whole frame, or several.
    pub(super) fn push(&mut self, frame: Bytes) {
        self.holds(self.bytes + frame.len());
        self.frames.push_back(frame);
    }

    /// Begins with the rest of a frame of which the peer already has so many bytes.
    pub(super) fn push_rest(&mut self, mut frame: Bytes, written: usize) {
        frame.advance(written);
        self.begun = written > 0;
        self.push(frame);
    }

    /// Forgets every frame that has not begun, so that what follows is still at a border of frames.
    pub(super) fn keep_only_begun(&mut self) {
        self.frames.truncate(usize::from(self.begun));
        self.holds(self.frames.iter().map(Bytes::len).sum());
    }

    pub(super) fn clear(&mut self) {
        self.frames = VecDeque::new();
        self.begun = false;
        self.holds(0);
    }

    /// Writes until the queue is empty or `write` takes no more. Returns whether it took anything.
    pub(super) fn write_with(
        &mut self,
        mut write: impl FnMut(&[IoSlice<'_>]) -> io::Result<usize>,
    ) -> io::Result<bool> {
        let mut progress = false;
        while !self.frames.is_empty() {
            let mut slices = [IoSlice::new(&[]); SLICES];
            let count = self.frames.len().min(SLICES);
            for (slice, frame) in slices.iter_mut().zip(&self.frames) {
                *slice = IoSlice::new(frame);
            }
            match write(&slices[..count]) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(written) => self.took(written),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(progress),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
            progress = true;
        }
        // An idle connection keeps no buffer.
        self.frames = VecDeque::new();
        Ok(progress)
    }

    fn holds(&mut self, bytes: usize) {
        self.all.inc_by(signed(bytes) - signed(self.bytes));
        self.bytes = bytes;
    }

    fn took(&mut self, mut written: usize) {
        self.holds(self.bytes - written);
        while let Some(front) = self.frames.front_mut().filter(|_| written > 0) {
            if front.len() > written {
                front.advance(written);
                self.begun = true;
                return;
            }
            written -= front.len();
            self.begun = false;
            self.frames.pop_front();
        }
        debug_assert_eq!(self.bytes, self.frames.iter().map(Bytes::len).sum::<usize>(), "bytes are counted");
    }
}

impl Drop for Queue {
    fn drop(&mut self) {
        self.holds(0);
    }
}

fn signed(bytes: usize) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forgetting_keeps_the_rest_of_the_frame_that_began() {
        let all = Gauge::default();
        let mut queue = Queue::counted_by(all.clone());
        for frame in ["first", "second", "third"] {
            queue.push(Bytes::from_static(frame.as_bytes()));
        }
        let mut room = 7;
        let refuse_after_seven = |slices: &[IoSlice<'_>]| {
            let take = slices.iter().map(|slice| slice.len()).sum::<usize>().min(room);
            room -= take;
            if take == 0 { Err(io::ErrorKind::WouldBlock.into()) } else { Ok(take) }
        };
        assert!(queue.write_with(refuse_after_seven).unwrap());
        assert_eq!(queue.bytes(), 9);
        assert_eq!(all.get(), 9);
        queue.keep_only_begun();
        assert_eq!(all.get(), 4);
        let mut rest = Vec::new();
        queue
            .write_with(|slices| {
                rest.extend_from_slice(&slices[0]);
                Ok(slices[0].len())
            })
            .unwrap();
        assert_eq!(rest, b"cond");
        assert!(queue.is_empty());
        queue.push(Bytes::from_static(b"unsent"));
        drop(queue);
        assert_eq!(all.get(), 0);
    }
}
