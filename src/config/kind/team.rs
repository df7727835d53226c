//! Values of the teams' claim, with the teams that they mean.

use serde_json::{Value, json};

use super::Kind;
use crate::config::written::Written;
use crate::identity::NamedTeam;

/// Values and their teams, each written as `value = team`.
pub struct NamedTeams;

impl Kind for NamedTeams {
    type Value = Vec<NamedTeam>;

    fn read(&self, written: &Written) -> Result<Vec<NamedTeam>, String> {
        // The distinguished names of a directory have equals signs of their own.
        let named = |text: &String| {
            let (value, team) = text.rsplit_once('=')?;
            let (value, team) = (value.trim().to_owned(), team.trim().to_owned());
            (!value.is_empty() && !team.is_empty()).then_some(NamedTeam { value, team })
        };
        let list: Option<Vec<NamedTeam>> = written.list().and_then(|texts| texts.iter().map(named).collect());
        list.ok_or_else(|| self.needs())
    }

    fn write(&self, named: &Vec<NamedTeam>) -> Written {
        Written::List(named.iter().map(|NamedTeam { value, team }| format!("{value} = {team}")).collect())
    }

    fn right(&self) -> String {
        "a list of values with their teams, such as [\"5f6e0b6a-8a5c-4a58-9f4e-0c1d2e3f4a5b = billing\"]".to_owned()
    }

    fn schema(&self) -> Value {
        json!({ "type": "array", "items": { "type": "string", "pattern": "=" } })
    }
}
