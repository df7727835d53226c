//! One metric for each word of a label.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use prometheus_client::encoding::{EncodeMetric, MetricEncoder};
use prometheus_client::metrics::{MetricType, TypedMetric};

use super::label::Labels;

/// One metric for each word of a label, or for each pair of two. All are there from the beginning, so that a
/// rate can be taken of the first that happens; and finding one is an index, where the library's own family
/// hashes.
pub struct By<L, M> {
    each: Arc<[M]>,
    of: PhantomData<fn(L)>,
}

impl<L: Labels, M> By<L, M> {
    /// The metric of that word.
    #[must_use]
    pub fn of(&self, label: L) -> &M {
        &self.each[label.place()]
    }
}

impl<L: Labels, M: Default> Default for By<L, M> {
    fn default() -> Self {
        Self { each: L::all().iter().map(|_| M::default()).collect(), of: PhantomData }
    }
}

impl<L, M> Clone for By<L, M> {
    fn clone(&self) -> Self {
        Self { each: Arc::clone(&self.each), of: PhantomData }
    }
}

impl<L, M: fmt::Debug> fmt::Debug for By<L, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.each.iter()).finish()
    }
}

impl<L: Labels, M: EncodeMetric + TypedMetric> EncodeMetric for By<L, M> {
    fn encode(&self, mut encoder: MetricEncoder<'_>) -> fmt::Result {
        for (label, metric) in L::all().into_iter().zip(self.each.iter()) {
            metric.encode(encoder.encode_family(&label.written())?)?;
        }
        Ok(())
    }

    fn metric_type(&self) -> MetricType {
        M::TYPE
    }
}
