//! Sessions of the hub's own pages, and tickets.

use super::*;

pub(super) fn all() -> Vec<(&'static str, Value)> {
    let session = PageSession {
        session_id: text("019fd2a6c0005f4dcc3b5aa765d61d83"),
        subject: text("ada"),
        name: Some(text("Ada Lindqvist")),
        roles: vec![Role::Agent],
        teams: Some(vec![text("billing")]),
        by: SignedInBy::Provider,
        address: Some(text("198.51.100.4")),
        begun_at: text(NOON),
        expires_at: text(LATER),
        ends_at: text(LATER),
        used_at: Some(text(NOON)),
    };
    let of_token =
        PageSession { by: SignedInBy::Token, name: None, teams: None, address: None, used_at: None, ..session.clone() };
    let ticket = Ticket { ticket: text("phk_Zm9yIHRoZSBkb2N1bWVudHMgb25seSwgbm8gdG9rZW4"), expires_at: text(LATER) };
    let logout = BackChannelLogout { logout_token: text("header.claims.signature") };
    vec![
        ("BackChannelLogout", written(&logout)),
        ("PageSession", written(&session)),
        ("PageSession.token", written(&of_token)),
        ("PageSessionList", written(&List { items: vec![session], next_cursor: None })),
        ("Ticket", written(&ticket)),
    ]
}
