//! A list in JSON, understood item by item and in bites: whoever sends much of it keeps nobody waiting,
//! and what is too much is found before it has cost much.

use serde::Deserialize;

use super::problem::Problem;

/// The largest item. An agent's record at its limits has some 25,000 bytes.
const MAX_ITEM_BYTES: usize = 64 * 1024;
/// After so many bytes others are served: some 0.3 ms.
const BITE_BYTES: usize = 32 * 1024;

/// The items of a list that are still to come.
#[derive(Debug)]
pub struct Items<'a> {
    rest: &'a [u8],
    place: Place,
    /// What closes the list.
    close: &'static [&'static str],
    /// Bytes understood since others were last served.
    bitten: usize,
    /// The number of the next item.
    number: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    BeforeTheFirst,
    BehindOne,
    Over,
}

impl<'a> Items<'a> {
    /// The items of `[…]`; none if it is something else.
    #[must_use]
    pub fn of_array(text: &'a [u8]) -> Option<Self> {
        Some(Self::begin(after("[", text)?, &["]"]))
    }

    /// The items of `{"items":[…]}`; none if it is something else.
    #[must_use]
    pub fn of_object(text: &'a [u8]) -> Option<Self> {
        let list = after(":", after("\"items\"", after("{", text)?)?)?;
        Some(Self::begin(after("[", list)?, &["]", "}"]))
    }

    fn begin(rest: &'a [u8], close: &'static [&'static str]) -> Self {
        Self { rest, place: Place::BeforeTheFirst, close, bitten: 0, number: 0 }
    }

    /// The next item, none behind the last. Between bites others are served.
    ///
    /// # Errors
    /// `malformed`, `invalid` or `too_large`
    pub async fn next<T: Deserialize<'a>>(&mut self) -> Result<Option<T>, Problem> {
        if self.bitten >= BITE_BYTES {
            self.bitten = 0;
            tokio::task::yield_now().await;
        }
        match self.place {
            Place::Over => return Ok(None),
            Place::BeforeTheFirst | Place::BehindOne if after("]", self.rest).is_some() => return self.end(),
            Place::BeforeTheFirst => {}
            Place::BehindOne => {
                let unparted =
                    || Problem::malformed(format!("no JSON: item {} and its next are not parted", self.number));
                self.rest = after(",", self.rest).ok_or_else(unparted)?;
            }
        }
        let window = &self.rest[..self.rest.len().min(MAX_ITEM_BYTES)];
        let mut values = serde_json::Deserializer::from_slice(window).into_iter();
        let item = match values.next() {
            Some(Ok(item)) => item,
            Some(Err(error)) if error.is_eof() && window.len() < self.rest.len() => {
                let number = self.number;
                return Err(Problem::too_large(format!("item {number} has more than {MAX_ITEM_BYTES} bytes")));
            }
            Some(Err(error)) => return Err(Problem::of_json(&error).of_item(self.number)),
            None => return Err(Problem::malformed("no JSON: the list does not end")),
        };
        let length = values.byte_offset();
        self.rest = &self.rest[length..];
        self.bitten += length;
        self.number += 1;
        self.place = Place::BehindOne;
        Ok(Some(item))
    }

    /// Nothing may follow what closes the list.
    fn end<T>(&mut self) -> Result<Option<T>, Problem> {
        self.place = Place::Over;
        let closed = self.close.iter().try_fold(self.rest, |rest, close| after(close, rest));
        match closed {
            Some(rest) if rest.trim_ascii().is_empty() => Ok(None),
            Some(_) | None => Err(Problem::malformed("no JSON: something else follows the list")),
        }
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

    async fn all(items: Option<Items<'_>>) -> Result<Vec<Value>, &'static str> {
        let mut items = items.ok_or("no list")?;
        let mut found = Vec::new();
        while let Some(item) = items.next().await.map_err(|problem| problem.code())? {
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
            assert_eq!(all(Items::of_array(text.as_bytes())).await, Err("malformed"), "{text}");
        }
        assert_eq!(all(Items::of_array(b"{}")).await, Err("no list"));
        assert_eq!(all(Items::of_object(b"{\"items\":[1],\"more\":2}")).await, Err("malformed"));
    }

    #[tokio::test]
    async fn an_item_that_is_too_large_is_found_before_it_is_understood() {
        let text = json!([1, "x".repeat(4 * MAX_ITEM_BYTES)]).to_string();
        assert_eq!(all(Items::of_array(text.as_bytes())).await, Err("too_large"));
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
