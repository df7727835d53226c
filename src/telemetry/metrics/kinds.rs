//! Kinds of metrics with their buckets.

use std::sync::atomic::AtomicU64;
use std::time::Duration;

use prometheus_client::encoding::{EncodeMetric, MetricEncoder};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::{MetricType, TypedMetric};

/// A sum of seconds.
pub type Total = Counter<f64, AtomicU64>;

/// From half a commit of a fast disk to what nobody waits for any more.
const SECONDS: [f64; 14] = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0];
/// Up to the engine's largest group.
const SIZES: [f64; 10] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0];

/// How long something took.
#[derive(Clone, Debug)]
pub struct Took(Histogram);

impl Took {
    /// So long, this time.
    pub fn took(&self, time: Duration) {
        self.0.observe(time.as_secs_f64());
    }
}

impl Default for Took {
    fn default() -> Self {
        Self(Histogram::new(SECONDS))
    }
}

/// How many there were of something.
#[derive(Clone, Debug)]
pub struct Sizes(Histogram);

impl Sizes {
    /// So many, this time.
    pub fn had(&self, many: usize) {
        self.0.observe(u32::try_from(many).unwrap_or(u32::MAX).into());
    }
}

impl Default for Sizes {
    fn default() -> Self {
        Self(Histogram::new(SIZES))
    }
}

macro_rules! is_histogram {
    ($($type:ty)+) => { $(
        impl TypedMetric for $type {
            const TYPE: MetricType = MetricType::Histogram;
        }

        impl EncodeMetric for $type {
            fn encode(&self, encoder: MetricEncoder<'_>) -> std::fmt::Result {
                self.0.encode(encoder)
            }

            fn metric_type(&self) -> MetricType {
                Self::TYPE
            }
        }
    )+ };
}

is_histogram!(Took Sizes);
