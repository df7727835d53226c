//! What agents are planned to do: the activities there are, and the way to keep plans, exceptions and disputes.
//!
//! Activities are few and stand here, so that a plan is checked before it is kept; the others stand in the
//! database only, where [reports](crate::history::adherence) read them.

use std::collections::BTreeMap;
use std::sync::Arc;

use parking_lot::RwLock;
use tracing::error;

use crate::domain::audit::Note;
use crate::domain::dispute::Dispute;
use crate::domain::ids::ActivityId;
use crate::domain::plan::{Activity, Exception, Plan};
use crate::engine::{Engine, NotedTold, Unreachable};
use crate::history::reader::Takes;
use crate::history::told::disputes::MOST_OF_AN_AGENT;
use crate::history::told::keep::MOST_REPLACED;
use crate::history::told::{Became, Told, read};

/// The most activities of a hub.
pub const MOST_ACTIVITIES: usize = 500;
/// Plans that are handed over at once. How many of them one transaction takes, the engine says.
const AT_ONCE: usize = 32;

/// Activities, by id.
pub type Activities = BTreeMap<ActivityId, Activity>;

/// Why something is not as it was asked to be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// There is nothing of that id.
    #[error("there is nothing of this id")]
    Unknown,
    /// There is no such agent any more.
    #[error("no agent has this id")]
    UnknownAgent,
    /// A plan names an activity that there is not.
    #[error("no activity has the id `{0}`")]
    UnknownActivity(ActivityId),
    /// Plans name the activity.
    #[error("agents are planned to do this; take it out of their plans first")]
    InUse,
    /// There are enough activities.
    #[error("a hub has at most {MOST_ACTIVITIES} activities")]
    TooMany,
    /// The agent has no such entry.
    #[error("the agent's history has no entry of this `start` and `seq`")]
    UnknownEntry,
    /// The agent disputes enough entries.
    #[error("an agent disputes at most {MOST_OF_AN_AGENT} entries")]
    TooManyDisputes,
    /// A plan would take the place of too much.
    #[error("more than {MOST_REPLACED} planned activities stand there; a shorter time is right")]
    TooMuch,
    /// The engine could not keep it.
    #[error("it was not kept: {0}")]
    NotKept(String),
}

/// The way to what is planned. Clones share it.
#[derive(Clone)]
pub struct Plans {
    shared: Arc<Shared>,
}

struct Shared {
    engine: Arc<dyn Engine>,
    /// One change of activities at a time, so that they are here what they are in the database.
    turn: tokio::sync::Mutex<()>,
    activities: RwLock<Arc<Activities>>,
}

impl Plans {
    /// With the activities that the engine had.
    #[must_use]
    pub fn begin(engine: Arc<dyn Engine>, activities: Vec<Activity>) -> Self {
        let activities: Activities = activities.into_iter().map(|one| (one.id.clone(), one)).collect();
        let (turn, activities) = (tokio::sync::Mutex::default(), RwLock::new(Arc::new(activities)));
        Self { shared: Arc::new(Shared { engine, turn, activities }) }
    }

    /// Another node has changed what is planned: reads the activities anew.
    pub async fn reread(&self) {
        let _turn = self.shared.turn.lock().await;
        let Some(reader) = self.shared.engine.history() else { return };
        match reader.ask(Takes::Moments, |connection| Ok(read::activities(connection)?)).await {
            Ok(found) => {
                let all = found.into_iter().map(|(_, activity)| (activity.id.clone(), activity)).collect();
                *self.shared.activities.write() = Arc::new(all);
            }
            Err(error) => error!(%error, "the activities of agents may be older than they should"),
        }
    }

    /// The activities there are.
    #[must_use]
    pub fn activities(&self) -> Arc<Activities> {
        self.shared.activities.read().clone()
    }

    /// Keeps what `make` makes of an activity, none if there is none of that id, with the note of it.
    ///
    /// # Errors
    /// [`Refused`], or what `make` says.
    pub async fn put<E: From<Refused>>(
        &self,
        id: &ActivityId,
        make: impl FnOnce(Option<&Activity>) -> Result<Activity, E>,
        note: impl FnOnce(Option<&Activity>, &Activity) -> Option<Note>,
    ) -> Result<Activity, E> {
        let _turn = self.shared.turn.lock().await;
        let mut activities = Activities::clone(&self.activities());
        let activity = make(activities.get(id))?;
        let note = note(activities.get(id), &activity);
        activities.insert(id.clone(), activity.clone());
        if activities.len() > MOST_ACTIVITIES {
            return Err(Refused::TooMany.into());
        }
        self.keep_one(Told::Activity(activity.clone()), note).await?;
        *self.shared.activities.write() = Arc::new(activities);
        Ok(activity)
    }

