//! Reads a shape from JSON, or from a query, and says exactly what is wrong with it.
//!
//! serde_json's own reader takes a list for an object whose fields stand in order, refuses `1.0` where a
//! whole number belongs, and says "expected u32" without naming the field. What it leaves as a
//! [`Value`] is read here instead: an object is an object, a whole number may be written `1.0` (as
//! JavaScript's and Lua's encoders do), and each error names its field in the words of the sender.

use std::fmt;

use serde::de::value::BorrowedStrDeserializer;
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, IntoDeserializer, MapAccess, SeqAccess, VariantAccess,
    Visitor,
};
use serde::forward_to_deserialize_any;
use serde_json::{Map, Value};

use super::problem::Problem;
use super::repeated::{may_be_token, shortened};
use super::wrong::Wrong;

/// What an error shows of a value that is wrong, in characters.
const MOST_SHOWN: usize = 100;

/// A shape from JSON.
///
/// # Errors
/// `invalid`, with the field
pub fn read<T: DeserializeOwned>(value: &Value) -> Result<T, Problem> {
    T::deserialize(Reader { value, written: Written::Json }).map_err(Problem::from)
}

/// A shape from the parameters of a query. A list is a parameter that is repeated; values are taken as they are.
///
/// # Errors
/// `malformed` or `invalid`, with the parameter
pub fn read_query<T: DeserializeOwned>(query: &str) -> Result<T, Problem> {
    let mut parameters = Map::new();
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        let values = parameters.entry(name.into_owned()).or_insert_with(|| Value::Array(Vec::new()));
        if let Value::Array(values) = values {
            values.push(Value::String(value.into_owned()));
        }
    }
    T::deserialize(Reader { value: &Value::Object(parameters), written: Written::Query }).map_err(Problem::from)
}

/// A shape as a value of JSON.
///
/// # Panics
/// Never, as [`super::text`].
#[must_use]
pub fn value(shape: &impl serde::Serialize) -> Value {
    match serde_json::to_value(shape) {
        Ok(value) => value,
        Err(error) => panic!("a shape of the wire cannot be written: {error}"),
    }
}

/// What the value was written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Written {
    Json,
    /// Each parameter is the list of its texts.
    Query,
}

#[derive(Clone, Copy)]
struct Reader<'a> {
    value: &'a Value,
    written: Written,
}

impl<'a> Reader<'a> {
    fn of(self, value: &'a Value) -> Self {
        Self { value, ..self }
    }

    /// The value, if this is a single one.
    fn single(self) -> Result<Self, Wrong> {
        match (self.written, self.value) {
            (Written::Query, Value::Array(values)) => match &values[..] {
                [value] => Ok(self.of(value)),
                _ => Err(Wrong::new("is there more than once")),
            },
            (Written::Query | Written::Json, _) => Ok(self),
        }
    }

    fn shown(self) -> String {
        // JSON has escaped what cannot be shown.
        let text = self.value.to_string();
        if may_be_token(&text) {
            return "what was sent".to_owned();
        }
        match text.char_indices().nth(MOST_SHOWN) {
            Some((end, _)) => format!("`{}…`", &text[..end]),
            None => format!("`{text}`"),
        }
    }

    fn needs<T>(self, right: impl fmt::Display) -> Result<T, Wrong> {
        Err(Wrong::new(format!("{} is wrong; {right} is right", self.shown())))
    }

    /// A whole number between these.
    fn whole(self, least: i64, most: u64) -> Result<i128, Wrong> {
        let reader = self.single()?;
        let number = match (self.written, reader.value) {
            (Written::Query, Value::String(text)) => text.parse().ok(),
            (Written::Json, Value::Number(number)) => match (number.as_i64(), number.as_u64(), number.as_f64()) {
                (Some(whole), _, _) => Some(i128::from(whole)),
                (None, Some(whole), _) => Some(i128::from(whole)),
                (None, None, Some(float)) => whole_of(float),
                (None, None, None) => None,
            },
            (Written::Query | Written::Json, _) => None,
        };
        match number {
            Some(number) if (i128::from(least)..=i128::from(most)).contains(&number) => Ok(number),
            Some(_) | None => reader.needs(format_args!("a whole number from {least} to {most}")),
        }
    }
}

/// The whole number that is written with a point and zeros.
#[allow(clippy::cast_possible_truncation, reason = "compared with the largest exact one first")]
fn whole_of(float: f64) -> Option<i128> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    (float.fract() == 0.0 && float.abs() <= EXACT).then_some(float as i128)
}

macro_rules! whole_numbers {
    ($($read:ident $visit:ident $kind:ty),+ $(,)?) => {
        $(fn $read<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
            #[allow(clippy::unnecessary_fallible_conversions, clippy::cast_possible_truncation, reason = "within the range of the type")]
            let number = self.whole(<$kind>::MIN as i64, <$kind>::MAX as u64)? as $kind;
            visitor.$visit(number)
        })+
    };
}

