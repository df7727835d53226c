//! Erasing a person, and the audit of it. The id stands in the body: addresses are written down by proxies.

use super::answer::{ListOf, Ok200};
use super::body::Json;
use super::route::{Asked, Route, Verb};
use crate::domain::ids::AgentId;
use crate::edge::{past, peers};
use crate::engine::embedded::erasures;
use crate::engine::{self, Erase, NotErased};
use crate::history::reader::Takes;
use crate::identity::Action;
use crate::wire;
use crate::wire::code::ErrorCode::*;
use crate::wire::problem::Problem;
use crate::wire::shapes::{ErasePerson, Erasure, ErasureState, List};
use crate::wire::show;

pub fn routes() -> Vec<Route> {
    vec![
        Route::new(Verb::Get, "/api/v1/erasures", Action::Erase, list)
            .called("listErasures", "erasures", "List every erasure")
            .says("In the order in which they were asked for; all on one page. Nothing in it says who was erased.")
            .refuses(&[Unavailable]),
        Route::new(Verb::Post, "/api/v1/erasures", Action::Erase, erase)
            .called("erasePerson", "erasures", "Erase a person")
            .says(
                "An agent must have been deleted. Once this is answered nobody is told the id or the name any more: a \
                 pseudonym stands in their place, and figures stay what they are. They are then taken from all that \
                 is kept, which may take minutes; asked again, it answers how far that has come.",
            )
            .refuses(&[NotFound, InUse, Unavailable]),
    ]
}

async fn list(asked: Asked) -> Result<ListOf<Erasure>, Problem> {
    let found = past::reader(&asked.door)?.ask(Takes::Moments, |connection| Ok(erasures(connection)?)).await;
    let items = found.map_err(past::problem)?.into_iter().map(shape).collect();
    Ok(ListOf::written(wire::text(&List { items, next_cursor: None })))
}

async fn erase(asked: Asked<(), (), Json<ErasePerson>>) -> Result<Ok200<Erasure>, Problem> {
    let Asked { door, caller, body: Json(ErasePerson { id }), .. } = asked;
    let agent = AgentId::new(&id).map_err(|error| Problem::invalid("id", error))?;
    let at = door.agents.clock().now();
    let erase = Erase { id, by: caller.0.subject, at, asker: Some(caller.1), pseudonym: None, deleted: None };
    // Whoever asked may go away; what is in memory goes in any case.
    let erased = tokio::spawn(async move {
        let (audit, newest) = door.agents.erase(erase).await?;
        peers::forget(&door, &agent, &audit.pseudonym, newest).await;
        Ok(audit)
    });
    let ended = |_| NotErased::Unreachable("it has ended".to_owned());
    let audit = erased.await.map_err(ended).and_then(|erased| erased).map_err(|refused| problem(&refused))?;
    Ok(Ok200(shape(audit)))
}

fn problem(refused: &NotErased) -> Problem {
    let code = match refused {
        NotErased::StillThere => InUse,
        NotErased::Unknown => NotFound,
        NotErased::Unreachable(_) => Unavailable,
    };
    Problem::new(code, refused.to_string())
}

fn shape(audit: engine::Erasure) -> Erasure {
    Erasure {
        pseudonym: audit.pseudonym,
        erased_by: audit.by,
        at: show::time(audit.at),
        state: match audit.state {
            engine::ErasureState::UnderWay => ErasureState::UnderWay,
            engine::ErasureState::Done => ErasureState::Done,
        },
    }
}
