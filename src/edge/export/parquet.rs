//! Exports as Apache Parquet: columns of some thousand rows each, compressed with Snappy.

use std::sync::Arc;

use parquet::basic::{Compression, LogicalType, Repetition, TimeUnit, Type as Physical};
use parquet::data_type::{ByteArray, ByteArrayType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::types::{Type, TypePtr};

use super::columns::{COLUMNS, Cell, Column, Kind};
use crate::history::export::Exported;

/// Rows of a group: what is held until its columns can be written, some megabytes.
const GROUP: usize = 65_536;

/// A file on its way.
pub(super) struct Table {
    file: SerializedFileWriter<Vec<u8>>,
    rows: Vec<Exported>,
}

impl Table {
    pub fn begin() -> Result<Self, ParquetError> {
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            // Of a chunk and not of its pages: what is held grows with it until the file ends.
            .set_statistics_enabled(EnabledStatistics::Chunk)
            .set_offset_index_disabled(true)
            .set_created_by(concat!("presence-hub ", env!("CARGO_PKG_VERSION")).to_owned())
            .build();
        let file = SerializedFileWriter::new(Vec::new(), schema()?, Arc::new(properties))?;
        Ok(Self { file, rows: Vec::new() })
    }

    /// Adds rows. Returns what of the file is finished.
    pub fn add(&mut self, rows: Vec<Exported>) -> Result<Vec<u8>, ParquetError> {
        self.rows.extend(rows);
        if self.rows.len() >= GROUP {
            self.write_group()?;
        }
        self.finished()
    }

    /// Ends the file. Returns the rest of it.
    pub fn end(&mut self) -> Result<Vec<u8>, ParquetError> {
        if !self.rows.is_empty() {
            self.write_group()?;
        }
        self.file.finish()?;
        self.finished()
    }

    fn finished(&mut self) -> Result<Vec<u8>, ParquetError> {
        self.file.flush()?;
        Ok(std::mem::take(self.file.inner_mut()))
    }

    fn write_group(&mut self) -> Result<(), ParquetError> {
        let rows = std::mem::take(&mut self.rows);
        let mut group = self.file.next_row_group()?;
        for column in COLUMNS {
            if let Some(mut writer) = group.next_column()? {
                write(column, &rows, &mut writer)?;
                writer.close()?;
            }
        }
        group.close().map(drop)
    }
}

fn schema() -> Result<TypePtr, ParquetError> {
    let fields = COLUMNS.iter().map(|column| field(column).map(Arc::new)).collect::<Result<_, _>>()?;
    Ok(Arc::new(Type::group_type_builder("interval").with_fields(fields).build()?))
}

fn field(column: &Column) -> Result<Type, ParquetError> {
    let one = |name, physical, logical, repetition| {
        Type::primitive_type_builder(name, physical).with_logical_type(logical).with_repetition(repetition).build()
    };
    let (name, text) = (column.name, Some(LogicalType::String));
    match column.kind {
        Kind::Text => one(name, Physical::BYTE_ARRAY, text, Repetition::REQUIRED),
        Kind::OptionalText => one(name, Physical::BYTE_ARRAY, text, Repetition::OPTIONAL),
        Kind::Instant => {
            let instant = LogicalType::timestamp(true, TimeUnit::MILLIS);
            one(name, Physical::INT64, Some(instant), Repetition::REQUIRED)
        }
        Kind::Whole => one(name, Physical::INT64, None, Repetition::REQUIRED),
        Kind::OptionalWhole => one(name, Physical::INT64, None, Repetition::OPTIONAL),
        Kind::Texts => {
            let element = one("element", Physical::BYTE_ARRAY, text, Repetition::REQUIRED)?;
            let list = Type::group_type_builder("list")
                .with_repetition(Repetition::REPEATED)
                .with_fields(vec![Arc::new(element)])
                .build()?;
            Type::group_type_builder(name)
                .with_repetition(Repetition::REQUIRED)
                .with_logical_type(Some(LogicalType::List))
                .with_fields(vec![Arc::new(list)])
                .build()
        }
    }
}

/// The cells of a column, with the levels by which Parquet tells what is not there, and where a list begins.
#[derive(Default)]
struct Cells {
    texts: Vec<ByteArray>,
    wholes: Vec<i64>,
    definition: Vec<i16>,
    repetition: Vec<i16>,
}

fn write(column: &Column, rows: &[Exported], writer: &mut SerializedColumnWriter<'_>) -> Result<(), ParquetError> {
    let mut cells = Cells::default();
    for row in rows {
        match (column.of)(row) {
            Cell::Text(text) => {
                cells.texts.push(bytes(text));
                cells.definition.push(1);
            }
            Cell::Whole(whole) => {
                cells.wholes.push(whole);
                cells.definition.push(1);
            }
            Cell::Instant(instant) => cells.wholes.push(instant.0),
            Cell::Nothing => cells.definition.push(0),
            Cell::Texts([]) => {
                cells.definition.push(0);
                cells.repetition.push(0);
            }
            Cell::Texts(texts) => {
                for (place, text) in texts.iter().enumerate() {
                    cells.texts.push(bytes(text));
                    cells.definition.push(1);
                    cells.repetition.push(i16::from(place > 0));
                }
            }
        }
    }
    let definition = match column.kind {
        Kind::OptionalText | Kind::OptionalWhole | Kind::Texts => Some(&*cells.definition),
        Kind::Text | Kind::Instant | Kind::Whole => None,
    };
    let repetition = (column.kind == Kind::Texts).then_some(&*cells.repetition);
    match column.kind {
        Kind::Text | Kind::OptionalText | Kind::Texts => {
            writer.typed::<ByteArrayType>().write_batch(&cells.texts, definition, repetition)?;
        }
        Kind::Instant | Kind::Whole | Kind::OptionalWhole => {
            writer.typed::<Int64Type>().write_batch(&cells.wholes, definition, repetition)?;
        }
    }
    Ok(())
}

fn bytes(text: &str) -> ByteArray {
    ByteArray::from(text)
}
