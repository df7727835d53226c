//! What a caller may be.

/// A role of a caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Works; its subject is its agent id.
    Agent,
    /// Watches and sets others, perhaps only those of some teams.
    Supervisor,
    /// A work system or routing engine.
    Integration,
    /// Administers the hub.
    Admin,
}

impl Role {
    /// All four.
    pub const ALL: [Self; 4] = [Self::Agent, Self::Supervisor, Self::Integration, Self::Admin];

    /// The name in tokens and on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Agent => "agent",
            Self::Supervisor => "supervisor",
            Self::Integration => "integration",
            Self::Admin => "admin",
        }
    }

    /// The role of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == name)
    }
}
