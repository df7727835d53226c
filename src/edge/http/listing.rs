//! Lists: filtered, in an order, page by page.

use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::edge::Door;
use crate::edge::conversation::json_text;
use crate::edge::problem::Problem;

/// The most items of a page.
const MAX_LIMIT: usize = 1_000;
/// Items that are written before others are served: together less than a millisecond.
const BITE_ITEMS: usize = 16;
/// Items that cost as much of an allowance as a request.
pub const ITEMS_FOR_ONE_REQUEST: usize = 20;
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

    /// What the page costs of the caller's allowance, besides the request itself.
    pub fn weight(&self) -> u32 {
        u32::try_from(self.limit / ITEMS_FOR_ONE_REQUEST).unwrap_or(u32::MAX)
    }

    /// The page of `items`: those behind [`Page::after`], in order, as many as it [wants](Page::wants) if
    /// there are so many. Each has a `cursor`, behind which the next page begins. Written in bites between
    /// which others are served, one page at a time.
    pub async fn cut<'a, T, C: Serialize, S: Serialize>(
        &self,
        door: &Door,
        items: &'a [T],
        cursor: impl Fn(&'a T) -> C,
        shape: impl Fn(&T) -> S,
    ) -> Response {
        let page = &items[..items.len().min(self.limit)];
        let _desk = if page.len() > BITE_ITEMS { Some(door.desk.lock().await) } else { None };
        let mut body = br#"{"items":["#.to_vec();
        for (number, item) in page.iter().enumerate() {
            if number > 0 {
                body.push(b',');
                if number.is_multiple_of(BITE_ITEMS) {
                    tokio::task::yield_now().await;
                }
            }
            body.extend(json_text(&shape(item)));
        }
        body.push(b']');
        if let Some(last) = page.last().filter(|_| items.len() > page.len()) {
            body.extend(br#","nextCursor":"#);
            body.extend(json_text(&cursor(last)));
        }
        body.push(b'}');
        ([(header::CONTENT_TYPE, "application/json")], body).into_response()
    }
}
