//! `[auth]`, `[auth.jwt]`, `[auth.oidc]`, `[auth.roles]` and `[auth.teams]`

use std::path::PathBuf;
use std::time::Duration;

use super::kind::claim::{ClaimName, Values, claim};
use super::kind::key_set::{KeySetAddress, PageAddress};
use super::kind::span::Span;
use super::kind::team::NamedTeams;
use super::kind::text::{Choice, Optional, PathTo, SecretText, Text};
use super::section::section;
use crate::identity::{
    AuthMode, AuthSettings, Claim, JwtSettings, LeftOut, NamedTeam, OidcSettings, RoleValues, Secret, TeamValues,
};

/// What a value of a role may look like.
const A_ROLE: &str = r#"["Presence.Agent"]"#;
/// What a value that means every team may look like.
const A_GROUP: &str = r#"["presence-every-team"]"#;

section! {
    /// Who may come in.
    impl AuthSettings in "auth" {
        /// `"demo"`: anyone may sign in as one of the demo people, for a first look; refused unless
        /// listening on loopback. `"jwt"`: every caller shows a JSON Web Token that one of the keys of
        /// `[auth.jwt]` verifies. `"oidc"`: people sign in at the identity provider of `[auth.oidc]`, and programs
        /// show its tokens if `[auth.jwt] audience` is set.
        mode: AuthMode as Choice(&[AuthMode::Demo, AuthMode::Jwt, AuthMode::Oidc], |mode| match mode {
            AuthMode::Demo => "demo",
            AuthMode::Jwt => "jwt",
            AuthMode::Oidc => "oidc",
        }), by default AuthMode::Demo;

        with jwt: JwtSettings;
        with oidc: OidcSettings;
        with roles: RoleValues;
        with teams: TeamValues;
    }
}

section! {
    /// The tokens that callers show. Mode "jwt" needs exactly one of the first five settings, the
    /// sources of keys; files are read again when they change. In mode "demo" the hub makes its own
    /// secret in the data folder when none is set here. In mode "oidc" the keys are those of the provider, and what is
    /// set here of claims counts for the people who sign in there as well.
    impl JwtSettings in "auth.jwt" {
        /// A secret of at least 32 characters shared with whoever issues tokens (HS256). Better set by
        /// `PRESENCE_HUB__AUTH__JWT__HS256_SECRET` than written here.
        hs256_secret: Option<Secret> as Optional(SecretText), by default None;

        /// A file with such a secret on each line, at most four. Tokens signed with any of them are believed,
        /// and the hub itself signs with the first: write a new one above the old one, and take the old one
        /// away when its tokens have expired.
        hs256_secret_file: Option<PathBuf> as Optional(PathTo("a file")), by default None;

        /// A PEM file with the public key of whoever issues tokens (RS256 to PS512, ES256, ES384, EdDSA).
        public_key_file: Option<PathBuf> as Optional(PathTo("a file")), by default None;

        /// A JSON Web Key Set file with several such keys, chosen by the token's `kid`.
        jwks_file: Option<PathBuf> as Optional(PathTo("a file")), by default None;

        /// The address of an identity provider's key set, the `jwks_uri` of its metadata. It is fetched when
        /// the hub starts, every `jwks_refresh`, and when a token names a key that is not in it, for which at
        /// most every ten seconds. When it cannot be had the last set stays, and /readyz says so.
        jwks_url: Option<String> as Optional(KeySetAddress), by default None;

        /// How often the key set is fetched again. A new key is noticed sooner, by the tokens that name it;
        /// one that its provider took back is believed for so long.
        jwks_refresh: Duration as Span(Duration::from_secs(1)..=Duration::from_hours(24)), by default Duration::from_mins(5);

        /// When set, tokens must name this issuer (`iss`). In mode "oidc" it is `[auth.oidc] issuer` if not set.
        issuer: Option<String> as Optional(Text), by default None;

        /// When set, tokens must be meant for this audience (`aud`).
        audience: Option<String> as Optional(Text), by default None;

        /// How far the clock of the issuer may be off: a token is accepted for so long after its `exp`
        /// and before its `nbf`.
        leeway: Duration as Span(Duration::ZERO..=Duration::from_mins(5)), by default Duration::from_secs(5);

        /// The claim that says who it is; of an agent, the agent's id. Identity providers differ:
        /// docs/sign-in.md has examples for Entra ID, Okta, Keycloak and Auth0.
        subject_claim: Claim as ClaimName, by default claim("sub");

        /// The claim whose values say what the caller may do. It is a list, or one text; `scope` and `scp`
        /// are lists parted by spaces. Whoever shows a token of which no value means a role is refused.
        roles_claim: Claim as ClaimName, by default claim("roles");

        /// The claim that lists the teams that a supervisor, an observer or an analyst is limited to; `[auth.teams]`
        /// says which.
        teams_claim: Claim as ClaimName, by default claim("teams");

        /// The claim with the name that people see.
        name_claim: Claim as ClaimName, by default claim("name");
    }
}

