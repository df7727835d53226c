//! Who is calling over HTTP, and whether their browser was allowed to.

use core::net::IpAddr;
use std::collections::BTreeSet;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::Door;
use super::address::Whereabouts;
use super::audit::{Noted, asker};
use super::doubts;
use super::terms::{Cost, Terms};
use crate::agents::{By, Known};
use crate::domain::audit::Asker;
use crate::domain::cause::Actor;
use crate::domain::ids::AgentId;
use crate::feed::Scope;
use crate::identity::{self, Action, Caller, Carrier, CredentialError, Doubt, Forbidden, NotConcerning, Sees};
use crate::wire::code::ErrorCode;
use crate::wire::problem::Problem;

/// Someone who asks over HTTP.
pub trait Who: Sized + Send {
    /// Why anyone may be refused.
    const REFUSALS: &'static [ErrorCode];

    /// Who asks, if they may do what the route is for, and have not asked too much.
    ///
    /// # Errors
    /// `unauthenticated`, `forbidden` or `rate_limited`
    fn of(parts: &Parts, door: &Door, terms: &Terms) -> Result<Self, Problem>;

    /// As the audit says it, if it is known.
    fn asker(&self) -> Option<Arc<Asker>> {
        None
    }
}

/// Anyone: the route needs no credentials.
pub struct Anyone {
    /// From where, if it is known.
    pub address: Option<IpAddr>,
}

impl Who for Anyone {
    const REFUSALS: &'static [ErrorCode] = &[];

    fn of(parts: &Parts, door: &Door, _: &Terms) -> Result<Self, Problem> {
        let peer = parts.extensions.get().copied();
        let Whereabouts { address, .. } = Whereabouts::of(peer, &parts.headers, &door.server.trusted_proxies);
        Ok(Self { address })
    }
}

/// A caller whose token was believed, who may do what the route is for, and whose request was taken off its
/// allowance; and who that is, as the audit says it.
pub struct Signed(pub Caller, pub Arc<Asker>);

impl Who for Signed {
    const REFUSALS: &'static [ErrorCode] =
        &[ErrorCode::Unauthenticated, ErrorCode::Forbidden, ErrorCode::RateLimited, ErrorCode::Unavailable];

    fn of(parts: &Parts, door: &Door, terms: &Terms) -> Result<Self, Problem> {
        let credentials = identity::credentials(&parts.headers, &door.cookie)
            .map_err(|missing| Problem::unauthenticated(missing.to_string()))?;
        if credentials.carrier == Carrier::Cookie && !is_read(&parts.method) && origin(&parts.headers).is_none() {
            return Err(Problem::forbidden("a change by cookie needs an Origin header, which browsers send"));
        }
        let peer = parts.extensions.get().copied();
        let Whereabouts { address, .. } = Whereabouts::of(peer, &parts.headers, &door.server.trusted_proxies);
        let caller = doubts::verify(door, &credentials.token, address)?;
        door.people.meet(&caller, door.agents.clock().wall());
        let asker = asker(&caller, address);
        if let Err(forbidden) = identity::may(&caller, terms.action) {
            door.audit.refused(&asker, &terms.asked(&parts.method), None);
            return Err(forbidden.into());
        }
        let signed = Self(caller, asker);
        match terms.cost {
            Cost::One => signed.spend(door, 1)?,
            Cost::WaitsInLine => {}
        }
        Ok(signed)
    }

    fn asker(&self) -> Option<Arc<Asker>> {
        Some(self.1.clone())
    }
}

impl Signed {
    /// Goes on only if the caller may do this to an agent of this id, whoever that is.
    ///
    /// # Errors
    /// `forbidden`
    pub fn may_name(&self, action: Action, agent_id: &str) -> Result<(), Problem> {
        Ok(identity::may_name(&self.0, action, agent_id)?)
    }

    /// Goes on only if the caller may do this concerning that agent.
    ///
    /// # Errors
    /// `forbidden`
    pub fn may_concerning(&self, action: Action, known: &Known) -> Result<(), Problem> {
        may_concerning(&self.0, action, known)
    }

    /// The answer where no agent has the id that the caller names: whoever is limited to some teams is not told.
    pub fn nobody(&self) -> Problem {
        nobody(&self.0)
    }