    /// Takes an activity away that no plan names, if `check` agrees.
    ///
    /// # Errors
    /// [`Refused`], or what `check` says.
    pub async fn remove<E: From<Refused>>(
        &self,
        id: &ActivityId,
        check: impl FnOnce(&Activity) -> Result<(), E>,
        note: impl FnOnce(&Activity) -> Option<Note>,
    ) -> Result<(), E> {
        let _turn = self.shared.turn.lock().await;
        let mut activities = Activities::clone(&self.activities());
        let activity = activities.remove(id).ok_or(Refused::Unknown)?;
        check(&activity)?;
        match self.keep_one(Told::ActivityRemoved(id.clone()), note(&activity)).await {
            // It may have been kept that it is gone when that was not known.
            Ok(()) | Err(Refused::Unknown) => {}
            Err(refused) => return Err(refused.into()),
        }
        *self.shared.activities.write() = Arc::new(activities);
        Ok(())
    }

    /// Keeps plans, each for itself, some in each transaction. What became of each, in their order; once the engine
    /// cannot, of none behind.
    pub async fn plan(&self, plans: Vec<Plan>, note: impl Fn(&Plan) -> Note) -> Vec<Result<(), Refused>> {
        let noted = |plan: Plan| {
            let note = note(&plan);
            (Told::Plan(Arc::new(plan)), Some(note))
        };
        let changes: Vec<NotedTold> = plans.into_iter().map(noted).collect();
        let mut results = Vec::with_capacity(changes.len());
        while results.len() < changes.len() {
            let end = changes.len().min(results.len() + AT_ONCE);
            match self.keep(changes[results.len()..end].to_vec()).await {
                Ok(became) if !became.is_empty() => results.extend(became.into_iter().map(done)),
                Ok(_) => results.resize(changes.len(), Err(Refused::NotKept("nothing was done".to_owned()))),
                Err(refused) => results.resize(changes.len(), Err(refused)),
            }
        }
        results
    }

    /// Excuses a time of an agent.
    ///
    /// # Errors
    /// [`Refused`]
    pub async fn except(&self, exception: Exception, note: Note) -> Result<(), Refused> {
        self.keep_one(Told::Exception(exception), Some(note)).await
    }

    /// Takes an exception away.
    ///
    /// # Errors
    /// [`Refused`]
    pub async fn remove_exception(&self, id: &str, note: Note) -> Result<(), Refused> {
        self.keep_one(Told::ExceptionRemoved(id.to_owned()), Some(note)).await
    }

    /// Keeps what an agent says of an entry of its history.
    ///
    /// # Errors
    /// [`Refused`]
    pub async fn dispute(&self, dispute: Dispute) -> Result<(), Refused> {
        let kept = self.keep_one(Told::Dispute(dispute), None).await;
        kept.map_err(|refused| if refused == Refused::Unknown { Refused::UnknownEntry } else { refused })
    }

    async fn keep_one(&self, change: Told, note: Option<Note>) -> Result<(), Refused> {
        let became = self.keep(vec![(change, note)]).await?.into_iter().next();
        became.map_or_else(|| Err(Refused::NotKept("nothing was done".to_owned())), done)
    }

    async fn keep(&self, changes: Vec<NotedTold>) -> Result<Vec<Became>, Refused> {
        let kept = self.shared.engine.keep_told(changes).await;
        let kept = kept.unwrap_or_else(|_| Err(Unreachable("its writer has ended".to_owned())));
        kept.map_err(|error| Refused::NotKept(error.to_string()))
    }
}

fn done(became: Became) -> Result<(), Refused> {
    match became {
        Became::Kept => Ok(()),
        Became::Unknown => Err(Refused::Unknown),
        Became::InUse => Err(Refused::InUse),
        Became::UnknownAgent => Err(Refused::UnknownAgent),
        Became::UnknownActivity(activity) => Err(Refused::UnknownActivity(activity)),
        Became::TooMuch => Err(Refused::TooMuch),
        Became::TooMany => Err(Refused::TooManyDisputes),
    }
}
