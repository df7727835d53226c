//! The changes of agents, one by one: as pages that wait for more, or as a stream.

use std::time::Duration;

use axum::http::{HeaderMap, header};
use serde::Deserialize;
use tokio::time::Instant;

use super::answer::ChangesAnswer;
#[cfg(test)]
use super::listing::MAX_LIMIT;
use super::listing::Page;
use super::preference::preferred;
use super::query::Parameters;
use super::route::{Asked, Route, Verb};
use crate::edge::event_stream::EventStream;
use crate::edge::followers::Follower;
use crate::edge::{Door, past};
use crate::engine::Seq;
use crate::identity::Action;
use crate::outbound::{Follow, NotFollowed, Position, Wanted};
use crate::wire;
use crate::wire::code::ErrorCode::*;
use crate::wire::problem::Problem;
use crate::wire::shapes::ChangeType;

/// The media type of a stream of Server-Sent Events.
const EVENTS: &str = "text/event-stream";
/// The longest that a page waits, in seconds. Proxies give up a request that is silent for a minute.
const MAX_WAIT: u32 = 50;
/// Changes that are looked at together.
const AT_ONCE: usize = 256;
/// How often a page looks for more before it is answered although it is not full: some thousand changes of which few
/// are wanted.
const MOST_LOOKS: usize = 16;

/// Which changes to tell of, and from where on. What is given must all hold; a parameter is repeated to name
/// several.
#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ChangesQuery {
    /// The position behind which it begins: `nextAfter` of the page before, the `id` of an event, or a `seq`; 0 for
    /// the first change. The newest position if left out.
    #[cfg_attr(test, schemars(extend("pattern" = r"^[0-9]+(-.+)?$")))]
    after: Option<String>,
    /// The most items of the page: 1 to 1,000; 100 if left out. A page of more than 20 counts as several requests.
    #[cfg_attr(test, schemars(range(min = 1, max = MAX_LIMIT)))]
    limit: Option<u32>,
    /// For how many seconds an empty page waits for a change: 0 to 50; 0 if left out.
    #[cfg_attr(test, schemars(range(min = 0, max = MAX_WAIT)))]
    wait: Option<u32>,
    /// Changes of agents of any of these teams.
    teams: Option<Vec<String>>,
    /// Changes of agents of these ids.
    agent_ids: Option<Vec<String>>,
    /// Changes of these types.
    types: Option<Vec<ChangeType>>,
}

pub fn routes() -> Vec<Route> {
    vec![
        Route::new(Verb::Get, "/api/v1/changes", Action::FollowChanges, changes)
            .called("followChanges", "changes", "Follow the changes of agents")
            .says(
                "Every change, in the order of the log, from any position that is kept. `nextAfter` is there in any \
                 case, and moves on although nothing matched. With `Accept: text/event-stream` the changes come as \
                 Server-Sent Events; then `Last-Event-ID` goes before `after`, `limit` and `wait` do not count, and a \
                 `heartbeat` comes when nothing else did. A supervisor of some teams is told of those teams.",
            )
            .refuses(&[PositionGone, Unavailable]),
    ]
}

async fn changes(asked: Asked<(), Parameters<ChangesQuery>>) -> Result<ChangesAnswer, Problem> {
    let Asked { door, caller, query: Parameters(which), headers, .. } = asked;
    let page = Page::of(which.limit, None)?;
    let wait = which.wait.unwrap_or_default();
    if wait > MAX_WAIT {
        return Err(Problem::invalid("wait", format_args!("is {wait}; 0 to {MAX_WAIT} are right")));
    }
    let as_stream = takes_events(&headers);
    let last = if as_stream {
        headers.get("last-event-id").and_then(|id| id.to_str().ok()).filter(|id| !id.is_empty())
    } else {
        None
    };
    let after = last.or(which.after.as_deref()).map(str::parse::<Position>).transpose();
    let after = after.map_err(|error| Problem::invalid("after", error))?;
    let past::Scope { teams, agents } = past::scope(&caller, which.teams, which.agent_ids);
    let wanted = Wanted { teams, agents, types: which.types.map(|types| types.into_iter().collect()) };
    let follower = door.followers.enter(&caller.0)?;
    let follow = door.changes.follow();
    let after = match after {
        None => door.changes.head(),
        Some(position) => match door.changes.check(&position) {
            Ok(seq) => seq,
            Err(error) => return Err(gone(&door, error).await),
        },
    };
    // Whoever is too far behind is told before a stream begins.
    if let Err(error) = follow.beyond(after, 1, &wanted).await {
        return Err(gone(&door, error).await);
    }
    if as_stream {
        let until = caller.0.valid_until;
        return Ok(ChangesAnswer::Stream(EventStream::new(door, follow, follower, wanted, after, until).body()));
    }
    caller.spend(&door, page.weight())?;
    let until = Instant::now() + Duration::from_secs(wait.into());
    let mut filling = Filling { items: Items::default(), most: page.wants() - 1, wanted, reached: after };
    match filling.wait_until(until, follow, follower).await {
        Ok(()) => Ok(ChangesAnswer::Page(filling.items.finish(&door.changes.position(filling.reached)))),
        Err(error) => Err(gone(&door, error).await),
    }
}

