//! Which teams the values of the teams' claim mean.

use std::collections::BTreeSet;

/// `[auth.teams]`: which values of the teams' claim mean which team.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TeamValues {
    /// What values that end in the name of a team begin with.
    pub prefix: String,
    /// Values that are called otherwise than their team.
    pub named: Vec<NamedTeam>,
    /// Values that mean every team.
    pub every: Vec<String>,
    /// What a token means that does not have the claim.
    pub left_out: LeftOut,
}

/// A value, and the team that it means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedTeam {
    /// As the provider calls it.
    pub value: String,
    /// As the hub does.
    pub team: String,
}

/// What a token means that does not have the teams' claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeftOut {
    /// Every team: it is not limited.
    Every,
    /// No team.
    None,
}

impl TeamValues {
    /// The teams that the values of a claim mean; none if they do not limit.
    pub fn mean(&self, values: &[&str]) -> Option<BTreeSet<String>> {
        if self.every.iter().any(|every| values.contains(&every.as_str())) {
            return None;
        }
        Some(values.iter().filter_map(|value| self.team(value)).map(str::to_owned).collect())
    }

    /// The teams that a token without the claim means; none if it is not limited.
    pub fn without_claim(&self) -> Option<BTreeSet<String>> {
        match self.left_out {
            LeftOut::Every => None,
            LeftOut::None => Some(BTreeSet::new()),
        }
    }

    /// The value that means this team, for tokens of the hub's own.
    pub fn value_of(&self, team: &str) -> String {
        let named = self.named.iter().find(|named| named.team == team);
        named.map_or_else(|| format!("{}{team}", self.prefix), |named| named.value.clone())
    }

    fn team<'a>(&'a self, value: &'a str) -> Option<&'a str> {
        if let Some(named) = self.named.iter().find(|named| named.value == value) {
            return Some(&named.team);
        }
        // Where some values are named, the others are groups of other kinds, unless they begin as a team does.
        if self.prefix.is_empty() {
            return self.named.is_empty().then_some(value);
        }
        value.strip_prefix(self.prefix.as_str()).filter(|team| !team.is_empty())
    }
}
