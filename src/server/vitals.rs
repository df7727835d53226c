//! The tasks that a hub cannot live without.
//!
//! None of them should ever end. If one did and the hub went on, entries would be kept and never shown,
//! or boards would stand still, and nobody would notice. So the first task that ends ends the hub. Whoever keeps the process starts it again, and the restart grace covers the agents.

use std::collections::HashMap;

use tokio::sync::watch;
use tokio::task::{Id, JoinError, JoinSet};

use crate::telemetry::said_by;

#[cfg(panic = "abort")]
compile_error!("a panic in one connection costs that connection only: panics have to unwind");

/// Why a hub cannot live on.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs, reason = "the sentences say it")]
pub enum Lost {
    #[error("{task} panicked: {said}")]
    Panicked { task: &'static str, said: String },
    #[error("{task} has ended")]
    Ended { task: &'static str },
    #[error("the engine keeps nothing any more: {why}")]
    Engine { why: String },
    #[error("this node is cut off from the cluster: {why}")]
    CutOff { why: String },
}

impl Lost {
    /// How a task ended that never should.
    #[must_use]
    pub fn of(task: &'static str, ended: Result<(), JoinError>) -> Self {
        match ended.map_err(JoinError::try_into_panic) {
            Err(Ok(panic)) => Self::Panicked { task, said: said_by(panic.as_ref()).to_owned() },
            Ok(()) | Err(Err(_)) => Self::Ended { task },
        }
    }
}

/// Tasks that a hub cannot live without. Dropping this ends them.
#[derive(Default)]
pub struct Vitals {
    tasks: JoinSet<()>,
    names: HashMap<Id, &'static str>,
    /// For tests: names the task that is to panic.
    panics: Option<watch::Receiver<String>>,
}

impl Vitals {
    /// Each panics once it is named in `panics`, if that is given.
    #[must_use]
    pub fn new(panics: Option<watch::Receiver<String>>) -> Self {
        Self { panics, ..Self::default() }
    }

    /// Begins one more.
    pub fn keep(&mut self, name: &'static str, task: impl Future<Output = ()> + Send + 'static) {
        let handle = match self.panics.clone() {
            None => self.tasks.spawn(task),
            Some(panics) => self.tasks.spawn(until_told_to_panic(panics, name, task)),
        };
        self.names.insert(handle.id(), name);
    }

    /// Returns once one of them has ended.
    pub async fn lost(&mut self) -> Lost {
        let Some(ended) = self.tasks.join_next_with_id().await else { return std::future::pending().await };
        let id = ended.as_ref().map_or_else(JoinError::id, |(id, ())| *id);
        let task = self.names.get(&id).copied().unwrap_or("a task");
        Lost::of(task, ended.map(|_| ()))
    }

    /// Ends them.
    pub async fn end(mut self) {
        self.tasks.shutdown().await;
    }
}

/// Does `task`, until it is named in `panics`.
pub async fn until_told_to_panic(
    mut panics: watch::Receiver<String>,
    name: &'static str,
    task: impl Future<Output = ()>,
) {
    tokio::select! {
        biased;
        () = task => {}
        Ok(_) = panics.wait_for(|panics| panics == name) => panic!("it was told to"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn the_first_that_ends_is_named_with_what_it_said() {
        let mut vitals = Vitals::default();
        vitals.keep("the heart", std::future::pending());
        vitals.keep("the feed", async { panic!("index {} is out of bounds", 7) });
        let said = "index 7 is out of bounds".to_owned();
        assert_eq!(vitals.lost().await, Lost::Panicked { task: "the feed", said });
        vitals.keep("the sweep", async {});
        assert_eq!(vitals.lost().await.to_string(), "the sweep has ended");
        vitals.end().await;
    }

    #[tokio::test(start_paused = true)]
    async fn a_test_names_the_task_that_panics() {
        let panics = watch::Sender::new(String::new());
        let mut vitals = Vitals::new(Some(panics.subscribe()));
        vitals.keep("the heart", std::future::pending());
        vitals.keep("the feed", std::future::pending());
        panics.send_replace("the heart".to_owned());
        assert_eq!(vitals.lost().await.to_string(), "the heart panicked: it was told to");
    }
}
