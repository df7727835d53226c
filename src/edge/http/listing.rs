//! Lists: filtered, in an order, page by page.

use axum::Json;
use serde::Serialize;
use serde_json::{Value, json};

use crate::edge::problem::Problem;

/// The most items of a page.
const MAX_LIMIT: usize = 1_000;
/// The items of a page unless the caller says otherwise.
const DEFAULT_LIMIT: usize = 100;

/// Which page: the limit, and what the page before ended with.
#[derive(Debug)]
pub struct Page {
    limit: usize,
    after: Option<String>,
}

impl Page {
    /// The page that `limit` and `cursor` name.
    ///
    /// # Errors
    /// `invalid` limit.
    pub fn of(limit: Option<&str>, cursor: Option<String>) -> Result<Self, Problem> {
        let limit = match limit {
            None => DEFAULT_LIMIT,
            Some(text) => text
                .parse()
                .ok()
                .filter(|limit| (1..=MAX_LIMIT).contains(limit))
                .ok_or_else(|| Problem::malformed(format!("limit: `{text}` is not within 1 to {MAX_LIMIT}")))?,
        };
        Ok(Self { limit, after: cursor })
    }

    /// The cursor of what the page before ended with.
    pub fn after(&self) -> Option<&str> {
        self.after.as_deref()
    }

    /// How many items it takes to fill the page, and to know whether there is another.
    pub fn wants(&self) -> usize {
        self.limit + 1
    }

    /// The page of `items`: those behind [`Page::after`], in order, as many as it [wants](Page::wants) if
    /// there are so many. Each has a `cursor`, behind which the next page begins.
    pub fn cut<'a, T, C: Serialize, S: Serialize>(
        &self,
        items: &'a [T],
        cursor: impl Fn(&'a T) -> C,
        shape: impl Fn(&T) -> S,
    ) -> Json<Value> {
        let page = &items[..items.len().min(self.limit)];
        let shapes: Vec<S> = page.iter().map(shape).collect();
        match page.last() {
            Some(last) if items.len() > page.len() => Json(json!({ "items": shapes, "nextCursor": cursor(last) })),
            Some(_) | None => Json(json!({ "items": shapes })),
        }
    }
}
