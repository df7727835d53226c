//! Revoking tokens.

use super::*;

pub(super) fn all() -> Vec<(&'static str, Value)> {
    let revoke = RevokeTokens {
        subject: Some(text("eve@example.com")),
        token_id: None,
        expires_at: None,
        reason: Some(text("a lost laptop")),
    };
    let of_subject = Revocation {
        revocation_id: text("019fd2a6c0005f4dcc3b5aa765d61d83"),
        subject: Some(text("eve@example.com")),
        token_id: None,
        issued_before: Some(text(NOON)),
        reason: Some(text("a lost laptop")),
        revoked_by: text("root"),
        at: text(NOON),
        until: None,
    };
    let of_token = Revocation {
        token_id: Some(text("AT.0mP4JKAZX1iACIT4vbEDF7LpvDVjxypPMf0D7uX39RE")),
        issued_before: None,
        reason: None,
        revoked_by: text("eve@example.com"),
        until: Some(text(NOON)),
        ..of_subject.clone()
    };
    vec![
        ("RevokeTokens", written(&revoke)),
        ("Revocation", written(&of_subject)),
        ("Revocation.token", written(&of_token)),
        ("RevocationList", written(&List { items: vec![of_subject], next_cursor: None })),
    ]
}
