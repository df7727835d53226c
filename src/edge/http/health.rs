//! What load balancers ask: is it alive, does it serve.

use super::answer::{Ok200, Serving};
use super::route::{Asked, Route, Verb};
use crate::edge::caller::Anyone;
use crate::engine;
use crate::identity::{Action, Trouble};
use crate::wire::problem::Problem;
use crate::wire::shapes::{Health, HealthStatus};

/// They are asked by address, and need no name and no origin.
pub fn routes() -> Vec<Route> {
    vec![
        Route::new(Verb::Get, "/healthz", Action::AskOpenly, alive).called(
            "isAlive",
            "health",
            "Whether the process is alive",
        ),
        Route::new(Verb::Get, "/readyz", Action::AskOpenly, ready)
            .called("isReady", "health", "Whether the hub serves")
            .says("It does unless its engine cannot keep what it is given, there are no keys yet to verify tokens with, or a \
                 stop has begun."),
    ]
}

fn status(status: HealthStatus) -> Health {
    Health { status, engine: None, warning: None }
}

async fn alive(_: Asked<(), (), (), Anyone>) -> Result<Ok200<Health>, Problem> {
    Ok(Ok200(status(HealthStatus::Alive)))
}

async fn ready(asked: Asked<(), (), (), Anyone>) -> Result<Serving<Health>, Problem> {
    let Asked { door, .. } = asked;
    if door.is_closing() {
        return Ok(Serving::No(status(HealthStatus::Draining)));
    }
    Ok(match door.agents.health() {
        engine::Health::Serving => match door.identity.keys().trouble() {
            Some(Trouble::NoKeys(error)) => {
                let warning = Some(format!("nobody can come in, for there are no keys to verify tokens with: {error}"));
                Serving::No(Health { warning, ..status(HealthStatus::Unavailable) })
            }
            Some(Trouble::Older(error)) => {
                let older = format!("the keys that tokens are verified with may be older than they should: {error}");
                let warning =
                    door.agents.warning().map_or_else(|| older.clone(), |warning| format!("{warning}; {older}"));
                Serving::Yes(Health { warning: Some(warning), ..status(HealthStatus::Serving) })
            }
            None => Serving::Yes(Health { warning: door.agents.warning(), ..status(HealthStatus::Serving) }),
        },
        engine::Health::Failing { error } => {
            Serving::No(Health { engine: Some(error), ..status(HealthStatus::Unavailable) })
        }
    })
}
