//! What load balancers ask: is it alive, does it serve.

use super::answer::{Ok200, Serving};
use super::route::{Asked, Route, Verb};
use crate::edge::Tls;
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
    let mut warnings: Vec<String> = door.agents.warning().into_iter().collect();
    if let Some(error) = door.tls.as_ref().and_then(Tls::trouble) {
        warnings.push(format!("the certificate for TLS may be older than it should: {error}"));
    }
    Ok(match door.agents.health() {
        engine::Health::Serving => {
            match door.identity.keys().trouble() {
                Some(Trouble::NoKeys(error)) => {
                    let warning = format!("nobody can come in, for there are no keys to verify tokens with: {error}");
                    let health = Health { warning: Some(warning), ..status(HealthStatus::Unavailable) };
                    return Ok(Serving::No(health));
                }
                Some(Trouble::Older(error)) => warnings
                    .push(format!("the keys that tokens are verified with may be older than they should: {error}")),
                None => {}
            }
            let warning = (!warnings.is_empty()).then(|| warnings.join("; "));
            Serving::Yes(Health { warning, ..status(HealthStatus::Serving) })
        }
        engine::Health::Failing { error } => {
            Serving::No(Health { engine: Some(error), ..status(HealthStatus::Unavailable) })
        }
    })
}
