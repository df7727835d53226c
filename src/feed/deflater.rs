//! Deflates frames (RFC 1951) for the watchers that take them so.
//!
//! There is one for the whole feed, with the one compressor. It remembers nothing of a stream: what a piece may refer
//! back to is given with it. So a stream that is shared by many costs its last few kilobytes and not a compressor of
//! a quarter of a megabyte, and may go on in several ways.
//!
//! A frame of 13 changes takes some 30 µs and one of 64 kB, the largest, 0.2 ms (`cargo bench --bench hot -- deflating`,
//! `docs/performance.md`). So nothing is deflated on another thread: handing it over takes as long.

use std::collections::VecDeque;
use std::time::Duration;

use bytes::Bytes;
use flate2::{Compress, CompressError, Compression, FlushCompress, Status};
use tokio::time::Instant;

use crate::sessions::frame::{self, Builder};
use crate::telemetry::metrics::FeedMetrics;

/// By the same bench: a higher one takes half as long again for no fewer bytes, and 1 takes a third more bytes.
const LEVEL: Compression = Compression::new(4);
/// Frames kept as they were deflated, for others who are sent the same: as many as a snapshot keeps parts.
const WHOLES_KEPT: usize = 32;
/// Fewer watchers than these are few: deflating a frame for them takes longer than writing it to them as a text.
pub(super) const MANY: usize = 8;
/// Once deflating took so much of such a span, frames for few go out as texts. Whoever watches much that nobody else
/// does, or asks for one snapshot after the other, would keep all boards waiting.
const SPAN: Duration = Duration::from_millis(100);
const AT_MOST: Duration = Duration::from_millis(20);
/// Bytes by which the room for a frame grows when it was too small.
const ROOM: usize = 1024;

/// Byte 0 of a binary frame that is deflated by itself.
const WHOLE: u8 = 0;

/// Deflates frames.
#[derive(Debug)]
pub(super) struct Deflater {
    /// None until somebody needs it.
    compress: Option<Compress>,
    /// Frames of text, and what they became.
    wholes: VecDeque<(Bytes, Bytes)>,
    spent: Spent,
    metrics: FeedMetrics,
}

/// How long deflating took of the newest span.
#[derive(Debug)]
struct Spent {
    since: Instant,
    time: Duration,
}

impl Deflater {
    pub(super) fn new(metrics: FeedMetrics) -> Self {
        let spent = Spent { since: Instant::now(), time: Duration::ZERO };
        Self { compress: None, wholes: VecDeque::new(), spent, metrics }
    }

    /// Whether a frame is deflated that so many share.
    pub(super) fn has_time_for(&mut self, watchers: usize) -> bool {
        let now = Instant::now();
        if now.saturating_duration_since(self.spent.since) >= SPAN {
            self.spent = Spent { since: now, time: Duration::ZERO };
        }
        watchers >= MANY || self.spent.time < AT_MOST
    }

    /// A frame of text deflated by itself, or as it is if it would not be shorter or there is no time. Made once for all
    /// who are sent the same frame.
    pub(super) fn whole(&mut self, text: &Bytes) -> Bytes {
        let is_same = |of: &Bytes| of.as_ptr() == text.as_ptr() && of.len() == text.len();
        if let Some((_, whole)) = self.wholes.iter().find(|(of, _)| is_same(of)) {
            return whole.clone();
        }
        if !self.has_time_for(1) {
            return text.clone();
        }
        let whole = self.deflate(&[WHOLE], &[], text, FlushCompress::Finish);
        let whole = whole.ok().filter(|whole| whole.len() < text.len()).unwrap_or_else(|| text.clone());
        self.wholes.truncate(WHOLES_KEPT - 1);
        self.wholes.push_front((text.clone(), whole.clone()));
        whole
    }

    /// A frame of text as the next piece of a stream, behind these first bytes. It may refer back to `before`, the last
    /// of what the stream has said.
    pub(super) fn piece(&mut self, head: &[u8], before: &[u8], text: &Bytes) -> Result<Bytes, CompressError> {
        self.deflate(head, before, text, FlushCompress::Sync)
    }

    /// This was sent for that frame of text.
    pub(super) fn sent(&self, sent: &Bytes, text: &Bytes) {
        self.metrics.deflated(sent.len(), text.len());
    }

    /// Deflating took all of its time.
    #[cfg(test)]
    pub(super) fn is_out_of_time(&mut self) {
        self.spent = Spent { since: Instant::now(), time: AT_MOST };
    }

    /// Whether anybody needed it yet.
    #[cfg(test)]
    pub(super) fn is_used(&self) -> bool {
        self.compress.is_some()
    }

    fn deflate(
        &mut self,
        head: &[u8],
        before: &[u8],
        text: &Bytes,
        flush: FlushCompress,
    ) -> Result<Bytes, CompressError> {
        let began = Instant::now();
        let compress = self.compress.get_or_insert_with(|| Compress::new(LEVEL, false));
        compress.reset();
        if !before.is_empty() {
            compress.set_dictionary(before)?;
        }
        let said = frame::payload(text);
        let mut builder = Builder::with_capacity(head.len() + said.len() / 4 + ROOM);
        builder.payload().extend_from_slice(head);
        take_in(compress, said, builder.payload(), FlushCompress::None)?;
        take_in(compress, b"\n", builder.payload(), flush)?;
        self.spent.time += began.elapsed();
        Ok(builder.finish_binary())
    }
}

fn take_in(
    compress: &mut Compress,
    mut input: &[u8],
    output: &mut Vec<u8>,
    flush: FlushCompress,
) -> Result<(), CompressError> {
    loop {
        let before = compress.total_in();
        let status = compress.compress_vec(input, output, flush)?;
        let taken = usize::try_from(compress.total_in() - before).unwrap_or(input.len());
        input = input.get(taken..).unwrap_or_default();
        // It is done once room is left; zlib asks for that.
        if status == Status::StreamEnd || (input.is_empty() && output.len() < output.capacity()) {
            return Ok(());
        }
        output.reserve(ROOM);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn frames_for_few_are_texts_once_deflating_took_its_part_of_the_time() {
        let mut deflater = Deflater::new(FeedMetrics::default());
        let text = |agent: &str| frame::text(agent.repeat(100).as_bytes());
        assert!(deflater.whole(&text("a")).len() < text("a").len());

        deflater.is_out_of_time();
        let (known, new) = (text("b"), text("c"));
        deflater.wholes.push_front((known.clone(), text("short")));
        assert_eq!(deflater.whole(&new), new);
        assert_eq!(deflater.whole(&known), text("short"), "what is made costs nothing");
        assert!(deflater.has_time_for(MANY) && !deflater.has_time_for(MANY - 1));

        tokio::time::advance(SPAN).await;
        assert!(deflater.whole(&new).len() < new.len());
    }
}
