//! What a caller may be.

/// A role of a caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Works; its subject is its agent id.
    Agent,
    /// Watches and sets others, perhaps only those of some teams.
    Supervisor,
    /// Sees what a supervisor sees, and changes nothing.
    Observer,
    /// Reads reports and the past of agents.
    Analyst,
    /// A work system or routing engine.
    Integration,
    /// Administers the hub.
    Admin,
}

impl Role {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Agent, Self::Supervisor, Self::Observer, Self::Analyst, Self::Integration, Self::Admin];

    /// The name in tokens and on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Agent => "agent",
            Self::Supervisor => "supervisor",
            Self::Observer => "observer",
            Self::Analyst => "analyst",
            Self::Integration => "integration",
            Self::Admin => "admin",
        }
    }

    /// Whether the teams of a token limit whoever has this role.
    #[must_use]
    pub fn is_limited_by_teams(self) -> bool {
        match self {
            Self::Supervisor | Self::Observer | Self::Analyst => true,
            Self::Agent | Self::Integration | Self::Admin => false,
        }
    }

    /// The role of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == name)
    }
}
