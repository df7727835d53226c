//! JSON that may be long, understood piece by piece: the fields of an object without their values, so that
//! who asks for what is known first; and the items of a list in bites, so that whoever sends much of it
//! keeps nobody waiting, and what is too much is found before it has cost much.

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::problem::of_json;
use crate::wire::problem::Problem;

/// The largest item. An agent's record at its limits has some 25,000 bytes.
const MAX_ITEM_BYTES: usize = 64 * 1024;
/// After so many bytes others are served.
const BITE_BYTES: usize = 32 * 1024;

/// What stands between two brackets, parted by commas.
#[derive(Debug)]
struct Parts<'a> {
    rest: &'a [u8],
    place: Place,
    /// What closes it; nothing may follow that.
    close: &'static [&'static str],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    BeforeTheFirst,
    BehindOne,
    Over,
}

impl<'a> Parts<'a> {
    fn within(rest: &'a [u8], close: &'static [&'static str]) -> Self {
        Self { rest, place: Place::BeforeTheFirst, close }
    }

    /// Whether there is another part: it begins the rest.
    fn has_next(&mut self) -> Result<bool, Problem> {
        let is_closed = self.close.first().is_some_and(|close| after(close, self.rest).is_some());
        match self.place {
            Place::Over => Ok(false),
            Place::BeforeTheFirst | Place::BehindOne if is_closed => self.end().map(|()| false),
            Place::BeforeTheFirst => Ok(true),
            Place::BehindOne => {
                let unparted = || Problem::malformed("no JSON: a comma or the end is missing");
                self.rest = after(",", self.rest).ok_or_else(unparted)?;
                Ok(true)
            }
        }
    }

    fn end(&mut self) -> Result<(), Problem> {
        self.place = Place::Over;
        match self.close.iter().try_fold(self.rest, |rest, close| after(close, rest)) {
            Some(rest) if rest.trim_ascii().is_empty() => Ok(()),
            Some(_) | None => Err(Problem::malformed("no JSON: something follows where it should end")),
        }
    }

    /// Understands the value at the front of the rest, if it has at most so many bytes.
    fn value<T: Deserialize<'a>>(&mut self, most: usize) -> Result<T, Problem> {
        let window = &self.rest[..self.rest.len().min(most)];
        let mut values = serde_json::Deserializer::from_slice(window).into_iter();
        let value = match values.next() {
            Some(Ok(value)) => value,
            Some(Err(error)) if error.is_eof() && window.len() < self.rest.len() => {
                return Err(Problem::too_large(format!("more than {most} bytes")));
            }
            Some(Err(error)) => return Err(of_json(&error)),
            None => return Err(Problem::malformed("no JSON: it does not end")),
        };
        self.rest = &self.rest[values.byte_offset()..];
        self.place = Place::BehindOne;
        Ok(value)
    }
}

/// The fields of an object, each with the text of its value.
#[derive(Debug)]
pub struct Fields<'a>(Parts<'a>);

impl<'a> Fields<'a> {
    /// The fields of `{…}`; none if it is something else.
    #[must_use]
    pub fn of(text: &'a [u8]) -> Option<Self> {
        Some(Self(Parts::within(after("{", text)?, &["}"])))
    }

    /// The next field, none behind the last.
    ///
    /// # Errors
    /// `malformed`
    pub fn next(&mut self) -> Result<Option<(String, &'a [u8])>, Problem> {
        if !self.0.has_next()? {
            return Ok(None);
        }
        let name: String = self.0.value(usize::MAX)?;
        let value = after(":", self.0.rest).ok_or_else(|| Problem::malformed("no JSON: a colon is missing"))?;
        self.0.rest = value;
        self.0.value::<IgnoredAny>(usize::MAX)?;
        Ok(Some((name, &value[..value.len() - self.0.rest.len()])))
    }
}

/// The items of a list that are still to come.
#[derive(Debug)]
pub struct Items<'a> {
    parts: Parts<'a>,
    /// How much there was when others were last served.
    bitten_at: usize,
    /// The number of the next item.
    number: usize,
}

impl<'a> Items<'a> {
    /// The items of `[…]`; none if it is something else.
    #[must_use]
    pub fn of_array(text: &'a [u8]) -> Option<Self> {
        Some(Self::within(after("[", text)?, &["]"]))
    }

    /// The items of `{"items":[…]}`; none if it is something else.
    #[must_use]
    pub fn of_object(text: &'a [u8]) -> Option<Self> {
        let list = after(":", after("\"items\"", after("{", text)?)?)?;
        Some(Self::within(after("[", list)?, &["]", "}"]))
    }

