//! The people of demo mode, so that a newcomer can look around without provisioning anybody.

use super::claims::Claims;
use crate::domain::role::Role;
use crate::domain::time::Timestamp;

/// A demo person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Person {
    /// The subject, and for agents the agent id.
    pub id: &'static str,
    /// The name that people see.
    pub name: &'static str,
    /// What they may do.
    pub roles: &'static [Role],
    /// For agents, their teams; the others are limited to none.
    pub teams: &'static [&'static str],
    /// What one sees signed in as them.
    pub about: &'static str,
}

const AGENT: &[Role] = &[Role::Agent];

const PEOPLE: [Person; 15] = [
    agent("ada", "Ada Lindqvist", &["billing"]),
    agent("ben", "Ben Okafor", &["billing"]),
    agent("chidi", "Chidi Eze", &["support"]),
    agent("dana", "Dana Kowalski", &["support"]),
    agent("elif", "Elif Yılmaz", &["support"]),
    agent("femi", "Femi Adeyemi", &["sales"]),
    agent("grace", "Grace Moreau", &["sales"]),
    agent("hiro", "Hiro Tanaka", &["sales", "support"]),
    Person {
        id: "sam",
        name: "Sam Rivera",
        roles: &[Role::Supervisor],
        teams: &[],
        about: "supervises every team: the live board",
    },
    Person {
        id: "tess",
        name: "Tess Nowak",
        roles: &[Role::Agent, Role::Supervisor],
        teams: &["support"],
        about: "takes work in support and supervises that team",
    },
    Person {
        id: "olga",
        name: "Olga Maier",
        roles: &[Role::Observer],
        teams: &[],
        about: "sees the live board and changes nothing",
    },
    Person {
        id: "noor",
        name: "Noor Haddad",
        roles: &[Role::Analyst],
        teams: &[],
        about: "reads reports and the history, and changes nothing",
    },
    Person {
        id: "ines",
        name: "Work system",
        roles: &[Role::Integration],
        teams: &[],
        about: "sends the events of work items, as a work system does",
    },
    Person {
        id: "alex",
        name: "Alex Petrov",
        roles: &[Role::Admin],
        teams: &[],
        about: "administers presences, agents, capacity and settings",
    },
    Person {
        id: "lea",
        name: "Lea Schmid",
        roles: &[Role::Auditor],
        teams: &[],
        about: "reads the audit: who did what, and when",
    },
];

const fn agent(id: &'static str, name: &'static str, teams: &'static [&'static str]) -> Person {
    Person { id, name, roles: AGENT, teams, about: "an agent's desk and status" }
}

/// All demo people, agents first.
#[must_use]
pub fn people() -> &'static [Person] {
    &PEOPLE
}

/// The demo person of that id.
#[must_use]
pub fn person(id: &str) -> Option<&'static Person> {
    PEOPLE.iter().find(|person| person.id == id)
}

impl Person {
    /// What a token of theirs claims.
    #[must_use]
    pub fn claims(&self, expires: Timestamp) -> Claims {
        let teams = (!self.teams.is_empty()).then(|| self.teams.iter().map(|team| (*team).to_owned()).collect());
        Claims { teams, name: Some(self.name.to_owned()), ..Claims::new(self.id, self.roles.iter().copied(), expires) }
    }
}
