//! JSON Schemas of the types, by name. What is read from the hub and what is written to it differ: a field
//! with a default may be left out when writing and is always there when reading. Where they do, the
//! one that is written is called `…Input`.

use std::collections::{BTreeMap, BTreeSet};

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Map, Value, json};

/// Where schemas that are read stand in every document.
const READ: &str = "#/components/schemas/";
/// Where those stand that are written, until it is known which differ.
const WRITTEN: &str = "#/written/";

/// Collects the schemas that a document names.
pub struct Schemas {
    read: SchemaGenerator,
    written: SchemaGenerator,
}

impl Default for Schemas {
    fn default() -> Self {
        let settings = |path: &str| {
            SchemaSettings::draft2020_12().with(|settings| {
                path.trim_start_matches('#').trim_end_matches('/').clone_into(settings.definitions_path.to_mut());
                settings.meta_schema = None;
            })
        };
        Self {
            read: settings(READ).for_serialize().into_generator(),
            written: settings(WRITTEN).for_deserialize().into_generator(),
        }
    }
}

impl Schemas {
    /// The schema of what the hub sends.
    pub fn read<T: JsonSchema + ?Sized>(&mut self) -> Value {
        self.read.subschema_for::<T>().to_value()
    }

    /// The schema of what the hub is sent.
    pub fn written<T: JsonSchema + ?Sized>(&mut self) -> Value {
        self.written.subschema_for::<T>().to_value()
    }

    /// The schema of what the hub sends, itself and not its name.
    pub fn inlined_read<T: JsonSchema>(&mut self) -> Value {
        without_needless_null(self.read.root_schema_for::<T>().to_value())
    }

    /// The schema of what the hub is sent, itself and not its name.
    pub fn inlined_written<T: JsonSchema>(&mut self) -> Value {
        self.written.root_schema_for::<T>().to_value()
    }

    /// The parameters of a query: the fields of `T`.
    pub fn parameters<T: JsonSchema>(&mut self) -> Vec<Value> {
        let mut schema = self.written.root_schema_for::<T>().to_value();
        let required: Vec<Value> = schema["required"].as_array().cloned().unwrap_or_default();
        let fields = schema["properties"].take();
        let parameter = |(name, schema): (&String, &Value)| {
            let mut schema = without_null(schema.clone());
            let description = schema.as_object_mut().and_then(|schema| schema.remove("description"));
            schema.as_object_mut().unwrap().remove("default");
            let mut parameter = json!({ "name": name, "in": "query", "schema": schema });
            if required.contains(&json!(name)) {
                parameter["required"] = json!(true);
            }
            if let Some(description) = description {
                parameter["description"] = description;
            }
            parameter
        };
        fields.as_object().unwrap().iter().map(parameter).collect()
    }

    /// A document's `components.schemas`, and the document with every reference to them in its place.
    pub fn finish(mut self, document: Value) -> (Value, Value) {
        let tidy = |definitions: Map<String, Value>| -> BTreeMap<String, Value> {
            definitions.into_iter().map(|(name, schema)| (name, tidied(schema))).collect()
        };
        let mut all: BTreeMap<String, Value> = tidy(self.read.take_definitions(true))
            .into_iter()
            .map(|(name, schema)| (name, without_needless_null(schema)))
            .collect();
        let mut written = tidy(self.written.take_definitions(true));
        written.values_mut().for_each(without_defaults);
        // At first all are taken for equal; whatever differs makes those differ that refer to it.
        let mut differ: BTreeSet<String> = BTreeSet::new();
        loop {
            let more: Vec<String> = written
                .iter()
                .filter(|(name, schema)| {
                    !differ.contains(*name)
                        && all.get(*name).is_some_and(|read| *read != placed((*schema).clone(), &differ))
                })
                .map(|(name, _)| name.clone())
                .collect();
            if more.is_empty() {
                break;
            }
            differ.extend(more);
        }
        for (name, schema) in written {
            let name = if differ.contains(&name) { format!("{name}Input") } else { name };
            all.entry(name).or_insert_with(|| placed(schema, &differ));
        }
        for (name, schema) in &mut all {
            complete_kinds(name, schema);
        }
        (json!(all), placed(tidied(document), &differ))
    }
}

