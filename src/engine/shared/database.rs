//! What one simulated node has on its disk: how far it has followed the log, the history, and what stands beside the log.
//! The tables are those of the real database, in memory.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use rusqlite::Connection;
use rusqlite::backup::Backup;

use super::log::{Log, Says};
use crate::domain::ids::{AgentId, PSEUDONYM};
use crate::domain::plan::Activity;
use crate::engine::embedded::ordered::seq_of;
use crate::engine::{
    Beside, Entry, Erase, Erasure, ErasureState, Judged, KeptWebhook, NotErased, WebhookChange, stored,
};
use crate::history::keeper::Keeper;
use crate::history::row::Row;
use crate::history::told::{self, Became};
use crate::history::{erasing, tables};

/// The tables whose rows are compared.
const COMPARED: [&str; 6] =
    ["plan_activities", "plan_people", "plans", "plan_exceptions", "history_agents", "history_actors"];

#[derive(Default)]
pub struct Database {
    /// Up to where it has followed the log.
    pub known: u64,
    /// The last boot of whoever had it.
    pub boot: u32,
    /// How far agents were judged.
    pub judged: Judged,
    /// None before anything was written.
    tables: Option<Arc<Mutex<Connection>>>,
    keeper: Keeper,
    webhooks: BTreeMap<String, KeptWebhook>,
    erased: Vec<(String, Erasure)>,
}

/// What became of something that was followed.
pub enum Followed {
    /// It is kept.
    Kept,
    /// This became of what was told.
    Told(Vec<Became>),
    /// This became of an erasure.
    Erased(Result<Erasure, NotErased>),
}

impl Database {
    /// A copy, as `backup` and `restore` make it.
    pub fn copy(&self) -> Self {
        let tables = self.tables.as_ref().map(|tables| {
            let mut copy = opened();
            let backup = Backup::new(&tables.lock(), &mut copy)
                .and_then(|backup| backup.run_to_completion(i32::MAX, Duration::ZERO, None));
            assert_eq!(backup, Ok(()), "a database in memory is copied");
            Arc::new(Mutex::new(copy))
        });
        let Self { known, boot, judged, webhooks, erased, .. } = self;
        let (webhooks, erased) = (webhooks.clone(), erased.clone());
        Self { known: *known, boot: *boot, judged: *judged, tables, keeper: Keeper::default(), webhooks, erased }
    }

    /// The way to read its tables.
    pub fn tables(&mut self) -> Arc<Mutex<Connection>> {
        self.tables.get_or_insert_with(|| Arc::new(Mutex::new(with_tables()))).clone()
    }

    /// All webhooks.
    pub fn webhooks(&self) -> Vec<KeptWebhook> {
        self.webhooks.values().cloned().collect()
    }

    /// All activities.
    pub fn activities(&mut self) -> Vec<Activity> {
        let tables = self.tables();
        let found = told::read::activities(&tables.lock()).unwrap_or_default();
        found.into_iter().map(|(_, activity)| activity).collect()
    }

    /// Follows the log up to a position, which it has come to.
    ///
    /// # Panics
    /// The tables cannot be written.
    pub fn follows(&mut self, log: &Log, position: u64) -> Followed {
        let mut followed = Followed::Kept;
        while self.known < position {
            self.known += 1;
            let Some(message) = log.at(self.known) else { break };
            followed = match &message.says {
                Says::Entries { texts, .. } => {
                    self.writes(self.known, texts);
                    Followed::Kept
                }
                Says::Beside(what) => self.keeps(log, what),
                Says::Word(..) | Says::LastWord(_) | Says::Purge(..) => Followed::Kept,
            };
        }
        followed
    }

    fn writes(&mut self, position: u64, texts: &[String]) {
        let tables = self.tables();
        for (index, text) in texts.iter().enumerate() {
            let Ok(Entry::Agent { change, .. }) = stored::decode(text) else { continue };
            let added = self.keeper.add(&tables.lock(), &Row::of(seq_of(position, index), &change));
            assert_eq!(added, Ok(()), "tables in memory take a row");
        }
    }

