//! Webhooks: changes of agents, sent to endpoints of others, each at least once and in the order of each agent.
//!
//! A webhook has one position of the log, up to which everything was delivered. It is kept every few seconds and not
//! with each delivery, so a hub that is killed delivers some again, with the same id.

mod delivering;
mod endpoint;
mod noted;
mod peers;
mod post;
mod progress;
mod record;
mod setting;
mod signature;
mod workshop;

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use parking_lot::{Mutex, MutexGuard};
use tracing::error;

use super::changes::{Changes, NotFollowed};
use super::position::Position;
use crate::clock::Clock;
use crate::domain::audit::{Asker, Note};
use crate::domain::time::Timestamp;
use crate::engine::{Engine, KeptWebhook, Seq, Unreachable, WebhookChange};
use crate::telemetry::metrics::WebhookMetrics;
use crate::wire::shapes::{Webhook, WebhookDelivery, WebhookSettings};
use crate::wire::show;
use endpoint::Endpoint;
use peers::Delivers;
pub use post::Post;
use record::{Record, with_secret};
use setting::GoesOn;
pub use signature::NoRandomness;
use signature::Secret;
use workshop::Workshop;

/// The most webhooks of a hub.
pub const MOST_WEBHOOKS: usize = 50;
/// How often positions are kept that have moved.
const KEPT_EVERY: Duration = Duration::from_secs(3);

/// `[webhooks]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How long an endpoint may take for its answer.
    pub timeout: Duration,
    /// How long a change is tried before its endpoint is switched off.
    pub give_up_after: Duration,
}

/// Why a webhook is not as it was asked to be.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// There is none of that id.
    #[error("no webhook has this id")]
    Unknown,
    /// There are enough.
    #[error("a hub has at most {MOST_WEBHOOKS} webhooks")]
    TooMany,
    /// It cannot go on from there.
    #[error(transparent)]
    Position(#[from] NotFollowed),
    /// The engine could not keep it.
    #[error("the webhook was not kept: {0}")]
    NotKept(String),
}

impl From<NoRandomness> for Refused {
    fn from(error: NoRandomness) -> Self {
        Self::NotKept(error.to_string())
    }
}

/// All webhooks. Clones share them.
#[derive(Clone)]
pub struct Webhooks {
    shared: Arc<Shared>,
}

struct Shared {
    engine: Arc<dyn Engine>,
    clock: Clock,
    changes: Changes,
    limits: Limits,
    post: Post,
    metrics: WebhookMetrics,
    /// One change of what is kept at a time, so that positions and records are kept in their order.
    turn: tokio::sync::Mutex<()>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    endpoints: BTreeMap<String, Endpoint>,
    workshop: Option<Workshop>,
    delivers: Delivers,
    /// What other nodes have changed and this one has not taken in, in the order of the log.
    heard: VecDeque<Vec<WebhookChange>>,
}

impl State {
    fn count(&self, shared: &Shared) {
        endpoint::count(self.endpoints.values(), shared.changes.head(), &shared.metrics);
    }
}

impl Webhooks {
    /// Those that the engine had, which begin to deliver.
    pub async fn begin(
        engine: Arc<dyn Engine>,
        clock: Clock,
        changes: Changes,
        (limits, post): (Limits, Post),
        kept: Vec<KeptWebhook>,
    ) -> Self {
        let delivers = Delivers::at_first(&engine.members());
        let (turn, state) = (tokio::sync::Mutex::default(), Mutex::new(State { delivers, ..State::default() }));
        let webhooks = Self {
            shared: Arc::new(Shared {
                engine,
                clock,
                changes,
                limits,
                post,
                metrics: WebhookMetrics::default(),
                turn,
                state,
            }),
        };
        for KeptWebhook { id, record, position } in kept {
            match serde_json::from_str::<Record>(&record) {
                Ok(record) => webhooks.set(id, record, GoesOn::WhereItIs(position)).await,
                Err(error) => error!(id, %error, "a webhook cannot be read, and is not told of anything"),
            }
        }
        webhooks
    }

