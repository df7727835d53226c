//! `presence-hub rebuild-history`

use std::io;
use std::path::Path;

use super::{Exit, Loaded, Output, load};
use crate::engine::embedded;

/// `presence-hub rebuild-history`
///
/// # Errors
/// The output cannot be written.
pub fn rebuild_history(file: Option<&Path>, output: &mut Output<'_>) -> io::Result<Exit> {
    let Some(Loaded { config, .. }) = load(file, output)? else { return Ok(Exit::Refused) };
    let folder = &config.storage.path;
    if !embedded::is_there(folder) {
        let folder = folder.display();
        writeln!(output.err, "there is no database in the data folder {folder}; name it in [storage] path")?;
        return Ok(Exit::Refused);
    }
    let mut said = Ok(());
    let rebuilt = embedded::open(folder).and_then(|mut opening| {
        opening.rebuild_history(|progress| {
            if said.is_ok() {
                said = writeln!(output.err, "entry {} of {}", progress.seq, progress.newest);
            }
        })
    });
    said?;
    match rebuilt {
        Ok(()) => writeln!(output.out, "ok: the history is as the log says").map(|()| Exit::Done),
        // With its causes.
        Err(error) => writeln!(output.err, "{:#}", anyhow::Error::from(error)).map(|()| Exit::Failed),
    }
}