    /// The same, of the id that the path names.
    pub fn nobody_in_path(&self) -> Problem {
        match self.nobody() {
            unknown @ Problem { code: ErrorCode::UnknownAgent, .. } => unknown.in_path(),
            hidden => hidden,
        }
    }

    /// Takes so many requests off what the caller may ask.
    ///
    /// # Errors
    /// `rate_limited`
    pub fn spend(&self, door: &Door, requests: u32) -> Result<(), Problem> {
        Ok(door.requests.take(&self.0, requests, door.agents.clock().running())?)
    }

    /// The caller as the one who changes a presence: the agent itself if it is, of whom the audit keeps nothing, else
    /// a supervisor.
    pub fn sets(&self, agent: &AgentId) -> By {
        if self.0.agent().as_ref() == Some(agent) {
            return Actor::Agent(agent.clone()).into();
        }
        self.noted(Actor::Supervisor(self.0.subject.clone()))
    }

    /// The caller as an administrator.
    pub fn admin(&self) -> By {
        self.noted(Actor::Admin(self.0.subject.clone()))
    }

    fn noted(&self, actor: Actor) -> By {
        By { actor, notes: Some(Arc::new(Noted(self.1.clone()))) }
    }
}

/// Goes on only if the caller may do this concerning that agent.
///
/// # Errors
/// `forbidden`
pub fn may_concerning(caller: &Caller, action: Action, known: &Known) -> Result<(), Problem> {
    let record = &known.agent.record;
    Ok(identity::may_concerning(caller, action, record.agent.as_str(), &record.teams)?)
}

/// The answer where no agent has the id that this caller names.
pub fn nobody(caller: &Caller) -> Problem {
    match identity::may_know_of_nobody(caller) {
        Ok(()) => Problem::new(ErrorCode::UnknownAgent, "no agent has this id"),
        Err(hidden) => hidden.into(),
    }
}

/// The same, of an id in this field.
pub fn nobody_in(caller: &Caller, field: &'static str) -> Problem {
    match nobody(caller) {
        unknown @ Problem { code: ErrorCode::UnknownAgent, .. } => unknown.in_field(field),
        hidden => hidden,
    }
}

/// Whom the caller may watch.
pub fn scope(caller: &Caller) -> Scope {
    match identity::sees(caller) {
        Sees::Everyone => Scope::All,
        Sees::Teams(teams) => Scope::Teams(teams),
        // An agent that is nothing else may not watch.
        Sees::Itself => Scope::Teams(BTreeSet::new()),
    }
}

impl From<CredentialError> for Problem {
    fn from(error: CredentialError) -> Self {
        let code = match error.means() {
            Doubt::NotBelieved => ErrorCode::Unauthenticated,
            Doubt::MayNothing => ErrorCode::Forbidden,
            Doubt::ForNow => ErrorCode::Unavailable,
        };
        Self::new(code, error.to_string())
    }
}

impl From<Forbidden> for Problem {
    fn from(forbidden: Forbidden) -> Self {
        Self::forbidden(forbidden.to_string())
    }
}

impl From<NotConcerning> for Problem {
    fn from(forbidden: NotConcerning) -> Self {
        Self::forbidden(forbidden.to_string())
    }
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
    let asked_for = headers.get(header::ACCESS_CONTROL_REQUEST_HEADERS).cloned();
    let asks_first = request.method() == Method::OPTIONS && headers.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    let mut response = if asks_first { StatusCode::NO_CONTENT.into_response() } else { next.run(request).await };
    if let Some(origin) = origin {
        let_page_read(response.headers_mut(), origin, asked_for);
    }
    response
}

/// Lets a page of an allowed origin read the answer. It shows a token: cookies are not sent across sites. It
/// may send any header it asks for: tracing adds some that no page knows of.
///
/// By hand, because `tower_http::cors` takes every `OPTIONS` for a preflight, and the handshake of
/// CloudEvents is one that is none.
fn let_page_read(headers: &mut HeaderMap, origin: HeaderValue, asked_for: Option<HeaderValue>) {
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    headers.append(header::VARY, HeaderValue::from_static("Origin, Access-Control-Request-Headers"));
    let methods = HeaderValue::from_static("GET, POST, PUT, PATCH, DELETE");
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, methods);
    if let Some(asked_for) = asked_for {
        headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, asked_for);
    }
    headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("ETag, Retry-After"));
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
}
