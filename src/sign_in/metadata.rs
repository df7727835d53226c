//! What a provider says of itself (OpenID Connect Discovery 1.0).

use serde::Deserialize;

use crate::identity::is_safe_address;

/// What is used of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Metadata {
    /// Where people say who they are.
    pub authorization: String,
    /// Where a code becomes tokens.
    pub token: String,
    /// Where its keys stand.
    pub keys: String,
    /// Where it tells more of whoever signed in.
    pub userinfo: Option<String>,
    /// Where people sign out of it.
    pub end_session: Option<String>,
    /// How a client shows its secret.
    pub shows_secret: ShowsSecret,
    /// Whether it says with each code that the code is its own (RFC 9207).
    pub names_itself: bool,
}

/// How a client shows its secret to the provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShowsSecret {
    /// In the header `Authorization`.
    Basic,
    /// Among the parameters.
    Post,
}

/// Why what stands there is of no use.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs, reason = "each prints as the sentence that says it")]
pub enum MetadataError {
    #[error("the metadata is none: {0}")]
    NotMetadata(String),
    #[error("the metadata is of {said:?}, and [auth.oidc] issuer is {right:?}; both must be the same, to the letter")]
    Issuer { said: String, right: String },
    #[error("the metadata's {0} is no address over https")]
    Address(&'static str),
    #[error("the provider does not do {0}")]
    Cannot(&'static str),
}

#[derive(Deserialize)]
struct Said {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
    userinfo_endpoint: Option<String>,
    end_session_endpoint: Option<String>,
    response_types_supported: Option<Vec<String>>,
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
    code_challenge_methods_supported: Option<Vec<String>>,
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
}

impl Metadata {
    /// Where that of a provider stands.
    #[must_use]
    pub fn address(issuer: &str) -> String {
        format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'))
    }

    /// That of `issuer`.
    ///
    /// # Errors
    /// [`MetadataError`]
    pub fn read(issuer: &str, bytes: &[u8]) -> Result<Self, MetadataError> {
        let said: Said =
            serde_json::from_slice(bytes).map_err(|error| MetadataError::NotMetadata(error.to_string()))?;
        // Else one provider could speak for another.
        if said.issuer != issuer {
            return Err(MetadataError::Issuer { said: said.issuer, right: issuer.to_owned() });
        }
        let lacks = |list: &Option<Vec<String>>, word: &str| {
            list.as_ref().is_some_and(|list| !list.iter().any(|item| item == word))
        };
        if lacks(&said.response_types_supported, "code") {
            return Err(MetadataError::Cannot("the authorization code flow"));
        }
        if lacks(&said.code_challenge_methods_supported, "S256") {
            return Err(MetadataError::Cannot("PKCE with S256"));
        }
        let safe = |name: &'static str, address: String| {
            if is_safe_address(&address) { Ok(address) } else { Err(MetadataError::Address(name)) }
        };
        let perhaps =
            |name: &'static str, address: Option<String>| address.map(|address| safe(name, address)).transpose();
        // What is not said is the first (OpenID Connect Discovery 1.0, 3).
        let basic = !lacks(&said.token_endpoint_auth_methods_supported, "client_secret_basic");
        Ok(Self {
            authorization: safe("authorization_endpoint", said.authorization_endpoint)?,
            token: safe("token_endpoint", said.token_endpoint)?,
            keys: safe("jwks_uri", said.jwks_uri)?,
            userinfo: perhaps("userinfo_endpoint", said.userinfo_endpoint)?,
            end_session: perhaps("end_session_endpoint", said.end_session_endpoint)?,
            shows_secret: if basic { ShowsSecret::Basic } else { ShowsSecret::Post },
            names_itself: said.authorization_response_iss_parameter_supported,
        })
    }
}

/// The address with these parameters; it may have some already.
pub fn with_query(address: &str, parameters: &str) -> String {
    let mark = if address.contains('?') { '&' } else { '?' };
    format!("{address}{mark}{parameters}")
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const ISSUER: &str = "https://login.example.com";

    fn said() -> Value {
        json!({ "issuer": ISSUER, "authorization_endpoint": "https://login.example.com/authorize?p=1",
            "token_endpoint": "https://login.example.com/token", "jwks_uri": "https://keys.example.com/",
            "scopes_supported": ["openid"] })
    }

    fn read(said: &Value) -> Result<Metadata, MetadataError> {
        Metadata::read(ISSUER, said.to_string().as_bytes())
    }

    fn with(name: &str, value: Value) -> Result<Metadata, MetadataError> {
        let mut said = said();
        said[name] = value;
        read(&said)
    }

    #[test]
    fn what_a_provider_says_of_itself_is_taken_if_it_is_that_provider() {
        let metadata = read(&said()).unwrap();
        assert_eq!((metadata.shows_secret, metadata.names_itself), (ShowsSecret::Basic, false));
        assert_eq!(metadata.end_session, None);
        let post = with("token_endpoint_auth_methods_supported", json!(["client_secret_post"])).unwrap();
        assert_eq!(post.shows_secret, ShowsSecret::Post);
        for other in ["https://login.example.com/", "https://LOGIN.example.com", "http://login.example.com", ""] {
            let refused = with("issuer", json!(other));
            assert!(matches!(refused, Err(MetadataError::Issuer { .. })), "{other}: {refused:?}");
        }
        assert_eq!(Metadata::address("https://a.example/b/"), "https://a.example/b/.well-known/openid-configuration");
    }

    #[test]
    fn it_leads_nowhere_where_others_read_along_and_does_what_is_needed() {
        for name in
            ["authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint", "end_session_endpoint"]
        {
            for address in
                ["http://login.example.com/x", "javascript:alert(1)", "/token", "https://a:b@login.example.com/"]
            {
                let refused = with(name, json!(address));
                assert_eq!(refused, Err(MetadataError::Address(name)), "{address}");
            }
        }
        assert_eq!(with("token_endpoint", json!("http://127.0.0.1:9/token")).map(|_| ()), Ok(()));
        assert!(matches!(with("code_challenge_methods_supported", json!(["plain"])), Err(MetadataError::Cannot(_))));
        assert!(matches!(with("response_types_supported", json!(["id_token"])), Err(MetadataError::Cannot(_))));
        assert!(matches!(with("jwks_uri", json!(7)), Err(MetadataError::NotMetadata(_))));
        assert!(Metadata::read(ISSUER, b"<html>").is_err());
    }
}
