//! Making API tokens.

use super::*;

pub(super) fn all() -> Vec<(&'static str, Value)> {
    let make = MakeApiToken {
        subject: text("crm"),
        name: text("CRM, production"),
        roles: vec![Role::Integration, Role::Observer],
        teams: Some(vec![text("billing")]),
        expires_at: Some(text(LATER)),
    };
    let made = ApiToken {
        token_id: text("019fd2a6c0005f4dcc3b5aa765d61d83"),
        token: Some(text("pht_Zm9yIHRoZSBkb2N1bWVudHMgb25seSwgbm8gdG9rZW4")),
        subject: text("crm"),
        name: text("CRM, production"),
        roles: vec![Role::Observer, Role::Integration],
        teams: Some(vec![text("billing")]),
        made_by: text("root"),
        made_at: text(NOON),
        expires_at: text(LATER),
        used_at: None,
    };
    let listed = ApiToken { token: None, used_at: Some(text(NOON)), ..made.clone() };
    vec![
        ("MakeApiToken", written(&make)),
        ("ApiToken", written(&made)),
        ("ApiToken.listed", written(&listed)),
        ("ApiTokenList", written(&List { items: vec![listed], next_cursor: None })),
    ]
}
