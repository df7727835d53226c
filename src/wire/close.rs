//! Why a socket is closed, with what its client should do.

/// What a client should do after a socket was closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(test, derive(serde::Serialize, schemars::JsonSchema))]
#[cfg_attr(test, serde(rename_all = "camelCase"))]
pub enum Advice {
    /// Come back, after the delay that `restarting` announced, or after a short one.
    ComeBack,
    /// Renew the credentials, then come back.
    Renew,
    /// Come back later, each time after a longer delay.
    Later,
    /// Do not come back by yourself: it would end in the same way.
    GiveUp,
}

/// Why the hub closes a socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CloseCode {
    /// The client broke the WebSocket protocol.
    BrokenProtocol,
    /// A text or the reason of a close was not UTF-8.
    NotUtf8,
    /// The hub stops as planned. It announced with `restarting` when to come back.
    Restart,
    /// The hub has as many connections as it takes, or too many come at once.
    TryAgainLater,
    /// Frames, again and again, were none of the protocol.
    NoProtocol,
    /// Credentials are missing, invalid or expired.
    Unauthenticated,
    /// The role or the origin is not allowed.
    Forbidden,
    /// The agent is unknown or disabled.
    UnknownAgent,
    /// The client did not read what it was sent.
    TooSlow,
    /// The subject has as many sockets as one may.
    TooManySessions,
    /// The agent signed out, or a supervisor signed it out.
    SignedOut,
    /// The client gave no sign of life in time.
    Silent,
    /// The roles or the teams of who opened it are not what they were.
    RolesChanged,
    /// A frame was larger than allowed.
    TooLarge,
    /// The client asked too much for too long.
    TooManyRequests,
    /// The hub failed.
    Failed,
}

impl CloseCode {
    /// All of them, by their numbers.
    pub const ALL: [Self; 16] = [
        Self::BrokenProtocol,
        Self::NotUtf8,
        Self::Restart,
        Self::TryAgainLater,
        Self::NoProtocol,
        Self::Unauthenticated,
        Self::Forbidden,
        Self::UnknownAgent,
        Self::TooSlow,
        Self::TooManySessions,
        Self::SignedOut,
        Self::Silent,
        Self::RolesChanged,
        Self::TooLarge,
        Self::TooManyRequests,
        Self::Failed,
    ];

    /// The one of this number, if the hub closes with it.
    #[must_use]
    pub fn of(number: u16) -> Option<Self> {
        Self::ALL.into_iter().find(|code| code.number() == number)
    }

    /// The number on the wire.
    #[must_use]
    pub const fn number(self) -> u16 {
        match self {
            Self::BrokenProtocol => 1002,
            Self::NotUtf8 => 1007,
            Self::Restart => 1012,
            Self::TryAgainLater => 1013,
            Self::NoProtocol => 4400,
            Self::Unauthenticated => 4401,
            Self::Forbidden => 4403,
            Self::UnknownAgent => 4404,
            Self::TooSlow => 4408,
            Self::TooManySessions => 4409,
            Self::SignedOut => 4410,
            Self::Silent => 4411,
            Self::RolesChanged => 4412,
            Self::TooLarge => 4413,
            Self::TooManyRequests => 4429,
            Self::Failed => 4500,
        }
    }

    /// What it means.
    #[must_use]
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::BrokenProtocol => "The client broke the WebSocket protocol (RFC 6455).",
            Self::NotUtf8 => "A text or the reason of a close was not UTF-8.",
            Self::Restart => "The hub stops as planned. It announced with `restarting` when to come back.",
            Self::TryAgainLater => "The hub has as many connections as it takes, or too many come at once.",
            Self::NoProtocol => "Frames, again and again, were none of the protocol.",
            Self::Unauthenticated => "Credentials are missing, invalid or expired.",
            Self::Forbidden => "The role or the origin is not allowed.",
            Self::UnknownAgent => "The agent is unknown or disabled.",
            Self::TooSlow => "The client did not read what it was sent.",
            Self::TooManySessions => "The subject has as many sockets as one may.",
            Self::SignedOut => "The agent signed out, or a supervisor signed it out.",
            Self::Silent => "The client gave no sign of life in time.",
            Self::RolesChanged => "What the credentials allow has changed; it counts once the client has come back.",
            Self::TooLarge => "A frame was larger than allowed.",
            Self::TooManyRequests => "The client asked too much for too long.",
            Self::Failed => "The hub failed.",
        }
    }

    /// What the client should do.
    #[must_use]
    pub const fn advice(self) -> Advice {
        match self {
            Self::Restart | Self::Silent | Self::RolesChanged => Advice::ComeBack,
            Self::Unauthenticated => Advice::Renew,
            // A client that does so does it again; so does a line that spoils what passes, until it is mended.
            Self::BrokenProtocol | Self::NotUtf8 => Advice::Later,
            Self::TryAgainLater | Self::TooSlow | Self::TooManyRequests | Self::Failed => Advice::Later,
            Self::NoProtocol
            | Self::Forbidden
            | Self::UnknownAgent
            | Self::TooManySessions
            | Self::SignedOut
            | Self::TooLarge => Advice::GiveUp,
        }
    }
}

/// With this number a page closes its own socket when the browser puts it to sleep, so that the cause is
/// `PAGE_ASLEEP` and not `TAB_CLOSED`.
pub const FALLS_ASLEEP: u16 = 4420;
