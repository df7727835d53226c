//! The longest of what was lately seen.

use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use prometheus_client::encoding::{EncodeMetric, MetricEncoder};
use prometheus_client::metrics::{MetricType, TypedMetric};
use tokio::time::Instant;

/// How long a span is that is forgotten as one.
const SPAN: Duration = Duration::from_secs(10);
/// How many of them are remembered: a minute, and the one that runs.
const SPANS: usize = 7;

/// The longest that was seen in the last minute: a gauge that whoever asks once a minute misses nothing
/// by, and that two who ask do not take from each other.
#[derive(Clone, Debug)]
pub struct Longest {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    began: Instant,
    spans: Mutex<[Span; SPANS]>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Span {
    number: u64,
    longest: Duration,
}

impl Default for Longest {
    fn default() -> Self {
        Self { shared: Arc::new(Shared { began: Instant::now(), spans: Mutex::default() }) }
    }
}

impl Longest {
    /// So long, this time.
    pub fn took(&self, time: Duration) {
        let number = self.number();
        let span = &mut self.shared.spans.lock()[usize::try_from(number).unwrap_or_default() % SPANS];
        if span.number != number {
            *span = Span { number, longest: Duration::ZERO };
        }
        span.longest = span.longest.max(time);
    }

    /// The longest of the last minute.
    #[must_use]
    pub fn longest(&self) -> Duration {
        let number = self.number();
        let spans = self.shared.spans.lock();
        let recent = spans.iter().filter(|span| span.number + SPANS as u64 > number);
        recent.map(|span| span.longest).max().unwrap_or_default()
    }

    /// The number of the span that runs.
    fn number(&self) -> u64 {
        self.shared.began.elapsed().as_secs() / SPAN.as_secs()
    }
}

impl TypedMetric for Longest {
    const TYPE: MetricType = MetricType::Gauge;
}

impl EncodeMetric for Longest {
    fn encode(&self, mut encoder: MetricEncoder<'_>) -> std::fmt::Result {
        encoder.encode_gauge(&self.longest().as_secs_f64())
    }

    fn metric_type(&self) -> MetricType {
        Self::TYPE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn the_longest_is_told_for_a_minute_and_then_forgotten() {
        let longest = Longest::default();
        let passes = |seconds| tokio::time::advance(Duration::from_secs(seconds));
        passes(3).await;
        longest.took(Duration::from_millis(40));
        longest.took(Duration::from_millis(7));
        passes(60).await;
        longest.took(Duration::from_millis(2));
        assert_eq!(longest.longest(), Duration::from_millis(40));
        passes(10).await;
        assert_eq!(longest.longest(), Duration::from_millis(2));
        passes(70).await;
        assert_eq!(longest.longest(), Duration::ZERO);
    }
}
