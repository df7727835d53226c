//! What people tell beside the log, between the outside and the domain: plans, excused times, disputes.

use std::time::Duration;

use super::parse::{at_most, id, record_id, time};
use super::shapes::{self, MAX_ACTIVITY_PRESENCES, MAX_DISPUTE_NOTE, MAX_EXCEPTION_REASON, MAX_NAME};
use super::{show, words};
use crate::domain::dispute::Dispute;
use crate::domain::field::line;
use crate::domain::ids::{ActivityId, PresenceId};
use crate::domain::plan::{Activity, Exception, MAX_TOLERANCE, Planned};
use crate::domain::presence::InvalidField;
use crate::domain::time::Timestamp;

/// An activity.
///
/// # Errors
/// Names the field that is wrong.
pub fn activity(record: &shapes::Activity) -> Result<Activity, InvalidField> {
    let activity = record_id("activityId", &record.activity_id, ActivityId::new)?;
    line("text", &record.text, 0, MAX_NAME)?;
    let text = if record.text.is_empty() { activity.as_str().to_owned() } else { record.text.clone() };
    at_most(MAX_ACTIVITY_PRESENCES, "presenceIds", record.presence_ids.len())?;
    at_most(5, "basePresenceStatuses", record.base_presence_statuses.len())?;
    let presence = |text: &String| id("presenceIds", show::presence_id_of(text), PresenceId::new);
    let presences = record.presence_ids.iter().map(presence).collect::<Result<_, _>>()?;
    let bases = record.base_presence_statuses.iter().copied().map(words::base_of).collect();
    if record.presence_ids.is_empty() && record.base_presence_statuses.is_empty() {
        return Err(InvalidField::new(
            "presenceIds",
            "names none, nor does `basePresenceStatuses`; one at least is right",
        ));
    }
    let most = MAX_TOLERANCE.as_secs();
    if u64::from(record.tolerance_seconds) > most {
        let problem = format!("is {}; 0 to {most} are right", record.tolerance_seconds);
        return Err(InvalidField::new("toleranceSeconds", problem));
    }
    Ok(Activity {
        id: activity,
        text,
        presences,
        bases,
        tolerance: Duration::from_secs(record.tolerance_seconds.into()),
    })
}

/// An activity, as it is read.
#[must_use]
pub fn show_activity(activity: &Activity) -> shapes::Activity {
    shapes::Activity {
        activity_id: activity.id.as_str().to_owned(),
        text: activity.text.clone(),
        presence_ids: activity.presences.iter().map(|id| id.as_str().to_owned()).collect(),
        base_presence_statuses: activity.bases.iter().copied().map(words::base).collect(),
        tolerance_seconds: u32::try_from(activity.tolerance.as_secs()).unwrap_or(u32::MAX),
    }
}

/// A planned activity.
///
/// # Errors
/// Names the field that is wrong.
pub fn planned(start: &str, end: &str, activity: &str) -> Result<Planned, InvalidField> {
    let (start, end) = (time("start", start)?, time("end", end)?);
    Ok(Planned { start, end, activity: id("activityId", activity, ActivityId::new)? })
}

/// A planned activity, as it is read.
#[must_use]
pub fn show_planned(planned: &Planned) -> shapes::PlannedActivity {
    let Planned { start, end, activity } = planned;
    shapes::PlannedActivity {
        start: show::time(*start),
        end: show::time(*end),
        activity_id: activity.as_str().to_owned(),
    }
}

/// The time of an exception, and its reason.
///
/// # Errors
/// Names the field that is wrong.
pub fn exception(new: &shapes::ExcuseTime) -> Result<(Timestamp, Timestamp, String), InvalidField> {
    let (start, end) = (time("start", &new.start)?, time("end", &new.end)?);
    if end <= start {
        return Err(InvalidField::new("end", "is not behind `start`"));
    }
    line("reason", &new.reason, 1, MAX_EXCEPTION_REASON)?;
    Ok((start, end, new.reason.clone()))
}

/// When the entry starts that is disputed, and what is said of it.
///
/// # Errors
/// Names the field that is wrong.
pub fn dispute(new: &shapes::DisputeEntry) -> Result<(Timestamp, String), InvalidField> {
    line("note", &new.note, 1, MAX_DISPUTE_NOTE)?;
    Ok((time("start", &new.start)?, new.note.clone()))
}

/// A dispute, as it is read.
#[must_use]
pub fn show_dispute(dispute: &Dispute) -> shapes::Dispute {
    let Dispute { id, agent, start, seq, note, at } = dispute;
    shapes::Dispute {
        dispute_id: id.clone(),
        agent_id: agent.as_str().to_owned(),
        start: show::time(*start),
        seq: *seq,
        note: note.clone(),
        at: show::time(*at),
    }
}

/// An exception, as it is read.
#[must_use]
pub fn show_exception(exception: &Exception) -> shapes::AdherenceException {
    let Exception { id, agent, start, end, reason, author, at } = exception;
    shapes::AdherenceException {
        exception_id: id.clone(),
        agent_id: agent.as_str().to_owned(),
        start: show::time(*start),
        end: show::time(*end),
        reason: reason.clone(),
        author: author.clone(),
        at: show::time(*at),
    }
}