section! {
    /// The identity provider at which people sign in (OpenID Connect, authorization code with PKCE), for mode "oidc".
    /// The hub is registered there as a client with the redirect address `<server.public_url>/sign-in/callback`;
    /// docs/sign-in.md says how.
    impl OidcSettings in "auth.oidc" {
        /// The provider, to the letter as its metadata name it: they stand below it, at
        /// `/.well-known/openid-configuration`, and are fetched when the hub starts and every `[auth.jwt]
        /// jwks_refresh`, with the keys that they lead to.
        issuer: Option<String> as Optional(KeySetAddress), by default None;

        /// What the provider calls this hub.
        client_id: Option<String> as Optional(Text), by default None;

        /// The secret by which the provider knows it; none for a public client. Better set by
        /// `PRESENCE_HUB__AUTH__OIDC__CLIENT_SECRET` than written here.
        client_secret: Option<Secret> as Optional(SecretText), by default None;

        /// A file that holds the secret. It is read for each sign-in, so that a new one counts at once.
        client_secret_file: Option<PathBuf> as Optional(PathTo("a file")), by default None;

        /// What is asked of the provider; `openid` must be among it. Some providers put groups into the token only
        /// if a scope asks for them.
        scopes: Vec<String> as Values(r#"["openid", "profile", "groups"]"#), by default vec!["openid".to_owned(), "profile".to_owned()];

        /// What people read on the sign-in page: sign in with this. The host of the issuer if not set.
        name: Option<String> as Optional(Text), by default None;

        /// How long somebody stays signed in who uses no page of the hub. An open page counts as used.
        session_idle: Duration as Span(Duration::from_mins(2)..=Duration::from_hours(24 * 30)), by default Duration::from_hours(1);

        /// How long somebody stays signed in at most. Roles and teams are those of the sign-in, so it is also how
        /// long a change of groups at the provider may take to count: a working day.
        session_max: Duration as Span(Duration::from_mins(2)..=Duration::from_hours(24 * 30)), by default Duration::from_hours(12);

        /// Where the provider sends people once it has signed them out; it must know the address. The hub's own
        /// sign-in page if not set.
        after_sign_out: Option<String> as Optional(PageAddress), by default None;
    }
}

section! {
    /// Which values of the roles' claim mean which role. A value that is not named means nothing here.
    impl RoleValues in "auth.roles" {
        /// Who takes work and has a presence.
        agent: Vec<String> as Values(A_ROLE), by default vec!["agent".to_owned()];

        /// Who watches agents and sets their presence.
        supervisor: Vec<String> as Values(A_ROLE), by default vec!["supervisor".to_owned()];

        /// Who sees what supervisors see, and changes nothing.
        observer: Vec<String> as Values(A_ROLE), by default vec!["observer".to_owned()];

        /// Who reads reports, and what agents were in the past.
        analyst: Vec<String> as Values(A_ROLE), by default vec!["analyst".to_owned()];

        /// Work systems and other programs.
        integration: Vec<String> as Values(A_ROLE), by default vec!["integration".to_owned()];

        /// Who reads the audit, and does nothing else.
        auditor: Vec<String> as Values(A_ROLE), by default vec!["auditor".to_owned()];

        /// Who administers the hub.
        admin: Vec<String> as Values(A_ROLE), by default vec!["admin".to_owned()];
    }
}

section! {
    /// Which values of the teams' claim mean which teams. Unless something is set here, each value is the name of a
    /// team.
    impl TeamValues in "auth.teams" {
        /// What the values that are teams begin with, such as "presence-team-" where a provider lists all groups of
        /// somebody: the team is what follows, and values that begin otherwise mean nothing here.
        prefix: String as Text, by default String::new();

        /// Values that are called otherwise than their team, for a provider that lists groups by ids, as Entra ID
        /// does. Where some are named, values that are neither named nor begin with the prefix mean nothing here.
        named: Vec<NamedTeam> as NamedTeams, by default Vec::new();

        /// Values that mean every team: whoever has one of them is not limited.
        every: Vec<String> as Values(A_GROUP), by default Vec::new();

        /// What a token means that does not have the claim: `"every"` team, or `"none"`. Where teams are groups,
        /// "none" is right: Entra ID leaves the claim out of tokens of people who are in no group.
        left_out: LeftOut as Choice(&[LeftOut::Every, LeftOut::None], |left_out| match left_out {
            LeftOut::Every => "every",
            LeftOut::None => "none",
        }), by default LeftOut::Every;
    }
}
