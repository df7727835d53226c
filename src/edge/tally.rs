//! What is counted at the door, and which of it is told in the log: seldom, however many cause it.

use axum::http::Method;
use axum::response::Response;
use tracing::{info, warn};

use super::http::route::Pattern;
use crate::telemetry::Seldom;
use crate::telemetry::metrics::{By, Channel, DoorMetrics, Request};
use crate::wire::code::ErrorCode;
use crate::wire::shapes::EventStatus;

/// What is counted at the door.
#[derive(Debug, Default)]
pub struct Tally {
    /// The figures.
    pub metrics: DoorMetrics,
    refusals: By<(Channel, ErrorCode), Seldom>,
    floods: Seldom,
    crowded: Seldom,
    full: Seldom,
}

impl Tally {
    /// A request was answered.
    pub fn answered(&self, method: &Method, answer: &Response) {
        let route = answer.extensions().get().map_or("other", |Pattern(path)| path);
        let request = Request { method: known(method), route, status: answer.status().as_u16() };
        self.metrics.requests.get_or_create(&request).inc();
        if let Some(code) = answer.extensions().get() {
            self.refused(Channel::Http, *code);
        }
    }

    /// Something was refused.
    pub fn refused(&self, channel: Channel, code: ErrorCode) {
        self.metrics.refusals.of((channel, code)).inc();
        if concerns_operators(code) {
            let line = |left_out| info!(?channel, %code, left_out, "refused");
            self.refusals.of((channel, code)).tell(line);
        }
    }

    /// An event was answered.
    pub fn event(&self, kind: Option<crate::wire::event::EventType>, status: EventStatus) {
        self.metrics.events.of((kind, status)).inc();
    }

    /// A socket was closed because it asked too much.
    pub fn flooded(&self, subject: &str) {
        self.floods.tell(|left_out| warn!(subject, left_out, "a socket that asked too much was closed"));
    }

    /// As many sockets are opening as may at once.
    pub fn is_crowded(&self, max_opening: u32) {
        self.crowded
            .tell(|left_out| warn!(max_opening, left_out, "the entrance is full: sockets were told to come back"));
    }

    /// There are as many sockets as there may be.
    pub fn is_full(&self, max_connections: u32) {
        self.full.tell(|left_out| warn!(max_connections, left_out, "the hub is full: sockets were told to come back"));
    }
}

/// Whether a refusal says that a client is built or set up wrong, or that the hub is in trouble. The others are
/// answers to questions that may be asked.
fn concerns_operators(code: ErrorCode) -> bool {
    match code {
        ErrorCode::Malformed
        | ErrorCode::UnknownType
        | ErrorCode::Unauthenticated
        | ErrorCode::Forbidden
        | ErrorCode::RequestTimeout
        | ErrorCode::TooLarge
        | ErrorCode::UnsupportedMediaType
        | ErrorCode::RateLimited
        | ErrorCode::Unavailable
        | ErrorCode::OutcomeUnknown => true,
        ErrorCode::NotFound
        | ErrorCode::PositionGone
        | ErrorCode::NotKept
        | ErrorCode::MethodNotAllowed
        | ErrorCode::VersionConflict
        | ErrorCode::PreconditionFailed
        | ErrorCode::Invalid
        | ErrorCode::UpgradeRequired
        | ErrorCode::UnknownAgent
        | ErrorCode::AgentDisabled
        | ErrorCode::UnknownPresence
        | ErrorCode::PresenceNotSettable
        | ErrorCode::PresenceNotAllowed
        | ErrorCode::AgentNotConnected
        | ErrorCode::NothingToReset
        | ErrorCode::UnknownWorkItem
        | ErrorCode::AlreadyOffered
        | ErrorCode::AlreadyAssigned
        | ErrorCode::OfferAlreadyEnded
        | ErrorCode::NotEligible
        | ErrorCode::WorkItemLimit
        | ErrorCode::UnknownProfile
        | ErrorCode::UnknownWorkstream
        | ErrorCode::UnknownActivity
        | ErrorCode::UnknownWatch
        | ErrorCode::BuiltInPresence
        | ErrorCode::InUse => false,
    }
}

/// The method, if a route has it: a client may make up others.
fn known(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        "OPTIONS" => "OPTIONS",
        _ => "other",
    }
}
