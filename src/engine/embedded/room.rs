//! Pages of the database's file that nothing uses any more, given back to the disk.

use rusqlite::Connection;

/// What comes takes free pages first. So some stay in the file: one in so many, and at least so many, 16 MB.
const ONE_IN: i64 = 8;
const LEAST: i64 = 4_096;
/// Pages that one bite takes off the end of the file, where it has to move what stands there: some milliseconds.
const PAGES: i64 = 64;

/// SQLite's word for a file whose pages are given back when it is told to.
const INCREMENTAL: i64 = 2;

/// Lets a database that has no pages yet be one that they can be taken off. `docs/history.md` says how an older one
/// becomes one.
///
/// Any other is left alone: SQLite would wait for whoever writes, which beside a busy hub is always somebody.
pub(super) fn prepare(connection: &Connection) -> rusqlite::Result<()> {
    let pages: i64 = connection.pragma_query_value(None, "page_count", |row| row.get(0))?;
    if pages > 0 {
        return Ok(());
    }
    connection.pragma_update(None, "auto_vacuum", INCREMENTAL)
}

/// Takes some pages off the file, if there are too many free ones. Whether it did.
pub(super) fn give_back(connection: &Connection) -> rusqlite::Result<bool> {
    let ask = |pragma| connection.pragma_query_value(None, pragma, |row| row.get::<_, i64>(0));
    if ask("auto_vacuum")? != INCREMENTAL {
        return Ok(false);
    }
    let too_many = ask("freelist_count")? - (ask("page_count")? / ONE_IN).max(LEAST);
    if too_many <= 0 {
        return Ok(false);
    }
    let mut vacuum = connection.prepare(&format!("PRAGMA incremental_vacuum({})", too_many.min(PAGES)))?;
    let mut pages = vacuum.query([])?;
    // Each step takes a page.
    while pages.next()?.is_some() {}
    Ok(true)
}
