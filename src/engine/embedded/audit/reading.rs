//! Reading the audit, newest first.

use rusqlite::types::{Type, Value};
use rusqlite::{Connection, OptionalExtension, params_from_iter};

use super::blanking::{PEOPLE, names};
use crate::domain::audit::{About, Deed, Outcome};
use crate::domain::ids::AgentId;
use crate::domain::time::Timestamp;
use crate::engine::stored::Erased;
use crate::history::reader::Failed;

/// Positions that a page looks at, at most: a few dozen milliseconds.
const POSITIONS: u64 = 50_000;

/// Which entries. What is given must all hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditQuery {
    /// By this subject.
    pub actor: Option<String>,
    /// Of this deed.
    pub deed: Option<Deed>,
    /// About this.
    pub about: Option<String>,
    /// From this instant on.
    pub from: Option<Timestamp>,
    /// Before this instant.
    pub to: Option<Timestamp>,
    /// Older than this position.
    pub below: Option<u64>,
    /// The most of them.
    pub most: usize,
}

/// An entry of the audit.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "as in a `Note`")]
pub struct AuditEntry {
    pub position: u64,
    pub at: Timestamp,
    pub deed: Deed,
    pub outcome: Outcome,
    /// As they are written in tokens.
    pub roles: Vec<String>,
    pub actor: Option<String>,
    pub address: Option<String>,
    pub about: Option<String>,
    pub before: Option<String>,
    pub after: Option<String>,
    /// Whether somebody who was erased stood in it.
    pub blanked: bool,
    /// The hash that the next one is chained to, in hexadecimal.
    pub hash: String,
}

/// Entries, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditPage {
    /// Those that were found.
    pub entries: Vec<AuditEntry>,
    /// Where older ones are to be looked for, if there may be more.
    pub below: Option<u64>,
}

