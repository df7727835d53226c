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
    /// Reads the audit, and nothing else.
    Auditor,
    /// Administers the hub.
    Admin,
}

impl Role {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Agent, Self::Supervisor, Self::Observer, Self::Analyst, Self::Integration, Self::Auditor, Self::Admin];

    /// The name in tokens and on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Agent => "agent",
            Self::Supervisor => "supervisor",
            Self::Observer => "observer",
            Self::Analyst => "analyst",
            Self::Integration => "integration",
            Self::Auditor => "auditor",
            Self::Admin => "admin",
        }
    }

    /// Whether the teams of a token limit whoever has this role.
    #[must_use]
    pub fn is_limited_by_teams(self) -> bool {
        match self {
            Self::Supervisor | Self::Observer | Self::Analyst => true,
            Self::Agent | Self::Integration | Self::Auditor | Self::Admin => false,
        }
    }

    /// The role of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == name)
    }
}

/// The roles that somebody has: a set in one byte, because there is one for each of many thousand sessions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Roles(u8);

impl Roles {
    /// Whether `role` is among them.
    #[must_use]
    pub fn contains(self, role: Role) -> bool {
        self.0 & bit(role) != 0
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Each of them.
    pub fn each(self) -> impl Iterator<Item = Role> {
        Role::ALL.into_iter().filter(move |role| self.contains(*role))
    }
}

impl<const MANY: usize> From<[Role; MANY]> for Roles {
    fn from(roles: [Role; MANY]) -> Self {
        roles.into_iter().collect()
    }
}

impl FromIterator<Role> for Roles {
    fn from_iter<I: IntoIterator<Item = Role>>(roles: I) -> Self {
        Self(roles.into_iter().fold(0, |bits, role| bits | bit(role)))
    }
}

fn bit(role: Role) -> u8 {
    match role {
        Role::Agent => 1,
        Role::Supervisor => 2,
        Role::Integration => 4,
        Role::Admin => 8,
        Role::Observer => 16,
        Role::Analyst => 32,
        Role::Auditor => 64,
    }
}
