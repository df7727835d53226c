//! What is counted at the door, and which of it is told in the log: seldom, however many cause it.

use std::fmt;

use axum::http::Method;
use axum::response::Response;
use tracing::{info, warn};

use super::http::route::Pattern;
use crate::telemetry::Seldom;
use crate::telemetry::metrics::{By, Channel, DoorMetrics, Request};
use crate::wire::code::ErrorCode;
use crate::wire::limit::Limit;
use crate::wire::problem::Problem;
use crate::wire::shapes::EventStatus;

/// What is counted at the door.
#[derive(Debug, Default)]
pub struct Tally {
    /// The figures.
    pub metrics: DoorMetrics,
    refusals: By<(Channel, ErrorCode), Seldom>,
    limits: By<Limit, Seldom>,
    sign_ins: Seldom,
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
        if let Some(limit) = answer.extensions().get() {
            self.met(*limit, "");
        }
    }

    /// A socket, or a frame of one, was refused to this subject.
    pub fn problem(&self, problem: &Problem, subject: &str) {
        self.refused(Channel::Socket, problem.code);
        if let Some(limit) = problem.limit {
            self.met(limit, subject);
        }
    }

    /// A limit was met by this subject or address, if it is known.
    pub fn met(&self, limit: Limit, who: impl fmt::Display) {
        self.metrics.limited.of(limit).inc();
        let limits = self.limits.of(limit);
        if is_for_all(limit) {
            limits.tell(|left_out| warn!(limit = limit.as_str(), %who, left_out, "a limit of the hub was met"));
        } else {
            limits.tell(|left_out| info!(limit = limit.as_str(), %who, left_out, "a limit was met"));
        }
    }

    /// Somebody could not sign in at the provider.
    pub fn not_signed_in(&self, why: &str) {
        self.sign_ins.tell(|left_out| info!(why, left_out, "nobody signed in"));
    }

    /// Something was refused.
    fn refused(&self, channel: Channel, code: ErrorCode) {
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
}

/// Whether one that had nothing to do with it meets this limit, so that whoever runs the hub should look. The others
/// are met by whoever asks too much.
fn is_for_all(limit: Limit) -> bool {
    match limit {
        Limit::Connections
        | Limit::Opening
        | Limit::SocketsOfAddress
        | Limit::HttpConnectionsOfAddress
        | Limit::NewConnectionsOfAddress
        | Limit::BadTokensOfAddress
        | Limit::NewAgents
        | Limit::Agents
        | Limit::Presences
        | Limit::CapacityProfiles
        | Limit::Workstreams
        | Limit::SignIns
        | Limit::Sessions => true,
        Limit::SocketsOfSubject
        | Limit::HeadTime
        | Limit::BodyTime
        | Limit::Frames
        | Limit::UnderWay
        | Limit::Requests
        | Limit::WaitingEvents
        | Limit::Watches
        | Limit::WatchedNames
        | Limit::Followers
        | Limit::Exports
        | Limit::DatabaseCopies
        | Limit::Tickets => false,
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
        | ErrorCode::LimitReached
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
        | ErrorCode::InUse
        | ErrorCode::SignedOut => false,
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
