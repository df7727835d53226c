//! Looking over the chain.

use std::collections::HashSet;

use rusqlite::Connection;

use super::seal::Seal;
use super::{Hash, Row, hash, hexadecimal};
use crate::domain::time::Timestamp;

/// What was found of the audit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditChecked {
    /// Entries.
    pub entries: u64,
    /// Entries in which somebody was blanked.
    pub blanked: u64,
    /// The newest position.
    pub position: u64,
    /// The newest hash, in hexadecimal.
    pub hash: String,
}

/// Looks over all of it, and tells what is wrong.
pub(in crate::engine::embedded) fn check(
    connection: &Connection,
    mut finds: impl FnMut(String),
) -> rusqlite::Result<AuditChecked> {
    let ends = "SELECT position, hash, dropped, dropped_hash FROM audit_chain";
    let (newest, newest_hash, mut position, mut before): (u64, Hash, u64, Hash) =
        connection.query_row(ends, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?;
    let mut select = connection.prepare("SELECT pseudonym FROM erasures")?;
    let erased: HashSet<String> = select.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    let mut checked = AuditChecked { position: newest, hash: hexadecimal(&newest_hash), ..AuditChecked::default() };
    let all = "SELECT position, at, deed, outcome, roles, actor, address, who, about, before, after, what, hash
               FROM audit ORDER BY position";
    let mut select = connection.prepare(all)?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        let found: u64 = row.get(0)?;
        checked.entries += 1;
        if found != position + 1 {
            finds(format!("entry {} of the audit is followed by {found}", position));
        }
        position = found;
        let text = |column| row.get_ref(column).and_then(|text| Ok(text.as_str_or_null()?));
        let bytes = |column| row.get_ref(column).and_then(|bytes| Ok(bytes.as_blob()?));
        let (Some(who), Some(what)) = (Seal::of(bytes(7)?), Seal::of(bytes(11)?)) else {
            finds(format!("entry {position} of the audit has no seal"));
            continue;
        };
        let (actor, address, about, said) = (text(5)?, text(6)?, text(8)?, [text(9)?, text(10)?]);
        let is_erased = |id: Option<&str>| id.is_some_and(|id| erased.contains(id));
        let person = about.and_then(|about| about.split_once('/')).map(|(_, id)| id);
        let blank = [
            (who, is_erased(actor) && address.is_none()),
            (what, is_erased(person) && said.iter().all(Option::is_none)),
        ];
        if blank.iter().any(|(seal, is_blank)| matches!(seal, Seal::Blanked(_)) && !is_blank) {
            finds(format!("entry {position} of the audit was blanked, and nobody was erased from it"));
        }
        checked.blanked += u64::from(blank.iter().any(|(seal, _)| matches!(seal, Seal::Blanked(_))));
        let [deed, outcome, roles] = [row.get_ref(2)?.as_str()?, row.get_ref(3)?.as_str()?, row.get_ref(4)?.as_str()?];
        let row_said = Row { position, at: Timestamp(row.get(1)?), deed, outcome, roles };
        let sealed = [who.over(&[actor, address]), what.over(&[about, said[0], said[1]])];
        let kept: Hash = row.get(12)?;
        if hash(&before, &row_said, &sealed) != kept {
            finds(format!("entry {position} of the audit is not what was kept, or not where"));
        }
        before = kept;
    }
    if (position, before) != (newest, newest_hash) {
        finds(format!("the audit ends with entry {position}, and entry {newest} was kept last"));
    }
    Ok(checked)
}
