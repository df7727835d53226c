//! The browser's types, from the same schemas.

use std::fmt::Write as _;

use serde_json::{Map, Value};

/// One exported type for each schema.
pub fn typescript(schemas: &Value) -> String {
    let mut text = String::from(
        "// Made from src/wire: `ACCEPT=1 cargo test --locked --lib documents`. Changes made here are lost.\n",
    );
    for (name, schema) in schemas.as_object().unwrap() {
        let fields = schema.as_object().unwrap();
        let body = type_of(schema, "");
        let gap = if body.starts_with('\n') { "" } else { " " };
        write!(text, "\n{}export type {name} ={gap}{body};\n", comment(fields, "")).unwrap();
    }
    text
}

fn comment(fields: &Map<String, Value>, indent: &str) -> String {
    let Some(text) = fields.get("description").and_then(Value::as_str) else { return String::new() };
    match text.split_once("\n\n") {
        None => format!("/** {text} */\n{indent}"),
        Some(_) => format!(
            "/**\n{indent} * {}\n{indent} */\n{indent}",
            text.replace("\n\n", &format!("\n{indent} *\n{indent} * "))
        ),
    }
}

/// A schema as a type.
fn type_of(schema: &Value, indent: &str) -> String {
    let Value::Object(fields) = schema else { return "unknown".to_owned() };
    if let Some(name) = fields.get("$ref").and_then(Value::as_str).and_then(|at| at.rsplit('/').next()) {
        return match object(fields, indent) {
            Some(more) => format!("{name} & {more}"),
            None => name.to_owned(),
        };
    }
    if let Some(only) = fields.get("const") {
        return only.to_string();
    }
    if let Some(Value::Array(values)) = fields.get("enum") {
        return values.iter().map(Value::to_string).collect::<Vec<_>>().join(" | ");
    }
    for union in ["oneOf", "anyOf"] {
        if let Some(Value::Array(kinds)) = fields.get(union) {
            return united(kinds, indent);
        }
    }
    match fields.get("type") {
        Some(Value::Array(types)) => {
            let each = types.iter().map(|one| {
                let mut single = fields.clone();
                single.insert("type".to_owned(), one.clone());
                type_of(&Value::Object(single), indent)
            });
            each.collect::<Vec<_>>().join(" | ")
        }
        Some(Value::String(kind)) => match kind.as_str() {
            "string" => "string".to_owned(),
            "integer" | "number" => "number".to_owned(),
            "boolean" => "boolean".to_owned(),
            "null" => "null".to_owned(),
            "array" => array(fields, indent),
            "object" => object(fields, indent).unwrap_or_else(|| {
                let is_open = fields.get("additionalProperties").is_some_and(|more| *more == true);
                format!("Record<string, {}>", if is_open { "unknown" } else { "never" })
            }),
            other => panic!("no type for {other}"),
        },
        Some(_) | None => "unknown".to_owned(),
    }
}

fn united(kinds: &[Value], indent: &str) -> String {
    let is_long = kinds.iter().any(|kind| kind.get("description").is_some() || kind.get("properties").is_some());
    if !is_long {
        return kinds.iter().map(|kind| type_of(kind, indent)).collect::<Vec<_>>().join(" | ");
    }
    let deeper = format!("{indent}  ");
    let mut text = String::new();
    for kind in kinds {
        let comment = kind.as_object().map(|kind| comment(kind, &deeper)).unwrap_or_default();
        write!(text, "\n{deeper}{comment}| {}", type_of(kind, &deeper)).unwrap();
    }
    text
}

fn array(fields: &Map<String, Value>, indent: &str) -> String {
    if let Some(Value::Array(places)) = fields.get("prefixItems") {
        let places = places.iter().map(|place| type_of(place, indent)).collect::<Vec<_>>();
        return format!("[{}]", places.join(", "));
    }
    let item = fields.get("items").map_or_else(|| "unknown".to_owned(), |items| type_of(items, indent));
    let (least, most) = (fields.get("minItems"), fields.get("maxItems"));
    if least.is_some() && least == most {
        let places = least.and_then(Value::as_u64).unwrap_or_default();
        return format!("[{}]", vec![item; usize::try_from(places).unwrap()].join(", "));
    }
    if item.contains(' ') { format!("({item})[]") } else { format!("{item}[]") }
}

/// The fields of an object; none if it says nothing about them.
fn object(fields: &Map<String, Value>, indent: &str) -> Option<String> {
    let Some(Value::Object(properties)) = fields.get("properties") else {
        let values = fields.get("additionalProperties").filter(|values| values.is_object())?;
        return Some(format!("Record<string, {}>", type_of(values, indent)));
    };
    let required = fields.get("required").and_then(Value::as_array);
    let deeper = format!("{indent}  ");
    let mut text = String::from("{");
    for (name, property) in properties {
        let is_required = required.is_some_and(|required| required.iter().any(|one| one == name.as_str()));
        let comment = property.as_object().map(|property| comment(property, &deeper)).unwrap_or_default();
        let optional = if is_required { "" } else { "?" };
        write!(text, "\n{deeper}{comment}{name}{optional}: {};", type_of(property, &deeper)).unwrap();
    }
    if matches!(fields.get("additionalProperties"), Some(Value::Bool(true))) {
        write!(text, "\n{deeper}[field: string]: unknown;").unwrap();
    }
    write!(text, "\n{indent}}}").unwrap();
    Some(text)
}
