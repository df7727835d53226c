//! Schemas that fields of the shapes borrow (`schemars(with = …)`), because Rust's types say less than the
//! hub holds to: what a text may be, and records as they are created and patched. Only the documents use them.

use std::borrow::Cow;
use std::marker::PhantomData;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Value, json};

use super::Record;
use crate::domain::ids::MAX_ID_BYTES;

/// A text that is an id or a label.
pub struct Id;

/// The id of a record that is to be created.
pub struct NewId;

/// A text of at most so many characters that is not blank.
pub struct Words<const MOST: usize>;

/// A text of at most so many characters, in one line.
pub struct Line<const MOST: usize>;

/// Why something is done.
pub type Reason = Line<{ crate::domain::rules::MAX_REASON }>;

/// A record that says its own id, because no path does.
pub struct New<T>(PhantomData<T>);

/// A merge patch (RFC 7396) of a `T`.
pub struct PatchOf<T>(PhantomData<T>);

/// The field is only read: whoever sends it back says nothing with it.
pub fn read_only(field: &mut Schema) {
    field.remove("default");
    field.insert("readOnly".to_owned(), json!(true));
}

/// The field is the record's id, which the path says: an empty one counts as left out.
pub fn said_by_path(field: &mut Schema) {
    read_only(field);
    let pattern = field.get("pattern").and_then(Value::as_str).map(|pattern| format!("^$|{pattern}"));
    field.insert("pattern".to_owned(), json!(pattern));
    field.remove("minLength");
}

/// The characters that are in no text that people read ([`crate::domain::field::misleads`]).
const MISLEADING: &str = r"\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069";
/// Those that one sees nothing of.
const BLANK: &str = r"\u0020\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000";

/// One character at least can be seen, and none misleads: blank ids cannot be told apart on a screen.
fn not_blank() -> String {
    format!("^[^{MISLEADING}]*[^{MISLEADING}{BLANK}][^{MISLEADING}]*$")
}

impl JsonSchema for Id {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Id".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string", "minLength": 1, "maxLength": MAX_ID_BYTES,
            "pattern": format!("^[^{MISLEADING}]+$"),
        })
    }
}

impl JsonSchema for NewId {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "NewId".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string", "minLength": 1, "maxLength": MAX_ID_BYTES, "not": { "enum": [".", ".."] },
            "pattern": not_blank(),
        })
    }
}

impl<const MOST: usize> JsonSchema for Words<MOST> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Words".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string", "minLength": 1, "maxLength": MOST, "pattern": not_blank(),
        })
    }
}

impl<const MOST: usize> JsonSchema for Line<MOST> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Line".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "maxLength": MOST, "pattern": format!("^[^{MISLEADING}]*$") })
    }
}

impl<T: Record + JsonSchema> JsonSchema for New<T> {
    fn schema_name() -> Cow<'static, str> {
        format!("New{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schema = T::json_schema(generator);
        says_its_id::<T>(&mut schema, NewId::json_schema(generator));
        schema
    }
}

/// The id has to be there, for there is no path that says it.
pub fn says_its_id<T: Record>(record: &mut Schema, mut id: Schema) {
    id.insert("description".to_owned(), json!("The id of the record."));
    record.pointer_mut("/properties").unwrap()[T::ID] = id.to_value();
    match record.get_mut("required") {
        Some(Value::Array(required)) => required.insert(0, json!(T::ID)),
        Some(_) | None => drop(record.insert("required".to_owned(), json!([T::ID]))),
    }
}

impl<T: JsonSchema> JsonSchema for PatchOf<T> {
    fn schema_name() -> Cow<'static, str> {
        format!("{}Patch", T::schema_name()).into()
    }

    /// Any of its fields; null takes one away that need not be there.
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schema = T::json_schema(generator);
        let required = schema.remove("required").unwrap_or_default();
        // What fields have to do with each other is judged of the record that the patch leaves.
        for condition in ["if", "then", "else"] {
            schema.remove(condition);
        }
        for (name, field) in schema.pointer_mut("/properties").and_then(Value::as_object_mut).unwrap() {
            field.as_object_mut().unwrap().remove("default");
            if let Some(values) = field.get_mut("additionalProperties").filter(|values| values.is_object()) {
                or_null(values);
            }
            if !required.as_array().is_some_and(|required| required.contains(&json!(name))) {
                or_null(field);
            }
        }
        let description = format!("Fields of {} that change; null takes one away.", T::schema_name());
        schema.insert("description".to_owned(), json!(description));
        schema
    }
}

/// The schema, or null.
fn or_null(schema: &mut Value) {
    match &mut schema["type"] {
        Value::Array(types) if types.contains(&json!("null")) => {}
        Value::Array(types) => types.push(json!("null")),
        Value::String(one) => schema["type"] = json!([one, "null"]),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => {
            schema.as_object_mut().unwrap().remove("type");
            let is_null = json!({ "type": "null" });
            if let Some(kinds) = schema.get_mut("anyOf").and_then(Value::as_array_mut) {
                if !kinds.contains(&is_null) {
                    kinds.push(is_null);
                }
                return;
            }
            let description = schema.as_object_mut().unwrap().remove("description");
            *schema = json!({ "anyOf": [schema.take(), is_null] });
            schema.as_object_mut().unwrap().extend(description.map(|text| ("description".to_owned(), text)));
        }
    }
    if let Some(known) = schema.get_mut("enum").and_then(Value::as_array_mut) {
        known.push(Value::Null);
    }
}
