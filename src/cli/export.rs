//! `presence-hub export`

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use clap::Args;

use super::{Exit, Loaded, Output, load};
use crate::clock::Clock;
use crate::domain::time::Timestamp;
use crate::edge::export::{Form, Packed, Sheet};
use crate::engine::embedded;
use crate::history::export::{Export, Goes, Wanted};
use crate::history::reader::{self, Failed};
use crate::history::scope::Scope;
use crate::wire::{parse, show};

/// `presence-hub export`
#[derive(Args, Clone, Debug)]
pub struct ExportArgs {
    /// The file to make: its name ends in .parquet, .csv or .ndjson; .csv.gz and .ndjson.gz are compressed.
    pub file: PathBuf,
    /// From this instant on, such as 2026-11-01T00:00:00Z.
    #[arg(long, value_parser = from)]
    pub from: Timestamp,
    /// Up to this instant; now if left out.
    #[arg(long, value_parser = to)]
    pub to: Option<Timestamp>,
    /// Only of agents while they were of this team; may be given several times.
    #[arg(long = "team")]
    pub teams: Vec<String>,
}

/// Why there is no export.
#[derive(Debug, thiserror::Error)]
enum ExportError {
    #[error("{} cannot be written; name a new file in a folder that may be written to", path.display())]
    File { path: PathBuf, source: io::Error },
    #[error("the history is kept from {} on", show::time(*.from))]
    NotKept { from: Timestamp },
    #[error(transparent)]
    Read(Failed),
}

/// `presence-hub export`
///
/// # Errors
/// The output cannot be written.
pub fn export(args: &ExportArgs, settings: Option<&Path>, output: &mut Output<'_>) -> io::Result<Exit> {
    let Some((form, packed)) = form(&args.file) else {
        let right = "name a file that ends in .parquet, .csv, .ndjson, .csv.gz or .ndjson.gz";
        return writeln!(output.err, "{right}").map(|()| Exit::Refused);
    };
    let Some(Loaded { config, .. }) = load(settings, output)? else { return Ok(Exit::Refused) };
    let folder = &config.storage.path;
    if !embedded::is_there(folder) {
        let folder = folder.display();
        writeln!(output.err, "there is no database in the data folder {folder}; name it in [storage] path")?;
        return Ok(Exit::Refused);
    }
    let now = Clock::system(None).now();
    let to = args.to.unwrap_or(now).min(now);
    if args.from > to {
        let (from, to) = (show::time(args.from), show::time(to));
        writeln!(output.err, "--from is {from}, after {to}, where the export ends; an instant before it is right")?;
        return Ok(Exit::Refused);
    }
    let teams = Some(args.teams.iter().cloned().collect()).filter(|_| !args.teams.is_empty());
    let wanted = Wanted { from: args.from, to, scope: Scope { teams, agents: None } };
    match write(&embedded::database(folder), wanted, form, packed, &args.file) {
        Ok(rows) => writeln!(output.out, "ok: {}, {rows} intervals", args.file.display()).map(|()| Exit::Done),
        // With its causes.
        Err(error) => writeln!(output.err, "{:#}", anyhow::Error::from(error)).map(|()| Exit::Failed),
    }
}

/// Writes the file, under its name once it is whole. Returns how many rows it has.
fn write(database: &Path, wanted: Wanted, form: Form, packed: Packed, path: &Path) -> Result<usize, ExportError> {
    let mut part = path.as_os_str().to_owned();
    part.push(".part");
    let unusable = |source| ExportError::File { path: path.to_owned(), source };
    if path.exists() {
        return Err(unusable(io::ErrorKind::AlreadyExists.into()));
    }
    // For its owner only: it holds names and reasons.
    let file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&part);
    let mut file = file.map_err(unusable)?;
    let connection = reader::open(database).map_err(|error| ExportError::Read(error.into()))?;
    let mut sheet = Sheet::begin(form, packed).map_err(unusable)?;
    let (mut export, mut count) = (Export::new(wanted), 0);
    loop {
        let (rows, goes) = export.bite(&connection).map_err(|failed| match failed {
            Failed::NotKept { from } => ExportError::NotKept { from },
            failed @ (Failed::Database(_)
            | Failed::Word(_)
            | Failed::Entry { .. }
            | Failed::TooMuch { .. }
            | Failed::Nobody) => ExportError::Read(failed),
        })?;
        count += rows.len();
        sheet.add(rows).and_then(|made| file.write_all(&made)).map_err(unusable)?;
        if goes == Goes::NoFurther {
            break;
        }
    }
    let ended = sheet.end().and_then(|rest| file.write_all(&rest)).and_then(|()| file.sync_all());
    ended.and_then(|()| fs::rename(&part, path)).map_err(unusable)?;
    Ok(count)
}

/// What the name of a file asks for.
fn form(file: &Path) -> Option<(Form, Packed)> {
    let name = file.file_name()?.to_str()?;
    let (name, packed) = name.strip_suffix(".gz").map_or((name, Packed::Not), |name| (name, Packed::Gzip));
    let (_, extension) = name.rsplit_once('.')?;
    let form = Form::ALL.into_iter().find(|form| form.extension() == extension)?;
    // It is compressed inside.
    (form != Form::Parquet || packed == Packed::Not).then_some((form, packed))
}

fn from(text: &str) -> Result<Timestamp, String> {
    parse::time("from", text).map_err(|error| error.to_string())
}

fn to(text: &str) -> Result<Timestamp, String> {
    parse::time("to", text).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_file_says_how_it_is_written() {
        let asked = |name: &str| form(Path::new(name));
        assert_eq!(asked("exports/november.parquet"), Some((Form::Parquet, Packed::Not)));
        assert_eq!(asked("a.b.csv.gz"), Some((Form::Csv, Packed::Gzip)));
        assert_eq!(asked("a.ndjson"), Some((Form::Ndjson, Packed::Not)));
        for name in ["a", "a.json", "a.gz", "a.parquet.gz", "csv", ".."] {
            assert_eq!(asked(name), None, "{name}");
        }
    }
}
