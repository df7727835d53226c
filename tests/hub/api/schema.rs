//! A document of the API, and whether a value fits a schema in it: as much of JSON Schema as the
//! documents use. A field that the schema does not name is a misfit too.

use serde_json::Value;

/// A document under `docs`.
pub struct Document(pub Value);

impl Document {
    /// The document of this name.
    pub fn read(name: &str) -> Self {
        let text = std::fs::read_to_string(format!("{}/docs/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap();
        Self(serde_json::from_str(&text).unwrap())
    }

    /// What a reference names, which must be there.
    pub fn at(&self, reference: &str) -> &Value {
        let named = reference.strip_prefix('#').and_then(|pointer| self.0.pointer(pointer));
        named.unwrap_or_else(|| panic!("{reference} names nothing"))
    }

    /// What stands here, or where it refers to.
    pub fn resolve<'a>(&'a self, value: &'a Value) -> &'a Value {
        value["$ref"].as_str().map_or(value, |reference| self.at(reference))
    }

    /// The value must fit the schema.
    pub fn fits(&self, schema: &Value, value: &Value, what: &str) {
        self.check(schema, value).unwrap_or_else(|misfit| panic!("{what}: {misfit}\n{value:#}"));
    }

    fn check(&self, schema: &Value, value: &Value) -> Result<(), String> {
        let schema = &self.whole(schema);
        if let Some(choices) = schema["oneOf"].as_array().or(schema["anyOf"].as_array()) {
            // A choice adds to what stands beside it.
            let mut beside = schema.clone();
            beside.as_object_mut().unwrap().retain(|name, _| name != "oneOf" && name != "anyOf");
            let with = |choice| joined(beside.clone(), &self.whole(choice));
            let misfits: Vec<_> = choices.iter().filter_map(|choice| self.check(&with(choice), value).err()).collect();
            let fits = misfits.len() < choices.len();
            return if fits { Ok(()) } else { Err(format!("fits none: {}", misfits.join("; "))) };
        }
        let (kinds, is) = (&schema["type"], kind_of(value));
        let of_kind = |kind: &Value| kind == is || (kind == "number" && is == "integer");
        if !kinds.is_null() && !of_kind(kinds) && !kinds.as_array().is_some_and(|kinds| kinds.iter().any(of_kind)) {
            return Err(format!("{value} is {is}, not {kinds}"));
        }
        if schema.get("const").is_some_and(|only| only != value) {
            return Err(format!("{value} is not {}", schema["const"]));
        }
        if schema["enum"].as_array().is_some_and(|known| !known.contains(value)) {
            return Err(format!("{value} is none of {}", schema["enum"]));
        }
        match value {
            Value::Object(_) => self.check_fields(schema, value),
            Value::Array(items) => items.iter().try_for_each(|item| self.check(&schema["items"], item)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Ok(()),
        }
    }

    /// A schema with what it refers to, to which it may add.
    fn whole(&self, schema: &Value) -> Value {
        match schema["$ref"].as_str() {
            None => schema.clone(),
            Some(reference) => {
                let mut own = schema.clone();
                own.as_object_mut().unwrap().remove("$ref");
                joined(self.whole(self.at(reference)), &own)
            }
        }
    }

    fn check_fields(&self, schema: &Value, value: &Value) -> Result<(), String> {
        for required in schema["required"].as_array().into_iter().flatten() {
            if value.get(required.as_str().unwrap()).is_none() {
                return Err(format!("{required} is missing"));
            }
        }
        let more = &schema["additionalProperties"];
        for (name, value) in value.as_object().into_iter().flatten() {
            match schema["properties"].get(name) {
                Some(of_field) => self.check(of_field, value).map_err(|misfit| format!("{name}: {misfit}"))?,
                None if more.is_object() => self.check(more, value).map_err(|misfit| format!("{name}: {misfit}"))?,
                // A plain object is anything.
                None if *more == true || schema.get("properties").is_none() => {}
                None => return Err(format!("`{name}` is not in the schema")),
            }
        }
        Ok(())
    }
}

/// A schema that asks for what both ask for.
fn joined(mut one: Value, other: &Value) -> Value {
    for (name, of_other) in other.as_object().into_iter().flatten() {
        match (name.as_str(), &mut one[name]) {
            ("properties", Value::Object(fields)) => fields.extend(of_other.as_object().unwrap().clone()),
            ("required", Value::Array(fields)) => fields.extend(of_other.as_array().unwrap().iter().cloned()),
            (_, own) => *own = of_other.clone(),
        }
    }
    one
}

fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}
