//! Exports as text: CSV, and a JSON object a line.

use super::columns::{COLUMNS, Cell};
use crate::edge::csv::push_text;
use crate::history::export::Exported;
use crate::wire::{self, show};

/// The head of the table.
pub(super) fn csv_head() -> String {
    let names: Vec<_> = COLUMNS.iter().map(|column| column.name).collect();
    names.join(",") + "\r\n"
}

/// A line for each.
pub(super) fn csv(rows: &[Exported]) -> String {
    let mut table = String::new();
    for row in rows {
        for (place, column) in COLUMNS.iter().enumerate() {
            if place > 0 {
                table.push(',');
            }
            match (column.of)(row) {
                Cell::Text(text) => push_text(&mut table, text),
                Cell::Texts(texts) => push_text(&mut table, &json(&texts)),
                Cell::Instant(instant) => table.push_str(&show::time(instant)),
                Cell::Whole(whole) => table.push_str(&whole.to_string()),
                Cell::Nothing => {}
            }
        }
        table.push_str("\r\n");
    }
    table
}

/// An object for each, on a line of its own.
pub(super) fn ndjson(rows: &[Exported]) -> String {
    let mut lines = String::new();
    for row in rows {
        for (place, column) in COLUMNS.iter().enumerate() {
            lines.push_str(if place > 0 { ",\"" } else { "{\"" });
            lines.push_str(column.name);
            lines.push_str("\":");
            match (column.of)(row) {
                Cell::Text(text) => lines.push_str(&json(&text)),
                Cell::Texts(texts) => lines.push_str(&json(&texts)),
                Cell::Instant(instant) => {
                    lines.push('"');
                    lines.push_str(&show::time(instant));
                    lines.push('"');
                }
                Cell::Whole(whole) => lines.push_str(&whole.to_string()),
                Cell::Nothing => lines.push_str("null"),
            }
        }
        lines.push_str("}\n");
    }
    lines
}

fn json(shape: &impl serde::Serialize) -> String {
    // JSON is text.
    String::from_utf8(wire::text(shape)).unwrap_or_default()
}