    fn keeps(&mut self, log: &Log, what: &Beside) -> Followed {
        match what {
            Beside::Note(_) | Beside::Ledger(..) => {}
            Beside::Webhooks(changes, _) => changes.iter().for_each(|change| self.webhook(change)),
            Beside::Told(changes) => {
                let changes = changes.iter().map(|(change, _)| change);
                let became = told::keep::change(&self.tables().lock(), changes);
                return Followed::Told(became.expect("tables in memory take what is told"));
            }
            Beside::Erase(erase) => return Followed::Erased(self.erases(log, erase)),
        }
        Followed::Kept
    }

    fn webhook(&mut self, change: &WebhookChange) {
        match change {
            WebhookChange::Put(webhook) => drop(self.webhooks.insert(webhook.id.clone(), webhook.clone())),
            WebhookChange::Moved { id, position } => {
                self.webhooks.entry(id.clone()).and_modify(|webhook| webhook.position = *position);
            }
            WebhookChange::Removed { id } => drop(self.webhooks.remove(id)),
        }
    }

    fn erases(&mut self, log: &Log, Erase { id, by, at, pseudonym, .. }: &Erase) -> Result<Erasure, NotErased> {
        let agent = AgentId::new(id).map_err(|_| NotErased::Unknown)?;
        // As it was before this.
        let is_there = log.agent(agent, self.known - 1).is_some_and(|known| known.agent.deleted.is_none());
        if is_there {
            return Err(NotErased::StillThere);
        }
        let tables = self.tables();
        if !erasing::is_known(&tables.lock(), id, 0).expect("tables in memory can be read") {
            let before = self.erased.iter().rev().find(|(erased, _)| erased == id);
            return before.map(|(_, erasure)| erasure.clone()).ok_or(NotErased::Unknown);
        }
        let pseudonym = pseudonym.clone().unwrap_or_else(|| PSEUDONYM.to_owned());
        erasing::rename(&tables.lock(), id, &pseudonym).expect("tables in memory take another name");
        self.keeper.forget();
        let erasure = Erasure { pseudonym, by: by.clone(), at: *at, state: ErasureState::Done };
        self.erased.push((id.clone(), erasure.clone()));
        Ok(erasure)
    }

    /// All that it holds beside the log, and of the history, in words.
    pub fn says(&self) -> Vec<String> {
        let mut says: Vec<String> = self.webhooks.values().map(|webhook| format!("{webhook:?}")).collect();
        says.extend(self.erased.iter().map(|erased| format!("{erased:?}")));
        if let Some(tables) = &self.tables {
            let tables = tables.lock();
            COMPARED.iter().for_each(|table| says.extend(rows(&tables, &format!("SELECT * FROM {table}"))));
            let history =
                "SELECT agent, start, seq FROM history UNION ALL SELECT agent, start, seq FROM history_recent";
            says.extend(rows(&tables, &format!("SELECT * FROM ({history}) ORDER BY seq")));
        }
        says
    }
}

impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Database").field("known", &self.known).finish_non_exhaustive()
    }
}

fn opened() -> Connection {
    Connection::open_in_memory().expect("a database in memory can be opened")
}

fn with_tables() -> Connection {
    let connection = opened();
    for step in tables::STEPS.into_iter().chain([told::tables::CREATE, told::disputes::CREATE]) {
        connection.execute_batch(step).expect("the tables are made");
    }
    connection
}

fn rows(connection: &Connection, query: &str) -> Vec<String> {
    let mut statement = connection.prepare(query).expect("the tables are there");
    let columns = statement.column_count();
    let row = |row: &rusqlite::Row<'_>| {
        let values = (0..columns).map(|column| row.get::<_, rusqlite::types::Value>(column));
        values.collect::<Result<Vec<_>, _>>().map(|values| format!("{values:?}"))
    };
    let rows = statement.query_map([], row).expect("the tables can be read");
    let rows: Result<Vec<String>, _> = rows.collect();
    rows.expect("the tables can be read")
}