/// Whether the client asks for a stream.
fn takes_events(headers: &HeaderMap) -> bool {
    preferred(headers, header::ACCEPT, &["application/json", EVENTS]) == EVENTS
}

/// A page on its way.
struct Filling {
    items: Items,
    most: usize,
    wanted: Wanted,
    reached: Seq,
}

impl Filling {
    /// Waits for something to tell of, and no longer than that.
    async fn wait_until(
        &mut self,
        until: Instant,
        mut follow: Follow,
        mut follower: Follower,
    ) -> Result<(), NotFollowed> {
        loop {
            let is_at_the_head = self.fill(&follow).await?;
            let is_over = Instant::now() >= until || follower.ending().is_some();
            if self.items.count > 0 || !is_at_the_head || is_over {
                return Ok(());
            }
            tokio::select! {
                biased;
                () = follower.ended() => {}
                () = follow.wait_beyond(self.reached) => {}
                () = tokio::time::sleep_until(until) => {}
            }
        }
    }

    /// Takes what there is, and says whether that was all.
    async fn fill(&mut self, follow: &Follow) -> Result<bool, NotFollowed> {
        for _ in 0..MOST_LOOKS {
            let bite = follow.beyond(self.reached, AT_ONCE, &self.wanted).await?;
            if bite.reached == self.reached {
                return Ok(true);
            }
            for told in &bite.changes {
                if self.items.count == self.most {
                    return Ok(false);
                }
                if let Some(event) = told.to(&self.wanted) {
                    self.items.push(&event.event());
                }
                self.reached = told.seq;
            }
            self.reached = bite.reached;
        }
        Ok(false)
    }
}

/// The items of a page, written already.
#[derive(Default)]
struct Items {
    body: Vec<u8>,
    count: usize,
}

impl Items {
    fn push(&mut self, item: &[u8]) {
        self.body.extend_from_slice(if self.count > 0 { b"," } else { br#"{"items":["# });
        self.body.extend_from_slice(item);
        self.count += 1;
    }

    fn finish(mut self, next_after: &str) -> Vec<u8> {
        if self.count == 0 {
            self.body.extend_from_slice(br#"{"items":["#);
        }
        self.body.extend_from_slice(br#"],"nextAfter":"#);
        wire::write(&next_after, &mut self.body);
        self.body.push(b'}');
        self.body
    }
}

/// Why nothing can be told from there on, and where one can begin.
pub async fn gone(door: &Door, error: NotFollowed) -> Problem {
    let oldest = match error {
        NotFollowed::Older { oldest } => Ok(oldest),
        NotFollowed::OtherEpoch | NotFollowed::Beyond => door.changes.oldest().await,
        NotFollowed::Unreadable(_) => Err(error.clone()),
    };
    match oldest {
        Ok(oldest) => {
            let detail = format!(
                "{error}. Begin after `beginAfter`, or with the present: ask without `after` for the newest position, \
                 then read `GET /api/v1/agents`, and go on from that position"
            );
            Problem::position_gone(detail, door.changes.position(oldest))
        }
        Err(unreadable) => {
            tracing::error!(error = %unreadable, "changes were not told");
            Problem::new(Unavailable, unreadable.to_string())
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::edge::Followers;
    use crate::edge::followers::caller;
    use crate::outbound::Changes;
    use crate::wire::changed::Teller;

    #[tokio::test(start_paused = true)]
    async fn a_page_that_waits_is_answered_when_the_hub_stops() {
        let teller = Teller { epoch: "6f1c".to_owned(), source: "presence-hub".to_owned() };
        let (changes, followers) = (Changes::new(7, teller, None), Arc::new(Followers::new(1, 1)));
        let (follow, follower) = (changes.follow(), followers.enter(&caller("wfm")).unwrap());
        let began = Instant::now();
        let waiting = tokio::spawn(async move {
            let mut page = Filling { items: Items::default(), most: 9, wanted: Wanted::default(), reached: 7 };
            page.wait_until(began + Duration::from_secs(50), follow, follower).await.unwrap();
            page.items.finish("7-6f1c")
        });
        tokio::task::yield_now().await;
        followers.restart(&(0..1));
        assert_eq!(waiting.await.unwrap(), br#"{"items":[],"nextAfter":"7-6f1c"}"#);
        assert_eq!(began.elapsed(), Duration::ZERO);
    }
}