    fn within(rest: &'a [u8], close: &'static [&'static str]) -> Self {
        Self { parts: Parts::within(rest, close), bitten_at: rest.len(), number: 0 }
    }

    /// The next item, none behind the last. Between bites others are served.
    ///
    /// # Errors
    /// `malformed`, `invalid` or `too_large`
    pub async fn next<T: Deserialize<'a>>(&mut self) -> Result<Option<T>, Problem> {
        if self.has_next().await? { self.take().map(Some) } else { Ok(None) }
    }

    async fn has_next(&mut self) -> Result<bool, Problem> {
        if self.bitten_at - self.parts.rest.len() >= BITE_BYTES {
            self.bitten_at = self.parts.rest.len();
            tokio::task::yield_now().await;
        }
        self.parts.has_next()
    }

    fn take<T: Deserialize<'a>>(&mut self) -> Result<T, Problem> {
        let item = self.parts.value(MAX_ITEM_BYTES).map_err(|problem| problem.of_item(self.number))?;
        self.number += 1;
        Ok(item)
    }
}

/// What follows `token`, if the text begins with it.
fn after<'a>(token: &str, text: &'a [u8]) -> Option<&'a [u8]> {
    text.trim_ascii_start().strip_prefix(token.as_bytes())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    async fn all(items: Option<Items<'_>>) -> Result<Vec<Value>, String> {
        let mut items = items.ok_or("no list".to_owned())?;
        let mut found = Vec::new();
        while let Some(item) = items.next().await.map_err(|problem| problem.code.to_string())? {
            found.push(item);
        }
        Ok(found)
    }

    #[tokio::test]
    async fn a_list_is_understood_as_json_is() {
        for text in
            ["[]", " [ ] ", "[1]", "[1,2]", " [ {\"a\" : [1,\"]\"]} , \"x\" , null,true , 1.5 ] \n", "[[[]],[]]"]
        {
            let whole: Vec<Value> = serde_json::from_str(text).unwrap();
            assert_eq!(all(Items::of_array(text.as_bytes())).await, Ok(whole.clone()), "{text}");
            let object = format!(" {{ \"items\" : {text} }} ");
            assert_eq!(all(Items::of_object(object.as_bytes())).await, Ok(whole), "{object}");
        }
    }

    #[tokio::test]
    async fn what_is_no_json_is_no_list() {
        for text in ["[", "[1", "[1,", "[,]", "[1,]", "[1 2]", "[1}", "[{]}", "[1]]", "[1] x", "[\"a]", "[1,\u{1}]"] {
            assert!(serde_json::from_str::<Value>(text).is_err(), "{text}");
            assert_eq!(all(Items::of_array(text.as_bytes())).await, Err("malformed".to_owned()), "{text}");
        }
        assert_eq!(all(Items::of_array(b"{}")).await, Err("no list".to_owned()));
        assert_eq!(all(Items::of_object(b"{\"items\":[1],\"more\":2}")).await, Err("malformed".to_owned()));
    }

    #[test]
    fn fields_are_found_without_their_values() {
        let fields = |text: &'static str| {
            let mut fields = Fields::of(text.as_bytes())?;
            let mut found = Vec::new();
            while let Some((name, value)) = fields.next().ok()? {
                found.push((name, std::str::from_utf8(value).unwrap().trim()));
            }
            Some(found)
        };
        let found = fields(r#" {"id" : 7, "a\u0062": {"x":[1,"}"]} , "c":[ ] } "#).unwrap();
        assert_eq!(found, [("id".into(), "7"), ("ab".into(), r#"{"x":[1,"}"]}"#), ("c".into(), "[ ]")]);
        assert_eq!(fields("{}"), Some(vec![]));
        for text in ["", "null", "[1,2]", "{", r#"{"a"}"#, r#"{"a":}"#, r#"{"a":1,}"#, r#"{"a":1} 2"#, r#"{7:1}"#] {
            assert_eq!(fields(text), None, "{text}");
        }
    }

    #[tokio::test]
    async fn an_item_that_is_too_large_is_found_before_it_is_understood() {
        let text = json!([1, "x".repeat(4 * MAX_ITEM_BYTES)]).to_string();
        assert_eq!(all(Items::of_array(text.as_bytes())).await, Err("too_large".to_owned()));
        let wide = format!("[{}]", "[],".repeat(MAX_ITEM_BYTES));
        assert!(all(Items::of_array(format!("[{wide}]").as_bytes())).await.is_err());
    }

    #[tokio::test]
    async fn others_are_served_while_a_long_list_is_understood() {
        let text = json!(vec!["x".repeat(1_000); 1_000]).to_string();
        let others = std::cell::Cell::new(0);
        let count = async {
            loop {
                tokio::task::yield_now().await;
                others.set(others.get() + 1);
            }
        };
        tokio::select! {
            biased;
            found = all(Items::of_array(text.as_bytes())) => assert_eq!(found.unwrap().len(), 1_000),
            () = count => {}
        }
        assert!(others.get() >= text.len() / BITE_BYTES - 1, "{} turns", others.get());
    }
}
