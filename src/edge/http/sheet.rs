//! Items as a table.

use serde::Serialize;
use serde_json::Value;

use crate::edge::csv::push_text;

/// The items as a table with a head (RFC 4180). The columns are their fields, in this order.
pub fn table<T: Serialize>(columns: &[&str], items: &[T]) -> Vec<u8> {
    let mut table = columns.join(",").into_bytes();
    table.extend_from_slice(b"\r\n");
    table.extend(lines(columns, items));
    table
}

/// The items as a table that goes on.
pub fn lines<T: Serialize>(columns: &[&str], items: &[T]) -> Vec<u8> {
    let mut table = String::new();
    for item in items {
        let fields = serde_json::json!(item);
        for (place, column) in columns.iter().enumerate() {
            if place > 0 {
                table.push(',');
            }
            match &fields[column] {
                Value::Null => {}
                Value::String(text) => push_text(&mut table, text),
                value @ (Value::Bool(_) | Value::Number(_)) => table.push_str(&value.to_string()),
                value @ (Value::Array(_) | Value::Object(_)) => push_text(&mut table, &value.to_string()),
            }
        }
        table.push_str("\r\n");
    }
    table.into_bytes()
}
