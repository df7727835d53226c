//! Where a token says something: a claim, or a value within one.

use std::fmt;

use serde_json::{Map, Value};

/// The name of a claim, or the names that lead to a value within it.
///
/// It is written as in `realm_access.roles`. A name with dots of its own is put in quotes, as in
/// `resource_access."my.app".roles`; an address such as `https://example.com/roles` is one name as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim(Vec<String>);

impl Claim {
    /// The claim that is written so; none if that is no name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if is_address(text) {
            return Some(Self(vec![text.to_owned()]));
        }
        let (mut names, mut rest) = (Vec::new(), text);
        loop {
            let (name, behind) = match rest.strip_prefix('"') {
                Some(quoted) => quoted.split_once('"')?,
                None => rest.split_at(rest.find('.').unwrap_or(rest.len())),
            };
            if name.is_empty() || name.contains('"') {
                return None;
            }
            names.push(name.to_owned());
            if behind.is_empty() {
                return Some(Self(names));
            }
            rest = behind.strip_prefix('.')?;
        }
    }

    /// The name of the claim, if it is no value within one.
    pub fn own_name(&self) -> Option<&str> {
        match &self.0[..] {
            [name] => Some(name),
            _ => None,
        }
    }

    /// What these claims say there.
    pub fn of<'a>(&self, claims: &'a Map<String, Value>) -> Option<&'a Value> {
        let (last, first) = self.0.split_last()?;
        let within = first.iter().try_fold(claims, |claims, name| claims.get(name)?.as_object())?;
        within.get(last)
    }

    /// Lets these claims say it.
    pub fn put(&self, claims: &mut Map<String, Value>, value: Value) {
        let Some((last, first)) = self.0.split_last() else { return };
        let mut within = claims;
        for name in first {
            let inner = within.entry(name.as_str()).or_insert_with(|| Value::Object(Map::new()));
            let Value::Object(inner) = inner else { return };
            within = inner;
        }
        within.insert(last.clone(), value);
    }

    /// Whether a text in it is a list that is parted by spaces: `scope` is (RFC 8693, 4.2), and so is `scp`, as
    /// Entra ID writes it.
    #[must_use]
    pub fn is_parted_by_spaces(&self) -> bool {
        matches!(self.0.last().map(String::as_str), Some("scope" | "scp"))
    }
}

fn is_address(text: &str) -> bool {
    text.contains("://") && !text.contains('"')
}

/// As it is written in the settings.
impl fmt::Display for Claim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let [name] = self.0.as_slice()
            && is_address(name)
        {
            return f.write_str(name);
        }
        for (at, name) in self.0.iter().enumerate() {
            let dot = if at > 0 { "." } else { "" };
            let quote = if name.contains('.') || is_address(name) { "\"" } else { "" };
            write!(f, "{dot}{quote}{name}{quote}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn says(claim: &str, claims: &Value) -> Option<Value> {
        Claim::parse(claim).unwrap().of(claims.as_object().unwrap()).cloned()
    }

    #[test]
    fn a_claim_is_a_name_or_leads_into_one() {
        let claims = json!({"roles": 1, "realm_access": {"roles": 2}, "resource_access": {"my.app": {"roles": 3}},
            "https://example.com/roles": 4, "cognito:groups": 5, "a.b": 6});
        for (claim, value) in [
            ("roles", 1),
            ("realm_access.roles", 2),
            ("resource_access.\"my.app\".roles", 3),
            ("https://example.com/roles", 4),
            ("\"https://example.com/roles\"", 4),
            ("cognito:groups", 5),
            ("\"a.b\"", 6),
        ] {
            assert_eq!(says(claim, &claims), Some(json!(value)), "{claim}");
        }
        for claim in ["a.b", "roles.x", "realm_access", "sub"] {
            assert_ne!(says(claim, &claims).as_ref().and_then(Value::as_i64), Some(6), "{claim}");
        }
    }

    #[test]
    fn it_is_written_as_it_is_read() {
        for claim in ["roles", "realm_access.roles", "resource_access.\"my.app\".roles", "https://example.com/roles"] {
            assert_eq!(Claim::parse(claim).unwrap().to_string(), claim);
        }
        for claim in ["", ".", "a.", ".a", "a..b", "\"a", "\"a\"b", "a\"b", "\"\""] {
            assert_eq!(Claim::parse(claim), None, "{claim}");
        }
    }

    #[test]
    fn what_is_put_there_is_found_there() {
        let claim = Claim::parse("resource_access.\"my.app\".roles").unwrap();
        let mut claims = Map::new();
        claim.put(&mut claims, json!(["x"]));
        Claim::parse("resource_access.account").unwrap().put(&mut claims, json!(1));
        assert_eq!(Value::Object(claims), json!({"resource_access": {"my.app": {"roles": ["x"]}, "account": 1}}));
    }
}
