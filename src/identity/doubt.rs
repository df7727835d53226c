//! Why a token is not believed, and what whoever shows it is to make of that.

use super::claim::Claim;

/// Why a token is not believed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs, reason = "each prints as the sentence that says it")]
pub enum CredentialError {
    #[error(
        "the token cannot be read: a JSON Web Token is right, with an `exp` in seconds since 1970, of at most 16,384 bytes"
    )]
    Malformed,
    #[error("the token's header says `crit`: it is only for those who know what that asks for")]
    Critical,
    #[error("the token's header says by `typ` that it is meant for something else")]
    Type,
    #[error("the token was not signed with a key of this hub")]
    Signature,
    /// Newer keys may bring it.
    #[error("the token names a key by `kid` that is not among those of this hub, which looks for newer ones now")]
    UnknownKey,
    /// None were to be had yet.
    #[error("the hub has no keys yet to verify tokens with; its /readyz says why")]
    NoKeys,
    #[error("the token expired")]
    Expired,
    #[error("the token is not valid yet")]
    NotYet,
    #[error("the token was issued by someone else")]
    Issuer,
    #[error("the token is meant for another audience")]
    Audience,
    #[error(
        "the token's claim `{0}` is no id: 1 to 256 bytes are right, without control characters and without those that \
         turn the direction of writing"
    )]
    Subject(Claim),
    #[error("the token's claim `{0}` is no list of texts")]
    Teams(Claim),
    #[error(
        "the token does not list its claim `{0}`, which would be too long, and only says where to ask for it: let the \
         provider put fewer groups into it, such as those that are assigned to the application"
    )]
    TooMany(Claim),
    /// It is believed, and means nothing here.
    #[error("the token gives no role here: its claim `{claim}` needs one of {right}")]
    NoRole { subject: String, claim: Claim, right: String },
    /// People sign in, and programs show nothing.
    #[error("this hub believes no tokens of programs: [auth.jwt] audience is not set")]
    NoTokens,
    #[error("the token was revoked, by its owner's sign-out or by an administrator")]
    Revoked,
    /// It looks like one that the hub itself made.
    #[error("the token is none of this hub, or none any more: it expired or was revoked")]
    NotKept,
}

impl CredentialError {
    /// Whether it took a signature to find that out, as far as can be told.
    #[must_use]
    pub fn took_a_signature(&self) -> bool {
        match self {
            Self::Signature
            | Self::Subject(_)
            | Self::Teams(_)
            | Self::TooMany(_)
            | Self::NoRole { .. }
            | Self::Revoked => true,
            Self::Malformed
            | Self::Critical
            | Self::Type
            | Self::UnknownKey
            | Self::NoKeys
            | Self::Expired
            | Self::NotYet
            | Self::Issuer
            | Self::Audience
            | Self::NoTokens
            | Self::NotKept => false,
        }
    }

    /// What whoever shows it is to make of it.
    #[must_use]
    pub fn means(&self) -> Doubt {
        match self {
            Self::NoRole { .. } => Doubt::MayNothing,
            Self::NoKeys => Doubt::ForNow,
            Self::Malformed
            | Self::Critical
            | Self::Type
            | Self::Signature
            | Self::UnknownKey
            | Self::Expired
            | Self::NotYet
            | Self::Issuer
            | Self::Audience
            | Self::Subject(_)
            | Self::Teams(_)
            | Self::TooMany(_)
            | Self::NoTokens
            | Self::Revoked
            | Self::NotKept => Doubt::NotBelieved,
        }
    }
}

/// What a refusal of a token means for whoever shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// Another token is needed.
    NotBelieved,
    /// It is known who asks, and they may nothing here.
    MayNothing,
    /// The same token may be believed later.
    ForNow,
}
