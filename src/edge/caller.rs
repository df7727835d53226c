//! Who is calling over HTTP, and whether their browser was allowed to.

use std::sync::Arc;

use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::Door;
use super::problem::Problem;
use crate::agents::Known;
use crate::domain::cause::Actor;
use crate::domain::ids::AgentId;
use crate::feed::Scope;
use crate::identity::{self, Action, Caller, Carrier, Role};

/// A caller whose token was believed, and whose request was taken off its allowance.
pub struct Signed(pub Caller);

/// The same for what has another allowance: events and imports wait in a line.
pub struct Uncounted(pub Signed);

impl FromRequestParts<Arc<Door>> for Signed {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, door: &Arc<Door>) -> Result<Self, Problem> {
        let Uncounted(signed) = Uncounted::from_request_parts(parts, door).await?;
        signed.spend(door, 1)?;
        Ok(signed)
    }
}

impl FromRequestParts<Arc<Door>> for Uncounted {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, door: &Arc<Door>) -> Result<Self, Problem> {
        let credentials = identity::credentials(&parts.headers, door.cookie)
            .map_err(|missing| Problem::unauthenticated(missing.to_string()))?;
        if credentials.carrier == Carrier::Cookie && !is_read(&parts.method) && origin(&parts.headers).is_none() {
            return Err(Problem::forbidden("a change by cookie needs an Origin header, which browsers send"));
        }
        let caller = door.identity.verify(&credentials.token, door.agents.clock().wall());
        caller.map(|caller| Self(Signed(caller))).map_err(|error| Problem::unauthenticated(error.to_string()))
    }
}

impl Signed {
    /// Goes on only if the caller may do this at all.
    ///
    /// # Errors
    /// `forbidden`
    pub fn may(&self, action: Action) -> Result<(), Problem> {
        if identity::may(&self.0, action) { Ok(()) } else { Err(refused(action)) }
    }

    /// Goes on only if the caller may do this concerning that agent.
    ///
    /// # Errors
    /// `forbidden`
    pub fn may_concerning(&self, action: Action, known: &Known) -> Result<(), Problem> {
        if may_concerning(&self.0, action, known) { Ok(()) } else { Err(refused(action)) }
    }

    /// Takes so many requests off what the caller may ask.
    ///
    /// # Errors
    /// `rate_limited`
    pub fn spend(&self, door: &Door, requests: u32) -> Result<(), Problem> {
        Ok(door.requests.take(&self.0, requests, door.agents.clock().running())?)
    }

    /// Whom the caller may see in lists.
    pub fn scope(&self) -> Scope {
        scope(&self.0)
    }

    /// The caller as the one who changes a presence: the agent itself if it is, else a supervisor.
    pub fn actor_for(&self, agent: &AgentId) -> Actor {
        if self.0.agent().as_ref() == Some(agent) {
            return Actor::Agent(agent.clone());
        }
        Actor::Supervisor(self.0.subject.clone())
    }

    /// The caller as an administrator.
    pub fn admin(&self) -> Actor {
        Actor::Admin(self.0.subject.clone())
    }
}

/// Whether the caller may do this concerning that agent.
pub fn may_concerning(caller: &Caller, action: Action, known: &Known) -> bool {
    let record = &known.agent.record;
    let teams: Vec<String> = record.teams.iter().cloned().collect();
    identity::may_concerning(caller, action, record.agent.as_str(), &teams)
}

/// Whom the caller may see: everyone for a work system, an administrator or a supervisor without
/// teams, else the supervisor's teams.
pub fn scope(caller: &Caller) -> Scope {
    let everyone = caller.roles.contains(&Role::Integration) || caller.roles.contains(&Role::Admin);
    match &caller.teams {
        Some(teams) if !everyone => Scope::Teams(teams.clone()),
        Some(_) | None => Scope::All,
    }
}

fn refused(action: Action) -> Problem {
    Problem::forbidden(format!("the roles of this token do not allow {action:?} here"))
}

/// The `Origin` of a request, if it has one that can be read.
pub fn origin(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::ORIGIN)?.to_str().ok()
}

/// The `Host` of a request.
pub fn host(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::HOST)?.to_str().ok()
}

/// Whether a request's origin, if it names one, may use the hub.
pub fn is_origin_allowed(door: &Door, headers: &HeaderMap) -> bool {
    match headers.get(header::ORIGIN) {
        None => true,
        Some(_) => origin(headers).is_some_and(|origin| door.origins.allows(origin, host(headers))),
    }
}

fn is_read(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// Refuses requests for names that are not the hub's.
///
/// # Errors
/// `forbidden`
pub fn check_host(door: &Door, headers: &HeaderMap) -> Result<(), Problem> {
    if door.origins.is_own_host(host(headers)) {
        return Ok(());
    }
    Err(Problem::forbidden("this hub does not answer to that Host; set [server] public_url"))
}

/// Refuses requests for names that are not the hub's, and those of pages that may not use it.
pub async fn check_host_and_origin(State(door): State<Arc<Door>>, request: Request, next: Next) -> Response {
    let headers = request.headers();
    if let Err(problem) = check_host(&door, headers) {
        return problem.into_response();
    }
    if !is_origin_allowed(&door, headers) {
        return Problem::forbidden("this Origin may not use the hub; see [server] allowed_origins").into_response();
    }
    let origin = headers.get(header::ORIGIN).cloned();
    let asks_first = request.method() == Method::OPTIONS && headers.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    let mut response = if asks_first { StatusCode::NO_CONTENT.into_response() } else { next.run(request).await };
    if let Some(origin) = origin {
        let_page_read(response.headers_mut(), origin);
    }
    response
}

/// Lets a page of an allowed origin read the answer. It shows a token: cookies are not sent across sites.
fn let_page_read(headers: &mut HeaderMap, origin: HeaderValue) {
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    headers.append(header::VARY, HeaderValue::from_static("Origin"));
    let methods = HeaderValue::from_static("GET, POST, PUT, PATCH, DELETE");
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, methods);
    let allowed = HeaderValue::from_static("Authorization, Content-Type");
    headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, allowed);
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
}
