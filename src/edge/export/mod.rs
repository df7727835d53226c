//! Exports of the history: a table of any length, in three forms, made piece by piece.

mod columns;
mod parquet;
mod text;

use std::io::{self, Write as _};

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::history::export::Exported;
use parquet::Table;

/// How the table is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Comma-separated values, with a head.
    Csv,
    /// A JSON object a line.
    Ndjson,
    /// Apache Parquet, compressed inside.
    Parquet,
}

impl Form {
    /// All three, the usual one first.
    pub const ALL: [Self; 3] = [Self::Ndjson, Self::Csv, Self::Parquet];

    /// Its media type.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv",
            Self::Ndjson => "application/x-ndjson",
            Self::Parquet => "application/vnd.apache.parquet",
        }
    }

    /// How files of it end.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Ndjson => "ndjson",
            Self::Parquet => "parquet",
        }
    }
}

/// Whether the whole is compressed besides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packed {
    /// As it is.
    Not,
    /// With gzip.
    Gzip,
}

/// A table on its way.
pub struct Sheet(Kind);

enum Kind {
    Text { write: fn(&[Exported]) -> String, out: Out },
    Parquet(Box<Table>),
}

/// What was written, until it is taken.
enum Out {
    Plain(Vec<u8>),
    Gzip(Box<GzEncoder<Vec<u8>>>),
}

impl Sheet {
    /// A table without rows.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn begin(form: Form, packed: Packed) -> io::Result<Self> {
        let out = || match packed {
            Packed::Not => Out::Plain(Vec::new()),
            Packed::Gzip => Out::Gzip(Box::new(GzEncoder::new(Vec::new(), Compression::fast()))),
        };
        Ok(Self(match form {
            Form::Csv => {
                let mut out = out();
                out.write(&text::csv_head())?;
                Kind::Text { write: text::csv, out }
            }
            Form::Ndjson => Kind::Text { write: text::ndjson, out: out() },
            Form::Parquet => Kind::Parquet(Box::new(Table::begin().map_err(io::Error::other)?)),
        }))
    }

    /// Adds rows. Returns what of the table is finished: it may be nothing yet.
    ///
    /// # Errors
    /// They cannot be written.
    pub fn add(&mut self, rows: Vec<Exported>) -> io::Result<Vec<u8>> {
        match &mut self.0 {
            Kind::Text { write, out } => {
                out.write(&write(&rows))?;
                Ok(out.take())
            }
            Kind::Parquet(table) => table.add(rows).map_err(io::Error::other),
        }
    }

    /// Ends the table. Returns the rest of it.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn end(self) -> io::Result<Vec<u8>> {
        match self.0 {
            Kind::Text { out: Out::Plain(rest), .. } => Ok(rest),
            Kind::Text { out: Out::Gzip(gzip), .. } => gzip.finish(),
            Kind::Parquet(mut table) => table.end().map_err(io::Error::other),
        }
    }
}

impl Out {
    fn write(&mut self, text: &str) -> io::Result<()> {
        match self {
            Self::Plain(bytes) => bytes.extend_from_slice(text.as_bytes()),
            Self::Gzip(gzip) => gzip.write_all(text.as_bytes())?,
        }
        Ok(())
    }

    fn take(&mut self) -> Vec<u8> {
        std::mem::take(match self {
            Self::Plain(bytes) => bytes,
            Self::Gzip(gzip) => gzip.get_mut(),
        })
    }
}

#[cfg(test)]
mod tests;
