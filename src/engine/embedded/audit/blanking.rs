//! A person is erased from the audit: the pseudonym stands where the person was named, what was said beside it goes,
//! and the seals keep what the chain needs.

use rusqlite::{Connection, params};

use super::seal::Seal;
use crate::domain::audit::About;
use crate::engine::stored::Erased;

/// Positions that a bite looks at.
const POSITIONS: u64 = 2_048;

/// The kinds of things of which it is said whose they are.
const OWNED: [&str; 2] = ["token/", "session/"];
/// The kinds of things that are people.
pub(super) const PEOPLE: [&str; 2] = ["agent", "person"];

/// Blanks a person in some entries beyond a position, up to another. Returns how far it has come; none at the end.
pub(in crate::engine::embedded) fn blank(
    connection: &Connection,
    erased: &Erased,
    beyond: u64,
    until: u64,
) -> rusqlite::Result<Option<u64>> {
    let first = "SELECT min(position) FROM audit WHERE position > ? AND position <= ?";
    let first: Option<u64> = connection.prepare_cached(first)?.query_row([beyond, until], |row| row.get(0))?;
    let Some(first) = first else { return Ok(None) };
    let last = until.min(first + POSITIONS - 1);
    let [agent, person] = PEOPLE.map(|kind| format!("{kind}/{}", erased.id()));
    let named = "SELECT position, actor, address, who, about, before, after, what FROM audit
                 WHERE position BETWEEN ?1 AND ?2 AND (actor = ?3 OR about = ?4 OR about = ?5
                 OR ((about IS NULL OR about LIKE 'token/%' OR about LIKE 'session/%')
                     AND instr(ifnull(before, '') || ifnull(after, ''), ?6)))";
    let mut select = connection.prepare_cached(named)?;
    let mut rows = select.query(params![first, last, erased.id(), agent, person, erased.written()])?;
    while let Some(row) = rows.next()? {
        let position: u64 = row.get(0)?;
        let texts = |columns: &[usize]| {
            columns.iter().map(|column| row.get(*column)).collect::<rusqlite::Result<Vec<Option<String>>>>()
        };
        let (who, what) = (texts(&[1, 2])?, texts(&[4, 5, 6])?);
        if who[0].as_deref() == Some(erased.id()) {
            let seal = sealed(&row.get::<_, Vec<u8>>(3)?, &who);
            let blank = "UPDATE audit SET actor = ?2, address = NULL, who = ?3 WHERE position = ?1";
            let values = params![position, erased.pseudonym().as_str(), seal];
            connection.prepare_cached(blank)?.execute(values)?;
        }
        if let Some(about) = names(erased, what[0].as_deref(), [&what[1], &what[2]]) {
            let seal = sealed(&row.get::<_, Vec<u8>>(7)?, &what);
            let blank = "UPDATE audit SET about = ?2, before = NULL, after = NULL, what = ?3 WHERE position = ?1";
            connection.prepare_cached(blank)?.execute(params![position, about, seal])?;
        }
    }
    Ok(Some(last))
}

/// What an entry is about once a person is blanked in it, if it is about the person or says something of it.
pub(super) fn names(erased: &Erased, about: Option<&str>, said: [&Option<String>; 2]) -> Option<String> {
    let is_about = |kind: &&str| about == Some(About::of(kind, erased.id()).as_str());
    let is_said = || said.into_iter().flatten().any(|said| erased.may_be_in(said));
    if let Some(about) = about.filter(|about| OWNED.iter().any(|kind| about.starts_with(kind))) {
        return is_said().then(|| about.to_owned());
    }
    // What is about nobody may list people: whom an export asked for. Free text of others stays, as it does in the log.
    let lists = || about.is_none() && is_said();
    let kind = PEOPLE.into_iter().find(is_about).or_else(|| lists().then_some(PEOPLE[0]))?;
    Some(About::of(kind, erased.pseudonym().as_str()).as_str().to_owned())
}

/// What is left of a seal once what it sealed is gone.
fn sealed(seal: &[u8], texts: &[Option<String>]) -> Vec<u8> {
    let texts: Vec<Option<&str>> = texts.iter().map(Option::as_deref).collect();
    Seal::of(seal).map_or_else(|| seal.to_vec(), |seal| seal.over(&texts).to_vec())
}

/// Whether the audit names somebody, beyond a position.
pub(in crate::engine::embedded) fn knows(connection: &Connection, id: &str, beyond: u64) -> rusqlite::Result<bool> {
    let named = "SELECT EXISTS (SELECT 1 FROM audit WHERE actor = ?1 AND position > ?2)
                 OR EXISTS (SELECT 1 FROM audit WHERE about = ?3 AND position > ?2)
                 OR EXISTS (SELECT 1 FROM audit WHERE about = ?4 AND position > ?2)";
    let [agent, person] = PEOPLE.map(|kind| format!("{kind}/{id}"));
    connection.prepare_cached(named)?.query_row(params![id, beyond, agent, person], |row| row.get(0))
}

/// Everybody whom the audit names.
pub(in crate::engine::embedded) fn everybody(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    let all = "SELECT DISTINCT actor FROM audit WHERE actor IS NOT NULL
               UNION SELECT DISTINCT substr(about, instr(about, '/') + 1) FROM audit
               WHERE about LIKE 'agent/%' OR about LIKE 'person/%'";
    connection.prepare(all)?.query_map([], |row| row.get(0))?.collect()
}
