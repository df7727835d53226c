//! Where deliveries are made: a thread of their own with a runtime of its own, so that no certificate, signature or
//! endpoint takes time of those whom the hub serves. It begins when it is first needed. A simulation has it on its own.

use std::io;

use tokio::runtime::{Builder, Handle};
use tokio::sync::oneshot;
use tokio::task::AbortHandle;
use tracing::error;

use super::post::{Post, Poster};

/// Names are looked up in threads; so many at once.
const NAME_THREADS: usize = 4;

/// The thread. Dropping it ends it, and whatever is under way.
pub(super) struct Workshop {
    handle: Handle,
    pub poster: Poster,
    /// None of a simulation, which has no thread of its own.
    _stop: Option<oneshot::Sender<()>>,
}

impl Workshop {
    /// One for deliveries that are made in this way, if there can be one.
    pub async fn open(post: &Post) -> Option<Self> {
        if let Post::Within(endpoint) = post {
            return Some(Self { handle: Handle::current(), poster: Poster::to(endpoint.clone()), _stop: None });
        }
        // It reads certificates from the disk.
        match tokio::task::spawn_blocking(Self::begin).await {
            Ok(Ok(workshop)) => return Some(workshop),
            Ok(Err(error)) => error!(%error, "webhooks cannot be told: there is no thread for them"),
            Err(error) => error!(%error, "webhooks cannot be told"),
        }
        None
    }

    fn begin() -> io::Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().max_blocking_threads(NAME_THREADS).build()?;
        let handle = runtime.handle().clone();
        let (stop, stopped) = oneshot::channel::<()>();
        let poster = {
            let _within = runtime.enter();
            Poster::new()
        };
        std::thread::Builder::new().name("webhooks".to_owned()).spawn(move || {
            // Stopped by being dropped.
            drop(runtime.block_on(stopped));
            runtime.shutdown_background();
        })?;
        Ok(Self { handle, poster, _stop: Some(stop) })
    }

    /// Does this there, until it is dropped.
    pub fn does(&self, work: impl Future<Output = ()> + Send + 'static) -> Task {
        Task(self.handle.spawn(work).abort_handle())
    }
}

/// Something that is done there. Dropping it ends it.
#[derive(Debug)]
pub(super) struct Task(AbortHandle);

impl Drop for Task {
    fn drop(&mut self) {
        self.0.abort();
    }
}
