//! `/api/v1/settings`: `[presence]` in camelCase. What is stored here beats the file.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use serde_json::{Map, Value, json};

use super::Unread;
use super::precondition::{Precondition, tag, tagged};
use crate::agents::DirectoryView;
use crate::config::{parse_daily_reset, parse_duration};
use crate::domain::policy::{DailyReset, Policy, PolicyOverrides, SignInPolicy};
use crate::domain::presence::InvalidField;
use crate::edge::Door;
use crate::edge::caller::Signed;
use crate::edge::problem::Problem;
use crate::identity::Action;

/// `GET /api/v1/settings`
pub async fn read(State(door): State<Arc<Door>>, signed: Signed) -> Result<Response, Problem> {
    signed.may(Action::Settings)?;
    Ok(answer(&door))
}

/// `PATCH /api/v1/settings`: null takes what is stored away, so that the file counts again.
pub async fn patch(
    State(door): State<Arc<Door>>,
    signed: Signed,
    expected: Precondition,
    body: Unread<Map<String, Value>>,
) -> Result<Response, Problem> {
    signed.may(Action::Settings)?;
    let patch = body.read().await?;
    let patched = |view: &DirectoryView| {
        expected.check(Some(&tag(&shape(&view.directory.policy))))?;
        let mut stored = view.overrides.clone();
        for (name, value) in &patch {
            store(&mut stored, name, value)?;
        }
        Ok::<_, Problem>(stored)
    };
    door.agents.put_settings(signed.admin(), patched).await?;
    Ok(answer(&door))
}

fn answer(door: &Door) -> Response {
    let settings = shape(&door.agents.directory().directory.policy);
    tagged(&tag(&settings), Json(settings))
}

fn shape(policy: &Policy) -> Value {
    let sign_in_policy = match policy.sign_in_policy {
        SignInPolicy::CapacityFirst => "capacity_first",
        SignInPolicy::DefaultFirst => "default_first",
    };
    let reset =
        policy.daily_reset.as_ref().map(|reset| format!("{:02}:{:02} {}", reset.hour, reset.minute, reset.zone));
    json!({
        "restoreWindow": seconds(policy.restore_window),
        "restoreAfterSignOut": policy.restore_after_sign_out,
        "refreshGrace": seconds(policy.refresh_grace),
        "restartGrace": seconds(policy.restart_grace),
        "signInPolicy": sign_in_policy,
        "missedNotifications": policy.missed_notifications,
        "rejectNotifications": policy.reject_notifications,
        "maxOpenWorkItems": policy.max_open_work_items,
        "workItemLimitAutoClear": policy.work_item_limit_auto_clear,
        "dailyReset": reset.unwrap_or_default(),
        "autoProvisionAgents": policy.auto_provision_agents,
    })
}

fn seconds(span: Duration) -> String {
    if span.subsec_millis() == 0 { format!("{}s", span.as_secs()) } else { format!("{}ms", span.as_millis()) }
}

fn store(stored: &mut PolicyOverrides, name: &str, value: &Value) -> Result<(), Problem> {
    match name {
        "restoreWindow" => stored.restore_window = given(value, |value| duration("restoreWindow", value))?,
        "restoreAfterSignOut" => {
            stored.restore_after_sign_out = given(value, |value| truth("restoreAfterSignOut", value))?
        }
        "refreshGrace" => stored.refresh_grace = given(value, |value| duration("refreshGrace", value))?,
        "restartGrace" => stored.restart_grace = given(value, |value| duration("restartGrace", value))?,
        "signInPolicy" => stored.sign_in_policy = given(value, sign_in_policy)?,
        "missedNotifications" => {
            stored.missed_notifications = given(value, |value| truth("missedNotifications", value))?
        }
        "rejectNotifications" => {
            stored.reject_notifications = given(value, |value| truth("rejectNotifications", value))?
        }
        "maxOpenWorkItems" => stored.max_open_work_items = given(value, limit)?,
        "workItemLimitAutoClear" => {
            stored.work_item_limit_auto_clear = given(value, |value| truth("workItemLimitAutoClear", value))?;
        }
        "dailyReset" => stored.daily_reset = given(value, daily_reset)?,
        "autoProvisionAgents" => {
            stored.auto_provision_agents = given(value, |value| truth("autoProvisionAgents", value))?
        }
        unknown => return Err(Problem::malformed(format!("`{unknown}` is no setting"))),
    }
    Ok(())
}

fn given<T>(value: &Value, read: impl FnOnce(&Value) -> Result<T, InvalidField>) -> Result<Option<T>, Problem> {
    if value.is_null() { Ok(None) } else { Ok(Some(read(value)?)) }
}

fn truth(field: &'static str, value: &Value) -> Result<bool, InvalidField> {
    value.as_bool().ok_or_else(|| InvalidField::new(field, format!("`{value}` is neither true nor false")))
}

fn duration(field: &'static str, value: &Value) -> Result<Duration, InvalidField> {
    const DAY: Duration = Duration::from_secs(86_400);
    let span = value.as_str().and_then(parse_duration).filter(|span| *span <= DAY);
    span.ok_or_else(|| InvalidField::new(field, format!("`{value}` is no duration up to a day; \"150s\" would be")))
}

fn sign_in_policy(value: &Value) -> Result<SignInPolicy, InvalidField> {
    match value.as_str() {
        Some("capacity_first") => Ok(SignInPolicy::CapacityFirst),
        Some("default_first") => Ok(SignInPolicy::DefaultFirst),
        Some(_) | None => {
            Err(InvalidField::new("signInPolicy", format!("`{value}` is neither capacity_first nor default_first")))
        }
    }
}

fn limit(value: &Value) -> Result<u32, InvalidField> {
    let limit = value.as_u64().and_then(|limit| u32::try_from(limit).ok()).filter(|limit| (1..=100).contains(limit));
    limit.ok_or_else(|| InvalidField::new("maxOpenWorkItems", format!("`{value}` is not within 1 to 100")))
}

fn daily_reset(value: &Value) -> Result<Option<DailyReset>, InvalidField> {
    let wrong = |problem: String| InvalidField::new("dailyReset", problem);
    let text = value.as_str().ok_or_else(|| wrong(format!("`{value}` is no text")))?;
    if text.is_empty() {
        return Ok(None);
    }
    parse_daily_reset(text).map(Some).map_err(wrong)
}