impl<'de> Deserializer<'de> for Reader<'de> {
    type Error = Wrong;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        match self.single()?.value {
            Value::Null => visitor.visit_unit(),
            Value::Bool(bool) => visitor.visit_bool(*bool),
            Value::Number(number) => match (number.as_u64(), number.as_i64(), number.as_f64()) {
                (Some(number), _, _) => visitor.visit_u64(number),
                (None, Some(number), _) => visitor.visit_i64(number),
                (None, None, Some(number)) => visitor.visit_f64(number),
                (None, None, None) => self.needs("a number"),
            },
            Value::String(text) => visitor.visit_borrowed_str(text),
            Value::Array(values) => visitor.visit_seq(Items { reader: self, values: values.iter().enumerate() }),
            Value::Object(fields) => visitor.visit_map(Fields { reader: self, fields: fields.iter(), value: None }),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        let reader = self.single()?;
        match (self.written, reader.value) {
            (Written::Json, Value::Bool(bool)) => visitor.visit_bool(*bool),
            (Written::Query, Value::String(text)) if text == "true" => visitor.visit_bool(true),
            (Written::Query, Value::String(text)) if text == "false" => visitor.visit_bool(false),
            (Written::Json | Written::Query, _) => reader.needs("true or false"),
        }
    }

    whole_numbers! {
        deserialize_u8 visit_u8 u8,
        deserialize_u16 visit_u16 u16,
        deserialize_u32 visit_u32 u32,
        deserialize_u64 visit_u64 u64,
        deserialize_i8 visit_i8 i8,
        deserialize_i16 visit_i16 i16,
        deserialize_i32 visit_i32 i32,
        deserialize_i64 visit_i64 i64,
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        let reader = self.single()?;
        match reader.value {
            Value::String(text) => visitor.visit_borrowed_str(text),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
                reader.needs("a text")
            }
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        match self.value {
            Value::Null => visitor.visit_none(),
            Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) | Value::Object(_) => {
                visitor.visit_some(self)
            }
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Wrong> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        match self.value {
            Value::Array(values) => visitor.visit_seq(Items { reader: self, values: values.iter().enumerate() }),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => {
                self.needs("a list")
            }
        }
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        match self.value {
            Value::Object(fields) => visitor.visit_map(Fields { reader: self, fields: fields.iter(), value: None }),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
                self.needs("an object")
            }
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        self.deserialize_map(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        let reader = self.single()?;
        match reader.value {
            Value::String(name) => visitor.visit_enum(Variant { name, content: None }),
            Value::Object(fields) => match fields.iter().next() {
                Some((name, value)) if fields.len() == 1 => {
                    visitor.visit_enum(Variant { name, content: Some(reader.of(value)) })
                }
                Some(_) | None => reader.needs(format_args!("an object with one of {}", variants.join(", "))),
            },
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) => reader.needs("a text"),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        i128 u128 f32 f64 char bytes byte_buf unit unit_struct tuple tuple_struct identifier
    }
}

struct Items<'a, I: Iterator<Item = (usize, &'a Value)>> {
    reader: Reader<'a>,
    values: I,
}

impl<'de, I: Iterator<Item = (usize, &'de Value)>> SeqAccess<'de> for Items<'de, I> {
    type Error = Wrong;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Wrong> {
        let Some((index, value)) = self.values.next() else { return Ok(None) };
        let item = seed.deserialize(self.reader.of(value));
        item.map(Some).map_err(|wrong| wrong.within(&format!("[{index}]")))
    }
}

struct Fields<'a> {
    reader: Reader<'a>,
    fields: serde_json::map::Iter<'a>,
    value: Option<(&'a str, &'a Value)>,
}

impl<'de> MapAccess<'de> for Fields<'de> {
    type Error = Wrong;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Wrong> {
        let Some((name, value)) = self.fields.next() else { return Ok(None) };
        self.value = Some((name, value));
        seed.deserialize(name.as_str().into_deserializer()).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Wrong> {
        let Some((name, value)) = self.value.take() else { return Err(Wrong::new("a value without a name")) };
        seed.deserialize(self.reader.of(value)).map_err(|wrong| wrong.within(&shortened(name)))
    }
}

/// One of an enum's variants: its name alone, or an object with its name and its content.
#[derive(Clone, Copy)]
struct Variant<'a> {
    name: &'a str,
    content: Option<Reader<'a>>,
}

impl<'a> Variant<'a> {
    fn content(self) -> Result<Reader<'a>, Wrong> {
        self.content.ok_or_else(|| Wrong::new(format!("`{0}` alone is wrong; {{\"{0}\": …}} is right", self.name)))
    }
}

impl<'de> EnumAccess<'de> for Variant<'de> {
    type Error = Wrong;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Wrong> {
        Ok((seed.deserialize(BorrowedStrDeserializer::new(self.name))?, self))
    }
}

impl<'de> VariantAccess<'de> for Variant<'de> {
    type Error = Wrong;

    fn unit_variant(self) -> Result<(), Wrong> {
        match self.content {
            None => Ok(()),
            Some(content) => content.needs(format_args!("`{}` alone", self.name)),
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Wrong> {
        seed.deserialize(self.content()?).map_err(|wrong| wrong.within(self.name))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Wrong> {
        self.content()?.deserialize_seq(visitor).map_err(|wrong| wrong.within(self.name))
    }

    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], visitor: V) -> Result<V::Value, Wrong> {
        self.content()?.deserialize_map(visitor).map_err(|wrong| wrong.within(self.name))
    }
}

#[cfg(test)]
#[path = "json_tests.rs"]
mod tests;
