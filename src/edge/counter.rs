//! Where requests over HTTP begin: a few at a time, between which everybody else is served.

use std::task::Poll;

use tokio::sync::Semaphore;

/// So many requests begin before the sockets are looked at again: together less than a millisecond.
const AT_ONCE: usize = 8;
/// Requests that take long, in service at once: reconciliations of very many items take some milliseconds.
const LONG_AT_ONCE: usize = 2;

/// The counter. Without it, whoever keeps many connections full of requests would have all of them served
/// before the hub turns to anybody else.
#[derive(Debug)]
pub struct Counter {
    beginning: Semaphore,
    long: Semaphore,
}

impl Default for Counter {
    fn default() -> Self {
        Self { beginning: Semaphore::new(AT_ONCE), long: Semaphore::new(LONG_AT_ONCE) }
    }
}

impl Counter {
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
    use std::cell::Cell;

    use super::*;

    #[tokio::test]
    async fn others_are_served_between_a_few_requests() {
        let counter = Counter::default();
        let (begun, most) = (Cell::new(0), Cell::new(0));
        let requests = futures::future::join_all((0..20 * AT_ONCE).map(|_| async {
            counter.turn().await;
            begun.set(begun.get() + 1);
        }));
        let others = async {
            loop {
                begun.set(0);
                tokio::task::yield_now().await;
                most.set(most.get().max(begun.get()));
            }
        };
        tokio::select! {
            biased;
            _ = requests => {}
            () = others => {}
        }
        assert!(most.get() <= AT_ONCE, "{} began in a row", most.get());
    }
}
