//! Who changes something, and what the audit keeps of it.

use std::sync::Arc;

use super::directory::DirectoryView;
use crate::domain::agent::Agent;
use crate::domain::audit::Note;
use crate::domain::cause::Actor;
use crate::domain::change::Change;
use crate::domain::command::Ask;
use crate::domain::directory::DirectoryChange;
use crate::domain::policy::Policy;

/// Who changes something.
#[derive(Clone)]
pub struct By {
    /// As the change says it.
    pub actor: Actor,
    /// What the audit keeps; none for what it does not concern, such as what the hub itself does.
    pub notes: Option<Arc<dyn Notes>>,
}

impl From<Actor> for By {
    fn from(actor: Actor) -> Self {
        Self { actor, notes: None }
    }
}

/// Says what the audit keeps of a change, which is known once it is decided. It is kept with the change, or not at
/// all. Asked in the turn, so it is quick.
pub trait Notes: Send + Sync {
    /// Of changes of an agent. `before` is none if there was no such agent.
    fn of_agent(&self, ask: &Ask, before: Option<&Agent>, changes: &[Change]) -> Option<Note>;

    /// Of a change of the directory, over the settings of the file.
    fn of_directory(&self, before: &DirectoryView, change: &DirectoryChange, file: &Policy) -> Option<Note>;
}
