//! The limits that somebody may meet, by which refusals are counted. `docs/security.md` says what each is.

/// A limit whose refusals are counted by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is called what it limits")]
pub enum Limit {
    Connections,
    Opening,
    SocketsOfAddress,
    SocketsOfSubject,
    HttpConnectionsOfAddress,
    NewConnectionsOfAddress,
    BadTokensOfAddress,
    HeadTime,
    BodyTime,
    Frames,
    UnderWay,
    Requests,
    WaitingEvents,
    Watches,
    WatchedNames,
    Followers,
    Exports,
    DatabaseCopies,
    NewAgents,
    Agents,
    Presences,
    CapacityProfiles,
    Workstreams,
    Tickets,
    SignIns,
    Sessions,
}

impl Limit {
    /// As its label says it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Connections => "connections",
            Self::Opening => "opening",
            Self::SocketsOfAddress => "sockets_of_address",
            Self::SocketsOfSubject => "sockets_of_subject",
            Self::HttpConnectionsOfAddress => "http_connections_of_address",
            Self::NewConnectionsOfAddress => "new_connections_of_address",
            Self::BadTokensOfAddress => "bad_tokens_of_address",
            Self::HeadTime => "head_time",
            Self::BodyTime => "body_time",
            Self::Frames => "frames",
            Self::UnderWay => "under_way",
            Self::Requests => "requests",
            Self::WaitingEvents => "waiting_events",
            Self::Watches => "watches",
            Self::WatchedNames => "watched_names",
            Self::Followers => "followers",
            Self::Exports => "exports",
            Self::DatabaseCopies => "database_copies",
            Self::NewAgents => "new_agents",
            Self::Agents => "agents",
            Self::Presences => "presences",
            Self::CapacityProfiles => "capacity_profiles",
            Self::Workstreams => "workstreams",
            Self::Tickets => "tickets",
            Self::SignIns => "sign_ins",
            Self::Sessions => "sessions",
        }
    }
}
