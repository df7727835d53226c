//! The audit.

use serde_json::json;

use super::*;

pub(super) fn all() -> Vec<(&'static str, Value)> {
    let fields = |value: Value| value.as_object().cloned();
    let entry = AuditEntry {
        position: 4_711,
        at: text(NOON),
        actor: Some(text("root")),
        roles: vec![text("admin")],
        address: Some(text("203.0.113.7")),
        action: AuditAction::Change,
        about: Some(text("agent/a17")),
        before: fields(json!({ "teams": ["billing"] })),
        after: fields(json!({ "teams": ["billing", "sales"] })),
        outcome: AuditOutcome::Done,
        blanked: true,
        hash: text("2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"),
    };
    vec![
        ("AuditEntry", written(&entry)),
        ("AuditEntryList", written(&List { items: vec![entry], next_cursor: Some(text("4711")) })),
    ]
}
