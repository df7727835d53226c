//! One operation of the API: its address, who may ask for it, what it takes and answers, how it is served.
//!
//! What holds for all of them happens here, once and in this order: who asks, whether they may, what it
//! takes off their allowance, what the path names, the query, the body. So nothing is read, looked up or
//! named for those who may not ask. The same types make the served document.

use std::future::Future;
use std::marker::PhantomData;
use std::sync::Arc;

use axum::Router;
use axum::extract::{FromRequestParts, RawPathParams, Request, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, on};
use futures::future::BoxFuture;

use super::answer::Answer;
use super::body::{Body, USUAL_BODY_BYTES};
use super::path::InPath;
use super::query::Query;
use crate::edge::Door;
use crate::edge::audit::about_agent;
use crate::edge::caller::{Signed, Who};
use crate::edge::terms::{Cost, Terms};
use crate::identity::Action;
use crate::wire::code::ErrorCode;
use crate::wire::problem::Problem;

/// What a handler is asked: by whom, about what, with what.
pub struct Asked<P = (), Q = (), B = (), W = Signed> {
    /// What the hub is made of.
    pub door: Arc<Door>,
    /// Who asks.
    pub caller: W,
    /// What the path names.
    pub path: P,
    /// The query.
    pub query: Q,
    /// The body.
    pub body: B,
    /// The request's headers.
    pub headers: HeaderMap,
}

/// The path of the route that gave an answer, for whoever counts answers.
#[derive(Clone, Copy, Debug)]
pub struct Pattern(pub &'static str);

/// An operation of the API.
pub struct Route {
    method: Verb,
    path: &'static str,
    terms: Terms,
    about: About,
    /// Why it may be refused, besides what its types say.
    refusals: Vec<ErrorCode>,
    handler: Arc<dyn Handler>,
}

/// How it is described.
#[derive(Clone, Debug, Default)]
#[cfg_attr(not(test), expect(dead_code, reason = "the documents are made by tests, and frozen"))]
pub struct About {
    /// Names the operation for generated clients.
    pub id: String,
    /// The group that it belongs to.
    pub tag: &'static str,
    /// What it does, in a few words.
    pub summary: String,
    /// What else there is to know.
    pub description: &'static str,
}

/// What serves an operation, without its types.
trait Handler: Send + Sync {
    fn serve(&self, door: Arc<Door>, request: Request, terms: Terms) -> BoxFuture<'static, Result<Response, Problem>>;

    /// Why its types may refuse.
    fn refusals(&self) -> Vec<ErrorCode>;

    #[cfg(test)]
    fn describe(&self, schemas: &mut crate::wire::documents::Schemas) -> Described;
}

/// What the types of an operation say about it.
#[cfg(test)]
pub struct Described {
    /// The parameter of the path, and those of the query.
    pub parameters: Vec<serde_json::Value>,
    /// The body.
    pub body: Option<serde_json::Value>,
    /// Its answers, by status.
    pub answers: Vec<super::answer::Described>,
    /// Codes that are answered 404, because the path names what is unknown.
    pub unknown: &'static [ErrorCode],
}

/// An operation, as the document describes it.
#[cfg(test)]
pub struct Operation<'a> {
    /// The method.
    pub method: Verb,
    /// The path.
    pub path: &'static str,
    /// Its words.
    pub about: &'a About,
    /// What the caller must be allowed.
    pub action: Action,
    /// Why it may be refused.
    pub refusals: Vec<ErrorCode>,
    /// What its types say.
    pub described: Described,
}

/// A function with the types of what it takes and answers.
struct Typed<F, T> {
    function: F,
    types: PhantomData<fn() -> T>,
}

impl<F, R, P, Q, B, W, A> Handler for Typed<F, (P, Q, B, W, A)>
where
    F: Fn(Asked<P, Q, B, W>) -> R + Clone + Send + Sync + 'static,
    R: Future<Output = Result<A, Problem>> + Send + 'static,
    P: InPath<W> + 'static,
    Q: Query + 'static,
    B: Body + 'static,
    W: Who + 'static,
    A: Answer + 'static,
{
    fn serve(&self, door: Arc<Door>, request: Request, terms: Terms) -> BoxFuture<'static, Result<Response, Problem>> {
        let function = self.function.clone();
        Box::pin(async move {
            let (mut parts, body) = request.into_parts();
            let caller = W::of(&parts, &door, &terms)?;
            let witness = caller.asker().map(|asker| (door.clone(), asker, parts.method.clone()));
            let params = RawPathParams::from_request_parts(&mut parts, &()).await.ok();
            let param = params.as_ref().and_then(|params| params.iter().next());
            let named = param.map(|(_, value)| value).unwrap_or_default();
            let served = async {
                let path = P::find(named, &door, &caller, terms.action)?;
                let query = Q::read(parts.uri.query().unwrap_or_default())?;
                let body = B::read(body, &parts.headers, (terms.most)(&door)).await?;
                let asked = Asked { door, caller, path, query, body, headers: parts.headers };
                function(asked).await.map(Answer::respond)
            };
            let served = served.await;
            if let (Err(problem), Some((door, asker, method))) = (&served, witness)
                && problem.code == ErrorCode::Forbidden
            {
                let about = param.filter(|(name, _)| *name == "agentId").and_then(|_| about_agent(named));
                door.audit.refused(&asker, &terms.asked(&method), about);
            }
            served
        })
    }

    fn refusals(&self) -> Vec<ErrorCode> {
        [W::REFUSALS, P::REFUSALS, Q::REFUSALS, B::REFUSALS].concat()
    }

    #[cfg(test)]
    fn describe(&self, schemas: &mut crate::wire::documents::Schemas) -> Described {
        let mut parameters: Vec<serde_json::Value> = P::parameter(schemas).into_iter().collect();
        parameters.extend(Q::parameters(schemas));
        Described { parameters, body: B::describe(schemas), answers: A::describe(schemas), unknown: P::REFUSALS }
    }
}