    /// All of them, by id.
    #[must_use]
    pub fn all(&self) -> Vec<Webhook> {
        self.state().endpoints.iter().map(|(id, endpoint)| self.shape(id, endpoint)).collect()
    }

    /// The one of this id.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<Webhook> {
        self.state().endpoints.get(id).map(|endpoint| self.shape(id, endpoint))
    }

    /// The last tries of a webhook, newest first.
    #[must_use]
    pub fn deliveries(&self, id: &str) -> Option<Vec<WebhookDelivery>> {
        let deliveries = self.state().endpoints.get(id)?.progress.deliveries().clone();
        let last = deliveries.lock().iter().cloned().collect();
        Some(last)
    }

    /// A new one, which is told of what comes from now on. The answer has its secret.
    ///
    /// # Errors
    /// [`Refused`]
    pub async fn create(&self, settings: WebhookSettings, by: &Arc<Asker>) -> Result<Webhook, Refused> {
        let _turn = self.shared.turn.lock().await;
        if self.state().endpoints.len() >= MOST_WEBHOOKS {
            return Err(Refused::TooMany);
        }
        let mut id = [0; 12];
        getrandom::fill(&mut id).map_err(NoRandomness::from)?;
        let id: String = id.iter().map(|byte| format!("{byte:02x}")).collect();
        let note = noted::settings(by, &id, None, Some(&settings));
        let record = Record::new(settings, Secret::make()?);
        self.put(id, record, GoesOn::WhereItIs(self.shared.changes.head()), note).await.map(with_secret)
    }

    /// Another version of its settings; it goes on from where it is.
    ///
    /// # Errors
    /// [`Refused`], or what `change` says.
    pub async fn change<E: From<Refused>>(
        &self,
        id: &str,
        by: &Arc<Asker>,
        change: impl FnOnce(&WebhookSettings) -> Result<WebhookSettings, E>,
    ) -> Result<Webhook, E> {
        let _turn = self.shared.turn.lock().await;
        let (mut record, position) = self.current(id)?;
        let settings = change(&record.settings)?;
        let note = noted::settings(by, id, Some(&record.settings), Some(&settings));
        record.settings = settings;
        Ok(self.put(id.to_owned(), record, GoesOn::WhereItIs(position), note).await?.0)
    }

    /// Signs with a new secret from now on, and with the one before for a day. The answer has the new one.
    ///
    /// # Errors
    /// [`Refused`]
    pub async fn replace_secret(&self, id: &str, by: &Arc<Asker>) -> Result<Webhook, Refused> {
        let _turn = self.shared.turn.lock().await;
        let (mut record, position) = self.current(id)?;
        record.replace_secret(Secret::make()?, self.shared.clock.wall());
        self.put(id.to_owned(), record, GoesOn::WhereItIs(position), noted::rotated(by, id)).await.map(with_secret)
    }

    /// Delivers again, at once, from where it stopped or from beyond a position.
    ///
    /// # Errors
    /// [`Refused`]
    pub async fn resume(&self, id: &str, after: Option<Position>, by: &Arc<Asker>) -> Result<Webhook, Refused> {
        let _turn = self.shared.turn.lock().await;
        let (mut record, position) = self.current(id)?;
        let after = after.map(|after| self.shared.changes.check(&after)).transpose()?;
        let goes_on = after.map_or(GoesOn::WhereItIs(position), GoesOn::From);
        let position = after.unwrap_or(position);
        self.shared.changes.follow().beyond(position, 1, &record.wanted()).await?;
        record.off = None;
        record.settings.enabled = true;
        let note = noted::resumed(by, id, &self.shared.changes.position(position));
        Ok(self.put(id.to_owned(), record, goes_on, note).await?.0)
    }

    /// Takes it away.
    ///
    /// # Errors
    /// [`Refused`]
    pub async fn remove(&self, id: &str, by: &Arc<Asker>) -> Result<(), Refused> {
        let _turn = self.shared.turn.lock().await;
        let (record, _) = self.current(id)?;
        let note = noted::settings(by, id, Some(&record.settings), None);
        self.keep(vec![WebhookChange::Removed { id: id.to_owned() }], Some(note)).await?;
        let mut state = self.state();
        state.endpoints.remove(id);
        state.count(&self.shared);
        Ok(())
    }

    /// What is counted of them.
    #[must_use]
    pub fn metrics(&self) -> &WebhookMetrics {
        &self.shared.metrics
    }

    /// Keeps the positions that have moved, and counts how far behind they are, for ever.
    pub async fn run(self) {
        let mut ticks = tokio::time::interval(KEPT_EVERY);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut nodes = self.shared.engine.members().changes();
        loop {
            tokio::select! {
                _ = ticks.tick() => {}
                () = peers::differ(&mut nodes) => {}
            }
            self.look_whose_turn_it_is().await;
            if let Some(due) = self.state().delivers.due() {
                ticks.reset_at(due);
            }
            self.keep_positions().await;
            self.state().count(&self.shared);
        }
    }

    /// Delivers nothing from now on, and keeps how far all have come.
    pub async fn end(&self) {
        self.state().workshop = None;
        self.keep_positions().await;
    }

    async fn keep_positions(&self) {
        let _turn = self.shared.turn.lock().await;
        let moved: Vec<_> = {
            let state = self.state();
            let moved = state
                .endpoints
                .iter()
                .filter_map(|(id, endpoint)| Some((id.clone(), endpoint.progress.clone(), endpoint.progress.moved()?)));
            moved.collect()
        };
        if moved.is_empty() {
            return;
        }
        let changes =
            moved.iter().map(|(id, _, position)| WebhookChange::Moved { id: id.clone(), position: *position });
        match self.keep(changes.collect(), None).await {
            Ok(()) => moved.iter().for_each(|(_, progress, position)| progress.is_kept(*position)),
            // They are tried again, and what was delivered beyond them is delivered again at the worst.
            Err(error) => tracing::debug!(%error, "the positions of webhooks are not kept yet"),
        }
    }

    fn current(&self, id: &str) -> Result<(Record, Seq), Refused> {
        let state = self.state();
        let endpoint = state.endpoints.get(id).ok_or(Refused::Unknown)?;
        Ok((endpoint.record.clone(), endpoint.progress.position()))
    }

    /// Keeps it and lets it be so.
    async fn put(&self, id: String, record: Record, at: GoesOn, note: Note) -> Result<(Webhook, Record), Refused> {
        self.keep(at.changes(&id, &record), Some(note)).await?;
        self.set(id.clone(), record.clone(), at).await;
        let webhook = self.find(&id).ok_or(Refused::Unknown)?;
        Ok((webhook, record))
    }

    async fn keep(&self, changes: Vec<WebhookChange>, note: Option<Note>) -> Result<(), Refused> {
        let kept = self.shared.engine.keep_webhooks(changes, note).await;
        let kept = kept.unwrap_or_else(|_| Err(Unreachable("its writer has ended".to_owned())));
        kept.map_err(|error| Refused::NotKept(error.to_string()))
    }

    fn shape(&self, id: &str, endpoint: &Endpoint) -> Webhook {
        let now = self.shared.clock.wall();
        let (status, wrong) = endpoint.status();
        let (problem, since) = wrong.unzip();
        let Endpoint { record, progress, .. } = endpoint;
        let WebhookSettings { url, description, teams, types, enabled } = record.settings.clone();
        Webhook {
            webhook_id: id.to_owned(),
            url,
            description,
            teams,
            types,
            enabled,
            status,
            problem,
            since: since.map(show::time),
            after: self.shared.changes.position(progress.position()),
            secret: None,
            former_secret_until: record.former(now).map(|former| show::time(Timestamp(former.until))),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.shared.state.lock()
    }
}
