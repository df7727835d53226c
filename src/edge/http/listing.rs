//! Lists: filtered, in an order, page by page.

use serde::{Deserialize, Serialize};

use super::answer::ListOf;
use crate::edge::Door;
use crate::wire;
use crate::wire::problem::Problem;

/// The most items of a page.
pub const MAX_LIMIT: u32 = 1_000;
/// The items of a page unless the caller says otherwise.
const DEFAULT_LIMIT: u32 = 100;
/// Items that are written before others are served: together less than a millisecond.
const BITE_ITEMS: usize = 16;
/// Items that cost as much of an allowance as a request.
pub const ITEMS_FOR_ONE_REQUEST: usize = 20;

/// Which page of a list.
#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PageQuery {
    /// The most items of the page: 1 to 1,000; 100 if left out. A page of more than 20 counts as several requests.
    #[cfg_attr(test, schemars(range(min = 1, max = MAX_LIMIT)))]
    pub limit: Option<u32>,
    /// Where the page begins: `nextCursor` of the page before.
    pub cursor: Option<String>,
}

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
    /// `invalid` limit
    pub fn of(limit: Option<u32>, cursor: Option<String>) -> Result<Self, Problem> {
        let limit = limit.unwrap_or(DEFAULT_LIMIT);
        if !(1..=MAX_LIMIT).contains(&limit) {
            return Err(Problem::invalid("limit", format_args!("is {limit}; 1 to {MAX_LIMIT} are right")));
        }
        Ok(Self { limit: limit as usize, after: cursor })
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
    ) -> ListOf<S> {
        let page = &items[..items.len().min(self.limit)];
        let _turn = if page.len() > BITE_ITEMS { Some(door.large.lock().await) } else { None };
        let mut body = br#"{"items":["#.to_vec();
        for (number, item) in page.iter().enumerate() {
            if number > 0 {
                body.push(b',');
                if number.is_multiple_of(BITE_ITEMS) {
                    tokio::task::yield_now().await;
                }
            }
            wire::write(&shape(item), &mut body);
        }
        body.push(b']');
        if let Some(last) = page.last().filter(|_| items.len() > page.len()) {
            body.extend(br#","nextCursor":"#);
            wire::write(&cursor(last), &mut body);
        }
        body.push(b'}');
        ListOf::written(body)
    }
}