/// A page of the audit. One that looks at much and finds little is shorter than it may be.
///
/// # Errors
/// [`Failed`]
pub fn audit(connection: &Connection, query: &AuditQuery) -> Result<AuditPage, Failed> {
    // One read, so that nobody is erased in the middle of it.
    let read = connection.unchecked_transaction()?;
    let pending = Pending::read(&read)?;
    let ends = "SELECT dropped, position FROM audit_chain";
    let (dropped, newest): (u64, u64) = read.query_row(ends, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let end = |from: Option<Timestamp>, otherwise: u64| match from {
        Some(instant) => first_from(&read, instant, dropped + 1, newest + 1),
        None => Ok(otherwise),
    };
    let high = end(query.to, newest + 1)?.min(query.below.unwrap_or(u64::MAX)).saturating_sub(1);
    let low = end(query.from, dropped + 1)?.max(pending.hides(query) + 1);
    // By whom or about what is found by an index.
    let is_found_at_once = query.actor.is_some() || query.about.is_some();
    let look_from = if is_found_at_once { low } else { low.max(high.saturating_sub(POSITIONS - 1)) };
    let mut page = AuditPage::default();
    if low > high {
        return Ok(page);
    }
    page.entries = some(&read, query, (look_from, high))?;
    page.below = match page.entries.last() {
        Some(last) if page.entries.len() == query.most => Some(last.position).filter(|last| *last > low),
        Some(_) | None => Some(look_from).filter(|from| *from > low),
    };
    page.entries.iter_mut().for_each(|entry| pending.blank(entry));
    Ok(page)
}

/// The first position of `low..high` whose entry is of an instant or later: times never go back.
fn first_from(connection: &Connection, instant: Timestamp, mut low: u64, mut high: u64) -> rusqlite::Result<u64> {
    let mut at = connection.prepare_cached("SELECT at FROM audit WHERE position = ?")?;
    while low < high {
        let middle = low + (high - low) / 2;
        let found: Option<i64> = at.query_row([middle], |row| row.get(0)).optional()?;
        if found.is_some_and(|at| at < instant.0) { low = middle + 1 } else { high = middle }
    }
    Ok(low)
}

fn some(connection: &Connection, query: &AuditQuery, (low, high): (u64, u64)) -> Result<Vec<AuditEntry>, Failed> {
    let mut select = "SELECT position, at, deed, outcome, roles, actor, address, about, before, after,
                      length(who) = 32 OR length(what) = 32, hash FROM audit WHERE position BETWEEN ? AND ?"
        .to_owned();
    let number = |number: u64| Value::Integer(i64::try_from(number).unwrap_or(i64::MAX));
    let mut values = vec![number(low), number(high)];
    let deed = query.deed.map(|deed| deed.as_str().to_owned());
    for (condition, value) in
        [(" AND actor = ?", &query.actor), (" AND about = ?", &query.about), (" AND deed = ?", &deed)]
    {
        if let Some(value) = value {
            select.push_str(condition);
            values.push(Value::Text(value.clone()));
        }
    }
    select.push_str(" ORDER BY position DESC LIMIT ?");
    values.push(number(query.most as u64));
    let mut select = connection.prepare_cached(&select)?;
    let mut rows = select.query(params_from_iter(values))?;
    let mut entries = Vec::new();
    while let Some(row) = rows.next()? {
        let (deed, outcome): (String, String) = (row.get(2)?, row.get(3)?);
        let roles: String = row.get(4)?;
        entries.push(AuditEntry {
            position: row.get(0)?,
            at: Timestamp(row.get(1)?),
            deed: Deed::parse(&deed).ok_or(Failed::Word(deed))?,
            outcome: Outcome::parse(&outcome).ok_or(Failed::Word(outcome))?,
            roles: roles.split(',').filter(|role| !role.is_empty()).map(str::to_owned).collect(),
            actor: row.get(5)?,
            address: row.get(6)?,
            about: row.get(7)?,
            before: row.get(8)?,
            after: row.get(9)?,
            blanked: row.get(10)?,
            hash: super::hexadecimal(&row.get(11)?),
        });
    }
    Ok(entries)
}

/// Whoever is being erased, until every entry is rewritten.
struct Pending(Vec<(Erased, u64)>);

impl Pending {
    fn read(connection: &Connection) -> rusqlite::Result<Self> {
        let all = "SELECT id, pseudonym, audit_until FROM erasures WHERE id IS NOT NULL";
        let mut select = connection.prepare_cached(all)?;
        let rows = select.query_map([], |row| {
            let pseudonym = AgentId::new(row.get::<_, String>(1)?);
            let pseudonym =
                pseudonym.map_err(|error| rusqlite::Error::FromSqlConversionFailure(1, Type::Text, error.into()))?;
            Ok((Erased::new(row.get(0)?, pseudonym), row.get(2)?))
        })?;
        rows.collect::<rusqlite::Result<_>>().map(Self)
    }

    /// The position up to which what is asked for names somebody who is erased: that is answered to nobody.
    fn hides(&self, query: &AuditQuery) -> u64 {
        let names = |erased: &Erased| {
            let about = |kind| query.about.as_deref() == Some(About::of(kind, erased.id()).as_str());
            query.actor.as_deref() == Some(erased.id()) || PEOPLE.into_iter().any(about)
        };
        self.0.iter().filter(|(erased, _)| names(erased)).map(|(_, until)| *until).max().unwrap_or(0)
    }

    /// The entry as it will be.
    fn blank(&self, entry: &mut AuditEntry) {
        for (erased, _) in self.0.iter().filter(|(_, until)| entry.position <= *until) {
            if entry.actor.as_deref() == Some(erased.id()) {
                entry.actor = Some(erased.pseudonym().as_str().to_owned());
                entry.address = None;
                entry.blanked = true;
            }
            if let Some(about) = names(erased, entry.about.as_deref(), [&entry.before, &entry.after]) {
                entry.about = Some(about);
                (entry.before, entry.after) = (None, None);
                entry.blanked = true;
            }
        }
    }
}
