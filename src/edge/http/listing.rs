//! Lists: filtered, in the order of ids, page by page.

use axum::Json;
use serde::Serialize;
use serde_json::{Value, json};

use crate::edge::problem::Problem;

/// The most items of a page.
const MAX_LIMIT: usize = 1_000;
/// The items of a page unless the caller says otherwise.
const DEFAULT_LIMIT: usize = 100;

/// Which page: the limit, and the id that the page before ended with.
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

    /// The page of `items`, which are in the order of their ids.
    pub fn cut<T, S: Serialize>(&self, items: Vec<T>, id: impl Fn(&T) -> &str, shape: impl Fn(&T) -> S) -> Json<Value> {
        let rest = items.iter().filter(|item| self.after.as_deref().is_none_or(|after| id(item) > after));
        let mut rest = rest.peekable();
        let page: Vec<&T> = rest.by_ref().take(self.limit).collect();
        let shapes: Vec<S> = page.iter().map(|item| shape(item)).collect();
        match (rest.peek(), page.last()) {
            (Some(_), Some(last)) => Json(json!({ "items": shapes, "nextCursor": id(last) })),
            (Some(_) | None, _) => Json(json!({ "items": shapes })),
        }
    }
}
