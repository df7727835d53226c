//! Where requests over HTTP begin: a few at a time, between which everybody else is served.

use std::task::Poll;

use tokio::sync::Semaphore;

/// So many requests begin before everybody else goes on: together they take less than a millisecond.
const AT_ONCE: usize = 8;
/// Requests that take long, in service at once: reconciliations of very many items take some milliseconds.
const LONG_AT_ONCE: usize = 2;

/// The queue. Without it, whoever keeps many connections full of requests would have all of them served
/// before the hub turns to anybody else.
#[derive(Debug)]
pub struct Queue {
    beginning: Semaphore,
    long: Semaphore,
}

impl Default for Queue {
    fn default() -> Self {
        Self { beginning: Semaphore::new(AT_ONCE), long: Semaphore::new(LONG_AT_ONCE) }
    }
}

impl Queue {
    /// Waits for the request's turn: first come, first served, and everybody else in between.
    pub async fn turn(&self) {
        // Neither semaphore is ever closed; a permit is only a place in the line.
        let _place = self.beginning.acquire().await;
        others_first().await;
    }

    /// Does something that takes long, when it is its turn.
    pub async fn long<T>(&self, work: impl Future<Output = T>) -> T {
        let _place = self.long.acquire().await;
        work.await
    }
}

/// Lets everybody who can go on do so first. Unlike the runtime's own `yield_now`, which wakes the newest
/// first, it keeps the order of those who come here.
async fn others_first() {
    let mut is_over = false;
    std::future::poll_fn(|context| {
        if is_over {
            return Poll::Ready(());
        }
        is_over = true;
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[tokio::test]
    async fn others_are_served_between_a_few_requests() {
        let queue = Arc::new(Queue::default());
        let in_a_row = Arc::new(AtomicUsize::new(0));
        let requests = (0..20 * AT_ONCE).map(|_| {
            let (queue, in_a_row) = (queue.clone(), in_a_row.clone());
            tokio::spawn(async move {
                queue.turn().await;
                in_a_row.fetch_add(1, Ordering::Relaxed) + 1
            })
        });
        let requests: Vec<_> = requests.collect();
        // Somebody else, who goes on whenever it can.
        let others = tokio::spawn(async move {
            loop {
                in_a_row.store(0, Ordering::Relaxed);
                others_first().await;
            }
        });
        for request in requests {
            let begun = request.await.unwrap();
            assert!(begun <= AT_ONCE, "{begun} began in a row");
        }
        others.abort();
    }
}