/// A method that routes have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    Get,
    Post,
    Put,
    Patch,
    Delete,
    Options,
}

impl Verb {
    fn filter(self) -> MethodFilter {
        match self {
            Self::Get => MethodFilter::GET,
            Self::Post => MethodFilter::POST,
            Self::Put => MethodFilter::PUT,
            Self::Patch => MethodFilter::PATCH,
            Self::Delete => MethodFilter::DELETE,
            Self::Options => MethodFilter::OPTIONS,
        }
    }

    /// As a request says it.
    #[cfg(test)]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
            Self::Options => "OPTIONS",
        }
    }
}

impl Route {
    /// The operation behind this method and path. It is served by `function` for those who may do `action`.
    pub fn new<F, R, P, Q, B, W, A>(method: Verb, path: &'static str, action: Action, function: F) -> Self
    where
        F: Fn(Asked<P, Q, B, W>) -> R + Clone + Send + Sync + 'static,
        R: Future<Output = Result<A, Problem>> + Send + 'static,
        P: InPath<W> + 'static,
        Q: Query + 'static,
        B: Body + 'static,
        W: Who + 'static,
        A: Answer + 'static,
    {
        let terms = Terms { path, action, cost: Cost::One, most: |_| USUAL_BODY_BYTES };
        let handler = Arc::new(Typed { function, types: PhantomData });
        Self { method, path, terms, about: About::default(), refusals: Vec::new(), handler }
    }

    /// Its name for generated clients, its group, and what it does.
    pub fn called(self, id: impl Into<String>, tag: &'static str, summary: impl Into<String>) -> Self {
        let about = About { id: id.into(), tag, summary: summary.into(), description: self.about.description };
        Self { about, ..self }
    }

    /// What else there is to know about it.
    pub fn says(self, description: &'static str) -> Self {
        Self { about: About { description, ..self.about }, ..self }
    }

    /// Why it may be refused, besides what its types say.
    pub fn refuses(mut self, refusals: &[ErrorCode]) -> Self {
        self.refusals.extend_from_slice(refusals);
        self
    }

    /// It takes nothing off the caller's allowance, because it waits in the line of batches.
    pub fn waits_in_line(self) -> Self {
        Self { terms: Terms { cost: Cost::WaitsInLine, ..self.terms }, ..self }
    }

    /// The largest body that it takes.
    pub fn takes_at_most(self, most: fn(&Door) -> usize) -> Self {
        Self { terms: Terms { most, ..self.terms }, ..self }
    }

    /// Where it is.
    #[cfg(test)]
    pub fn path(&self) -> &'static str {
        self.path
    }

    /// All that there is to say about it.
    #[cfg(test)]
    pub fn operation(&self, schemas: &mut crate::wire::documents::Schemas) -> Operation<'_> {
        let refusals = [self.handler.refusals(), self.refusals.clone()].concat();
        let described = self.handler.describe(schemas);
        let (method, path, about, action) = (self.method, self.path, &self.about, self.terms.action);
        Operation { method, path, about, action, refusals, described }
    }

    /// Lets `router` serve it.
    pub fn add_to(self, router: Router<Arc<Door>>) -> Router<Arc<Door>> {
        let Self { method, path, terms, refusals, handler, .. } = self;
        let known: Arc<[ErrorCode]> = [handler.refusals(), refusals].concat().into();
        let serve = move |State(door): State<Arc<Door>>, request: Request| {
            let (handler, known) = (handler.clone(), known.clone());
            async move {
                let served = handler.serve(door, request, terms).await;
                let mut answer = served.unwrap_or_else(|problem| {
                    debug_assert!(known.contains(&problem.code), "{path} does not say that it refuses: {problem:?}");
                    problem.into_response()
                });
                answer.extensions_mut().insert(Pattern(path));
                answer
            }
        };
        router.route(path, on(method.filter(), serve))
    }
}
