//! Tickets, with which pages of other origins open their sockets.

use super::answer::New;
use super::route::{Asked, Route, Verb};
use crate::edge::caller::Signed;
use crate::identity::Action;
use crate::wire::code::ErrorCode::*;
use crate::wire::problem::Problem;
use crate::wire::shapes::Ticket;
use crate::wire::show;

pub fn routes() -> Vec<Route> {
    vec![
        Route::new(Verb::Post, "/api/v1/tickets", Action::OpenSocket, make)
            .called("makeTicket", "socket", "Make a ticket that opens one socket")
            .says(
                "For a page of another origin that is not to hold a token: its back end, which has one, fetches a ticket, \
                 and the page opens its socket with it, once and within a minute. The socket is that of whoever asked, in \
                 the same roles and teams, and ends when the token that was shown does, or when that is revoked.",
            )
            .refuses(&[RateLimited]),
    ]
}

async fn make(asked: Asked) -> Result<New<Ticket>, Problem> {
    let Asked { door, caller: Signed(caller, _), .. } = asked;
    let (ticket, until) = door.tickets.make(caller, door.agents.clock().wall())?;
    Ok(New(Ticket { ticket, expires_at: show::time(until) }))
}
