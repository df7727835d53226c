//! `POST /test/clock`: moves the hub's time forward. Only there with `[server] test_clock`.

use std::time::Duration;

use super::answer::Ok200;
use super::body::Json;
use super::route::{Asked, Route, Verb};
use crate::edge::caller::Anyone;
use crate::identity::Action;
use crate::wire::problem::Problem;
use crate::wire::shapes::{AdvanceClock, ClockAdvanced};
use crate::wire::show;

/// Beside the API and within it: tests of clients know the hub by either.
pub fn routes() -> Vec<Route> {
    let route = |path| {
        Route::new(Verb::Post, path, Action::AskOpenly, advance)
            .says("Answered once all that has become due by it has begun. Only there with `[server] test_clock`.")
    };
    vec![
        route("/test/clock").called("advanceClock", "test", "Move the hub's time forward"),
        route("/api/v1/test/clock").called("advanceClockOfApi", "test", "Move the hub's time forward"),
    ]
}

/// Moves the time and answers with it. What has become due is on its way when the answer comes.
async fn advance(asked: Asked<(), (), Json<AdvanceClock>, Anyone>) -> Result<Ok200<ClockAdvanced>, Problem> {
    let clock = asked.door.agents.clock();
    clock.advance(Duration::from_millis(asked.body.0.advance_ms));
    Ok(Ok200(ClockAdvanced { server_time: show::time(clock.now()) }))
}