/// A schema whose references to what is written stand where that does.
fn placed(mut schema: Value, differ: &BTreeSet<String>) -> Value {
    each(&mut schema, &mut |fields| {
        let reference = fields.get("$ref").and_then(Value::as_str).and_then(|at| at.strip_prefix(WRITTEN));
        if let Some(name) = reference {
            let name = if differ.contains(name) { format!("{name}Input") } else { name.to_owned() };
            fields.insert("$ref".to_owned(), json!(format!("{READ}{name}")));
        }
    });
    schema
}

/// Gives each kind of a tagged union what all kinds have, and a title of its own: generators of clients make a
/// type of each kind, of that title, and overlook what stands beside `oneOf`.
fn complete_kinds(name: &str, schema: &mut Value) {
    let tag_of = |kind: &Value| {
        let mut properties = kind["properties"].as_object().into_iter().flatten();
        let tag = properties.find_map(|(_, property)| property["const"].as_str());
        tag.map(heck::ToUpperCamelCase::to_upper_camel_case)
    };
    let is_tagged = |kinds: &Vec<Value>| kinds.iter().all(|kind| tag_of(kind).is_some());
    if !schema["oneOf"].as_array().is_some_and(is_tagged) {
        return;
    }
    let fields = schema.as_object_mut().unwrap();
    let (properties, required) = (fields.remove("properties"), fields.remove("required"));
    for kind in fields["oneOf"].as_array_mut().unwrap() {
        kind["title"] = json!(format!("{name}{}", tag_of(kind).unwrap()));
        for (field, about) in properties.iter().filter_map(Value::as_object).flatten() {
            kind["properties"][field] = about.clone();
        }
        for field in required.iter().filter_map(Value::as_array).flatten() {
            kind["required"].as_array_mut().unwrap().push(field.clone());
        }
    }
}

/// Without the values of what is left out, which the descriptions tell: `openapi-typescript` takes a field that
/// has one for one that has to be there.
fn without_defaults(schema: &mut Value) {
    each(schema, &mut |fields| drop(fields.remove("default")));
}

/// With the bounds of Rust's numbers instead of their names, which no other language has, and with each text
/// in one line.
fn tidied(mut schema: Value) -> Value {
    each(&mut schema, &mut |fields| {
        let most = match fields.get("format").and_then(Value::as_str) {
            Some("uint8") => Some(u32::from(u8::MAX)),
            Some("uint16") => Some(u32::from(u16::MAX)),
            Some("uint32") => Some(u32::MAX),
            // Where it matters how large one may be, its field says so.
            Some(_) | None => None,
        };
        if let Some(most) = most {
            fields.entry("maximum").or_insert(json!(most));
        }
        if fields.get("format").and_then(Value::as_str).is_some_and(|format| format.starts_with("uint")) {
            fields.remove("format");
        }
        for words in ["description", "summary"] {
            if let Some(Value::String(text)) = fields.get_mut(words) {
                *text = paragraphs(text);
            }
        }
    });
    schema
}

/// A docstring's paragraphs, each in one line.
fn paragraphs(text: &str) -> String {
    text.split("\n\n").map(|paragraph| paragraph.replace('\n', " ")).collect::<Vec<_>>().join("\n\n")
}

/// What may be left out is left out, and never null.
fn without_needless_null(mut schema: Value) -> Value {
    each(&mut schema, &mut |fields| {
        let required: Vec<Value> = fields.get("required").and_then(Value::as_array).cloned().unwrap_or_default();
        if let Some(Value::Object(properties)) = fields.get_mut("properties") {
            for (name, property) in properties {
                if !required.contains(&json!(name)) {
                    *property = without_null(property.take());
                }
            }
        }
    });
    schema
}

/// The schema, but that the value is not null.
fn without_null(mut schema: Value) -> Value {
    let Some(fields) = schema.as_object_mut() else { return schema };
    if let Some(Value::Array(types)) = fields.get_mut("type") {
        types.retain(|one| one != "null");
        if let [one] = &types[..] {
            let one = one.clone();
            fields.insert("type".to_owned(), one);
        }
    }
    if let Some(Value::Array(kinds)) = fields.get_mut("anyOf") {
        kinds.retain(|kind| kind["type"] != "null");
        if let [Value::Object(only)] = &kinds[..] {
            let only = only.clone();
            fields.remove("anyOf");
            fields.extend(only);
        }
    }
    schema
}

/// Lets `change` have every object of a document.
fn each(value: &mut Value, change: &mut impl FnMut(&mut Map<String, Value>)) {
    match value {
        Value::Object(fields) => {
            change(fields);
            fields.values_mut().for_each(|value| each(value, change));
        }
        Value::Array(values) => values.iter_mut().for_each(|value| each(value, change)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
